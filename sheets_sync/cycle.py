"""One sync of every partner: cheap probe → read what changed → merge → write → settle.

A partner that fails or is stopped by a brake is left as it was and said; the others go on. The order of writes makes a
crash anywhere harmless: the ledger's new state first (`Ledger.begin`), then leads, then ``_hq``, then the master in one
go for all partners, then the ledger settles what was written; what is not settled is read again next time.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from addin.actions.progress import Step, quiet
from addin.errors import BookError, DanggolError
from addin.i18n import say
from sheets_sync.ledger import Settled
from sheets_sync.merge import plan
from sheets_sync.ports.base import Gone

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

    from sheets_sync.layout import Layout
    from sheets_sync.ledger import Ledger
    from sheets_sync.model import Brake, Cell, Entry, Fill, Hq, MasterRow, Plan, Review
    from sheets_sync.ports.base import Port

#: A partner is read in full at least this often: a probe may lag behind what a partner typed.
SWEEP_SECONDS: Final = 15 * 60
#: Brakes a person may let go of; a sheet without its sentinel or columns must be mended first.
LET_GO: Final = ("rows_gone", "all_changed")


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


@dataclass(slots=True)
class Outcome:
    """What happened to one partner. ``plan`` None = it was not read; ``error`` a sentence."""

    partner: str
    plan: Plan | None = None
    error: str = ""
    postponed: bool = False

    @property
    def brake(self) -> Brake | None:
        """Why it was stopped."""
        return self.plan.brake if self.plan else None


@dataclass(slots=True)
class CycleReport:
    """One cycle: an outcome for each partner that was not idle, and how many were."""

    outcomes: list[Outcome] = field(default_factory=list)
    idle: int = 0
    master_written: bool = False
    master_error: str = ""
    dry_run: bool = False

    @property
    def exit_code(self) -> int:
        """4 where a brake stopped a partner, 1 where something failed, else 0."""
        if any(o.brake for o in self.outcomes):
            return 4
        return 1 if self.master_error or any(o.error for o in self.outcomes) else 0


def shown_digest(rows: Sequence[MasterRow], hq: Hq) -> str:
    """A digest of everything a partner is shown: whether head office changed anything since."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr((row.key, sorted(row.given.items()), sorted(row.own.items()), row.flag, row.ask)).encode())
    digest.update(repr((hq.kpis, hq.asks)).encode())
    return digest.hexdigest()


