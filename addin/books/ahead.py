"""A book that is being read before anyone asked: the command line names it, and its own imports take a while.

Only a start: whoever asks gets what `read.begin` would have given, errors included. Nobody asking costs nothing but
the reading.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from addin.books.read import Snapshot

#: Commands whose first argument is a book that is read at once, and whether a plan will be written to it.
_COMMANDS = {"refresh": True, "rows": False, "check": False, "funnel": False, "kpi": False, "tasks": False}
_BOOKS = (".xlsx", ".xlsm")
_started: dict[tuple[str, bool], Future[Snapshot]] = {}


def read_ahead(words: Sequence[str]) -> None:
    """Begin to read the book of a command line, if it is plain that there is one: ``refresh BOOK``, ``kpi BOOK …``.

    >>> read_ahead(["refresh", "nowhere.xlsx"]), take(Path("nowhere.xlsx"), to_write=True)
    (None, None)
    """
    if len(words) < 2 or words[0] not in _COMMANDS or not words[1].lower().endswith(_BOOKS):
        return
    if not {"--help", "-h", "--into", "--watch"}.isdisjoint(words) or not Path(words[1]).is_file():
        return
    from addin.books import fresh

    to_write = _COMMANDS[words[0]]
    if to_write and "--dry-run" not in words and fresh.load(Path(words[1])) is not None:
        return  # there is most likely nothing to do
    from addin.books.read import begin

    _started[words[1], to_write] = begin(Path(words[1]), to_write=to_write)


def take(path: Path, *, to_write: bool) -> Future[Snapshot] | None:
    """The reading that was begun for this book, once; None where there is none."""
    return _started.pop((str(path), to_write), None)


def forget() -> None:
    """Let go of what nobody asked for: the command ended before it came to its book."""
    _started.clear()
