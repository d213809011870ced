"""Bytes too long to be held in memory: they stand in a file without a name in the temporary folder.

It is used as bytes are (slices, searching, memoryviews, patterns); what was looked at is let go again (`let_go`), so
that only what is at hand takes memory.
"""

from __future__ import annotations

import hashlib
import mmap
import sys
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from addin.books.press import press

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Worksheets of so many bytes, inflated, are not held in memory to be changed.
LONG_PART = 1 << 27
#: Files of so many bytes are not held in memory either while a book is being written.
LONG_FILE = 1 << 24
#: So many bytes are looked at in one go.
WINDOW = 1 << 22


class LongPart(mmap.mmap):
    """Bytes in a file, read only; `of` makes them.

    >>> part = LongPart.of([b"<row>", b"1</row>"])
    >>> part[5:6], b"</row>" in part, part.count(b"<row>"), part.startswith(b"1<", 5), len(part)
    (b'1', True, 1, True, 12)
    """

    @classmethod
    def of(cls, pieces: Iterable[bytes]) -> LongPart:
        """Bytes that come piece by piece. Raises OSError where there is no room for them."""
        with tempfile.TemporaryFile(prefix="danggol-") as file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            return cls(file.fileno(), 0, access=mmap.ACCESS_READ)

    def startswith(self, mark: bytes | memoryview, at: int = 0) -> bool:
        """As bytes do."""
        return self[at : at + len(mark)] == bytes(mark)

    def count(self, mark: bytes, start: int = 0, stop: int = sys.maxsize) -> int:
        """As bytes do; for marks that can't overlap with themselves."""
        return sum(found.count(mark) for found in self._windows(len(mark), start, stop))

    def __contains__(self, mark: object) -> bool:
        return isinstance(mark, bytes) and any(mark in found for found in self._windows(len(mark), 0, len(self)))

    def _windows(self, mark: int, start: int, stop: int) -> Iterator[bytes]:
        """A stretch; a mark that stands across two windows is in the first of them."""
        stop = min(stop, len(self))
        for at in range(start, stop, WINDOW):
            yield self[at : min(at + WINDOW + mark - 1, stop)]
            self.let_go(at, at + WINDOW)

    def let_go(self, start: int, stop: int) -> None:
        """Take no memory for these bytes until they are looked at again."""
        start, stop = max(start - start % mmap.PAGESIZE, 0), min(stop, len(self))
        if hasattr(mmap, "MADV_DONTNEED") and start < stop:
            self.madvise(mmap.MADV_DONTNEED, start, stop - start)


def let_go(data: object, start: int, stop: int) -> None:
    """`LongPart.let_go` where the data are one."""
    if isinstance(data, LongPart):
        data.let_go(start, stop)


def windows(data: bytes, start: int, stop: int) -> Iterator[memoryview]:
    """A stretch of some bytes, piece by piece; of a long part each is let go when the next is asked for."""
    if not isinstance(data, LongPart):
        yield memoryview(data)[start:stop]
        return
    for at in range(start, stop, WINDOW):
        yield memoryview(data)[at : min(at + WINDOW, stop)]
        data.let_go(at, at + WINDOW)


def held(path: Path) -> bytes:
    """A file's bytes as they are now; a `LongPart` where they are many and there is room for it."""
    with path.open("rb") as file:
        if path.stat().st_size >= LONG_FILE:
            with suppress(OSError):
                return cast("bytes", LongPart.of(iter(lambda: file.read(WINDOW), b"")))
            file.seek(0)
        return file.read()


def holds(path: Path, data: bytes) -> bool:
    """Whether a file holds exactly these bytes now."""
    with path.open("rb") as file:
        for at in range(0, len(data), WINDOW):
            if file.read(WINDOW) != data[at : at + WINDOW]:
                return False
            let_go(data, at, at + WINDOW)
        return not file.read(1)


def sha256(data: bytes) -> str:
    """Their SHA-256."""
    found = hashlib.sha256()
    for piece in windows(data, 0, len(data)):
        found.update(piece)
    return found.hexdigest()


def crc32(data: bytes) -> int:
    """Their CRC."""
    found = 0
    for piece in windows(data, 0, len(data)):
        found = press().crc32(piece, found)
    return found
