"""Time in each step of a funnel, from the rows: who moved on and when, who is still in.

A stay runs from one step's instant to the next one's. Both with a time of day: minutes; else whole days. An item still
in the step is open at the end of ``as_of``; a lost one is open until its closing date, or takes no part.
Negative stays (a visit dated before its request) are left out and counted.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from addin.crm.calendar import DAY
from addin.crm.classes import frozen
from addin.crm.reach import moment_column
from addin.crm.survival import littles_days, medians

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from addin.crm.funnel_steps import StepSpec

    Numbers = NDArray[np.int64]

_AGEING = 0.85
_NEVER = -(1 << 60)  # a minute before all others, of what never happened
_RATE_DAYS = 28  # what leaves a step is counted over the last four weeks


@frozen
class Stay:
    """One transition's waiting: days throughout.

    ``median`` Kaplan–Meier (None = fewer than half have left); ``left``/``open`` how many items; ``p85`` of those that
    left; ``ageing`` the share of open items older than that; ``littles`` the wait by Little's law at the pace of
    the last 28 days; ``negative`` items left out because they left before they came.
    """

    median: float | None
    left: int
    open: int
    p85: float | None
    ageing: float | None
    littles: float | None
    negative: int


def moves(frame: pl.DataFrame, specs: Sequence[StepSpec]) -> list[tuple[int, str, str]]:
    """The transitions that can be timed: (index, column it is entered at, column it is left at)."""
    columns = [moment_column(frame, spec) for spec in specs]
    found = []
    for i, (start, end) in enumerate(pairwise(columns)):
        if start and end and start != end:
            found.append((i, start, end))
    return found


def stays(frame: pl.DataFrame, timed: Sequence[tuple[int, str, str]], as_of: int) -> dict[tuple[int, int], Stay]:
    """(group, transition) → its `Stay`, at the end of day ``as_of``.

    ``frame`` carries Int64 ``_depth`` and ``_group`` and Boolean ``_lost``; ``timed`` is what `moves` gives.
    """
    import polars as pl

    if not timed:
        return {}
    items = waits(frame, timed, as_of)
    fine = items.lazy().filter(pl.col("duration") >= 0)
    summary = fine.group_by("key").agg(
        left=pl.col("closed").sum(),
        recent=(pl.col("closed") & (pl.col("ended") >= (as_of + 1 - _RATE_DAYS) * DAY)).sum(),
        **_standing(),
    )
    negative = dict(items.filter(pl.col("duration") < 0).group_by("key").len().iter_rows())
    middle = medians(fine.select(group="key", duration="duration", closed="closed"))
    found: dict[tuple[int, int], Stay] = {}
    for row in summary.collect(engine="in-memory").iter_rows(named=True):
        key, still, p85 = row["key"], row["still"], row["p85"]
        group, place = divmod(key, len(timed))
        found[group, timed[place][0]] = Stay(
            median=_days(middle.get(key)),
            left=row["left"],
            open=still,
            p85=_days(p85),
            ageing=row["old"] / still if still and p85 is not None else None,
            littles=littles_days(still, row["recent"] / _RATE_DAYS),
            negative=negative.get(key, 0),
        )
    return found


def waits(frame: pl.DataFrame | pl.LazyFrame, timed: Sequence[tuple[int, str, str]], as_of: int) -> pl.DataFrame:
    """Every item's stay in every step that can be timed, a line each.

    ``key`` (group × transitions + transition's place in ``timed``), ``began``, ``ended`` (minutes), ``closed`` (it has
    moved on), ``waits`` (it is still in), ``duration`` (minutes; negative where it left before it came).
    """
    import polars as pl

    rows = frame.lazy().collect(engine="in-memory")
    keys = rows["_group"].to_numpy() * len(timed)
    return pl.concat([_part(rows, keys + place, *move, as_of) for place, move in enumerate(timed)])


def ageing(items: pl.DataFrame) -> dict[int, tuple[int, int | None]]:
    """Of `waits`: key → items still in, and those of them there longer than 85 % of what left (None: nothing did)."""
    import polars as pl

    summary = items.lazy().filter(pl.col("duration") >= 0).group_by("key").agg(**_standing())
    rows = summary.collect(engine="in-memory").select("key", "still", "p85", "old").rows()
    return {key: (still, None if p85 is None else old) for key, still, p85, old in rows}


def _standing() -> dict[str, pl.Expr]:
    """Of a key's stays: items still in, what 85 % of those that left stayed within, and items still in for longer."""
    import polars as pl

    p85 = pl.col("duration").filter(pl.col("closed")).quantile(_AGEING, "linear")
    return {"still": pl.col("waits").sum(), "p85": p85, "old": (pl.col("waits") & (pl.col("duration") > p85)).sum()}


def _part(rows: pl.DataFrame, keys: Numbers, i: int, start: str, end: str, as_of: int) -> pl.DataFrame:
    """One transition's items (`waits`). Arrays: a plan takes longer than the answer of a small list."""
    import numpy as np
    import polars as pl

    today = (as_of + 1) * DAY
    depth, lost = rows["_depth"].to_numpy(), rows["_lost"].to_numpy()
    came, left = _filled(rows, start, _NEVER), _filled(rows, end, _NEVER)
    there = came != _NEVER
    moved = there & (depth >= i + 2) & (left != _NEVER)
    still = there & ~moved & (depth == i + 1) & (came < today)
    ended = np.where(moved, left, np.where(lost, _filled(rows, "completed_at", _NEVER), today - 1))
    at = (moved | (still & (ended >= came))).nonzero()[0]
    began, ended, moved = came[at], ended[at], moved[at]
    clock = _filled(rows, f"{start}__time", False)[at] & (~moved | _filled(rows, f"{end}__time", False)[at])
    duration = np.where(clock, ended - began, (ended // DAY - began // DAY) * DAY)
    columns = {"began": began, "ended": ended, "closed": moved, "waits": ~moved & ~lost[at], "duration": duration}
    return pl.DataFrame({"key": keys[at], **columns})


def _filled(rows: pl.DataFrame, column: str, missing: int | bool) -> Any:
    """A column as numbers or marks, another one where a cell or the whole column is missing."""
    import polars as pl

    cells = rows[column] if column in rows.columns else pl.Series([missing]).new_from_index(0, rows.height)
    return (cells.fill_null(missing) if cells.null_count() else cells).to_numpy()


def _days(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / DAY
