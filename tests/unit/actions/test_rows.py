"""Rows leave as a file and come back the same: zeros, dates, and text that looks like a formula."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import polars as pl
import pytest

from addin.actions.rows import rows_of, write_rows
from addin.crm.records import to_rows
from addin.crm.tables import REQUESTS
from addin.errors import DanggolError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

CSV = """접수번호,업체명,연락처,접수일시,금액,비고
R1,한빛,010-1234-5678,2026-10-01 09:00,100000,=HYPERLINK("x")
R2,두리,02-123-4567,2026-10-02,1200.5,＝1+1
R3,한빛,,2026-10-03,,-전화 요망
"""


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "접수.csv"
    path.write_text(CSV, "utf-8")
    return path


def test_the_shape_is_the_same_for_every_book(book: Path) -> None:
    [first, *_] = to_rows(rows_of(book, "requests"), every=True)
    assert list(first) == [*(f.id for f in REQUESTS.fields), "_sheet", "_row"]
    assert first["received_at"] == "2026-10-01T09:00"
    assert first["amount"] == 100000
    assert first["claim"] is None


def test_text_that_looks_like_a_formula_stays_text_in_a_csv_and_comes_back(book: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    write_rows(rows_of(book, "requests"), out)
    text = out.read_text("utf-8-sig")
    assert "'=HYPERLINK" in text
    assert "'＝1+1" in text
    assert "'-전화 요망" in text
    again = [row["note"] for row in to_rows(rows_of(out, "requests"))]
    assert again == ['=HYPERLINK("x")', "＝1+1", "-전화 요망"]


def test_parquet_and_json_hold_the_same_rows(book: Path, tmp_path: Path) -> None:
    records = rows_of(book, "requests")
    for name in ("out.parquet", "out.json"):
        write_rows(records, tmp_path / name)
    assert pl.read_parquet(tmp_path / "out.parquet")["request_id"].to_list() == ["R1", "R2", "R3"]
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))[1]["amount"] == 1200.5


def test_an_unknown_table_a_missing_table_and_an_unknown_format_are_told_apart(book: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="표는 없습니다"):
        rows_of(book, "nonsense")
    with pytest.raises(DanggolError) as missing:
        rows_of(book, "spend")
    assert missing.value.exit_code == 1
    with pytest.raises(UsageError, match="형식"):
        write_rows(rows_of(book, "requests"), tmp_path / "out.pdf")


def test_where_keeps_the_rows_that_meet_it_in_their_order(book: Path) -> None:
    assert rows_of(book, "requests", where=["업체명=한빛"]).frame["request_id"].to_list() == ["R1", "R3"]
    assert rows_of(book, "requests", where=["partner=한빛", "연락처!="]).frame["request_id"].to_list() == ["R1"]
    assert len(rows_of(book, "requests", where=["amount>=100만원"])) == 0


def test_where_that_cant_be_understood_is_a_mistake_of_use(book: Path) -> None:
    with pytest.raises(UsageError, match=r"업체.*partner"):
        rows_of(book, "requests", where=["업체=한빛"])


def _regulars(tmp_path: Path) -> Path:
    """Two to invite (one came twice), one in trouble, a member."""
    lines = [
        "접수번호,업체명,고객명,연락처,접수일시,수주일,진행상태,금액,클레임,멤버십 가입일",
        "R1,한빛,가온,010-1111-1111,2026-10-01,2026-10-02,수주,100000,,",
        "R2,한빛,가온,010-1111-1111,2026-11-01,2026-11-02,수주,100000,,",
        "R3,한빛,새봄,010-2222-2222,2026-11-10,2026-11-11,수주,90000,,",
        "R4,두리,온유,010-3333-3333,2026-11-12,2026-11-13,수주,50000,Y,",
        "R5,두리,이든,010-4444-4444,2026-11-12,2026-11-13,수주,50000,,2026-11-14",
    ]
    path = tmp_path / "단골.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ("단골풀=초대", ["R2", "R3"]),
        ("regulars = invite", ["R2", "R3"]),
        ("단골풀=보류", ["R4"]),
        ("단골풀=단골", ["R5"]),
    ],
)
def test_each_customer_to_invite_is_listed_once_by_the_last_request(where: str, ids: list[str], tmp_path: Path) -> None:
    rows = to_rows(rows_of(_regulars(tmp_path), "requests", where=[where], as_of="2026-11-20"))
    assert [row["request_id"] for row in rows] == ids


def test_the_pool_goes_with_other_conditions_and_says_what_can_be_asked(tmp_path: Path) -> None:
    book = _regulars(tmp_path)
    rows = to_rows(rows_of(book, "requests", where=["단골풀=초대", "customer=새봄"], as_of="2026-11-20"))
    assert [row["request_id"] for row in rows] == ["R3"]
    with pytest.raises(UsageError, match="초대"):
        rows_of(book, "requests", where=["단골풀=아무나"])


def test_where_nobody_can_be_told_apart_the_pool_cannot_be_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "b.csv"
    path.write_text("접수번호,업체명,접수일시,금액\nR1,한빛,2026-10-01,1000\nR2,두리,2026-10-02,1000\n", "utf-8")
    with pytest.raises(DanggolError, match="고객"):
        rows_of(path, "requests", where=["단골풀=초대"])
