"""Shared strings, read only."""

from __future__ import annotations

import pytest

from addin.books import strings as module
from addin.books.cells import Raw
from addin.books.package import Package
from addin.books.strings import Strings
from tests.unit.books.tiny import parts, row, zipped

ONE = row('<c r="A1" t="s"><v>0</v></c>')


def strings(items: str) -> Strings:
    return Strings(Package(zipped(parts(ONE, strings=items))))


def test_texts_are_found_by_their_number() -> None:
    found = strings('<si><t>a &lt; b</t></si><si/><si><t xml:space="preserve"> c_x000D_</t></si>')
    assert [found.get(i) for i in range(3)] == ["a < b", "", " c\r"]


def test_text_of_many_looks_is_kept_with_its_looks() -> None:
    found = strings("<si><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></si>").get(0)
    assert found == Raw("inlineStr", "<is><r><rPr><b/></rPr><t>a</t></r><r><t>b</t></r></is>")


def test_an_entry_the_book_lost_leaves_its_cell_as_it_stands() -> None:
    assert strings("").get(4) == Raw("s", "<v>4</v>")


def test_comments_and_cdata_between_texts_are_no_texts() -> None:
    found = strings("<!-- <si><t>no</t></si> --><si><t><![CDATA[a<b]]></t></si>")
    assert found.get(0) == "a<b"


def test_few_of_very_many_texts_are_what_they_are_among_few(monkeypatch: pytest.MonkeyPatch) -> None:
    items = "<si><t>a</t></si><si/><si ><t>b</t></si><si />" + "<si><r><rPr><b/></rPr><t>c</t></r></si>"
    among_few = [strings(items).get(i) for i in range(6)]
    assert among_few[:4] == ["a", "", "b", ""]
    monkeypatch.setattr(module, "_MANY", 0)
    assert [strings(items).get(i) for i in range(6)] == among_few
    assert strings("").get(0) == Raw("s", "<v>0</v>")
    assert strings("<!-- <si/> --><si><t>d</t></si>").get(0) == "d"


@pytest.mark.parametrize("window", range(1, 12))
def test_entries_are_found_whatever_is_looked_at_in_one_go(window: int, monkeypatch: pytest.MonkeyPatch) -> None:
    items = b"<si><t>a</t></si><si/><si ><t>si</t></si><si><t>b</t></si>"
    monkeypatch.setattr(module, "_WINDOW", window)
    found = module.item_starts(items)
    assert found is not None
    assert found.tolist() == [0, 17, 22, 41, len(items)]
    assert module.item_starts(b"") is not None
    assert module.item_starts(items + b"<!-- -->") is None
