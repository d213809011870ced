"""One number, three doors: ``danggol kpi``, the KPI tab of ``refresh``, and the Python call."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from addin.actions.funnel import funnel_of
from addin.actions.kpi import kpis_of, measures_of
from addin.actions.refresh import refresh_book
from addin.actions.sample import make_sample
from addin.actions.workspace import open_workspace
from addin.books.read import read_book
from addin.crm.calendar import date_of
from addin.crm.catalogue import KPIS
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.grid import Grid
    from addin.crm.kpi_values import KpiValue

SHARES = ("RESP_10M", "SAMEDAY", "CLAIM_RATE", "REFUND_RATE", "REWORK_RATE", "DEPENDENCY")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("numbers") / "파트너관리.xlsx"
    make_sample(path)
    refresh_book(path)
    return path


@pytest.fixture(scope="module")
def called(book: Path) -> list[KpiValue]:
    """What the Python call says, each KPI over its own window."""
    return [
        v for v in measures_of(open_workspace(book)).current(SHARES) if set(v.by) == {"partner"} and v.by["partner"]
    ]


def shown(grid: Grid, kpi: str, partner: str) -> object:
    """The value in the KPI tab's matrix."""
    name = say(KPIS[kpi].name)
    head = next(
        r for r in range(1, len(grid.rows) + 1) if name in list(grid.rows[r - 1]) and "n" in list(grid.rows[r - 1])
    )
    column = list(grid.rows[head - 1]).index(name) + 1
    row = next(r for r in range(head + 1, len(grid.rows) + 1) if grid.value(r, 2) == partner)
    return grid.value(row, column)


@pytest.mark.parametrize("kpi", SHARES)
def test_the_kpi_tab_shows_what_the_call_says(kpi: str, book: Path, called: list[KpiValue]) -> None:
    grid = read_book(book).grid("CRM_KPI")
    assert grid is not None
    mine = [v for v in called if v.kpi == kpi and v.value is not None]
    assert len(mine) >= 8
    for value in mine:
        assert shown(grid, kpi, str(value.by["partner"])) == pytest.approx(value.value), value.by


@pytest.mark.parametrize("kpi", SHARES)
def test_the_command_says_the_same_over_the_same_days(kpi: str, book: Path, called: list[KpiValue]) -> None:
    compared = 0
    for value in [v for v in called if v.kpi == kpi and v.value is not None and v.window][:3]:
        assert value.window is not None
        days = [day.isoformat() for day in value.window]
        said = kpis_of(book, kpis=[kpi], by="partner", start=days[0], end=days[1]).values
        same = next(v for v in said if v.by == value.by)
        assert (same.value, same.numerator, same.denominator, same.n) == (
            value.value, value.numerator, value.denominator, value.n,
        )  # fmt: skip
        compared += 1
    assert compared


def test_a_refresh_as_of_an_earlier_day_shows_the_funnel_of_that_day(book: Path, tmp_path: Path) -> None:
    """As ``danggol funnel --as-of`` counts it: what is dated later has not happened."""
    path = tmp_path / "그때.xlsx"
    path.write_bytes(book.read_bytes())
    last = measures_of(open_workspace(path)).as_of
    then = (date_of(last) - dt.timedelta(days=60)).isoformat()
    refresh_book(path, as_of=then)
    asked, whole = (funnel_of(path, as_of=day).whole for day in (then, None))
    assert asked is not None
    assert whole is not None
    assert asked.steps[0].count < whole.steps[0].count
    grid = read_book(path).grid("CRM_퍼널")
    assert grid is not None
    counts = {row[0]: row[1] for row in reversed(grid.rows) if len(row) > 1}
    assert [counts[step.label] for step in asked.steps] == [step.count for step in asked.steps]
