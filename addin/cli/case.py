"""The command that makes the internal case for a partner."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import chosen, finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.i18n import say


@app.command(help=say("cli.case"))
def case(
    book: Book,
    partner: Annotated[str | None, typer.Option("--partner", metavar="P", help=say("cli.case_partner"))] = None,
    all: Annotated[bool, typer.Option("--all", help=say("cli.case_all"))] = False,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("cli.case_pdf"))] = False,
    xlsx: Annotated[bool, typer.Option("--xlsx", help=say("cli.case_xlsx"))] = False,
    html: Annotated[bool, typer.Option("--html", help=say("cli.case_html"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.case_out"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """One page: why this partner, what revenue, what effort for what return, and where the decision makers sign."""
    from addin.actions.case import DEFAULT, case_book
    from addin.actions.progress import bar

    formats = chosen(DEFAULT, pdf=pdf, xlsx=xlsx, html=html)
    with bar() as step:
        done = case_book(book, partner=partner, all=all, formats=formats, out=out, as_of=as_of, maps=map, step=step)
    told = [f"{name}: {say(why)}" for name, why in done.left.items()]
    finish(done.to_json(), json, done.paths, told, 1 if done.left and not done.made else 0)
