"""The funnel of a table of counts (week × step × count), for what has no rows of its own: visitors, sign-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import week_of, week_of_label
from addin.crm.cohorts import weeks
from addin.crm.constraint import diagnose
from addin.crm.dates import parse_instant
from addin.crm.funnel import Funnel, with_targets
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def step_counts_funnel(
    frame: pl.DataFrame, settings: Settings | None = None, *, steps: Sequence[str] = (), cohorts: int = 52
) -> Funnel:
    """The funnel of a step_counts frame (week, step, count), for what has no rows: visitors, sign-ups.

    ``steps``: their order; by default the order in which they first stand in the table. Weeks read ``2026-W47`` or a
    date of that week. A step a week does not mention is not known there, which is not 0: the whole is summed over the
    weeks that tell every step, and over all rows only where no week does.
    """
    import polars as pl

    settings = settings or Settings()
    known = frame.filter(pl.col("step").is_not_null() & pl.col("count").is_not_null())
    order = list(steps) or known["step"].unique(maintain_order=True).to_list()
    by_week: dict[int | None, dict[str, int]] = {}
    for text, step, count in known.group_by("week", "step").agg(pl.col("count").sum()).iter_rows():
        there = by_week.setdefault(_week(text), {})
        there[step] = there.get(step, 0) + round(count)
    complete = [there for there in by_week.values() if there.keys() >= set(order)]
    summed = complete or list(by_week.values())
    total = {step: sum(there.get(step, 0) for there in summed) for step in order if any(step in t for t in summed)}
    found = with_targets([total.get(step) for step in order], order, [None] * len(order), settings)
    history = weeks(
        {week: tuple(there.get(step) for step in order) for week, there in by_week.items() if week is not None},
        found,
        last=max((week for week in by_week if week is not None), default=0),
        limit=cohorts,
        unit="person",
    )
    counts = tuple(step.count or 0 for step in found)
    return Funnel(diagnose(found, unit="person"), counts, (None,) * max(len(found) - 1, 0), None, None, weeks=history)


def _week(text: object) -> int | None:
    """A week cell: ``2026-W47``, or any date of that week as `addin.crm.dates` reads one."""
    label = week_of_label(str(text))
    if label is not None:
        return label
    found = parse_instant(text).value
    return None if found is None else week_of(found.minutes)
