"""A partner's month: its KPIs against what was agreed, its weeks, its funnel, its defects, what comes next.

The report leaves the house, so it holds what both sides share and nothing else: the KPIs of `SHARED` (seed 000: monthly
goal, refunds, revisits, the SLA and the quality checks), never dependency, its substitutes, cost or margin; and only
what is grouped by, or cut to, this partner.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, date_of, last_closed_week, month_bounds, month_of_day, week_bounds, week_of_day
from addin.crm.catalogue import KPIS
from addin.crm.flags import percent
from addin.crm.measures import Measures
from addin.crm.message import Message, msg
from addin.crm.partner_tasks import reports_monthly
from addin.crm.report_defects import Defects, month_defects
from addin.crm.report_sides import Reciprocity, reciprocity, whole
from addin.crm.report_trends import Trend, trends

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.funnel import Funnel
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.kpi_values import KpiValue
    from addin.crm.settings import Settings
    from addin.crm.tasks import Task

#: The KPIs a partner may see of itself, in the order shown.
SHARED: Final = (*("RESP_10M", "SAMEDAY", "MONTHLY_GOAL", "REVISIT_RATE", "CLAIM_RATE", "REWORK_RATE", "REFUND_RATE"),)
#: The tasks a partner may hear of, as ``report.next.<kind>``.
SHARED_TASKS: Final = ("first_answer", "event_d7", "lead_time", "reproposal", "quote_expiring", "field_test")
WEEKS: Final = 26
FEWEST_WEEKS, MOST_WEEKS = 12, 52
NUMBERS_SHOWN: Final = 5
#: Ids named by a kind or a side, so that a test can look for each in the catalogue.
IDS: Final = (*(f"report.next.{kind}" for kind in (*SHARED_TASKS, "kpi", "defects", "none")),)


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One shared KPI: this month, the month before, and the growing window of closed weeks up to the month's end.

    Judged by the month where it has enough cases, else by the window (`judged`).
    """

    kpi: str
    month: KpiValue | None
    before: KpiValue | None
    recent: KpiValue | None

    @property
    def judged(self) -> KpiValue | None:
        """The value the flag comes from."""
        if self.month is not None and self.month.flag not in ("small_sample", "no_data"):
            return self.month
        return self.recent if self.recent is not None and self.recent.value is not None else self.month

    @property
    def by_window(self) -> bool:
        """Whether the month was too small and the window was judged."""
        return self.judged is not None and self.judged is not self.month


