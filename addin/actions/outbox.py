"""Where an action's files are made: out of sight first, then moved to their place together, or taken back."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME_LENGTH: Final = 40
#: Names Windows keeps for itself.
_DEVICES: Final = frozenset(("con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))))


class Outbox:
    """A folder being filled. A file of another content is never overwritten: the new one gets a number."""

    def __init__(self, out: Path, staged: Path) -> None:
        self.out, self.staged = out, staged
        self._moves: list[tuple[Path, Path]] = []
        self._new: list[Path] = []

    def put(self, stem: str, format: str, data: bytes) -> Path:
        """Make one file; gives where it is going to be."""
        path = self._free(stem, format, data)
        staged = self.staged / f"{len(self._moves)}.{format}"
        staged.write_bytes(data)
        self._moves.append((staged, path))
        return path

    def _free(self, stem: str, format: str, data: bytes) -> Path:
        taken = {path.name.casefold(): staged for staged, path in self._moves}
        for n in range(1, 1000):
            path = self.out / (f"{stem}.{format}" if n == 1 else f"{stem} ({n}).{format}")
            there = taken.get(path.name.casefold(), path)
            if not there.exists() or there.read_bytes() == data:
                return path
        raise BookError("error.cannot_write", where=stem, reason="")

    def publish(self) -> None:
        """Move everything to its place."""
        for staged, path in self._moves:
            new = not path.exists()
            os.replace(staged, path)
            if new:
                self._new.append(path)
        self._moves.clear()

    def keep(self) -> None:
        """The run went well."""
        self._new.clear()

    def take_back(self) -> None:
        """The run failed: new files go."""
        for path in self._new:
            path.unlink(missing_ok=True)


@contextmanager
def outbox(out: Path) -> Iterator[Outbox]:
    """An outbox for a folder, made where it isn't there; what was published and not kept is taken back at the end.

    `BookError` where the folder can't be written.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".danggol-", dir=out) as staged:
            box = Outbox(out, Path(staged))
            try:
                yield box
            finally:
                box.take_back()
    except OSError as error:
        where = str(error.filename2 or error.filename or out)
        raise BookError("error.cannot_write", where=where, reason=error.strerror or str(error)) from error


def file_name(text: str, length: int = NAME_LENGTH) -> str:
    """A text as part of a file's name on every system.

    >>> file_name('../김/안\\n: "가" '), file_name("con")
    ('_김_안_ _가_', 'con_')
    """
    found = "".join("_" if c in '<>:"/\\|?*' else c for c in text if c.isprintable()).strip(". ")[:length].strip(". ")
    return f"{found}_" if found.casefold() in _DEVICES else found
