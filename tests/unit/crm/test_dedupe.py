"""Names that may be one partner: proposed with the reason, never across branches and numbers."""

from __future__ import annotations

import itertools
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.crm.dedupe import REASONS, Name, find_duplicates, name_parts
from addin.i18n import known, say


def why(*names: str | Name) -> list[str]:
    """The reasons of the one group these names make; [] where they make none."""
    groups = find_duplicates([Name(name) if isinstance(name, str) else name for name in names])
    return [reason.id.removeprefix("dedupe.reason.") for group in groups for reason in group.reasons]


@pytest.mark.parametrize(
    "other",
    [
        *(
            "주식회사 한빛",
            "한빛 주식회사",
            "(주)한빛",
            "한빛(주)",
            "주)한빛",
            "유한회사 한빛",
            "(유)한빛",
            "주식회사한빛",
        ),
        *("한 빛", "한-빛", "㈜ 한빛", unicodedata.normalize("NFD", "주식회사 한빛")),
    ],
)
def test_a_legal_form_spaces_and_marks_make_no_other_name(other: str) -> None:
    assert name_parts("㈜한빛")[0] == name_parts(other)[0]
    assert why("㈜한빛", other)


@pytest.mark.parametrize(
    "other", ["HANBIT", "Hanbit Inc.", "hanbit co ltd", "Hanbit Co.,Ltd", "HANBIT Corporation", "Ｈanbit LLC"]
)
def test_english_legal_forms_are_no_part_of_the_name(other: str) -> None:
    assert name_parts("Hanbit Co., Ltd.")[0] == name_parts(other)[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("한빛카페 강남점", "한빛카페 서초점"),
        ("한빛카페강남점", "한빛카페서초점"),
        ("한빛카페", "한빛카페 강남점"),
        ("래미안 1단지", "래미안 2단지"),
        ("래미안 A동", "래미안 B동"),
        ("래미안 가동", "래미안 나동"),
        ("두산위브 101동", "두산위브 102동"),
        ("강남역 1호점", "강남역 2호점"),
        ("한빛타워 동관", "한빛타워 서관"),
        ("래미안 I", "래미안 II"),
        ("제일부동산", "제이부동산"),
        ("스타카페 강남역점", "스타카페 강남점"),
        ("한빛 2차", "한빛 3차"),
        ("가온부동산", "다온부동산"),  # another first letter is another name
        ("MG Special", "MG Advanced"),
    ],
)
def test_branches_numbers_and_other_names_are_never_proposed(one: str, other: str) -> None:
    assert why(one, other) == []
    told = [Name(name, phone="02-555-1234", business_no="1208147521") for name in (one, other)]
    branch = not one.startswith(("가온", "MG"))
    assert bool(why(*told)) is not branch  # even one phone and one 사업자번호 for both


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("GTX Pro", "GTXPro", "spacing"),
        ("㈜한빛", "주식회사 한빛", "form"),
        ("한빛마을 관리사무소", "한빛마을", "descriptor"),
        ("새봄공인중개사사무소", "새봄 공인중개사", "descriptor"),
        ("그린인테리어", "그린인테리아", "typo"),
        ("한빛카페 강남점", "한빛까페 강남점", "typo"),
        ("래미안 1단지", "레미안 1단지", "typo"),
        ("한빛주택관리", "한빛주택괸리", "typo"),
    ],
)
def test_each_proposal_says_why(one: str, other: str, reason: str) -> None:
    assert why(one, other) == [reason]


def test_the_same_phone_or_business_number_proposes() -> None:
    assert why(Name("한빛", phone="02-1"), Name("새봄", phone="02-1")) == ["phone"]
    assert why(Name("한빛", business_no="1208147521"), Name("새봄", business_no="1208147521")) == ["business_no"]
    assert why(Name("한빛", phone=""), Name("새봄", phone=""), Name("누리"), Name("샛별")) == []


def test_the_master_is_the_listed_spelling_else_the_most_written() -> None:
    [group] = find_duplicates([Name("한빛", 9), Name("㈜한빛", 1, listed=True), Name("주식회사 한빛", 3)])
    assert group.master == "㈜한빛"
    [group] = find_duplicates([Name("한빛", 2), Name("㈜한빛", 5)])
    assert group.master == "㈜한빛"


def test_two_spellings_both_written_often_are_two_partners() -> None:
    assert why(Name("누리인테리어", 120), Name("누리인테리아", 90)) == []
    assert why(Name("누리인테리어", 120), Name("누리인테리아", 2)) == ["typo"]


def test_a_slip_of_a_slip_is_not_followed() -> None:
    names = ["가나다라마바", "가나다라마비", "가나다라머비", "가나더라머비"]
    groups = find_duplicates([Name(name) for name in names])
    assert [[name.text for name in group.names] for group in groups] == [names[:2], names[2:]]


def test_two_clusters_are_two_partners_and_whose_cluster_is_unknown_joins_neither() -> None:
    apart = [Name("㈜한빛", cluster="카페"), Name("주식회사 한빛", cluster="부동산"), Name("한빛")]
    assert find_duplicates(apart) == []
    [group] = find_duplicates([*apart, Name("한빛(주)", cluster="카페")])
    assert [name.text for name in group.names] == ["㈜한빛", "한빛(주)"]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_has_its_sentence(reason: str) -> None:
    assert known(f"dedupe.reason.{reason}", "ko")
    assert known(f"dedupe.reason.{reason}", "en")


def test_a_reason_names_both_spellings() -> None:
    [group] = find_duplicates([Name("그린인테리어", 5), Name("그린인테리아")])
    assert say(group.reasons[0], "ko") == "한 글자 오타로 보입니다: 그린인테리어 / 그린인테리아"


PARTS = st.tuples(
    st.sampled_from(["", "㈜", "주식회사 ", "(유)"]),
    st.sampled_from(["한빛", "래미안", "Green", "새봄카페"]),
    st.sampled_from(["", " "]),
    st.sampled_from(["", "강남점", "서초점", "1단지", "2단지", "A동", "B동", "관리사무소"]),
)


@settings(deadline=None, max_examples=60)
@given(st.lists(PARTS, max_size=12, unique=True))
def test_no_group_ever_holds_two_branches_or_two_numbers(parts: list[tuple[str, str, str, str]]) -> None:
    names = {"".join(part): part for part in parts}
    groups = find_duplicates([Name(text) for text in names])
    members = [name.text for group in groups for name in group.names]
    assert len(members) == len(set(members))
    for group in groups:
        assert group.master in [name.text for name in group.names]
        assert group.reasons
        for one, other in itertools.combinations(group.names, 2):
            here, there = ({names[n.text][3]} - {"", "관리사무소"} for n in (one, other))
            assert here == there


@given(st.text(max_size=30))
def test_any_text_has_a_key(text: str) -> None:
    assert isinstance(name_parts(text)[0], str)
    assert name_parts(text)[0] == name_parts(f"  {text} ")[0]
