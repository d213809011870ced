"""The mapping tab and the lists behind it: each list its own answer, other headers and time columns shown."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.actions.views.mapping import COLUMNS, mapping_tab
from addin.actions.views.mapping_answers import parse_mapping_tab
from addin.actions.views.parts import Say
from addin.crm.grid import CellValue, Grid
from addin.crm.headers import propose

if TYPE_CHECKING:
    from addin.books.tab import Tab
    from addin.crm.mapping import Mapping

_ = None
DAY = dt.datetime(2026, 3, 2)
AT = {name: i for i, name in enumerate(COLUMNS, 1)}


def two_lists() -> Grid:
    """One sheet, two lists that may be spend or requests."""
    rows: list[list[CellValue]] = [["거래처", "일자", "항목", "금액"]]
    rows += [[name, DAY, "전단", 3.0] for name in ("한빛", "두리", "한빛")]
    rows += [[], [], ["업체", "일자", "구분", "금액", "비고"]]
    rows += [[name, DAY, "배너", 5.0, _] for name in ("세모", "세모", "네모")]
    return Grid("Sheet1", rows)


def as_grid(tab: Tab) -> Grid:
    height, width = max(r for r, _c in tab.cells), max(c for _r, c in tab.cells)
    return Grid(
        "CRM_매핑", [[_plain(tab.cells.get((r, c))) for c in range(1, width + 1)] for r in range(1, height + 1)]
    )


def _plain(value: object) -> CellValue:
    return value if isinstance(value, str | float | int) else None


def answered(mapping: Mapping, *answers: str) -> Grid:
    """The tab with answers written beside its questions on whole lists, top to bottom."""
    tab = mapping_tab(mapping, Say("ko"))
    status = Say("ko")("view.mapping.s.question")
    rows = sorted(r for (r, c), v in tab.cells.items() if c == AT["status"] and v == status)
    for row, answer in zip(rows, answers, strict=True):
        tab.cells[row, AT["answer"]] = answer
    return as_grid(tab)


def test_two_lists_of_one_sheet_have_their_own_answers() -> None:
    grid = two_lists()
    mapping = propose([grid])
    assert [(q.sheet, q.header, q.header_row) for q in mapping.questions] == [("Sheet1", "", 1), ("Sheet1", "", 7)]
    said = parse_mapping_tab(answered(mapping, "비용", "의뢰")).corrections
    after = propose([grid], corrections=said)
    assert [(t.table, [r.header_last for r in t.regions]) for t in after.tables] == [("requests", [7]), ("spend", [1])]
    assert not after.questions


def test_an_answer_follows_its_list_when_rows_and_columns_come_before_it() -> None:
    grid = two_lists()
    said = parse_mapping_tab(answered(propose([grid]), "비용", "의뢰")).corrections
    moved = Grid("Sheet1", [["제목"], [], *([_, *row] if row else [] for row in grid.rows)])
    after = propose([moved], corrections=said)
    assert [(t.table, [r.header_last for r in t.regions]) for t in after.tables] == [("requests", [9]), ("spend", [3])]


def test_the_other_headers_of_a_field_and_its_time_column_stand_in_the_tab() -> None:
    january: list[list[CellValue]] = [["업체명", "접수일", "접수시간", "금액"]]
    january += [["한빛", DAY, dt.time(9, 30), 1.0]] * 4
    february: list[list[CellValue]] = [["거래처", "접수일", "접수시간", "견적금액"], ["두리", DAY, dt.time(10), 2.0]]
    tab = mapping_tab(propose([Grid("1월", january), Grid("2월", february)]), Say("ko"))
    rows = {v: r for (r, c), v in tab.cells.items() if c == AT["header"]}
    field = {header: tab.cells.get((rows[header], AT["field"])) for header in ("거래처", "견적금액", "접수시간")}
    assert field == {"거래처": "파트너", "견적금액": "금액", "접수시간": "접수일시"}
    assert tab.cells[rows["거래처"], AT["sheet"]] == "2월"
    assert tab.cells[rows["거래처"], AT["example1"]] == "두리"
