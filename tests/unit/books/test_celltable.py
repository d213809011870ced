from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books.celltable import series_of, stacked, to_table
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from addin.crm.grid import CellValue

MOMENTS = st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(9999, 1, 1)).map(
    lambda d: d.replace(microsecond=1000, fold=0)
)
CELL: st.SearchStrategy[CellValue] = st.one_of(
    st.just(""),
    st.sampled_from(["가", "0012", " 앞뒤 ", "1", "\r", "a\0"]),
    st.sampled_from([0.0, -0.0, 1.0, 1e300, 0.1]),
    st.booleans(),
    MOMENTS,
    st.dates(dt.date(1900, 1, 1)),
    st.just(dt.time(9, 30)),
    st.just(dt.timedelta(hours=30)),
)


@given(st.lists(st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=1, max_size=4), max_size=3))
@settings(max_examples=60, deadline=None)
def test_cells_come_back_with_value_and_type(blocks: list[list[list[CellValue]]]) -> None:
    parts, at = list[tuple[int, pl.DataFrame]](), 1
    for block in blocks:
        table = to_table(block)
        assert table is not None
        parts.append((at, table))
        at += len(block)
    back = PackedRows.of(series_of(stacked(parts)), {})
    rows = [row for block in blocks for row in block]
    cells = {(r, c): repr(v) for r, row in enumerate(rows) for c, v in enumerate(row) if v != ""}
    assert {(r, c): repr(v) for r, row in enumerate(back) for c, v in enumerate(row) if v != ""} == cells
    assert len(back) == max((r + 1 for r, _ in cells), default=0)
    assert back.width == max((c + 1 for _, c in cells), default=0)


def test_what_no_workbook_holds_is_not_kept() -> None:
    assert to_table([[1]]) is None
    assert to_table([[None]]) is None
