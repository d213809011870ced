"""Sheets come and go without disturbing their neighbours."""

from __future__ import annotations

import pytest

from addin.books.names import Names
from addin.books.package import Package
from addin.books.workbook import (
    add_sheet,
    calculate_on_load,
    calculates_on_load,
    check_sheet_name,
    date_1904,
    remove_sheet,
)
from addin.errors import BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import parts, row, zipped

ONE = row('<c r="A1"><v>1</v></c>')


def book(*sheets: str, **options: str) -> Package:
    return Package(zipped(parts(*(sheets or (ONE,)), **options)))  # type: ignore[arg-type]


def test_a_new_sheet_stands_behind_the_last_with_an_id_of_its_own() -> None:
    package = book(ONE, ONE)
    package.put("xl/worksheets/sheet3.xml", ONE.encode())
    added = add_sheet(package, "CRM_점검", "xl/worksheets/sheet3.xml")
    assert [s.name for s in package.sheets] == ["S1", "S2", "CRM_점검"]
    assert (added.sheet_id, added.part) == (3, "xl/worksheets/sheet3.xml")
    assert package.content_type(added.part).endswith("worksheet+xml")


@pytest.mark.parametrize(("opened", "then"), [(0, 0), (1, 2), (2, 3)])
def test_a_sheet_put_between_others_leaves_their_names_and_the_open_one_alone(opened: int, then: int) -> None:
    defined = (
        '<definedNames><definedName name="f" localSheetId="0">S1!$A$1</definedName>'
        '<definedName name="g" localSheetId="1">S2!$A$1</definedName>'
        '<definedName name="h" localSheetId="2">S3!$A$1</definedName></definedNames>'
    )
    view = f'<bookViews><workbookView activeTab="{opened}" firstSheet="1"/></bookViews>'
    package = book(ONE, ONE, ONE, workbook=view, names=defined)
    package.put("xl/worksheets/sheet4.xml", ONE.encode())
    added = add_sheet(package, "CRM_점검", "xl/worksheets/sheet4.xml", before="s2")
    assert [s.name for s in package.sheets] == ["S1", "CRM_점검", "S2", "S3"]
    assert (added.name, added.sheet_id) == ("CRM_점검", 4)
    assert [(n.name, n.local) for n in Names(package).all()] == [("f", 0), ("g", 2), ("h", 3)]
    assert f'activeTab="{then}"'.encode() in package.read("xl/workbook.xml")
    remove_sheet(package, "CRM_점검")
    assert [(n.name, n.local) for n in Names(package).all()] == [("f", 0), ("g", 1), ("h", 2)]
    assert f'activeTab="{opened}"'.encode() in package.read("xl/workbook.xml")


def test_a_sheet_in_front_of_one_that_is_not_there_stands_last() -> None:
    package = book(ONE, ONE)
    package.put("xl/worksheets/sheet3.xml", ONE.encode())
    add_sheet(package, "CRM_점검", "xl/worksheets/sheet3.xml", before="없음")
    assert package.sheets[-1].name == "CRM_점검"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "long"),
        ("가" * 32, "long"),
        ("😀" * 16, "long"),
        *[(name, "bad") for name in ("a/b", "a:b", "[a]", "'a", "History", "a\tb")],
        ("s1", "used"),
    ],
)
def test_names_excel_would_not_take_are_refused(name: str, why: str) -> None:
    with raises(BookRefused, f"book.sheet_name_{why}"):
        check_sheet_name(book(), name)


def test_a_removed_sheet_takes_its_own_names_along_and_the_others_keep_their_sheets() -> None:
    defined = (
        '<definedNames><definedName name="f" localSheetId="0">S1!$A$1</definedName>'
        '<definedName name="g" localSheetId="1">S2!$A$1</definedName>'
        '<definedName name="h" localSheetId="2">S3!$A$1</definedName>'
        '<definedName name="_danggol.tab.x" hidden="1">\'S2\'!$A$1</definedName>'
        "<definedName name=\"visible\">'S2'!$A$1</definedName></definedNames>"
    )
    view = '<bookViews><workbookView activeTab="2" firstSheet="1"/></bookViews>'
    package = book(ONE, ONE, ONE, workbook=view, names=defined)
    remove_sheet(package, "S2")
    assert [(n.name, n.local) for n in Names(package).all()] == [("f", 0), ("h", 1), ("visible", None)]
    assert b'activeTab="1"' in package.read("xl/workbook.xml")
    assert not package.has("xl/worksheets/sheet2.xml")


def test_parts_only_the_removed_sheet_used_go_and_shared_ones_stay() -> None:
    package = book(ONE, ONE)
    for part in ("xl/drawings/drawing1.xml", "xl/media/image1.png", "xl/charts/chart1.xml"):
        package.put(part, b"<a/>")
    package.add_rel("xl/worksheets/sheet2.xml", "drawing", "xl/drawings/drawing1.xml")
    package.add_rel("xl/drawings/drawing1.xml", "chart", "xl/charts/chart1.xml")
    package.add_rel("xl/drawings/drawing1.xml", "image", "xl/media/image1.png")
    package.add_rel("xl/worksheets/sheet1.xml", "image", "xl/media/image1.png")
    remove_sheet(package, "S2")
    assert not package.has("xl/drawings/drawing1.xml")
    assert not package.has("xl/charts/chart1.xml")
    assert package.has("xl/media/image1.png")


def test_the_last_visible_sheet_stays() -> None:
    with raises(BookRefused, "book.last_sheet"):
        remove_sheet(book(), "S1")


def test_calculation_on_load_is_asked_for_once_and_made_where_it_is_missing() -> None:
    package = book()
    assert not calculates_on_load(package)
    calculate_on_load(package)
    assert calculates_on_load(package)
    assert b"</sheets><calcPr" in package.read("xl/workbook.xml")
    package = Package(BUILDERS["plain"]())
    calculate_on_load(package)
    assert package.read("xl/workbook.xml").count(b"<calcPr") == 1


def test_the_1904_epoch_is_told() -> None:
    assert date_1904(Package(BUILDERS["epoch_1904"]()))
    assert not date_1904(book())
