"""A column taken whole is the column read cell by cell, and anything in need of reading is left to that."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.cells import DITTO
from addin.crm.clean import ColumnContext, clean_column
from addin.crm.grid import CellError
from addin.crm.tables import REQUESTS
from addin.crm.whole import Unread, whole_columns

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.grid import CellValue
    from addin.crm.tables import Field

FIELDS = ("request_id", "customer", "phone", "source", "stage")
PIECES = ("가", "나다", "A1", "0012", "12", " ", "-", "ㄱ", "①", "\n", "０", "(", "010-1234-5678", "상동", "〃", "=1+1")
TEXTS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("".join)
CELLS = st.lists(
    st.one_of(
        st.none(), st.just(""), TEXTS, TEXTS, TEXTS, st.sampled_from(["접수", "계약", "010-2222-3333", "R1", "R2"])
    ),
    max_size=8,
)


def field(name: str) -> Field:
    found = REQUESTS.field(name)
    assert found is not None
    return found


def taken(kind: str, cells: list[CellValue], known: tuple[str, ...] = ()) -> pl.Series | None:
    """The column taken whole, None where it has to be read."""
    return whole_columns({"column": Unread(kind, cells, known)}).get("column")


@settings(max_examples=200)
@given(name=st.sampled_from(FIELDS), cells=CELLS)
def test_a_column_taken_whole_is_what_reading_its_cells_gives_and_had_no_fault(
    name: str, cells: list[CellValue]
) -> None:
    known = ("접수", "계약") if name == "stage" else ()
    whole = taken(field(name).type, cells, known)
    if whole is not None:
        read = clean_column(field(name), cells, ColumnContext(known))
        assert (whole.to_list(), read.faults) == (read.values, [])
        assert field(name).type == "id" or DITTO.isdisjoint(cells)


NUMBERS = st.one_of(
    st.none(),
    st.just(""),
    st.floats(),
    st.integers(-(10**15), 10**15).map(float),
    st.sampled_from([1, True, "1,200원"]),
)


@given(st.lists(NUMBERS, max_size=6))
def test_amounts_taken_whole_are_what_reading_them_gives_and_had_no_fault(cells: list[CellValue]) -> None:
    whole = taken("money", cells)
    if whole is not None:
        read = clean_column(field("amount"), [None if cell == "" else cell for cell in cells])
        assert (whole.to_list(), read.faults) == (read.values, [])


def test_whole_amounts_are_taken_whole_others_are_read() -> None:
    whole = taken("money", [1200.0, None, "", -0.0, -99_999_999_999_999.0])
    assert whole is not None
    assert whole.to_list() == [120_000, None, None, 0, -9_999_999_999_999_900]
    for odd in (0.5, 1e14, float("nan"), 1200, True, "1200"):
        assert taken("money", [1.0, odd]) is None


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("customer", ["김하나", "", None, "Kim (VIP)"]),
        ("phone", ["010-1234-5678", None]),
        ("request_id", ["R-0001", "R-0002"]),
        ("source", ["카페", "지인", "", "카페"]),
        ("customer", []),
    ],
)
def test_blanks_and_texts_that_stand_for_themselves_are_taken_whole(name: str, cells: list[CellValue]) -> None:
    whole = taken(field(name).type, cells)
    assert whole is not None
    assert whole.to_list() == [cell or None for cell in cells]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("customer", ["김하나", " 박둘 "]),
        ("customer", ["김하나", "상동"]),
        ("customer", ["김하나", 12.0]),
        ("customer", ["김하나", CellError("#N/A")]),
        ("phone", ["01012345678"]),
        ("request_id", ["0012", "13"]),
        ("source", ["Google", "google", "Google"]),
        ("source", ["카페", "〃"]),
        ("received_at", [dt.datetime(2026, 9, 1, 9)]),
        ("amount", ["1200"]),
    ],
)
def test_a_column_with_anything_to_read_repair_or_doubt_is_read_cell_by_cell(name: str, cells: list[CellValue]) -> None:
    assert taken(field(name).type, cells) is None
