"""Time in each step of a funnel, from the rows: who moved on and when, who is still in.

A stay runs from one step's instant to the next one's. Both with a time of day: minutes; else whole days. An item still
in the step is open at the end of ``as_of``; a lost one is open until its closing date, or takes no part.
Negative stays (a visit dated before its request) are left out and counted.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.calendar import DAY
from addin.crm.reach import moment_column
from addin.crm.survival import BITS, LONGEST, counted_medians, littles_days, spans

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from addin.crm.funnel_steps import StepSpec

    Numbers = NDArray[np.int64]
    Marks = NDArray[np.bool_]

_AGEING = 0.85
_NEVER = -(1 << 60)  # a minute before all others, of what never happened
_FEW = 40  # stays that are looked for one by one
_RATE_DAYS = 28  # what leaves a step is counted over the last four weeks


class Stay(NamedTuple):
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
    if not timed:
        return {}
    items = waits(frame, timed, as_of)
    fine = items.only(items.duration >= 0)
    negative = _counts(items.key[items.duration < 0])
    recent = _counts(fine.key[fine.closed & (fine.ended >= (as_of + 1 - _RATE_DAYS) * DAY)])
    left = _counts(fine.key[fine.closed])
    middle = {key: median for key, _, median in counted_medians(fine.key, fine.duration, fine.closed)}
    found: dict[tuple[int, int], Stay] = {}
    for key, (still, p85, old) in _standing(fine).items():
        group, place = divmod(key, len(timed))
        found[group, timed[place][0]] = Stay(
            median=_days(middle.get(key)),
            left=left.get(key, 0),
            open=still,
            p85=_days(p85),
            ageing=old / still if still and p85 is not None else None,
            littles=littles_days(still, recent.get(key, 0) / _RATE_DAYS),
            negative=negative.get(key, 0),
        )
    return found


def _counts(keys: Numbers) -> dict[int, int]:
    """How often each number from 0 on stands there."""
    import numpy as np

    found = np.bincount(keys)
    there = found.nonzero()[0]
    return dict(zip(there.tolist(), found[there].tolist(), strict=True))


class Items(NamedTuple):
    """Every item's stay in every step that can be timed, an array a column.

    ``key`` (group × transitions + transition's place in ``timed``), ``began``, ``ended`` (minutes), ``closed`` (it has
    moved on), ``waits`` (it is still in), ``duration`` (minutes; negative where it left before it came).
    """

    key: Numbers
    began: Numbers
    ended: Numbers
    closed: Marks
    waits: Marks
    duration: Numbers

    def only(self, marks: Marks) -> Items:
        """Those that are marked."""
        columns: list[Any] = [column[marks] for column in self]
        return Items(*columns)

    def changed(self, gone: Items, came: Items) -> Items | None:
        """Without some of them, and with others; None where many have gone, or one that is not among them."""
        import numpy as np

        stay = np.ones(len(self.key), dtype=bool)
        for one in zip(*gone, strict=True):
            alike = stay & (self.began == one[1])
            for column, value in zip(self, one, strict=True):
                alike &= column == value
            at = int(alike.argmax()) if len(alike) else 0
            if len(gone.key) > _FEW or not alike[at : at + 1].any():
                return None
            stay[at] = False
        columns: list[Any] = [np.concatenate([own[stay], more]) for own, more in zip(self, came, strict=True)]
        return Items(*columns)


def waits(frame: pl.DataFrame, timed: Sequence[tuple[int, str, str]], as_of: int) -> Items:
    """Every item's stay in every step that can be timed, step by step. Arrays: a plan takes longer than the answer of
    a small list."""
    import numpy as np

    keys = frame["_group"].to_numpy() * len(timed)
    parts = [_part(frame, keys + place, *move, as_of) for place, move in enumerate(timed)]
    return Items(*map(np.concatenate, zip(*parts, strict=True)))


def ageing(items: Items) -> dict[int, tuple[int, int | None]]:
    """Of `waits`: key → items still in, and those of them there longer than 85 % of what left (None: nothing did)."""
    found = _standing(items.only(items.duration >= 0))
    return {key: (still, None if p85 is None else old) for key, (still, p85, old) in found.items()}


def _standing(items: Items) -> dict[int, tuple[int, float | None, int]]:
    """Of each key's stays: items still in, what 85 % of those that left stayed within, and items in for longer."""
    import numpy as np

    # Key, stay and marks make one number to sort: putting numbers in order is ten times as fast as saying their order.
    rising = np.sort((items.key << BITS | items.duration) << 2 | items.closed.astype(np.int64) << 1 | items.waits)
    durations, closed, still_in = rising >> 2 & LONGEST, (rising & 2) > 0, (rising & 1) > 0
    found: dict[int, tuple[int, float | None, int]] = {}
    for start, end in zip(*(ends.tolist() for ends in spans(rising >> BITS + 2)), strict=True):
        own, waiting = durations[start:end], still_in[start:end]
        p85 = _p85(own[closed[start:end]])
        old = 0 if p85 is None else int(np.count_nonzero(waiting & (own > p85)))
        found[int(rising[start] >> BITS + 2)] = int(np.count_nonzero(waiting)), p85, old
    return found


def _p85(rising: Numbers) -> float | None:
    """What 85 % of some rising numbers are within, between two of them in proportion; None without any."""
    place = (len(rising) - 1) * _AGEING
    if place < 0:
        return None
    low, high = int(rising[int(place)]), int(rising[math.ceil(place)])
    return (place - int(place)) * (high - low) + low


def _part(rows: pl.DataFrame, keys: Numbers, i: int, start: str, end: str, as_of: int) -> Items:
    """One transition's items."""
    import numpy as np

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
    return Items(keys[at], began, ended, moved, ~moved & ~lost[at], duration)


def _filled(rows: pl.DataFrame, column: str, missing: int | bool) -> Any:
    """A column as numbers or marks, another one where a cell or the whole column is missing."""
    import polars as pl

    cells = rows[column] if column in rows.columns else pl.Series([missing]).new_from_index(0, rows.height)
    return (cells.fill_null(missing) if cells.null_count() else cells).to_numpy()


def _days(minutes: float | None) -> float | None:
    return None if minutes is None else minutes / DAY
