"""KPI values by group: a tally's sums turned into points, and each point judged."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm import customer_values, funnel_values, partner_values, windows
from addin.crm.calendar import date_of, last_closed_week, quarter_of_day
from addin.crm.catalogue import KPIS, Kpi, is_conversion
from addin.crm.cohort_facts import COHORTS, age_of
from addin.crm.flags import judge
from addin.crm.funnel_values import bottleneck, conversion_case, conversion_signs, conversions
from addin.crm.judged import Judged
from addin.crm.kpi_values import KpiValue
from addin.crm.message import Message, msg
from addin.crm.points import COUNTS, MEASURES, Case, Point, dependency, goals, herfindahl, ratio, volatility
from addin.crm.response_values import first_proposals

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from addin.crm.catalogue_types import Sign
    from addin.crm.settings import Threshold
    from addin.crm.tally import Key, Sums, Tally
    from addin.crm.windows import Span

_PAST = 12  # weeks before, which a KPI without a target is compared with
_BY_NUMERATOR = ("DEPENDENCY", "SILENCE_4W", "PIPE_STAGE")
_LONGEST = max(kpi.window.weeks for kpi in KPIS.values())
_Cases = dict["Key", Case]


def over(
    tally: Tally, kpi: Kpi, by: tuple[str, ...], days: Span | None, *, current: bool = False, worst: bool = False
) -> list[KpiValue]:
    """One KPI by group over some days; None = all rows, undated ones too.

    ``current``: it is what flags look at, so the month under way may speak. ``worst``: of groups with a name and a
    value no more than those that are worst off.
    """
    shown = days or tally.days
    if is_conversion(kpi.id):
        return _conversions(tally, kpi, by, days)
    now = (tally.as_of, tally.as_of)
    found: Mapping[Key, Case] | list[tuple[Key, Case]]
    given: Mapping[Key, Mapping[str, tuple[Point, Threshold]]] = {}
    match kpi.id:
        case "SILENCE_4W":
            found, shown = partner_values.silence(tally, by), now
        case "BACKUP":
            found, shown, given = partner_values.backup(tally), now, _dependencies(tally, days)
        case "PIPE_STAGE":
            found, shown = partner_values.pipeline(tally), now
        case "REPORT_MONTHLY":
            shown = windows.goal_month(shown)
            found = partner_values.reports(tally, by, shown, current)
        case "QUARTER_TIER":
            shown = windows.goal_quarter(shown)
            found = partner_values.quarter_ranks(tally, quarter_of_day(shown[0]))
        case "THROUGHPUT":
            found = customer_values.throughput(tally, by, shown)
        case "REGULAR_POOL":
            found, shown = customer_values.regular_pool(tally, by, shown[1]), (shown[1], shown[1])
        case "QUALITY_SCORE":
            found, shown = customer_values.quality(tally, by), now
        case "BOTTLENECK":
            found = {key: bottleneck(tally, sums) for key, sums in tally.sums(days, by).items()}
        case "STAGE_TIME":
            found = funnel_values.stage_times(tally, by, shown)
        case "AGEING":
            found, shown = funnel_values.ageing(tally, by), now
        case "FIRST_PROPOSAL":
            found = first_proposals(tally, by, days)
        case "VOLATILITY":
            found = _plain(_volatilities(tally, by, windows.whole_weeks(shown)))
        case "MONTHLY_GOAL":
            shown = windows.goal_month(shown)
            found = _plain(goals(tally.sums(shown, ("partner",)), tally.roster, by))
        case "DEPENDENCY":
            found = _plain(dependency(tally.sums(days, by)))
        case "HHI":
            found = _plain(herfindahl(_with_partner(tally, by, days)))
        case _:
            found = _ratios(tally, kpi, by, days, shown)
    pairs: Iterable[tuple[Key, Case]] = found.items() if isinstance(found, dict) else found
    if worst:
        pairs = _worst_off(kpi, pairs)
    judged = tally.judged((kpi.id, by)) if current and not given else Judged(kept=False)
    values: list[KpiValue] = []
    for n, (key, case) in enumerate(pairs):
        if case.point.n or case.point.above or None not in key:
            group = key if case.step is None else (*key, n)  # of a funnel several steps
            made_of = (key, case, shown)
            known = judged.find(group, made_of)
            if known is None:
                known = judged.keep(group, made_of, [_judged(tally, kpi, by, key, case, shown, given.get(key))])
            values += known
    return judged.in_order(values, _sorted)


def _worst_off(kpi: Kpi, pairs: Iterable[tuple[Key, Case]]) -> Iterable[tuple[Key, Case]]:
    """Those that stand worst of all groups with a name and a value; all, where none has both."""
    sign = 1 if kpi.direction == "lower" else -1
    valued = [(sign * case.point.value, key, case) for key, case in pairs if case.point.value is not None]
    named = [one for one in valued if None not in one[1]]
    last = max((value for value, _, _ in named), default=None)
    return pairs if last is None else [(key, case) for value, key, case in named if value == last]


def growing(tally: Tally, kpi: Kpi, by: tuple[str, ...]) -> list[KpiValue]:
    """One KPI by group, each over as many closed weeks as its smallest sample takes, at most the window's.

    The facts of a cohort count in the week in which they become true: when the customer is old enough.
    """
    if kpi.id == "FIRST_PROPOSAL":
        return _grown_rows(tally, kpi, by)
    most, enough = kpi.window.weeks, tally.settings.thresholds[kpi.id].min_n
    weeks = _recent(tally)
    own_past = kpi.own_past
    found: list[KpiValue] = []
    for start in conversions(tally).get(kpi.id, ()) if is_conversion(kpi.id) else (None,):
        measures, counts = _measures(tally, kpi, start)
        ages = {m: age_of(m, tally.settings) for m in measures}
        weekly = {m: tally.weekly(_together(tally, m), weeks, by, age) for m, age in ages.items()}
        signs = _signs(tally, kpi, start, by, windows.closed_weeks(tally.as_of, 1)[1])
        none, back = [0] * len(weeks), min(ages.values())
        judged = tally.judged((kpi.id, start, by))
        for key in tally.groups(by):
            series = {m: weekly[m][key].get(m, none) if key in weekly[m] else none for m in measures}
            sign = signs.get(key) if signs is not None else None
            made_of = [*series.values(), sign]
            if (known := judged.find(key, made_of)) is not None:
                found += known
                continue
            take = max(windows.grown(series[m][: -most - 1 : -1], enough) for m in counts)
            case = _case(tally, kpi, {m: sum(s[-take:]) for m, s in series.items()}, start)
            if not (case.point.n or case.point.above) and None in key:
                judged.keep(key, made_of, [])
                continue
            before = {m: sum(s[-take - _PAST : -take]) for m, s in series.items()} if own_past else {}
            past = ratio(kpi.id, before, tally.settings.margin) if own_past else None
            case = case._replace(past=past, signs=sign if signs is not None else case.signs)
            first, end = windows.closed_weeks(tally.as_of, take)
            value = _judged(tally, kpi, by, key, case, (first - back, end - back))
            found += judged.keep(key, made_of, [value])
    return tally.judged((kpi.id, by)).in_order(found, _sorted)


def _measures(tally: Tally, kpi: Kpi, start: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The measures of a KPI, and those that are its n."""
    if start is not None:
        return (f"step_{start}", f"step_{start + 1}"), (f"step_{start}",)
    if kpi.id == "BOTTLENECK":
        return tuple(f"step_{i}" for i in range(len(tally.steps))), ("step_0",)
    return MEASURES[kpi.id], COUNTS[kpi.id]


