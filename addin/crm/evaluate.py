"""KPI values by group: a tally's sums turned into points, and each point judged."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm import windows
from addin.crm.calendar import date_of, last_closed_week
from addin.crm.catalogue import Kpi, conversion_id, is_conversion
from addin.crm.flags import judge
from addin.crm.kpi_values import KpiValue
from addin.crm.message import Message, msg
from addin.crm.points import (
    COUNTS,
    MEASURES,
    Point,
    conversion,
    dependency,
    goals,
    herfindahl,
    ratio,
    stock,
    volatility,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from addin.crm.settings import Settings, Threshold
    from addin.crm.tally import Key, Tally
    from addin.crm.windows import Span

_COHORTS = (("aged", "returned"), ("ltv_n", "ltv_net"))
_PAST = 12  # weeks before, which a KPI without a target is compared with


def conversions(tally: Tally) -> dict[str, list[int]]:
    """The conversions of this team's funnel: KPI id → the steps they start from."""
    found: dict[str, list[int]] = {}
    for i in range(len(tally.steps) - 1):
        found.setdefault(conversion_id(tally.steps[i].label, tally.steps[i + 1].label), []).append(i)
    return found


def over(tally: Tally, kpi: Kpi, by: tuple[str, ...], days: Span | None) -> list[KpiValue]:
    """One KPI by group over some days; None = all rows, undated ones too."""
    shown = days or tally.days
    margin = tally.settings.margin
    past: dict[Key, Point] = {}
    if is_conversion(kpi.id):
        return _conversions(tally, kpi, by, days)
    if kpi.id == "SILENCE_4W":
        return _silence(tally, kpi, by)
    if kpi.id == "BACKUP":
        return _backup(tally, kpi, days)
    if kpi.id == "VOLATILITY":
        points = _volatilities(tally, by, windows.whole_weeks(shown))
    elif kpi.id == "MONTHLY_GOAL":
        shown = windows.goal_month(shown)
        points = goals(tally.sums(shown, ("partner",)), tally.roster, by)
    elif kpi.id == "DEPENDENCY":
        points = dependency(tally.sums(days, by))
    elif kpi.id == "HHI":
        points = herfindahl(tally.sums(days, (*by, "partner")))
    else:
        points = {key: ratio(kpi.id, sums, margin) for key, sums in tally.sums(days, by).items()}
        if kpi.own_past:
            before = tally.sums((shown[0] - _PAST * 7, shown[0] - 1), by)
            past = {key: ratio(kpi.id, sums, margin) for key, sums in before.items()}
    return _sorted(
        _judged(tally, kpi, by, key, point, shown, past.get(key))
        for key, point in points.items()
        if point.n or point.above or None not in key
    )


def growing(tally: Tally, kpi: Kpi, by: tuple[str, ...]) -> list[KpiValue]:
    """One KPI by group, each over as many closed weeks as its smallest sample takes, at most the window's.

    The facts of a cohort count in the week in which they become true: when the customer is old enough.
    """
    most, enough = kpi.window.weeks, tally.settings.thresholds[kpi.id].min_n
    last = last_closed_week(tally.as_of)
    weeks = range(last - most - _PAST + 1, last + 1)
    margin, own_past = tally.settings.margin, kpi.own_past
    found: list[KpiValue] = []
    for start in conversions(tally).get(kpi.id, ()) if is_conversion(kpi.id) else (None,):
        measures = MEASURES[kpi.id] if start is None else (f"step_{start}", f"step_{start + 1}")
        counts = COUNTS[kpi.id] if start is None else measures[:1]
        ages = {m: _age(m, tally.settings) for m in measures}
        weekly = {m: tally.weekly(_together(tally, m), weeks, by, age) for m, age in ages.items()}
        none = [0] * len(weeks)
        for key in tally.groups(by):
            series = {m: weekly[m][key].get(m, none) if key in weekly[m] else none for m in measures}
            take = max(windows.grown(series[m][: -most - 1 : -1], enough) for m in counts)
            sums = {m: sum(s[-take:]) for m, s in series.items()}
            point = ratio(kpi.id, sums, margin) if start is None else conversion(sums, start)
            if not (point.n or point.above) and None in key:
                continue
            before = {m: sum(s[-take - _PAST : -take]) for m, s in series.items()} if own_past else {}
            past = ratio(kpi.id, before, margin) if own_past else None
            first, end = windows.closed_weeks(tally.as_of, take)
            back = min(ages.values())
            value = _judged(tally, kpi, by, key, point, (first - back, end - back), past)
            found.append(value if start is None else replace(value, by={**value.by, "step": _step(tally, start)}))
    return _sorted(found)


def _together(tally: Tally, measure: str) -> tuple[str, ...]:
    """The measures counted in one go with this one: those that become true at the same age."""
    for cohort in _COHORTS:
        if measure in cohort:
            return cohort
    steps = tuple(f"step_{i}" for i in range(len(tally.steps)))
    return (*dict.fromkeys(m for found in MEASURES.values() for m in found if m not in sum(_COHORTS, ())), *steps)


