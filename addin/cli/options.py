"""The application, the options its commands share, and what a command prints with."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from addin.i18n import LANGUAGES, say, use_language

if TYPE_CHECKING:
    from typer.models import CommandInfo, TyperInfo


def _spoken_language(argv: list[str]) -> str | None:
    """The language of help texts: ``--lang`` is looked for before the command line is parsed."""
    for i, word in enumerate(argv):
        if word == "--lang" and i + 1 < len(argv):
            return argv[i + 1]
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
    return None


use_language(_spoken_language(sys.argv))


def _language(value: str | None) -> str | None:
    if value is not None and value not in LANGUAGES:
        raise typer.BadParameter(say("cli.bad_lang", given=value, known=", ".join(LANGUAGES)))
    use_language(value or _spoken_language(sys.argv))
    return value


app = typer.Typer(
    name="danggol",
    help=say("cli.danggol"),
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Book = Annotated[Path, typer.Argument(metavar="BOOK", help=say("cli.book"))]
Maps = Annotated[list[str], typer.Option("--map", metavar="FIELD=HEADER", help=say("cli.map"))]
Json = Annotated[bool, typer.Option("--json", help=say("cli.json"))]
Lang = Annotated[str | None, typer.Option("--lang", metavar="ko|en", help=say("cli.lang"), callback=_language)]
Into = Annotated[Path | None, typer.Option("--into", metavar="BOOK.xlsx", help=say("cli.into"))]
DryRun = Annotated[bool, typer.Option("--dry-run", help=say("cli.dry_run"))]
AsOf = Annotated[str | None, typer.Option("--as-of", metavar="DATE", help=say("cli.as_of"))]


def called(part: CommandInfo | TyperInfo) -> str:
    """What a person types for a command, or a group of commands."""
    return str(part.name or getattr(part.callback, "__name__", ""))


def print_json(data: object) -> None:
    """Data, on stdout."""
    sys.stdout.write(json.dumps(data, ensure_ascii=False, allow_nan=False) + "\n")


def note(id: str, **params: Any) -> None:
    """Narration, on stderr."""
    sys.stderr.write(say(id, **params) + "\n")


def _version(value: bool) -> None:
    if value:
        from addin.version import version as ours

        sys.stdout.write(f"danggol {ours()}\n")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=say("cli.version"))
    ] = False,
    lang: Lang = None,
) -> None:
    """Options before the command."""
