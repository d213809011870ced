"""The command that makes inspection forms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import chosen, finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.errors import NeedsAnswer
from addin.i18n import say


@app.command(help=say("cli.inspect"))
def inspect(
    book: Book,
    request: Annotated[list[str], typer.Option("--request", metavar="ID", help=say("cli.inspect_request"))] = [],
    all: Annotated[bool, typer.Option("--all", help=say("cli.inspect_all"))] = False,
    since: Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("cli.inspect_from"))] = None,
    until: Annotated[str | None, typer.Option("--to", metavar="DATE", help=say("cli.inspect_to"))] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("cli.inspect_pdf"))] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help=say("cli.inspect_xlsx"))] = False,
    html: Annotated[bool, typer.Option("--html", help=say("cli.inspect_html"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.inspect_out"))] = None,
    photos: Annotated[Path | None, typer.Option("--photos", metavar="DIR", help=say("cli.inspect_photos"))] = None,
    tax: Annotated[Path | None, typer.Option("--tax-invoice", metavar="FILE", help=say("cli.inspect_tax"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The form a customer signs when the work is done, as PDF, Excel file and web page."""
    from addin.actions.inspection import DEFAULT, inspect_book
    from addin.actions.progress import bar

    with bar() as step:
        done = inspect_book(
            book,
            requests=request,
            all=all,
            since=since,
            until=until,
            formats=chosen(DEFAULT, pdf=pdf, xlsx=xlsx, html=html),
            out=out,
            photos=photos,
            tax_invoice=tax,
            as_of=as_of,
            maps=map,
            step=step,
        )
    told = [*(say(note) for note in done.notes), *(f"{left.where}: {say(left.reason)}" for left in done.left)]
    finish(done.to_json(), json, done.paths, told, NeedsAnswer.exit_code if done.left else 0)
