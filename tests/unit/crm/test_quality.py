"""The quality score of a customer: each point has a reason, and what isn't recorded counts neither way (seed 002)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.calendar import minutes_of_text
from addin.crm.quality import RULES, missing, reasons, scores
from addin.crm.settings import Settings
from addin.i18n import known

if TYPE_CHECKING:
    from tests.unit.crm.conftest import FrameOf

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440
FLAGS = ("no_show", "discount_asked", "bypass")


def lines(
    frame: FrameOf, rows: list[dict[str, Any]], customers: pl.DataFrame | None = None, **own: Any
) -> dict[str, Any]:
    """Customer → its line; flags are Boolean columns."""
    marks = {
        name: pl.Series([row.pop(name, None) for row in rows], dtype=pl.Boolean)
        for name in FLAGS
        if any(name in row for row in rows)
    }
    found = scores(frame(rows, **marks), customers, AS_OF, Settings(**own))
    return {line["customer"].split("\x1f")[0]: line for line in found.to_dicts()}


def order(who: str, day: str = "2026-10-01", **more: Any) -> dict[str, Any]:
    return {"customer": who, "received_at": day, "won_at": day, **more}


def test_regular_service_and_now_and_then_a_custom_one_is_a_point(frame: FrameOf) -> None:
    found = lines(
        frame,
        [
            order("둘다", service="정기 청소"),
            order("둘다", service="전등 교체"),
            order("정기만", service="정기 청소"),
            order("맞춤만", service="전등 교체"),
        ],
    )
    assert {who: line["both"] for who, line in found.items()} == {"둘다": True, "정기만": False, "맞춤만": False}
    assert found["둘다"]["score"] == 1


def test_a_regular_of_the_customer_list_who_buys_a_second_service_is_a_point(frame: FrameOf) -> None:
    customers = pl.DataFrame({"name": ["가", "나", "다"], "service_kind": ["정기", "정기", "정기+맞춤"]})
    found = lines(
        frame,
        [
            order("가", service="청소"),
            order("가", service="수전"),
            order("나", service="청소"),
            order("다", service="청소"),
        ],
        customers,
    )
    assert [found[who]["both"] for who in "가나다"] == [True, False, True]


def test_in_one_off_business_the_membership_is_the_regular_product(frame: FrameOf) -> None:
    rows = [order("가", membership_at="2026-10-02", service="수전"), order("가", "2026-11-01", service="수전")]
    assert lines(frame, [dict(r) for r in rows])["가"]["both"] is True
    assert lines(frame, [dict(r) for r in rows], business="service_lasting")["가"]["both"] is False


@pytest.mark.parametrize(("orders", "no_show", "point"), [(3, False, True), (2, False, False), (3, True, False)])
def test_frequent_custom_use_without_a_no_show_is_a_point(
    frame: FrameOf, orders: int, no_show: bool, point: bool
) -> None:
    rows = [order("가", f"2026-1{i % 2}-0{i + 1}", no_show=False) for i in range(orders)]
    rows.append({"customer": "가", "received_at": "2026-11-10", "no_show": no_show})
    assert lines(frame, rows)["가"]["frequent"] is point


def test_orders_of_more_than_a_year_ago_are_not_frequent_use(frame: FrameOf) -> None:
    rows = [order("가", day, no_show=False) for day in ("2024-01-01", "2026-10-01", "2026-11-01")]
    assert lines(frame, rows)["가"]["frequent"] is False


def test_who_haggles_loses_two_points_one_not_earned_and_one_taken(frame: FrameOf) -> None:
    found = lines(
        frame, [order("곧은", discount_asked=None), order("깎는", discount_asked=True), order("직거래", bypass=True)]
    )
    assert {who: line["score"] for who, line in found.items()} == {"곧은": 1, "깎는": -1, "직거래": 0}


def test_nobody_who_never_bought_earns_the_point_for_not_haggling(frame: FrameOf) -> None:
    found = lines(frame, [{"customer": "구경", "received_at": "2026-10-01", "won_at": None, "discount_asked": False}])
    assert (found["구경"]["score"], found["구경"]["orders"]) == (0, 0)


def test_introducing_someone_is_a_point_even_in_a_circle_and_oneself_does_not_count(frame: FrameOf) -> None:
    found = lines(
        frame,
        [
            order("가", referrer="나"),
            order("나", referrer="다"),
            order("다", referrer="가"),
            order("라", referrer="라"),
            order("마", referrer="모르는 사람"),
        ],
    )
    assert {who: line["introduced"] for who, line in found.items()} == {
        "가": True, "나": True, "다": True, "라": False, "마": False,
    }  # fmt: skip


def test_a_referrer_whose_name_two_customers_have_is_nobody(frame: FrameOf) -> None:
    rows = [
        {**order("김가온"), "phone": "010-1111-1111"},
        {**order("김가온"), "phone": "010-2222-2222"},
        {**order("박새봄", referrer="김가온"), "phone": "010-3333-3333"},
        {**order("최온유", referrer="010-1111-1111"), "phone": "010-4444-4444"},
    ]
    found = lines(frame, rows)
    assert [who for who, line in found.items() if line["introduced"]] == ["010-1111-1111"]


def test_only_the_first_request_says_whether_a_reward_brought_the_customer(frame: FrameOf) -> None:
    found = lines(
        frame,
        [
            order("가", "2026-09-01", source="첫 이용 쿠폰"),
            order("가", "2026-10-01", source="지인"),
            order("나", "2026-09-01", source="지인"),
            order("나", "2026-10-01", source="쿠폰"),
        ],
    )
    assert {who: (line["rewarded"], line["score"]) for who, line in found.items()} == {
        "가": (True, -1),
        "나": (False, 0),
    }


def test_what_counts_as_a_reward_is_a_setting(frame: FrameOf) -> None:
    rows = [order("가", source="벚꽃 축제 부스")]
    assert lines(frame, rows, reward_sources=("축제",))["가"]["rewarded"] is True


def test_a_rule_without_its_column_is_unknown_and_says_which_column_switches_it_on(frame: FrameOf) -> None:
    found = lines(frame, [order("가")])
    assert [found["가"][rule] for rule in RULES] == [None] * len(RULES)
    assert missing({"requests": frozenset()})["frequent"] == ("requests.no_show",)


def test_what_comes_after_the_day_is_not_known_yet(frame: FrameOf) -> None:
    found = lines(frame, [order("가", "2026-12-24", discount_asked=False)])
    assert found == {}


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_rule_has_its_words(lang: str) -> None:
    assert [m.id for m in reasons(dict.fromkeys(RULES, True)) if not known(m.id, lang)] == []


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("가나다"),
            st.sampled_from([None, "가", "나", "다"]),
            st.sampled_from([None, True, False]),
            st.booleans(),
        ),
        max_size=12,
    )
)
def test_the_score_is_the_sum_of_its_reasons_and_the_order_of_rows_changes_nothing(
    rows: list[tuple[str, str | None, bool | None, bool]],
) -> None:
    frame = pl.DataFrame(
        {
            "customer": [r[0] for r in rows],
            "referrer": [r[1] for r in rows],
            "discount_asked": [r[2] for r in rows],
            "won_at": [1440 * (AS_OF - i) if r[3] else None for i, r in enumerate(rows)],
        },
        schema={"customer": pl.String, "referrer": pl.String, "discount_asked": pl.Boolean, "won_at": pl.Int64},
    )
    found = scores(frame, as_of=AS_OF).sort("customer")
    assert found["score"].to_list() == [
        sum(points for rule, points in RULES.items() if line[rule]) for line in found.to_dicts()
    ]
    assert scores(frame.reverse(), as_of=AS_OF).sort("customer").equals(found)
