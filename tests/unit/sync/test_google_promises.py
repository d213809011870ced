"""The seven promises over HTTP: the machine of `test_promises` with unmodified gspread at the emulator.

Every fault Google is known for, and a crash, may strike at any single HTTP request; the partner's edits land before it.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import initialize, run_state_machine_as_test

from sheets_sync.emulator import start
from sheets_sync.model import KEY
from sheets_sync.ports.memory import Crash, MemoryPort
from tests.unit.sync.googles import port_at
from tests.unit.sync.test_promises import WHO, Promises
from tests.unit.sync.world import LAYOUT, World

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sheets_sync.emulator.server import Server
    from sheets_sync.layout import Layout
    from sheets_sync.model import Hq, Lead, PartnerSheet

NIGHTLY = bool(os.environ.get("DANGGOL_NIGHTLY"))
EXAMPLES, STEPS = (2_000, 30) if NIGHTLY else (6, 20)
#: A column of the partner's own: which row is which, for the test alone.
MINE = "내 표시"
#: What the emulator does for the machine's two words.
FAULTS = {
    "before": itertools.cycle(("before", "html", "429:7", "drop", "500")),
    "after": itertools.cycle(("after", "html_after", "drop_after", "half")),
}


class GoogleSheet:
    """A partner's spreadsheet as `MemorySheet` looks to a machine: rows to be edited, done by changing ``version``."""

    def __init__(self, server: Server, ref: str, hq: Callable[[], Hq]) -> None:
        self._server, self._ref, self._hq = server, ref, hq
        self._partner = server.partner(ref, tab=LAYOUT.tab)
        self._header = list(self._partner.row(1))
        tab = server.store.books[ref].titled(LAYOUT.tab)
        assert tab is not None
        if tab.rows > 9:  # fewer empty ones to look through in every request
            self._partner.delete_rows(9, tab.rows - 9)
        self._partner.type(f"{chr(65 + len(self._header))}1", MINE)
        headers = {c.header: c.field for c in LAYOUT.of("key", "hq", "partner")} | {MINE: "mine"}
        self._columns = [headers.get(text, "") for text in (*self._header, MINE)]
        self._seen: dict[str, dict[str, Any]] = {}
        self._fresh = itertools.count(1)
        self._at = -1
        self._rows: list[dict[str, Any]] = []

    @property
    def hq(self) -> Hq:
        """What ``_hq`` holds."""
        return self._hq()

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows as they stand: who edits them sees what we wrote a moment ago."""
        self.load()
        return self._rows

    def load(self) -> None:
        """Read the rows; one we know stays the same object."""
        now = self._server.store.files[self._ref].version
        if now == self._at:
            return
        self._at, self._rows = now, []
        for line in self._partner.rows()[1:]:
            cells = {f: text for f, text in zip(self._columns, line, strict=False) if f and text}
            if cells:
                known = self._seen.setdefault(str(cells.get("mine") or f"새 {next(self._fresh)}"), {})
                known.clear()
                known.update({KEY: None, **cells})
                self._rows.append(known)

    @property
    def version(self) -> int:
        """Drive's."""
        self.load()
        return self._at

    @version.setter
    def version(self, _number: int) -> None:
        """The partner's edit is done: the cells below the header are what the rows say."""
        used: set[str] = set()
        rows = self._rows
        for row in rows:
            if row.get("mine") in (None, *used):
                row["mine"] = f"m{next(self._fresh)}"
            used.add(row["mine"])
            self._seen[row["mine"]] = row
        height = max(len(self._partner.rows()), len(rows) + 1)
        lines = [[str(row.get(f) or "") for f in self._columns] for row in rows]
        lines += [[""] * len(self._columns)] * (height - 1 - len(lines))
        ours = {at for at, f in enumerate(self._columns) if not f}  # the two that look up
        for first, last in _runs([at for at in range(len(self._columns)) if at not in ours]):
            if lines:
                self._partner.paste(f"{chr(65 + first)}2", [line[first : last + 1] for line in lines])
        self._at = -1
        self.load()


def _runs(columns: list[int]) -> list[tuple[int, int]]:
    """Neighbouring columns together."""
    out: list[tuple[int, int]] = []
    for at in columns:
        if out and out[-1][1] == at - 1:
            out[-1] = (out[-1][0], at)
        else:
            out.append((at, at))
    return out


