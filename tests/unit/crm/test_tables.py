"""The tables and fields people script against, and the words their columns go by."""

from __future__ import annotations

import pytest

from addin.crm.lexicon import STRONG, WEAK, fields_by_word, known
from addin.crm.stages import (
    LOST_WORDS,
    PARTNER_STAGES,
    REQUEST_STAGES,
    WON_WORDS,
    partner_stage_rank,
    stage_kind,
    stage_rank,
)
from addin.crm.tables import FIELD_ALIASES, TABLES, TYPES, fields_named, table
from addin.crm.words import header_key, words

CONTRACT = {
    "partners": "partner_id name cluster region households stage stage_at owner contact phone email business_no "
    "sla_minutes same_day_target monthly_goal contract_at our_benefit their_benefit status note",
    "requests": "request_id partner assignee customer phone source service received_at confirmed_at proposed_at "
    "visited_at won_at completed_at stage amount cost refund claim lost_reason event_at referrer no_show "
    "discount_asked "
    "bypass rework membership_at satisfaction note",
    "customers": "customer_id name phone email persona service_kind joined_at left_at preference strategic note",
    "step_counts": "week step count partner",
    "spend": "spent_at partner item amount",
    "activities": "acted_at partner request customer kind text next_at",
    "price_list": "code name spec unit unit_price tax",
    "quotes": "quote_id request partner customer issued_at valid_until status total",
    "quote_lines": "quote_id code name spec unit quantity unit_price tax note",
    "defects": "defect_id partner place found_at fixed_at text",
    "experiments": "experiment_id step cause solution started_at ended_at before after verdict",
}


@pytest.mark.parametrize(("id", "fields"), CONTRACT.items())
def test_field_ids_stay_put_and_new_ones_follow(id: str, fields: str) -> None:
    found = table(id)
    assert found is not None
    assert [f.id for f in found.fields][: len(fields.split())] == fields.split()


def test_there_are_no_other_tables() -> None:
    assert [t.id for t in TABLES] == list(CONTRACT)


@pytest.mark.parametrize("t", TABLES, ids=lambda t: t.id)
def test_names_tell_fields_of_a_table_apart(t: object) -> None:
    assert isinstance(t, type(TABLES[0]))
    for names in ([f.ko for f in t], [f.en.casefold() for f in t], [f.id for f in t]):
        assert len(set(names)) == len(names)
    assert all(f.type in TYPES for f in t)
    assert all(group <= {f.id for f in t} for group in t.needs)
    assert t.key is None or t.field(t.key)


@pytest.mark.parametrize("t", TABLES, ids=lambda t: t.id)
def test_a_strong_word_names_one_field_of_a_table(t: object) -> None:
    assert isinstance(t, type(TABLES[0]))
    for word, named in fields_by_word().items():
        strong = [f for table_id, f, s in named if table_id == t.id and s == STRONG]
        assert len(strong) <= 1, f"{word}: {strong}"


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("업체명", "partner"),
        ("관리사무소", "partner"),
        ("거래처", "partner"),
        ("접수일자", "received_at"),
        ("문의일시", "received_at"),
        ("최초응답", "confirmed_at"),
        ("회신일시", "confirmed_at"),
        ("실방문", "visited_at"),
        ("견적일", "proposed_at"),
        ("수주일", "won_at"),
        ("입금일", "won_at"),
        ("완료일", "completed_at"),
        ("기사", "assignee"),
        ("처리현황", "stage"),
        ("견적금액", "amount"),
        ("공급가액", "amount"),
        ("불만", "claim"),
        ("환불액", "refund"),
        ("유입경로", "source"),
        ("특이사항", "note"),
        ("opportunity_id", "request_id"),
        ("deal_stage", "stage"),
        ("engage_date", "received_at"),
        ("close_date", "completed_at"),
        ("close_value", "amount"),
        ("sales_agent", "assignee"),
        ("account", "partner"),
        ("Lead Source", "source"),
        ("created_at", "received_at"),
        ("product", "service"),
    ],
)
def test_what_offices_and_exports_write_is_a_request_field(header: str, field: str) -> None:
    named = {f: s for t, f, s in fields_by_word()[header_key(header)] if t == "requests"}
    assert named[field] == max(named.values())
    assert named[field] > WEAK


def test_a_field_may_be_called_by_id_label_or_alias() -> None:
    assert [(t.id, f.id) for t, f in fields_named("접수 일시")] == [("requests", "received_at")]
    assert {f.id for _, f in fields_named("Won")} == {"won_at"}
    assert {f.id for _, f in fields_named("revenue")} == {"amount"}
    assert not fields_named("없는항목")
    ids = {f.id for t in TABLES for f in t.fields}
    assert set(FIELD_ALIASES.values()) <= ids


def test_a_header_word_that_is_a_stage_too_counts_half() -> None:
    assert (known("접수일"), known("접수"), known("아무말")) == (1.0, 0.5, 0.0)


def test_date_headers_of_a_stem_are_written_out() -> None:
    assert words("방문@ visit_date") == (
        "방문일",
        "방문일자",
        "방문일시",
        "방문날짜",
        "방문시각",
        "방문시간",
        "visit date",
    )


@pytest.mark.parametrize(
    ("header", "key"),
    [
        ("접수일(필수)", "접수일"),
        ("금액(원)", "금액"),
        ("연락처\n(HP)", "연락처"),
        ("※업체명*", "업체명"),
        ("업 체 명", "업체명"),
        ("업체\u00a0명", "업체명"),
        ("ＡＭＯＵＮＴ", "amount"),
        ("(HP)", "hp"),
        ("Deal_Stage", "dealstage"),
        ("접수일", "접수일"),
    ],
)
def test_spacing_brackets_width_and_marks_do_not_change_a_header(header: str, key: str) -> None:
    assert header_key(header) == key


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("수주", "won"),
        ("완료", "won"),
        ("계약", "won"),
        ("결제", "won"),
        ("성사", "won"),
        ("Won", "won"),
        ("Closed Won", "won"),
        ("취소", "lost"),
        ("실주", "lost"),
        ("거절", "lost"),
        ("Lost", "lost"),
        ("closed-lost", "lost"),
        ("보류", "open"),
        ("Prospecting", "open"),
        ("Engaging", "open"),
        ("견적 발송", "open"),
        ("아리송", None),
    ],
)
def test_a_stage_word_is_won_lost_or_open(word: str, kind: str | None) -> None:
    assert stage_kind(word) == kind


def test_no_stage_word_is_both_won_and_lost() -> None:
    won, lost = ({header_key(w) for w in group} for group in (WON_WORDS, LOST_WORDS))
    assert not won & lost
    every = [header_key(w) for group in REQUEST_STAGES.values() for w in group]
    assert len(set(every)) == len(every)


def test_the_deal_funnel_runs_prospecting_engaging_won() -> None:
    ranks = [stage_rank(s) for s in ("Prospecting", "Engaging", "Won")]
    assert ranks == sorted(ranks, key=lambda r: (r is None, r))
    assert stage_rank("Lost") is None


def test_seed_001_a_partnership_has_seven_stages_then_runs() -> None:
    assert [partner_stage_rank(s) for s in PARTNER_STAGES] == list(range(9))
    assert PARTNER_STAGES[6:8] == ("현장 테스트", "운영")
