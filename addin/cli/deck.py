"""The command that makes the weekly deck."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.i18n import say


@app.command(help=say("cli.deck"))
def deck(
    book: Book,
    year: Annotated[str | None, typer.Option("--year", metavar="2026", help=say("cli.deck_year"))] = None,
    week: Annotated[str | None, typer.Option("--week", metavar="2026-W47", help=say("cli.deck_week"))] = None,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help=say("cli.deck_out"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """A year as a presentation, one slide a week."""
    from addin.actions.deck import deck_book
    from addin.actions.progress import bar

    with bar() as step:
        done = deck_book(book, year=year, week=week, out=out, as_of=as_of, lang=lang, maps=map, step=step)
    told = [say("deck.kept", weeks=", ".join(done.kept))] if done.kept else []
    if not done.written:
        told.append(say("deck.same" if not done.kept else "deck.nothing_written"))
    finish(done.to_json(), json, [done.path], told)
