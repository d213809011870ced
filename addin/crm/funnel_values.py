"""The KPIs of a team's funnel: conversions, the bottleneck, how long items stay in a step, how many are stuck there."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, last_closed_week
from addin.crm.catalogue import conversion_id
from addin.crm.message import Message, msg
from addin.crm.points import Case, Point, conversion, share
from addin.crm.signs import CHART_WEEKS, chart_signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.crm.bindings import Prepared
    from addin.crm.catalogue_types import Direction, Sign
    from addin.crm.stays import Items
    from addin.crm.tally import Key, Sums, Tally
    from addin.crm.windows import Span

#: Stays, groups, and the transitions that can be timed: (index, column entered at, column left at).
Waits = tuple["Items", list["Key"], list[tuple[int, str, str]]]
_PAST = 12  # weeks before, which a stay is compared with


def conversions(tally: Tally) -> dict[str, list[int]]:
    """The conversions of this team's funnel: KPI id → the steps they start from."""
    found: dict[str, list[int]] = {}
    for i in range(len(tally.steps) - 1):
        found.setdefault(conversion_id(tally.steps[i].label, tally.steps[i + 1].label), []).append(i)
    return found


def step_name(tally: Tally, start: int) -> str | Message:
    """A transition as people read it, ``가입→활성화``."""
    first, second = tally.steps[start].label, tally.steps[start + 1].label
    if isinstance(first, str) and isinstance(second, str):
        return f"{first}→{second}"
    return msg("kpi.step", first=first, second=second)


def conversion_case(tally: Tally, sums: Sums, start: int, signs: frozenset[Sign] | None = frozenset()) -> Case:
    """One passing rate of a group."""
    return Case(conversion(sums, start), signs=signs, step=step_name(tally, start))


def conversion_signs(
    tally: Tally, start: int, by: tuple[str, ...], until: int, direction: Direction
) -> Mapping[Key, frozenset[Sign] | None]:
    """Each group's signs on the weekly chart of a passing rate, up to the last week closed by day ``until``.

    A cohort is charted when nine in ten of those who ever got there were there by that age: younger ones would always
    look like a fall. Weeks without anybody are left out.
    """
    last = last_closed_week(until - _ripe(tally, start))
    weeks = range(last - CHART_WEEKS + 1, last + 1)
    here, there = f"step_{start}", f"step_{start + 1}"
    found: dict[Key, frozenset[Sign] | None] = {}
    for key, series in tally.weekly(tuple(f"step_{i}" for i in range(len(tally.steps))), weeks, by).items():
        pairs = zip(series.get(there, ()), series.get(here, ()), strict=True)
        found[key] = chart_signs([passed / entered for passed, entered in pairs if entered], direction)
    return found


def _ripe(tally: Tally, start: int) -> int:
    """Days until a cohort's conversion from step ``start`` is nearly complete."""
    from addin.crm.cohorts import ripening
    from addin.crm.reach import moment_column

    frame = tally.keyed(())[0]
    days = ripening(frame, [moment_column(frame, spec) for spec in tally.steps])
    return int(max((age for age in days[: start + 1] if age is not None), default=0))


def bottleneck(tally: Tally, sums: Sums) -> Case:
    """How sure it is which step holds a group back (`addin.crm.constraint`); n is what entered that step.

    With all targets met there is none, and that is sure: 0. Where it can't be told there is no value.
    """
    from addin.crm.constraint import diagnose
    from addin.crm.funnel import with_targets

    labels, roles = [spec.label for spec in tally.steps], [spec.role for spec in tally.steps]
    counts = [sums.get(f"step_{i}", 0) for i in range(len(labels))]
    judged = diagnose(with_targets(counts, labels, roles, tally.settings))
    found = judged.constraint
    if found.index is None or found.probability is None:
        clear = int(found.verdict == "none")
        return Case(Point(0, clear, counts[0] if counts else 0, None, None))
    move = judged.transitions[found.index]
    point = Point(*found.probability.as_integer_ratio(), move.entered or 0, None, None)
    return Case(point, signs=frozenset(["co_constraint"] if found.co else []), step=step_name(tally, found.index))


