"""What each partner brought in a closed quarter, and who takes part in its ranking."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.calendar import day_of, quarter_label
from addin.crm.quarters import Quarter, quarter_tiers
from addin.crm.settings import Settings
from addin.crm.tally import Tally

if TYPE_CHECKING:
    from tests.unit.crm.conftest import FrameOf

TODAY = dt.date(2026, 11, 20)


def order(partner: str, day: str, amount: int = 100, **more: Any) -> dict[str, Any]:
    """A request won on a day."""
    return {"partner": partner, "received_at": day, "won_at": day, "amount": amount, "claim": False, **more}


def quarters(tables: dict[str, pl.DataFrame], settings: Settings | None = None) -> tuple[Quarter, ...]:
    return quarter_tiers(Tally(tables, settings or Settings(), day_of(TODAY), ()))


def lines(quarter: Quarter) -> dict[str, dict[str, Any]]:
    return {row["partner"]: row for row in quarter.frame.iter_rows(named=True)}


def test_the_last_closed_quarter_and_the_one_before(frame: FrameOf) -> None:
    rows = [order("한빛", "2026-06-30", 7), order("한빛", "2026-07-01", 20), order("한빛", "2026-09-30", 3)]
    rows += [order("한빛", "2026-10-01", 1000), order("샛별", "2026-04-01", 5)]
    now, before = quarters({"requests": frame(rows)})
    assert [quarter_label(q.number) for q in (now, before)] == ["2026-Q3", "2026-Q2"]
    assert {name: (row["revenue"], row["n"]) for name, row in lines(now).items()} == {"한빛": (23, 2)}
    assert {name: row["revenue"] for name, row in lines(before).items()} == {"한빛": 7, "샛별": 5}


def test_refunds_are_taken_off_and_lost_requests_bring_nothing(frame: FrameOf) -> None:
    rows = [order("한빛", "2026-08-01", 100, refund=30), {**order("한빛", "2026-08-02", 50), "won_at": None}]
    (one,) = lines(quarters({"requests": frame(rows)})[0]).values()
    assert (one["revenue"], one["n"], one["intakes"]) == (70, 1, 2)


def test_who_ran_then_is_ranked_also_without_an_order(frame: FrameOf) -> None:
    partners = [
        {"name": "한빛", "stage": "운영", "contract_at": "2025-01-01"},
        {"name": "조용", "stage": "운영", "contract_at": "2026-01-01"},
        {"name": "나중", "stage": "운영", "contract_at": "2026-10-05"},
        {"name": "후보", "stage": "미팅", "contract_at": None},
        {"name": "시험", "stage": "현장 테스트", "contract_at": None},
        {"name": "옛날", "stage": "중단", "contract_at": "2024-01-01"},
        {"name": "그만", "stage": "중단", "contract_at": "2024-01-01"},
    ]
    rows = [order("한빛", "2026-08-01"), order("시험", "2026-08-02"), order("그만", "2026-08-03")]
    now, before = quarters({"requests": frame(rows), "partners": frame(partners)})
    assert set(lines(now)) == {"한빛", "조용", "시험", "그만"}
    assert lines(now)["조용"]["revenue"] == 0
    assert [lines(now)[name]["ended"] for name in ("한빛", "그만")] == [False, True]
    assert set(lines(before)) == {"한빛", "조용"}


def test_one_that_began_within_the_quarter_is_marked(frame: FrameOf) -> None:
    partners = [{"name": "한빛", "contract_at": "2026-07-01"}, {"name": "샛별", "contract_at": "2026-07-02"}]
    now = quarters({"requests": frame([order("한빛", "2026-08-01")]), "partners": frame(partners)})[0]
    assert [lines(now)[name]["fresh"] for name in ("한빛", "샛별")] == [False, True]


def test_a_name_the_list_lacks_is_told_and_not_ranked(frame: FrameOf) -> None:
    rows = [order("한빛", "2026-08-01"), order("주식회사 한빛", "2026-08-02"), order("남", "2026-01-02")]
    now = quarters({"requests": frame(rows), "partners": frame([{"name": "한빛"}])})[0]
    assert (list(lines(now)), now.unlisted) == (["한빛"], ("주식회사 한빛",))


def test_without_a_list_of_partners_every_name_is_one(frame: FrameOf) -> None:
    now = quarters({"requests": frame([order("가", "2026-08-01"), order("나", "2026-08-01")])})[0]
    assert (set(lines(now)), now.unlisted) == ({"가", "나"}, ())


def test_requests_may_name_a_partner_by_its_id(frame: FrameOf) -> None:
    partners = frame([{"partner_id": "P1", "name": "한빛"}])
    now = quarters(
        {"requests": frame([order("P1", "2026-08-01"), order("한 빛", "2026-08-02")]), "partners": partners}
    )[0]
    assert lines(now)["한빛"]["n"] == 2


def test_without_amounts_or_claims_those_parts_are_unknown(frame: FrameOf) -> None:
    rows = frame([{"partner": p, "received_at": "2026-08-01", "won_at": "2026-08-01"} for p in "가나다라"])
    (one, *_) = lines(quarters({"requests": rows})[0]).values()
    assert (one["revenue"], one["claim_rate"], one["tier"]) == (None, None, None)


def test_ltv_over_cac_counts_customers_of_age_and_spend_until_the_quarter_s_end(frame: FrameOf) -> None:
    """20 customers of last year, each back once; 40,000 spent: LTV 300, CAC 2,000 → 0.15."""
    rows = [order("한빛", "2025-08-01", 200, customer=f"고객{i}") for i in range(20)]
    rows += [order("한빛", "2025-12-01", 100, customer=f"고객{i}") for i in range(20)]
    rows += [order("샛별", "2025-08-01", 200, customer=f"손님{i}") for i in range(19)]
    spend = pl.DataFrame(
        {
            "partner": ["한빛", "한빛", "샛별"],
            "spent_at": [
                day_of(day) * 1440 for day in (dt.date(2025, 7, 1), dt.date(2026, 10, 2), dt.date(2025, 7, 1))
            ],
            "amount": [4_000_000, 9_000_000, 4_000_000],
        }
    )
    now = quarters(
        {"requests": frame([*rows, order("한빛", "2026-08-01"), order("샛별", "2026-08-01")]), "spend": spend}
    )[0]
    found = lines(now)
    assert found["한빛"]["ltv_cac"] == pytest.approx(300 / 2_000)
    assert found["샛별"]["ltv_cac"] is None  # 19 customers are too few to say


def test_nothing_at_all_is_no_error(frame: FrameOf) -> None:
    now, before = quarters({"requests": frame([order("한빛", "2024-01-01")])})
    assert (now.frame.height, before.frame.height) == (0, 0)


def test_the_same_tally_is_asked_once(frame: FrameOf) -> None:
    tally = Tally({"requests": frame([order("한빛", "2026-08-01")])}, Settings(), day_of(TODAY), ())
    assert quarter_tiers(tally) is quarter_tiers(tally)


def test_what_happened_after_a_quarter_changes_nothing_in_it(frame: FrameOf) -> None:
    rows = [order(p, "2026-08-01", 10 + i) for i, p in enumerate("가나다라마")]
    later = [order("가", "2026-10-20", 10_000), order("바", "2026-11-01")]
    alone, more = (quarters({"requests": frame(told)})[0] for told in (rows, rows + later))
    assert alone.frame.equals(more.frame)
