"""What was written when, beside the book: ``.danggol/`` holds a backup and a journal for every run.

``<book>.<run>.bak`` is the file as it was, ``<book>.<run>.jsonl`` a header and one line per block of cells (see
`addin.books.patch`). A run counts once its journal has its final name; ``.part`` is a run that was cut short.
"""

from __future__ import annotations

import hashlib
import json
import os
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.books.longpart import windows
from addin.errors import BookError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator
    from pathlib import Path

FOLDER = ".danggol"
#: Backups kept for one book; older ones go, their journals stay.
KEEP_BACKUPS = 20
_PART = ".jsonl.part"
_NAME_BYTES = 150


@dataclass(frozen=True, slots=True)
class Run:
    """One run that wrote: its id (sortable by time), what it did, the file's sha256 before and after.

    ``undoes`` is the run it took back, ``undone_by`` the one that took it back; "" where there is none.
    """

    id: str
    action: str
    when: str
    before: str
    after: str
    cells: int = 0
    fills: int = 0
    tabs: int = 0
    undoes: str = ""
    undone_by: str = ""
    backup: bool = False


class Journal:
    """The runs of one book; ``folder`` where they are not kept beside it."""

    def __init__(self, book: Path, folder: Path | None = None) -> None:
        self.book = book
        self.folder = folder or book.parent / FOLDER
        self.key = _key(book.name)

    def backup(self, run: str) -> Path:
        """Where a run's backup is."""
        return self.folder / f"{self.key}.{run}.bak"

    def file(self, run: str) -> Path:
        """Where a run's journal is."""
        return self.folder / f"{self.key}.{run}.jsonl"

    @property
    def lock(self) -> Path:
        """The lock file of this book."""
        return self.folder / f"{self.key}.lock"

    def temp(self, run: str) -> Path:
        """The new workbook while it is being written, beside the book so that it can take its place at once."""
        return self.book.with_name(f".{self.key}.{run}.tmp")

    def new_id(self, when: dt.datetime) -> str:
        """A run id nobody has: ``20261121-203015-1``."""
        stamp = when.strftime("%Y%m%d-%H%M%S")
        number = 1
        while any(p.exists() for p in self._files(f"{stamp}-{number}")):
            number += 1
        return f"{stamp}-{number}"

    def _files(self, run: str) -> list[Path]:
        return [self.file(run), self.backup(run), self.temp(run), self.folder / f"{self.key}.{run}{_PART}"]

    # ---- writing

    def prepare(self) -> None:
        """Make the folder, and clear up after a run that was cut short.

        The journal's ``.part`` is written when the new file is complete, and gets its final name when that has taken
        the book's place. Is the new file still there, the run never happened; is it gone, the run is in force.
        """
        self.folder.mkdir(exist_ok=True)
        for part in self.folder.glob(f"{_glob(self.key)}.*{_PART}"):
            run = part.name[len(self.key) + 1 : -len(_PART)]
            if self.temp(run).exists():
                part.unlink()
            else:
                part.replace(self.file(run))
        for temp in self.book.parent.glob(f".{_glob(self.key)}.*.tmp"):
            temp.unlink()
        for backup in self.folder.glob(f"{_glob(self.key)}.*.bak"):
            if not self.file(backup.name[len(self.key) + 1 : -len(".bak")]).exists():
                backup.unlink()

    def keep(self, run: str, old: bytes) -> None:
        """Lay down the backup of a run, before it begins: the file as it is."""
        write_synced(self.backup(run), old)

    def begin(self, run: str, header: dict[str, Any], entries: bytes) -> None:
        """Lay down the journal of a run whose new file is complete and whose backup is kept; ``entries`` `encoded`."""
        write_synced(self.folder / f"{self.key}.{run}{_PART}", encoded([header]) + entries)

    def record(self, run: str, header: dict[str, Any], entries: bytes = b"") -> None:
        """The journal of a run that left the file as it was: nothing was to do, or it wrote into the open workbook."""
        write_synced(self.file(run), (json.dumps(header, ensure_ascii=False) + "\n").encode() + entries)

    def commit(self, run: str) -> None:
        """The new file has taken the book's place."""
        (self.folder / f"{self.key}.{run}{_PART}").replace(self.file(run))
        sync_folder(self.folder)
        backups = sorted(self.folder.glob(f"{_glob(self.key)}.*.bak"), key=lambda p: _order(p.name[:-4]))
        for old in backups[:-KEEP_BACKUPS]:
            old.unlink()

    def abandon(self, run: str) -> None:
        """Nothing was replaced: take the run's traces away."""
        for trace in (self.temp(run), self.folder / f"{self.key}.{run}{_PART}", self.backup(run)):
            trace.unlink(missing_ok=True)

    # ---- reading

    def runs(self) -> list[Run]:
        """The runs so far, oldest first."""
        if not self.folder.is_dir():
            return []
        found = []
        for path in self.folder.glob(f"{_glob(self.key)}.*.jsonl"):
            with path.open("rb") as file:
                found.append(_line(file.readline(), path))
        found.sort(key=lambda header: _order(header["run"]))
        in_force: dict[str, str] = {}
        for header in reversed(found):  # an undo that was itself taken back undoes nothing
            if header["run"] not in in_force and header.get("undoes"):
                in_force[header["undoes"]] = header["run"]
        return [
            Run(
                header["run"],
                header["action"],
                header["when"],
                header["before"],
                header["after"],
                header.get("cells", 0),
                header.get("fills", 0),
                header.get("tabs", 0),
                header.get("undoes", ""),
                in_force.get(header["run"], ""),
                self.backup(header["run"]).exists(),
            )
            for header in found
        ]

    def entries(self, run: str) -> Iterator[dict[str, Any]]:
        """The journal lines of a run, without its header."""
        path = self.file(run)
        with path.open("rb") as file:
            file.readline()
            for line in file:
                yield _line(line, path)


def encoded(lines: Iterable[dict[str, Any]]) -> bytes:
    """Lines as the journal holds them.

    >>> encoded([{"k": "cells"}, {}])
    b'{"k":"cells"}\\n{}\\n'
    """
    texts = (json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n" for line in lines)
    return "".join(texts).encode("utf-8", "surrogatepass")


def _line(line: bytes, path: Path) -> dict[str, Any]:
    try:
        found = json.loads(line.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        raise BookError("book.journal_damaged", where=str(path)) from error
    if not isinstance(found, dict):
        raise BookError("book.journal_damaged", where=str(path))
    return found


def _key(name: str) -> str:
    """A book's name in file names: composed (NFC), and shortened with a hash where it would grow too long."""
    name = unicodedata.normalize("NFC", name)
    raw = name.encode()
    if len(raw) <= _NAME_BYTES:
        return name
    digest = hashlib.sha256(raw).hexdigest()[:8]
    return f"{raw[: _NAME_BYTES - 10].decode(errors='ignore')}~{digest}"


def _glob(text: str) -> str:
    import glob

    return glob.escape(text)


def _order(name: str) -> tuple[str, int]:
    stamp, _, number = name.rpartition("-")
    return stamp, int(number) if number.isdigit() else 0


def write_synced(path: Path, data: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as file:
        for piece in windows(data, 0, len(data)):
            file.write(piece)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Wait until the disk has a folder's new names; Windows keeps them without being asked."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
