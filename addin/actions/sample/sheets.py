"""The monthly tabs of the demo's workbook, as a clerk lays them out: titles, merged headers, notes, formulas."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.actions.sample import clerk, lists, regulars
from addin.actions.sample.cast import PARTNERS
from addin.actions.sample.looks import Looks
from addin.actions.sample.story import SEED, Request, Story

if TYPE_CHECKING:
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADER = 4  # 1-based: groups in row 4, names in row 5
FIRST = 6
LEFT = 2  # the table begins in column B


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a monthly tab: key of `clerk.cells`, group and name in the two header rows, look, width."""

    key: str
    group: str
    name: str
    look: str = "text"
    width: float = 10


COLUMNS = (
    Column("id", "접수번호", "", "center", 10.5),
    Column("received", "접수", "일시", "moment", 16),
    Column("source", "접수", "경로", "center", 11),
    Column("partner", "파트너", "", "text", 26),
    Column("cluster", "군", "", "formula", 13),
    Column("customer", "고객", "성함", "center", 8),
    Column("phone", "고객", "연락처", "phone", 14.5),
    Column("home", "고객", "동·호수", "center", 11),
    Column("service", "작업", "서비스", "text", 13),
    Column("words", "작업", "요청내용", "text", 24),
    Column("staff", "처리", "담당기사", "center", 9),
    Column("confirmed", "처리", "확인일시", "moment", 16),
    Column("visited", "처리", "방문일시", "moment", 16),
    Column("proposed", "처리", "견적일", "day", 11.5),
    Column("won", "처리", "수주일", "day", 11.5),
    Column("completed", "처리", "완료일", "day", 11.5),
    Column("stage", "진행상태", "", "center", 9),
    Column("amount", "금액(원)", "공급가액", "money", 12),
    Column("tax", "금액(원)", "부가세포함", "formula_money", 12),
    Column("cost", "금액(원)", "자재비", "money", 11),
    Column("refund", "금액(원)", "환불", "money", 10),
    Column("claim", "품질", "클레임", "center", 12),
    Column("rework", "품질", "재작업", "center", 7),
    Column("lost_reason", "실주사유", "", "center", 12),
    Column("handover", "잔금일", "", "day", 11.5),
    Column("note", "비고", "", "text", 22),
    Column("discount", "고객 기록", "할인요구", "center", 8),
    Column("no_show", "고객 기록", "노쇼", "center", 7),
    Column("referrer", "고객 기록", "소개자", "center", 9),
    Column("user", "고객 기록", "실사용자", "center", 9),
    Column("satisfaction", "고객 기록", "만족도", "center", 7),
)
#: The old form of the first months has none of these.
LATER = ("handover", "discount", "no_show", "referrer", "user", "satisfaction")


def columns_of(old_form: bool) -> tuple[Column, ...]:
    """The columns of a monthly tab; the first months still use the old form (업체명, nothing of `LATER`)."""
    if not old_form:
        return COLUMNS
    renamed = {"partner": Column("partner", "업체명", "", "text", 26)}
    return tuple(renamed.get(c.key, c) for c in COLUMNS if c.key not in LATER)


def write_book(path: Path, story: Story) -> None:
    """Write the whole workbook; nothing in it depends on the clock or the machine."""
    from xlsxwriter import Workbook

    book = Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties(
        {"title": "파트너관리", "author": "운영팀", "created": dt.datetime.combine(story.as_of, dt.time(18))}
    )
    book.set_size(2400, 1400)
    looks = Looks(book)
    overview = book.add_worksheet("월별 현황")
    lists.partners(book, looks)
    asked = regulars.answers(story)
    noted = {id: marks | asked[id] for id, marks in regulars.marks(story).items()}
    months = [_month(book, looks, story, i, noted) for i in range(len(story.months))]
    lists.spend(book, looks, story)
    lists.prospects(book, looks, story)
    lists.activities(book, looks, story)
    lists.customers(book, looks, story)
    lists.prices(book, looks)
    lists.defects(book, looks, story)
    lists.trials(book, looks, story)
    lists.stock(book, looks)
    lists.codes(book, looks)
    lists.overview(book, overview, looks, story, months)
    book.get_worksheet_by_name(Story.tab(*story.months[-1])).activate()
    book.close()


