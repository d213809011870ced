"""Taking a run back: byte for byte while nobody touched the file, else around what people did since."""

from __future__ import annotations

import datetime as dt
import io
import warnings
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.books import CLEAR, Edits, open_book
from addin.books.names import Names
from addin.books.package import Package
from addin.books.sheetxml import SheetXml, all_cells, cells_of, format_of
from addin.books.strings import Strings
from addin.books.styles import Styles
from addin.books.tab import Tab
from addin.books.undo import EditedSince, runs, undo
from addin.errors import BookError, SafetyBrake
from tests.messy.build import BUILDERS
from tests.unit.books.raised import raises
from tests.unit.books.tiny import STYLES, parts, rows, zipped

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.books.cells import Held
    from addin.books.edits import EditValue

FLAG = "_danggol.col.requests.flag.1"
WHEN = dt.datetime(2026, 11, 21, 20, 30, 15)
Seen = dict[tuple[str, int, int], tuple["Held", "str | None"]]


def text(at: str, value: str) -> str:
    return f'<c r="{at}" t="inlineStr"><is><t>{value}</t></is></c>'


def made(folder: Path) -> Path:
    """Four requests under a header: A id, B partner."""
    lines = '<row r="1">' + text("A1", "번호") + text("B1", "업체") + "</row>"
    for r, name in enumerate("다가나라", 2):
        lines += f'<row r="{r}"><c r="A{r}"><v>{r}</v></c>{text(f"B{r}", name)}</row>'
    path = folder / "책.xlsx"
    path.write_bytes(zipped(parts(rows(lines), styles=STYLES)))
    return path


def seen(path: Path) -> Seen:
    """Every cell's value and background, as they stand in the file."""
    package = Package.open(path)
    styles, strings = Styles(package), Strings(package)
    out: Seen = {}
    for sheet in package.sheets:
        xml = SheetXml(package.read(sheet.part), sheet.name)
        held = {(r, c): v for r, c, v in all_cells(xml, strings.get)}
        for row in xml.rows:
            for column, cell in cells_of(xml.row(row) or b"")[1]:
                fill = styles.fill_xml(format_of(cell))
                if (row, column) in held or fill:
                    out[sheet.name, row, column] = (held.get((row, column)), fill)
    return out


def flags(*values: EditValue) -> Edits:
    """The flags' column C, header and all, as refresh appends it."""
    edits = Edits("refresh")
    edits.write("S1", 1, 3, [["판정"]], marker=FLAG)
    edits.write("S1", 2, 3, [[v] for v in values], marker=FLAG)
    edits.fill("S1", 2, 3, "FFC7CE")
    edits.mark(FLAG, "S1", 1, 3)
    return edits


