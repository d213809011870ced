"""Rows that come typed are read as a sheet's cells would be."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import polars as pl
import pytest

from addin.crm.calendar import minutes_of_text
from addin.crm.typed_rows import as_records, table_told_by


@pytest.mark.parametrize(
    ("values", "minutes", "times"),
    [
        ([dt.datetime(2026, 11, 20, 9, 30), None], [minutes_of_text("2026-11-20T09:30"), None], [True, False]),
        ([dt.date(2026, 11, 20), None], [minutes_of_text("2026-11-20"), None], [False, False]),
        (["2026.11.20 오후 3:20", None], [minutes_of_text("2026-11-20T15:20"), None], [True, None]),
        ([dt.datetime(2026, 11, 20, 0, 30, tzinfo=dt.UTC)], [minutes_of_text("2026-11-20T09:30")], [True]),
    ],
)
def test_dates_become_minutes_of_seoul(values: list[object], minutes: list[int | None], times: list[object]) -> None:
    found, _ = as_records(pl.DataFrame({"received_at": values}), "requests")
    assert found["received_at"].to_list() == minutes
    assert found["received_at__time"].to_list() == times


@pytest.mark.parametrize("values", [[1200.5, float("nan")], [Decimal("1200.5"), None], ["1,200.5", None]])
def test_money_becomes_hundredths_and_no_nan(values: list[object]) -> None:
    found, unread = as_records(pl.DataFrame({"amount": values}), "requests")
    assert not unread
    assert found["amount"].to_list() == [120050, None]


def test_a_refund_says_whether_there_was_one() -> None:
    found, _ = as_records(pl.DataFrame({"refund": [0, 500, None]}), "requests")
    assert found.rows() == [(0, False), (50000, True), (None, None)]


def test_other_columns_are_text_to_group_by() -> None:
    found, _ = as_records(
        pl.DataFrame({"claim": [True, None], "채널": [1, 2], "phone": [1012345678, None]}), "requests"
    )
    assert found.to_dict(as_series=False) == {
        "claim": [True, None],
        "채널": ["1", "2"],
        "phone": ["010-1234-5678", None],
    }


def test_what_can_not_be_read_is_blank_and_told() -> None:
    found, unread = as_records(
        pl.DataFrame({"received_at": ["곧", "2026-11-20", None], "amount": ["협의"] * 3}), "requests"
    )
    assert found["received_at"].is_null().to_list() == [True, False, True]
    assert unread == {"received_at": ["곧"], "amount": ["협의"] * 3}


def test_the_table_is_told_by_its_fields() -> None:
    assert table_told_by(["spent_at", "amount", "partner"]) == "spend"
    assert table_told_by(["request_id", "received_at"]) == "requests"
    assert table_told_by(["x", "y"]) is None
