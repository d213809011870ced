"""The rows listed behind a number are as many as the number says."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from addin.crm.behind import LISTED, kpi_term, rows_behind
from addin.crm.calendar import day_of
from addin.crm.measures import Measures
from addin.crm.points import SHARES
from addin.crm.settings import Settings
from tests.unit.crm.test_engines import tables

FrameOf = Callable[..., pl.DataFrame]


@pytest.mark.parametrize("kpi", SHARES)
@pytest.mark.parametrize("dated", [False, True])
def test_as_many_rows_as_the_number_says(frame: FrameOf, kpi: str, dated: bool) -> None:
    import datetime as dt

    frames = tables(frame)
    measures = Measures(frames, Settings())
    first, last = dt.date(2026, 2, 1), dt.date(2026, 4, 30)
    whole = measures.compute([kpi], start=first, end=last) if dated else measures.compute([kpi])
    value = next((v for v in whole if not v.by and v.on), None)
    days = (day_of(first), day_of(last)) if dated else None
    behind = [rows_behind(frames, Settings(), measures.as_of, kpi, hit, days).sum() for hit in (None, True, False)]
    if value is None or value.denominator is None:
        assert behind == [0, 0, 0]
        return
    if kpi not in ("REVISIT_RATE", "RET_RATE", "REF_RATE", "CROSS_SELL"):  # those count customers, at their first order
        assert behind[0] == value.denominator
        assert behind[1] == value.numerator
    assert behind[0] == behind[1] + behind[2]


def test_a_kpi_of_money_lists_the_orders(frame: FrameOf) -> None:
    frames = tables(frame)
    measures = Measures(frames, Settings())
    orders = rows_behind(frames, Settings(), measures.as_of, "DEPENDENCY", None, None).sum()
    assert orders == sum(v.n for v in measures.compute(["DEPENDENCY"]))


def test_what_a_person_types(frame: FrameOf) -> None:
    assert kpi_term("CLAIM_RATE=예") == ("CLAIM_RATE", True)
    assert kpi_term("CLAIM_RATE!=1") is None
    assert "REVISIT_RATE" in LISTED