@dataclass(frozen=True, slots=True)
class PartnerReport:
    """Everything on the pages. Days since 1970.

    ``span``     the month's days, cut at ``as_of`` where the month is not over (``under_way``).
    ``weeks``    the ISO weeks of trend and funnel. ``totals``: requests, won and completed this month and before.
    ``defects``  None where the team keeps no such list, or the partner is no management office.
    """

    partner: str
    month: int
    as_of: int
    span: tuple[int, int]
    weeks: range
    kpis: tuple[KpiLine, ...] = ()
    totals: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    trends: tuple[Trend, ...] = ()
    funnel: Funnel | None = None
    defects: Defects | None = None
    office: bool = False
    contact: str = ""
    email: str = ""
    shared: Reciprocity = field(default_factory=Reciprocity)
    next: tuple[Message, ...] = ()

    @property
    def under_way(self) -> bool:
        """Whether the month is not over yet."""
        return self.span[1] < month_bounds(self.month)[1]

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell: no request in the weeks, no defect in the month."""
        return (
            not self.trends and not (self.defects and self.defects.common) and not any(map(any, self.totals.values()))
        )


class Reports:
    """The reports of one team's month: what all partners share is worked out once.

    ``frames``: records frames by table with ``partner_key`` (requests, partners) or ``partner`` resolved to it
    (activities, defects); ``as_of`` the day up to which things are known; ``steps`` the funnel, spoken; ``tasks`` the
    open tasks.
    """

    def __init__(
        self,
        frames: Mapping[str, pl.DataFrame],
        settings: Settings,
        month: int,
        as_of: int,
        *,
        steps: Sequence[StepSpec] = (),
        tasks: Iterable[Task] = (),
        weeks: int = WEEKS,
    ) -> None:
        self.frames, self.settings, self.month, self.as_of = frames, settings, month, as_of
        self.steps, self.tasks = tuple(steps), tuple(tasks)
        first, last = month_bounds(month)
        self.span = first, min(last, as_of)
        tables = {name: frames[name] for name in ("requests", "partners") if name in frames}
        known = Measures(tables, settings, as_of=date_of(as_of), steps=self.steps)
        then = known if as_of <= last else Measures(tables, settings, as_of=date_of(last), steps=self.steps)
        self.then = then.tally
        before = month_bounds(month - 1)
        self._month = _by_partner(known.compute(SHARED, by="partner", start=date_of(first), end=date_of(self.span[1])))
        self._before = _by_partner(
            known.compute(SHARED, by="partner", start=date_of(before[0]), end=date_of(before[1]))
        )
        self._recent = _by_partner(then.current(SHARED))
        self._sums = known.tally.sums(self.span, ("partner",)), known.tally.sums(before, ("partner",))
        end = last_closed_week(self.span[1])
        self.weeks = range(self._first_week(end - weeks + 1), end + 1)

    def _first_week(self, wanted: int) -> int:
        """No week before the data begins, but never fewer than the fewest."""
        span = self.then.span
        end = last_closed_week(self.span[1])
        return wanted if span is None else min(max(wanted, week_of_day(span[0])), end - FEWEST_WEEKS + 1)

    def partners(self) -> tuple[str, ...]:
        """The partners there is something to tell about: a request in the weeks or the month, or an open defect."""
        import polars as pl

        found: set[str] = set()
        requests, defects = self.frames.get("requests"), self.frames.get("defects")
        first = week_bounds(self.weeks[0])[0]
        if requests is not None and "received_at" in requests.columns:
            within = pl.col("received_at").is_between(first * DAY, (self.span[1] + 1) * DAY - 1)
            found |= set(requests.filter(within)["partner_key"].drop_nulls().to_list())
        if defects is not None and "partner" in defects.columns:
            for name in defects["partner"].drop_nulls().unique().to_list():
                if month_defects(_of(defects, "partner", name), *self.span, self.as_of).common:
                    found.add(name)
        order = [key for key in self.listed() if key in found]
        return (*order, *sorted(found - set(order)))

    def listed(self) -> list[str]:
        """The keys of the partners table, in its order."""
        partners = self.frames.get("partners")
        return [] if partners is None else [k for k in dict.fromkeys(partners["partner_key"].to_list()) if k]

    def known(self) -> tuple[str, ...]:
        """Every partner's key: the listed ones, then those only requests name."""
        requests = self.frames.get("requests")
        named = [] if requests is None else requests["partner_key"].drop_nulls().unique(maintain_order=True).to_list()
        return tuple(dict.fromkeys((*self.listed(), *named)))

    def of(self, partner: str) -> PartnerReport:
        """One partner's report."""
        rows = self.frames.get("partners")
        row = {} if rows is None else next(_of(rows, "partner_key", partner).iter_rows(named=True), {})
        requests = self.frames.get("requests")
        own = None if requests is None else _of(requests, "partner_key", partner)
        office = reports_monthly(row or {"name": partner})
        defects = self._defects(partner) if office else None
        lines = tuple(
            line
            for kpi in SHARED
            if (line := KpiLine(kpi, *(v.get((partner, kpi)) for v in (self._month, self._before, self._recent))))
            and any(v is not None and v.value is not None for v in (line.month, line.before, line.recent))
        )
        report = PartnerReport(
            partner=partner,
            month=self.month,
            as_of=self.as_of,
            span=self.span,
            weeks=self.weeks,
            kpis=lines,
            totals=self._totals(partner),
            trends=trends(self.then, self.settings, partner, self.weeks),
            funnel=self._funnel(own),
            defects=defects,
            office=office,
            contact=str(row.get("contact") or ""),
            email=str(row.get("email") or ""),
            shared=reciprocity(
                row, own, {line.kpi: line.month for line in lines}, self.settings, self.span, office=office
            ),
        )
        return replace(report, next=self._next(report))

    def _totals(self, partner: str) -> dict[str, tuple[int, int]]:
        now, before = (sums.get((partner,), {}) for sums in self._sums)
        return {name: (now.get(name, 0), before.get(name, 0)) for name in ("intakes", "won")}

    def _funnel(self, own: pl.DataFrame | None) -> Funnel | None:
        """The funnel of the requests received in the weeks of the trend."""
        import polars as pl

        from addin.crm.funnel import funnel

        if own is None or len(self.steps) < 2 or "received_at" not in own.columns:
            return None
        first = week_bounds(self.weeks[0])[0]
        within = own.filter(pl.col("received_at").is_between(first * DAY, (self.span[1] + 1) * DAY - 1))
        if within.is_empty():
            return None
        return funnel(within, self.steps, self.settings, as_of=self.as_of, cut=True, cohorts=0)

    def _defects(self, partner: str) -> Defects | None:
        frame = self.frames.get("defects")
        if frame is None or "partner" not in frame.columns:
            return None
        return month_defects(_of(frame, "partner", partner), *self.span, self.as_of)

    def _next(self, report: PartnerReport) -> tuple[Message, ...]:
        """What we do next, the pressing first: open requests by kind, defects, KPIs out of their threshold."""
        found = []
        kinds = Counter[str]()
        numbers: dict[str, list[str]] = {}
        for task in self.tasks:
            if task.partner == report.partner and task.kind in SHARED_TASKS:
                kinds[task.kind] += 1
                numbers.setdefault(task.kind, []).append(task.request if task.kind != "quote_expiring" else task.about)
        for kind in SHARED_TASKS:
            if kinds[kind]:
                told = [number for number in numbers[kind] if number]
                shown = ", ".join(told[:NUMBERS_SHOWN]) + (" …" if len(told) > NUMBERS_SHOWN else "")
                found.append(msg(f"report.next.{kind}", count=kinds[kind], numbers=shown or "–"))
        if report.defects and report.defects.open:
            oldest = max(defect.open_days for defect in report.defects.open)
            found.append(msg("report.next.defects", count=len(report.defects.open), days=oldest))
        for line in report.kpis:
            value = line.judged
            if value is not None and value.flag in ("breach", "warn") and line.kpi != "MONTHLY_GOAL":
                found.append(_miss(value))
        return tuple(found) or (msg("report.next.none"),)


def _miss(value: KpiValue) -> Message:
    """A KPI that misses its target, with its numbers."""
    shown, target = percent(value.value or 0, apart_from=value.target), percent(value.target or 0)
    above, below = (whole(n or 0) for n in (value.numerator, value.denominator))
    return msg("report.next.kpi", kpi=KPIS[value.kpi].name, value=shown, above=above, below=below, target=target)


def month_of(as_of: int) -> int:
    """The month a report is about by default: the last that is over at the end of day ``as_of``."""
    return month_of_day(as_of + 1) - 1


def _by_partner(values: Iterable[KpiValue]) -> dict[tuple[str, str], KpiValue]:
    """(partner, KPI) → value; wholes and groups without a name are left out."""
    found: dict[tuple[str, str], KpiValue] = {}
    for value in values:
        name = value.by.get("partner")
        if isinstance(name, str) and set(value.by) == {"partner"}:
            found[name, value.kpi] = value
    return found


def _of(frame: pl.DataFrame, column: str, partner: str) -> pl.DataFrame:
    import polars as pl

    return frame.filter(pl.col(column) == partner)
