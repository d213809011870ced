"""Columns fitted to their text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sheets_sync.emulator.widths import fitted

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread


def test_a_column_fitted_to_1024_capital_as_is_as_wide_as_recorded(
    batch: Callable[..., Any], whole: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update_acell("A1", "A" * 1024)
    fit = {"autoResizeDimensions": {"dimensions": {"dimension": "COLUMNS", "startIndex": 0, "endIndex": 2}}}
    assert batch(fit)["replies"] == [{}]
    seen = whole(fields="sheets.data.columnMetadata")["sheets"][0]["data"][0]["columnMetadata"]
    assert seen[:3] == [{"pixelSize": 9483}, {"pixelSize": 100}, {"pixelSize": 100}]


@pytest.mark.parametrize(
    ("narrower", "wider"), [("i", "l" * 2), ("ii", "MM"), ("abc", "가나다"), ("가나", "가나\n가나다"), ("1", "11")]
)
def test_a_longer_or_wider_text_makes_a_wider_column(narrower: str, wider: str) -> None:
    assert 0 < fitted(narrower) < fitted(wider) < fitted(wider, points=12)
