"""The command that makes partners' monthly reports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from addin.cli.options import AsOf, Book, Json, Lang, Maps, app, print_json
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

    formats = [name for name, wanted in (("pdf", pdf), ("html", html), ("eml", mail)) if wanted]
    if formats == ["eml"]:
        formats = [*DEFAULT, "eml"]
    with bar() as step:
        done = report_book(
            book,
            partner=partner,
            all=all,
            month=month,
            formats=formats or DEFAULT,
            out=out,
            weeks=weeks,
            as_of=as_of,
            maps=map,
            step=step,
        )
    if json:
        print_json(done.to_json())
    else:
        sys.stdout.write("".join(f"{path}\n" for path in done.paths))
    notes = [*done.notes, *done.left.values()]
    sys.stderr.write("".join(say(note) + "\n" for note in notes))
    if done.left and not done.made:
        raise typer.Exit(1)