def _case(tally: Tally, kpi: Kpi, sums: Sums, start: int | None) -> Case:
    if start is not None:
        return conversion_case(tally, sums, start)
    return bottleneck(tally, sums) if kpi.id == "BOTTLENECK" else Case(ratio(kpi.id, sums, tally.settings.margin))


def _signs(
    tally: Tally, kpi: Kpi, start: int | None, by: tuple[str, ...], until: int
) -> Mapping[Key, frozenset[Sign] | None] | None:
    """The signs of each group's weekly chart; None where the KPI has none."""
    if start is None or not kpi.charted:
        return None
    return conversion_signs(tally, start, by, until, kpi.direction)


def _together(tally: Tally, measure: str) -> tuple[str, ...]:
    """The measures counted in one go with this one: those that become true at the same age."""
    for cohort in COHORTS:
        if measure in cohort:
            return cohort
    steps = tuple(f"step_{i}" for i in range(len(tally.steps)))
    aged = {m for cohort in COHORTS for m in cohort}
    return (*dict.fromkeys(m for found in MEASURES.values() for m in found if m not in aged), *steps)


# -- the KPIs that are no plain sums -----------------------------------------------------------------------------------


def _plain(points: Mapping[Key, Point]) -> _Cases:
    return {key: Case(point) for key, point in points.items()}


def _with_partner(tally: Tally, by: tuple[str, ...], days: Span | None) -> Mapping[Key, Sums]:
    """Sums by group and partner; of partners they stand already."""
    if by == ("partner",):
        return {(*key, *key): sums for key, sums in tally.sums(days, by).items()}
    return tally.sums(days, (*by, "partner"))


def _ratios(tally: Tally, kpi: Kpi, by: tuple[str, ...], days: Span | None, shown: Span) -> _Cases:
    margin = tally.settings.margin
    found = {key: Case(ratio(kpi.id, sums, margin)) for key, sums in tally.sums(days, by).items()}
    if kpi.own_past:
        before = tally.sums((shown[0] - _PAST * 7, shown[0] - 1), by)
        for key, case in found.items():
            found[key] = case._replace(past=ratio(kpi.id, before[key], margin) if key in before else None)
    return found


