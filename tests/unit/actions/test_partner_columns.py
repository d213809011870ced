"""What partners filled in: columns of our own beside the list, never a person's; read back as they were typed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.actions.columns import header_of
from addin.actions.ours import Ours, OwnColumn, find_ours
from addin.actions.partner_columns import attach_partner_side, book_cell, plain_cell
from addin.actions.views.parts import Say
from addin.crm.grid import CellError, Grid
from addin.crm.headers import propose
from addin.crm.records import build_records
from addin.crm.settings import Settings
from addin.crm.tables import REQUESTS

ROWS: list[list[Any]] = [
    ["접수번호", "업체명", "접수일시", "방문일시", "환불", "파트너 방문일시", "파트너 완료일", "파트너 환불"],
    ["R1", "한빛", "2026-09-01", None, None, dt.datetime(2026, 9, 1, 15), "2026-09-05", "Y"],
    ["R2", "한빛", "2026-09-02", "2026-09-03 10:00", 5000.0, "내일쯤", None, None],
]
OURS = [
    OwnColumn(f"_danggol.col.requests.from_{f}.1", "requests", f"from_{f}", "접수", 1, at)
    for f, at in (("visited_at", 6), ("completed_at", 7), ("refund", 8))
]


def sides(rows: list[list[Any]] = ROWS, settings: Settings | None = None, own: list[OwnColumn] | None = None) -> Any:
    ours = Ours(columns=OURS if own is None else own)
    grid = Grid("접수", rows)
    mapping = propose([grid], ignore_columns=ours.cells())
    ours.regions = tuple(region for match in mapping.tables for region in match.regions)
    match = mapping.table("requests")
    assert match is not None
    records, _ = build_records(match, {"접수": grid})
    return records, attach_partner_side(records, match, ours, {"접수": grid}, settings or Settings(), {})


def test_the_person_s_own_cell_comes_first_and_the_partner_s_fills_the_blanks() -> None:
    records, side = sides()
    assert records.frame["visited_at"].to_list() == [29804580, 29807160]
    assert records.frame["visited_at__time"].to_list() == [True, True]
    assert side.own["visited_at"].to_list() == [None, 29807160]


def test_a_field_only_the_partner_has_becomes_a_field() -> None:
    records, side = sides()
    assert "completed_at" in records.fields
    assert records.frame["completed_at__time"].to_list() == [False, None]
    assert "completed_at" not in side.own.columns
    assert list(records.fields) == [f.id for f in REQUESTS if f.id in records.fields]


def test_a_refund_of_unknown_amount_is_a_refund() -> None:
    records, _ = sides()
    assert records.frame["refund"].to_list() == [None, 500000]
    assert records.frame["refund__yes"].to_list() == [True, True]


def test_a_partner_s_cell_nobody_can_read_is_a_fault_there_and_stays_as_typed() -> None:
    _, side = sides()
    assert [(f.row, f.column, f.field, f.fault.code) for f in side.faults] == [(3, 6, "visited_at", "bad_date")]
    assert side.columns["visited_at"] == ["2026-09-01T15:00", "내일쯤"]


def test_a_book_without_such_columns_is_as_it_was() -> None:
    records, side = sides([row[:5] for row in ROWS], own=[])
    assert side is None
    assert not [name for name in records.frame.columns if "partner_" in name or name.endswith("__partner")]


def test_our_column_is_found_by_its_hidden_name_whatever_it_is_called() -> None:
    rows = [[*ROWS[0][:5], "우리가 바꾼 이름", "b", "c"], *ROWS[1:]]
    assert sides(rows)[1].columns["visited_at"] == ["2026-09-01T15:00", "내일쯤"]
    names = {"_danggol.col.requests.from_visited_at.1": ("접수", 1, 6), "_danggol.col.requests.from_.1": ("접수", 1, 7)}
    assert [own.kind for own in find_ours(names).columns] == ["from_visited_at"]


@pytest.mark.parametrize(("lang", "header"), [("ko", "파트너 방문일시"), ("en", "Partner: Visited")])
def test_a_column_says_whose_it_is(lang: str, header: str) -> None:
    assert header_of("requests", "from_visited_at", Say(lang)) == header


@pytest.mark.parametrize(
    ("value", "has_time", "plain"),
    [
        (dt.datetime(2026, 9, 1), None, "2026-09-01"),
        (dt.datetime(2026, 9, 1), True, "2026-09-01T00:00"),
        (dt.datetime(2026, 9, 1, 14, 59, 59, 999_000), None, "2026-09-01T15:00"),
        (dt.date(2026, 9, 1), None, "2026-09-01"),
        (dt.time(9, 5), None, "09:05"),
        (CellError("#REF!"), None, "#REF!"),
        (3.0, None, 3),
        (2.5, None, 2.5),
        (False, None, False),
        (None, None, None),
    ],
)
def test_a_cell_travels_as_text_number_or_yes_and_no(value: Any, has_time: bool | None, plain: Any) -> None:
    found = plain_cell(value, has_time)
    assert found == plain
    assert type(found) is type(plain)


@pytest.mark.parametrize("text", ["2026-02-30", "0999-01-01", "1900-01-01", "2026-11-03T25:00", "2026-11-03 14:00"])
def test_a_text_that_is_no_date_of_a_workbook_stays_text(text: str) -> None:
    assert book_cell(text) == text


@given(
    st.one_of(st.datetimes(dt.datetime(1901, 1, 1), dt.datetime(2200, 1, 1)), st.dates(dt.date(1901, 1, 1)), st.text())
)
def test_what_a_workbook_is_given_is_what_it_gives_back(value: Any) -> None:
    plain = plain_cell(value, True if isinstance(value, dt.datetime) else None)
    back = book_cell(plain)
    assert plain_cell(back, isinstance(back, dt.datetime) or None) == plain  # type: ignore[arg-type]
