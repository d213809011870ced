"""The funnel of a table of counts (week × step × count), for what has no rows of its own: visitors, sign-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import minutes_of_text, week_of, week_of_label
from addin.crm.cohorts import weeks
from addin.crm.constraint import diagnose
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
    date of that week; counts are summed. A step a week does not mention is not known there, which is not 0.
    """
    import polars as pl

    settings = settings or Settings()
    known = frame.filter(pl.col("step").is_not_null() & pl.col("count").is_not_null())
    order = list(steps) or known["step"].unique(maintain_order=True).to_list()
    sums = known.group_by("week", "step").agg(pl.col("count").sum())
    by_week: dict[int, dict[str, int]] = {}
    total: dict[str, int] = {}
    for text, step, count in sums.iter_rows():
        total[step] = total.get(step, 0) + round(count)
        week = _week(text)
        if week is not None:
            there = by_week.setdefault(week, {})
            there[step] = there.get(step, 0) + round(count)
    found = with_targets([total.get(step) for step in order], order, [None] * len(order), settings)
    history = weeks(
        {week: tuple(counts.get(step) for step in order) for week, counts in by_week.items()},
        found,
        last=max(by_week, default=0),
        limit=cohorts,
        unit="person",
    )
    counts = tuple(step.count or 0 for step in found)
    return Funnel(diagnose(found, unit="person"), counts, (None,) * max(len(found) - 1, 0), None, None, weeks=history)


def _week(text: object) -> int | None:
    """A week cell: ``2026-W47`` or a date of that week."""
    label = week_of_label(str(text))
    if label is not None:
        return label
    minutes = minutes_of_text(str(text))
    return None if minutes is None else week_of(minutes)
