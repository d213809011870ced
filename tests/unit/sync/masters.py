"""Tiny masters and partners' files for the tests of the sync's two ends."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from addin.books.edits import Edits
from addin.books.file import open_book
from addin.books.read import read_book
from sheets_sync.layout import layout_of
from sheets_sync.ports.workbook import find_rows

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sheets_sync.layout import Layout

WHEN = dt.datetime(2026, 11, 22, 10, 0)
#: After any run of this machine's own clock.
LATER = dt.datetime(2126, 11, 22, 10, 0)
LAYOUT = layout_of(spare=3)
HEADER = [
    "접수번호",
    "업체명",
    "접수일시",
    "고객명",
    "연락처",
    "서비스",
    "방문일시",
    "진행상태",
    "금액",
    "원가",
    "비고",
]
ROWS = [
    ["R1", "한빛", "2026-09-01 09:00", "김하나", "010-1111-2222", "도배", None, "접수", 100_000, 71_000, None],
    [
        "R2",
        "두리",
        "2026-09-02 09:00",
        "이두리",
        "010-3333-4444",
        "장판",
        "2026-09-02",
        "수주",
        200_000,
        72_000,
        "급함",
    ],
    ["R3", "한빛", "2026-09-03 09:00", "박세나", "010-5555-6666", "장판", None, "수주", 300_000, 73_000, None],
]


def master(
    path: Path, rows: Sequence[Sequence[Any]] = ROWS, header: Sequence[str] = HEADER, *, beside: str = "", **sheets: Any
) -> Path:
    """A master with one list of requests; ``sheets``: more sheets by name; ``beside``: one with a table at its side."""
    import xlsxwriter

    book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
    for name, lines in {"접수": [header, *rows], **sheets}.items():
        sheet = book.add_worksheet(name)
        for r, line in enumerate(lines):
            for c, value in enumerate(line):
                if value is not None:
                    sheet.write(r, c, value)
        if name == beside:
            at = len(lines[0])
            sheet.add_table(0, at, len(lines), at + 1, {"columns": [{"header": "품목"}, {"header": "수량"}]})
    book.close()
    return path


def typed(path: Path, layout: Layout, changes: Mapping[str, Mapping[str, Any]]) -> None:
    """The partner types: key → field → value, and saves."""
    snapshot = read_book(path)
    found = find_rows(snapshot, layout)
    assert found is not None
    at = {key: row for row, key in found.keys().items()}
    edits = Edits()
    for key, cells in changes.items():
        for field, value in cells.items():
            edits.write(found.grid.name, at[key], found.columns()[field], [[value]])
    open_book(path, journal=path.parent.parent / "journal-of-a-person").apply(edits)


def column(path: Path, sheet: str, header: str) -> list[Any]:
    """What stands under a header of a sheet's first row."""
    grid = read_book(path).grid(sheet)
    assert grid is not None
    at = list(grid.rows[0]).index(header) + 1
    return [grid.value(row, at) for row in range(2, len(grid.rows) + 1)]
