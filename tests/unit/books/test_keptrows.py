"""Cells packed for keeping come back as they were; bytes that are none are said to be damaged."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books.blocks import CannotCut
from addin.books.celltable import series_of, to_table
from addin.books.keptrows import KeptRows
from tests.unit.books.test_celltable import CELL


@given(st.lists(st.lists(CELL, min_size=2, max_size=2), min_size=1, max_size=4), st.integers(1, 9))
@settings(max_examples=60, deadline=None)
def test_columns_come_back_with_value_and_type(rows: list[list[object]], times: int) -> None:
    table = to_table(rows * times)  # type: ignore[arg-type]
    assert table is not None
    columns = series_of(table)
    kept = KeptRows.of(columns.items())
    back = KeptRows(kept.words, kept.cells).columns
    assert {key: (own.dtype, own.to_list()) for key, own in back.items()} == {
        key: (own.dtype, own.to_list()) for key, own in columns.items()
    }


def test_words_that_come_often_stand_once() -> None:
    often, once = pl.Series(["한빛부동산", None] * 500), pl.Series([f"고객{n}" for n in range(1000)])
    kept = KeptRows.of([((0, str), often), ((1, str), once)])
    assert kept.table(3, 2).rows() == [("한빛부동산", "고객2"), (None, "고객3")]
    assert "한빛부동산".encode() not in kept.cells
    assert kept.words.count("한빛부동산".encode()) == 1


@pytest.mark.parametrize("words", [b"", b"ARROW1", KeptRows.of([]).words])
def test_what_is_damaged_is_said_to_be(words: bytes) -> None:
    cells = KeptRows.of([((0, str), pl.Series(["가"] * 99))]).cells
    with pytest.raises(CannotCut):
        _ = KeptRows(words, cells).columns
    with pytest.raises(CannotCut):
        _ = KeptRows(KeptRows.of([]).words, b"ARROW1 and no more").columns
