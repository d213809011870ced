from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.clock import after_date, minute_of_day


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("15:20", 920),
        ("오전 12:10", 10),
        ("오후 12:10", 730),
        ("오후 3시 반", 930),
        ("새벽 2시", 120),
        ("저녁 7시", 1140),
        ("3:20 pm", 920),
        ("24:00", 1440),
        ("06:20z", 920),
        ("06:20+00:00", 920),
        ("오전 13:00", None),
        ("pm 3:20 pm", None),
        ("25:00", None),
        ("15:60", None),
        ("밤 12시", None),
        ("15", None),
    ],
)
def test_a_time_of_day_in_minutes(text: str, minute: int | None) -> None:
    assert minute_of_day(text) == minute


@pytest.mark.parametrize(
    ("text", "weekday", "minute"),
    [("", "", None), ("(화)", "화", None), (" 화요일 15:20", "화", 920), (".화", "화", None), (" tue 3:20", "", 200)],
)
def test_behind_a_date_stand_a_weekday_and_a_time(text: str, weekday: str, minute: int | None) -> None:
    assert after_date(text) == (weekday, minute)


@pytest.mark.parametrize("text", ["~3.7", " 예정", "(예정)", " 14:00~16:00", "-1"])
def test_other_words_behind_a_date_are_no_time(text: str) -> None:
    assert after_date(text) is None


@given(st.text(" 오전후시분0123456789:.()화t"))
def test_any_text_gives_a_minute_of_the_day_or_none(text: str) -> None:
    _, minute = after_date(text) or ("", None)
    assert minute is None or 0 <= minute < 1440
