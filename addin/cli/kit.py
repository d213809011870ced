"""The command that makes partners' kits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.errors import NeedsAnswer
from addin.i18n import say


@app.command(help=say("cli.kit"))
def kit(
    book: Book,
    partner: Annotated[str | None, typer.Option("--partner", metavar="P", help=say("cli.kit_partner"))] = None,
    all: Annotated[bool, typer.Option("--all", help=say("cli.kit_all"))] = False,
    zip: Annotated[bool, typer.Option("--zip", help=say("cli.kit_zip"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.kit_out"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """A folder, and a zip, with everything a partner needs to offer our services."""
    from addin.actions.kit import kit_book
    from addin.actions.progress import bar

    with bar() as step:
        done = kit_book(book, partner=partner, all=all, zip=zip, out=out, as_of=as_of, maps=map, step=step)
    told = [*(say(note) for note in done.notes), *(f"{partner}: {say(why)}" for partner, why in done.left.items())]
    paths = [one.archive or one.folder for one in done.made]
    finish(done.to_json(), json, paths, told, 0 if not done.left else NeedsAnswer.exit_code if done.made else 1)
