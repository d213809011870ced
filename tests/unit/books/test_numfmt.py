from __future__ import annotations

import datetime as dt

import pytest
from lxml import etree

from addin.books.numfmt import Shown, cell_formats, from_serial, shown
from tests.unit.books import tiny


@pytest.mark.parametrize(
    ("code", "date", "time"),
    [
        ("yyyy-mm-dd", True, False),
        ("yyyy-mm-dd hh:mm", True, True),
        ('yyyy"년" m"월" d"일"', True, False),
        ('yyyy"년" m"월" d"일" h"시" mm"분"', True, True),
        ("[$-412]yyyy-mm-dd;@", True, False),
        ("[$-F800]dddd, mmmm dd, yyyy", True, False),
        ("AM/PM h:mm", True, True),
        ("mm:ss.0", True, True),
        ("General", False, False),
        ("#,##0", False, False),
        ('0"시간"', False, False),
        ('#,##0"days"', False, False),
        ("[Red]0.00", False, False),
        ("_-* #,##0_-", False, False),
        (r"0\d", False, False),
        ("@", False, False),
    ],
)
def test_a_format_shows_a_date_or_a_time_by_its_letters_outside_quotes(code: str, date: bool, time: bool) -> None:
    assert (shown(code).date, shown(code).time) == (date, time)


@pytest.mark.parametrize("code", ["[h]:mm", "[hh]:mm:ss", "[mm]:ss", "[s]"])
def test_elapsed_time_is_a_duration(code: str) -> None:
    assert shown(code) == Shown(date=True, time=True, duration=True)


def test_cell_styles_are_told_by_built_in_and_own_formats() -> None:
    numbers = (0, 14, 22, 31, 32, 46, 164)
    xfs = "".join(f'<xf numFmtId="{n}"/>' for n in numbers)
    own = '<numFmts><numFmt numFmtId="164" formatCode="h:mm"/></numFmts>'
    root = etree.fromstring(f'<styleSheet xmlns="{tiny.MAIN}">{own}<cellXfs>{xfs}</cellXfs></styleSheet>')
    assert [f.date for f in cell_formats(root)] == [False, True, True, True, True, True, True]
    assert [f.time for f in cell_formats(root)] == [False, False, True, False, True, True, True]
    assert cell_formats(None) == []


@pytest.mark.parametrize(
    ("serial", "value"),
    [
        (45_000.0, dt.date(2023, 3, 15)),
        (45_000.5, dt.datetime(2023, 3, 15, 12, 0)),
        (1.5, dt.datetime(1900, 1, 1, 12, 0)),
        (61.0, dt.date(1900, 3, 1)),
        (0.25, dt.time(6, 0)),
        (-1.0, -1.0),
        (1e12, 1e12),
    ],
)
def test_serials_are_days_since_1900_and_stay_numbers_outside_the_calendar(serial: float, value: object) -> None:
    assert from_serial(serial, Shown(date=True)) == value
