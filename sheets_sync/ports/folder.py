"""Partners' sheets as .xlsx files of a shared folder (OneDrive, Dropbox, a NAS): the port that needs no account.

A file is only ever replaced as a whole, and only if it still is the one a plan was made from. One that is open in
Excel or LibreOffice, or beside which a sync program left a conflict copy, waits. Backups and journals of partners'
files lie with the master's, never in the folder the partners see.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from addin.books.edits import Edits
from addin.books.file import open_book
from addin.books.lock import open_elsewhere
from addin.books.read import read_book
from addin.errors import BookError, BookLocked
from sheets_sync.layout import HQ_TAB, SENTINEL
from sheets_sync.model import KEY
from sheets_sync.ports.base import Busy, Gone, GridFull, NoAccess, PortError, Unavailable
from sheets_sync.ports.workbook import append_edits, find_rows, hq_edits, make, parse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.books.read import Snapshot
    from sheets_sync.layout import Layout
    from sheets_sync.model import Hq, Lead, PartnerSheet

#: Files whose content is still elsewhere (OneDrive, iCloud): reading one fetches it, so a probe only looks at its date.
_ELSEWHERE_WINDOWS: Final = 0x0040_0000 | 0x1000  # RECALL_ON_DATA_ACCESS, OFFLINE
_ELSEWHERE_MAC: Final = 0x4000_0000  # SF_DATALESS
#: What sync programs put behind a name when two people changed a file at once.
_SAID = re.compile(r"[ _-]*[(\[].*(?:충돌|conflict).*[)\]]|\.sync-conflict-.*|[ _-]+(?:충돌|conflict).*", re.IGNORECASE)
#: OneDrive's: a hyphen and the computer's name; iCloud's and Windows': a number.
_MAYBE = re.compile(r"-[\w가-힣][\w가-힣-]{1,30}| ?\(\d{1,2}\)| \d{1,2}")
_NAME = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


class FolderPort:
    """A `Port` over the .xlsx files below ``root``. ``journal``: where backups of partners' files are kept."""

    def __init__(self, root: Path, journal: Path) -> None:
        self.root, self.journal = root.resolve(), journal
        self._hashes: dict[str, tuple[tuple[int, int], str]] = {}
        self._known: set[Path] = set()  # refs asked for so far: none of them is another's conflict copy

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """A digest of each file that is there; one whose time and size are as before is not read again."""
        if not self.root.is_dir():
            raise Unavailable("sync.folder.no_folder", where=str(self.root))
        out = {}
        for ref in refs:
            path = self._path(ref)
            version = self._version(ref, path)
            if version:
                out[ref] = version
        return out

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """The file as saved last, also while it is open."""
        snapshot = self._snapshot(ref, layout)
        return parse(snapshot, layout, snapshot.sha256)

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Rows below everything that stands there."""
        snapshot = self._snapshot(ref, layout, to_write=True)
        self._apply(ref, snapshot, append_edits(snapshot, layout, leads))

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """``_hq``, the guide, and flag and ask beside each row."""
        snapshot = self._snapshot(ref, layout, to_write=True)
        self._apply(ref, snapshot, hq_edits(snapshot, layout, hq, synced_at))

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """A new file. One that is laid out already stays as it is but for a damaged ``_hq``; any other is refused."""
        ref = ref or _NAME.sub("_", title).strip(" .") + ".xlsx"
        path = self._path(ref)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            make(path, layout, title)
        except FileExistsError:
            self._mend(ref, self._snapshot(ref, layout), layout)
        except OSError as error:
            raise _explained(error, ref) from error
        return ref

    def check(self, ref: str, layout: Layout) -> None:
        """Whether the file can be read and written now."""
        self._snapshot(ref, layout, to_write=True)
        path = self._path(ref)
        for one in (path, path.parent):
            if not os.access(one, os.W_OK):
                raise NoAccess("sync.folder.read_only", where=ref)

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _path(self, ref: str) -> Path:
        """A ref's file; it may not lead out of the folder."""
        path = self.root / ref
        if not ref or not path.resolve().is_relative_to(self.root):
            raise PortError("sync.folder.outside", where=str(self.root), value=ref)
        if not path.exists():  # a Mac writes a name's letters one by one
            other = next((self.root / form for form in _forms(ref) if (self.root / form).exists()), None)
            path = other or path
        self._known.add(path)
        return path

    def _mend(self, ref: str, snapshot: Snapshot, layout: Layout) -> None:
        """See that a file of this name is a partner's sheet; a ``_hq`` somebody damaged begins anew."""
        hq, found = snapshot.grid(HQ_TAB), find_rows(snapshot, layout)
        whole = found is not None and KEY in found.header
        if not whole:
            raise PortError("sync.folder.tab_gone" if hq else "sync.folder.other_file", where=ref, value=layout.tab)
        edits = Edits("sync")
        if hq is None:
            edits.add_sheet(HQ_TAB, [[SENTINEL]])
        elif hq.value(1, 1) != SENTINEL:
            edits.write(hq.name, 1, 1, [[SENTINEL]])
        self._apply(ref, snapshot, edits)

    def _version(self, ref: str, path: Path) -> str:
        try:
            stat = path.stat()
        except OSError:
            return ""
        if not path.is_file():
            return ""
        if _elsewhere(stat):
            return f"{stat.st_mtime_ns:x}.{stat.st_size:x}"
        seen = (stat.st_mtime_ns, stat.st_size)
        if self._hashes.get(ref, (None, ""))[0] != seen:
            try:
                self._hashes[ref] = (seen, hashlib.sha256(path.read_bytes()).hexdigest())
            except OSError:  # held by another program: reading it in full says so
                return f"{stat.st_mtime_ns:x}.{stat.st_size:x}"
        return self._hashes[ref][1]

    def _snapshot(self, ref: str, layout: Layout, *, to_write: bool = False) -> Snapshot:
        path = self._path(ref)
        if not path.is_file():
            if path.with_name(f".{path.name}.icloud").exists():
                raise Busy("sync.folder.not_here", where=ref)
            raise Gone("sync.folder.gone", where=ref)
        if to_write and (lock := open_elsewhere(path)) is not None:
            raise Busy("sync.folder.open", where=ref, value=lock.name)
        try:
            snapshot = read_book(path)
            copy = self._conflict(path, snapshot, layout)
        except OSError as error:
            raise _explained(error, ref) from error
        if copy is not None:
            raise Busy("sync.folder.conflict", where=ref, value=copy.name)
        return snapshot

    def _conflict(self, path: Path, snapshot: Snapshot, layout: Layout) -> Path | None:
        """A copy a sync program left beside the file: it says so, or it is named like one and holds the same rows."""
        stem = unicodedata.normalize("NFC", path.stem)
        for name in sorted(os.listdir(path.parent)):
            whole = unicodedata.normalize("NFC", name)
            if not whole.startswith(stem) or not whole.lower().endswith(path.suffix.lower()):
                continue
            rest, other = whole[len(stem) : -len(path.suffix)], path.with_name(name)
            if not rest or other in self._known:
                continue
            if _SAID.fullmatch(rest) or (_MAYBE.fullmatch(rest) and self._shares_rows(other, snapshot, layout)):
                return other
        return None

    def _shares_rows(self, other: Path, snapshot: Snapshot, layout: Layout) -> bool:
        try:
            copy = read_book(other)
        except BookError:
            return False  # no sheet of a partner
        mine, theirs = find_rows(snapshot, layout), find_rows(copy, layout)
        if mine is None or theirs is None or copy.grid(HQ_TAB) is None:
            return False
        return bool({*mine.keys().values()} & {*theirs.keys().values()})

    def _apply(self, ref: str, snapshot: Snapshot, edits: Edits) -> None:
        if not edits:
            return
        path = self._path(ref)
        journal = self.journal / Path(ref).parent
        try:
            journal.mkdir(parents=True, exist_ok=True)
            book = open_book(path, sha256=snapshot.sha256, inflated=snapshot.inflated, journal=journal)
            book.apply(edits)
        except BookLocked as error:
            raise Busy("sync.folder.changed", where=ref, value=str(error)) from error
        except OSError as error:
            raise _explained(error, ref) from error


def _elsewhere(stat: os.stat_result) -> bool:
    """Whether the file's content is still in the cloud."""
    windows = getattr(stat, "st_file_attributes", 0) & _ELSEWHERE_WINDOWS
    return bool(windows or getattr(stat, "st_flags", 0) & _ELSEWHERE_MAC)


def _forms(ref: str) -> tuple[str, str]:
    return unicodedata.normalize("NFC", ref), unicodedata.normalize("NFD", ref)


def _explained(error: OSError, ref: str) -> PortError:
    """What the system said, as the kind of trouble it is."""
    reason = error.strerror or str(error)
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return GridFull("sync.folder.full", where=ref)
        case errno.ENOENT | errno.ENOTDIR:
            return Gone("sync.folder.gone", where=ref)
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return NoAccess("sync.folder.no_access", where=ref, value=reason)
        case _:
            return Unavailable("sync.folder.system", where=ref, value=reason)
