"""Cells taken in bulk are the cells python-calamine gives, and what is written otherwise is left to it."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books import packed, read
from addin.books.blocks import CannotCut
from addin.books.bulkcells import Formats, take
from addin.books.numfmt import Shown
from addin.books.read import read_book
from addin.books.sharedtexts import Texts
from addin.crm.packed_rows import PackedRows
from tests.unit.books import tiny

if TYPE_CHECKING:
    from addin.crm.grid import Grid

STRINGS = (
    "<si><t>가나</t></si>", "<si><t/></si>", "<si><t>a &amp; b</t></si>", '<si><t xml:space="preserve"> 끝 </t></si>',
    "<si><r><t>두</t></r><r><t>모양</t></r></si>", "<si><t>_x0041_</t></si>", "<si><t> x</t></si>", "<si><t></t></si>",
    "<si><t>줄\n둘</t></si>", "<si><t>줄\r\n둘</t></si>", "<si><t>바른 글</t><rPh><t>읽기</t></rPh></si>",
)  # fmt: skip
NUMBERS = st.one_of(
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.floats(60.0, 2_958_470.0).map(repr),
    st.integers(-5, 60_000).map(str),
    st.integers(40_000, 50_000).flatmap(lambda day: st.integers(0, 1440).map(lambda m: f"{day + m / 1440:.15g}")),
    st.sampled_from(["45000.99999999999", "45000.0000000001", "1E3", "1.5e-7", "0012", "007.50", "1" * 30, "0.1" * 2]),
)
TEXT = st.sampled_from(
    ["가나", "a b", " 앞", "뒤 ", "a &amp; b", "_x0041_", "", "줄\n둘", "x", "1.5", "<![CDATA[가]]>"]
)
STYLE = st.sampled_from(["", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="9"'])
CELLS = st.one_of(
    st.tuples(STYLE, NUMBERS).map(lambda p: f"{p[0]}><v>{p[1]}</v></c>"),
    st.tuples(STYLE, NUMBERS).map(lambda p: f'{p[0]} t="n"><v>{p[1]}</v></c>'),
    st.tuples(STYLE, st.integers(0, len(STRINGS) - 1)).map(lambda p: f'{p[0]} t="s"><v>{p[1]}</v></c>'),
    st.tuples(STYLE, TEXT).map(lambda p: f'{p[0]} t="inlineStr"><is><t>{p[1]}</t></is></c>'),
    TEXT.map(lambda t: f' t="inlineStr"><is><t xml:space="preserve">{t}</t></is></c>'),
    STYLE.map(lambda s: f"{s}/>"),
    st.sampled_from([
        ' t="b"><v>1</v></c>', ' t="e"><v>#N/A</v></c>', "><f>A1+1</f><v>2.5</v></c>", "><f>A1+1</f></c>",
        ' t="str"><f>B1</f><v>글 &lt;</v></c>', ' t="str"><v>글</v></c>', "></c>", "><v></v></c>", "><v> 5 </v></c>",
        ' t="inlineStr"><is><r><t>두</t></r><r><t>모양</t></r></is></c>', ' s="1" t="e"><v>#REF!</v></c>',
        ' t="s" s="1"><v>0</v></c>', ' cm="1"><v>7</v></c>', ' t="inlineStr"><is><t/></is></c>',
    ]),
)  # fmt: skip
ROWS = st.lists(st.tuples(st.integers(1, 3), st.dictionaries(st.integers(0, 6), CELLS, max_size=6)), max_size=14)


#: One of each: under every format, numbers around what tells them apart; texts every way.
STYLES = ("", ' s="0"', ' s="1"', ' s="2"', ' s="3"', ' s="9"')
PLAIN = ("0", "0.5", "1", "59", "60", "60.5", "61", "61.25", "45000", "45000.5", "45000.123456789", "45000.99999999",
         "-3", "45291.000694444", "1e3", "007", "45000.0000000001", "2958465.5", "2958466", "12345678.9")  # fmt: skip
WORDS = ("가", " 앞", "뒤 ", "a &amp; b", "_x0041_", "1.5", "줄\n둘", "")
ALL = [
    *(f"{style}><v>{value}</v></c>" for style in STYLES for value in (PLAIN[:-3] if "3" in style else PLAIN)),
    *(f' t="s"><v>{at}</v></c>' for at in range(len(STRINGS))),
    *(f' t="inlineStr"><is><t{kept}>{word}</t></is></c>' for kept in ("", ' xml:space="preserve"') for word in WORDS),
    ' t="b"><v>1</v></c>', ' t="e"><v>#N/A</v></c>', "><f>A1+1</f><v>2.5</v></c>", ' t="str"><v>글 &lt;</v></c>',
]  # fmt: skip


def _sheet(rows: list[tuple[int, dict[int, str]]]) -> str:
    out, number = [], 0
    for gap, cells in rows:
        number += gap
        inside = "".join(f'<c r="{"ABCDEFG"[at]}{number}"{cells[at]}' for at in sorted(cells))
        out.append(f'<row r="{number}" spans="1:7">{inside}</row>' if cells else f'<row r="{number}" ht="20"/>')
    return tiny.rows("".join(out))


def _seen(grid: Grid) -> list[tuple[int, int, str]]:
    cells = [(r, c, grid.value(r, c)) for r in range(1, len(grid.rows) + 1) for c in range(1, 8)]
    return [(r, c, repr(v)) for r, c, v in cells if v is not None]


@settings(max_examples=30, deadline=None)
@given(ROWS, st.sampled_from([2, 5, 100]))
def test_every_cell_is_read_as_calamine_reads_it(rows: list[tuple[int, dict[int, str]]], piece: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        book = tiny.write(Path(folder), _sheet(rows), strings="".join(STRINGS), styles=tiny.STYLES)
        whole = read_book(book).sheets[0]
        patched.setattr(read, "PACKED", 1)
        patched.setattr(packed, "ROWS", piece)
        bulk = read_book(book).sheets[0]
    assert _seen(bulk) == _seen(whole)
    assert bulk.formulas == whole.formulas
    if isinstance(bulk.rows, PackedRows):
        dates = [(r, c) for r, c, v in _seen(whole) if v.startswith("datetime.date(")]
        assert [bulk.has_time(*place) for place in dates] == [whole.has_time(*place) for place in dates]


def _is_midnight(value: object) -> bool:
    return not isinstance(value, dt.datetime) or (value.hour, value.minute) in ((0, 0), (23, 59))


@pytest.mark.parametrize("columns", [1, 7])
def test_every_kind_of_cell_is_read_as_calamine_reads_it(
    columns: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [dict(enumerate(ALL[at : at + columns])) for at in range(0, len(ALL), columns)]
    book = tiny.write(tmp_path, _sheet([(1, line) for line in lines]), strings="".join(STRINGS), styles=tiny.STYLES)
    whole = read_book(book).sheets[0]
    monkeypatch.setattr(read, "PACKED", 1)
    monkeypatch.setattr(packed, "ROWS", 16)
    bulk = read_book(book).sheets[0]
    assert isinstance(bulk.rows, PackedRows)
    assert _seen(bulk) == _seen(whole)
    dates = [(r, c) for r, c, v in _seen(whole) if v.startswith("datetime.date")]
    midnights = [place for place in dates if _is_midnight(whole.value(*place))]
    assert [bulk.has_time(*place) for place in midnights] == [whole.has_time(*place) for place in midnights]
    assert {True, False} == {bulk.has_time(*place) for place in midnights}


def _plain(rows: str) -> tuple[dict[tuple[int, str], list[object]], bytes]:
    import numpy as np
    import polars as pl

    texts = Texts(pl.Series(["가", "나"]), np.array([False, False]))
    found = take(rows.encode(), texts, Formats([Shown(), Shown(date=True)], date_1904=False))
    return {(at, kind.__name__): cells.to_list() for (at, kind), cells in found.series.items()}, found.odd


def test_columns_hold_a_type_each_and_blanks_between_rows() -> None:
    rows = '<row r="4"><c r="B4" t="s"><v>1</v></c><c r="C4"><v>2</v></c></row>'
    rows += '<row r="6"><c r="B6" s="1"><v>45000</v></c><c r="C6"><v>2.5</v></c></row>'
    series, odd = _plain(rows)
    assert odd == b""
    assert {key: [str(v) for v in cells] for key, cells in series.items()} == {
        (1, "str"): ["나", "None", "None"],
        (1, "date"): ["None", "None", "2023-03-15"],
        (2, "float"): ["2.0", "None", "2.5"],
    }


def test_a_cell_of_another_kind_is_handed_back_in_its_row() -> None:
    bad = ['<c r="B1" t="s"><v>7</v></c>', '<c r="C1" t="b"><v>1</v></c>', '<c r="D1"><f>A1</f><v>1</v></c>']
    _, odd = _plain(f'<row r="1" spans="1:4"><c r="A1"><v>1</v></c>{"".join(bad)}</row>')
    assert odd == f'<row r="1">{"".join(bad)}</row>'.encode()


@pytest.mark.parametrize(
    "rows",
    [
        '<row r="2"/><row r="1"/>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row>',
        '<row r="1"><!-- x --></row>',
        '<row spans="1:2" r="1"/>',
        '<row r="1"><row r="2"></row></row>',
        '<row r="1"><x><c r="A1"/></x></row>',
        '<row r="0"/>',
        "",
    ],
)
def test_rows_written_otherwise_are_not_cut(rows: str) -> None:
    with pytest.raises(CannotCut):
        _plain(rows)
