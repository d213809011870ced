"""What the commands that make files share: which formats are asked for, and how they end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from addin.cli.options import print_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def chosen(shipped: Sequence[str], **wanted: bool) -> Sequence[str]:
    """The formats asked for; the shipped ones where none is, and beside a mail alone, which carries them.

    >>> chosen(("pdf",), pdf=False, html=True), chosen(("pdf",), html=False), chosen(("pdf",), html=False, eml=True)
    (['html'], ('pdf',), ['pdf', 'eml'])
    """
    formats = [name for name, asked in wanted.items() if asked]
    if formats == ["eml"]:
        return [*shipped, "eml"]
    return formats or shipped


def finish(data: object, json: bool, made: Iterable[object], told: Iterable[str] = (), code: int = 0) -> None:
    """What was made on stdout, as data or one path a line; what there is to say on stderr; the exit code."""
    if json:
        print_json(data)
    else:
        sys.stdout.write("".join(f"{path}\n" for path in made))
    sys.stderr.write("".join(f"{line}\n" for line in told))
    if code:
        raise typer.Exit(code)
