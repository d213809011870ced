"""Nothing takes the old file's place before it is known to be whole."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from addin.books import gate
from addin.books.package import Package
from addin.errors import BookError
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import MAIN, parts, row, rows, zipped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ONE = row('<c r="A1"><v>1</v></c>')


def changed() -> Package:
    package = Package(zipped(parts(ONE, ONE)), "책.xlsx")
    package.put("xl/worksheets/sheet1.xml", row('<c r="A1"><v>2</v></c>').encode())
    return package


def test_a_whole_file_passes(tmp_path: Path) -> None:
    package, path = changed(), tmp_path / "new.xlsx"
    assert package.save(path) == Package.open(path).sha256
    gate.check(package, path)


def test_a_file_cut_short_does_not_pass(tmp_path: Path) -> None:
    package, path = changed(), tmp_path / "new.xlsx"
    package.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with raises(BookError, "book.gate"):
        gate.check(package, path)


@pytest.mark.parametrize("victim", ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/workbook.xml"])
def test_a_file_in_which_anything_else_changed_does_not_pass(tmp_path: Path, victim: str) -> None:
    package, path = changed(), tmp_path / "new.xlsx"
    package.save(path)
    with zipfile.ZipFile(path) as archive:
        content = {n: archive.read(n) for n in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in content.items():
            archive.writestr(name, data + b" " if name == victim else data)
    with raises(BookError, "book.gate"):
        gate.check(package, path)


BREAK: dict[str, Callable[[Package], object]] = {
    "a relationship that leads nowhere": lambda p: p.add_rel("xl/worksheets/sheet1.xml", "table", "xl/tables/t.xml"),
    "two relationships of one id": lambda p: p.put(
        "xl/_rels/workbook.xml.rels",
        p.read("xl/_rels/workbook.xml.rels").replace(b'Id="rId2"', b'Id="rId1"'),
    ),
    "a part without a content type": lambda p: p.put("xl/media/new.png", b"x"),
    "two sheets of one name": lambda p: p.put(
        "xl/workbook.xml", p.read("xl/workbook.xml").replace(b'name="S2"', b'name="s1"')
    ),
    "two sheets of one id": lambda p: p.put(
        "xl/workbook.xml", p.read("xl/workbook.xml").replace(b'sheetId="2"', b'sheetId="1"')
    ),
}


@pytest.mark.parametrize("harm", BREAK)
def test_a_package_that_does_not_hang_together_does_not_pass(harm: str) -> None:
    package = changed()
    gate.lint(package)
    BREAK[harm](package)
    with raises(BookError, "book.gate"):
        gate.lint(package)


def test_what_was_wrong_in_the_persons_file_before_is_not_held_against_us() -> None:
    broken = parts(ONE)
    key = "xl/_rels/workbook.xml.rels"
    broken[key] = broken[key].replace(
        "</Relationships>", '<Relationship Id="lost" Type="x/y" Target="no.xml"/></Relationships>'
    )
    package = Package(zipped(broken))
    package.put("xl/metadata.xml", f'<metadata xmlns="{MAIN}"/>'.encode())
    package.add_rel("xl/workbook.xml", "sheetMetadata", "xl/metadata.xml")
    gate.lint(package)
    assert b'Id="lost"' in package.read(key)


def test_xml_that_is_not_well_formed_does_not_pass_however_long_it_is() -> None:
    good = "".join(f'<row r="{r}"><c r="A{r}"><v>1</v></c></row>' for r in range(1, 150_000))
    gate.well_formed(rows(good).encode(), "sheet1.xml")
    for bad in (row("<c>"), rows(good, after="<x>"), rows(good, before="<x>"), rows(good + "<row><c></row>")):
        with raises(BookError, "book.bad_xml"):
            gate.well_formed(bad.encode(), "sheet1.xml")


@pytest.mark.parametrize("name", ["plain", "chart_and_button", "macro_book", "strict", "list_object", "other_case"])
def test_every_legal_book_hangs_together(name: str) -> None:
    package = Package(BUILDERS[name]())
    written = [part for part in package.names() if part.endswith((".rels", ".xml"))]
    for part in written:
        package.put(part, package.read(part))
    gate.lint(package)
    assert {"[Content_Types].xml", "_rels/.rels"} <= set(written)
