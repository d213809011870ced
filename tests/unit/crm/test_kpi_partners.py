"""Partnerships that wait too long, and the quarter's ranks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.measures import Measures, compute
from addin.crm.setting_rows import SettingCell, from_rows
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from addin.crm.kpi_values import KpiValue

FrameOf = Callable[..., pl.DataFrame]
SHIPPED = Settings()
TODAY = dt.date(2026, 3, 31)


def waiting(frame: FrameOf, *days: int) -> dict[str, pl.DataFrame]:
    rows = [
        {"name": f"후보{i}", "stage": "미팅", "stage_at": (TODAY - dt.timedelta(days=d)).isoformat()}
        for i, d in enumerate(days)
    ]
    return {"partners": frame(rows)}


def flags(found: list[KpiValue]) -> dict[object, str]:
    return {value.by["partner"]: value.flag for value in found}


def test_a_partnership_that_waits_longer_than_85_percent_of_its_stage_is_told(frame: FrameOf) -> None:
    tables = waiting(frame, 10, 10, 10, 10, 10, 10, 10, 10, 10, 15, 21)  # P85 = 12.5
    found = Measures(tables, SHIPPED, as_of=TODAY).current(["PIPE_STAGE"])
    assert flags(found) == {f"후보{i}": "ok" for i in range(9)} | {"후보9": "warn", "후보10": "warn"}
    assert {value.by["step"] for value in found} == {"미팅"}
    assert found[0].reason.id == "flag.peers"
    tables = waiting(frame, 10, 10, 10, 10, 10, 10, 10, 10, 10, 10, 21)
    assert flags(Measures(tables, SHIPPED, as_of=TODAY).current(["PIPE_STAGE"]))["후보10"] == "breach"


def test_how_many_times_the_stages_own_is_too_long_is_a_cell_people_can_change(frame: FrameOf) -> None:
    mine, _ = from_rows([SettingCell("PIPE_STAGE.breach", 3)])
    found = Measures(waiting(frame, *[10] * 10, 21), mine, as_of=TODAY).current(["PIPE_STAGE"])
    assert flags(found)["후보10"] == "warn"


def test_of_four_partnerships_nobody_can_say_what_is_long(frame: FrameOf) -> None:
    found = Measures(waiting(frame, 1, 1, 1, 99), SHIPPED, as_of=TODAY).current(["PIPE_STAGE"])
    assert set(flags(found).values()) == {"small_sample"}


def quarter(partner: str, amount: int, on: str) -> dict[str, Any]:
    return {"partner": partner, "won_at": on, "received_at": on, "amount": amount}


def ranked(frame: FrameOf, *quarters: tuple[int, ...]) -> dict[str, pl.DataFrame]:
    """What partners 가, 나, 다 … earned in the quarters of 2025."""
    rows = [
        quarter("가나다라마바사아자차"[i], amount, f"2025-{3 * q + 1:02d}-15")
        for q, amounts in enumerate(quarters)
        for i, amount in enumerate(amounts)
    ]
    return {"requests": frame(rows)}


def test_the_last_three_of_ten_are_to_be_replaced_and_twice_is_a_breach(frame: FrameOf) -> None:
    tables = ranked(frame, (10, 9, 8, 7, 6, 5, 4, 3, 1, 2), (10, 9, 8, 7, 6, 5, 1, 4, 3, 2))
    found = Measures(tables, SHIPPED, as_of=dt.date(2025, 7, 10)).current(["QUARTER_TIER"])
    told = {value.by["partner"]: (value.value, value.flag) for value in found}
    assert told["바"] == (0.6, "ok")
    assert told["아"] == (0.7, "ok")
    assert told["자"] == (0.8, "breach")
    assert told["사"] == (1.0, "warn")  # the quarter before it was seventh
    assert found[0].window == (dt.date(2025, 4, 1), dt.date(2025, 6, 30))


def test_of_three_partners_nobody_has_a_tier(frame: FrameOf) -> None:
    found = Measures(ranked(frame, (3, 2, 1)), SHIPPED, as_of=dt.date(2025, 4, 1)).current(["QUARTER_TIER"])
    assert {value.flag for value in found} == {"small_sample"}


def test_a_quarter_under_way_has_no_ranks(frame: FrameOf) -> None:
    tables = ranked(frame, (4, 3, 2, 1))
    day = dt.date(2025, 3, 30)
    assert compute(tables, SHIPPED, kpis=["QUARTER_TIER"], as_of=day) == []
    later = compute(ranked(frame, (4, 3, 2, 1), (1, 2, 3, 4)), SHIPPED, kpis=["QUARTER_TIER"], by="quarter")
    assert [(v.by["quarter"], v.value) for v in later] == [("2025-Q1", n / 4) for n in (1, 2, 3, 4)]


@pytest.mark.parametrize("by", ["owner", "persona", "cluster"])
@pytest.mark.parametrize("kpi", ["CLAIM_RATE", "LEAD_TIME", "D7_ALERT", "RESP_10M"])
def test_by_owner_and_persona_the_parts_add_up_and_those_without_one_are_shown(
    frame: FrameOf, by: str, kpi: str
) -> None:
    rows = [
        {
            "partner": ("한빛", "샛별", None)[i % 3],
            "customer": f"C{i % 4}",
            "phone": None if i % 5 else f"010-{i}",
            "received_at": f"2026-02-{1 + i:02d}T10:00",
            "confirmed_at": f"2026-02-{1 + i:02d}T10:{i:02d}",
            "proposed_at": f"2026-02-{5 + i // 2:02d}",
            "event_at": f"2026-02-{9 + i:02d}",
            "won_at": f"2026-02-{2 + i:02d}",
            "claim": i % 4 == 0,
        }
        for i in range(18)
    ]
    partners = [
        {"name": "한빛", "owner": "김", "cluster": "아파트"},
        {"name": "샛별", "owner": None, "cluster": "카페"},
    ]
    customers = [{"customer_id": "C0", "persona": "바쁜 부모"}, {"customer_id": "C1", "persona": "혼자"}]
    tables = {"requests": frame(rows), "partners": frame(partners), "customers": frame(customers)}
    [all_of_it] = [v for v in compute(tables, SHIPPED, kpis=[kpi]) if not v.by]
    parts = compute(tables, SHIPPED, kpis=[kpi], by=by)
    assert None in {part.by[by] for part in parts}
    assert len(parts) >= 2
    for side in ("numerator", "denominator", "n"):
        assert sum(getattr(part, side) or 0 for part in parts) == getattr(all_of_it, side) > 0
