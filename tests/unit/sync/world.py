"""A head office and a partner for the tests of the sync: a master in memory, and what a partner does to its sheet."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets_sync.cycle import Changes, Cycle, CycleReport, PartnerSetup
from sheets_sync.layout import layout_of
from sheets_sync.ledger import Ledger
from sheets_sync.model import Hq, KpiLine, MasterRow
from sheets_sync.ports.memory import MemoryPort

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sheets_sync.model import Cell, Review

NOON = dt.datetime(2026, 11, 23, 12, 0)
LAYOUT = layout_of(["service"], ["stage", "note"], spare=2)


@dataclass(slots=True)
class MemoryMaster:
    """The head office's workbook in memory: rows by partner, danggol's own columns, the new entries, the reviews."""

    rows_by: dict[str, dict[str, dict[str, Cell]]] = field(default_factory=dict)
    own: dict[str, dict[str, Cell]] = field(default_factory=dict)
    flags: dict[str, str] = field(default_factory=dict)
    filled: dict[str, dict[str, Cell]] = field(default_factory=dict)
    entered: dict[str, dict[str, dict[str, Cell]]] = field(default_factory=dict)
    reviews: dict[str, tuple[Review, ...]] = field(default_factory=dict)
    kpi: str = "90%"
    writes: int = 0
    fail: list[BaseException] = field(default_factory=list)

    @property
    def version(self) -> str:
        """Changes with everything that is in it."""
        return repr((self.rows_by, self.own, self.flags, self.filled, self.entered, self.reviews, self.kpi))

    @property
    def master(self) -> MemoryMaster:
        """Itself: it is open already."""
        return self

    def rows(self, partner: str) -> list[MasterRow]:
        """The partner's requests."""
        return [
            MasterRow(key, given, self.filled.get(key, {}), self.own.get(key, {}), self.flags.get(key, ""))
            for key, given in self.rows_by.get(partner, {}).items()
        ]

    def hq(self, partner: str) -> Hq:
        """One KPI."""
        return Hq(kpis=(KpiLine("10분 확인율", self.kpi, "90%", "정상", partner),))

    def entries(self, partner: str) -> Mapping[str, Mapping[str, Cell]]:
        """The new entries."""
        return self.entered.get(partner, {})

    def apply(self, changes: Mapping[str, Changes], when: dt.datetime) -> bool:
        """All or nothing; a waiting failure comes first."""
        del when
        if self.fail:
            raise self.fail.pop(0)
        before = self.version
        for partner, change in changes.items():
            for fill in change.fills:
                self.filled.setdefault(fill.key, {})[fill.field] = fill.value
            for entry in change.entries:
                self.entered.setdefault(partner, {})[entry.key] = dict(entry.cells)
            self.reviews[partner] = change.reviews
            if not change.reviews:
                del self.reviews[partner]
        self.writes += before != self.version
        return before != self.version


class QuickLedger(Ledger):
    """A ledger that doesn't wait for the disk: a killed process loses nothing by that, a power cut would."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._db.execute("pragma synchronous = off")


@dataclass(slots=True)
class World:
    """A master, one sheet for each partner, a ledger on disk, and a clock that goes on a minute a cycle."""

    folder: Path
    partners: tuple[str, ...] = ("한빛",)
    master: MemoryMaster = field(default_factory=MemoryMaster)
    port: MemoryPort = field(default_factory=MemoryPort)
    minute: int = 0
    ledger: Ledger | None = None

    def __post_init__(self) -> None:
        self.ledger = QuickLedger(self.folder / ".danggol" / "sync.sqlite")
        for partner in self.partners:
            self.port.prepare(partner, LAYOUT, partner)
        self.port.calls.clear()

    def sync(self, *, accept: tuple[str, ...] = (), dry_run: bool = False, sweep: bool = False) -> CycleReport:
        """One cycle. A crash leaves the ledger as a killed process would: opened anew by the next one."""
        self.minute += 1
        assert self.ledger is not None
        setups = [PartnerSetup(name, name) for name in self.partners]
        cycle = Cycle(setups, LAYOUT, self.port, self.ledger, "here", accept)
        now = NOON + dt.timedelta(minutes=self.minute)
        return cycle.run(self.master, now, dry_run=dry_run, sweep=sweep)

    def lead(self, key: str, service: str = "도배", partner: str = "한빛") -> None:
        """Head office gets a request for a partner."""
        self.master.rows_by.setdefault(partner, {})[key] = {"service": service}

    def rows(self, partner: str = "한빛") -> list[dict[str, Cell]]:
        """The partner's rows that are no spare ones."""
        return [r for r in self.port.sheets[partner].rows if not str(r.get("key") or "").startswith("N") or len(r) > 1]

    def row(self, key: str, partner: str = "한빛") -> dict[str, Cell]:
        """A partner's row, to be edited as the partner would."""
        self.touch(partner)
        return next(r for r in self.port.sheets[partner].rows if r.get("key") == key)

    def touch(self, partner: str = "한빛") -> None:
        """The partner changed something."""
        self.port.sheets[partner].version += 1
