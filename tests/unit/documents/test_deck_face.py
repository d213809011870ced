"""What a slide says: every word is in both catalogues, a week's key changes with what it shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from addin.documents.deck import face as pages
from addin.i18n import LANGUAGES, known
from tests.unit.documents.decks import face

#: The ids `addin.documents.deck` and its action name in their code.
NAMED = (
    *("title", "future", "nothing", "funnel", "history", "rate", "share", "constraint", "no_constraint", "together"),
    *("under_way", "signal", "flags", "file", "kept", "same", "nothing_written"),
    *("bad_year", "bad_week", "other_year", "bad_out", "large", "not_a_deck"),
)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("id", sorted({*pages.IDS, *(f"deck.{name}" for name in NAMED)}))
def test_every_word_of_the_deck_is_in_the_catalogue(id: str, lang: str) -> None:
    assert known(id, lang)


@pytest.mark.parametrize(
    "change",
    [{"title": "x"}, {"headline": "x"}, {"why": ("x",)}, {"funnel": (("x", 1),)}, {"worst": 1}, {"history": ()}],
)
def test_the_key_changes_with_whatever_the_slide_shows(change: dict[str, object]) -> None:
    assert replace(face(40), **change).key != face(40).key  # type: ignore[arg-type]


def test_the_flags_have_a_key_of_their_own() -> None:
    other = replace(face(40), flags="x")
    assert other.key == face(40).key
    assert other.flags_key != face(40).flags_key


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2025, 52), (2026, 53), (2027, 52)])
def test_a_year_has_52_or_53_iso_weeks(year: int, weeks: int) -> None:
    assert len(pages.iso_weeks(year)) == weeks
