"""The KPIs of a team's tables: daily facts summed over a window and a group, judged against the team's thresholds.

`compute` answers a question (all rows, or any dates, by anything); `Measures.current` is what flags and refresh
look at: each KPI over its own window of closed weeks. Money is net revenue (amount − refund) of won requests;
acquisition cost comes from the spend table only.
"""

from __future__ import annotations

import difflib
from functools import cache
from typing import TYPE_CHECKING, Any

from addin.crm import windows
from addin.crm.calendar import day_of
from addin.crm.catalogue import KPIS, Kpi, is_conversion
from addin.crm.evaluate import growing, over
from addin.crm.funnel_values import conversions, timed
from addin.crm.kpi_values import KpiValue
from addin.crm.message import Message, msg
from addin.crm.points import whole
from addin.crm.tables import TABLES
from addin.crm.tally import PLACES, Tally

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.kept_facts import KeptFacts
    from addin.crm.remeasure import Remembered
    from addin.crm.settings import Settings
    from addin.crm.windows import Span

_SPEND = ("CAC", "LTV_CAC")
_STEPS = ("BOTTLENECK", "STAGE_TIME", "AGEING")  # told by the funnel's steps
_TRAILING = ("DEPENDENCY", "HHI")  # over the settings' own number of weeks
_FIELDS = ("partner", "assignee", "customer", "source", "service", "stage", "lost_reason", "referrer")


