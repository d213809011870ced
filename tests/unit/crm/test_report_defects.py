"""Which defects a management office sees, and for how long they have been open."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.report_defects import in_a_home, month_defects

DAY = 1440
FIRST, LAST = 100, 130


def rows(*lines: tuple[str, int | None, int | None]) -> pl.DataFrame:
    """place, day found, day fixed."""
    return pl.DataFrame(
        {
            "place": [p for p, _, _ in lines],
            "found_at": [None if d is None else d * DAY + 600 for _, d, _ in lines],
            "fixed_at": [None if d is None else d * DAY for _, _, d in lines],
        },
        schema={"place": pl.String, "found_at": pl.Int64, "fixed_at": pl.Int64},
    )


@pytest.mark.parametrize(
    ("place", "home"),
    [
        ("101동 1203호", True),
        ("101동1203호 욕실", True),
        ("102-1504", True),
        ("1203호", True),
        ("103동 502", True),
        ("세대 내부", True),
        ("Unit 12", True),
        ("101동 공용 복도", False),
        ("지하주차장 B2", False),
        ("3호기 엘리베이터", False),
        ("2호선 쪽 출입구", False),
        ("옥상", False),
        ("", False),
    ],
)
def test_a_flats_number_says_it_is_somebodys_home(place: str, home: bool) -> None:
    assert in_a_home(place) is home


@pytest.mark.parametrize(
    ("found", "fixed", "listed", "days"),
    [
        (90, None, True, 50),  # older and still open: 140 − 90
        (90, 99, False, 0),  # mended before the month
        (90, 100, True, 10),
        (110, 112, True, 2),
        (110, 110, True, 0),
        (130, None, True, 10),
        (131, None, False, 0),  # found after the month
        (120, 150, True, 20),  # a day to come is not mended yet
    ],
)
def test_what_was_open_in_the_month_is_listed_as_it_stands_today(
    found: int, fixed: int | None, listed: bool, days: int
) -> None:
    told = month_defects(rows(("옥상", found, fixed)), FIRST, LAST, 140).common
    assert [d.open_days for d in told] == ([days] if listed else [])


def test_the_longest_open_comes_first_then_what_was_mended() -> None:
    told = month_defects(rows(("가", 110, 112), ("나", 120, None), ("다", 90, None)), FIRST, LAST, 130)
    assert [d.place for d in told.common] == ["다", "나", "가"]
    assert [d.place for d in told.open] == ["다", "나"]


def test_homes_and_those_without_a_day_are_only_counted() -> None:
    told = month_defects(rows(("101동 1203호", 110, None), ("옥상", None, None), ("옥상", None, 90)), FIRST, LAST, 130)
    assert (told.common, told.homes, told.undated) == ((), 1, 1)


def test_a_home_named_in_the_text_counts_where_there_is_no_place() -> None:
    frame = pl.DataFrame({"text": ["101동 1203호 누수"], "found_at": [110 * DAY]})
    assert month_defects(frame, FIRST, LAST, 130).homes == 1


DAYS = st.none() | st.integers(50, 160)


@given(st.lists(st.tuples(st.sampled_from(["옥상", "101동 1203호"]), DAYS, DAYS), max_size=20))
def test_no_defect_is_told_twice_and_no_day_is_negative(lines: list[tuple[str, int | None, int | None]]) -> None:
    told = month_defects(rows(*lines), FIRST, LAST, 140)
    assert len(told.common) + told.homes + told.undated <= len(lines)
    assert all(d.open_days >= 0 and "호" not in d.place for d in told.common)
    assert len(told.open) + len(told.fixed) == len(told.common)
