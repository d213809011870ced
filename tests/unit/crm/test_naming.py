"""What a header's words say."""

from __future__ import annotations

import pytest

from addin.crm.lexicon import ALSO, STRONG, WEAK
from addin.crm.naming import fields_named_by, is_known
from addin.crm.similarity import misspelt


def score(header: str, field: str, table: str = "requests") -> float:
    named = fields_named_by(header).get((table, field))
    return named.score if named else 0.0


def test_words_have_three_strengths() -> None:
    assert (score("수주금액", "amount"), score("견적금액", "amount"), score("단가", "amount")) == (STRONG, ALSO, WEAK)


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("접수 › 일시", "received_at"),
        ("방문 › 일자", "visited_at"),
        ("고객 › 성함", "customer"),
        ("처리 › 완료일", "completed_at"),
        ("품질 › 클레임", "claim"),
        ("고객정보 › 연락처", "phone"),
        ("일시(접수)", "received_at"),
    ],
)
def test_a_group_above_makes_a_general_name_clear(header: str, field: str) -> None:
    assert score(header, field) > 0.9


@pytest.mark.parametrize("header", ["담당자 › 연락처", "담당자 연락처", "담당자연락처(직통)"])
def test_someone_elses_phone_is_not_the_customers(header: str) -> None:
    assert score(header, "phone") == 0
    assert score(header, "phone", "partners") == 1


def test_a_modest_addition_costs_a_little() -> None:
    assert ALSO < score("최종 수주금액", "amount") < STRONG


@pytest.mark.parametrize(
    ("slip", "word"),
    [("접숙일시", "접수일시"), ("업채명", "업체명"), ("연략처", "연락처"), ("oportunity_id", "opportunityid")],
)
def test_one_wrong_letter_is_a_slip(slip: str, word: str) -> None:
    assert misspelt(slip.replace("_", ""))[0][0] == word


@pytest.mark.parametrize("other", ["서비스비", "업체명단", "비고2", "번지", "xx", "접수"])
def test_another_word_is_no_slip(other: str) -> None:
    assert not misspelt(other)


def test_a_word_we_know_is_never_taken_for_a_slip_of_another() -> None:
    assert all(named.how != "typo" for named in fields_named_by("신청인").values())
    assert is_known("부가세")
    assert not is_known("가나다라")
