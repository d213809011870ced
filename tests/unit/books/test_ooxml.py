"""Parts and their relationships' targets."""

from __future__ import annotations

import pytest

from addin.books.ooxml import parse, relative, resolve_target
from addin.errors import BookError
from tests.unit.books.raised import raises


@pytest.mark.parametrize("part", ["", "xl/workbook.xml", "xl/worksheets/sheet1.xml", "a/b/c/d.xml"])
@pytest.mark.parametrize("target", ["xl/tables/table1.xml", "xl/x.xml", "docProps/app.xml"])
def test_a_relative_target_leads_back_to_its_part(part: str, target: str) -> None:
    assert resolve_target(part, relative(part, target)) == target


def test_xml_that_is_not_well_formed_names_its_part() -> None:
    with raises(BookError, "book.bad_xml") as caught:
        parse(b"<a>", "책.xlsx", "xl/a.xml")
    assert "xl/a.xml" in str(caught.value)


def test_entities_are_not_resolved() -> None:
    root = parse(b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>')
    assert "".join(root.itertext()) != "y"