def _month(
    book: Workbook, looks: Looks, story: Story, index: int, noted: dict[str, dict[str, clerk.Cell]]
) -> Counter[str]:
    """One monthly tab; gives the requests per partner as its COUNTIFs would find them."""
    year, month = story.months[index]
    columns = columns_of(old_form=index < 3)
    sheet = book.add_worksheet(Story.tab(year, month))
    rows = [(i, r) for i, r in enumerate(story.requests) if (r.received.year, r.received.month) == (year, month)]
    last_column = LEFT + len(columns) - 1
    sheet.set_tab_color("#7F9FBF" if index % 2 else "#A9C4DE")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 1.5)
    for at, column in enumerate(columns, LEFT - 1):
        sheet.set_column(at, at, column.width)
    sheet.set_row(0, 30)
    sheet.write(0, 1, f"{year}년 {month}월 접수·처리 현황", looks["title"])
    sheet.write(
        1, 1, f"작성: 운영팀   /   금액 단위: 원, 부가세 별도   /   {Story.tab(year, month)} 1일부터", looks["small"]
    )
    if index >= 9:
        _approval(sheet, looks, last_column)
    _headers(sheet, looks, columns)
    end, counts = _rows(sheet, looks, story, rows, columns, (year, month), noted)
    _total(sheet, looks, columns, end, len(rows))
    sheet.write(
        end + 2,
        LEFT - 1,
        "※ 미확정 견적은 금액만 적고 수주일은 비워 둘 것. 환불은 마이너스로 적지 않음.",
        looks["small"],
    )
    sheet.autofilter(HEADER, LEFT - 1, end - 1, last_column - 1)
    sheet.freeze_panes(FIRST - 1, 5)
    _rules(sheet, looks, columns, end)
    _notes(sheet, columns)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER - 1, HEADER)
    sheet.set_footer("&C&P / &N")
    return counts


def _approval(sheet: Worksheet, looks: Looks, last_column: int) -> None:
    """The box where the boss signs."""
    for at, name in enumerate(("담당", "팀장", "대표"), last_column - 4):
        sheet.write(0, at, name, looks["stamp"])
        sheet.write_blank(1, at, None, looks["stamp"])


def _headers(sheet: Worksheet, looks: Looks, columns: tuple[Column, ...]) -> None:
    """Two rows: merged groups above, names below; a column without a group is merged down."""
    sheet.set_row(HEADER - 1, 20)
    sheet.set_row(HEADER, 20)
    start = 0
    while start < len(columns):
        group = columns[start].group
        end = start
        while end + 1 < len(columns) and columns[end + 1].group == group:
            end += 1
        left, right = LEFT - 1 + start, LEFT - 1 + end
        if not columns[start].name:
            sheet.merge_range(HEADER - 1, left, HEADER, right, group, looks["header"])
        else:
            sheet.merge_range(HEADER - 1, left, HEADER - 1, right, group, looks["group"])
            for at in range(start, end + 1):
                sheet.write(HEADER, LEFT - 1 + at, columns[at].name, looks["header"])
        start = end + 1


def _rows(
    sheet: Worksheet,
    looks: Looks,
    story: Story,
    rows: list[tuple[int, Request]],
    columns: tuple[Column, ...],
    month: tuple[int, int],
    noted: dict[str, dict[str, clerk.Cell]],
) -> tuple[int, Counter[str]]:
    """The requests from row 6; gives the row after the last one (1-based) and the requests per spelling."""
    rng = random.Random(SEED + month[0] * 12 + month[1])
    clusters = {p.name: p.cluster for p in PARTNERS}
    letters = {c.key: _letter(LEFT + i) for i, c in enumerate(columns)}
    counts: Counter[str] = Counter()
    row = FIRST
    for n, (index, request) in enumerate(rows):
        if n and n == len(rows) // 2 and month[1] % 3 == 2:
            row = _pause(sheet, looks, row, len(columns), month)
        typed = clerk.cells(rng, index, request, story.requests[index - 1] if index else None) | noted[request.id]
        counts[str(typed["partner"] or "")] += 1
        for at, column in enumerate(columns, LEFT - 1):
            if column.key == "cluster":
                where = f"{letters['partner']}{row}"
                formula = f'=IF({where}="","",VLOOKUP({where},파트너!$D$6:$E$30,2,FALSE))'
                known = clusters.get(str(typed["partner"]), "#N/A") if typed["partner"] else ""
                sheet.write_formula(row - 1, at, formula, looks["formula"], known)
            elif column.key == "tax":
                _write_tax(sheet, looks, row, at, letters["amount"], typed["amount"], guarded=month != story.months[0])
            else:
                looks.put(sheet, row - 1, at, typed[column.key], column.look)
        row += 1
    return row, counts


