"""A plan for an open workbook, and what then stands in a column."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from addin.books import Edits

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook

WHEN = dt.datetime(2026, 11, 21, 20, 30, tzinfo=dt.timezone(dt.timedelta(hours=9)))


def flags(*values: object, marker: str = "_danggol.col.requests.flag.1") -> Edits:
    """A new column C beside the list, marked as ours."""
    edits = Edits("refresh")
    edits.write("접수", 1, 3, [["상태"]], marker=marker)
    edits.write("접수", 2, 3, [[value] for value in values], marker=marker)  # type: ignore[misc]
    edits.mark(marker, "접수", 1, 3)
    return edits


def column(book: FakeBook, number: int = 3, sheet: str = "접수") -> list[object]:
    return [book.sheets[sheet].cells.get((row, number)) for row in range(1, 5)]
