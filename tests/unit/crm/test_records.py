from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING

import polars as pl
import pytest

from addin.crm.grid import CellError, CellValue, Grid
from addin.crm.mapping import ColumnMatch, Header, Region, TableMatch
from addin.crm.message import msg
from addin.crm.records import Records, build_records, to_rows

if TYPE_CHECKING:
    from addin.crm.fault import PlacedFault

HEADERS = {
    "번호": "request_id",
    "업체": "partner",
    "접수일시": "received_at",
    "확인일시": "confirmed_at",
    "상태": "stage",
    "금액": "amount",
    "환불": "refund",
    "클레임": "claim",
    "만족도": "satisfaction",
    "연락처": "phone",
}


def book(table: str = "requests", /, **sheets: list[list[CellValue]]) -> tuple[TableMatch, dict[str, Grid]]:
    """Sheets of one table: each a header row and its data from row 2, columns by `HEADERS`."""
    regions, names = [], {}
    for name, rows in sheets.items():
        headers = tuple(Header(i, str(text)) for i, text in enumerate(rows[0], 1))
        names |= {
            HEADERS[h.text]: ColumnMatch(HEADERS[h.text], h.text, 1.0, msg("x")) for h in headers if h.text in HEADERS
        }
        regions.append(Region(name, 1, 1, 1, len(headers), headers, tuple(range(2, len(rows) + 1))))
    return TableMatch(table, tuple(regions), names), {name: Grid(name, rows) for name, rows in sheets.items()}


def build(**sheets: list[list[CellValue]]) -> tuple[Records, list[PlacedFault]]:
    return build_records(*book(**sheets))


def places(faults: list[PlacedFault]) -> list[tuple[str, int, int, str, str]]:
    return [(f.sheet, f.row, f.column, f.field, f.fault.code) for f in faults]


def test_every_type_has_its_column_type_and_no_nan() -> None:
    records, faults = build(
        접수=[
            ["번호", "업체", "접수일시", "금액", "환불", "클레임", "만족도", "상태"],
            ["R1", "한빛", dt.datetime(2026, 9, 1, 9), 100000.0, "Y", "Y", math.nan, "수주"],
            [None, None, None, None, None, None, None, None],
        ]
    )
    assert dict(records.frame.schema) == {
        "request_id": pl.String,
        "partner": pl.String,
        "received_at": pl.Int64,
        "received_at__time": pl.Boolean,
        "stage": pl.String,
        "amount": pl.Int64,
        "refund": pl.Int64,
        "refund__yes": pl.Boolean,
        "claim": pl.Boolean,
        "satisfaction": pl.Float64,
        "_sheet": pl.String,
        "_row": pl.Int64,
    }
    assert records.frame["satisfaction"].null_count() == 2
    assert [f.fault.code for f in faults] == ["blank_id"]


def test_rows_print_as_the_contract_says() -> None:
    records, _ = build(
        접수=[
            ["번호", "업체", "접수일시", "금액", "환불", "만족도"],
            ["0001", "＝1+1", dt.datetime(2026, 9, 1, 9), "10만원", "Y", 5.0],
            ["0002", None, dt.date(2026, 9, 1), 1234.56, None, None],
        ]
    )
    assert to_rows(records) == [
        {
            "request_id": "0001",
            "partner": "＝1+1",
            "received_at": "2026-09-01T09:00",
            "amount": 100000,
            "refund": True,
            "satisfaction": 5,
            "_sheet": "접수",
            "_row": 2,
        },
        {
            "request_id": "0002",
            "partner": None,
            "received_at": "2026-09-01",
            "amount": 1234.56,
            "refund": None,
            "satisfaction": None,
            "_sheet": "접수",
            "_row": 3,
        },
    ]


def test_monthly_tabs_are_one_table_in_order_each_with_its_own_columns() -> None:
    records, faults = build(
        **{
            "1월": [["번호", "금액"], ["R1", 100.0], ["R2"]],
            "2월": [["금액", "업체", "번호"], [CellError("#REF!"), "한빛", "R3"]],
        }
    )
    assert records.frame.select("request_id", "partner", "amount", "_sheet", "_row").rows() == [
        ("R1", None, 10000, "1월", 2),
        ("R2", None, None, "1월", 3),
        ("R3", "한빛", None, "2월", 2),
    ]
    assert places(faults) == [("2월", 2, 1, "amount", "error_cell")]


