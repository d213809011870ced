"""The seven promises on real files: the same machine as in memory, the partner typing into an .xlsx with openpyxl."""

from __future__ import annotations

import hashlib
import itertools
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from addin.books.read import read_book
from sheets_sync.model import KEY
from sheets_sync.ports.folder import FolderPort
from sheets_sync.ports.memory import MemoryPort
from sheets_sync.ports.workbook import find_rows, parse
from tests.unit.sync.test_promises import Promises
from tests.unit.sync.world import LAYOUT, World

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pytest

    from sheets_sync.layout import Layout
    from sheets_sync.model import Hq, Lead, PartnerSheet

NIGHTLY = bool(os.environ.get("DANGGOL_NIGHTLY"))
EXAMPLES, STEPS = (2_000, 30) if NIGHTLY else (6, 15)
#: A column of the partner's own: which row is which, for the test alone.
MINE = "내 표시"


class FileSheet:
    """A partner's file as `MemorySheet` looks to a machine: rows to be edited, saved by changing ``version``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._rows: list[dict[str, Any]] = []
        self._seen: dict[str, dict[str, Any]] = {}
        self._fresh = itertools.count(1)
        self._sha256 = self._opened_sha256 = ""
        self._opened: Any = None

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as they stand: who edits them sees what we wrote a moment ago."""
        self.load()
        return self._rows

    def load(self) -> None:
        """Read the file's rows; one we know stays the same object."""
        sha256 = self._digest()
        if sha256 == self._sha256:
            return
        snapshot, self._sha256 = read_book(self.path), sha256
        found, self.hq = find_rows(snapshot, LAYOUT), parse(snapshot, LAYOUT, "").hq
        assert found is not None
        line = list(found.grid.rows[found.head - 1])
        columns = {at: "mine" for at, text in enumerate(line, 1) if text == MINE} | {
            at: field for field, at in found.columns().items() if field not in ("flag", "ask")
        }
        self._rows = []
        for row in range(found.head + 1, len(found.grid.rows) + 1):
            cells = {f: v for at, f in columns.items() if (v := found.grid.value(row, at)) is not None}
            if cells:
                known = self._seen.setdefault(str(cells.get("mine") or f"새 {next(self._fresh)}"), {})
                known.clear()
                known.update({KEY: None, **cells})
                self._rows.append(known)

    @property
    def version(self) -> int:
        """Of the file as it is."""
        self.load()
        return int(self._sha256[:15], 16)

    @version.setter
    def version(self, _number: int) -> None:
        """The partner saves."""
        book = self._book()
        sheet = book[LAYOUT.tab]
        headers = {c.header: c.field for c in LAYOUT.columns} | {MINE: "mine"}
        if MINE not in [cell.value for cell in sheet[1]]:
            sheet.cell(1, len(LAYOUT.columns) + 1).value = MINE
        columns = {headers[cell.value]: cell.column for cell in sheet[1]}
        sheet.delete_rows(2, sheet.max_row)
        used: set[str] = set()
        for at, row in enumerate(self._rows, 2):
            if row.get("mine") in (None, *used):
                row["mine"] = f"m{next(self._fresh)}"
            used.add(row["mine"])
            self._seen[row["mine"]] = row
            for field, value in row.items():
                sheet.cell(at, columns[field]).value = value
        book.save(self.path)
        self._sha256 = self._opened_sha256 = self._digest()

    def _digest(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()

    def _book(self) -> Any:
        """The file in the partner's program; read anew only where somebody else wrote it since."""
        import openpyxl

        sha256 = self._digest()
        if sha256 != self._opened_sha256:
            self._opened, self._opened_sha256 = openpyxl.load_workbook(self.path), sha256
        return self._opened


class FolderWire(MemoryPort):
    """A folder port with `MemoryPort`'s faults and partners who save between any two requests."""

    def __init__(self, home: Path) -> None:
        super().__init__()
        (home / "shared").mkdir()
        self.inner = FolderPort(home / "shared", home / "journal")

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """As the folder says."""
        names = [f"{ref}.xlsx" for ref in refs]
        return self._request("probe", lambda: {r[:-5]: v for r, v in self.inner.probe(names).items()})

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """The file."""
        return self._request("read", lambda: self.inner.read(f"{ref}.xlsx", layout))

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Into the file."""
        self._request("append", lambda: self.inner.append(f"{ref}.xlsx", layout, leads), unknown=True)
        self.sheets[ref].load()

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """Into the file."""
        self._request("put_hq", lambda: self.inner.put_hq(f"{ref}.xlsx", layout, hq, synced_at))
        self.sheets[ref].load()

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """A new file."""
        self.inner.prepare(f"{ref}.xlsx", layout, title)
        self.sheets[ref] = FileSheet(self.inner.root / f"{ref}.xlsx")  # type: ignore[assignment]
        return ref

    def _request(self, name: str, act: Any, *, unknown: bool = False) -> Any:
        for sheet in self.sheets.values():
            sheet.load()  # type: ignore[attr-defined]
        return super()._request(name, act, unknown=unknown)


class OnFolder(Promises):
    """The machine, on files."""

    @initialize()
    def begin(self) -> None:
        """An empty file and a master in memory."""
        super().begin()
        assert self.world.ledger is not None
        self.world.ledger.close()
        self.again = tempfile.TemporaryDirectory()
        home = Path(self.again.name)
        self.world = World(home, port=FolderWire(home))

    def teardown(self) -> None:
        """Let the files go."""
        super().teardown()
        if hasattr(self, "again"):
            self.again.cleanup()


def test_the_promises_hold_on_a_shared_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _handle: None)  # a killed process loses nothing by that
    run_state_machine_as_test(
        OnFolder,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate],  # files are slow: a failure is told as found
        ),
    )
