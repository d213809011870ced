"""``danggol demo``: the whole job on a sample workbook, then documents and partners' sheets made of it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.cli.options import Lang, app
from addin.errors import DanggolError
from addin.i18n import say

if TYPE_CHECKING:
    from addin.actions.progress import Step

#: How much of the whole each part takes.
BOOK, DOCUMENTS = 0.4, 0.6


@app.command(help=say("cli.demo"))
def demo(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help=say("cli.demo_dir"))] = Path("danggol-demo"),
    lang: Lang = None,
) -> None:
    """Make a messy sample workbook and do the whole job on it."""
    from addin.actions.again import read_once
    from addin.actions.demo import BOOK as NAME
    from addin.actions.demo import demo_documents, run_demo
    from addin.actions.progress import bar

    with read_once(), bar() as step:
        text = run_demo(folder, _within(step, 0, BOOK))
        try:
            text += demo_documents(folder / NAME, folder, _within(step, BOOK, DOCUMENTS))
        except DanggolError as missing:  # the base install makes no PDFs; the rest of the demo goes on
            if missing.message.id != "doc.not_installed":
                raise
            text += f"\n{missing}\n"
        from sheets_sync.demo import sync_demo

        text += sync_demo(folder / NAME, folder / say("sync.demo.dir"), _within(step, DOCUMENTS, 1))
    sys.stdout.write(text)


def _within(step: Step, low: float, high: float) -> Step:
    return lambda id, share: step(id, low + (high - low) * share)
