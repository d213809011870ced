"""Commands about the texts and layouts staff may edit: which there are, a copy of one's own, and whether it works."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from addin.cli.options import Book, Json, Lang, app, print_json
from addin.i18n import say

group = typer.Typer(help=say("cli.templates"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(group, name="templates")


@group.command("list", help=say("cli.templates_list"))
def list_all(book: Book, lang: Lang = None) -> None:
    """Every template, and the team's own copies beside the workbook."""
    from addin.actions.templates import list_templates
    from addin.actions.textual import table

    heads = [say(f"templates.h.{head}") for head in ("name", "what", "own")]
    lines = [[line.name, say(line.what), str(line.own) if line.own else "–"] for line in list_templates(book)]
    sys.stdout.write(table(heads, lines) + "\n")


@group.command(help=say("cli.templates_copy"))
def copy(
    book: Book, name: Annotated[str, typer.Argument(metavar="NAME", help=say("cli.templates_name"))], lang: Lang = None
) -> None:
    """Copy one beside the workbook; from then on the copy is used."""
    from addin.actions.templates import copy_template

    sys.stdout.write(f"{copy_template(book, name)}\n")


@group.command(help=say("cli.templates_check"))
def check(
    book: Book,
    preview: Annotated[Path | None, typer.Option("--preview", metavar="DIR", help=say("cli.templates_preview"))] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Try the team's own templates on invented data."""
    from addin.actions.templates import check_templates

    found = check_templates(book, preview)
    if json:
        print_json(found.to_json())
    else:
        lines = [f"✓ {name}" for name in found.good] + [f"✗ {name}: {say(why)}" for name, why in found.bad.items()]
        lines += [str(path) for path in found.previews]
        sys.stdout.write("".join(f"{line}\n" for line in lines or [say("templates.none")]))
    if found.bad:
        raise typer.Exit(1)
