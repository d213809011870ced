from __future__ import annotations

import pytest

from addin.crm.grid import CellError
from addin.crm.reading import CELL_CODES, KINDS, ROW_CODES, ROW_KINDS, SPECIAL_FIXES, opening
from addin.crm.tables import TYPES
from addin.i18n import LANGUAGES, known


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_fault_says_what_is_wrong_and_what_to_do_in_both_languages(lang: str) -> None:
    codes = (*CELL_CODES, *ROW_CODES)
    ids = [f"fault.{code}" for code in codes] + [f"fault.{code}.fix" for code in codes]
    ids += [f"expected.{kind}" for kind in (*KINDS, *ROW_KINDS)] + list(SPECIAL_FIXES)
    assert [name for name in ids if not known(name, lang)] == []


def test_every_field_type_can_say_what_it_expects() -> None:
    assert set(TYPES) == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("blank", [None, "", "  ", "\u00a0", "\u200b", float("nan")])
def test_a_blank_is_no_value_and_no_fault(blank: object, kind: str) -> None:
    read = opening(blank, kind)
    assert read is not None
    assert (read.value, read.fault) == (None, None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("value", "code"),
    [
        (CellError("#REF!"), "error_cell"),
        ("#N/A", "error_cell"),
        (CellError("#NOCACHE"), "no_cached_value"),
        (CellError("#LOST"), "lost_text"),
    ],
)
def test_an_error_in_a_cell_is_a_fault_in_every_column(value: object, code: str, kind: str) -> None:
    read = opening(value, kind)
    assert read is not None
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair) == (code, False)


@pytest.mark.parametrize("kind", ["instant", "money", "number", "phone", "brn", "email"])
@pytest.mark.parametrize("word", ["-", "—", "없음", "미정", "N/A", "해당 없음", "(미정)"])
def test_a_word_for_nothing_is_read_as_blank_and_shown(word: str, kind: str) -> None:
    read = opening(word, kind)
    assert read is not None
    assert read.value is None
    assert read.fault is not None
    assert (read.fault.code, read.fault.repair, read.fault.value) == ("read_as_blank", True, word)


@pytest.mark.parametrize("word", ["-", "없음", "미정", "x"])
def test_in_a_text_column_the_same_words_are_text(word: str) -> None:
    assert opening(word, "text") is None


def test_x_is_no_date_but_may_be_a_category() -> None:
    assert opening("X", "instant") is not None
    assert opening("X", "category") is None
