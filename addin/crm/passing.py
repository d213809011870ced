"""Who entered and who passed a transition, by day: what an experiment's before and after are counted from.

Each request is given the same number of days to get through, those in which nine of ten of all that ever passed had
done so: else the older side, which had longer, would always look better.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.before_after import LONGEST, WEEK, Window
from addin.crm.calendar import DAY
from addin.crm.constraint import diagnose
from addin.crm.funnel import reached, with_targets
from addin.crm.reach import depth, moment_column, satisfied

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

    from addin.crm.constraint import Constraint
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.settings import Settings


class Passing:
    """Who entered and who passed some transitions, by day; read once from the requests for all experiments."""

    def __init__(
        self, requests: pl.DataFrame, specs: Sequence[StepSpec], settings: Settings, wanted: Collection[int]
    ) -> None:
        import polars as pl

        moments = [moment_column(requests, spec) for spec in specs]
        held = [pl.col(column) // DAY for column in dict.fromkeys(column for column in moments if column)]
        tests = satisfied(requests, specs, settings, None)
        marks = [f"_mark{i}" for i in range(len(tests))]
        far = depth([pl.col(mark) for mark in marks], "any")
        frame = requests.select(*held, **dict(zip(marks, tests, strict=True))).with_columns(_depth=far)
        self._specs, self._settings = specs, settings
        self._days: dict[int, dict[int, tuple[int, int]]] = {}
        self._within: dict[int, int | None] = {}
        self._far: dict[int, list[int]] = {}
        for move in wanted:
            self._read(frame, moments, move)
        if moments[0]:
            for day, steps_far, rows in frame.group_by(moments[0], "_depth").len().iter_rows():
                if day is not None:
                    self._far.setdefault(day, [0] * (len(specs) + 1))[steps_far] += rows

    def _read(self, frame: pl.DataFrame, moments: Sequence[str | None], move: int) -> None:
        import polars as pl

        before = [column for column in reversed(moments[: move + 1]) if column]
        after = [column for column in moments[move + 1 :] if column]
        entered = pl.coalesce(before) if before else pl.lit(None, dtype=pl.Int64)
        left = pl.coalesce(after) if moments[move + 1] else pl.lit(None, dtype=pl.Int64)
        own = (
            frame.lazy()
            .filter(pl.col("_depth") > move)
            .select(day=entered, passed=pl.col("_depth") > move + 1, took=left - entered)
            .filter(pl.col("day").is_not_null())
            .collect()
        )
        took = own.filter(pl.col("passed") & (pl.col("took") >= 0))["took"].quantile(0.9, "higher")
        within = None if took is None else int(took)
        in_time = pl.col("passed")
        if within is not None:
            in_time = in_time & (pl.col("took").is_null() | (pl.col("took") <= within))
        daily = own.group_by("day").agg(pl.len(), in_time.sum().alias("passed"))
        self._within[move] = within
        self._days[move] = {day: (entered, passed) for day, entered, passed in daily.iter_rows()}

    def within(self, move: int) -> int | None:
        """The days by which nine in ten of those who pass have passed; None where no date tells."""
        return self._within[move]

    def first_day(self, move: int, default: int) -> int:
        """The first day anyone entered."""
        return min(self._days[move], default=default)

    def count(self, move: int, span: Window) -> Window:
        """A window with its numbers."""
        days = self._days[move]
        there = [days[day] for day in range(span.first, span.last + 1) if day in days]
        return span._replace(entered=sum(day[0] for day in there), passed=sum(day[1] for day in there))

    def constraint(self, day: int) -> Constraint | None:
        """What held the whole back in the thirteen weeks before a day; None where nobody came in then."""
        size = len(self._specs) + 1
        depths = [0] * size
        for before in range(day - LONGEST * WEEK, day):
            for i, rows in enumerate(self._far.get(before, ())):
                depths[i] += rows
        if not any(depths):
            return None
        labels, roles = [spec.label for spec in self._specs], [spec.role for spec in self._specs]
        return diagnose(with_targets(reached(depths), labels, roles, self._settings)).constraint
