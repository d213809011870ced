"""One writer at a time: a lock of ours while we work, and the traces other programs leave of an open book."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from addin.errors import BookLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def open_elsewhere(path: Path) -> Path | None:
    """The lock file Excel (``~$name``) or LibreOffice (``.~lock.name#``) leaves beside an open book; None if closed."""
    for name in (f"~${path.name}", f".~lock.{path.name}#"):
        beside = path.with_name(name)
        if beside.exists():
            return beside
    return None


def check_closed(path: Path) -> None:
    """Raise `BookLocked` while the book is open in another program."""
    found = open_elsewhere(path)
    if found is not None:
        raise BookLocked("book.open_elsewhere", where=path.name, value=found.name)


@contextmanager
def locked(path: Path, lock_path: Path) -> Iterator[None]:
    """Hold our lock on a book; the system lets go of it even when we are killed. Raises `BookLocked` if it is taken.

    A change is made in a moment: who comes second is told, and does not wait.
    """
    handle = os.open(lock_path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            _take(handle)
        except OSError as error:
            raise BookLocked("book.busy", where=path.name) from error
        yield
    finally:
        os.close(handle)


if os.name == "nt":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined,unused-ignore]

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
