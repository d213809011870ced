"""Staff edit templates without a developer: copy, edit, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.actions.templates import EDITABLE, check_templates, copy_template, list_templates, sample_quote
from addin.crm.quote_record import RECIPIENT, SUPPLIER
from addin.errors import BookError, UsageError
from addin.i18n import LANGUAGES, known, say

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "장부.xlsx"


def test_every_template_can_be_copied_and_its_copy_works(book: Path, tmp_path: Path) -> None:
    assert all(line.own is None for line in list_templates(book))
    for name in EDITABLE:
        copy_template(book, name)
    assert all(line.own is not None for line in list_templates(book))
    checked = check_templates(book, tmp_path / "미리보기")
    assert (checked.good, checked.bad) == (list(EDITABLE), {})
    names = {p.name for p in checked.previews}
    assert {"payment.txt", "quote.html", "quote.xlsx", "sent.txt", "service.txt", "kit.sla.ko.pdf"} <= names
    assert len(names) == len(EDITABLE)


def test_an_edited_copy_is_never_overwritten(book: Path) -> None:
    path = copy_template(book, "quote/payment.txt.j2")
    path.write_text("우리 조건", "utf-8")
    with pytest.raises(BookError, match=r"payment\.txt\.j2"):
        copy_template(book, "quote/payment.txt.j2")
    assert path.read_text("utf-8") == "우리 조건"


def test_a_wrong_field_is_named_with_its_line_and_the_nearest(book: Path) -> None:
    copy_template(book, "quote/payment.txt.j2").write_text("첫 줄\n{{ suplier.name }}", "utf-8")
    (problem,) = check_templates(book).bad.values()
    assert "payment.txt.j2:2" in say(problem)
    assert "supplier" in say(problem)


def test_a_template_that_is_not_there_is_answered_with_those_that_are(book: Path) -> None:
    with pytest.raises(UsageError, match=r"quote/quote\.xlsx"):
        copy_template(book, "../../etc/passwd")


def test_words_of_templates_and_their_sample_are_in_the_catalogue() -> None:
    ids = (*EDITABLE.values(), *(f"templates.sample.{n}" for n in (*SUPPLIER, *RECIPIENT, "item", "spec")))
    assert all(known(id, lang) for id in ids for lang in LANGUAGES)
    assert sample_quote().counted.sums.total == 66_000_00
