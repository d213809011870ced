"""The command that makes partners' monthly reports."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import chosen, finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.i18n import say


@app.command(help=say("cli.report"))
def report(
    book: Book,
    partner: Annotated[str | None, typer.Option("--partner", metavar="P", help=say("cli.report_partner"))] = None,
    all: Annotated[bool, typer.Option("--all", help=say("cli.report_all"))] = False,
    month: Annotated[str | None, typer.Option("--month", metavar="2026-10", help=say("cli.report_month"))] = None,
    pdf: Annotated[bool, typer.Option("--pdf", help=say("cli.report_pdf"))] = False,
    html: Annotated[bool, typer.Option("--html", help=say("cli.report_html"))] = False,
    mail: Annotated[bool, typer.Option("--mail", help=say("cli.report_mail"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.report_out"))] = None,
    weeks: Annotated[int | None, typer.Option("--weeks", metavar="N", help=say("cli.report_weeks"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """A partner's month as PDF, web page and mail draft."""
    from addin.actions.progress import bar
    from addin.actions.report import DEFAULT, report_book

    with bar() as step:
        done = report_book(
            book,
            partner=partner,
            all=all,
            month=month,
            formats=chosen(DEFAULT, pdf=pdf, html=html, eml=mail),
            out=out,
            weeks=weeks,
            as_of=as_of,
            maps=map,
            step=step,
        )
    told = [say(note) for note in (*done.notes, *done.left.values())]
    finish(done.to_json(), json, done.paths, told, 1 if done.left and not done.made else 0)
