"""A tab whose values changed is what it would be drawn whole, whatever was drawn of it before."""

from __future__ import annotations

import copy
import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books import lastdrawn
from addin.books.lastdrawn import LastDrawn
from addin.books.package import Package
from addin.books.render import render_parts
from addin.books.styles import Styles
from addin.books.tab import Bars, Chart, Choices, Link, Paint, Series, Tab
from tests.messy.build import BUILDERS

if TYPE_CHECKING:
    from collections.abc import Callable

PLACES = st.tuples(st.integers(1, 9), st.integers(1, 6))
PLAIN = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=6),
    st.sampled_from(["=1+1", " 앞", "<b>&", "_x000D_", "\ud800", 0, 0.0, -0.0, 1, 1.0, 10**18, 1e-9, 0.1 + 0.2]),
    st.integers(-(10**6), 10**6),
    st.floats(allow_nan=False, allow_infinity=False),
)
OTHER: st.SearchStrategy[Any] = st.sampled_from([None, True, False, dt.date(2026, 11, 20), Link("보기", "접수", "B2")])
VALUES: st.SearchStrategy[Any] = st.one_of(PLAIN, PLAIN, OTHER)
CELLS = st.dictionaries(PLACES, VALUES, min_size=1, max_size=20)
STYLES = st.dictionaries(PLACES, st.sampled_from(["header", "cell", "percent"]), max_size=6)


def numbers(_: bytes) -> dict[int, int]:
    return {at: at + 3 for at in range(99)}


def whole(tab: Tab) -> dict[str, bytes]:
    return render_parts(tab, numbers)


def furnished(cells: dict[tuple[int, int], Any], **more: Any) -> Tab:
    return Tab("CRM_보기", copy.copy(cells), marker="_danggol.tab.see", **more)


SERIES = Series("수", (2, 2, 4, 2), "4472C4")
ELSEWHERE = Chart(
    "수", 1, 8, (2, 1, 4, 1), (replace(SERIES, shown=(1, 2, None)),), sheet="x", labels=("가", "나", "다")
)
FURNITURE: list[Callable[[], dict[str, Any]]] = [
    dict,
    lambda: {"merges": [(2, 2, 3, 4), (5, 1, 5, 1)]},
    lambda: {"table": "see"},
    lambda: {"people": [(4, 1, 6, 2)], "choices": [Choices((4, 1, 6, 1), ("예",))]},
    lambda: {"charts": [Chart("수", 1, 8, (2, 1, 4, 1), (SERIES,))]},
    lambda: {"charts": [ELSEWHERE]},
    lambda: {"bars": [Bars((2, 2, 4, 2), "4472C4")], "paints": [Paint((1, 1, 9, 1), "가", "cell.breach")]},
    lambda: {"notes": {(1, 1): "메모"}, "heights": {2: 30.0}},
    lambda: {"merges": [(2, 2, 2, 3)], "charts": [Chart("수", 1, 8, (2, 1, 4, 1), (SERIES,))]},
]


@given(CELLS, STYLES, st.sampled_from(FURNITURE), st.data())
@settings(max_examples=50, deadline=None)
def test_values_people_and_the_team_change(
    cells: dict[tuple[int, int], Any], styles: dict[Any, str], more: Callable[[], dict[str, Any]], data: Any
) -> None:
    last = LastDrawn()
    last.parts(furnished(cells, styles=dict(styles), **more()), numbers)
    for _ in range(2):
        for place in data.draw(st.lists(st.sampled_from(sorted(cells)), max_size=4)):
            cells[place] = data.draw(VALUES)
        tab = furnished(cells, styles=dict(styles), **more())
        assert last.parts(tab, numbers) == whole(tab)


SHOWN = st.tuples(st.one_of(st.none(), st.integers(0, 9), st.sampled_from([1.0, 0.5])), st.integers(0, 2), st.none())
CHARTS = st.builds(
    lambda own, title, kind, shown, row: Chart(
        title, row, 8, (2, 1, 4, 1),
        tuple(replace(SERIES, kind=k, shown=() if own else shown) for k in kind),
        sheet="" if own else "x", labels=() if own else ("가", "나", title),
    ),
    st.booleans(), st.sampled_from(["수", "율"]), st.sampled_from([("line",), ("column",), ("column", "line")]), SHOWN,
    st.sampled_from([1, 1, 1, 9]),
)  # fmt: skip


@given(CELLS, STYLES, st.lists(st.lists(CHARTS, min_size=1, max_size=2), min_size=3, max_size=3), st.data())
@settings(max_examples=30)
def test_charts_and_what_they_show_change(
    cells: dict[tuple[int, int], Any], styles: dict[Any, str], charts: list[list[Chart]], data: Any
) -> None:
    last = LastDrawn()
    merges = data.draw(st.sampled_from([[], [(2, 1, 3, 2)], [(3, 2, 3, 3)]]))
    people = data.draw(st.sampled_from([[], [(3, 1, 4, 2)]]))
    for drawn in charts:
        tab = furnished(cells, styles=dict(styles), charts=drawn, merges=merges, people=people)
        assert last.parts(tab, numbers) == whole(tab)
        cells[data.draw(st.sampled_from(sorted(cells)))] = data.draw(PLAIN)


