"""What there is to say about customers: whom to invite first, who is strategic, what each bought, personas."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm import regulars as module
from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.measures import Measures
from addin.crm.people import people
from addin.crm.personas import personas
from addin.crm.regulars import BUSINESS_IDS, Person, Regulars, regular_product, regulars, told_text
from addin.crm.settings import Settings
from addin.i18n import known

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.unit.crm.conftest import FrameOf

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440


def found(
    frame: pl.DataFrame, customers: pl.DataFrame | None = None, keep: Sequence[str] = (), **own: Any
) -> Regulars | None:
    settings = Settings(**own)
    prepared = prepare(frame, settings, AS_OF, customers)
    return regulars(people(prepared, settings, customers), prepared, settings, keep)


def known_of(frame: pl.DataFrame, customers: pl.DataFrame | None = None, **own: Any) -> Regulars:
    told = found(frame, customers, **own)
    assert told is not None
    return told


def names(people: Sequence[Person], group: str = "") -> list[str]:
    return [one.name for one in people if not group or one.group == group]


def order(who: str, day: str = "2026-11-01", **more: Any) -> dict[str, Any]:
    return {"customer": who, "received_at": day, "won_at": day, "amount": 100, **more}


def test_the_best_score_is_invited_first_then_the_most_orders_then_the_latest(frame: FrameOf) -> None:
    rows = [
        order("두번", "2026-10-01"),
        order("두번", "2026-10-02"),
        order("어제", "2026-11-19"),
        order("예전", "2026-10-10"),
        order("깎음", "2026-11-19"),
    ]
    haggles = pl.Series([None, None, None, None, True], dtype=pl.Boolean)
    told = known_of(frame(rows, discount_asked=haggles))
    assert names(told.people, "invite") == ["두번", "어제", "예전", "깎음"]


def test_a_member_is_no_invitation(frame: FrameOf) -> None:
    told = known_of(frame([order("회원", membership_at="2026-11-02"), order("손님")]))
    assert (names(told.people, "invite"), names(told.people, "member")) == (["손님"], ["회원"])
    assert (told.members, told.invites) == (1, 1)


def test_who_complained_lately_is_helped_first_and_counted(frame: FrameOf) -> None:
    told = known_of(frame([order("불만", claim=True), order("손님", claim=None)]))
    assert (names(told.people, "invite"), told.held) == (["손님"], 1)


def test_where_nobody_ever_bought_there_is_nothing_to_say(frame: FrameOf) -> None:
    assert found(frame([{"customer": "가", "received_at": "2026-11-01", "won_at": None}])) is None


def test_strategic_customers_buy_regular_or_group_service_or_are_marked_the_largest_first(frame: FrameOf) -> None:
    rows = [
        order("정기", service="정기 청소", amount=300),
        order("단체", service="행사", amount=500),
        order("표시", service="수전", amount=100),
        order("보통", service="수전", amount=900),
    ]
    customers = pl.DataFrame(
        {"name": ["단체", "표시"], "service_kind": ["단체", None], "strategic": [None, True]},
        schema_overrides={"strategic": pl.Boolean},
    )
    assert names(known_of(frame(rows), customers).strategic) == ["단체", "정기", "표시"]


def test_what_a_customer_likes_and_bought_stands_in_order_of_time(frame: FrameOf) -> None:
    rows = [order("가", f"2026-0{m}-02", service=f"일{m}", note="오전" if m == 6 else None) for m in (5, 3, 6, 4, 1, 2)]
    customers = pl.DataFrame({"name": ["가"], "preference": ["친환경 자재"]})
    person = known_of(frame(rows), customers, invite_days=365).people[0]
    assert person.preference == "친환경 자재"
    assert [told_text(told) for told in person.told] == [
        "26-04-02 일4",
        "26-05-02 일5",
        "26-06-02 일6 (오전)",
    ]
    assert person.earlier == 3


def test_the_list_has_an_end_and_says_how_many_more(frame: FrameOf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    monkeypatch.setattr(module, "INVITED", 2)
    told = known_of(frame([order(f"손{i}") for i in range(5)]))
    assert (len(told.people), told.more) == (2, {"invite": 3})


def test_a_customer_with_a_persons_note_is_listed_however_far_down(
    frame: FrameOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "INVITED", 1)
    rows = [order(f"손{i}", phone=f"010-{i}") for i in range(5)]
    told = found(frame(rows), keep=["010-4", "010-9"])
    assert told is not None
    assert [one.key for one in told.people] == ["010-0", "010-4"]


def test_the_personas_parts_add_up_to_all_customers(frame: FrameOf) -> None:
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["신혼", "이사"]})
    rows = [order("가"), order("나"), order("나"), order("다"), {"customer": "가", "received_at": "2026-11-03"}]
    told = known_of(frame(rows), customers)
    found = personas(told.lines)
    assert [(one.name, one.customers, one.requests, one.orders, one.net) for one in found] == [
        ("이사", 1, 2, 2, 20_000),
        ("신혼", 1, 2, 1, 10_000),
        (None, 1, 1, 1, 10_000),
    ]
    assert found[1].conversion == 0.5


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_each_kind_of_business_has_its_regular_product(lang: str) -> None:
    assert [id for id in BUSINESS_IDS if not known(id, lang)] == []
    assert regular_product(Settings()).id in BUSINESS_IDS


def test_rows_in_any_order_say_the_same(frame: FrameOf) -> None:
    rows = [order(f"손{i % 4}", f"2026-10-{i + 1:02d}", service=f"일{i % 3}") for i in range(12)]
    one, other = known_of(frame(rows)), known_of(frame(rows[::-1]))
    assert (one.people, one.strategic, one.more) == (other.people, other.strategic, other.more)


def test_the_pool_and_the_score_are_those_of_the_kpis(frame: FrameOf) -> None:
    rows = [order(f"손{i % 5}", f"2026-10-{i + 1:02d}", discount_asked=None) for i in range(9)]
    rows[2]["membership_at"], rows[3]["membership_at"] = "2026-10-20", "2026-11-03"
    requests = frame(rows).with_columns(discount_asked=pl.Series([i == 4 for i in range(9)]))
    measures = Measures({"requests": requests}, Settings(), as_of=dt.date(2026, 11, 20))
    values = {v.kpi: v for v in measures.compute(["REGULAR_POOL", "QUALITY_SCORE"], whole=True) if not v.by}
    told = known_of(requests)
    assert values["REGULAR_POOL"].value == told.members == told.weeks[-1].size == 2
    scores = told.lines.filter(pl.col("orders") > 0)["score"]
    assert values["QUALITY_SCORE"].value == pytest.approx(scores.mean())
