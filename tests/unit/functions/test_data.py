"""Messy text in cells is read as ``danggol rows`` reads it; what can't be read says what to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from addin.functions import Context, call

NAMES = [["㈜한빛 인테리어"], ["샛별부동산 강남점"], ["샛별부동산 서초점"], ["푸른아파트 1단지"], [None]]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("주식회사  한빛", "한빛"),
        ("한빛(주)", "한빛"),
        ("Hanbit Co., Ltd.", "Hanbit"),
        ("한빛 인테리어", "한빛 인테리어"),
        (12.0, "12"),
        (None, None),
    ],
)
def test_a_partner_s_name_without_its_legal_form(text: Any, name: Any) -> None:
    assert call("PARTNER_NAME", text) == name


def test_a_spelling_a_person_confirmed_is_the_other_partner() -> None:
    assert call("PARTNER_NAME", "한 빛", context=Context(aliases={"한 빛": "㈜한빛"})) == "㈜한빛"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("한빛인테리어", "㈜한빛 인테리어"),
        ("한빛 인테리아", "㈜한빛 인테리어"),
        ("샛별부동산 서초점", "샛별부동산 서초점"),
        ("샛별부동산 잠실점", None),
        ("푸른아파트 2단지", None),
        ("푸른아파트 1단지 관리사무소", "푸른아파트 1단지"),
        ("두리카페", None),
    ],
)
def test_the_best_name_in_a_list_never_crosses_branches(text: str, name: str | None) -> None:
    assert call("MATCH_NAME", text, NAMES) == name


def test_names_with_their_scores_spill_beside_the_texts() -> None:
    table = call("MATCH_NAMES", [["한빛인테리어"], [None], ["두리카페"]], NAMES)
    assert [row[0] for row in table] == ["㈜한빛 인테리어", None, None]
    assert [row[1] for row in table] == [98.0, None, 0.0]
    assert call("MATCH_NAME", [["한빛인테리어"], [None]], NAMES) == [["㈜한빛 인테리어"], [None]]


def test_what_is_no_phone_mail_or_business_number_is_said() -> None:
    assert "010-1234-5678" in call("PHONE", "010-123")
    assert call("BRN_OK", [["120-81-47521"], ["120-81-47522"], ["120-81"], [None]]) == [
        [True],
        [False],
        [False],
        [None],
    ]
    assert call("EMAIL", "mailto:kim@naver.com") == "kim@naver.com"
    assert "1억 5천" not in str(call("AMOUNT", "1억 5천"))
    assert call("AMOUNT", [["120만원"], ["△500"], ["미정"]]) == [[1200000], [-500], [None]]


def test_a_whole_column_of_dates_proves_which_comes_first_day_or_month() -> None:
    assert isinstance(call("DATE_OF", "03/05/2024"), str)
    column = [["25/03/2024"], ["03/05/2024"], [None], ["2024-03-05 15:20"], ["내일"]]
    first, second, blank, timed, wrong = (row[0] for row in call("DATE_OF", column))
    assert (first, second, blank) == (dt.date(2024, 3, 25), dt.date(2024, 5, 3), None)
    assert timed == dt.datetime(2024, 3, 5, 15, 20)
    assert "연-월-일" in wrong


@pytest.mark.parametrize(
    ("text", "funnel", "stage"),
    [
        ("Closed Won", None, "수주"),
        ("견적 발송", None, "제안"),
        ("고객취소", None, "취소"),
        ("보류", None, "보류"),
        ("QA테스트", "파트너십", "QA 테스트"),
        ("closed won", [["신규"], ["상담"], ["계약"]], "계약"),
        ("상 담", [["신규"], ["상담"], ["계약"]], "상담"),
        (None, None, None),
    ],
)
def test_a_stage_by_its_usual_name_or_the_team_s_own(text: Any, funnel: Any, stage: Any) -> None:
    assert call("STAGE", text, funnel) == stage


def test_a_stage_nobody_knows_is_said_with_the_nearest() -> None:
    assert "‘3단계’" in call("STAGE", "3단계")
    assert "계약" in call("STAGE", "계약쓰", [["신규"], ["계약"]])
