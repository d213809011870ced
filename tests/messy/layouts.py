"""Workbooks as teams keep them: legal files, each with one trouble. Every builder gives the bytes of an .xlsx."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from xlsxwriter import Workbook

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

Rows = Sequence[Sequence[Any]]

HEADERS = ("접수번호", "업체명", "접수일시", "확인일시", "진행상태", "금액", "연락처")
PARTNERS = ("㈜한빛", "푸른솔 관리사무소", "둥지부동산", "카페 온더코너")
STAGES = ("수주", "실주", "견적", "접수")


def requests(count: int, start: int = 1, first: dt.datetime = dt.datetime(2026, 9, 1, 9, 0)) -> list[list[Any]]:
    """``count`` requests under `HEADERS`, all clean."""
    return [
        [
            f"R{i:04d}",
            PARTNERS[i % len(PARTNERS)],
            first + dt.timedelta(hours=7 * (i - start)),
            first + dt.timedelta(hours=7 * (i - start), minutes=3 + i % 9),
            STAGES[i % len(STAGES)],
            100_000 + 1_000 * i,
            f"010-0123-{i:04d}",
        ]
        for i in range(start, start + count)
    ]


def book(fill: Callable[[Workbook], None], **options: Any) -> bytes:
    """A workbook written in memory; text stays text."""
    buffer = io.BytesIO()
    plain = {"strings_to_numbers": False, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    workbook = Workbook(buffer, {**plain, "default_date_format": "yyyy-mm-dd hh:mm", **options})
    workbook.set_properties({"author": "운영팀", "created": dt.datetime(2026, 11, 20, 18)})
    fill(workbook)
    workbook.close()
    return buffer.getvalue()


def put(sheet: Worksheet, rows: Rows, top: int = 1, left: int = 1) -> int:
    """Rows from the 1-based cell (top, left); None stays empty; gives the row below."""
    for r, line in enumerate(rows, top - 1):
        for c, value in enumerate(line, left - 1):
            if value is not None:
                sheet.write(r, c, value)
    return top + len(rows)


def one_sheet(rows: Rows, top: int = 1, left: int = 1, name: str = "접수", **options: Any) -> bytes:
    """A workbook of one sheet."""

    def fill(workbook: Workbook) -> None:
        put(workbook.add_worksheet(name), rows, top, left)

    return book(fill, **options)


def plain() -> bytes:
    """Headers in row 1, 40 requests below: nothing is wrong."""
    return one_sheet([HEADERS, *requests(40)])


def title_above() -> bytes:
    """A title in B1, a note in B2, headers in B4."""
    return one_sheet([["2026년 접수 대장"], ["단위: 원"], [], HEADERS, *requests(12)], left=2)


def two_row_header() -> bytes:
    """Merged groups in row 3 over names in row 4: ``접수 › 일시``, ``처리 › 확인일시``."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        sheet.write(0, 0, "접수·처리 현황")
        center = workbook.add_format({"align": "center"})
        sheet.merge_range(2, 0, 3, 0, "접수번호", center)
        sheet.merge_range(2, 1, 3, 1, "업체명", center)
        sheet.merge_range(2, 2, 2, 3, "접수", center)
        sheet.merge_range(2, 4, 2, 6, "처리", center)
        put(sheet, [["일시", "경로", "확인일시", "진행상태", "금액"]], 4, 3)
        put(sheet, [[r[0], r[1], r[2], "네이버", r[3], r[4], r[5]] for r in requests(9)], 5)

    return book(fill)


def stacked() -> bytes:
    """Two lists on one sheet, one below the other: requests at A2, spend at A14."""
    spend = [
        ["지출일", "파트너", "항목", "금액"],
        *([dt.datetime(2026, 9, i), PARTNERS[0], "광고", 50_000] for i in range(1, 6)),
    ]
    return one_sheet([["접수"], HEADERS, *requests(8), [], ["비용"], [], *spend])


def side_by_side() -> bytes:
    """Two lists side by side, an empty column between: requests at A1, partners at I1."""
    partners = [["파트너명", "클러스터", "세대수"], *([p, "아파트 단지", 500 + i] for i, p in enumerate(PARTNERS))]

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("한장")
        put(sheet, [HEADERS, *requests(10)])
        put(sheet, partners, 1, 9)

    return book(fill)


def side_by_side_touching() -> bytes:
    """The same headers twice with no column between: September on the left, October on the right."""
    left, right = requests(6), requests(6, 7, dt.datetime(2026, 10, 1, 9))
    return one_sheet([[*HEADERS, *HEADERS], *([*a, *b] for a, b in zip(left, right, strict=True))])


