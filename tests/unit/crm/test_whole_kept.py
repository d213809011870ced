"""A very long list's columns read as they are kept say what reading them cell by cell says, or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.packed_rows import PackedRows
from addin.crm.whole import Unread
from addin.crm.whole_kept import whole_kept

if TYPE_CHECKING:
    from addin.crm.grid import CellValue


def kept(cells: list[CellValue]) -> Any:
    """The column as `addin.crm.packed_rows` keeps it."""
    rows = PackedRows()
    assert rows.append(1, [[cell, "끝"] for cell in cells])
    return rows.column(0, 0, len(cells))


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        ("text", ["가", "", "나 다"], ["가", None, "나 다"]),
        ("text", ["", ""], [None, None]),
        ("text", ["가", "상동"], None),
        ("text", ["가", 1.0], None),
        ("phone", ["010-1234-5678", ""], ["010-1234-5678", None]),
        ("phone", ["01012345678"], None),
        ("id", ["R1", "R2"], ["R1", "R2"]),
        ("money", [1200.0, ""], [120_000, None]),
        ("money", [1200.5], None),
        ("money", ["1,200원"], None),
        ("category", ["완료", "", "완료"], ["완료", None, "완료"]),
        ("flag", [True], None),
    ],
)
def test_plain_columns_are_taken_and_others_left(
    kind: str, cells: list[CellValue], values: list[object] | None
) -> None:
    found = whole_kept("x", Unread(kind, (), ("완료",)), kept(cells), len(cells))
    assert (None if found is None else found[0].to_list()) == values
