from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from addin.books import kept as module
from addin.books import read as module_read
from addin.books import reread
from addin.books.blocks import blocks_in
from addin.books.kept import kept_file
from addin.books.read import read_book
from tests.unit.books import tiny

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from addin.crm.grid import Grid

STRINGS = "<si><t>업체</t></si><si><r><t>㈜</t></r><r><t>한빛</t></r></si>"
REFRESHED = '<definedNames><definedName name="_danggol.tab.dashboard">S1!$A$1</definedName></definedNames>'
CELLS = {
    "blank": "",
    "number": '<c r="{at}"><v>5</v></c>',
    "day": '<c r="{at}" s="1"><v>45000</v></c>',
    "moment": '<c r="{at}" s="2"><v>45000.5</v></c>',
    "shared": '<c r="{at}" t="s"><v>1</v></c>',
    "inline": '<c r="{at}" t="inlineStr"><is><t xml:space="preserve"> 빛</t></is></c>',
    "empty text": '<c r="{at}" t="inlineStr"><is><t></t></is></c>',
    "error": '<c r="{at}" t="e"><v>#N/A</v></c>',
    "formula": '<c r="{at}"><f>A1*2</f><v>8</v></c>',
    "never calculated": '<c r="{at}"><f>A1</f></c>',
    "call": '<c r="{at}"><f>CRM_HHI(A1)</f><v>1</v></c>',
    "yes": '<c r="{at}" t="b"><v>1</v></c>',
    "look only": '<c r="{at}" s="1"/>',
    "look of none yet": '<c r="{at}" s="4"><v>45000</v></c>',
}
Lines = dict[int, list[str]]


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four rows in runs of two, in sheets of any length."""
    monkeypatch.setattr(module, "ROWS", 4)
    monkeypatch.setattr("addin.books.runs.RUN", 2)
    monkeypatch.setattr(reread, "LONG", 0)
    monkeypatch.setattr("addin.books.read.LONG", 0)
    monkeypatch.setattr("addin.books.sheetxml.LONG", 0)


def xml(lines: Mapping[int, list[str]], after: str = "") -> str:
    data = "".join(
        f'<row r="{number}">{"".join(CELLS[c].format(at=f"{chr(65 + i)}{number}") for i, c in enumerate(cells))}</row>'
        for number, cells in sorted(lines.items())
    )
    return tiny.rows(data, after=after)


def write(folder: Path, lines: Mapping[int, list[str]], **parts: Any) -> Path:
    parts = {"strings": STRINGS, "styles": tiny.STYLES, "names": REFRESHED, **parts}
    after = parts.pop("after", "")
    (folder / ".danggol").mkdir(exist_ok=True)
    return tiny.write(folder, xml(lines, after), **parts)


def told(grid: Grid) -> Any:
    """All that is told of a sheet; blanks right of a row's last cell say nothing."""
    cells = [(r, c, repr(v)) for r, row in enumerate(grid.rows) for c, v in enumerate(row) if v != "" and v is not None]
    times = [grid.has_time(r + 1, c + 1) for r, c, v in cells if v.startswith("datetime")]
    return cells, times, grid.width, len(grid.rows), grid.formulas, list(grid.merged), list(grid.filters)


def reads_alike(path: Path) -> bool:
    """Read with what is kept and without, and keep the former; True where some of it was kept before."""
    with_it = read_book(path, to_write=True)
    file = kept_file(path)
    data = file.read_bytes() if file.exists() else None
    file.unlink(missing_ok=True)
    without = read_book(path, to_write=True)
    assert [told(g) for g in with_it.sheets] == [told(g) for g in without.sheets]
    assert (with_it.formulas is None) == (without.formulas is None)
    assert with_it.names == without.names
    if data is not None:
        file.write_bytes(data)
    if with_it.kept is not None:
        with_it.kept.save(path)
    return data is not None


ROWS = st.dictionaries(st.integers(1, 30), st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=4), max_size=20)


@st.composite
def histories(draw: st.DrawFn) -> list[Lines]:
    """A book as it was saved again and again: cells changed, rows come, gone and sorted."""
    now: Lines = draw(ROWS)
    out = [now]
    for _ in range(draw(st.integers(1, 4))):
        now = dict(now)
        match draw(st.sampled_from(["same", "cells", "drop", "insert", "sort"])):
            case "cells":
                now |= draw(ROWS.map(lambda rows: dict(list(rows.items())[:2])))
            case "drop" if now:
                del now[draw(st.sampled_from(sorted(now)))]
            case "insert":
                at = draw(st.integers(1, 30))
                now = {n + (n >= at): cells for n, cells in now.items()}
            case "sort":
                now = dict(zip(sorted(now), sorted(now.values()), strict=True))
        out.append(now)
    return out


