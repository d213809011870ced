"""The way into a book: a file on disk, or a workbook that is open in Excel or LibreOffice.

An action is given a path or a `LiveBook` and asks here for its snapshot and to write its plan:
it need not know which it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import datetime as dt

    from addin.books.edits import Edits
    from addin.books.file import Receipt
    from addin.books.lastdrawn import LastDrawn
    from addin.books.lastread import LastRead
    from addin.books.live import LiveBook
    from addin.books.read import Snapshot


class Reading(Protocol):
    """A book being read."""

    def result(self) -> Snapshot:
        """The snapshot, once it is there."""


class _Read:
    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def result(self) -> Snapshot:
        """The snapshot."""
        return self._snapshot


def begin(book: Path | LiveBook, *, to_write: bool = False, last: LastRead | None = None) -> Reading:
    """Begin to read: a file on a thread of its own, an open workbook at once (its program answers one thread only).

    ``to_write``: a plan is going to be written, see `addin.books.read.begin`. ``last``: a file as it was read before.
    """
    if isinstance(book, Path):
        from addin.books.ahead import take
        from addin.books.read import begin as begin_file

        return take(book, to_write=to_write) or begin_file(book, to_write=to_write, last=last)
    return _Read(book.snapshot())


def write(
    book: Path | LiveBook, snapshot: Snapshot, edits: Edits, when: dt.datetime, last: LastDrawn | None = None
) -> Receipt:
    """Carry the plan out on the book the snapshot was taken of. ``last``: a file's tabs as they were drawn last."""
    if isinstance(book, Path):
        from addin.books.file import open_book

        opened = open_book(book, sha256=snapshot.sha256, inflated=snapshot.inflated)
        return opened.apply(edits, when=when, last=last)
    return book.apply(edits, when=when)


def path_of(book: Path | LiveBook) -> Path:
    """Where the book is, or where its journal takes it to be."""
    return book if isinstance(book, Path) else book.path
