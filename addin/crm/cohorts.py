"""The funnel week by week: cohorts of the first step's ISO week, grey while young, each against the one before.

Weekly because a month is slow and a day is noise (seed 004: 52 slides a year). A cohort's conversion is *open* (grey,
and never the constraint) until the week is so old that nine in ten of those who ever got that far had done so.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, last_closed_week, week_bounds, week_label
from addin.crm.constraint import Constraint, Step, Transition, diagnose
from addin.crm.stats import Change, compare

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

_RIPE = 0.9


@dataclass(frozen=True, slots=True)
class Week:
    """One ISO week's cohort: how many of it reached each step so far, its transitions and its constraint.

    ``closed``: the week itself is over. A transition with status ``open`` is still under way. ``changes`` holds each
    transition against the week before, where both are complete.
    """

    week: int
    reached: tuple[int | None, ...]
    transitions: tuple[Transition, ...]
    constraint: Constraint
    closed: bool
    changes: tuple[Change | None, ...]

    @property
    def label(self) -> str:
        """``2026-W47``."""
        return week_label(self.week)

    @property
    def open(self) -> bool:
        """Whether any of it is still under way."""
        return not self.closed or any(move.status == "open" for move in self.transitions)


def ripening(frame: pl.DataFrame, columns: Sequence[str | None]) -> tuple[float | None, ...]:
    """For each step after the first, the days by which nine in ten of those who got there were there; None = unknown.

    ``columns``: each step's instant column. Counted from the first step, as a cohort's age is.
    """
    import polars as pl

    first = columns[0] if columns else None
    wanted = {
        f"_ripe{i}": (pl.col(column) // DAY - pl.col(first) // DAY)
        for i, column in enumerate(columns)
        if i and column and first and column != first
    }
    if not wanted:
        return (None,) * max(len(columns) - 1, 0)
    found = frame.select(
        expr.filter(expr >= 0).quantile(_RIPE, "higher").alias(name) for name, expr in wanted.items()
    ).row(0, named=True)
    return tuple(found.get(f"_ripe{i}") for i in range(1, len(columns)))


def weeks(
    reached: Mapping[int, tuple[int | None, ...]],
    steps: Sequence[Step],
    *,
    last: int,
    limit: int,
    as_of: int | None = None,
    ripe: Sequence[float | None] = (),
    unit: str = "item",
) -> tuple[Week, ...]:
    """The ``limit`` weeks up to ``last``, oldest first, beginning no earlier than the first week that has anyone.

    ``reached``: week → counts by step; a week without rows between others had none. Without ``as_of`` every
    week counts as closed. ``ripe``: see `ripening`.
    """
    begin = max(min(reached, default=last + 1), last - limit + 1)
    found: list[Week] = []
    closed_until = last if as_of is None else last_closed_week(as_of)
    nobody = tuple(0 for _ in steps)
    for week in range(begin, last + 1):
        counts = reached.get(week, nobody)
        young = under_way(week, len(steps), closed_until, as_of, ripe)
        judged = diagnose(
            [replace(step, count=count) for step, count in zip(steps, counts, strict=True)],
            open_ones=young,
            unit=unit,
        )
        before = found[-1] if found else None
        changes = tuple(
            changed(before.transitions[i] if before else None, move) for i, move in enumerate(judged.transitions)
        )
        found.append(Week(week, counts, judged.transitions, judged.constraint, week <= closed_until, changes))
    return tuple(found)


def under_way(week: int, size: int, closed_until: int, as_of: int | None, ripe: Sequence[float | None]) -> set[int]:
    """The transitions (of ``size`` steps) that a week's cohort has not lived through yet; without ``as_of`` none."""
    if week > closed_until:
        return set(range(size - 1))
    if as_of is None:
        return set()
    age = as_of - week_bounds(week)[1]
    young = [days is not None and age < days for days in ripe]
    return {i for i in range(len(young)) if any(young[: i + 1])}


def changed(before: Transition | None, now: Transition) -> Change | None:
    """A transition against the week before; None unless both are complete."""
    complete = ("ok", "small_sample")
    if before is None or before.status not in complete or now.status not in complete:
        return None
    return compare(before.passed or 0, before.entered or 0, now.passed or 0, now.entered or 0)