@given(history=histories())
@example(
    history=[{1: ["blank"], 2: ["blank"], 3: ["number"], 5: ["blank"]}, {1: ["blank"], 2: ["blank"], 5: ["blank"]}]
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_book_read_with_what_is_kept_reads_as_it_does_without(history: list[Lines], tmp_path: Path) -> None:
    path = tmp_path / "책.xlsx"
    kept_file(path).unlink(missing_ok=True)
    for lines in history:
        path = write(tmp_path, lines)
        reads_alike(path)


LINES: Lines = {n: ["shared", "number", "day", "moment"] for n in range(1, 25)}


@pytest.mark.parametrize(
    "change",
    [
        {"strings": STRINGS + "<si><t>새</t></si>"},
        {"strings": "<si><t>다른</t></si>" + STRINGS},
        {"strings": STRINGS.replace("한빛", "한빚")},
        {"styles": tiny.STYLES.replace('numFmtId="14"', 'numFmtId="1"')},
        {"styles": tiny.STYLES.replace("yyyy-mm-dd hh:mm", "yyyy-mm-dd")},
        {"styles": tiny.STYLES.replace("</cellXfs>", '<xf numFmtId="1"/><xf numFmtId="14"/></cellXfs>')},
        {"workbook": '<workbookPr date1904="1"/>'},
        {"after": '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'},
        {"after": "<!-- x -->"},
        {"names": ""},
    ],
)
def test_whatever_else_changes_in_the_book_it_is_read_as_it_is(change: dict[str, Any], tmp_path: Path) -> None:
    reads_alike(write(tmp_path, LINES))
    assert reads_alike(write(tmp_path, LINES | {3: ["number"]}, **change))


def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many blocks are given to calamine from now on."""
    counts: list[int] = []
    real = blocks_in

    def counting(book: Any, numbers: Any) -> Any:
        counts.append(len(numbers))
        return real(book, numbers)

    monkeypatch.setattr(module_read, "blocks_in", counting)
    return counts


def test_only_the_blocks_that_changed_are_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reads_alike(write(tmp_path, LINES))
    counts = parsed(monkeypatch)
    for lines in (LINES | {6: ["yes"]}, LINES | {6: ["yes"], 25: ["shared"]}):
        path = write(tmp_path, lines)
        snapshot = read_book(path, to_write=True)
        assert snapshot.kept is not None
        snapshot.kept.save(path)
    assert counts == [1, 1]
    assert read_book(path, to_write=True).kept is None  # nothing new


def test_texts_added_at_the_end_of_the_shared_ones_change_no_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads_alike(write(tmp_path, LINES))
    counts = parsed(monkeypatch)
    path = write(tmp_path, LINES | {1: ["shared"]}, strings=STRINGS + "<si><t>새</t></si>")
    read_book(path)
    assert counts == [1]
    read_book(write(tmp_path, LINES | {1: ["shared"]}, strings="<si><t>새</t></si>" + STRINGS))
    assert counts == [1]


@pytest.mark.parametrize(("numbers", "known"), [([1, 2], True), ([1, 14], True), ([22, 1], False)])
def test_formats_added_behind_the_others_change_only_cells_that_point_at_them(
    numbers: list[int], known: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = LINES | {9: ["look of none yet"]}
    reads_alike(write(tmp_path, lines))
    counts = parsed(monkeypatch)
    more = "".join(f'<xf numFmtId="{number}"/>' for number in numbers)
    styles = tiny.STYLES.replace("</cellXfs>", f"{more}</cellXfs>")
    assert reads_alike(write(tmp_path, lines | {3: ["number"]}, styles=styles))
    assert counts == ([1] if known else [])
    reads_alike(write(tmp_path, lines | {3: ["number"]}))  # a format goes again
    assert counts == ([1] if known else [])


def test_a_block_calamine_does_not_take_has_the_sheet_read_whole(tmp_path: Path) -> None:
    reads_alike(write(tmp_path, LINES))
    bad = xml(LINES).replace('<c r="A7" t="s"><v>1</v></c>', '<c r="A7" t="s"><v>99</v></c>')
    path = tiny.write(tmp_path, bad, strings=STRINGS, styles=tiny.STYLES, names=REFRESHED)
    assert reads_alike(path)


@pytest.mark.parametrize("at", [0, 20, 120, 500, -5])
def test_a_damaged_file_is_as_good_as_none(at: int, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    reads_alike(path)
    file = kept_file(path)
    data = bytearray(file.read_bytes())
    data[at] ^= 0x55
    file.write_bytes(data)
    assert reads_alike(path)
    file.write_bytes(bytes(data)[: len(data) // 2])
    assert reads_alike(path)
    file.write_bytes(b"")
    assert reads_alike(path)


FORGED: dict[str, Any] = {
    "no head": [],
    "no sheets": {"sheets": 5},
    "no pieces": {"pieces": None},
    "no place": {"place": []},
    "rows before the first": {"place": [-7, 4, 9, 1, 4, 4, 4]},
    "fewer rows than none": {"place": [1, -4, 9, 1, 4, 4, 4]},
    "more rows than there are": {"last": [21, 9_999, 9, 21, 24, 4, 4]},
    "rows over others": {"place": [2, 20, 9, 1, 4, 4, 4]},
    "texts for numbers": {"runs": [["a", "b", 5]]},
    "errors nowhere": {"errors": [["a", 1, "#N/A"]]},
    "bytes of another": {"rows": [3, 7]},
}


@pytest.mark.parametrize("what", FORGED)
def test_whatever_stands_in_the_file_a_book_is_read_or_not_known(what: str, tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    reads_alike(path)
    file = kept_file(path)
    magic, _, rest = file.read_bytes().split(b"\n", 2)
    line, data = rest.split(b"\n", 1)
    head, forged = json.loads(line), FORGED[what]
    if "last" in forged:
        head["sheets"]["xl/worksheets/sheet1.xml"]["pieces"][-1]["place"] = forged["last"]
    for where in (head, *head["sheets"].values(), *(p for sheet in head["sheets"].values() for p in sheet["pieces"])):
        where.update((name, value) for name, value in dict(forged).items() if name in where)
    rest = json.dumps(head if forged else forged).encode() + b"\n" + data
    file.write_bytes(b"\n".join([magic, hashlib.sha256(rest).hexdigest().encode(), rest]))
    before = [told(grid) for grid in read_book(write(tmp_path, LINES), to_write=True).sheets]
    file.unlink()
    assert before == [told(grid) for grid in read_book(path, to_write=True).sheets]


def test_a_file_far_larger_than_the_book_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path, LINES)
    reads_alike(path)
    counts = parsed(monkeypatch)
    monkeypatch.setattr(module, "_AT_LEAST", 0)
    monkeypatch.setattr(module, "_HEAVIEST", 0)
    read_book(path)
    assert counts == []


def test_blocks_that_changed_bring_their_own_rows_until_the_table_is_made_anew(tmp_path: Path) -> None:
    reads_alike(write(tmp_path, LINES))
    apart = []
    lines = LINES
    for at in (2, 10, 18):
        lines = lines | {at: ["yes"]}
        path = write(tmp_path, lines)
        kept = read_book(path, to_write=True).kept
        assert kept is not None
        apart.append([bool(piece.data) for sheet in kept.sheets.values() for piece in sheet.pieces])
        reads_alike(path)
    assert [sum(blocks) for blocks in apart] == [1, 0, 1]  # 4, then 8, then again 4 of 24 rows


def test_what_is_kept_of_another_book_or_by_another_version_does_no_harm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path, LINES)
    reads_alike(path)
    path = write(tmp_path, {n: ["shared", "yes"] for n in range(1, 25)})
    assert reads_alike(path)
    monkeypatch.setattr(module, "_form", lambda: [0])
    counts = parsed(monkeypatch)
    read_book(path)
    assert counts == []


def test_nothing_is_kept_before_the_first_refresh_nor_for_who_only_reads(tmp_path: Path) -> None:
    assert read_book(write(tmp_path, LINES, names=""), to_write=True).kept is None
    assert read_book(write(tmp_path, LINES)).kept is None


def test_where_the_folder_is_missing_nothing_is_kept(tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    kept = read_book(path, to_write=True).kept
    assert kept is not None
    (tmp_path / ".danggol").rmdir()
    kept.save(path)
    assert not kept_file(path).exists()


def test_it_holds_no_more_than_the_book(tmp_path: Path) -> None:
    path = write(tmp_path, LINES)
    reads_alike(path)
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        book = sum(info.file_size for info in archive.infolist())
    assert "업체" not in kept_file(path).read_bytes().decode("utf-8", "ignore")  # the shared texts are but a sum
    assert book
