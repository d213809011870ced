"""The seven promises, for any order of edits on both sides, with faults and crashes at every request.

1 no partner edit is overwritten · 2 two fault-free cycles after the last edit both sides agree · 3 an idle cycle
writes nothing · 4 never more copies of a key than the partner made · 5 no write to rows without a key ·
6 a row a partner deleted is neither resurrected nor silently dropped · 7 a crash at any request loses nothing.
"""

from __future__ import annotations

import itertools
import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from addin.errors import BookLocked, DanggolError
from sheets_sync.ports.memory import Crash, MemoryPort
from tests.unit.sync.world import QuickLedger, World

NIGHTLY = bool(os.environ.get("DANGGOL_NIGHTLY"))
EXAMPLES = 2_500 if NIGHTLY else 60
FAULTS = st.lists(st.sampled_from(["", "", "before", "after", "crash_before", "crash_after"]), max_size=6)
WHO = "한빛"


class Promises(RuleBasedStateMachine):
    """One partner, one master; edits of the partner land between any two requests of ours."""

    @initialize()
    def begin(self) -> None:
        """An empty world."""
        self.folder = tempfile.TemporaryDirectory()
        self.world = World(Path(self.folder.name))
        self.number, self.value = itertools.count(), itertools.count(1)
        self.typed: dict[int, tuple[dict[str, Any], str, str]] = {}  # row identity → what the partner typed last
        self.copies: Counter[str] = Counter()
        self.gone: set[str] = set()
        self.by_hand: dict[str, str] = {}  # what somebody typed into danggol's column of the master

    def teardown(self) -> None:
        """Let the ledger go."""
        if hasattr(self, "world") and self.world.ledger:
            self.world.ledger.close()
            self.folder.cleanup()

    # -- head office ---------------------------------------------------------------------------------------------------

    @rule()
    def new_lead(self) -> None:
        """A new request."""
        self.world.lead(f"K{next(self.number)}")

    @rule(data=st.data(), what=st.sampled_from(["flag", "own", "given", "hand", "drop"]))
    def head_office(self, data: st.DataObject, what: str) -> None:
        """Head office flags a request, has its own value, changes what it gave, types over ours, drops the row."""
        rows = self.world.master.rows_by.get(WHO, {})
        if not rows:
            return
        key = data.draw(st.sampled_from(sorted(rows)))
        value = f"H{next(self.value)}"
        if what == "flag":
            self.world.master.flags[key] = value
        elif what == "own":
            self.world.master.own[key] = {"stage": value}
        elif what == "given":
            rows[key] = {"service": value}
        elif what == "hand":
            self.world.master.filled.setdefault(key, {})["stage"] = self.by_hand[key] = value
        else:
            del rows[key]

    # -- the partner; each lands before one of our next requests -------------------------------------------------------

    def _later(self, act: Any) -> None:
        def landed(port: MemoryPort) -> None:
            sheet = port.sheets[WHO]
            act(sheet.rows)
            sheet.version += 1

        self.world.port.pending.append(landed)

    @rule(i=st.integers(0, 6))
    def edit(self, i: int) -> None:
        """The partner types into a row, keyed or not."""
        value = f"P{next(self.value)}"

        def act(rows: list[dict[str, Any]]) -> None:
            if rows:
                row = rows[i % len(rows)]
                row["stage"] = value
                self.typed[id(row)] = (row, "stage", value)

        self._later(act)

    @rule()
    def sort(self) -> None:
        """The partner sorts."""
        self._later(lambda rows: rows.reverse())

    @rule(i=st.integers(0, 6))
    def insert(self, i: int) -> None:
        """The partner inserts a row of its own."""
        self._later(lambda rows: rows.insert(min(i, len(rows)), {"key": None, "note": "줄"}))

    @rule(i=st.integers(0, 6))
    def delete(self, i: int) -> None:
        """The partner deletes a row."""

        def act(rows: list[dict[str, Any]]) -> None:
            if rows:
                row = rows.pop(i % len(rows))
                self.typed.pop(id(row), None)
                key = row.get("key")
                if key and self._known(key) and not any(r.get("key") == key for r in rows):
                    self.gone.add(key)

        self._later(act)

    def _known(self, key: str) -> bool:
        assert self.world.ledger is not None
        return key in self.world.ledger.base(WHO).keys

    @rule(i=st.integers(0, 6), into=st.sampled_from([None, "X{}"]))
    def change_number(self, i: int, into: str | None) -> None:
        """The partner empties a row's number, or types another one."""
        number = into and into.format(next(self.value))

        def act(rows: list[dict[str, Any]]) -> None:
            if rows:
                row = rows[i % len(rows)]
                key, row["key"] = row.get("key"), number
                if key and self._known(key) and not any(r.get("key") == key for r in rows):
                    self.gone.add(key)

        self._later(act)

    @rule(i=st.integers(0, 6))
    def copy(self, i: int) -> None:
        """The partner copies a row."""

        def act(rows: list[dict[str, Any]]) -> None:
            if rows:
                row = dict(rows[i % len(rows)])
                rows.append(row)
                self.copies[str(row.get("key") or "")] += 1

        self._later(act)

    # -- the sync ------------------------------------------------------------------------------------------------------

    @rule(faults=FAULTS, locked=st.booleans())
    def sync(self, faults: list[str], locked: bool) -> None:
        """A cycle in which things go wrong; a crash opens the ledger anew."""
        self.world.port.faults = list(faults)
        self.world.master.fail = [BookLocked("book.open_elsewhere", where="b")] if locked else []
        try:
            self.world.sync(accept=(WHO,))
        except DanggolError:
            pass
        except Crash:
            assert self.world.ledger is not None
            self.world.ledger.close()
            self.world.ledger = QuickLedger(self.world.ledger.path)
        self.world.port.faults = []
        self.world.master.fail = []

    @rule()
    def settle(self) -> None:
        """Nobody edits any more: two cycles, and both sides agree; a third one writes nothing."""
        while self.world.port.pending:
            self.world.port.pending.pop(0)(self.world.port)
        for _ in range(2):
            report = self.world.sync(accept=(WHO,))
            assert report.exit_code == 0, [o.error or o.brake for o in report.outcomes]
        sheet, master = self.world.port.sheets[WHO], self.world.master
        before = (sheet.version, master.version)
        self.world.sync(accept=(WHO,))
        assert (sheet.version, master.version) == before, "3: an idle cycle wrote"
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in sheet.rows:
            rows.setdefault(str(row.get("key") or ""), []).append(row)
        told = {(r.kind, r.key) for r in master.reviews.get(WHO, ())}
        for key in master.rows_by.get(WHO, {}):
            if key not in rows:
                assert ("deleted", key) in told, f"6: {key} vanished silently"
                continue
            values = {row.get("stage") for row in rows[key]}
            ours = master.filled.get(key, {}).get("stage")
            if ("edited_master", key) in told:
                assert ours == self.by_hand[key]
                continue
            assert ours in values or len(values) > 1, f"2: {key} is {values} there and {ours} here"
            assert len(values) == 1 or ("duplicate_key", key) in told
            shown = {r.key: r.flag for r in sheet.hq.rows}
            assert shown[key] == master.flags.get(key, ""), f"2: the flag of {key}"
        for key, entry in master.entries(WHO).items():
            if key in rows and len(rows[key]) == 1:
                assert entry.get("stage") == rows[key][0].get("stage"), f"2: entry {key}"
        if any(not r.get("key") and (r.get("stage") or r.get("note")) for r in sheet.rows):
            assert ("no_key", "") in told, "5: a row without a key is not named"

    @invariant()
    def nothing_typed_is_overwritten(self) -> None:
        """1 and 5."""
        if hasattr(self, "world"):
            for row, field, value in self.typed.values():
                assert row[field] == value, f"1: {row} said {value}"

    @invariant()
    def nothing_typed_in_the_master_is_overwritten(self) -> None:
        """1, on the other side."""
        if hasattr(self, "world"):
            for key, value in self.by_hand.items():
                assert self.world.master.filled[key]["stage"] == value, f"1: {key} said {value}"

    @invariant()
    def no_copies_of_ours(self) -> None:
        """4 and 6."""
        if hasattr(self, "world"):
            counts = Counter(str(r.get("key") or "") for r in self.world.port.sheets[WHO].rows)
            for key, count in counts.items():
                assert not key or count <= 1 + self.copies[key], f"4: {key} stands {count} times"
                assert key not in self.gone or not key, f"6: {key} was resurrected"


def test_the_seven_promises_hold_whatever_happens() -> None:
    run_state_machine_as_test(
        Promises,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=30,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
