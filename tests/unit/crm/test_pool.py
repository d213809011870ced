"""The pool of regulars: joining counts as 단골, the change adds up, and who was served is invited next (seed 003)."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.pool import WHY_IDS, is_member, standing, weeks, why_now
from addin.crm.settings import Settings
from addin.i18n import known

SUNDAY = 17  # of the week that begins on day 11
SCHEMA = {
    "customer": pl.String,
    "member_at": pl.Int64,
    "joined_at": pl.Int64,
    "left_at": pl.Int64,
    "experienced": pl.Int64,
    "troubled": pl.Boolean,
    "service_kind": pl.String,
}


def people(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def stands(as_of: int = 100, days: int = 90, **line: Any) -> str | None:
    lines = people({"experienced": 95, **line})
    found: str | None = lines.select(standing(lines, as_of, Settings(invite_days=days))).item()
    return found


def test_each_week_says_who_joined_who_left_and_how_many_there_are() -> None:
    lines = people({"member_at": 1}, {"member_at": 5}, {"joined_at": 12}, {"joined_at": 3, "left_at": 13})
    assert [(w.joined, w.left, w.net, w.size, w.closed) for w in weeks(lines, SUNDAY, 2)] == [
        (1, 0, 1, 3, True),
        (1, 1, 0, 3, True),
    ]


def test_the_week_under_way_is_not_closed() -> None:
    assert [w.closed for w in weeks(people({"member_at": 5}), 16, 2)] == [True, False]


def test_the_membership_counts_before_the_customer_lists_own_day() -> None:
    assert [w.joined for w in weeks(people({"member_at": 12, "joined_at": 5}), SUNDAY, 2)] == [0, 1]


def test_who_left_before_joining_again_is_a_member() -> None:
    lines = people({"member_at": 12, "left_at": 5})
    assert lines.select(is_member(lines)).item() is True
    assert [(w.joined, w.left) for w in weeks(lines, SUNDAY, 2)] == [(0, 0), (1, 0)]


def test_where_nobody_ever_joined_there_are_no_weeks() -> None:
    assert weeks(people({"experienced": 5}), SUNDAY) == []


def test_after_the_experience_comes_an_invitation() -> None:
    assert stands() == "invite"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ({"member_at": 96}, "member"),
        ({"joined_at": 90, "left_at": 96}, None),
        ({"troubled": True}, "held"),
        ({"experienced": 9}, "older"),
        ({"experienced": 10}, "invite"),
        ({"experienced": None}, None),
        ({"service_kind": "정기"}, None),
        ({"service_kind": "비정기"}, "invite"),
    ],
)
def test_nobody_is_invited_who_is_in_who_left_who_complained_or_whose_use_is_long_ago(
    line: dict[str, Any], expected: str | None
) -> None:
    assert stands(**line) == expected


@pytest.mark.parametrize(
    ("orders", "id"), [(0, "regulars.why.visited"), (1, "regulars.why.first"), (4, "regulars.why.again")]
)
def test_the_invitation_says_why_now(orders: int, id: str) -> None:
    assert why_now({"orders": orders, "experienced": 97}, 100).id == id


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("id", WHY_IDS)
def test_every_reason_has_its_words(id: str, lang: str) -> None:
    assert known(id, lang)


days = st.none() | st.integers(0, 60)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(days, days, days), max_size=20), st.integers(20, 60), st.integers(1, 12))
def test_joined_less_left_is_the_change_of_the_pool(
    rows: list[tuple[int | None, int | None, int | None]], as_of: int, count: int
) -> None:
    known_by = [tuple(d if d is not None and d <= as_of else None for d in row) for row in rows]
    lines = people(*({"member_at": a, "joined_at": b, "left_at": c} for a, b, c in known_by))
    found = weeks(lines, as_of, count)
    for before, after in pairwise(found):
        assert after.size - before.size == after.joined - after.left
    if found:
        assert found[-1].size == lines.select(is_member(lines).sum()).item()
        assert len(found) == count
