"""Journal lines stay short and come back whole."""

from __future__ import annotations

import json

import pytest

from addin.books.cells import Raw
from addin.books.entries import cells_entry, entry_rows, packed, runs_of, unpacked


@pytest.mark.parametrize(
    "values", [[], ["a"], ["a"] * 50, [None] * 50, ["a", None, 1.5] * 30, [1, True] * 40, list(range(99))]
)
def test_packed_lists_come_back_as_they_were(values: list[object]) -> None:
    back = unpacked(packed(values), len(values))
    assert back == values
    assert [type(v) for v in back] == [type(v) for v in values]


def test_rows_are_kept_as_runs() -> None:
    assert runs_of([1, 2, 3]) == [[1, 3]]
    assert runs_of([1, 3, 4]) == [[1, 1], [3, 2]]


def test_a_line_of_cells_survives_the_disk() -> None:
    old, new = [None, Raw("", "<f>A1</f><v>1</v>"), "a"], ["x", 2, None]
    entry = json.loads(json.dumps(cells_entry("S1", "", 3, [2, 3, 9], old, new)))
    assert entry_rows(entry) == [2, 3, 9]
    assert unpacked(entry["old"], 3) == [None, {"t": "", "x": "<f>A1</f><v>1</v>"}, "a"]
    assert unpacked(entry["new"], 3) == new


def test_a_hundred_thousand_flags_of_few_kinds_are_a_short_line() -> None:
    flags = ["정상", "주의", "위반"] * 33_334
    entry = cells_entry("접수", "m", 14, list(range(2, 100_004)), [None] * 100_002, list(flags))
    assert len(json.dumps(entry, separators=(",", ":"))) < 220_000
