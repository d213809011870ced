"""Cells spliced into a sheet's bytes: what was asked for changes, every other byte stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers.expat import ParserCreate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books import splice as splicing
from addin.books.cells import Held, held, same
from addin.books.edits import CLEAR, EditValue
from addin.books.package import Package
from addin.books.sheetxml import SheetXml, all_cells
from addin.books.splice import CHUNK, KEEP, ColumnEdit, Keep, Spliced
from addin.crm.grid import cell_address
from addin.errors import BookRefused
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import MAIN, row, rows

if TYPE_CHECKING:
    from addin.books.cells import Raw

Cells = dict[tuple[int, int], Held]


def texts(index: int) -> str:
    return f"shared {index}"


def restyle(xf: int, _value: EditValue | Raw | None, color: str | Keep | None) -> int:
    return xf if color is KEEP else 7 if color else 0


def splice(xml: str | bytes, columns: dict[int, ColumnEdit], column_style: int = 0) -> tuple[bytes, Spliced]:
    """The new part, well-formed, and what the splice says it did."""
    sheet = SheetXml(xml if isinstance(xml, bytes) else xml.encode(), "S1")
    out = splicing.splice(
        sheet,
        columns,
        string=texts,
        restyle=restyle,
        column_style=lambda _column: column_style,
        refuse=lambda _row, _column, _formula: None,
    )
    data = sheet.composed(sheet.head, out.rows, sheet.tail)
    ParserCreate().Parse(data, True)
    return data, out


def cells(data: bytes) -> Cells:
    return {(r, c): v for r, c, v in all_cells(SheetXml(data), texts)}


def column(values: dict[int, EditValue] | None = None, fills: dict[int, str | None] | None = None) -> ColumnEdit:
    return ColumnEdit(dict(values or {}), dict(fills or {}))


def test_a_cell_goes_behind_the_last_one_of_its_row_and_the_rest_stays_as_it_is() -> None:
    before = rows('<row r="2" spans="1:2" ht="20"><c r="A2" s="3"><v>1</v></c><c r="B2"/></row><row r="4"/>')
    data, out = splice(before, {3: column({2: "가"})})
    added = '<c r="C2" t="inlineStr"><is><t>가</t></is></c>'
    assert data.decode() == before.replace(' spans="1:2"', "").replace('<c r="B2"/>', '<c r="B2"/>' + added)
    assert (out.changed, out.old) == ({3: [2]}, {})


def test_a_cell_keeps_its_format_and_loses_what_belonged_to_its_old_value() -> None:
    before = row('<c r="A1" s="4" t="s" cm="1" vm="2" ph="1"><v>5</v></c>')
    data, out = splice(before, {1: column({1: 2.5})})
    assert b'<c r="A1" s="4" ph="1"><v>2.5</v></c>' in data
    assert out.old == {1: {1: "shared 5"}}


def test_a_fill_alone_keeps_value_and_formula() -> None:
    before = row('<c r="A1" t="str"><f>B1&amp;"x"</f><v>x</v></c><c r="B1" s="2"/>')
    data, out = splice(before, {1: column(fills={1: "FFC7CE"}), 2: column(fills={1: None})})
    assert b'<c r="A1" s="7" t="str"><f>B1&amp;"x"</f><v>x</v></c><c r="B1" s="0"/>' in data
    assert out.filled == {1: {1: 0}, 2: {1: 2}}
    assert not out.changed


def test_a_value_that_stands_there_already_changes_nothing() -> None:
    before = row('<c r="A1" t="s"><v>5</v></c><c r="B1"><v>2</v></c>')
    data, out = splice(
        before, {1: column({1: "shared 5"}), 2: column({1: 2.0}), 3: column({1: CLEAR}), 9: column({1: ""})}
    )
    assert data == before.encode()
    assert (out.rows, out.changed) == (None, {})


def test_clearing_leaves_a_format_and_otherwise_no_cell() -> None:
    before = row('<c r="A1"><v>1</v></c><c r="B1" s="2"><v>2</v></c>')
    data, out = splice(before, {1: column({1: CLEAR}), 2: column({1: CLEAR})})
    assert b'<row r="1"><c r="B2"' not in data
    assert b'<row r="1"><c r="B1" s="2"/></row>' in data
    assert out.old == {1: {1: 1}, 2: {1: 2}}


def test_new_rows_stand_in_order_between_the_old_ones() -> None:
    before = rows('<row r="2"><c r="A2"/></row><row r="5"><c r="A5"/></row>')
    data, _ = splice(before, {1: column({1: 1, 3: 3, 4: 4, 9: 9})})
    assert re.findall(rb'<row r="(\d+)"', data) == [b"1", b"2", b"3", b"4", b"5", b"9"]


def test_a_sheet_without_rows_gets_its_first() -> None:
    for empty in (rows(""), rows("").replace("<sheetData></sheetData>", "<sheetData/>")):
        data, _ = splice(empty, {2: column({3: "x"})})
        assert cells(data) == {(3, 2): "x"}


def test_a_new_cell_takes_the_format_of_its_row_or_else_of_its_column() -> None:
    before = rows('<row r="1" s="5" customFormat="1"/><row r="2" s="5"/>')
    data, _ = splice(before, {1: column({1: 1, 2: 2, 3: 3})}, column_style=6)
    assert re.findall(rb'r="(A\d)" s="(\d)"', data) == [(b"A1", b"5"), (b"A2", b"6"), (b"A3", b"6")]


def test_what_follows_the_cells_of_a_row_stays_behind_them() -> None:
    before = row('<c r="A1"><v>1</v></c><extLst><ext uri="x"/></extLst>')
    data, _ = splice(before, {2: column({1: 2})})
    assert b'<c r="B1"><v>2</v></c><extLst>' in data


def test_many_rows_in_one_go_are_the_same_as_one_by_one() -> None:
    count = CHUNK + 100
    lines = [
        f'<row r="{r}" spans="1:2"><c r="A{r}" t="s"><v>{r}</v></c><c r="B{r}"><v>1</v></c></row>'
        for r in range(1, count)
    ]
    values: dict[int, EditValue] = {r: f"글 {r % 3}" for r in range(1, count)}
    fills: dict[int, str | None] = dict.fromkeys(range(1, count, 2), "FFC7CE")
    whole, out = splice(rows("".join(lines)), {3: column(values, fills), 4: column({5: "&", 6: 7})})
    assert out.changed == {3: list(range(1, count)), 4: [5, 6]}
    for at in (1, 2, 5, 6, CHUNK, CHUNK + 1, count - 1):
        own = {3: column({at: values[at]}, {at: fills[at]} if at in fills else {})}
        if at in (5, 6):
            own[4] = column({at: "&" if at == 5 else 7})
        alone, _ = splice(rows(lines[at - 1]), own)
        assert SheetXml(alone).row(at) == SheetXml(whole).row(at)


def test_many_rows_lose_their_spans_and_a_text_that_looks_like_spans_stays() -> None:
    spans = ' spans="1:1"'
    lines = [
        f'<row r="{n}"{"" if n == 9 else spans}><c r="A{n}" t="inlineStr"><is><t>{spans}</t></is></c></row>'
        for n in range(1, 41)
    ]
    data, _ = splice(rows("".join(lines)), {2: column({n: f"값{n}" for n in range(1, 41)})})
    assert data.count(spans.encode()) == 40
    assert cells(data) == {(n, c): spans if c == 1 else f"값{n}" for n in range(1, 41) for c in (1, 2)}


@pytest.mark.parametrize("gaps", [frozenset(), frozenset({3, 4, 20})], ids=["every row", "some rows"])
@pytest.mark.parametrize("fills", [{}, {1: "FFC7CE"}, {3: "FFC7CE", 7: None}], ids=["plain", "header", "some"])
def test_an_appended_column_is_noted_as_it_was_written(gaps: frozenset[int], fills: dict[int, str | None]) -> None:
    values: dict[int, EditValue] = {n: f"값{n % 3}" for n in range(1, 41) if n not in gaps}
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 41))
    data, out = splice(rows(lines), {2: column(values, fills)})
    assert out.changed == {2: sorted(values)}
    assert not out.old
    assert out.filled.get(2, {}) == {n: 0 for n, color in fills.items() if color}
    assert {n: v for (n, c), v in cells(data).items() if c == 2} == values


def test_the_same_many_rows_again_change_nothing() -> None:
    lines = "".join(f'<row r="{r}"><c r="A{r}"/></row>' for r in range(1, 200))
    edit = {2: column(dict.fromkeys(range(1, 200), "글"), dict.fromkeys(range(1, 200, 2), "FFC7CE"))}
    data, _ = splice(rows(lines), edit)
    again, out = splice(data, edit)
    assert again == data
    assert out.rows is None


@pytest.mark.parametrize("name", ["prefixed", "no_addresses", "comments_and_cdata"])
def test_sheets_other_programs_write_are_put_into_excels_way_first(name: str) -> None:
    package = Package(BUILDERS[name]())
    data = package.read(package.sheets[0].part)
    before = cells(data)
    after, _ = splice(data, {30: column({3: "여기"})})
    assert cells(after) == before | {(3, 30): "여기"}


@pytest.mark.parametrize(
    "xml",
    [
        rows('<row r="2"/><row r="1"/>'),
        rows('<row r="1"><c r="B1"/><c r="A1"/></row>'),
        f'<chartsheet xmlns="{MAIN}"/>',
    ],
)
def test_a_sheet_out_of_order_is_refused_not_guessed_at(xml: str) -> None:
    with raises(BookRefused, "book.sheet_odd"):
        splice(xml, {2: column({1: "x"})})


@pytest.mark.parametrize(("at", "to"), [(0, 1), (1_048_577, 1), (1, 16_385), (1, 0)])
def test_there_is_nothing_outside_the_sheet(at: int, to: int) -> None:
    with raises(BookRefused, "book.outside_sheet"):
        splice(rows(""), {to: column({at: 1})})


VALUES: st.SearchStrategy[EditValue] = st.one_of(
    st.text(max_size=8), st.integers(-9, 9), st.booleans(), st.floats(-1e6, 1e6), st.just(CLEAR)
)
PLACES = st.tuples(st.integers(1, 12), st.integers(1, 6))


def sheet_of(content: dict[tuple[int, int], int], own_way: bool) -> str:
    """A sheet of numbers; in Excel's own way or without addresses on its rows."""
    out = ""
    for number in sorted({r for r, _ in content}):
        inside = "".join(
            f'<c r="{cell_address(number, c)}"><v>{content[number, c]}</v></c>'
            for r, c in sorted(content)
            if r == number
        )
        out += (
            f'<row spans="1:6" r="{number}">{inside}</row>'
            if own_way
            else f'<row r="{number}" spans="1:6">{inside}</row>'
        )
    return rows(out)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(PLACES, st.integers(0, 5)), st.dictionaries(PLACES, VALUES), st.booleans())
