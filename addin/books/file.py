"""A workbook on disk: `open_book(path).apply(edits)` writes a plan, or raises and leaves the file as it was.

The new file is complete, checked and on disk beside the old one before it takes its place in one step, so a full disk
or a kill at any moment leaves the one or the other, whole. What was there before is in ``.danggol/``.
"""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from addin.books import gate, longpart
from addin.books.guard import open_guarded
from addin.books.journal import Journal, encoded, sync_folder
from addin.books.lock import check_closed, locked
from addin.books.package import Package
from addin.books.patch import patch
from addin.errors import BookError, BookLocked, BookRefused
from addin.today import now

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence

    from addin.books.edits import Edits
    from addin.books.lastdrawn import LastDrawn
    from addin.books.package import Inflated


@dataclass(frozen=True, slots=True)
class Receipt:
    """What an apply did. ``run`` is None where nothing had to change and nothing was written."""

    run: str | None
    backup: Path | None = None
    cells: int = 0
    fills: int = 0
    tabs: int = 0
    sha256: str = ""


def open_book(
    path: str | Path, *, sha256: str = "", inflated: Inflated | None = None, journal: Path | None = None
) -> Book:
    """The workbook at a path, read once.

    ``sha256`` is that of the file a plan was made from: `BookLocked` if it is another by now; ``inflated`` what was
    inflated of that file (`Snapshot.inflated`). ``journal``: a folder for backups and journal instead of ``.danggol``
    beside the book. Raises `BookError` for what is no workbook, `BookRefused` for a .csv,
    which is never written to.
    """
    path = Path(path)
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        raise BookRefused("book.csv", where=path.name)
    if path.is_symlink():
        path = path.resolve()
    if sha256 and inflated is not None and path.is_file():
        data = longpart.held(path)
        if longpart.sha256(data) == sha256:  # the very bytes that were guarded when the plan was made
            package = Package(data, str(path))
            package.sha256 = sha256
            return Book(path, package, journal, inflated)
    book = Book(path, open_guarded(path), journal)
    if sha256 and book.sha256 != sha256:
        raise BookLocked("book.changed_meanwhile", where=path.name)
    return book


class Book:
    """One workbook as it was when opened."""

    def __init__(
        self, path: Path, package: Package, journal: Path | None = None, inflated: Inflated | None = None
    ) -> None:
        self.path = path
        self._journal = journal
        self._read: bytes | None = package.data
        self.sha256 = package.sha256
        self.inflated = inflated

    @property
    def _data(self) -> bytes:
        """The file; read again once it was written."""
        if self._read is None:
            data = longpart.held(self.path)
            if longpart.sha256(data) != self.sha256:
                raise BookLocked("book.changed_meanwhile", where=self.path.name)
            self._read = data
        return self._read

    def package(self) -> Package:
        """Its parts, for reading or for a change of one's own."""
        return Package(self._data, self.path.name, self.inflated)

    def apply(
        self, edits: Edits, *, when: dt.datetime | None = None, lock: bool = True, undoes: str = "",
        last: LastDrawn | None = None,
    ) -> Receipt:  # fmt: skip
        """Write the plan: gate, backup, atomic replace, journal.

        ``when`` names the run (default: now, in Seoul). ``lock=False`` where the caller holds the book's lock already.
        ``last``: the book's tabs as they were drawn last, in a process that stays.
        Raises `DanggolError`, and then the file is as it was.
        """
        if not edits:
            return Receipt(None, sha256=self.sha256)
        package = self.package()
        try:
            patched = patch(package, edits, last)
        except OSError as error:  # no room for a very long sheet in the temporary folder
            raise _explained(error, self.path) from error
        package.prune()
        if not package.changed:
            return Receipt(None, sha256=self.sha256)
        gate.check_parts(package)  # long parts are being packed meanwhile
        header = {"action": edits.action, "cells": patched.cells, "fills": patched.fills, "tabs": patched.tabs}
        header |= {"undoes": undoes} if undoes else {}
        return self.replace(package.save, lambda temp: gate.check(package, temp), header, patched.entries, when, lock)

    def replace(
        self,
        write: Callable[[Path], str],
        check: Callable[[Path], None],
        header: dict[str, Any],
        entries: Sequence[dict[str, Any]],
        when: dt.datetime | None = None,
        lock: bool = True,
    ) -> Receipt:
        """Let what ``write`` makes take the file's place, once ``check`` has seen it; the journal says so.

        ``write(path)`` gives the sha256 of what it wrote, ``check(path)`` raises `BookError` if it won't do.
        """
        when = when or now()
        journal = Journal(self.path, self._journal)
        check_closed(self.path)
        if not self.path.stat().st_mode & 0o222:
            raise BookError("book.read_only", where=self.path.name)
        try:
            journal.folder.mkdir(exist_ok=True)
            with ExitStack() as stack:
                if lock:
                    stack.enter_context(locked(self.path, journal.lock))
                journal.prepare()
                run = journal.new_id(when)
                after = self._swap(journal, run, write, check, header | {"when": when.isoformat()}, entries)
                journal.commit(run)
        except OSError as error:
            raise _explained(error, self.path) from error
        self._read, self.sha256, self.inflated = None, after, None
        counts = (header.get("cells", 0), header.get("fills", 0), header.get("tabs", 0))
        return Receipt(run, journal.backup(run), *counts, after)

    def _swap(
        self,
        journal: Journal,
        run: str,
        write: Callable[[Path], str],
        check: Callable[[Path], None],
        header: dict[str, Any],
        entries: Sequence[dict[str, Any]],
    ) -> str:
        from concurrent.futures import ThreadPoolExecutor

        temp, old = journal.temp(run), self._data
        lines = encoded(entries)
        try:
            with ThreadPoolExecutor(1, "danggol-disk") as disk:  # writes the backup while the new file is made
                kept = disk.submit(journal.keep, run, old)
                after = write(temp)
                settled = disk.submit(_settle, temp, self.path)
                check(temp)
                kept.result()
                settled.result()
            whole = {"run": run, "book": self.path.name, "before": self.sha256, "after": after} | header
            journal.begin(run, whole, lines)
            check_closed(self.path)
            self._check_unchanged(old)
            os.replace(temp, self.path)
        except BaseException:
            journal.abandon(run)
            raise
        sync_folder(self.path.parent)
        return after

    def _check_unchanged(self, old: bytes) -> None:
        if not longpart.holds(self.path, old):
            raise BookLocked("book.changed_meanwhile", where=self.path.name)


def _settle(temp: Path, original: Path) -> None:
    """Give the new file the old one's mode and owner, and wait until the disk has it."""
    shutil.copymode(original, temp)
    there, here = original.stat(), temp.stat()
    if os.name != "nt" and (there.st_uid, there.st_gid) != (here.st_uid, here.st_gid) and os.geteuid() == 0:
        os.chown(temp, there.st_uid, there.st_gid)
    with temp.open("rb") as file:
        os.fsync(file.fileno())


def _explained(error: OSError, path: Path) -> BookError:
    """What the system said, as what a person can do about it."""
    where = str(path)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return BookError("book.disk_full", where=where)
        case errno.ENAMETOOLONG:
            return BookError("book.path_long", where=where)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return BookError("book.unwritable", where=where, value=error.strerror or "")
        case _:
            return BookError("book.system", where=where, value=error.strerror or str(error))
