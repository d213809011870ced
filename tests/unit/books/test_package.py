"""A workbook's parts: read lazily, and written back raw unless changed."""

from __future__ import annotations

import io
import zipfile

import pytest

from addin.books.package import Package
from addin.errors import BookError, BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import parts, row, zipped

ONE = row('<c r="A1"><v>1</v></c>')


def tiny(**more: str) -> Package:
    return Package(zipped(parts(ONE, **more)))  # type: ignore[arg-type]


def saved(package: Package) -> zipfile.ZipFile:
    buffer = io.BytesIO()
    package.save(buffer)
    return zipfile.ZipFile(buffer)


def test_parts_nobody_changed_keep_their_compressed_bytes_their_order_and_their_date() -> None:
    data = BUILDERS["chart_and_button"]()
    package = Package(data)
    package.put("xl/worksheets/sheet1.xml", b"<new/>")
    after = saved(package)
    before = zipfile.ZipFile(io.BytesIO(data))
    assert [i.filename for i in after.infolist()] == [i.filename for i in before.infolist()]
    again = Package(after.fp.getvalue())  # type: ignore[union-attr]
    for old, new in zip(before.infolist(), after.infolist(), strict=True):
        assert (old.date_time, old.external_attr, old.create_system) == (
            new.date_time,
            new.external_attr,
            new.create_system,
        )
        if old.filename != "xl/worksheets/sheet1.xml":
            assert package.raw(old.filename) == again.raw(old.filename)
    assert after.testzip() is None
    assert again.read("xl/worksheets/sheet1.xml") == b"<new/>"


def test_a_part_is_found_without_regard_to_case_and_a_new_one_never_differs_by_case_alone() -> None:
    package = tiny()
    assert package.resolve("/XL/Worksheets/SHEET1.xml") == "xl/worksheets/sheet1.xml"
    assert package.find_free("xl/worksheets/Sheet{}.xml") == "xl/worksheets/Sheet2.xml"
    with raises(BookRefused, "book.part_clash"):
        package.put("xl/Workbook.xml", b"")


def test_relationships_are_read_added_and_dropped() -> None:
    package = tiny()
    rid = package.add_rel("xl/worksheets/sheet1.xml", "table", "xl/tables/table1.xml")
    (rel,) = package.rels("xl/worksheets/sheet1.xml")
    assert (rel.id, rel.kind, rel.target, rel.external) == (rid, "table", "xl/tables/table1.xml", False)
    link = package.add_rel("xl/worksheets/sheet1.xml", "hyperlink", "https://example.org/?a=1&b=2", external=True)
    package.drop_rel("xl/worksheets/sheet1.xml", rid)
    (rel,) = package.rels("xl/worksheets/sheet1.xml")
    assert (rel.id, rel.target, rel.external) == (link, "https://example.org/?a=1&b=2", True)


def test_a_dropped_part_takes_its_relationships_and_content_type_along() -> None:
    package = tiny()
    package.put("xl/tables/table1.xml", b"<table/>")
    package.content_type("xl/tables/table1.xml", "a/b")
    package.add_rel("xl/tables/table1.xml", "x", "xl/y.xml")
    package.drop("xl/tables/table1.xml")
    assert not [n for n in package.names() if "tables" in n]
    assert b"table1" not in package.read("[Content_Types].xml")


def test_changes_that_change_nothing_are_forgotten() -> None:
    package = tiny()
    package.put("xl/worksheets/sheet1.xml", ONE.encode())
    package.put("xl/new.xml", b"<a/>")
    package.prune()
    assert list(package.changed) == ["xl/new.xml"]


def test_strict_books_are_told_by_their_namespace() -> None:
    package = Package(BUILDERS["strict"]())
    assert package.strict
    assert package.sheets[0].kind == "worksheet"
    assert package.ns.main.startswith("http://purl.oclc.org")


@pytest.mark.parametrize(
    ("name", "message"),
    [("not_a_zip", "not_a_workbook"), ("cut_short", "not_a_workbook"), ("same_entry_twice", "duplicate_entry")],
)
def test_what_is_no_whole_zip_is_said_to_be_so(name: str, message: str) -> None:
    with raises(BookError, f"book.{message}"):
        Package(BUILDERS[name]())


def test_a_part_whose_bytes_are_damaged_is_not_taken_for_good() -> None:
    data = bytearray(zipped(parts(ONE)))
    at = data.find(b"xl/worksheets/sheet1.xml") + len("xl/worksheets/sheet1.xml") + 12
    data[at] ^= 0xFF
    with raises(BookError, "book.damaged"):
        Package(bytes(data)).read("xl/worksheets/sheet1.xml")


def test_a_sheets_rows_are_looked_up_once_and_again_only_when_it_changed() -> None:
    package = Package(zipped(parts(row('<c r="A1"/>'))))
    part = package.sheets[0].part
    found = package.sheet_xml(part)
    assert package.sheet_xml(part) is found
    assert Package(package.data, inflated=package.inflated).sheet_xml(part) is found
    package.put(part, row('<c r="B1"/>').encode())
    assert package.sheet_xml(part).cell(1, 2) == b'<c r="B1"/>'
    assert not package.inflated
    assert not package.inflated.indexed


def test_of_two_words_about_a_parts_type_the_first_counts_and_what_is_put_is_told_at_once() -> None:
    package = Package(BUILDERS["plain"]())
    types = package.read("[Content_Types].xml").decode()
    said = '<Override PartName="/XL/a.xml" ContentType="one"/><Override PartName="/xl/A.xml" ContentType="two"/>'
    package.put("[Content_Types].xml", types.replace("</Types>", said + "</Types>").encode())
    assert package.content_type("xl/a.xml") == "one"
    package.content_type("xl/a.xml", "three")
    package.default_type("Odd", "four")
    assert (package.content_type("xl/a.xml"), package.content_type("xl/b.odd")) == ("three", "four")
    assert package.content_type("xl/b.unknown") == ""


def test_what_was_saved_is_known_to_the_byte() -> None:
    package = Package(BUILDERS["plain"]())
    package.put("xl/new.xml", b"<x/>")
    out = io.BytesIO()
    package.save(out)
    whole = out.getvalue()
    assert package.saved(whole)
    assert not any(map(package.saved, (whole[:-1], whole + b" ", whole[:9] + b"!" + whole[10:], b"")))
