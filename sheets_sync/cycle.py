"""One sync of every partner: cheap probe → read what changed → merge → write → settle.

A partner that fails or is stopped by a brake is left as it was and said; the others go on. The order of writes makes a
crash anywhere harmless: the ledger's new state first (`Ledger.begin`), then leads, then ``_hq``, then the master in one
go for all partners, then the ledger settles what was written; what is not settled is read again next time.
What a partner filled in reaches the master even where nothing could be written into its sheet (open in Excel).
"""

from __future__ import annotations

import gc
import hashlib
import json
import time
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from itertools import count
from operator import attrgetter
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from addin.actions.progress import Step, quiet
from addin.errors import DanggolError
from sheets_sync.ledger import LedgerError, Settled, SyncRunning
from sheets_sync.merge import plan
from sheets_sync.model import Base
from sheets_sync.outcome import CycleReport, Outcome, sentence, told
from sheets_sync.ports.base import Gone, NotSignedIn, PortError, Unavailable

__all__ = ["Changes", "Cycle", "CycleReport", "Master", "MasterSource", "Outcome", "PartnerSetup", "sentence"]

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from sheets_sync.layout import Layout
    from sheets_sync.ledger import Ledger
    from sheets_sync.model import Brake, Cell, Entry, Fill, Hq, MasterRow, PartnerSheet, Plan, Review
    from sheets_sync.ports.base import Port

#: A partner is read in full at least this often: a probe may lag behind what a partner typed.
SWEEP_SECONDS: Final = 15 * 60
#: At most so many quiet partners are read in one cycle, those read longest ago first: a thousand at once would use up
#: the minute's quota, and a partner who asks for a refresh would wait.
SWEEPS: Final = 20
#: After so many partners in a row that could not be reached, one probe tells whether any can be.
UNREACHED: Final = 3
#: Brakes a person may let go of; a sheet without its sentinel or columns must be mended first.
LET_GO: Final = ("rows_gone", "all_changed", "mixed")


@dataclass(slots=True)
class Changes:
    """What one partner's sync wants of the master. ``reviews`` is the whole list, not what was added."""

    fills: tuple[Fill, ...] = ()
    entries: tuple[Entry, ...] = ()
    reviews: tuple[Review, ...] = ()


class Master(Protocol):
    """The head office's workbook as a sync sees it: read once, written once, every partner behind the choke point."""

    def rows(self, partner: str) -> Sequence[MasterRow]:
        """The partner's requests, as it may see them."""
        ...

    def hq(self, partner: str) -> Hq:
        """The partner's KPIs and what head office asks of it."""
        ...

    def entries(self, partner: str) -> Mapping[str, Mapping[str, Cell]]:
        """What the list of new entries holds of this partner, by key."""
        ...

    def apply(self, changes: Mapping[str, Changes], when: dt.datetime) -> bool:
        """Write fills, new entries and the review list in one plan; False where nothing had to be written.

        Raises `BookError` (open elsewhere, changed meanwhile …) and leaves the book as it was.
        """
        ...


class MasterSource(Protocol):
    """The master on disk: its version, cheaply, and the book itself once somebody needs it."""

    @property
    def version(self) -> str:
        """Changes whenever the file does."""
        ...

    @property
    def master(self) -> Master:
        """The book, opened at the first call."""
        ...


@dataclass(frozen=True, slots=True)
class PartnerSetup:
    """One partner of the configuration: its name in the master and where its sheet is."""

    name: str
    ref: str


def shown_digest(rows: Sequence[MasterRow], hq: Hq) -> str:
    """A digest of everything a partner is shown: whether head office changed anything since."""
    lines = sorted(rows, key=attrgetter("key"))  # a master that was sorted is no news
    shown = [(row.key, row.given, row.own, row.flag, row.ask) for row in lines]
    return hashlib.sha256(f"{json.dumps(shown)}{hq.kpis}{hq.asks}".encode()).hexdigest()


def _never() -> bool:
    return False


@dataclass(slots=True)
class Cycle:
    """Everything a cycle works with. ``owner`` names this machine and process in the lock.

    ``stopping`` is asked before each partner; ``seconds`` is a clock that only goes on, for the lock.
    """

    partners: Sequence[PartnerSetup]
    layout: Layout
    port: Port
    ledger: Ledger
    owner: str
    accept: Collection[str] = ()  # partners whose brake a person let go of
    step: Step = quiet
    stopping: Callable[[], bool] = _never
    seconds: Callable[[], float] = time.monotonic

    def run(self, source: MasterSource, now: dt.datetime, *, dry_run: bool = False, sweep: bool = False) -> CycleReport:
        """Sync every partner once. Raises what stops all of them: no sign-in, no network, another sync at work.

        The master is not even opened where neither it nor any partner's sheet changed. A dry run writes nothing and
        needs no lock.
        """
        held: AbstractContextManager[None] = nullcontext()
        with held if dry_run else self.ledger.lock(self.owner, now.timestamp()):
            return _Run(self, source, now, dry_run, self.seconds()).run(sweep)


