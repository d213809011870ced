"""Shared texts as one column are what python-calamine gives, plain or not."""

from __future__ import annotations

import pytest

from addin.books.blocks import CannotCut
from addin.books.package import Package
from addin.books.sharedtexts import decoded, shared_texts
from tests.unit.books import tiny
from tests.unit.books.test_bulkcells import STRINGS


def _package(strings: str) -> Package:
    return Package(tiny.zipped(tiny.parts(tiny.row(""), strings=strings)))


def test_shared_texts_are_calamines_whatever_their_spelling() -> None:
    found = shared_texts(_package("".join(STRINGS)))
    assert found.texts.to_list()[:5] == ["가나", "", "a & b", " 끝 ", "두모양"]
    assert found.empty.tolist() == [text == "" for text in found.texts]


def test_more_texts_than_are_told_apart_at_once_stay_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("addin.books.sharedtexts._TEXTS", 40)
    texts = [f"글 {n}" for n in range(30)]
    found = shared_texts(_package("".join(f"<si><t>{text}</t></si>" for text in texts)))
    assert found.texts.to_list() == texts


def test_a_book_without_shared_texts_has_none() -> None:
    package = Package(tiny.zipped(tiny.parts(tiny.row('<c r="A1"><v>1</v></c>'))))
    assert len(shared_texts(package).texts) == 0


def test_bytes_that_are_no_text_are_left_to_the_whole_reading() -> None:
    with pytest.raises(CannotCut):
        decoded(b"\xff\xfe")
