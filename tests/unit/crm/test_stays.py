"""Stays in a step: who moved on and when, who is still in, who takes no part."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import DAY
from addin.crm.stays import Items, ageing, waits

TODAY = 10
END = (TODAY + 1) * DAY
MOVES = [(0, "received_at", "confirmed_at"), (1, "confirmed_at", "won_at")]
Row = dict[str, Any]


def row(depth: int = 1, *, lost: bool = False, group: int = 0, timed: bool = True, **instants: int | None) -> Row:
    dates = ("received_at", "confirmed_at", "won_at", "completed_at")
    marks = {f"{date}__time": None if instants.get(date) is None else timed for date in dates}
    return {"_group": group, "_depth": depth, "_lost": lost, **{date: instants.get(date) for date in dates}, **marks}


def frame(rows: list[Row]) -> pl.DataFrame:
    kinds = {"_lost": pl.Boolean} | {f"{date}__time": pl.Boolean for date in ("received_at", "confirmed_at", "won_at")}
    return pl.DataFrame(
        rows, schema={name: kinds.get(name, pl.Int64) for name in row() if name != "completed_at__time"}
    )


def found(*rows: Row) -> list[tuple[Any, ...]]:
    return list(zip(*(column.tolist() for column in waits(frame(list(rows)), MOVES, TODAY)), strict=True))


@pytest.mark.parametrize(
    ("item", "stay"),
    [
        (row(2, received_at=100, confirmed_at=130), (0, 100, 130, True, False, 30)),
        (row(2, received_at=130, confirmed_at=100), (0, 130, 100, True, False, -30)),  # left out by whoever counts
        (row(1, received_at=100), (0, 100, END - 1, False, True, END - 101)),
        (row(1, received_at=100, lost=True, completed_at=160), (0, 100, 160, False, False, 60)),
        (row(2, received_at=9, confirmed_at=2 * DAY + 1, timed=False), (0, 9, 2 * DAY + 1, True, False, 2 * DAY)),
    ],
)  # fmt: skip
def test_a_stay_runs_until_the_next_step_or_today(item: Row, stay: tuple[Any, ...]) -> None:
    assert found(item)[:1] == [stay]


@pytest.mark.parametrize(
    "item",
    [
        row(1),  # nobody knows when it came
        row(1, received_at=END),  # it comes tomorrow
        row(1, received_at=END, lost=True, completed_at=END + 9),
        row(1, received_at=100, lost=True),  # lost, and nobody knows when
        row(1, received_at=100, lost=True, completed_at=90),
        row(0, received_at=100),
    ],
)
def test_who_takes_no_part(item: Row) -> None:
    assert found(item) == []


def test_of_two_groups_each_step_has_a_key_of_its_own() -> None:
    rows = [row(3, received_at=1, confirmed_at=2, won_at=5), row(2, group=1, received_at=3, confirmed_at=4)]
    assert [(key, closed) for key, _, _, closed, _, _ in found(*rows)] == [(0, True), (2, True), (1, True), (3, False)]


_INSTANTS = st.one_of(st.none(), st.integers(0, 14 * DAY))
_ITEMS = st.builds(
    row, st.integers(0, 3), lost=st.booleans(), group=st.integers(0, 2), timed=st.booleans(),
    received_at=_INSTANTS, confirmed_at=_INSTANTS, won_at=_INSTANTS, completed_at=_INSTANTS,
)  # fmt: skip


@given(st.lists(_ITEMS, max_size=6))
@settings(max_examples=80, deadline=None)
def test_stays_of_all_items_are_those_told_one_by_one(items: list[Row]) -> None:
    told = []
    for place, (step, start, end) in enumerate(MOVES):
        for item in items:
            came, left = item[start], item[end]
            moved = came is not None and item["_depth"] >= step + 2 and left is not None
            if came is None or not (moved or (item["_depth"] == step + 1 and came < END)):
                continue
            ended = left if moved else item["completed_at"] if item["_lost"] else END - 1
            if ended is None or not (moved or ended >= came):
                continue
            clock = item[f"{start}__time"] and (not moved or item[f"{end}__time"])
            duration = ended - came if clock else (ended // DAY - came // DAY) * DAY
            told.append((item["_group"] * 2 + place, came, ended, moved, not moved and not item["_lost"], duration))
    assert found(*items) == told


def test_ageing_is_longer_than_85_percent_of_those_that_left() -> None:
    left = [row(2, received_at=0, confirmed_at=minutes) for minutes in range(1, 101)]
    still = [row(1, received_at=END - 1 - minutes) for minutes in (85, 87)]
    assert ageing(waits(frame([*left, *still]), MOVES[:1], TODAY)) == {0: (2, 1)}


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 60), st.sampled_from(["left", "waits", "lost"]))))
@settings(max_examples=80, deadline=None)
def test_ageing_is_counted_as_a_quantile_in_proportion_says(stays: list[tuple[int, int, str]]) -> None:
    columns = [[s[0] for s in stays], [s[1] for s in stays], [s[2] == "left" for s in stays]]
    keys, durations, left = (np.array(c, dtype=t) for c, t in zip(columns, (np.int64, np.int64, bool), strict=True))
    still = np.array([s[2] == "waits" for s in stays], dtype=bool)
    told = {}
    for key in {s[0] for s in stays}:
        p85 = pl.Series(durations[(keys == key) & left]).quantile(0.85, "linear")
        waiting = [s[1] for s in stays if s[0] == key and s[2] == "waits"]
        told[key] = (len(waiting), None if p85 is None else sum(days > p85 for days in waiting))
    assert ageing(Items(keys, durations, durations, left, still, durations)) == told