@dataclass(slots=True)
class _Run:
    """One cycle in the making. ``unreached`` counts partners in a row whose sheet could not be reached."""

    cycle: Cycle
    source: MasterSource
    now: dt.datetime
    dry_run: bool
    began: float
    report: CycleReport = field(default_factory=CycleReport)
    read: list[_Read] = field(default_factory=list)
    unreached: int = 0
    opened: Master | None = None

    def run(self, sweep: bool) -> CycleReport:
        """Every partner, then the master."""
        cycle, report = self.cycle, self.report
        report.dry_run = self.dry_run
        known, seen = cycle.ledger.settled(), self.source.version
        versions = cycle.port.probe([p.ref for p in cycle.partners])
        due = self._due(known, sweep)
        try:
            for i, partner in enumerate(cycle.partners):
                if cycle.stopping():
                    report.stopped = True
                    break
                cycle.step("sync.progress", (i + 1) / (len(cycle.partners) + 1))
                was = known.get(partner.name, Settled())
                was = was if was.ref in ("", partner.ref) else Settled()  # another sheet than before
                self._partner(partner, was, versions.get(partner.ref, ""), seen, partner.name in due)
        except (NotSignedIn, Unavailable):
            self._settle()
            raise
        finally:
            gc.unfreeze()
        self._settle()
        return report

    def _due(self, known: Mapping[str, Settled], sweep: bool) -> set[str]:
        """The partners to be read although nothing is known to have changed."""
        names = {p.name for p in self.cycle.partners}
        if sweep:
            return names
        now = self.now.timestamp()
        last = sorted((was.swept_at, name) for name, was in known.items() if name in names and was.version)
        old = [name for at, name in last if abs(now - at) >= SWEEP_SECONDS]  # a clock may go back
        return {*old[:SWEEPS], *self.cycle.accept}

    def _partner(self, partner: PartnerSetup, was: Settled, version: str, seen: str, due: bool) -> None:
        """One partner; its own trouble is an outcome, what stops all of them is raised."""
        quiet_there = bool(version) and version == was.version and not due
        if quiet_there and was.master == seen:
            self.report.idle += 1
            return
        master, outcome = self._master(), Outcome(partner.name)
        try:
            if not version:
                raise Gone("sync.gone", where=partner.name, value=partner.ref)
            shown = shown_digest(master.rows(partner.name), master.hq(partner.name))
            if quiet_there and was.shown == shown:
                self.report.idle += 1
                if not self.dry_run:
                    self.cycle.ledger.same_master(partner.name, seen)
                return
            self.report.outcomes.append(outcome)
            self._sync(partner, outcome, master, Settled(version, shown, seen, self.now.timestamp(), partner.ref), was)
            self.unreached = 0
        except (SyncRunning, LedgerError, NotSignedIn):
            raise
        except DanggolError as error:
            outcome.error = str(error)
            self._failed(outcome, error)

    def _master(self) -> Master:
        """The master. Its cells are no garbage: looking through them again after every few partners costs a tenth."""
        found = self.source.master
        if found is not self.opened:
            gc.freeze()
            self.opened = found
        return found

    def _sync(self, partner: PartnerSetup, outcome: Outcome, master: Master, settled: Settled, was: Settled) -> None:
        """Read, merge, and write the partner's side."""
        ledger = self.cycle.ledger
        if self.dry_run:
            base = ledger.base(partner.name) if was.ref else Base()
            outcome.plan = told(self._merge(partner, base, master))
            return
        ledger.meet(partner.name, partner.ref)
        planned = self._merge(partner, ledger.base(partner.name), master)
        outcome.plan = told(planned)
        news = planned.reviews != ledger.reviews(partner.name)
        try:
            self._write(partner, planned)
        except PortError:
            if not outcome.brake:
                self.read.append(_Read(partner.name, outcome.plan, None, news))
            raise
        ledger.renew(self.cycle.owner, self.now.timestamp() + self.cycle.seconds() - self.began)
        if not outcome.brake:
            self.read.append(_Read(partner.name, outcome.plan, settled, news))

    def _failed(self, outcome: Outcome, error: DanggolError) -> None:
        """Note why a partner was left. Raises where no sheet at all can be reached."""
        if outcome not in self.report.outcomes:
            self.report.outcomes.append(outcome)
        if self.dry_run:
            return
        self._note(outcome.partner, "error", error=outcome.error)
        self.unreached = self.unreached + 1 if isinstance(error, Unavailable) else 0
        if self.unreached >= UNREACHED:
            self.cycle.port.probe([p.ref for p in self.cycle.partners])
            self.unreached = 0

    def _merge(self, partner: PartnerSetup, base: Base, master: Master) -> Plan:
        cycle, now = self.cycle, self.now
        sheet, entries = cycle.port.read(partner.ref, cycle.layout), master.entries(partner.name)
        day, second = f"{now:%y%m%d}", now.hour * 3600 + now.minute * 60 + now.second
        fresh = (f"N{day}-{n:04d}" for n in count(1)) if self.dry_run else cycle.ledger.numbers("N", day, second)
        rows = master.rows(partner.name)
        moved = [row.key for row in rows if base.header and row.filled and row.key not in base.keys]
        return plan(
            base,
            rows,
            sheet,
            cycle.layout,
            master.hq(partner.name),
            entries=entries,
            fresh_keys=_unused(fresh, sheet, entries),
            accept=LET_GO if partner.name in cycle.accept else (),
            former=cycle.ledger.elsewhere(partner.name, moved),
        )

    def _write(self, partner: PartnerSetup, planned: Plan) -> None:
        """The partner's side: leads, then ``_hq``. Never ``_hq`` where it is not sure that the leads are there."""
        ledger, port, layout = self.cycle.ledger, self.cycle.port, self.cycle.layout
        if planned.brake:
            self._note(partner.name, "brake", brake=planned.brake)
            return
        ledger.begin(partner.name, planned.base, planned.reviews)
        if planned.leads:
            port.append(partner.ref, layout, planned.leads)
        if planned.hq is not None:
            port.put_hq(partner.ref, layout, planned.hq, _at(self.now))

    def _settle(self) -> None:
        """The master's side, for all partners in one write; then the ledger calls settled what was written."""
        if not self.read:
            return
        ledger = self.cycle.ledger
        changes = {r.partner: Changes(r.plan.fills, r.plan.entries, r.plan.reviews) for r in self.read}
        postponed: Collection[str] = ()
        try:
            self.report.master_written = self.source.master.apply(changes, self.now)
        except DanggolError as error:
            self.report.master_error = str(error)
            postponed = {r.partner for r in self.read if r.plan.fills or r.plan.entries or r.news}
        for outcome in self.report.outcomes:
            outcome.postponed = outcome.partner in postponed
        for one in self.read:
            if one.settled is None:
                continue  # its sheet could not be written: noted already, and read again next time
            late = one.partner in postponed
            settled = one.settled._replace(version="") if late else one.settled
            if late:
                self._note(one.partner, "postponed", error=self.report.master_error)
            elif not one.plan.idle:
                ledger.log(_at(self.now), one.partner, "sync", **_summary(one.plan))
            why = self.report.master_error if late else ""
            ledger.commit(one.partner, one.plan.base.refresh, settled, _at(self.now), why)

    def _note(self, partner: str, event: str, *, error: str = "", brake: Brake | None = None) -> None:
        """Why a partner was left, for its status; the same reason in every cycle is one line of the log."""
        if self.cycle.ledger.fail(partner, error=error, brake=brake):
            detail = asdict(brake) if brake else {"text": error}
            self.cycle.ledger.log(_at(self.now), partner, event, **detail)


class _Read(NamedTuple):
    """A partner that was read. ``settled`` None: its sheet could not be written. ``news``: the reviews are others."""

    partner: str
    plan: Plan
    settled: Settled | None
    news: bool


def _unused(fresh: Iterator[str], sheet: PartnerSheet, entries: Mapping[str, Mapping[str, Cell]]) -> Iterator[str]:
    """Numbers that stand nowhere in the sheet: one that was given by a ledger that was lost is not given again."""
    taken = {*entries, *(row.key for row in sheet.rows), *(row.key for row in sheet.hq.rows)}
    yield from (key for key in fresh if key not in taken)


def _summary(plan: Plan) -> dict[str, object]:
    """A plan for the run log: the keys it touched, and how many of each."""
    keys = [*(lead.key for lead in plan.leads), *(f.key for f in plan.fills), *(e.key for e in plan.entries)]
    counts = {"leads": len(plan.leads), "fills": len(plan.fills), "entries": len(plan.entries)}
    filled = [[f.key, f.field, f.value] for f in plan.fills]
    return {"keys": keys, "hq": plan.hq is not None, **counts, "filled": filled}


def _at(now: dt.datetime) -> str:
    return f"{now:%Y-%m-%d %H:%M}"
