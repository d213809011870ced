"""Tiny literal frames in the shape `addin.crm.records` builds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import minutes_of_text

FrameOf = Callable[..., pl.DataFrame]


def frame_of(rows: list[dict[str, Any]], **extra: Any) -> pl.DataFrame:
    """Rows of plain values: ``*_at`` fields are ISO texts, money fields whole units; columns as any row has them."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    data: dict[str, pl.Series] = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        if name.endswith("_at"):
            data[name] = pl.Series([None if c is None else minutes_of_text(c) for c in cells], dtype=pl.Int64)
            data[f"{name}__time"] = pl.Series([None if c is None else "T" in c for c in cells], dtype=pl.Boolean)
        elif name in ("amount", "refund", "spend"):
            data[name] = pl.Series([None if c is None else c * 100 for c in cells], dtype=pl.Int64)
        elif name in ("claim", "rework", "refund__yes", "no_show", "discount_asked", "bypass", "strategic"):
            data[name] = pl.Series(cells, dtype=pl.Boolean)
        elif name in ("monthly_goal", "satisfaction"):
            data[name] = pl.Series(cells, dtype=pl.Float64)
        else:
            data[name] = pl.Series(cells, dtype=pl.String)
    data["_sheet"] = pl.Series(["접수"] * len(rows), dtype=pl.String)
    data["_row"] = pl.Series(range(2, len(rows) + 2), dtype=pl.Int64)
    return pl.DataFrame(data).with_columns(**extra)


@pytest.fixture
def frame() -> FrameOf:
    """``frame([{"partner": "한빛", "received_at": "2026-03-02T09:00"}])`` → a records frame."""
    return frame_of