def _conversions(tally: Tally, kpi: Kpi, by: tuple[str, ...], days: Span | None) -> list[KpiValue]:
    sums = tally.sums(days, by)
    shown = days or tally.days
    found: list[KpiValue] = []
    for start in conversions(tally).get(kpi.id, ()):
        signs = _signs(tally, kpi, start, by, shown[1])
        cases = {key: conversion_case(tally, own, start) for key, own in sums.items()}
        found += _sorted(
            _judged(tally, kpi, by, key, case._replace(signs=signs.get(key)) if signs is not None else case, shown)
            for key, case in cases.items()
            if case.point.n or None not in key
        )
    return found


def _grown_rows(tally: Tally, kpi: Kpi, by: tuple[str, ...]) -> list[KpiValue]:
    """A KPI that is told by rows, each group over as many closed weeks as its smallest sample takes."""
    most, enough = kpi.window.weeks, tally.settings.thresholds[kpi.id].min_n
    found: list[KpiValue] = []
    left = set(tally.groups(by))
    for weeks in range(1, most + 1):
        days = windows.closed_weeks(tally.as_of, weeks)
        cases = first_proposals(tally, by, days)
        for key in sorted(left, key=str):
            case = cases.get(key, Case(Point(0, 0, 0, None, None)))
            if case.point.n >= enough or weeks == most:
                left.discard(key)
                if case.point.n or None not in key:
                    found.append(_judged(tally, kpi, by, key, case, days))
        if not left:
            break
    return _sorted(found)


def _volatilities(tally: Tally, by: tuple[str, ...], weeks: range) -> dict[Key, Point]:
    recent = _recent(tally)
    known = bool(weeks) and weeks[0] in recent and weeks[-1] in recent  # counted already, with all the others
    asked, span = (_together(tally, "won"), recent) if known else (("won",), weeks)
    counts = tally.weekly(asked, span, by) if weeks else {}
    first, none = (weeks[0] - span[0] if weeks else 0), [0] * len(weeks)
    points = {}
    for key in tally.groups(by):
        series = counts[key].get("won", none) if key in counts else none
        points[key] = volatility(series[first : first + len(weeks)] if key in counts else none)
    return points


def _recent(tally: Tally) -> range:
    """The closed weeks that growing windows and the weeks before them reach back to."""
    last = last_closed_week(tally.as_of)
    return range(last - _LONGEST - _PAST + 1, last + 1)


def _dependencies(tally: Tally, days: Span | None) -> dict[Key, dict[str, tuple[Point, Threshold]]]:
    """What a cluster's candidates are judged beside: how far we depend on a partner there."""
    threshold = tally.settings.thresholds["DEPENDENCY"]
    leaned = partner_values.leaned_on(tally, days)
    return {(cluster,): {"DEPENDENCY": (point, threshold)} for cluster, point in leaned.items()}


# -- judging -----------------------------------------------------------------------------------------------------------


def _judged(
    tally: Tally,
    kpi: Kpi,
    by: tuple[str, ...],
    key: Key,
    case: Case,
    days: Span,
    given: Mapping[str, tuple[Point, Threshold]] | None = None,
) -> KpiValue:
    threshold = tally.settings.thresholds[kpi.id]
    point = case.point
    if kpi.id == "QUARTER_TIER":
        threshold = replace(threshold, target=tally.settings.tier_expand)
    flag, rule = judge(kpi, point, threshold, case.past, given, case.signs)
    detail = case.detail
    note: Message | None = None
    if kpi.id == "DEPENDENCY" and rule:
        if key[-1] is None:
            flag, rule, note = "ok", None, msg("flag.unassigned")
        else:
            detail = tally.roster.substitutes(key[-1])
    named: dict[str, str | Message | None] = dict(zip(by, key, strict=True))
    if case.step is not None:
        named["step"] = case.step
    return KpiValue(
        kpi=kpi.id,
        by=named,
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
        past=case.past.value if case.past else None,
        note=note,
    )


@lru_cache(maxsize=1024)
def _dates(days: Span) -> tuple[dt.date, dt.date]:
    return date_of(days[0]), date_of(days[1])


def _sorted(values: Iterable[KpiValue]) -> list[KpiValue]:
    """The largest group first, names in order, rows without a name last; of a group the steps as they come."""

    def place(value: KpiValue) -> tuple[bool, float, list[str]]:
        named = value.by.keys() - {"step"}
        names = [v for d, v in value.by.items() if isinstance(v, str) and d != "step"]
        size = value.numerator if value.kpi in _BY_NUMERATOR else value.denominator
        size = -(value.numerator or 0) if value.kpi == "QUARTER_TIER" else size  # the first rank first
        return None in value.by.values(), 0 if "step" in value.by and not named else -(size or 0), names

    return sorted(values, key=place)
