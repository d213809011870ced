"""A value and its JSON."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from addin.crm.catalogue import KPIS
from addin.crm.kpi_values import UNASSIGNED, KpiValue, to_json
from addin.crm.message import msg
from addin.crm.settings import shipped_threshold
from addin.i18n import known, say


def value(**more: Any) -> KpiValue:
    fields: dict[str, Any] = {
        "kpi": "SAMEDAY",
        "by": {},
        "value": 2 / 3,
        "numerator": 2,
        "denominator": 3,
        "n": 3,
        "flag": "ok",
        "threshold": shipped_threshold(KPIS["SAMEDAY"]),
        "window": (dt.date(2026, 3, 2), dt.date(2026, 3, 8)),
    }
    return KpiValue(**{**fields, **more})


def test_a_value_has_six_decimals_and_days_are_iso() -> None:
    [row] = to_json([value()], say)
    assert (row["value"], row["window"], row["target"]) == (0.666667, ["2026-03-02", "2026-03-08"], 0.9)
    assert not {"off", "excluded", "detail"} & row.keys()


def test_nothing_below_the_line_is_null() -> None:
    [row] = to_json([value(value=None, numerator=None, denominator=0, window=None, flag="no_data")], say)
    assert (row["value"], row["numerator"], row["window"]) == (None, None, None)


def test_what_is_off_says_what_would_switch_it_on() -> None:
    off = value(value=None, off=("requests.visited_at",), note=msg("flag.off", kpi="x", fields="y"), flag="no_data")
    [row] = to_json([off], say)
    assert not off.on
    assert row["off"] == ["requests.visited_at"]


@pytest.mark.parametrize(("lang", "name"), [("ko", "(미지정)"), ("en", "(unassigned)")])
def test_rows_that_name_no_partner_are_called_so(lang: str, name: str) -> None:
    [row] = to_json(
        [value(by={"partner": None, "step": msg("kpi.step", first="a", second="b")})], lambda m: say(m, lang)
    )
    assert row["by"] == {"partner": name, "step": "a→b"}
    assert known(UNASSIGNED.id, lang)
