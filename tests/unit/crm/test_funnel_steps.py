"""What a row must have to stand at a step."""

from __future__ import annotations

import pytest

from addin.crm.constraint import ROLES
from addin.crm.funnel_steps import (
    FUNNELS,
    STEP_IDS,
    StepError,
    bind_funnel,
    default_steps,
    parse_steps,
    partnership_steps,
    spoken,
)
from addin.i18n import known, say

COLUMNS = {"received_at": "received_at", "접수일": "received_at", "진행 상태": "stage", "A=B": "ab", "비고": "비고"}


def test_a_step_is_every_row_a_filled_field_or_one_of_some_values() -> None:
    steps = parse_steps(["전체=all", "접수=접수일", "수주=진행 상태=수주|완료"], COLUMNS)
    assert [(s.label, s.column, s.values) for s in steps] == [
        ("전체", None, ()),
        ("접수", "received_at", ()),
        ("수주", "stage", ("수주", "완료")),
    ]


def test_a_column_alone_is_its_own_label() -> None:
    steps = parse_steps(["all", "received_at", "진행 상태=수주"], COLUMNS)
    assert [(s.label, s.column, s.values) for s in steps] == [
        ("all", None, ()),
        ("received_at", "received_at", ()),
        ("진행 상태=수주", "stage", ("수주",)),
    ]


def test_headers_are_found_without_their_spaces_and_may_hold_an_equals_sign() -> None:
    steps = parse_steps(["가=진행상태=수주", "나=A=B", "다=A=B=예"], COLUMNS)
    assert [(s.column, s.values) for s in steps] == [("stage", ("수주",)), ("ab", ()), ("ab", ("예",))]


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["전체=all", "접수=recieved_at"], "received_at"),
        (["전체=all", "접수=없는열"], "접수일"),
        (["전체=all", "전체=비고"], "두 번"),
        (["전체=all", "접수="], "읽을 수 없습니다"),
        (["전체=all"], "두 개 이상"),
        ([], "두 개 이상"),
    ],
)
def test_a_step_nobody_can_read_says_what_to_write(texts: list[str], said: str) -> None:
    with pytest.raises(StepError) as caught:
        parse_steps(texts, COLUMNS)
    assert said in say(caught.value.message, "ko")
    assert "{" not in say(caught.value.message, "en")


def names(columns: set[str], stages: dict[str, int]) -> list[str]:
    return [s.label if isinstance(s.label, str) else say(s.label, "ko") for s in default_steps(columns, stages)]


@pytest.mark.parametrize(
    ("columns", "stages", "steps"),
    [
        (
            {"received_at", "confirmed_at", "proposed_at", "visited_at", "won_at", "completed_at", "membership_at"},
            {},
            ["접수", "확인", "제안", "방문", "수주", "완료", "단골"],
        ),
        ({"received_at", "visited_at", "won_at"}, {}, ["접수", "방문", "수주"]),
        ({"received_at", "confirmed_at", "stage"}, {"수주": 1, "접수": 2}, ["접수", "확인", "수주"]),
        # one closing date beside a stage is the day it was won, not a step of its own
        ({"received_at", "completed_at", "stage"}, {"Won": 4, "Lost": 2, "Engaging": 1}, ["접수", "수주"]),
        ({"received_at", "completed_at", "stage"}, {"수주": 4, "완료": 2}, ["접수", "수주", "완료"]),
        ({"received_at", "completed_at"}, {}, ["접수", "완료"]),
        ({"received_at", "stage"}, {"신규": 3, "상담중": 2, "상담": 3, "완료": 2, "취소": 9}, ["신규", "상담", "완료"]),
        ({"stage"}, {"완료": 2, "취소": 9}, ["접수", "완료"]),
        ({"received_at"}, {}, ["접수"]),
    ],
)
def test_steps_by_default_are_those_with_a_column(columns: set[str], stages: dict[str, int], steps: list[str]) -> None:
    assert names(columns, stages) == steps


def test_a_word_only_this_team_calls_won_ends_its_funnel() -> None:
    assert [s.label for s in default_steps({"stage"}, {"접수": 2, "도장": 1}, won=["도장"])] == ["접수", "도장"]


def test_seed_003_신청_경험_결정_단골_의_네_단계() -> None:
    assert [say(s.label, "ko") for s in FUNNELS["regulars"]] == ["신청", "경험", "결정", "단골"]


def test_seed_003_the_decision_is_joining_so_the_regulars_add_no_step() -> None:
    steps = spoken(bind_funnel("regulars", {"received_at", "completed_at", "membership_at"}), lambda m: say(m, "ko"))
    assert [(s.label, s.column) for s in steps] == [
        ("신청", "received_at"),
        ("경험", "completed_at"),
        ("결정", "membership_at"),
    ]


def test_seed_004_the_customer_factory_has_a_feed_and_a_loop() -> None:
    factory = FUNNELS["customer_factory"]
    assert [say(s.label, "ko") for s in factory] == ["인식", "가입", "활성화", "유료", "유지", "추천"]
    assert [s.role for s in factory] == ["feed", None, None, None, None, "loop"]
    assert {s.role for s in factory} - {None} <= set(ROLES)


def test_seed_001_the_seven_stages_of_a_partnership() -> None:
    steps = partnership_steps(["미팅", "QA테스트", "운영", "중단"])
    assert [say(s.label, "ko") for s in steps] == [
        "기회 발견", "미팅", "실무자 접촉", "기획서 완성", "개발 구축", "QA 테스트", "현장 테스트",
    ]  # fmt: skip
    assert steps[5].values == ("QA 테스트", "QA테스트")
    assert steps[6].values == ("현장 테스트", "운영")


@pytest.mark.parametrize("id", STEP_IDS)
def test_every_step_has_its_name_in_both_languages(id: str) -> None:
    assert known(id, "ko")
    assert known(id, "en")
