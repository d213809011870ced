"""What a request's cells mean: won, order day, customer, last touch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.bindings import last_touch, lost_stages, prepare, span, won_stages
from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.settings import Settings

FrameOf = Callable[..., pl.DataFrame]


def day(text: str) -> int:
    return (minutes_of_text(text) or 0) // DAY


def bound(frame: pl.DataFrame, column: str, **more: Any) -> list[Any]:
    settings = more.pop("settings", Settings())
    return prepare(frame, settings, day("2026-12-31"), **more).native()[column].to_list()


@pytest.mark.parametrize(
    ("row", "won"),
    [
        ({"stage": "수주"}, 1),
        ({"stage": "완료"}, 1),
        ({"stage": "Closed Won"}, 1),
        ({"stage": "취소", "won_at": "2026-03-05"}, 0),  # the stage says what it is now
        ({"stage": "접수", "won_at": "2026-03-05"}, 0),
        ({"stage": None, "won_at": "2026-03-05"}, 1),  # no stage: the date tells
        ({"won_at": "2026-03-05"}, 1),
        ({"won_at": None}, 0),
    ],
)
def test_won_is_what_the_stage_says_else_the_won_date(frame: FrameOf, row: dict[str, Any], won: int) -> None:
    assert bound(frame([row]), "_won") == [won]


def test_a_teams_own_words_come_before_ours() -> None:
    settings = Settings(won_words=("도장",), lost_words=("완료",))
    assert won_stages(["도장", "수주", "완료"], settings) == ["도장", "수주"]
    assert lost_stages(["도장", "취소", "완료"], settings) == ["취소", "완료"]


def test_money_falls_on_the_won_day_else_completed_else_received(frame: FrameOf) -> None:
    dates = {"won_at": "2026-03-05", "completed_at": "2026-03-04", "received_at": "2026-03-03"}
    rows = [dict(list(dates.items())[i:]) for i in range(4)]
    assert bound(frame([dates, *rows]), "_order")[1:] == [day("2026-03-05"), day("2026-03-04"), day("2026-03-03"), None]


def test_a_customer_is_an_id_else_a_phone_else_a_name_at_a_partner(frame: FrameOf) -> None:
    rows = frame(
        [
            {"customer": "C1", "phone": "010-1", "partner": "가"},
            {"customer": "C1", "phone": "010-2", "partner": "나"},
            {"customer": "김", "phone": "010-3", "partner": "가"},
            {"customer": "이", "phone": "010-3", "partner": "나"},
            {"customer": "박", "phone": None, "partner": "가"},
            {"customer": "박", "phone": None, "partner": "나"},
            {"customer": None, "phone": None, "partner": "나"},
        ]
    )
    found = bound(rows, "_customer", customers=pl.DataFrame({"customer_id": ["C1", None]}))
    assert found[0] == found[1] == "C1"
    assert found[2] == found[3]
    assert len(set(found[2:6])) == 3
    assert found[6] is None


def test_where_partner_and_person_both_filled_a_cell_settings_say_whose_counts(frame: FrameOf) -> None:
    rows = frame([{"partner": "가", "service": "도배", "service__partner": "장판"}, {"service__partner": "미장"}])
    assert bound(rows, "service") == ["도배", "미장"]
    assert bound(rows, "service", settings=Settings(first_owner="partner")) == ["장판", "미장"]


def test_a_field_only_the_partner_fills_in_is_the_partner_s(frame: FrameOf) -> None:
    rows = frame([{"partner": "가", "service__partner": "장판"}, {"partner": "나", "service__partner": None}])
    prepared = prepare(rows, Settings(), 0)
    assert "service" in prepared.columns
    assert "service__partner" not in prepared.columns
    assert bound(rows, "service") == ["장판", None]


def test_the_last_touch_is_an_activity_else_the_latest_past_instant(frame: FrameOf) -> None:
    rows = frame(
        [
            {"partner": "가", "received_at": "2026-03-01", "visited_at": "2026-03-09"},
            {"partner": "나", "received_at": "2026-03-02", "visited_at": "2026-04-30"},  # planned
            {"partner": None, "received_at": "2026-03-03"},
        ]
    )
    acted = frame([{"partner": "나", "acted_at": "2026-02-20"}, {"partner": "나", "acted_at": "2026-05-01"}])
    prepared = prepare(rows, Settings(), day("2026-03-31"))
    assert last_touch(prepared, None, "partner") == {"가": day("2026-03-09"), "나": day("2026-03-02")}
    assert last_touch(prepared, acted, "partner") == {"가": day("2026-03-09"), "나": day("2026-02-20")}


def test_the_span_is_over_all_instants_and_none_without_any(frame: FrameOf) -> None:
    rows = frame([{"received_at": "2026-03-01", "won_at": None}, {"received_at": None, "won_at": "2026-04-02"}])
    assert span([(rows, ("received_at", "won_at", "visited_at"))]) == (day("2026-03-01"), day("2026-04-02"))
    assert span([(frame([{"received_at": None}]), ("received_at",))]) is None
