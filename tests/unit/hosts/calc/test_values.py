"""Number formats in Excel's spelling, dates by serial number, cells as runs."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.hosts.calc.xl.box import _jump
from addin.hosts.calc.xl.styled import number_of, rgb
from addin.hosts.calc.xl.values import excel_code, moment, runs


@pytest.mark.parametrize(
    ("calc", "excel"),
    [
        ("YYYY-MM-DD HH:MM:SS", "yyyy-mm-dd hh:mm:ss"),
        ('YYYY"년" M"월"', 'yyyy"년" m"월"'),
        ("[$₩-412]#,##0", "[$₩-412]#,##0"),
        ("[RED]0;[BLUE]-0", "[Red]0;[Blue]-0"),
        ("[HH]:MM", "[hh]:mm"),
        ("H:MM AM/PM", "h:mm AM/PM"),
        (r"0\M", r"0\M"),
        ("@", "@"),
    ],
)
def test_a_number_format_is_spelled_as_excel_does(calc: str, excel: str) -> None:
    assert excel_code(calc) == excel


def test_a_serial_number_counts_from_the_books_own_day() -> None:
    assert moment(0.5, dt.datetime(1904, 1, 1)) == dt.datetime(1904, 1, 1, 12)
    assert moment(46327.395833333336, dt.datetime(1899, 12, 30)) == dt.datetime(2026, 11, 1, 9, 30)
    half = dt.datetime(2026, 11, 1, 9, 30, 0, 500_000)
    assert moment((half - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1), dt.datetime(1899, 12, 30)) == half
    assert moment(1e12, dt.datetime(1899, 12, 30)) == 1e12


@given(st.sets(st.tuples(st.integers(0, 20), st.integers(0, 3))))
def test_runs_cover_every_cell_once(places: set[tuple[int, int]]) -> None:
    covered = [(row, column) for top, bottom, column in runs(places) for row in range(top, bottom + 1)]
    assert sorted(covered) == sorted(places)


@pytest.mark.parametrize(
    ("filled", "here", "step", "lands"),
    [
        ("xxx.x", 1, 1, 3),
        ("x..x", 1, 1, 4),
        ("x", 1, 1, 99),
        ("..x", 1, 1, 3),
        ("xxx", 3, -1, 1),
        ("x..x", 4, -1, 1),
        ("...x", 4, -1, 1),
        ("xx", 2, 1, 99),
    ],
)
def test_ctrl_and_an_arrow_land_where_excel_lands(filled: str, here: int, step: int, lands: int) -> None:
    edge = 99 if step > 0 else 1
    assert _jump([mark == "x" for mark in filled], here, step, edge) == lands


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_goes_there_and_back(number: int) -> None:
    assert number_of(rgb(number)) == number
    assert number_of("#{:02x}{:02x}{:02x}".format(*rgb(number))) == number