def test_whatever_is_written_is_what_stands_there_and_all_else_is_as_it_was(
    content: dict[tuple[int, int], int], wanted: dict[tuple[int, int], EditValue], own_way: bool
) -> None:
    columns: dict[int, ColumnEdit] = {}
    for (r, c), value in wanted.items():
        columns.setdefault(c, ColumnEdit()).values[r] = value
    data, out = splice(sheet_of(content, own_way), columns)
    expected: Cells = dict(content)
    for place, value in wanted.items():
        now = held(value)
        if now is None:
            expected.pop(place, None)
        else:
            expected[place] = now
    assert cells(data) == expected
    changed = {(r, c) for c, changed in out.changed.items() for r in changed}
    assert changed == {p for p, v in wanted.items() if not same(content.get(p), held(v))}
    assert {(r, c): v for c, old in out.old.items() for r, v in old.items()} == {
        p: content[p] for p in changed & content.keys()
    }


def test_a_cell_is_found_without_the_others() -> None:
    sheet = SheetXml(rows('<row r="3"><c r="A3"><v>1</v></c><c r="B3"><v>2</v></c></row>').encode())
    assert sheet.cell(3, 1) == b'<c r="A3"><v>1</v></c>'
    assert sheet.cell(4, 1) is None


def test_many_rows_that_open_differently_lose_nothing_but_their_spans() -> None:
    opens = [
        f'r="{n}" spans="1:{n % 3 + 1}"' + (' ht="20" customHeight="1"' if n % 5 == 0 else "") for n in range(1, 121)
    ]
    lines = [f'<row {o}><c r="A{n}"><v>{n}</v></c></row>' for n, o in enumerate(opens, 1)]
    data, _ = splice(rows("".join(lines)), {2: column({n: n for n in range(1, 121)})})
    added = [
        re.sub(' spans="[^"]*"', "", line).replace("</row>", f'<c r="B{n}"><v>{n}</v></c></row>')
        for n, line in enumerate(lines, 1)
    ]
    assert data.decode() == rows("".join(added))


def test_equal_values_of_different_kinds_stay_apart_in_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(splicing, "_MEMO", 2)  # what is remembered may be forgotten at any time
    kinds: list[EditValue] = [1, True, "1", 1.5, 0, False, None, "가"]
    values = {n: kinds[n % len(kinds)] for n in range(1, 2 * CHUNK)}
    lines = "".join(f'<row r="{n}"><c r="A{n}"><v>0</v></c></row>' for n in values)
    data, _ = splice(rows(lines), {2: column(values)})
    there = {r: v for (r, c), v in cells(data).items() if c == 2}
    assert {r: (type(v), v) for r, v in there.items()} == {r: (type(v), v) for r, v in values.items() if v is not None}
