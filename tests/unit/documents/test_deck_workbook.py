"""The workbook behind a chart holds the chart's own numbers, and no text in it is ever a formula."""

from __future__ import annotations

import io

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.documents.deck.workbook import chart_workbook

TEXT = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=8)


def read(data: bytes) -> list[tuple[object, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data))["Sheet1"].values)


def test_labels_stand_in_the_first_column_and_each_series_in_its_own() -> None:
    data = chart_workbook(["W1", "W2"], [("접수", [3, 4]), ("수주", [1, None])], "#,##0")
    assert read(data) == [(None, "접수", "수주"), ("W1", 3, 1), ("W2", 4, None)]
    cell = openpyxl.load_workbook(io.BytesIO(data))["Sheet1"]["B2"]
    assert cell.number_format == "#,##0"


@pytest.mark.parametrize("text", ['=HYPERLINK("x")', "<b>&amp;", "@x", "+1", ' "따옴표" '])
def test_a_label_is_only_text(text: str) -> None:
    cell = openpyxl.load_workbook(io.BytesIO(chart_workbook([text], [(text, [1])], "0%")))["Sheet1"]["A2"]
    assert (cell.value, cell.data_type) == (text, "s")


@settings(max_examples=30)
@given(st.lists(st.tuples(TEXT, st.one_of(st.none(), st.integers(0, 10**9), st.floats(0, 1))), min_size=1, max_size=12))
def test_every_number_comes_back(points: list[tuple[str, float | None]]) -> None:
    labels, values = [label for label, _ in points], [value for _, value in points]
    rows = read(chart_workbook(labels, [("n", values)], "0.0"))
    assert [row[0] for row in rows[1:]] == labels
    assert [row[1] for row in rows[1:]] == values


def test_the_same_numbers_are_the_same_bytes() -> None:
    assert chart_workbook(["W1"], [("a", [1])], "0") == chart_workbook(["W1"], [("a", [1])], "0")
