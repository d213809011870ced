from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.grid import CellError
from addin.crm.text import plain, shown, spelling_key, tidy, trimmed


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("１２０만원", "120만원"),
        ("120\u00a0만원", "120 만원"),
        ("\u200b접수\ufeff", "접수"),
        ("한빛", "한빛"),
        ("a\n b\t c", "a b c"),
    ],
)
def test_reading_sees_through_width_odd_spaces_invisible_marks_and_loose_jamo(typed: str, read: str) -> None:
    assert tidy(typed) == read


@pytest.mark.parametrize("text", ["①", "10²", "㎡", "½"])
def test_signs_that_only_look_like_digits_are_no_digits(text: str) -> None:
    assert tidy(text) == text


@pytest.mark.parametrize("dash", "‐‑‒–—―−－ㅡ")
def test_every_dash_is_a_dash_to_a_number_a_date_and_a_phone(dash: str) -> None:
    assert plain(f"1{dash}2") == "1-2"


@pytest.mark.parametrize("text", ["＝1+1", "=1+1", "ＡＢＣ", "@이름", "- 메모", "+82"])
def test_text_stays_as_typed(text: str) -> None:
    assert trimmed(f" \u3000{text}\u00a0\n") == text


def test_case_spaces_and_width_make_no_new_word() -> None:
    assert len({spelling_key(t) for t in ("GTX Pro", "GTXPro", "ＧＴＸ pro", " gtx\u00a0pro ")}) == 1


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (1012345678.0, "1012345678"),
        (0.5, "0.5"),
        (0.1 + 0.2, "0.3"),
        (True, "TRUE"),
        (CellError("#REF!"), "#REF!"),
        (dt.date(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5), "2024-03-05"),
        (dt.datetime(2024, 3, 5, 15, 20), "2024-03-05 15:20"),
        (dt.time(15, 20), "15:20:00"),
    ],
)
def test_a_value_is_shown_as_people_see_it_in_the_cell(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_cell_full_of_text_is_not_repeated_whole() -> None:
    assert len(shown("가" * 32_767)) == 200


@given(st.text())
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
