from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books import extent as module
from addin.books.extent import Extent, extent
from addin.crm.grid import cell_address
from tests.unit.books import tiny


def sheet(*cells: tuple[int, int]) -> bytes:
    return tiny.rows("".join(f'<row r="{r}"><c r="{cell_address(r, c)}"><v>1</v></c></row>' for r, c in cells)).encode()


@pytest.mark.parametrize(
    ("cells", "stray"),
    [
        ([(1, 1), (20_000, 16_384)], "XFD20000"),
        ([(1, 1), (2, 12), (1_048_576, 12)], "L1048576"),
        ([*((r, 1) for r in range(1, 200)), (5, 16_384), (9_000, 2)], "XFD5"),
        ([(1_048_576, 16_384), (1, 1)], "XFD1048576"),
    ],
)
def test_a_mostly_empty_rectangle_names_the_cell_to_clear(cells: list[tuple[int, int]], stray: str) -> None:
    assert extent(sheet(*cells)).stray == stray


@pytest.mark.parametrize("cells", [[(1, 1)], [(1, 16_384)], [(1_048_576, 1)], [(300, 300)], []])
def test_a_rectangle_that_fits_is_laid_out_whatever_stands_in_it(cells: list[tuple[int, int]]) -> None:
    assert not extent(sheet(*cells)).stray


def test_blank_cells_with_a_format_do_not_count() -> None:
    xml = tiny.rows('<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="XFD900000" s="3"/></row>')
    assert extent(xml.encode()) == Extent(1, 1, True)


def test_a_full_but_enormous_sheet_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SMALL_AREA", 2)
    monkeypatch.setattr(module, "MAX_AREA", 5)
    assert extent(sheet(*((r, c) for r in range(1, 4) for c in (1, 2)))).too_large


@pytest.mark.parametrize(
    "xml",
    [
        "<w xmlns:x='m'><x:sheetData><x:row r='1'><x:c r='B1'><x:v>1</x:v></x:c></x:row></x:sheetData></w>",
        "<worksheet><sheetData><row><c><v>1</v></c><c><v>2</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row r='1'><c s='1' r='B1'><v>1</v></c></row></sheetData></worksheet>",
        "<worksheet><sheetData><row r='1'><c r='B1'><v>1</v></c></row></sheetData></worksheet>",
    ],
)
def test_other_spellings_are_measured_by_the_parser_and_not_called_plain(xml: str) -> None:
    assert extent(xml.encode()) == Extent(1, 2, False)


def test_a_sheet_without_rows_reaches_nowhere() -> None:
    assert extent(b"<worksheet><sheetData/></worksheet>") == Extent(0, 0, True)
    assert extent(b"<worksheet/>") == Extent(0, 0, True)


@given(st.lists(st.tuples(st.integers(1, 1_048_576), st.integers(1, 16_384)), min_size=1, max_size=12))
def test_bounds_always_hold_every_cell_in_whatever_order(cells: list[tuple[int, int]]) -> None:
    reach = extent(sheet(*cells))
    assert reach.rows >= max(r for r, _ in cells)
    assert reach.columns >= max(c for _, c in cells)
    if not (reach.stray or reach.too_large):
        assert reach.area <= module.MAX_AREA
