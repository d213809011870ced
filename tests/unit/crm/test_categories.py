from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.categories import nearest, read_categories

STAGES = ("접수", "상담중", "계약완료", "수주", "취소")


def codes(values: list[object], known: tuple[str, ...] = ()) -> list[tuple[int, str, str | None]]:
    return [(i, f.code, f.suggestion) for i, f in read_categories(values, known)[1]]


def test_one_word_has_one_spelling_the_most_frequent() -> None:
    values = ["네이버", "Google", "google", "네이버 ", "Google", "ＧＯＯＧＬＥ", None, ""]
    assert read_categories(values)[0] == ["네이버", "Google", "Google", "네이버", "Google", "Google", None, None]
    assert codes(list(values)) == [(2, "respelled", "Google"), (5, "respelled", "Google")]


def test_words_that_differ_by_a_letter_are_never_merged() -> None:
    values: list[object] = ["강남점", "강동점", "강남점"]
    assert read_categories(values) == (values, [])


@pytest.mark.parametrize(
    ("typo", "meant"), [("계약완려", "계약완료"), ("수쥬", "수주"), ("상당중", "상담중"), ("추소", "취소")]
)
def test_an_unknown_stage_keeps_its_text_and_names_the_nearest(typo: str, meant: str) -> None:
    values: list[object] = ["접수", typo, "수주"]
    assert read_categories(values, STAGES)[0] == values
    assert codes(values, STAGES) == [(1, "unknown_value", meant)]


def test_an_unknown_stage_with_nothing_near_has_no_proposal() -> None:
    assert codes(["접수", "강아지"], STAGES) == [(1, "unknown_value", None)]


def test_a_known_stage_in_another_spelling_is_known() -> None:
    assert codes(["계약 완료", "취소(고객변심)", " 접수 "], STAGES) == []


def test_a_teams_own_word_is_asked_about_once_not_in_every_cell() -> None:
    values: list[object] = ["접수", *["서류검토"] * 6]
    [(index, fault)] = read_categories(values, STAGES)[1]
    assert (index, fault.fix.id, fault.fix.params["count"]) == (1, "fault.unknown_value.own.fix", 6)


def test_without_a_list_only_a_rare_double_of_a_frequent_word_is_doubted() -> None:
    values: list[object] = [*["네이버블로그"] * 30, "네이버블르그", *["소개"] * 3, "전단"]
    assert codes(values) == [(30, "unknown_value", "네이버블로그")]


def test_numbers_make_different_words() -> None:
    assert nearest("래미안 2단지", ["래미안 1단지"]) is None


def test_a_number_and_a_text_are_told_from_each_other() -> None:
    assert read_categories([1.0, True, "1"])[0] == ["1", "TRUE", "1"]


@given(
    st.lists(
        st.one_of(st.none(), st.sampled_from(["a", "A", " a", "b", "-", "#N/A"]), st.text(), st.floats(), st.booleans())
    )
)
def test_every_cell_keeps_a_value_or_gets_a_fault(values: list[object]) -> None:
    words, faults = read_categories(values)
    told = {i for i, _ in faults}
    assert len(words) == len(values)
    for i, (value, word) in enumerate(zip(values, words, strict=True)):
        if word is None and i not in told:
            assert (
                value is None
                or value != value
                or not str(value).strip("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff").strip()
            )