def test_a_row_with_faults_stays_with_null_there() -> None:
    records, faults = build(접수=[["번호", "접수일시", "금액"], ["R1", "2026-13-40", "협의"]])
    assert to_rows(records) == [{"request_id": "R1", "received_at": None, "amount": None, "_sheet": "접수", "_row": 2}]
    assert places(faults) == [("접수", 2, 2, "received_at", "bad_date"), ("접수", 2, 3, "amount", "bad_amount")]


def test_the_whole_table_proves_the_order_of_day_and_month() -> None:
    records, faults = build(
        **{"1월": [["접수일시"], ["03/05/2024"]], "2월": [["접수일시"], ["25/05/2024"]]},
    )
    assert [row["received_at"] for row in to_rows(records)] == ["2024-05-03", "2024-05-25"]
    assert faults == []


def test_the_grid_says_whether_a_midnight_is_a_time_and_how_serials_count() -> None:
    match, grids = book(접수=[["접수일시", "확인일시"], [dt.datetime(2026, 9, 1), 45356.0 - 1462]])
    grids["접수"].has_time = lambda row, column: (row, column) == (2, 1)
    grids["접수"].epoch_1904 = True
    records, _ = build_records(match, grids)
    [row] = to_rows(records)
    assert (row["received_at"], row["confirmed_at"]) == ("2026-09-01T00:00", "2024-03-05")


def test_a_repeated_id_names_the_other_rows() -> None:
    _, faults = build(**{"1월": [["번호"], ["R1"], ["R2"]], "2월": [["번호"], ["R1"]]})
    assert places(faults) == [("1월", 2, 1, "request_id", "duplicate_id"), ("2월", 2, 1, "request_id", "duplicate_id")]
    assert [f.fault.fix.params["cells"] for f in faults] == ["2월!A2", "1월!A2"]


def test_an_id_that_could_not_be_read_is_told_once() -> None:
    _, faults = build(접수=[["번호"], ["R1"], [dt.datetime(2026, 1, 3)], [None]])
    assert places(faults) == [("접수", 3, 1, "request_id", "id_became_date"), ("접수", 4, 1, "request_id", "blank_id")]


def test_a_column_without_any_id_has_no_blank_ones() -> None:
    _, faults = build(접수=[["번호", "업체"], [None, "한빛"], [None, "다솜"]])
    assert faults == []


def test_the_stage_words_of_offices_are_known_and_a_teams_own_can_be_added() -> None:
    match, grids = book(접수=[["상태"], ["Prospecting"], ["계약완료"], ["고객취소"], ["서류심사"]])
    assert places(build_records(match, grids)[1]) == [("접수", 5, 1, "stage", "unknown_value")]
    assert build_records(match, grids, known={"stage": ["서류심사"]})[1] == []


def test_other_columns_can_be_carried_along_as_text() -> None:
    match, grids = book(접수=[["번호", "동호수", "_row"], ["R1", 101.0, "x"]])
    records, _ = build_records(match, grids, extra=("동호수", "없는 열", "_row"))
    assert records.extra == ("동호수",)
    assert to_rows(records) == [{"request_id": "R1", "동호수": "101", "_sheet": "접수", "_row": 2}]


def test_a_table_without_rows_still_has_its_columns() -> None:
    records, faults = build(접수=[["번호", "접수일시", "금액"]])
    assert (len(records), faults, to_rows(records)) == (0, [], [])
    assert records.frame.schema["received_at"] == pl.Int64


@pytest.mark.parametrize("rows", [511, 512, 513, 1100])
def test_long_sheets_lose_no_row_at_the_seams_of_blocks(rows: int) -> None:
    records, _ = build(접수=[["번호", "업체"], *[[f"R{n}"] if n % 7 == 0 else [f"R{n}", f"P{n}"] for n in range(rows)]])
    assert records.frame["request_id"].to_list() == [f"R{n}" for n in range(rows)]
    assert records.frame["partner"].to_list() == [None if n % 7 == 0 else f"P{n}" for n in range(rows)]
    assert records.frame["_row"].to_list() == list(range(2, rows + 2))


def test_a_long_row_beyond_the_list_changes_no_column() -> None:
    records, _ = build(
        접수=[["번호", "업체", "금액"], ["R1", "가", 1.0, None, "메모"], ["R2", "나"], ["R3", "다", 3.0]]
    )
    assert records.frame["partner"].to_list() == ["가", "나", "다"]
    assert records.frame["amount"].to_list() == [100, None, 300]