def totals() -> bytes:
    """A total above the data, ``소계`` and ``합계`` below, and a sum with no label at all."""

    def fill(workbook: Workbook) -> None:
        sheet = workbook.add_worksheet("접수")
        put(sheet, [HEADERS, ["총계", None, None, None, None, 1_110_000], *requests(10)])
        sheet.write(12, 0, "소계")
        sheet.write_formula(12, 5, "=SUM(F3:F12)", None, 1_055_000)
        sheet.write(13, 0, "합   계")
        sheet.write_formula(13, 5, "=F13", None, 1_055_000)
        sheet.write_formula(14, 5, "=SUM(F3:F12)", None, 1_055_000)

    return book(fill)


def gaps() -> bytes:
    """Empty rows, a ``※`` note and the headers once more between the data rows."""
    a, b, c = requests(4), requests(4, 5), requests(4, 9)
    return one_sheet([HEADERS, *a, [], ["※ 여기부터 하반월"], *b, [], list(HEADERS), *c, [], ["※ 끝"]])


def monthly_tabs() -> bytes:
    """The same list over 7월, 8월, 9월; in 9월 the columns stand in another order."""

    def fill(workbook: Workbook) -> None:
        for n, month in enumerate((7, 8, 9)):
            rows = requests(5, 1 + 5 * n, dt.datetime(2026, month, 1, 9))
            order = (0, 2, 1, 3, 5, 4, 6) if month == 9 else range(7)
            put(
                workbook.add_worksheet(f"{month}월"),
                [[f"{month}월 접수"], [], *([line[i] for i in order] for line in [list(HEADERS), *rows])],
            )

    return book(fill)


def epoch_1904() -> bytes:
    """A workbook of an old Mac: dates count from 1904."""
    return one_sheet([HEADERS, *requests(5)], date_1904=True)


def text_dates() -> bytes:
    """Every date is text, each in another way; the last two can't be read."""
    days = (
        "2024.3.5",
        "24-03-05",
        "2024년 3월 5일 오후 3:20",
        "2024. 3. 5. 15:20",
        "20240305",
        "2024-03-05(화)",
        "2024-13-40",
        "내일",
    )
    return one_sheet([["접수번호", "업체명", "접수일시"], *([f"R{i}", "㈜한빛", d] for i, d in enumerate(days))])


def text_amounts() -> bytes:
    """Amounts with words in them, phones without their zero."""
    amounts = (1_200_000, "1,200,000원", "120만원", "₩1,200,000", "1억 2천만", "△500", "(500)", "협의")
    return one_sheet([["접수번호", "금액", "연락처"], *([f"R{i}", a, 1012345678 + i] for i, a in enumerate(amounts))])


def odd_headers() -> bytes:
    """Headers with NBSP, in NFD, with a line break, twice the same, and one that is blank over data."""
    nbsp, nfd = "업체\u00a0명", unicodedata.normalize("NFD", "접수일시")
    headers = ["접수번호", nbsp, nfd, "확인\n일시(필수)", "비고", "비고", None]
    return one_sheet([headers, *([*r[:4], "첫째", "둘째", "셋째"] for r in requests(6))])


def own_names() -> bytes:
    """The team has a sheet ``CRM_KPI`` and a defined name that begins as ours do."""

    def fill(workbook: Workbook) -> None:
        put(workbook.add_worksheet("접수"), [HEADERS, *requests(6)])
        put(workbook.add_worksheet("CRM_KPI"), [["우리 팀 지표", None], ["응답률", 0.9], ["메모", "지우지 마세요"]])
        workbook.define_name("danggol_rate", "=CRM_KPI!$B$2")

    return book(fill)


def text_like_formulas() -> bytes:
    """Notes that begin with ``= + - @`` and full-width ``＝``, in text cells: they are words."""
    notes = (
        "=1+1",
        "+82 10 0123",
        "-보류",
        "@담당자",
        "＝합계",
        '=HYPERLINK("http://x","y")',
        "'=1",
        "#N/A 아님",
        " 앞뒤 공백 ",
    )
    return one_sheet([["접수번호", "업체명", "비고"], *([f"R{i}", "㈜한빛", n] for i, n in enumerate(notes))])


def long_cells() -> bytes:
    """A note of 32,767 characters: the most a cell can hold."""
    return one_sheet([["접수번호", "비고"], ["R1", "가" * 32_767], ["R2", "a\n" * 16_383]])


def cross_tab() -> bytes:
    """Partners down, months across: a report, no list."""
    return one_sheet(
        [["월별 현황"], ["파트너", *(f"{m}월" for m in range(1, 13)), "합계"], *([p, *range(12), 66] for p in PARTNERS)]
    )


def stock_list() -> bytes:
    """A store room's list: no business of a CRM."""
    return one_sheet(
        [["품목", "규격", "현재고", "입고", "출고"], *([f"자재{i}", "일반", i, i, i] for i in range(8))], name="재고"
    )


def twenty_sheets() -> bytes:
    """Twenty lists on twenty tabs, 60 rows each."""

    def fill(workbook: Workbook) -> None:
        for n in range(20):
            put(workbook.add_worksheet(f"{n + 1}호점"), [["접수 대장"], [], HEADERS, *requests(60, 1 + 60 * n)])

    return book(fill)
