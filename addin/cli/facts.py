"""Command: daily facts of a book, for the head office to add up."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.options import AsOf, Book, Json, Lang, Maps, app, note, print_json
from addin.i18n import say


@app.command(help=say("cli.facts"))
def facts(
    book: Book,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("cli.facts_out"))] = Path("facts"),
    branch: Annotated[str | None, typer.Option("--branch", metavar="NAME", help=say("cli.branch"))] = None,
    by: Annotated[list[str], typer.Option("--by", metavar="FIELD", help=say("cli.facts_by"))] = [],
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The additive daily facts, partitioned by partner and month."""
    from addin.actions.facts import export_facts
    from addin.actions.progress import bar

    with bar() as step:
        done = export_facts(book, out, branch=branch, by=by, as_of=as_of, maps=map, step=step)
    if json:
        print_json(done.to_json())
    else:
        told = done.to_json()
        note("facts.written", **told)
