"""The command that makes quotes."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import chosen, finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.errors import NeedsAnswer
from addin.i18n import say


@app.command(help=say("cli.quote"))
def quote(
    book: Book,
    request: Annotated[str | None, typer.Option("--request", metavar="ID", help=say("cli.quote_request"))] = None,
    number: Annotated[str | None, typer.Option("--quote", metavar="ID", help=say("cli.quote_quote"))] = None,
    all: Annotated[bool, typer.Option("--all", help=say("cli.quote_all"))] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("cli.quote_pdf"))] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help=say("cli.quote_xlsx"))] = False,
    html: Annotated[bool, typer.Option("--html", help=say("cli.quote_html"))] = False,
    mail: Annotated[bool, typer.Option("--mail", help=say("cli.quote_mail"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.quote_out"))] = None,
    renew: Annotated[bool, typer.Option("--renew", help=say("cli.quote_renew"))] = False,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """A numbered quote as PDF, Excel file, web page and mail draft."""
    from addin.actions.progress import bar
    from addin.actions.quote import DEFAULT, quote_book

    with bar() as step:
        done = quote_book(
            book,
            request=request,
            quote=number,
            all=all,
            formats=chosen(DEFAULT, pdf=pdf, xlsx=xlsx, html=html, eml=mail),
            out=out,
            renew=renew,
            as_of=as_of,
            maps=map,
            step=step,
        )
    told = [f"{left.where}: {say(left.reason)}" for left in done.left]
    finish(done.to_json(), json, done.paths, told, NeedsAnswer.exit_code if done.left else 0)
