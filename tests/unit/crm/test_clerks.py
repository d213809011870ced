"""Whole lists as clerks keep them: what `propose` and `build_records` make of them together."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.grid import CellValue, Grid, cell_address
from addin.crm.headers import propose
from addin.crm.records import build_records, to_rows

if TYPE_CHECKING:
    from addin.crm.fault import PlacedFault
    from addin.crm.mapping import TableMatch

_ = None
DAY = dt.datetime(2026, 3, 2)


def read(*grids: Grid) -> tuple[TableMatch, list[dict[str, Any]], list[PlacedFault]]:
    """The one table of some sheets: its match, its rows as printed, its faults."""
    mapping = propose(grids)
    assert not mapping.questions
    (match,) = mapping.tables
    records, faults = build_records(match, {g.name: g for g in grids})
    return match, to_rows(records), faults


def sheet(*rows: list[CellValue], name: str = "접수", merged: tuple[tuple[int, int, int, int], ...] = ()) -> Grid:
    """A sheet from its rows."""
    return Grid(name, rows, merged=merged)


def told(faults: list[PlacedFault]) -> list[tuple[str, str, str | None]]:
    """Cell, code and what danggol reads, of every fault."""
    return [(cell_address(f.row, f.column), f.fault.code, f.fault.suggestion) for f in faults]


def days(count: int) -> list[dt.datetime]:
    return [DAY + dt.timedelta(days=i) for i in range(count)]


# Merged cells


def test_a_name_merged_over_its_rows_counts_for_each_of_them() -> None:
    grid = sheet(
        ["업체명", "접수일", "고객명", "금액"],
        ["한빛", DAY, "가", 100.0],
        [_, DAY, "나", 200.0],
        ["두리", DAY, "다", 300.0],
        merged=((2, 1, 3, 1),),
    )
    _match, rows, faults = read(grid)
    assert [row["partner"] for row in rows] == ["한빛", "한빛", "두리"]
    assert not faults


def test_a_merged_amount_is_one_amount() -> None:
    grid = sheet(
        ["업체명", "접수일", "금액"],
        ["한빛", DAY, 100.0],
        ["두리", DAY, _],
        ["세모", DAY, 50.0],
        merged=((2, 3, 3, 3),),
    )
    assert [row["amount"] for row in read(grid)[1]] == [100, None, 50]


def test_a_blank_cell_that_is_not_merged_stays_blank() -> None:
    grid = sheet(["업체명", "접수일", "금액"], ["한빛", DAY, 1.0], [_, DAY, 2.0], ["두리", DAY, 3.0])
    assert [row["partner"] for row in read(grid)[1]] == ["한빛", None, "두리"]


# Ditto marks


@pytest.mark.parametrize("mark", ["〃", " 〃 ", "상동", "위와 동일", '"'])
def test_as_above_is_the_value_above_and_said(mark: str) -> None:
    grid = sheet(
        ["업체명", "접수일", "금액"], ["한빛", DAY, "10만원"], [mark, mark, mark], [mark, DAY, 3.0], ["두리", DAY, 4.0]
    )
    _match, rows, faults = read(grid)
    assert [(row["partner"], row["received_at"], row["amount"]) for row in rows[:3]] == [
        ("한빛", "2026-03-02", 100000),
        ("한빛", "2026-03-02", 100000),
        ("한빛", "2026-03-02", 3),
    ]
    assert [(cell, code) for cell, code, _ in told(faults)] == [(c, "ditto") for c in ("A3", "B3", "C3", "A4")]
    assert all(f.fault.repair for f in faults)


def test_as_above_under_a_wrong_cell_is_as_wrong_and_shows_its_own_mark() -> None:
    grid = sheet(
        ["업체명", "접수일", "금액"],
        ["한빛", "2026-13-40", 1.0],
        ["두리", "〃", 2.0],
        ["세모", DAY, 3.0],
        ["네모", DAY, 4.0],
    )
    faults = read(grid)[2]
    assert [(cell_address(f.row, f.column), f.fault.code, f.fault.value) for f in faults] == [
        ("B2", "bad_date", "2026-13-40"),
        ("B3", "bad_date", "〃"),
    ]


def test_an_id_is_never_as_above() -> None:
    grid = sheet(["접수번호", "업체명", "접수일"], ["R1", "한빛", DAY], ["〃", "두리", DAY], ["R3", "세모", DAY])
    assert [row["request_id"] for row in read(grid)[1]] == ["R1", "〃", "R3"]


# A time of day in a column of its own


def test_date_and_time_in_two_columns_are_one_instant() -> None:
    grid = sheet(
        ["접수일", "접수시간", "업체명", "금액"],
        [DAY, dt.time(9, 30), "한빛", 1.0],
        [DAY, "오후 2시", "두리", 2.0],
        [DAY, "10:00~12:00", "세모", 3.0],
        [DAY, _, "네모", 4.0],
    )
    match, rows, faults = read(grid)
    assert match.clocks == {"received_at": ("접수시간",)}
    assert match.columns["received_at"].reason.id == "map.reason.with_time"
    assert match.unmatched == ()
    assert [row["received_at"] for row in rows] == [
        "2026-03-02T09:30", "2026-03-02T14:00", "2026-03-02T10:00", "2026-03-02",
    ]  # fmt: skip
    assert not faults


def test_a_plain_time_belongs_to_the_date_on_its_left() -> None:
    times: list[CellValue] = ["11:00", "13:30", "15:00"]
    grid = sheet(
        ["접수일", "예식일", "시간", "고객명"],
        *([DAY, day, time, "가"] for day, time in zip(days(3), times, strict=True)),
    )
    assert read(grid)[0].clocks == {"event_at": ("시간",)}


def test_how_long_it_took_is_no_time_of_day() -> None:
    spans: list[CellValue] = [dt.timedelta(minutes=30), dt.timedelta(minutes=80), dt.timedelta(minutes=15)]
    grid = sheet(["접수일", "접수시간", "고객명", "금액"], *([DAY, span, "가", 1.0] for span in spans))
    assert read(grid)[0].clocks == {}


def test_a_time_nobody_can_read_leaves_the_date_and_is_said_at_its_own_cell() -> None:
    grid = sheet(
        ["접수일", "접수시간", "고객명"],
        [DAY, "오전 중", "가"],
        [DAY, "09:00", "나"],
        [_, "10:00", "다"],
        [DAY, "11:00", "라"],
    )
    _match, rows, faults = read(grid)
    assert [row["received_at"] for row in rows] == ["2026-03-02", "2026-03-02T09:00", None, "2026-03-02T11:00"]
    assert [(cell, code) for cell, code, _ in told(faults)] == [("B2", "bad_time"), ("B4", "incomplete_date")]


# Amounts in thousands


@pytest.mark.parametrize(
    ("header", "note", "expected"),
    [
        ("금액(천원)", _, 1500000), ("금액 (단위: 만원)", _, 15000000), ("금액", "(단위 : 천원)", 1500000),
        ("금액(백만원)", "단위: 천원", 1500000000), ("금액(원)", "단위: 천원", 1500), ("금액", _, 1500),
    ],
)  # fmt: skip
def test_a_bare_number_counts_in_the_unit_of_its_header_or_of_the_line_above(
    header: str, note: str | None, expected: int
) -> None:
    grid = sheet(
        ["수수료 정산", _, note],
        ["업체명", "접수일", header],
        ["한빛", DAY, 1500.0],
        ["두리", DAY, "1,500"],
        ["세모", DAY, "120만원"],
    )
    match, rows, _faults = read(grid)
    assert [row["amount"] for row in rows] == [expected, expected, 1200000]
    assert (match.columns["amount"].reason.id == "map.reason.unit") == (expected != 1500)


# Dates without a year


def yearless(name: str, title: str | None, *dates: str) -> tuple[list[str | None], list[str]]:
    grid = sheet([title], ["접수일", "업체명", "금액"], *([d, "한빛", 1.0] for d in dates), name=name)
    _match, rows, faults = read(grid)
    return [row["received_at"] for row in rows], [f.fault.code for f in faults]


def test_a_monthly_tab_proves_the_year_of_its_month_only() -> None:
    read_as, codes = yearless("2026년 3월", _, "3/5", "3월 6일", "3/7 14:00", "4/2")
    assert read_as == ["2026-03-05", "2026-03-06", "2026-03-07T14:00", None]
    assert codes == ["year_from_tab"] * 3 + ["ambiguous_date"]


def test_day_and_month_are_not_swapped_to_fit_the_tab() -> None:
    assert yearless("2026년 2월", _, "2/3", "4/2")[0] == ["2026-02-03", None]


def test_a_yearly_title_proves_the_year_where_the_month_is_named_or_proven() -> None:
    assert yearless("접수", "2026년 접수대장", "3월 5일", "4월 2일")[0] == ["2026-03-05", "2026-04-02"]
    assert yearless("접수", "2026년 접수대장", "3/5", "4/2")[0] == [None, None]
    assert yearless("접수", "2026년 접수대장", "3/5", "4/25")[0] == ["2026-03-05", "2026-04-25"]


@pytest.mark.parametrize(
    ("name", "title"),
    [("3월", _), ("접수", _), ("2025년 3월", "2026년 3월"), ("2026년 4월", _), ("접수", "2025~2026년")],
)
def test_without_one_year_or_with_another_month_the_date_stays_unread(name: str, title: str | None) -> None:
    assert yearless(name, title, "3/5", "3월 6일") == ([None, None], ["ambiguous_date"] * 2)


# Yes and no for a stage


def test_signed_or_not_is_a_stage() -> None:
    marks: list[CellValue] = ["O", "X", "취소", _]
    grid = sheet(["접수일", "고객명", "계약여부"], *([DAY, "가", mark] for mark in marks))
    _match, rows, faults = read(grid)
    assert [row["stage"] for row in rows] == ["계약", None, "취소", None]
    assert told(faults) == [("C3", "not_there_yet", "")]


# Lists of every kind


FORM = "개인정보 수집 및 이용에 동의하십니까? (수집항목: 이름, 연락처 / 보유기간: 1년)"


@pytest.mark.parametrize(
    ("headers", "row", "expected"),
    [
        (
            [
                "타임스탬프",
                "1. 성함",
                "2. 연락처를 입력해 주세요. (예: 010-1234-5678)",
                "신청하실 서비스를 선택해주세요",
                FORM,
            ],
            ["2026. 3. 5 오후 3:20:11", "가", "01012345678", "청소", "동의합니다"],
            {"received_at": "2026-03-05T15:20", "customer": "가", "phone": "010-1234-5678", "service": "청소"},
        ),
        (
            ["주문번호", "구매자명", "구매자연락처", "주문상태", "결제일", "상품명", "총 주문금액"],
            ["20260304001", "가", "010-1234-5678", "배송완료", DAY, "수전", 39000.0],
            {"request_id": "20260304001", "phone": "010-1234-5678", "stage": "배송완료", "won_at": "2026-03-02"},
        ),
        (
            ["Deal - ID", "Deal - Stage", "Deal - Status", "Deal - Deal created", "Deal - Won time", "Deal - Value"],
            ["7", "Lead In", "won", "2026-01-05 08:00:00", "2026-02-01 10:00:00", 500.0],
            {"request_id": "7", "stage": "won", "received_at": "2026-01-05T08:00", "won_at": "2026-02-01T10:00"},
        ),
        (
            ["Job #", "Client", "Date Received", "Date Visited", "Tech", "Amount"],
            ["J1", "Ann", DAY, DAY, "Kim", 100.0],
            {"request_id": "J1", "received_at": "2026-03-02", "visited_at": "2026-03-02", "assignee": "Kim"},
        ),
        (
            ["No", "단지", "접수", "연락", "견적", "계약", "금액"],
            [1.0, "한빛", DAY, DAY, DAY, DAY, 100.0],
            {"confirmed_at": "2026-03-02", "proposed_at": "2026-03-02", "won_at": "2026-03-02", "amount": 100},
        ),
        (
            ["접수일", "고객명", "연락처1", "연락처2", "금액"],
            [DAY, "가", "010-1234-5678 / 02-123-4567", "02-123-4567", 100.0],
            {"phone": "010-1234-5678"},
        ),
        (
            ["상담ID", "고객닉네임", "상담시작일시", "첫응답일시", "상담종료일시", "상담상태"],
            ["k1", "나비", "2026-03-05 10:00:11", "2026-03-05 10:07:00", "2026-03-05 11:00:00", "종료"],
            {"received_at": "2026-03-05T10:00", "confirmed_at": "2026-03-05T10:07", "stage": "종료"},
        ),
    ],
)
def test_exports_and_registers_ask_nothing(
    headers: list[CellValue], row: list[CellValue], expected: dict[str, Any]
) -> None:
    match, rows, _faults = read(sheet(headers, row, row, row))
    assert match.table == "requests"
    assert {name: rows[0].get(name) for name in expected} == expected


def test_a_register_of_defects_is_no_list_of_requests() -> None:
    grid = sheet(
        ["동호수", "입주자", "하자부위", "하자내용", "접수일", "처리일", "처리결과"],
        *(["101-1203", "가", "욕실", "타일 들뜸", day, day, "완료"] for day in days(3)),
        name="하자접수대장",
    )
    assert read(grid)[0].table == "defects"


def test_several_amounts_of_one_kind_are_not_taken_by_their_first() -> None:
    grid = sheet(["접수일", "고객명", "금액1", "금액2"], *([day, "가", 1.0, 2.0] for day in days(3)))
    match = read(grid)[0]
    assert "amount" not in match.columns
    assert match.unmatched == ("금액1", "금액2")
