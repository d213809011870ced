"""What is drawn is what XlsxWriter's own worksheet draws, byte for byte: only its inner loops are replaced."""

from __future__ import annotations

import datetime as dt
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter.worksheet import Worksheet

from addin.books import drawnsheet
from addin.books.render import render
from addin.books.tab import Link, Tab

if TYPE_CHECKING:
    from xlsxwriter.format import Format


class Plain(Worksheet):
    """XlsxWriter's worksheet, asked in its own words."""

    def reach(self, top: int, left: int, bottom: int, right: int) -> bool:
        return not (self._check_dimensions(top, left) or self._check_dimensions(bottom, right))

    def put_blank(self, row: int, col: int, look: Format) -> None:
        self.write_blank(row, col, None, look)

    def put_number(self, row: int, col: int, number: float, look: Format) -> None:
        self.write_number(row, col, number, look)

    def put_text(self, row: int, col: int, text: str, look: Format) -> None:
        self.write_string(row, col, text, look)


VALUES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.sampled_from(["=1+1", " 앞", "뒤 ", "<b>&'\"", "여러\n줄", "_x000D_"]),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False),
    st.booleans(),
    st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)),
    st.just(Link("보기", "접수", "B2")),
)
PLACES = st.tuples(st.integers(1, 40), st.integers(1, 30))
CELLS = st.dictionaries(PLACES, VALUES, max_size=30)


def parts(book: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(book)) as package:
        return {name: package.read(name) for name in package.namelist()}


@given(
    CELLS,
    st.dictionaries(PLACES, st.sampled_from(["header", "cell"]), max_size=5),
)
def test_a_tab_is_drawn_as_xlsxwriter_draws_it(cells: dict[tuple[int, int], Any], styles: dict[Any, str]) -> None:
    notes = dict.fromkeys(list(cells)[:2], "메모")
    tab = Tab("CRM_보기", cells=cells, styles=styles, notes=notes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawnsheet, "DrawnSheet", Plain)
        expected = parts(render([tab]))
    assert parts(render([tab])) == expected
