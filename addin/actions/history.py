"""``danggol undo`` and ``danggol log``: what was written when, and taking it back."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.actions.dates import now
from addin.actions.door import path_of
from addin.errors import BookError

if TYPE_CHECKING:
    from addin.books.live import LiveBook


@dataclass(frozen=True, slots=True)
class Undone:
    """What was taken back: the run, the run that did it (None where nothing had to be written), and the cells
    (``sheet!A1``) someone edited since, which stay as they are."""

    undone: str
    run: str | None
    edited: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As printed."""
        return {"undone": self.undone, "run": self.run, "edited": list(self.edited)}


def undo_run(book: Path | LiveBook, run: str | None = None) -> Undone:
    """Take a run back (the last one by default); cells edited since stay and are listed."""
    from addin.books.undo import EditedSince, undo

    try:
        receipt = undo(book, run, when=now()) if isinstance(book, Path) else book.undo(run, when=now())
    except EditedSince as kept:
        return Undone(_undone(book, kept.receipt.run, run), kept.receipt.run, tuple(k.where for k in kept.edited))
    return Undone(_undone(book, receipt.run, run), receipt.run)


def _undone(book: Path | LiveBook, by: str | None, asked: str | None) -> str:
    from addin.books.undo import runs

    return next((r.undoes for r in runs(path_of(book)) if by and r.id == by), asked or "")


def runs_of(book: Path | LiveBook) -> list[dict[str, Any]]:
    """Every run danggol wrote to this book, newest first. `BookError` where there is neither a file nor a run."""
    from addin.books.undo import runs

    path = path_of(book)
    found = [{"run": r.id} | {k: v for k, v in asdict(r).items() if k != "id"} for r in reversed(runs(path))]
    if not found and isinstance(book, Path) and not path.exists():
        raise BookError("guard.no_file", where=str(path))
    return found
