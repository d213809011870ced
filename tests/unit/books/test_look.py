"""Named looks: widths that fit Korean, colours everyone can tell apart."""

from __future__ import annotations

import pytest

from addin.books.look import FLAG_FILL, FLAG_SYMBOL, FLAGS, STYLES, fit_heights, lines, text_width
from addin.books.tab import Tab


@pytest.mark.parametrize(
    ("text", "width"), [("abc", 3), ("파트너", 6), ("A동 1호", 7), ("", 0), ("두 줄\nline two", 8), ("가", 2)]
)
def test_a_korean_syllable_takes_two_digit_widths(text: str, width: int) -> None:
    assert text_width(text) == width


def test_decomposed_korean_is_as_wide_as_composed() -> None:
    assert text_width("가\u0301") == 2


def test_a_long_sentence_takes_several_lines() -> None:
    assert lines("가" * 30, 20) == 3


def test_rows_grow_for_wrapped_text_and_merged_cells_count_whole() -> None:
    tab = Tab("t", widths={1: 10, 2: 10})
    tab.put(1, 1, "가나다라마바사아자차", "wrap")
    tab.put(2, 1, "가나다라마바사아자", "wrap")
    tab.merges.append((2, 1, 2, 2))
    fit_heights(tab)
    assert tab.heights[1] > 30
    assert tab.heights[2] == 18


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("flag", [flag for flag in FLAGS if FLAG_FILL[flag]])
def test_a_flag_can_be_read_on_its_own_colour(flag: str) -> None:
    style = STYLES[f"cell.{flag}"]
    ink, paper = (_luminance(str(style[key]).removeprefix("#")) for key in ("font_color", "bg_color"))
    assert (max(ink, paper) + 0.05) / (min(ink, paper) + 0.05) >= 4.5


def test_every_flag_has_a_symbol_of_its_own() -> None:
    assert len(set(FLAG_SYMBOL.values())) == len(FLAGS)


def test_a_number_in_breach_carries_the_symbol_as_well_as_the_colour() -> None:
    assert STYLES["percent.breach"]["num_format"] == '"● "0.0%'
    assert STYLES["percent.ok"]["num_format"] == "0.0%"
