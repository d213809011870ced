"""Formulas around an edit: found, and forgotten by the calculation chain when they go."""

from __future__ import annotations

from addin.books.formulas import any_formula, blocks, is_master, prune_chain, shared_cells
from addin.books.package import Package
from tests.unit.books.tiny import MAIN, parts, row, rows, zipped

CHAIN = f'<calcChain xmlns="{MAIN}"><c r="A1" i="1"/><c r="A2"/><c r="B1" i="2"/><c r="B2"/></calcChain>'
NUMBER, FORMULA = row('<c r="A1"><v>1</v></c>'), row('<c r="A1"><f>1+1</f><v>2</v></c>')


def chained() -> Package:
    package = Package(zipped(parts(FORMULA, FORMULA, more={"xl/calcChain.xml": CHAIN})))
    package.add_rel("xl/workbook.xml", "calcChain", "xl/calcChain.xml")
    return package


def left(package: Package) -> list[tuple[str | None, str | None]]:
    return [(c.get("i"), c.get("r")) for c in package.xml("xl/calcChain.xml")]


def test_an_entry_without_a_sheet_belongs_to_the_sheet_before_it_also_when_that_entry_goes() -> None:
    package = chained()
    prune_chain(package, [(1, 1, 1), (2, 2, 2)])
    assert left(package) == [("1", "A2"), ("2", "B1")]


def test_cells_that_were_not_in_the_chain_change_nothing() -> None:
    package = chained()
    before = package.read("xl/calcChain.xml")
    prune_chain(package, [(1, 9, 9)])
    assert package.read("xl/calcChain.xml") == before


def test_an_empty_chain_goes_with_its_relationship() -> None:
    package = chained()
    prune_chain(package, [(1, 1, 1), (1, 2, 1), (2, 1, 2), (2, 2, 2)])
    assert not package.has("xl/calcChain.xml")
    assert package.rel("xl/workbook.xml", "calcChain") is None


def test_whether_a_book_calculates_at_all() -> None:
    assert any_formula(Package(zipped(parts(NUMBER, FORMULA))))
    assert not any_formula(Package(zipped(parts(NUMBER, NUMBER))))
    prefixed = (
        f'<x:worksheet xmlns:x="{MAIN}"><x:sheetData><x:row><x:c><x:f>1</x:f></x:c></x:row></x:sheetData></x:worksheet>'
    )
    assert any_formula(Package(zipped(parts(prefixed))))


def test_arrays_spills_and_data_tables_are_blocks() -> None:
    xml = rows(
        '<row r="1"><c r="A1" cm="1"><f t="array" ref="A1:A3">SORT(C1:C3)</f></c>'
        '<c r="E1"><f t="dataTable" ref="E1:F2" r1="A1"/></c>'
        '<c r="G1"><f t="shared" ref="G1:G9" si="0">A1</f></c></row>'
    )
    assert list(blocks(xml.encode())) == [(1, 1, 3, 1), (1, 5, 2, 6)]


def test_who_shares_a_formula_is_known() -> None:
    xml = rows(
        '<row r="1"><c r="A1"><f t="shared" ref="A1:A2" si="0">B1</f></c><c r="B1"><f t="shared" si="1"/></c></row>'
        '<row r="2"><c r="A2"><f t="shared" si="0"/></c></row>'
    )
    assert is_master(b't="shared" ref="A1:A2" si="0"')
    assert not is_master(b't="shared" si="0"')
    assert shared_cells(xml.encode(), b't="shared" ref="A1:A2" si="0"') == {(1, 1), (2, 1)}


def test_sheets_known_to_be_without_formulas_are_not_searched() -> None:
    package = Package(zipped(parts(NUMBER, FORMULA)))
    assert any_formula(package, {package.sheets[0].part})
    assert not any_formula(package, {sheet.part for sheet in package.sheets})
