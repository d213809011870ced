"""The buyer is often not the user, and both are kept: who uses, and what the customer list says of them (seed 002)."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.measures import compute
from addin.crm.people import people
from addin.crm.personas import personas
from addin.crm.regulars import Regulars, regulars
from addin.crm.settings import Settings
from addin.crm.users import User, by_user, is_other, profiles
from tests.unit.crm.conftest import frame_of

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440


def order(who: str, user: str | None, **more: Any) -> dict[str, Any]:
    return {"customer": who, "user": user, "received_at": "2026-10-01", "won_at": "2026-10-01", "amount": 100, **more}


def told(rows: list[dict[str, Any]], customers: pl.DataFrame | None = None) -> Regulars:
    prepared = prepare(frame_of(rows), Settings(), AS_OF, customers)
    found = regulars(people(prepared, Settings(), customers), prepared, Settings(), (), customers)
    assert found is not None
    return found


def users(rows: list[dict[str, Any]], customers: pl.DataFrame | None = None) -> dict[str, tuple[User, ...]]:
    return {one.name: one.users for one in told(rows, customers).people}


def test_who_uses_what_a_customer_buys_is_named_the_most_frequent_first() -> None:
    found = users([order("집주인", "나"), order("집주인", "가"), order("집주인", "가"), order("혼자", None)])
    assert [(user.name, user.orders) for user in found["집주인"]] == [("가", 2), ("나", 1)]
    assert found["혼자"] == ()


@pytest.mark.parametrize("user", ["김가온", "김 가온", " 김가온 "])
def test_who_uses_it_himself_is_no_other(user: str) -> None:
    assert not is_other(user, "김가온")
    assert users([order("김가온", user)])["김가온"] == ()


def test_what_is_not_bought_is_not_used() -> None:
    assert users([order("가", "나", won_at=None), order("가", "다")])["가"] == (User("다", 1, "", ""),)


def test_a_user_has_the_persona_and_preference_the_customer_list_tells() -> None:
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["임대", "자취"], "preference": [None, "오전 방문"]})
    assert users([order("가", "나")], customers)["가"] == (User("나", 1, "자취", "오전 방문"),)


def test_of_two_listed_by_one_name_nobody_can_tell_which_and_an_id_is_sure() -> None:
    listed = pl.DataFrame(
        {"customer_id": ["C1", "C2", "C3"], "name": ["나", "나", "다"], "persona": ["신혼", "자취", "점주"]}
    )
    found = dict(profiles(listed).select("user", "persona").iter_rows())
    assert found == {"C1": "신혼", "C2": "자취", "C3": "점주", "다": "점주"}


@pytest.mark.parametrize(
    "listed", [pl.DataFrame({"persona": ["신혼"]}), pl.DataFrame({"name": ["나"]}), pl.DataFrame({"phone": ["1"]})]
)
def test_a_list_that_tells_nothing_changes_nothing(listed: pl.DataFrame) -> None:
    frame = frame_of([order("가", "나")]).with_columns(persona=pl.lit("임대"))
    assert by_user(frame, listed)["persona"].to_list() == ["임대"]


def test_money_and_loyalty_stay_with_who_pays() -> None:
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["임대", "자취"]})
    rows = [order("가", "나", service="정기 청소"), order("가", "나", service="전등")]
    lines = {one.name: one for one in told(rows, customers).people}
    assert (lines["가"].orders, lines["가"].net, lines["가"].strategic) == (2, 20000, True)
    assert "나" not in lines


def test_a_request_counts_for_the_persona_of_who_used_it() -> None:
    customers = pl.DataFrame({"name": ["가", "나", "라"], "persona": ["임대", "자취", "신혼"]})
    rows = [order("가", "나"), order("가", None), order("다", "나")]
    prepared = prepare(frame_of(rows), Settings(), AS_OF, customers)
    lines = told(rows, customers).lines
    found = {one.name: one for one in personas(lines, prepared, customers)}
    assert {name: (one.customers, one.requests, one.net) for name, one in found.items()} == {
        "자취": (1, 2, 20000),
        "임대": (1, 1, 10000),
        "신혼": (1, 0, 0),
        None: (1, 0, 0),
    }
    assert sum(one.orders for one in found.values()) == 3


def test_kpis_by_persona_are_by_who_used_it_and_add_up() -> None:
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["임대", "자취"]})
    rows = frame_of([{**order("가", user), "claim": user == "나"} for user in ("나", "나", None, "다")])
    tables = {"requests": rows, "customers": customers}
    found = {v.by.get("persona"): v for v in compute(tables, Settings(), kpis=["CLAIM_RATE"], by="persona")}
    assert {name: (v.numerator, v.denominator) for name, v in found.items()} == {"자취": (2, 2), "임대": (0, 2)}


def test_without_a_column_of_users_nothing_changes() -> None:
    customers = pl.DataFrame({"name": ["가"], "persona": ["임대"]})
    rows = [{name: value for name, value in order("가", None).items() if name != "user"}]
    prepared = prepare(frame_of(rows), Settings(), AS_OF, customers)
    found = told(rows, customers)
    assert personas(found.lines, prepared, customers) == personas(found.lines)
    assert [one.users for one in found.people] == [()]
