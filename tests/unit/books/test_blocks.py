from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books.blocks import Block, CannotCut, Mold, cut, look, read_blocks, with_errors
from addin.books.guard import open_guarded
from addin.books.read import read_book
from addin.books.scan import NO_CACHE
from addin.crm.grid import CellError
from addin.errors import BookError
from tests.messy.build import LAYOUTS, PACKAGES
from tests.messy.build import write as messy
from tests.unit.books import tiny

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from addin.crm.grid import CellValue


def in_blocks(path: Path, name: str = "S1", rows: int = 2) -> list[list[CellValue]]:
    """A sheet's rows from A1 on, read in blocks."""
    package = open_guarded(path)
    sheet = package.sheet(name)
    assert sheet is not None
    out: list[list[CellValue]] = []
    for block in read_blocks(package, sheet, rows):
        assert len(out) < block.first
        out += [[] for _ in range(block.first - 1 - len(out))]
        out += block.rows
    return out


def same(rows: Sequence[Sequence[CellValue]], others: Sequence[Sequence[CellValue]]) -> bool:
    """Equal but for blanks at the ends."""

    def plain(rows: Sequence[Sequence[CellValue]]) -> list[tuple[int, int, type, CellValue]]:
        cells = ((r, c, v) for r, row in enumerate(rows) for c, v in enumerate(row))
        return [(r, c, type(v), v) for r, c, v in cells if v is not None and v != ""]

    return plain(rows) == plain(others)


@pytest.mark.parametrize("rows", [3, 1000])
@pytest.mark.parametrize("name", [*LAYOUTS, *PACKAGES])
def test_a_sheet_in_blocks_holds_what_it_holds_read_whole_or_says_that_it_cannot_be_cut(
    name: str, rows: int, tmp_path: Path
) -> None:
    path = messy(name, tmp_path)
    try:
        grids = read_book(path).sheets
    except BookError:
        return
    for grid in grids:
        if len(grid.rows) > 60 * rows:
            continue
        try:
            read = in_blocks(path, grid.name, rows)
        except CannotCut:
            continue
        assert same(read, grid.rows), grid.name


CELLS = st.sampled_from(
    [
        "",
        '<c r="{at}"><v>5</v></c>',
        '<c r="{at}" s="1"><v>45000</v></c>',
        '<c r="{at}" s="2"><v>45000.5</v></c>',
        '<c r="{at}" s="3"><v>1.5</v></c>',
        '<c r="{at}" t="s"><v>0</v></c>',
        '<c r="{at}" t="s"><v>1</v></c>',
        '<c r="{at}" t="inlineStr"><is><r><t>한</t></r><r><t xml:space="preserve"> 빛</t></r></is></c>',
        '<c r="{at}" t="e"><v>#N/A</v></c>',
        '<c r="{at}"><f>A1</f></c>',
        '<c r="{at}" t="str"><f>A1</f><v>가&lt;row r="9"</v></c>',
        '<c r="{at}" t="b"><v>1</v></c>',
        '<c r="{at}" s="1"/>',
    ]
)


@given(
    cells=st.dictionaries(st.integers(1, 24), st.lists(CELLS, min_size=0, max_size=4), max_size=9),
    rows=st.integers(1, 7),
    epoch=st.booleans(),
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_values_are_the_same_wherever_the_blocks_are_cut(
    cells: dict[int, list[str]], rows: int, epoch: bool, tmp_path: Path
) -> None:
    data = "".join(
        f'<row r="{number}">{"".join(c.format(at=f"{chr(65 + 2 * i)}{number}") for i, c in enumerate(line))}</row>'
        for number, line in sorted(cells.items())
    )
    shared = "<si><t>업체</t></si><si><r><t>㈜</t></r><r><t>한빛_x000D_</t></r><rPh><t>x</t></rPh></si>"
    workbook = f'<workbookPr date1904="{int(epoch)}"/>'
    path = tiny.write(tmp_path, tiny.rows(data), strings=shared, styles=tiny.STYLES, workbook=workbook)
    assert same(in_blocks(path, rows=rows), read_book(path).sheets[0].rows)


@given(size=st.integers(1, 90), rows=st.integers(1, 4))
@settings(max_examples=40, deadline=None)
def test_blocks_do_not_depend_on_the_pieces_the_sheet_comes_in(size: int, rows: int) -> None:
    data = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in (1, 2, 5, 9, 10, 12))
    xml = tiny.rows(data, after='<mergeCells><mergeCell ref="A1:B1"/></mergeCells>').encode()
    whole = list(cut([xml], rows))
    assert list(cut((xml[i : i + size] for i in range(0, len(xml), size)), rows)) == whole
    assert b"".join(whole).decode() == data
    assert [look(b)[:2] for b in cut([xml], 4)] == [(1, 2), (5, 5), (9, 12)]


@pytest.mark.parametrize("data", ["<sheetData/>", "<sheetData></sheetData>"])
def test_a_sheet_without_rows_has_no_blocks(data: str, tmp_path: Path) -> None:
    path = tiny.write(tmp_path, f'<worksheet xmlns="{tiny.MAIN}">{data}</worksheet>')
    assert in_blocks(path) == []


@pytest.mark.parametrize(
    "data",
    [
        "<row><c><v>1</v></c></row>",
        '<row r="1"><c><v>1</v></c></row>',
        '<row spans="1:1" r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c></row><!-- <row r="2"> -->',
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="700000"><c r="XFD700000"><v>1</v></c></row>',
    ],
)
def test_what_is_not_written_as_excel_writes_it_is_not_cut(data: str) -> None:
    with pytest.raises(CannotCut):
        list(map(look, cut([tiny.rows(data).encode()], 1 << 20)))


def test_rows_that_go_back_behind_a_cut_are_not_cut(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in (1, 4, 3))
    with pytest.raises(CannotCut):
        in_blocks(tiny.write(tmp_path, tiny.rows(rows)), rows=2)


@pytest.mark.parametrize(
    "xml", [b"<worksheet>", b'<worksheet><sheetData><row r="1">', b"<!--<sheetData>--><sheetData>"]
)
def test_a_part_without_its_beginning_or_end_is_not_cut(xml: bytes) -> None:
    with pytest.raises(CannotCut):
        list(cut([xml]))


def test_a_block_calamine_does_not_take_is_not_cut(tmp_path: Path) -> None:
    mold = Mold(open_guarded(tiny.write(tmp_path, tiny.rows(""))))
    with pytest.raises(CannotCut):
        mold.parse(b'<row r="1"><c r="A1" t="s"><v>x</v></c></row>')


def test_errors_above_the_first_value_and_below_the_last_have_their_row() -> None:
    error = CellError("#N/A")
    assert with_errors(Block(3, [[1.0]]), {(2, 2): error, (4, 1): NO_CACHE}) == Block(
        2, [["", error], [1.0], [NO_CACHE]]
    )
    assert with_errors(Block(1, []), {(7, 1): error}) == Block(7, [[error]])