def _write_tax(
    sheet: Worksheet, looks: Looks, row: int, at: int, letter: str, amount: clerk.Cell, guarded: bool
) -> None:
    """Amount with tax; where the amount is text the first month's formula shows #VALUE!."""
    cell = f"{letter}{row}"
    inner = f"ROUND({cell}*1.1,0)"
    value: float | str = "" if guarded else "#VALUE!"
    if isinstance(amount, int | float):
        value = round(amount * 1.1)
    elif amount is None:
        value = ""
    formula = f'=IF({cell}="","",{f"""IFERROR({inner},"")""" if guarded else inner})'
    sheet.write_formula(row - 1, at, formula, looks["formula_money"], value)


def _pause(sheet: Worksheet, looks: Looks, row: int, width: int, month: tuple[int, int]) -> int:
    """A note across the table and an empty row, in the middle of the month."""
    words = "── 설 연휴 휴무 ──" if month[1] == 2 else "── 여기부터 하반월 ──"
    sheet.merge_range(row - 1, LEFT - 1, row - 1, LEFT + width - 2, words, looks["pause"])
    return row + 2


def _total(sheet: Worksheet, looks: Looks, columns: tuple[Column, ...], end: int, count: int) -> None:
    """The row below: a label, the number of requests, the sums as the sheet's own formulas give them."""
    for at, column in enumerate(columns, LEFT - 1):
        letter = _letter(at + 1)
        if column.key in ("amount", "tax", "cost", "refund"):
            cells = [v for r, v in sorted(sheet_numbers(sheet, at).items()) if FIRST - 1 <= r < end - 1]
            formula = f'=SUMIF({letter}{FIRST}:{letter}{end - 1},">0")'
            sheet.write_formula(end - 1, at, formula, looks["total_money"], sum(v for v in cells if v > 0))
        else:
            sheet.write_blank(end - 1, at, None, looks["total"])
    sheet.write_string(end - 1, LEFT - 1, "합계", looks["total"])
    sheet.write_formula(
        end - 1,
        LEFT,
        f'=COUNTA({_letter(LEFT + 3)}{FIRST}:{_letter(LEFT + 3)}{end - 1})&"건"',
        looks["total"],
        f"{count}건",
    )


def sheet_numbers(sheet: Worksheet, column: int) -> dict[int, float]:
    """What was written as numbers (cached ones too) in a 0-based column, by 0-based row."""
    found: dict[int, float] = {}
    for row, line in sheet.table.items():
        cell: Any = line.get(column)
        value = getattr(cell, "value", getattr(cell, "number", None))
        if isinstance(value, int | float):
            found[row] = value
    return found


def _rules(sheet: Worksheet, looks: Looks, columns: tuple[Column, ...], end: int) -> None:
    """Colours by stage, red claims, a dropdown for the stage."""
    at = {c.key: LEFT - 1 + i for i, c in enumerate(columns)}
    top, bottom = FIRST - 1, end - 2
    for word, look in (("완료", "done"), ("수주", "done"), ("실주", "lost"), ("취소", "lost")):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": looks[look]}
        sheet.conditional_format(top, at["stage"], bottom, at["stage"], rule)
    sheet.conditional_format(top, at["claim"], bottom, at["claim"], {"type": "no_blanks", "format": looks["alarm"]})
    sheet.conditional_format(
        top, at["amount"], bottom, at["amount"], {"type": "data_bar", "bar_color": "#C9DDF0", "bar_solid": True}
    )
    stages = {
        "validate": "list",
        "source": f"=_코드!$A$2:$A${len(lists.STAGES) + 1}",
        "error_type": "warning",
        "error_title": "진행상태",
        "error_message": "목록에서 고르세요",
    }
    sheet.data_validation(top, at["stage"], bottom, at["stage"], stages)


def _notes(sheet: Worksheet, columns: tuple[Column, ...]) -> None:
    at = {c.key: LEFT - 1 + i for i, c in enumerate(columns)}
    sheet.write_comment(HEADER, at["confirmed"], "고객에게 처음 연락한 시각 (10분 안에!)", {"author": "운영팀"})
    sheet.write_comment(HEADER, at["amount"], "부가세 별도. 모르면 비워 두세요.", {"author": "운영팀"})


def _letter(column: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(column - 1))