class UnknownDimensionError(ValueError):
    """``--by`` names nothing to group by; ``near`` is what was perhaps meant, ``known`` what there is."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        self.name = name
        self.known = tuple(known)
        self.near = next(iter(difflib.get_close_matches(name, known, n=1)), None)
        super().__init__(name)


def compute(
    tables: Mapping[str, Any],
    settings: Settings,
    *,
    kpis: Sequence[str] | None = None,
    by: str | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    as_of: dt.date | None = None,
    steps: Sequence[StepSpec] = (),
) -> list[KpiValue]:
    """Measure frames (pandas, polars, DuckDB, Spark) of the CRM's tables; see `Measures.compute`.

    >>> import polars as pl
    >>> from addin.crm.settings import Settings
    >>> requests = pl.DataFrame({"partner": ["한빛", "샛별"], "stage": ["수주", "수주"], "amount": [30_000, 70_000]})
    >>> [(v.by["partner"], v.value, v.flag) for v in compute({"requests": requests}, Settings(), kpis=["DEPENDENCY"])]
    [('샛별', 0.7, 'breach'), ('한빛', 0.3, 'warn')]
    """
    return Measures(tables, settings, as_of=as_of, steps=steps).compute(kpis, by=by, start=start, end=end)


class Measures:
    """The KPIs of one set of tables.

    ``tables``: field-id frames as `addin.crm.records` builds them, by table id. ``as_of``: the day up to which things
    are known; the last date in the data by default, never the clock. ``steps``: the funnel, for its conversions.
    ``kept``: results worked out before from requests that were partly the same; ``remembered``: the requests measured
    last as a whole (`addin.crm.remeasure`). ``through``: the days go on to
    ``as_of`` where the data ends before it: months over by then are closed, weeks without a row are empty ones.
    """

    def __init__(
        self,
        tables: Mapping[str, Any],
        settings: Settings,
        *,
        as_of: dt.date | None = None,
        steps: Sequence[StepSpec] = (),
        kept: KeptFacts | None = None,
        through: bool = False,
        remembered: Remembered | None = None,
    ) -> None:
        self.settings = settings
        self.tally = Tally(tables, settings, day_of(as_of) if as_of else None, steps, kept, through, remembered)

    @property
    def as_of(self) -> int:
        """The day up to which things are known."""
        return self.tally.as_of

    @property
    def span(self) -> Span | None:
        """The first and last day with any data, whatever ``as_of``; None without a date."""
        return self.tally.span

    def totals(self, start: dt.date, end: dt.date) -> dict[str, float]:
        """Measures of the days from ``start`` to ``end``: ``intakes``, ``won``, ``net`` (whole units), the others."""
        self._reduce([])
        return _shown(self.tally.sums((day_of(start), day_of(end)), ()).get((), {}))

    def by_partner(self, start: dt.date, end: dt.date) -> dict[str, dict[str, float]]:
        """The same for each partner that requests name."""
        if not self.tally.has("requests", "partner"):
            return {}
        self._reduce([])
        sums = self.tally.sums((day_of(start), day_of(end)), ("partner",))
        return {name: _shown(found) for (name,), found in sums.items() if name is not None}

    # -- what can be measured ------------------------------------------------------------------------------------------

    def missing(self, kpi: Kpi) -> tuple[str, ...]:
        """The fields that would switch a KPI on: of each group with none mapped, the first; empty = it is on."""
        if is_conversion(kpi.id):
            return () if kpi.id in conversions(self.tally) else ("requests.stage",)
        if kpi.id in _STEPS:
            return self._without_steps(kpi)
        return tuple(
            group[0] for group in kpi.needs if not any(self.tally.has(*field.split(".", 1)) for field in group)
        )

    def _without_steps(self, kpi: Kpi) -> tuple[str, ...]:
        """What a KPI of the funnel lacks: two steps, or the dates of two that follow each other."""
        if len(self.tally.steps) < 2:
            return ("requests.stage",)
        if kpi.id == "BOTTLENECK":
            return ()
        return () if timed(self.tally) else ("requests.confirmed_at", "requests.won_at")

    def dimensions(self) -> tuple[str, ...]:
        """What values can be grouped by: time, the partner's place, and the requests' text columns."""
        places = [place for place in PLACES if self.tally.has("partners", place)]
        return (*windows.PERIODS, *places, *self.tally.texts("requests"))

    def subjects(self) -> tuple[str, ...]:
        """Whom the ladder looks at beside partners: the assignee, where settings and columns say so."""
        chosen = self.settings.ladder_subject != "partner" and self.tally.has("requests", "assignee")
        return ("assignee",) if chosen else ()

    # -- answers -------------------------------------------------------------------------------------------------------

    def compute(
        self,
        kpis: Sequence[str] | None = None,
        *,
        by: str | None = None,
        start: dt.date | None = None,
        end: dt.date | None = None,
        whole: bool = False,
    ) -> list[KpiValue]:
        """KPIs over all rows (undated ones too), or over the days from ``start`` to ``end``.

        Without ``by``: the whole, then each KPI's own grain. With it: the parts, which add up to the whole for flow
        and derived KPIs; by week, month or quarter the days are shared out. What is off is listed with what it
        lacks, unless ``by`` is given and it was not asked for. ``whole``: a KPI that has a whole is shown by no grain,
        another by those of each grain that are worst off.
        `UnknownDimensionError`; `KeyError` for an unknown KPI.
        """
        if by is not None and by not in (*self.dimensions(), *PLACES, *_FIELDS):
            raise UnknownDimensionError(by, self.dimensions())
        first, last = self.tally.days
        if start is not None or end is not None:
            last = min(day_of(end), self.tally.as_of) if end is not None else self.tally.as_of
            first = day_of(start) if start is not None else min(first, last)
        bounded = (first, last) if start is not None or end is not None else None
        self._reduce([] if by is None or by in windows.PERIODS or by in PLACES else [by])
        found: list[KpiValue] = []
        for kpi in self._chosen(kpis):
            off = self._off(kpi, by)
            if off is not None:
                found += [off] if by is None or kpis is not None else []
            elif by in windows.PERIODS:
                for label, days in windows.periods(by, (first, last)):
                    group = ("partner",) if kpi.grains == ("partner",) else ()
                    found += [v._replace(by={by: label, **v.by}) for v in over(self.tally, kpi, group, days)]
            else:
                grains = self._grains(kpi) if by is None else [_grouped(kpi, by)]
                for grain in [()] if whole and () in grains else grains:
                    found += over(self.tally, kpi, grain, bounded, worst=whole and grain != ())
        return found

    def current(self, kpis: Sequence[str] | None = None) -> list[KpiValue]:
        """What flags and refresh look at: each KPI over its own closed window, the whole and its own grains.

        A growing window takes 1 to 13 closed weeks until n reaches the smallest sample, each group by itself;
        for customers' cohorts they are the weeks in which customers came of age.
        """
        self._reduce([])
        found: list[KpiValue] = []
        for kpi in self._chosen(kpis):
            off = self._off(kpi, None)
            if off is not None:
                found.append(off)
                continue
            for grain in self._grains(kpi):
                if kpi.window.kind == "growing":
                    found += growing(self.tally, kpi, grain)
                else:
                    found += over(self.tally, kpi, grain, self._window(kpi), current=True)
        return found

    def _window(self, kpi: Kpi) -> Span | None:
        """The days a KPI's flag looks at, where they are the same for every group; None = all there is."""
        as_of, kind = self.tally.as_of, kpi.window.kind
        if kind == "month":
            return windows.closed_month(as_of)
        if kind == "quarter":
            return windows.closed_quarter(as_of)
        if kind == "now" and kpi.kind == "cohort":
            return None
        if kpi.id == "REGULAR_POOL":
            return as_of, as_of
        weeks = self.settings.dependency_weeks if kpi.id in _TRAILING else kpi.window.weeks
        first, last = windows.closed_weeks(as_of, weeks)
        return first, as_of if kind == "to_date" else last

    # -- choosing ------------------------------------------------------------------------------------------------------

    def _chosen(self, kpis: Sequence[str] | None) -> list[Kpi]:
        """The KPIs asked for; by default all but the conversions of other teams' funnels."""
        if kpis is not None:
            return [KPIS[kpi] for kpi in kpis]
        told = conversions(self.tally) or {"CONV"}
        return [kpi for kpi in KPIS.values() if not is_conversion(kpi.id) or kpi.id in told]

    def _reduce(self, also: Sequence[str]) -> None:
        """Reduce the rows once to facts by all dimensions we are about to ask for."""
        wanted = (*(d for d in ("partner",) if self.tally.has("requests", d)), *self.subjects(), *also)
        self.tally.facts(tuple(d for d in dict.fromkeys(wanted) if self.tally.has("requests", d)))

    def _grains(self, kpi: Kpi) -> list[tuple[str, ...]]:
        grains = (*kpi.grains, *(self.subjects() if kpi.escalates else ()))
        there = [g for g in grains if g == "total" or self._names(kpi, g) or self.tally.has("partners", g)]
        return [() if grain == "total" else _grouped(kpi, grain) for grain in there]

    def _names(self, kpi: Kpi, by: str) -> bool:
        """Whether the requests name the groups of a dimension, or a KPI's partners are told by their own table."""
        listed = by == "partner" and any(field.startswith("partners.") for group in kpi.needs for field in group)
        return listed or self.tally.has("requests", by)

    def _off(self, kpi: Kpi, by: str | None) -> KpiValue | None:
        """Why a KPI says nothing here: a field is not mapped, or the grouping makes no sense for it."""
        missing, note = self.missing(kpi), None
        if not missing and by is not None and by not in windows.PERIODS:
            table = "partners" if by in PLACES else "requests"
            if not (self.tally.has("partners", by) if by in PLACES else self._names(kpi, by)):
                missing = (f"{table}.{by}",)
            elif kpi.id in _SPEND and not self.tally.has("spend", "partner" if by in PLACES else by):
                missing = (f"spend.{by}",)
        known = kpi.by
        if kpi.window.kind == "now" and kpi.kind == "rows":  # a state of today has no weeks
            known = known or tuple(d for d in self.dimensions() if d not in windows.PERIODS)
        if not missing and by is not None and known and by not in known:
            note = msg("flag.not_by", kpi=kpi.name, by=by, known=", ".join(known))
        if missing:
            note = msg("flag.off", kpi=kpi.name, fields=tuple(field_name(field) for field in missing))
        if note is None:
            return None
        threshold = self.settings.thresholds[kpi.id]
        return KpiValue(kpi.id, {}, None, None, None, 0, threshold, "no_data", None, off=missing, note=note)


@cache
def field_name(field: str) -> Message:
    """A field (``requests.referrer``) as people know it."""
    table, _, name = field.partition(".")
    found = next((f for t in TABLES if t.id == table for f in t if f.id == name), None)
    return msg("flag.field", ko=found.ko, en=found.en) if found else msg("flag.field", ko=name, en=name)


def _grouped(kpi: Kpi, by: str) -> tuple[str, ...]:
    """A group, and the partners within it where the KPI is about each partner's share."""
    return (by, "partner") if kpi.id == "DEPENDENCY" and by != "partner" else (by,)


def _shown(sums: Mapping[str, int]) -> dict[str, float]:
    """Measures for reading: money in whole units."""
    return {measure: whole(n) if measure in ("net", "ltv_net", "spend") else n for measure, n in sums.items()}
