"""A very long sheet read in blocks is the sheet read whole: values, times of day, what lies over it, records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.actions.workspace import open_workspace
from addin.books import packed, read
from addin.books.read import read_book
from addin.crm.packed_rows import PackedRows
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.grid import Grid

HEADS = ("번호", "업체명", "접수일시", "방문일", "금액", "상태", "메모")


def _cells(row: int) -> str:
    """A request's cells: a moment or a midnight with a time, a date, an amount or a word instead, an error at times."""
    day = 45_000 + row
    moment = day if row % 5 == 0 else day + 0.4
    text = [f"R{row:03d}", f"업체{row % 3}"]
    cells = [f'<c r="{c}{row}" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("AB", text, strict=True)]
    cells += [f'<c r="C{row}" s="2"><v>{moment}</v></c>', f'<c r="D{row}" s="1"><v>{day}</v></c>']
    if row % 7:
        cells.append(f'<c r="E{row}"><v>{row * 1000}</v></c>')
    cells.append(f'<c r="F{row}" t="inlineStr"><is><t>{"완료" if row % 2 else "취소"}</t></is></c>')
    if row % 11 == 0:
        cells.append(f'<c r="G{row}" t="e"><v>#N/A</v></c>')
    return "".join(cells)


def _book(folder: Path, count: int, *, behind: str = "", odd: str = "") -> Path:
    head = "".join(f'<c r="{c}1" t="inlineStr"><is><t>{t}</t></is></c>' for c, t in zip("ABCDEFG", HEADS, strict=True))
    rows = [f'<row r="1">{head}</row>']
    rows += [f'<row r="{row}">{_cells(row)}{odd if row == 9 else ""}</row>' for row in range(2, count + 2)]
    return tiny.write(folder, tiny.rows("".join(rows)).replace("</worksheet>", f"{behind}</worksheet>"),
                      styles=tiny.STYLES)  # fmt: skip


def _both(book: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Grid, Grid]:
    whole = read_book(book).sheets[0]
    monkeypatch.setattr(read, "PACKED", 1)
    monkeypatch.setattr(packed, "ROWS", 10)
    return whole, read_book(book).sheets[0]


def _seen(grid: Grid) -> list[list[object]]:
    return [[(type(v), v) for c in range(1, 8) if (v := grid.value(r, c)) is not None] for r in range(1, 60)]


def test_a_long_sheet_reads_the_same_in_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, blocks = _both(_book(tmp_path, 45, behind='<mergeCells count="1"><mergeCell ref="I1:J2"/></mergeCells>'),
                          monkeypatch)  # fmt: skip
    assert isinstance(blocks.rows, PackedRows)
    assert _seen(blocks) == _seen(whole)
    assert (blocks.merged, blocks.formulas) == (whole.merged, whole.formulas) == ([(1, 9, 2, 10)], frozenset())
    for column in (3, 4):
        assert [blocks.has_time(r, column) for r in range(5, 46, 5)] == [column == 3] * 9
        assert [whole.has_time(r, column) for r in range(5, 46, 5)] == [column == 3] * 9


def test_records_of_a_long_sheet_are_the_same_whichever_way_it_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book = _book(tmp_path, 45)
    whole = open_workspace(book)
    monkeypatch.setattr(read, "PACKED", 1)
    monkeypatch.setattr(packed, "ROWS", 10)
    blocks = open_workspace(book)
    assert isinstance(blocks.snapshot.sheets[0].rows, PackedRows)
    frame = blocks.records["requests"].frame
    assert frame.equals(whole.records["requests"].frame, null_equal=True)
    assert frame.schema == whole.records["requests"].frame.schema
    assert (frame["received_at__time"].all(), frame["visited_at__time"].any()) == (True, False)
    assert blocks.faults == whole.faults
    assert blocks.mapping == whole.mapping


@pytest.mark.parametrize(
    "odd",
    [
        '<c r="H9"><f>CRM_HHI(A1:A2,E1:E2)</f><v>1</v></c>',
        '<c r="H9" t="d"><v>2026-03-01T09:30:00</v></c>',
        "<!-- x -->",
    ],
)
def test_what_is_unusual_is_read_whole(odd: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, blocks = _both(_book(tmp_path, 15, odd=odd), monkeypatch)
    assert _seen(blocks) == _seen(whole)
    assert [blocks.value(9, 8)] == [whole.value(9, 8)]


def test_a_sheet_beside_a_long_one_is_read_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    assert book.active is not None
    for row in range(2_000):
        book.active.append([f"긴 글 {row}", row])
    book.create_sheet("작은 것").append(["글", 1.5])
    book.save(path := tmp_path / "둘.xlsx")
    monkeypatch.setattr(read, "PACKED", 50_000)
    long, small = read_book(path).sheets
    assert isinstance(long.rows, PackedRows)
    assert (long.value(2_000, 1), long.value(1, 2)) == ("긴 글 1999", 0.0)
    assert small.rows == [["글", 1.5]]
