"""The best name in a list: forms and slips are forgiven, branches and numbers are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.best_match import Names

NAMES = Names(["㈜한빛 인테리어", "샛별부동산 강남점", "샛별부동산 서초점", "푸른아파트 1단지", "푸른아파트 2단지"])


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("㈜한빛 인테리어", "㈜한빛 인테리어", "same"),
        ("한빛인테리어 주식회사", "㈜한빛 인테리어", "form"),
        ("푸른아파트 1단지 관리사무소", "푸른아파트 1단지", "descriptor"),
        ("한빛인테리아", "㈜한빛 인테리어", "alike"),
        ("샛별부동산 잠실점", None, "none"),
        ("푸른아파트 3단지", None, "none"),
        ("전혀 다른 이름", None, "none"),
    ],
)
def test_what_a_text_means(text: str, name: str | None, reason: str) -> None:
    found = NAMES.best(text)
    assert (found.name, found.reason) == (name, reason)


@given(st.lists(st.text(max_size=8), max_size=6), st.text(max_size=8))
def test_what_is_found_stands_in_the_list_and_a_listed_name_finds_itself(names: list[str], text: str) -> None:
    listed = Names(names)
    found = listed.best(text)
    assert found.name is None or found.name in names
    for name in names:
        assert listed.best(name).reason == "same"


def test_an_empty_list_has_no_name() -> None:
    assert Names([]).best("한빛").name is None