class GoogleWire(MemoryPort):
    """A Google port whose requests a fault, a crash or a partner's edit may strike, one by one."""

    def __init__(self, server: Server) -> None:
        super().__init__()
        self.server = server
        self.ids: dict[str, str] = {}
        self._begin()

    def _begin(self) -> None:
        """A new process: nothing is remembered."""
        self.inner = port_at(self.server)
        send = self.inner.client.session.request

        def struck(*args: Any, **more: Any) -> Any:
            for sheet in self.sheets.values():
                sheet.load()  # type: ignore[attr-defined]
            if self.pending:
                self.pending.pop(0)(self)
            fault = self.faults.pop(0) if self.faults else ""
            if fault == "crash_before":
                raise Crash
            self.server.script([next(FAULTS[fault])] if fault in FAULTS else [])
            answer = send(*args, **more)
            if fault == "crash_after":
                raise Crash
            return answer

        self.inner.client.session.request = struck  # type: ignore[method-assign]

    def _asked(self, name: str, act: Callable[[], Any]) -> Any:
        self.calls[name] = self.calls.get(name, 0) + 1
        try:
            return act()
        except Crash:
            self.close()
            self._begin()
            raise
        finally:
            self.server.script([])

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Drive's versions."""
        found = self._asked("probe", lambda: self.inner.probe([self.ids[ref] for ref in refs]))
        return {ref: found[id] for ref, id in self.ids.items() if id in found}

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """The spreadsheet."""
        found: PartnerSheet = self._asked("read", lambda: self.inner.read(self.ids[ref], layout))
        return found

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Under everything."""
        self._asked("append", lambda: self.inner.append(self.ids[ref], layout, leads))

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """The whole tab."""
        self._asked("put_hq", lambda: self.inner.put_hq(self.ids[ref], layout, hq, synced_at))

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """A new spreadsheet, laid out."""
        made = self.ids[ref] = self.server.create(title)
        self.inner.prepare(made, layout, title)
        looker = self.looker = port_at(self.server)
        self.sheets[ref] = GoogleSheet(self.server, made, lambda: looker.read(made, layout).hq)  # type: ignore[assignment]
        return ref

    def close(self) -> None:
        """Let the connections go."""
        self.inner.client.session.close()


class OnGoogle(Promises):
    """The machine, over HTTP."""

    server: Server

    @initialize()
    def begin(self) -> None:
        """An empty spreadsheet and a master in memory."""
        super().begin()
        assert self.world.ledger is not None
        self.world.ledger.close()
        self.again = tempfile.TemporaryDirectory()
        self.wire = GoogleWire(self.server)
        self.world = World(Path(self.again.name), port=self.wire)

    def teardown(self) -> None:
        """Let the files and connections go."""
        super().teardown()
        if hasattr(self, "again"):
            self.wire.close()
            self.wire.looker.client.session.close()
            self.again.cleanup()
            with self.server.lock:  # the next story's lists are not longer for it
                self.server.store.files.clear()
                self.server.store.books.clear()
                self.server.log.clear()


def test_the_promises_hold_over_http() -> None:
    with start() as OnGoogle.server:
        run_state_machine_as_test(
            OnGoogle,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )


def test_the_machine_sees_what_the_partner_sees_and_types_where_it_types() -> None:
    with start() as server, tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder), port=(wire := GoogleWire(server)))
        world.lead("R1")
        world.sync()
        world.sync()
        sheet = wire.sheets[WHO]
        sheet.version += 0
        assert sheet.rows[0]["key"] == "R1"
        assert len(sheet.rows) == 1 + LAYOUT.spare
        sheet.rows[0]["stage"] = "완료"
        sheet.rows.reverse()
        sheet.version += 1
        world.sync()
        assert world.master.filled == {"R1": {"stage": "완료"}}
        assert wire.read(WHO, LAYOUT).rows[-1].key == "R1"
        for port in (wire, wire.looker):
            (port.inner if isinstance(port, GoogleWire) else port).client.session.close()
        assert world.ledger is not None
        world.ledger.close()
