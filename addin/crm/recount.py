"""A funnel's weeks counted again as they were known at the end of a day each: what is dated later has not happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, week_of
from addin.crm.reach import depth, moment_column, satisfied

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.funnel_steps import StepSpec
    from addin.crm.reach import Counting
    from addin.crm.settings import Settings
    from addin.crm.weekly import Counts, Recount


def recounted(
    frame: pl.DataFrame, specs: Sequence[StepSpec], settings: Settings, counting: Counting = "any"
) -> Recount:
    """Counts weeks again as they were known at the end of a day each; steps without a date count as they stand."""

    def count(days: Mapping[int, int]) -> Mapping[int, Counts]:
        import polars as pl

        first = moment_column(frame, specs[0])
        if first is None or not days:
            return {}
        numbers, ends = list(days), [(day + 1) * DAY for day in days.values()]
        week = week_of(pl.col(first))
        until = week.replace_strict(numbers, ends, default=None, return_dtype=pl.Int64)
        rows = frame.select(*_columns(frame, specs), _week=week, _until=until).filter(pl.col("_until").is_not_null())
        until = pl.col("_until")
        tests = []
        for spec, test in zip(specs, satisfied(rows, specs, settings, until), strict=True):
            moment = moment_column(rows, spec)
            known = test if moment is None else test & (pl.col(moment).is_null() | (pl.col(moment) < until))
            tests.append(known)
        far = rows.select("_week", _depth=depth(tests, counting))
        sizes = [(pl.col("_depth") > i).sum().alias(str(i)) for i in range(len(specs))]
        found = {row[0]: tuple(row[1:]) for row in far.group_by("_week").agg(sizes).iter_rows()}
        return {number: found.get(number, (0,) * len(specs)) for number in numbers}

    return count


def _columns(frame: pl.DataFrame, specs: Sequence[StepSpec]) -> list[str]:
    """The columns that say how far a row got."""
    told = {"stage", "won_at", *(name for spec in specs for name in (spec.column, spec.at) if name)}
    return [name for name in frame.columns if name.removesuffix("__time").removesuffix("__yes") in told]