def _age(measure: str, settings: Settings) -> int:
    """Days until a fact about a customer becomes true."""
    revisit, lifetime = _COHORTS
    return settings.revisit_days if measure in revisit else settings.ltv_weeks * 7 if measure in lifetime else 0


# -- the KPIs that are no plain sums -----------------------------------------------------------------------------------


def _conversions(tally: Tally, kpi: Kpi, by: tuple[str, ...], days: Span | None) -> list[KpiValue]:
    sums = tally.sums(days, by)
    found: list[KpiValue] = []
    for start in conversions(tally).get(kpi.id, ()):
        step = _step(tally, start)
        values = _sorted(
            _judged(tally, kpi, by, key, point, days or tally.days)
            for key, point in ((key, conversion(own, start)) for key, own in sums.items())
            if point.n or None not in key
        )
        found += [replace(value, by={**value.by, "step": step}) for value in values]
    return found


def _step(tally: Tally, start: int) -> str | Message:
    first, second = tally.steps[start].label, tally.steps[start + 1].label
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}→{second}"
    return msg("kpi.step", first=first, second=second)


def _silence(tally: Tally, kpi: Kpi, by: tuple[str, ...]) -> list[KpiValue]:
    """Days since the last touch; partnerships that have ended may be silent."""
    points: dict[Key, Point] = {}
    for name, day in tally.touches(by[0]).items():
        partner = tally.roster.find(name) if by[0] == "partner" else None
        if partner is None or not partner.ended:
            points[name,] = stock(tally.as_of - day)
    now = (tally.as_of, tally.as_of)
    return _sorted(_judged(tally, kpi, by, key, point, now) for key, point in points.items())


def _volatilities(tally: Tally, by: tuple[str, ...], weeks: range) -> dict[Key, Point]:
    counts = tally.weekly(("won",), weeks, by) if weeks else {}
    none = [0] * len(weeks)
    return {key: volatility(counts[key]["won"] if key in counts else none) for key in tally.groups(by)}


def _backup(tally: Tally, kpi: Kpi, days: Span | None) -> list[KpiValue]:
    """Candidates of each cluster; none at all is a breach only while we depend on a partner of that cluster."""
    depended: dict[str, Point] = {}
    if tally.has("requests", "partner") and tally.has("requests", "amount"):
        for (name,), point in dependency(tally.sums(days, ("partner",))).items():
            partner = tally.roster.find(name)
            if partner is not None and partner.cluster is not None:
                most = depended.get(partner.cluster, point)
                depended[partner.cluster] = max(most, point, key=lambda p: p.above)
    threshold = tally.settings.thresholds["DEPENDENCY"]
    found: list[KpiValue] = []
    for cluster, partners in tally.roster.clusters().items():
        names = tuple(p.name for p in partners if p.candidate)
        working = sum(not p.candidate and not p.ended for p in partners)
        given = {"DEPENDENCY": (depended[cluster], threshold)} if cluster in depended else {}
        now = (tally.as_of, tally.as_of)
        point = stock(len(names), n=max(working, 1))
        value = _judged(tally, kpi, ("cluster",), (cluster,), point, now, given=given)
        found.append(replace(value, detail=names))
    return _sorted(found)


# -- judging -----------------------------------------------------------------------------------------------------------


def _judged(
    tally: Tally,
    kpi: Kpi,
    by: tuple[str, ...],
    key: Key,
    point: Point,
    days: Span,
    past: Point | None = None,
    given: Mapping[str, tuple[Point, Threshold]] | None = None,
) -> KpiValue:
    threshold = tally.settings.thresholds[kpi.id]
    flag, rule = judge(kpi, point, threshold, past, given)
    detail: tuple[str, ...] = ()
    note: Message | None = None
    if kpi.id == "DEPENDENCY" and rule:
        if key[-1] is None:
            flag, rule, note = "ok", None, msg("flag.unassigned")
        else:
            detail = tally.roster.substitutes(key[-1])
    return KpiValue(
        kpi=kpi.id,
        by=dict(zip(by, key, strict=True)),
        value=point.value,
        numerator=point.numerator,
        denominator=point.denominator,
        n=point.n,
        threshold=threshold,
        flag=flag,
        window=_dates(days) if tally.span else None,
        excluded=point.excluded,
        detail=detail,
        rule=rule,
        past=past.value if past else None,
        note=note,
    )


@lru_cache(maxsize=1024)
def _dates(days: Span) -> tuple[dt.date, dt.date]:
    return date_of(days[0]), date_of(days[1])


def _sorted(values: Iterable[KpiValue]) -> list[KpiValue]:
    """The largest group first, names in order, rows without a name last."""

    def place(value: KpiValue) -> tuple[bool, float, list[str]]:
        names = [v for v in value.by.values() if isinstance(v, str)]
        size = value.denominator if value.kpi not in ("DEPENDENCY", "SILENCE_4W") else value.numerator
        return None in value.by.values(), -(size or 0), names

    return sorted(values, key=place)
