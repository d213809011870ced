"""The parts of a book's file that were inflated, known again in its next file by the very bytes they are packed in."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future, ThreadPoolExecutor

    from addin.books.archive import Archive


class Parts:
    """What was inflated of one file, beside what was of the file before it; only for a process that stays.

    Packed bytes that are the same inflate to the same, so what is known of them is taken instead.
    """

    def __init__(self, archive: Archive | None = None, before: Parts | None = None) -> None:
        self.archive, self._before = archive, before
        self.inflated: dict[str, bytes] = {}
        self._packed_alike: dict[str, bool] = {}
        self._coming: dict[str, Future[bytes]] = {}

    def packed_alike(self, name: str) -> bool:
        """Whether an entry holds the same packed bytes as in the file before."""
        if name not in self._packed_alike:
            old = self._before.archive if self._before is not None else None
            alike = old is not None and self.archive is not None and self.archive.packed_alike(name, old)
            self._packed_alike[name] = alike
        return self._packed_alike[name]

    @property
    def same_names(self) -> bool:
        """Whether the file has the very entries it had before."""
        old = self._before.archive if self._before is not None else None
        return old is not None and self.archive is not None and self.archive.entries.keys() == old.entries.keys()

    def alike(self, name: str, read: Callable[[], bytes]) -> bool:
        """Whether a part is what it was in the file before, however it is packed; ``read`` gives it."""
        if self.packed_alike(name):
            return True
        if self._before is None or self._before.archive is None:
            return False
        there = [archive is not None and name in archive.entries for archive in (self.archive, self._before.archive)]
        if not all(there):
            return not any(there)
        before = self._before.inflated.get(name)
        return before is not None and read() == before

    def before(self, name: str) -> bytes | None:
        """A part as it was in the file before, where it was inflated."""
        return self._before.inflated.get(name) if self._before is not None else None

    def begin(self, name: str, inflate: Callable[[], bytes]) -> None:
        """Begin to inflate a part that `read` will be asked for, unless it is as it was."""
        if not (self.packed_alike(name) and self.before(name) is not None):
            self._coming[name] = _thread().submit(inflate)

    def read(self, name: str, inflate: Callable[[], bytes]) -> bytes:
        """A part: as it was inflated before, or inflated now."""
        data = self.inflated.get(name)
        if data is None:
            before = self.before(name) if self.packed_alike(name) else None
            coming = self._coming.pop(name, None)
            data = before if before is not None else coming.result() if coming is not None else inflate()
            self.inflated[name] = data
        return data

    def settle(self) -> Parts:
        """The file is read: let the one before go, but for what it knows of the same parts."""
        if self._before is not None:
            known = {name: data for name, data in self._before.inflated.items() if self.packed_alike(name)}
            self.inflated = known | self.inflated
        self._before = None
        self._coming.clear()
        return self


@cache
def _thread() -> ThreadPoolExecutor:
    """The one thread that inflates long parts while others are looked at."""
    from concurrent.futures import ThreadPoolExecutor

    return ThreadPoolExecutor(1, "danggol-inflate")
