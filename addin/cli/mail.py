"""The command that writes letters as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from addin.cli.files import finish
from addin.cli.options import AsOf, Book, Json, Lang, Maps, app
from addin.errors import NeedsAnswer
from addin.i18n import say


@app.command(help=say("cli.mail"))
def mail(
    book: Book,
    kind: Annotated[
        str | None, typer.Option("--kind", metavar="d7|reproposal|quote|report", help=say("cli.mail_kind"))
    ] = None,
    request: Annotated[list[str], typer.Option("--request", metavar="ID", help=say("cli.inspect_request"))] = [],
    due: Annotated[bool, typer.Option("--due", help=say("cli.mail_due"))] = False,
    partner: Annotated[str | None, typer.Option("--partner", metavar="P", help=say("cli.mail_partner"))] = None,
    no_quotes: Annotated[bool, typer.Option("--no-new-quotes", help=say("cli.mail_no_quotes"))] = False,
    text: Annotated[bool, typer.Option("--txt", help=say("cli.mail_txt"))] = False,
    out: Annotated[Path | None, typer.Option("--out", metavar="DIR", help=say("cli.mail_out"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Letters to customers and partners as drafts; nothing is sent."""
    from addin.actions.mail import mail_book
    from addin.actions.progress import bar

    with bar() as step:
        done = mail_book(
            book,
            kind=kind,
            requests=request,
            due=due,
            partner=partner,
            new_quotes=not no_quotes,
            text=text,
            out=out,
            as_of=as_of,
            maps=map,
            step=step,
        )
    told = [*(say(note) for note in done.notes), *(f"{about}: {say(why)}" for about, why in done.left)]
    finish(done.to_json(), json, done.paths, told, NeedsAnswer.exit_code if done.left else 0)
