"""``danggol undo`` and ``danggol log``: what was written when, and taking it back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.actions.dates import now

if TYPE_CHECKING:
    from addin.books.undo import Undone


def undo_run(book: Path, run: str | None = None) -> Undone:
    """Take a run back (the last one by default); cells edited since stay and are listed."""
    from addin.books.undo import undo

    return undo(book, run, when=now())


def runs_of(book: Path) -> list[dict[str, Any]]:
    """Every run danggol wrote to this book, newest first."""
    from addin.books.journal import runs

    return [run.to_json() for run in runs(book)]