# -- from rows ---------------------------------------------------------------------------------------------------------


def stage_times(tally: Tally, by: tuple[str, ...], days: Span) -> list[tuple[Key, Case]]:
    """The median days in each step of what entered it within some days, open items censored; past: the 12 weeks before.

    n counts those that have left and those still in.
    """
    now, before = _medians(tally, by, days)
    _, keys, moves = _waits(tally, by)
    found = []
    for at, point in sorted(now.items()):
        group, place = divmod(at, len(moves))
        found.append((keys[group], Case(point, before.get(at), step=step_name(tally, moves[place][0]))))
    return found


def ageing(tally: Tally, by: tuple[str, ...]) -> list[tuple[Key, Case]]:
    """Of what stands in each step now, the share that has stood longer than 85 % of those that left it did."""
    from addin.crm import stays

    items, keys, moves = _waits(tally, by)
    found = []
    for at, (still, old) in sorted(stays.ageing(items).items()):
        group, place = divmod(at, len(moves))
        point = Point(0, 0, still, None, None) if old is None else share(old, still)
        found.append((keys[group], Case(point, step=step_name(tally, moves[place][0]))))
    return found


def _medians(tally: Tally, by: tuple[str, ...], days: Span) -> tuple[dict[int, Point], dict[int, Point]]:
    """Key of `_waits` → the median of what entered within some days; and of what did in the 12 weeks before."""
    from addin.crm.survival import counted_medians

    items, first = _waits(tally, by)[0], days[0] * DAY
    within = (items.began >= first - 7 * _PAST * DAY) & (items.began < (days[1] + 1) * DAY) & (items.duration >= 0)
    entered = items.only(within)
    found: tuple[dict[int, Point], dict[int, Point]] = {}, {}
    groups = entered.key << 1 | (entered.began < first)
    for group, count, middle in counted_medians(groups, entered.duration, entered.closed):
        at, earlier = divmod(group, 2)
        known = middle is not None
        point = Point(middle or 0, DAY if known else 0, count, middle / DAY if middle is not None else None, 1)
        found[earlier][at] = point
    return found


def _waits(tally: Tally, by: tuple[str, ...]) -> Waits:
    """Every stay in a step (`addin.crm.stays.waits`), the groups, and the transitions that can be timed."""
    from addin.crm.facts import step_columns

    columns = step_columns(tally.steps) | {"completed_at"}
    return tally.once(("waits", by), lambda: tally.kept("waits", columns, by, lambda: _waits_of(tally, by)))


def _waits_of(tally: Tally, by: tuple[str, ...]) -> Waits:
    from addin.crm.stays import moves, waits

    frame, keys = tally.keyed(by)
    found = moves(frame, tally.steps)
    again = tally.again() if not by else None
    before: Waits | None = again.once.told.get(("waits", by)) if again is not None else None
    if again is not None and before is not None and again.gone is not None and again.came is not None:
        gone, came = (_waits_of_rows(tally, side.own, found) for side in (again.gone, again.came))
        items = before[0].changed(gone, came)
        if items is not None:
            return items, keys, found
    return waits(frame.hstack(tally.reached()), found, tally.as_of), keys, found


def _waits_of_rows(tally: Tally, requests: Prepared, found: list[tuple[int, str, str]]) -> Items:
    """The stays of some requests, in one group."""
    import polars as pl

    from addin.crm.reach import reached
    from addin.crm.stays import waits

    rows, until = requests.native(), (tally.as_of + 1) * DAY
    far = reached(rows, tally.steps, tally.settings, until)
    return waits(rows.with_columns(_group=pl.lit(0, dtype=pl.Int64)).hstack(far), found, tally.as_of)


def timed(tally: Tally) -> bool:
    """Whether any two steps that follow each other have dates."""
    return tally.once("timed", lambda: _timed(tally))


def _timed(tally: Tally) -> bool:
    from addin.crm.reach import moment_column

    frame = tally.keyed(())[0]
    columns = [moment_column(frame, spec) for spec in tally.steps]
    return any(start and end and start != end for start, end in pairwise(columns))