@given(CELLS, STYLES, st.sampled_from(FURNITURE), CELLS, STYLES, st.sampled_from(FURNITURE))
@settings(max_examples=25, deadline=None)
def test_all_of_it_changes(cells: Any, styles: Any, more: Any, then: Any, styles_then: Any, more_then: Any) -> None:
    last = LastDrawn()
    last.parts(furnished(cells, styles=styles, **more()), numbers)
    tab = furnished(then, styles=styles_then, **more_then())
    assert last.parts(tab, numbers) == whole(tab)


@pytest.fixture
def drawn_whole(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tabs that were drawn whole."""
    found: list[str] = []
    real = lastdrawn._drawn

    def noted(tab: Tab, *args: Any) -> Any:
        found.append(tab.name)
        return real(tab, *args)

    monkeypatch.setattr(lastdrawn, "_drawn", noted)
    return found


def test_only_changed_cells_are_drawn_where_only_values_changed(drawn_whole: list[str]) -> None:
    last = LastDrawn()
    cells = {(row, column): f"{row}" for row in range(1, 5) for column in range(1, 5)}
    for value in (1, 2.5, "글", "", -3):
        tab = furnished({**cells, (3, 3): value})
        assert last.parts(tab, numbers) == whole(tab)
    assert drawn_whole == ["CRM_보기"]


@pytest.mark.parametrize(("old", "new"), [(0.0, -0.0), (1, True), (0, False), (1, "1"), (1, 1.0), ("", 0), (0, None)])
def test_values_that_count_as_equal_are_still_told_apart(old: Any, new: Any) -> None:
    for then, now in ((old, new), (new, old)):
        last = LastDrawn()
        last.parts(furnished({(1, 1): "수", (2, 1): then}, styles={(2, 1): "cell"}), numbers)
        tab = furnished({(1, 1): "수", (2, 1): now}, styles={(2, 1): "cell"})
        assert last.parts(tab, numbers) == whole(tab)


@pytest.mark.parametrize("place", [(2, 2), (3, 2), (2, 1)])
def test_what_a_chart_shows_of_a_changed_cell_is_drawn_anew_even_where_cells_are_merged(place: tuple[int, int]) -> None:
    last = LastDrawn()
    more = FURNITURE[-1]
    cells = {(row, column): row for row in range(1, 5) for column in range(1, 4)}
    last.parts(furnished(cells, **more()), numbers)
    tab = furnished({**cells, place: 77}, **more())
    assert last.parts(tab, numbers) == whole(tab)
    assert b">77<" in last.parts(tab, numbers)["xl/charts/chart1.xml"]


def test_a_chart_that_shows_other_values_has_no_other_cells_drawn(drawn_whole: list[str]) -> None:
    last = LastDrawn()
    for shown in ((1, 2, None), (1, 3, 4)):
        chart = replace(ELSEWHERE, series=(replace(SERIES, shown=shown),))
        last.parts(furnished({(1, 1): "수"}, charts=[chart]), numbers)
    assert len(drawn_whole) == 1


def test_a_tab_changed_after_it_was_drawn_is_not_taken_for_what_was_drawn() -> None:
    last = LastDrawn()
    tab = furnished({(1, 1): 1, (2, 1): 2}, styles={(1, 1): "header"})
    last.parts(tab, numbers)
    tab.cells[1, 1], tab.styles[2, 1] = 5, "percent"
    assert last.parts(tab, numbers) == whole(tab)


def test_formats_that_stand_elsewhere_by_now_and_the_other_epoch_are_drawn_anew(drawn_whole: list[str]) -> None:
    last = LastDrawn()
    tab = furnished({(1, 1): 1, (2, 1): dt.date(2026, 11, 20)})

    def moved(_: bytes) -> dict[int, int]:
        return dict.fromkeys(range(99), 41)

    last.parts(tab, numbers)
    assert last.parts(tab, moved) == render_parts(tab, moved)
    assert last.parts(tab, moved, date_1904=True) == render_parts(tab, moved, date_1904=True)
    assert len(drawn_whole) == 3


def test_a_longer_tab_is_not_remembered(monkeypatch: pytest.MonkeyPatch, drawn_whole: list[str]) -> None:
    monkeypatch.setattr(lastdrawn, "MOST_CELLS", 3)
    last = LastDrawn()
    for value in (1, 2):
        last.parts(furnished({(row, 1): value for row in range(1, 5)}), numbers)
    assert len(drawn_whole) == 2


def test_formats_are_looked_up_once_as_long_as_the_books_are_the_same() -> None:
    drawn: list[bytes] = []
    render_parts(
        furnished({(1, 1): 1, (2, 1): 0.5}, styles={(2, 1): "percent"}), lambda s: drawn.append(s) or numbers(s)
    )
    last, package = LastDrawn(), Package(BUILDERS["plain"]())
    first = Styles(package)
    found = last.looks(first, drawn[0])
    first.save()
    for _ in range(2):
        styles = Styles(package)
        assert last.looks(styles, drawn[0]) == found
        assert not package.changed.keys() - {first.part}
    assert "root" not in styles.__dict__  # the third time nothing was parsed
    part = first.part or ""
    package.put(part, package.read(part).replace(b"<cellXfs ", b"<cellXfs  ", 1))
    styles = Styles(package)
    assert last.looks(styles, drawn[0]) == found
    assert "root" in styles.__dict__
