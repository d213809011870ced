"""A recognised sheet is written with a few of its rows found; the result is that of one whose rows are all found."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books import open_book, splice
from addin.books.edits import CLEAR, Edits, EditValue
from addin.books.nearrows import Cuts, Near
from addin.books.read import read_book
from addin.books.sheetxml import SheetXml
from addin.books.splice import KEEP, ColumnEdit, Keep
from addin.errors import BookRefused
from tests.unit.books.test_kept import CELLS, ROWS, Lines, reads_alike, small_blocks, write, xml

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["small_blocks"]  # a fixture that every test of this file uses

COLUMNS = st.dictionaries(
    st.integers(1, 6),
    st.tuples(
        st.dictionaries(st.integers(1, 34), st.sampled_from(["가", 7.0, CLEAR, ""]), max_size=5),
        st.dictionaries(st.integers(1, 34), st.sampled_from(["FFEEDDCC", None]), max_size=3),
    ),
    min_size=1,
    max_size=3,
)


def restyle(xf: int, _value: object, color: str | Keep | None) -> int:
    return xf if color is KEEP else 7 if color else 0


def spliced(sheet: SheetXml, columns: dict[int, Any]) -> list[object]:
    """The new part and everything that is told of it."""
    out = splice.splice(
        sheet,
        {column: ColumnEdit(dict(values), dict(fills)) for column, (values, fills) in columns.items()},
        string=str,
        restyle=restyle,
        column_style=lambda _column: 3,
        refuse=lambda _row, _column, _formula: None,
    )
    return [sheet.composed(sheet.head, out.rows, sheet.tail), out.changed, out.old, out.filled, out.formulas]


@given(lines=ROWS.filter(len), begins=st.sets(st.integers(1, 34)), columns=COLUMNS)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_written_is_the_same_where_only_the_rows_around_it_are_found(
    lines: Lines, begins: set[int], columns: dict[int, Any]
) -> None:
    data = xml(lines).encode()
    whole = SheetXml(data)
    firsts = [row for i, row in enumerate(whole.rows) if i == 0 or row in begins]
    cuts = Cuts(firsts, [data.index(b'<row r="%d"' % row) for row in firsts], bare=False)
    rows = sorted({row for values, fills in columns.values() for row in (*values, *fills)})
    stretches = sorted({max((i for i, first in enumerate(firsts) if first <= row), default=-1) for row in rows})
    near = SheetXml(data, near=Near(cuts, stretches))
    assert spliced(near, columns) == spliced(whole, columns)
    assert [near.row(row) for row in rows] == [whole.row(row) for row in rows]
    assert near.formulas == whole.formulas


def test_where_rows_are_written_all_over_the_sheet_all_are_found() -> None:
    cuts = Cuts([1, 11, 21, 31], [0, 100, 200, 300], bare=True)
    assert cuts.around([12, 13]) == Near(cuts, [1])
    assert cuts.around([]) == Near(cuts, [])
    assert cuts.around([12, 31]) is None


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def written(path: Path, values: dict[tuple[int, int], EditValue], near: bool) -> object:
    """The book's parts once the cells are written with what the reading left for it; or what was refused."""
    before = path.read_bytes()
    try:
        snapshot = read_book(path, to_write=True)
        if near:
            assert snapshot.inflated.cuts
        else:
            snapshot.inflated.cuts.clear()
        edits = Edits()
        for (row, column), value in values.items():
            edits.write("S1", row, column, [[value]])
        open_book(path, sha256=snapshot.sha256, inflated=snapshot.inflated).apply(edits)
        return parts(path)
    except BookRefused as error:
        return repr(error)
    finally:
        path.write_bytes(before)


PLAIN: Lines = {n: ["shared", "number", "day", "moment"] for n in range(1, 41)}


@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("at", [5, 30])
def test_a_book_refreshed_before_is_written_as_any_other(kind: str, at: int, tmp_path: Path) -> None:
    reads_alike(write(tmp_path, PLAIN | {30: [kind]}))
    lines = PLAIN | {30: [kind], 6: ["yes"]}
    path = write(tmp_path, lines)
    values: dict[tuple[int, int], EditValue] = {(at, 1): "가", (at, 7): 5.0}
    assert written(path, values, near=True) == written(path, values, near=False)


ARRAY = '<c r="A30"><f t="array" ref="A29:A30">B1:B2</f><v>1</v></c>'


@pytest.mark.parametrize("changed", [30, 6])
def test_a_cell_of_an_array_formula_is_not_written_in_a_recognised_sheet(
    changed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CELLS, "array", ARRAY)
    before = PLAIN if changed == 30 else PLAIN | {30: ["array"]}
    reads_alike(write(tmp_path, before))
    lines = before | {changed: ["array"]} if changed == 30 else before | {6: ["yes"]}
    path = write(tmp_path, lines)
    values: dict[tuple[int, int], EditValue] = {(29, 1): "가"}
    refused = written(path, values, near=True)
    assert refused == written(path, values, near=False)
    assert "book.array" in str(refused)


def test_a_formula_behind_its_value_is_seen_in_a_recognised_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(CELLS, "odd", '<c r="{at}"><v>1</v><f>B1</f></c>')
    reads_alike(write(tmp_path, PLAIN | {30: ["odd"]}))
    lines = PLAIN | {30: ["odd"], 6: ["yes"]}
    path = write(tmp_path, lines)
    found = written(path, {(5, 7): 5.0}, near=True)
    assert found == written(path, {(5, 7): 5.0}, near=False)
    assert isinstance(found, dict)
    assert b"fullCalcOnLoad" in found["xl/workbook.xml"]
