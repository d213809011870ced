"""The line beside each request: what is wrong with it, worst first, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg
from addin.crm.request_flags import REASON_IDS, REASONS, SPAN_IDS, request_flags, spoken_flags
from addin.crm.setting_rows import SettingCell, from_rows
from addin.crm.settings import Settings
from addin.i18n import known, say

FrameOf = Callable[..., pl.DataFrame]
TUESDAY = "2026-03-03"


def lines(frame: pl.DataFrame, as_of: str = "2026-03-10", **more: Any) -> list[tuple[str, str]]:
    """Each row's flag and words, top to bottom."""
    day = (minutes_of_text(as_of) or 0) // DAY
    flags = request_flags(frame, more.pop("settings", Settings()), more.pop("faults", ()), day, **more)
    assert flags.select("_sheet", "_row").rows() == frame.select("_sheet", "_row").rows()
    return list(zip(*spoken_flags(flags, lambda m: say(m, "ko")), strict=True))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"confirmed_at": f"{TUESDAY}T10:10", "visited_at": TUESDAY, "stage": "수주"}, ("ok", "")),
        ({"confirmed_at": f"{TUESDAY}T10:42", "stage": "수주"}, ("warn", "확인까지 42분 걸렸습니다")),
        ({"confirmed_at": f"{TUESDAY}T15:00", "stage": "수주"}, ("warn", "확인까지 5시간 걸렸습니다")),
        ({"confirmed_at": "2026-03-09T15:00", "stage": "수주"}, ("warn", "확인까지 6일 걸렸습니다")),
        ({"confirmed_at": None, "stage": "접수"}, ("breach", "접수하고 7일째 확인이 없습니다. 지금 연락하세요")),
        ({"visited_at": "2026-03-05", "stage": "수주"}, ("warn", "접수하고 2일 뒤에 방문했습니다")),
        ({"visited_at": None, "stage": "접수"}, ("warn", "접수하고 7일째 방문이 없습니다")),
        ({"visited_at": None, "stage": "취소"}, ("ok", "")),
        ({"claim": True, "stage": "수주"}, ("breach", "클레임이 있습니다")),
        ({"rework": True, "refund": 10, "stage": "수주"}, ("warn", "재작업한 건입니다 · 환불한 건입니다")),
        ({"refund__yes": True, "stage": "수주"}, ("warn", "환불한 건입니다")),
        ({"stage": "취소", "lost_reason": None}, ("warn", "실패 이유가 비어 있습니다")),
        ({"stage": "취소", "lost_reason": "가격"}, ("ok", "")),
        ({"partner": None, "stage": "수주"}, ("warn", "파트너가 비어 있습니다")),
    ],
)
def test_one_request(frame: FrameOf, row: dict[str, Any], expected: tuple[str, str]) -> None:
    assert lines(frame([{"received_at": f"{TUESDAY}T10:00", **row}])) == [expected]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("2026-03-24", ("ok", "")),
        ("2026-03-25", ("warn", "22일 동안 소식이 없습니다")),
        ("2026-03-31", ("warn", "28일 동안 소식이 없습니다")),
        ("2026-04-01", ("breach", "29일 동안 소식이 없습니다. 연락하거나 마감하세요")),
    ],
)
def test_an_open_request_nobody_touches_is_silent_after_four_weeks(
    frame: FrameOf, as_of: str, expected: tuple[str, str]
) -> None:
    assert lines(frame([{"received_at": TUESDAY, "stage": "접수"}]), as_of) == [expected]
    assert lines(frame([{"received_at": TUESDAY, "stage": "수주"}]), as_of) == [("ok", "")]


def test_an_activity_breaks_the_silence(frame: FrameOf) -> None:
    rows = frame([{"request_id": "R1", "received_at": TUESDAY, "stage": "접수"}])
    acted = frame([{"request": "R1", "acted_at": "2026-03-30"}, {"request": None, "acted_at": "2026-03-31"}])
    assert lines(rows, "2026-04-10", activities=acted) == [("ok", "")]


def test_the_threshold_is_the_teams(frame: FrameOf) -> None:
    settings, _ = from_rows([SettingCell("SILENCE_4W.target", 7), SettingCell("SILENCE_4W.warn", 3)])
    assert lines(frame([{"received_at": TUESDAY, "stage": "접수"}]), "2026-03-11", settings=settings)[0][0] == "breach"


def test_the_worst_reason_comes_first_and_only_it_has_its_number(frame: FrameOf) -> None:
    row = {"received_at": f"{TUESDAY}T10:00", "confirmed_at": f"{TUESDAY}T11:00", "claim": True, "stage": "수주"}
    assert lines(frame([row])) == [("breach", "클레임이 있습니다 · 확인 늦음")]


def test_unreadable_cells_of_the_row_are_counted_and_repaired_ones_are_not(frame: FrameOf) -> None:
    rows = frame([{"received_at": TUESDAY, "stage": "수주"}, {"received_at": TUESDAY, "stage": "수주"}])
    bad = Fault("bad_date", "어제", msg("x"), msg("y"))
    mended = Fault("phone_zero", "10", msg("x"), msg("y"), repair=True)
    faults = [PlacedFault("접수", 3, c, "requests", "f", f) for c, f in ((1, bad), (2, bad), (3, mended))]
    faults += [PlacedFault("다른 시트", 2, 1, "requests", "f", bad), PlacedFault("접수", 0, 1, "requests", "f", bad)]
    assert lines(rows, faults=faults) == [("ok", ""), ("warn", "읽을 수 없는 칸이 2개 있습니다")]


def test_columns_that_are_not_there_are_nobodys_fault(frame: FrameOf) -> None:
    assert lines(frame([{"service": "도배"}, {"service": None}])) == [("ok", ""), ("ok", "")]
    assert lines(frame([{"service": "도배"}]).clear()) == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_reason_has_its_words(lang: str) -> None:
    assert [name for name in (*REASON_IDS, *SPAN_IDS) if not known(name, lang)] == []
    every = pl.DataFrame({"flag": ["breach"], "reasons": [(1 << len(REASONS)) - 1], "number": [30]})
    _, (words,) = spoken_flags(every, lambda message: say(message, lang))
    assert words.count(" · ") == len(REASONS) - 1
    assert "{" not in words