@dataclass(slots=True)
class Cycle:
    """Everything a cycle works with. ``owner`` names this machine and process in the lock."""

    partners: Sequence[PartnerSetup]
    layout: Layout
    port: Port
    ledger: Ledger
    owner: str
    accept: Collection[str] = ()  # partners whose brake a person let go of
    step: Step = quiet

    def run(self, source: MasterSource, now: dt.datetime, *, dry_run: bool = False, sweep: bool = False) -> CycleReport:
        """Sync every partner once. Raises what stops all of them: no sign-in, another sync at work.

        The master is not even opened where neither it nor any partner's sheet changed.
        """
        report = CycleReport(dry_run=dry_run)
        read: list[_Read] = []
        with self.ledger.lock(self.owner, now.timestamp()):
            versions = self.port.probe([p.ref for p in self.partners])
            for i, partner in enumerate(self.partners):
                self.step("sync.progress", (i + 1) / (len(self.partners) + 1))
                version = versions.get(partner.ref, "")
                changed = self._changed(partner, version, source, now, sweep=sweep, dry_run=dry_run)
                if changed is None:
                    report.idle += 1
                    continue
                outcome = Outcome(partner.name)
                report.outcomes.append(outcome)
                try:
                    if not version:
                        raise Gone("sync.gone", where=partner.name, value=partner.ref)
                    outcome.plan = self._merge(partner, source.master, now, dry_run=dry_run)
                    if not dry_run:
                        self._write(partner, outcome.plan, now)
                        self.ledger.renew(self.owner, now.timestamp())
                        if not outcome.brake:
                            read.append(_Read(partner.name, outcome.plan, changed))
                except DanggolError as error:
                    outcome.error = str(error)
                    if not dry_run:
                        self.ledger.fail(partner.name, error=outcome.error)
                        self.ledger.log(_at(now), partner.name, "error", text=outcome.error)
            if read:
                self._settle(source.master, read, report, now)
        return report

    def _changed(
        self, partner: PartnerSetup, version: str, source: MasterSource, now: dt.datetime, *, sweep: bool, dry_run: bool
    ) -> Settled | None:
        """What will be settled once the partner is synced; None where nothing changed on either side."""
        was = self.ledger.settled(partner.name)
        due = sweep or now.timestamp() - was.swept_at >= SWEEP_SECONDS or partner.name in self.accept
        quiet_there = bool(version) and version == was.version and not due
        if quiet_there and was.master == source.version:
            return None
        master = source.master
        shown = shown_digest(master.rows(partner.name), master.hq(partner.name))
        if quiet_there and was.shown == shown:
            if not dry_run:
                self.ledger.same_master(partner.name, source.version)
            return None
        return Settled(version, shown, source.version, now.timestamp())

    def _merge(self, partner: PartnerSetup, master: Master, now: dt.datetime, *, dry_run: bool) -> Plan:
        sheet = self.port.read(partner.ref, self.layout)
        day, second = f"{now:%y%m%d}", now.hour * 3600 + now.minute * 60 + now.second
        return plan(
            self.ledger.base(partner.name),
            master.rows(partner.name),
            sheet,
            self.layout,
            master.hq(partner.name),
            entries=master.entries(partner.name),
            fresh_keys=(f"N{day}-{n}" for n in count(1)) if dry_run else self.ledger.numbers("N", day, second),
            accept=LET_GO if partner.name in self.accept else (),
        )

    def _write(self, partner: PartnerSetup, planned: Plan, now: dt.datetime) -> None:
        """The partner's side: leads, then ``_hq``. Never ``_hq`` where it is not sure that the leads are there."""
        if planned.brake:
            self.ledger.fail(partner.name, brake=planned.brake)
            self.ledger.log(_at(now), partner.name, "brake", **asdict(planned.brake))
            return
        self.ledger.begin(partner.name, planned.base, planned.reviews)
        if planned.leads:
            self.port.append(partner.ref, self.layout, planned.leads)
        if planned.hq is not None:
            self.port.put_hq(partner.ref, self.layout, planned.hq, _at(now))

    def _settle(self, master: Master, read: Sequence[_Read], report: CycleReport, now: dt.datetime) -> None:
        """The master's side, for all partners in one write; then the ledger calls settled what was written."""
        changes = {r.partner: Changes(r.plan.fills, r.plan.entries, r.plan.reviews) for r in read}
        postponed: Collection[str] = ()
        try:
            report.master_written = master.apply(changes, now)
        except BookError as error:
            report.master_error = str(error)
            postponed = [name for name, change in changes.items() if change.fills or change.entries]
        for outcome in report.outcomes:
            outcome.postponed = outcome.partner in postponed
        for one in read:
            settled = one.settled._replace(version="") if one.partner in postponed else one.settled
            self.ledger.commit(one.partner, one.plan.base, settled, _at(now))
            if not one.plan.idle:
                self.ledger.log(_at(now), one.partner, "sync", **_summary(one.plan))


class _Read(NamedTuple):
    partner: str
    plan: Plan
    settled: Settled


def _summary(plan: Plan) -> dict[str, object]:
    """A plan for the run log: the keys it touched, and how many of each."""
    keys = [*(lead.key for lead in plan.leads), *(f.key for f in plan.fills), *(e.key for e in plan.entries)]
    counts = {"leads": len(plan.leads), "fills": len(plan.fills), "entries": len(plan.entries)}
    return {"keys": keys, "hq": plan.hq is not None, **counts}


def _at(now: dt.datetime) -> str:
    return f"{now:%Y-%m-%d %H:%M}"


def sentence(brake: Brake, partner: str) -> str:
    """Why a partner was stopped and what to do, in the user's language."""
    return say(f"sync.brake.{brake.kind}", partner=partner, count=brake.count, of=brake.of, what=brake.what)
