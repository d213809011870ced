"""A person chooses rows by conditions, read as cells of that column are read."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest

from addin.crm.calendar import DAY, day_of
from addin.crm.where import WhereError, matching, parse_where

NAMES = {
    "partner": "partner", "업체": "partner", "stage": "stage", "received_at": "received_at", "amount": "amount",
    "claim": "claim", "refund": "refund", "비고": "note", "note": "note", "satisfaction": "satisfaction",
}  # fmt: skip


def _at(day: str, minute: int = 0) -> int:
    return day_of(dt.date.fromisoformat(day)) * DAY + minute


FRAME = pl.DataFrame(
    {
        "partner": ["㈜한빛", "은하", None, "한빛"],
        "partner_key": ["한빛", "은하", None, "한빛"],
        "stage": ["수주", "취소", "접수", None],
        "received_at": [_at("2026-11-16", 600), _at("2026-11-22"), _at("2026-12-28"), None],
        "amount": [10_000_000, 5_000_050, None, 0],
        "claim": [True, False, None, None],
        "refund": [None, 0, None, 300],
        "refund__yes": [True, False, None, True],
        "note": ["=1+1", "문 고침", "", None],
        "satisfaction": [4.5, 3.0, None, 5.0],
        "_row": [1, 2, 3, 4],
    }
)


def _rows(*conditions: str) -> list[int]:
    return FRAME.filter(matching(FRAME, parse_where(conditions, "requests", NAMES)))["_row"].to_list()


@pytest.mark.parametrize(
    ("condition", "rows"),
    [
        ("partner=한빛", [1, 4]),  # also by the name it was resolved to
        ("업체 = ㈜한빛", [1]),  # by the sheet's own header
        ("partner=한빛|은하", [1, 2, 4]),
        ("partner='한빛'", [1, 4]),
        ('partner="한빛"|은하', [1, 2, 4]),
        ("partner!=한빛", [2, 3]),
        ("partner=", [3]),
        ("partner!=", [1, 2, 4]),
        ("partner=|은하", [2, 3]),
        ("stage~취", [2]),
        ("amount=10만원", [1]),
        ("amount>=50000.5", [1, 2]),
        ("amount<=0", [4]),
        ("amount>10만원", []),
        ("received_at=2026-11-16", [1]),
        ("received_at=2026-11-16 10:00", [1]),
        ("received_at=2026-W47", [1, 2]),
        ("received_at=2026-W53", [3]),
        ("received_at=2026-11", [1, 2]),
        ("received_at=2026-q4", [1, 2, 3]),
        ("received_at>2026-11-16", [2, 3]),
        ("received_at<=2026년 11월 16일", [1]),
        ("received_at<2026-11-22", [1]),
        ("received_at=", [4]),
        ("claim=Y", [1]),
        ("claim=N", [2, 3, 4]),  # as in the rates: a blank is no claim
        ("claim=", [3, 4]),
        ("refund=Y", [1, 4]),
        ("refund=N", [2, 3]),
        ("refund=3", [4]),
        ("refund=", [3]),
        ("satisfaction>=4.5", [1, 4]),
        ("note==1+1", [1]),
    ],
)
def test_a_condition_chooses_its_rows(condition: str, rows: list[int]) -> None:
    assert _rows(condition) == rows


def test_every_condition_must_hold() -> None:
    assert _rows("partner=한빛", "amount>0") == [1]


def test_a_condition_and_its_opposite_share_out_all_rows() -> None:
    for condition in (
        "partner=한빛",
        "amount=10만원",
        "received_at=2026-11",
        "claim=Y",
        "refund=Y",
        "note=",
        "stage=수주|접수",
    ):
        assert sorted(_rows(condition) + _rows(condition.replace("=", "!=", 1))) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    ("condition", "says"),
    [
        ("한빛", "where.no_operator"),
        ("=한빛", "where.no_operator"),
        ("무엇=1", "where.unknown_column"),
        ("amount=많이", "where.bad_value"),
        ("received_at=2025-W53", "where.bad_value"),  # 2025 has 52 weeks
        ("received_at=2026-13", "where.bad_value"),
        ("claim=글쎄", "where.bad_value"),
        ("partner>가", "where.no_order"),
        ("amount>1|2", "where.one_value"),
        ("amount>", "where.one_value"),
    ],
)
def test_a_condition_that_cant_be_understood_says_why(condition: str, says: str) -> None:
    with pytest.raises(WhereError) as error:
        parse_where([condition], "requests", NAMES)
    assert error.value.message.id == says
