from __future__ import annotations

import polars as pl
import pytest

from addin.crm.dates import parse_instant
from addin.crm.row_rules import row_faults


def found(table: str, key: str | None = None, **columns: list[object]) -> list[tuple[int, str, str]]:
    """The faults of a frame; instants are given as text."""
    series: dict[str, pl.Series | list[object]] = {}
    height = len(next(iter(columns.values())))
    for name, values in columns.items():
        if name.endswith(("_at", "_until")):
            read = [parse_instant(value).value for value in values]
            series[name] = pl.Series([None if r is None else r.minutes for r in read], dtype=pl.Int64)
            series[f"{name}__time"] = pl.Series([None if r is None else r.has_time for r in read], dtype=pl.Boolean)
        else:
            series[name] = values
    series.setdefault("_sheet", ["접수"] * height)
    frame = pl.DataFrame(series)
    return [(f.at, f.field, f.fault.code) for f in row_faults(table, key, frame, lambda i, _: ("접수", i + 2, 1))]


@pytest.mark.parametrize("field", ["confirmed_at", "proposed_at", "visited_at", "won_at", "completed_at"])
def test_nothing_can_happen_before_the_request_was_received(field: str) -> None:
    columns = {"received_at": ["2026-09-02 10:00"] * 2, field: ["2026-09-02 09:59", "2026-09-02 10:00"]}
    assert found("requests", **columns) == [(0, field, "time_order")]


@pytest.mark.parametrize(
    ("received", "confirmed", "wrong"),
    [
        ("2026-09-02 10:00", "2026-09-02", False),
        ("2026-09-02 10:00", "2026-09-01", True),
        ("2026-09-02", "2026-09-02 09:00", False),
        ("2026-09-02", "2026-09-01 23:00", True),
        (None, "2026-09-01", False),
        ("2026-09-02", None, False),
    ],
)
def test_a_date_without_a_time_is_compared_by_its_day(received: str | None, confirmed: str | None, wrong: bool) -> None:
    assert (
        found("requests", received_at=[received], confirmed_at=[confirmed])
        == [(0, "confirmed_at", "time_order")] * wrong
    )


@pytest.mark.parametrize(
    ("table", "first", "later"),
    [
        ("quotes", "issued_at", "valid_until"),
        ("defects", "found_at", "fixed_at"),
        ("customers", "joined_at", "left_at"),
    ],
)
def test_other_tables_have_their_own_order(table: str, first: str, later: str) -> None:
    assert found(table, **{first: ["2026-09-02"], later: ["2026-09-01"]}) == [(0, later, "time_order")]


def test_a_refund_above_the_amount_is_named() -> None:
    assert found("requests", amount=[100, 100, None], refund=[101, 100, 5]) == [(0, "refund", "refund_over_amount")]


def test_a_negative_amount_is_named_but_a_discount_line_is_not() -> None:
    assert found("requests", amount=[-100, 0, None]) == [(0, "amount", "negative_amount")]
    assert found("quote_lines", unit_price=[-100]) == []


def test_all_rows_of_a_repeated_id_are_named() -> None:
    ids = ["A", "B", "A", None, "A"]
    assert found("requests", "request_id", request_id=ids) == [
        (3, "request_id", "blank_id"),
        (0, "request_id", "duplicate_id"),
        (2, "request_id", "duplicate_id"),
        (4, "request_id", "duplicate_id"),
    ]


def test_running_numbers_that_begin_again_on_every_sheet_are_told_once() -> None:
    numbers: list[object] = ["1", "2", "3", "1", "2"]
    sheets: list[object] = ["1월"] * 3 + ["2월"] * 2
    assert found("requests", "request_id", request_id=numbers, _sheet=sheets) == [(0, "request_id", "number_restarts")]
    twice: list[object] = ["1", "1", "2", "1", "2"]
    assert (
        "duplicate_id" in {code for _, _, code in found("requests", "request_id", request_id=twice, _sheet=sheets)}
    ) is True