def by_hand(path: Path, change: Callable[[openpyxl.Workbook], object]) -> None:
    """What a person does in a spreadsheet program that writes the whole file anew."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    path.write_bytes(buffer.getvalue())


def values(path: Path, sheet: str = "S1") -> list[list[object]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [list(line) for line in openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)]


# ---- byte for byte


def test_the_last_run_on_an_unchanged_file_is_taken_back_byte_for_byte(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = path.read_bytes()
    run = open_book(path).apply(flags("주의", "정상", "정상", "위반"), when=WHEN).run
    assert run == "20261121-203015-1"
    after = path.read_bytes()
    receipt = undo(path, when=WHEN)
    assert path.read_bytes() == before
    assert [(r.id, r.undoes, r.undone_by) for r in runs(path)] == [
        ("20261121-203015-1", "", "20261121-203015-2"),
        ("20261121-203015-2", "20261121-203015-1", ""),
    ]
    undo(path, receipt.run)
    assert path.read_bytes() == after


def test_undo_again_goes_one_run_further_back(tmp_path: Path) -> None:
    path = made(tmp_path)
    states = [path.read_bytes()]
    for value in ("a", "b"):
        open_book(path).apply(flags(value))
        states.append(path.read_bytes())
    undo(path)
    assert path.read_bytes() == states[1]
    undo(path)
    assert path.read_bytes() == states[0]
    with raises(BookError, "undo.nothing"):
        undo(path)


def test_the_last_run_is_the_one_that_left_the_file_though_another_computer_s_clock_is_ahead(tmp_path: Path) -> None:
    path = made(tmp_path)
    for value, when in (("먼저", WHEN + dt.timedelta(hours=2)), ("나중", WHEN)):
        before = path.read_bytes()
        open_book(path).apply(flags(value), when=when)
    undo(path, when=WHEN + dt.timedelta(minutes=1))
    assert path.read_bytes() == before


def test_a_run_is_taken_back_once_and_must_exist(tmp_path: Path) -> None:
    path = made(tmp_path)
    run = open_book(path).apply(flags("a")).run
    with raises(BookError, "undo.no_such_run"):
        undo(path, "20000101-000000-1")
    undo(path, run)
    with raises(BookError, "undo.already"):
        undo(path, run)


# ---- cell by cell


def test_a_person_edited_elsewhere_and_everything_of_ours_goes(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("주의", "정상", "정상", "위반"))
    by_hand(path, lambda book: book["S1"].__setitem__("F9", "메모"))
    undo(path)
    assert all(line[2] is None for line in values(path))
    assert values(path)[8][5] == "메모"
    assert Names(Package.open(path)).get(FLAG) is None
    assert not any(fill for _, fill in seen(path).values())


def test_without_a_backup_it_goes_cell_by_cell_too(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = seen(path)
    open_book(path).apply(flags("주의"))
    for backup in (tmp_path / ".danggol").glob("*.bak"):
        backup.unlink()
    undo(path)
    assert seen(path) == before


def test_cells_a_person_edited_since_stay_and_are_listed(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("주의", "정상", "정상", "위반"))
    by_hand(path, lambda book: book["S1"].__setitem__("C3", "괜찮음"))
    with pytest.raises(EditedSince) as caught:
        undo(path)
    assert isinstance(caught.value, SafetyBrake)
    assert caught.value.exit_code == 4
    assert [(k.where, k.wrote, k.present) for k in caught.value.edited] == [("S1!C3", "정상", "괜찮음")]
    assert caught.value.receipt.run
    assert "S1!C3" in str(caught.value)
    assert [line[2] for line in values(path)] == [None, None, "괜찮음", None, None]
    assert Names(Package.open(path)).get(FLAG) is not None


def test_cells_without_a_marker_go_back_where_they_are_unless_edited(tmp_path: Path) -> None:
    path = made(tmp_path)
    edits = Edits()
    edits.write("S1", 2, 2, [["바꿈"], ["바꿈"]])
    open_book(path).apply(edits)
    by_hand(path, lambda book: book["S1"].__setitem__("B2", "사람"))
    with pytest.raises(EditedSince) as caught:
        undo(path)
    assert [(k.where, k.wrote, k.present) for k in caught.value.edited] == [("S1!B2", "바꿈", "사람")]
    assert [line[1] for line in values(path)][1:3] == ["사람", "가"]


def test_a_column_is_found_by_its_marker_after_people_inserted_columns_and_rows(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("주의", "정상", "정상", "위반"))

    def insert(book: openpyxl.Workbook) -> None:
        book["S1"].insert_cols(1)
        book["S1"].insert_rows(1, 2)
        book["S1"].title = "접수"
        book.defined_names[FLAG].attr_text = "'접수'!$D$3"

    by_hand(path, insert)
    undo(path)
    assert [line[3] if len(line) > 3 else None for line in values(path, "접수")] == [None] * 7
    assert values(path, "접수")[3][2] == "다"


def test_a_new_column_people_sorted_goes_wholly(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("주의", "정상", "정상", "위반"))
    by_hand(path, sort_by_partner)
    undo(path)
    sorted_rows = [[3, "가", None], [4, "나", None], [2, "다", None], [5, "라", None]]
    assert [line[:3] for line in values(path)] == [["번호", "업체", None], *sorted_rows]


def sort_by_partner(book: openpyxl.Workbook) -> None:
    """Sort the rows below the header by column B, values and looks."""
    sheet = book["S1"]
    lines = sorted(([c.value for c in line] for line in sheet.iter_rows(min_row=2)), key=lambda line: str(line[1]))
    for row, line in enumerate(lines, 2):
        for column, value in enumerate(line, 1):
            sheet.cell(row, column).value = value


def test_old_flags_go_back_to_their_own_rows_after_people_sorted(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("a", "b", "c", "d"))
    second = Edits("refresh")
    second.write("S1", 2, 3, [["x"], ["x"], ["x"], ["x"]], marker=FLAG)
    run = open_book(path).apply(second).run
    by_hand(path, sort_by_partner)
    undo(path, run)
    assert [line[:3] for line in values(path)][1:] == [[3, "가", "b"], [4, "나", "c"], [2, "다", "a"], [5, "라", "d"]]


def test_old_flags_of_a_row_nobody_can_tell_any_more_stay(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(flags("a", "b", "c", "d"))
    second = Edits("refresh")
    second.write("S1", 2, 3, [["x"], ["x"], ["x"], ["x"]], marker=FLAG)
    open_book(path).apply(second)
    by_hand(path, lambda book: book["S1"].__setitem__("B3", "바뀜"))
    with pytest.raises(EditedSince) as caught:
        undo(path)
    assert [k.where for k in caught.value.edited] == ["S1!C3"]
    assert [line[2] for line in values(path)] == ["판정", "a", "x", "c", "d"]


def test_an_older_run_is_taken_back_and_later_ones_stay(tmp_path: Path) -> None:
    path = made(tmp_path)
    first = open_book(path).apply(flags("a", "b")).run
    later = Edits("note")
    later.write("S1", 9, 9, [["나중"]])
    open_book(path).apply(later)
    undo(path, first)
    assert values(path)[8][8] == "나중"
    assert [line[2] for line in values(path)[:5]] == [None] * 5


def test_a_formula_a_run_replaced_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "책.xlsx"
    sheet = rows('<row r="1"><c r="A1" s="3"><f>1+1</f><v>2</v></c><c r="B1" t="e"><v>#N/A</v></c></row>')
    path.write_bytes(zipped(parts(sheet, styles=STYLES)))
    before = seen(path)
    edits = Edits()
    edits.write("S1", 1, 1, [[7, "고침"]])
    open_book(path).apply(edits)
    for backup in (tmp_path / ".danggol").glob("*.bak"):
        backup.unlink()
    undo(path)
    assert seen(path) == before


# ---- lists and tabs


def test_a_list_that_grew_shrinks_again(tmp_path: Path) -> None:
    path = tmp_path / "책.xlsx"
    path.write_bytes(BUILDERS["list_object"]())
    package = Package.open(path)
    sheet = package.sheets[0]
    table = openpyxl.load_workbook(path)[sheet.name].tables
    (ref,) = [t.ref for t in table.values()]
    corner = openpyxl.utils.range_boundaries(ref)
    assert corner[1] is not None
    assert corner[2] is not None
    edits = Edits()
    edits.write(sheet.name, corner[1], corner[2] + 1, [["판정"], ["주의"]], marker=FLAG)
    edits.mark(FLAG, sheet.name, corner[1], corner[2] + 1)
    edits.join(sheet.name, corner[1], corner[2] + 1, "판정")
    open_book(path).apply(edits)
    grown = [t.ref for t in openpyxl.load_workbook(path)[sheet.name].tables.values()]
    assert grown != [ref]
    other = Edits()
    other.write(sheet.name, 90, 1, [["사람"]])
    run = runs(path)[-1].id
    open_book(path).apply(other)
    undo(path, run)
    assert [t.ref for t in openpyxl.load_workbook(path)[sheet.name].tables.values()] == [ref]


def tabbed(tab: Tab) -> Edits:
    edits = Edits("refresh")
    tab.marker = "_danggol.tab.kpi"
    edits.put_tab(tab)
    edits.mark(tab.marker, tab.name)
    return edits


def test_a_tab_we_added_goes_unless_a_person_typed_into_it(tmp_path: Path) -> None:
    for typed in (False, True):
        folder = tmp_path / str(typed)
        folder.mkdir()
        path = made(folder)
        open_book(path).apply(tabbed(Tab.of_values("CRM_KPI", [["이름", "값"], ["가", 1]])))

        def type_in(book: openpyxl.Workbook, typed: bool = typed) -> None:
            book["CRM_KPI" if typed else "S1"]["G9"] = "메모"

        by_hand(path, type_in)
        if typed:
            with pytest.raises(EditedSince) as caught:
                undo(path)
            assert [k.where for k in caught.value.edited] == ["CRM_KPI!G9"]
        else:
            undo(path)
        assert ("CRM_KPI" in [s.name for s in Package.open(path).sheets]) is typed


def test_a_tab_drawn_anew_gets_its_old_values_back(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(tabbed(Tab.of_values("CRM_KPI", [["이름", "값"], ["가", 1], ["나", 2]])))
    open_book(path).apply(tabbed(Tab.of_values("CRM_KPI", [["이름", "값"], ["가", 3]])))
    by_hand(path, lambda book: book["S1"].__setitem__("G9", "메모"))
    undo(path)
    assert values(path, "CRM_KPI") == [["이름", "값"], ["가", 1], ["나", 2]]


def test_taking_an_undo_back_gives_the_tab_and_its_values_again(tmp_path: Path) -> None:
    path = made(tmp_path)
    open_book(path).apply(tabbed(Tab.of_values("CRM_KPI", [["이름", "값"], ["가", 1]])))
    back = undo(path)
    by_hand(path, lambda book: book["S1"].__setitem__("G9", "메모"))
    undo(path, back.run)
    assert values(path, "CRM_KPI") == [["이름", "값"], ["가", 1]]
    assert Names(Package.open(path)).get("_danggol.tab.kpi") is not None


# ---- plan ∘ undo = identity

VALUES: st.SearchStrategy[EditValue] = st.one_of(
    st.text(max_size=6), st.integers(-9, 9), st.booleans(), st.just(CLEAR), st.none(), st.dates(dt.date(2000, 1, 1))
)
LINES = st.lists(st.lists(VALUES, min_size=1, max_size=3), min_size=1, max_size=3)
BLOCKS = st.tuples(st.integers(1, 7), st.integers(1, 4), LINES)
FILLS = st.tuples(st.integers(1, 7), st.integers(1, 4), st.sampled_from(["FFC7CE", "00FF00", None]), st.integers(1, 3))


@settings(max_examples=25, deadline=None)
@given(st.lists(BLOCKS, max_size=4), st.lists(FILLS, max_size=3), st.booleans(), st.booleans())
def test_a_plan_and_its_undo_are_nothing_at_all(
    blocks: list[tuple[int, int, list[list[EditValue]]]],
    fills: list[tuple[int, int, str | None, int]],
    tab: bool,
    touched: bool,
) -> None:
    with TemporaryDirectory() as folder:
        path = made(Path(folder))
        whole, before = path.read_bytes(), seen(path)
        edits = Edits()
        for row, column, block in blocks:
            edits.write("S1", row, column, block)
        for row, column, color, count in fills:
            edits.fill("S1", row, column, color, rows=count)
        if tab:
            edits.add_sheet("새", [["a"], [1]])
        run = open_book(path).apply(edits).run
        if run is None:
            assert path.read_bytes() == whole
            return
        if touched:
            other = Edits()
            other.write("S1", 50, 9, [["사람"]])
            open_book(path).apply(other)
        undo(path, run)
        after = seen(path)
        assert after.pop(("S1", 50, 9), None) == (("사람", None) if touched else None)
        assert after == before
        assert touched or path.read_bytes() == whole
