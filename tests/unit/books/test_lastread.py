"""A process that stays reads a book again: whatever changed in between, it reads what one reads that never did."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from addin.books import Edits, kept, lastread, open_book, reread
from addin.books import read as module_read
from addin.books.blocks import put
from addin.books.kept import kept_file
from addin.books.lastread import LastRead
from addin.books.read import Snapshot, read_book
from addin.errors import BookError
from tests.unit.books import tiny
from tests.unit.books.test_kept import CELLS, LINES, REFRESHED, ROWS, STRINGS, Lines, xml

if TYPE_CHECKING:
    from pathlib import Path

    from addin.crm.grid import Grid

OTHER: Lines = {1: ["shared", "inline"], 2: ["day", "formula"]}
TABLE = (
    f'<table xmlns="{tiny.MAIN}" id="1" name="T" displayName="T" ref="%s"><tableColumns count="1">'
    '<tableColumn id="1" name="업체"/></tableColumns></table>'
)
RELS = "http://schemas.openxmlformats.org/package/2006/relationships"
TABLE_RELS = (
    f'<Relationships xmlns="{RELS}"><Relationship Id="r1" Type="{tiny.REL}/table" Target="../tables/table1.xml"/>'
    "</Relationships>"
)


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of four rows in runs of two; a sheet of a kilobyte is a long one."""
    monkeypatch.setattr(kept, "ROWS", 4)
    monkeypatch.setattr("addin.books.runs.RUN", 2)
    for module in ("reread", "read", "sheetxml"):
        monkeypatch.setattr(f"addin.books.{module}.LONG", 1_000)


@dataclass(frozen=True)
class Told:
    """A workbook, told by what may change in it; ``state`` is that of the second sheet."""

    long: Lines
    short: Lines
    strings: str = STRINGS
    styles: str = tiny.STYLES
    workbook: str = ""
    name: str = "S2"
    state: str = ""
    names: str = REFRESHED
    after: str = ""
    more: dict[str, str] = field(default_factory=dict)
    level: int = 6

    def write(self, folder: Path) -> Path:
        """As a file."""
        (folder / ".danggol").mkdir(exist_ok=True)
        parts = tiny.parts(
            xml(self.long), xml(self.short, self.after), xml({1: ["inline"]}),
            strings=self.strings, styles=self.styles, workbook=self.workbook, names=self.names, more=self.more,
        )  # fmt: skip
        listed = '<sheet name="S2" sheetId="2"'
        book = parts["xl/workbook.xml"].replace(listed, f'<sheet name="{self.name}" sheetId="2"{self.state}')
        path = folder / "책.xlsx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=self.level) as archive:
            for name, text in {**parts, "xl/workbook.xml": book}.items():
                archive.writestr(name, text)
        return path


def told(snapshot: Snapshot) -> Any:
    """All that a snapshot says; cells right of a row's last one and rows below the last say nothing."""
    formulas = snapshot.formulas
    return (
        [_sheet(grid) for grid in snapshot.sheets], snapshot.names, snapshot.tabs, snapshot.drawn, snapshot.date_1904,
        snapshot.sha256, formulas and (formulas.cells, formulas.tables, formulas.names),
    )  # fmt: skip


def _sheet(grid: Grid) -> Any:
    cells = [(r, c, repr(v)) for r, row in enumerate(grid.rows) for c, v in enumerate(row) if v != "" and v is not None]
    times = [grid.has_time(r + 1, c + 1) for r, c, v in cells if v.startswith("datetime")]
    rects = [list(rects) for rects in (grid.merged, grid.tables, grid.filters, grid.drawn)]
    return grid.name, cells, times, grid.width, len(grid.rows), grid.formulas, rects, grid.hidden, grid.epoch_1904


def spoil(snapshot: Snapshot) -> None:
    """What who works with a snapshot may do to it."""
    for grid in snapshot.sheets:
        if isinstance(grid.rows, list):
            put(grid.rows, 1, 1, "누가 씀")
        grid.forget_left(1)
    snapshot.sheets.clear()
    snapshot.inflated.clear()


def reads_alike(path: Path, last: LastRead) -> Snapshot:
    """Read by who did so before and by who never did."""
    mine, others = read_book(path, to_write=True, last=last), read_book(path, to_write=True)
    assert told(mine) == told(others)
    return mine


CHANGES: dict[str, Any] = {
    "texts grow": lambda t: replace(t, strings=t.strings + "<si><t>새</t></si>"),
    "texts are others": lambda t: replace(t, strings="<si><t>다른</t></si>" + t.strings),
    "a text is another": lambda t: replace(t, strings=t.strings.replace("한빛", "한빚")),
    "a date is a number": lambda t: replace(t, styles=t.styles.replace('numFmtId="14"', 'numFmtId="1"')),
    "a time isn't shown": lambda t: replace(t, styles=t.styles.replace("yyyy-mm-dd hh:mm", "yyyy-mm-dd")),
    "a format comes": lambda t: replace(t, styles=t.styles.replace("</cellXfs>", '<xf numFmtId="1"/></cellXfs>')),
    "a date's format comes": lambda t: replace(
        t, styles=t.styles.replace("</cellXfs>", '<xf numFmtId="22"/></cellXfs>')
    ),
    "formats back": lambda t: replace(t, styles=tiny.STYLES),
    "of a Mac": lambda t: replace(t, workbook="" if t.workbook else '<workbookPr date1904="1"/>'),
    "renamed": lambda t: replace(t, name="이름" if t.name == "S2" else "S2"),
    "hidden": lambda t: replace(t, state="" if t.state else ' state="hidden"'),
    "merged": lambda t: replace(t, after="" if t.after else '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
    "a comment": lambda t: replace(t, after="<!-- x -->"),
    "never refreshed": lambda t: replace(t, names="" if t.names else REFRESHED),
    "a list comes": lambda t: replace(
        t, more={"xl/tables/table1.xml": TABLE % "A1:A2", "xl/worksheets/_rels/sheet2.xml.rels": TABLE_RELS}
    ),
    "a list grows": lambda t: replace(t, more=t.more and t.more | {"xl/tables/table1.xml": TABLE % "A1:A3"}),
    "a list goes": lambda t: replace(t, more={}),
    "packed otherwise": lambda t: replace(t, level=1 if t.level == 6 else 6),
    "swapped": lambda t: replace(t, long=t.short, short=t.long),
    "nothing": lambda t: t,
}


@st.composite
def histories(draw: st.DrawFn) -> list[Told]:
    """A book as it was saved again and again."""
    lines = ROWS.map(lambda rows: {n: ["number", "shared", "moment", "day"] for n in range(1, 9)} | rows)
    out = [Told(draw(lines), draw(ROWS))]
    for _ in range(draw(st.integers(1, 5))):
        now = out[-1]
        what = draw(st.sampled_from([*CHANGES, "cells", "cells", "insert", "drop", "other cells"]))
        match what:
            case "cells":
                now = replace(now, long=now.long | draw(ROWS.map(lambda rows: dict(list(rows.items())[:2]))))
            case "other cells":
                now = replace(now, short=now.short | draw(ROWS.map(lambda rows: dict(list(rows.items())[:1]))))
            case "insert":
                at = draw(st.integers(1, 30))
                now = replace(now, long={n + (n >= at): cells for n, cells in now.long.items()})
            case "drop" if now.long:
                gone = draw(st.sampled_from(sorted(now.long)))
                now = replace(now, long={n: cells for n, cells in now.long.items() if n != gone})
            case "drop":
                pass
            case _:
                now = CHANGES[what](now)
        out.append(now)
    return out


@given(history=histories(), spoils=st.booleans())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_book_read_by_who_read_it_before_reads_as_it_does_for_who_did_not(
    history: list[Told], spoils: bool, tmp_path: Path
) -> None:
    last = LastRead()
    for now in history:
        snapshot = reads_alike(now.write(tmp_path), last)
        if spoils:
            spoil(snapshot)


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changes_it_is_read_as_it_is(what: str, tmp_path: Path) -> None:
    last, book = LastRead(), Told(LINES | {5: list(CELLS)}, OTHER | {5: ["look of none yet", "call"]})
    for now in (book, CHANGES[what](book), CHANGES["a list grows"](CHANGES[what](book)), book):
        spoil(reads_alike(now.write(tmp_path), last))


FEWER: list[Lines] = [
    {n: cells for n, cells in LINES.items() if not 5 <= n <= 8},
    {n: cells for n, cells in LINES.items() if n > 4},
    {n: cells for n, cells in LINES.items() if n <= 20},
    LINES | {24: ["blank", "error"]},
    LINES | {1: ["blank"], 2: ["blank"]},
    LINES | {23: ["blank"], 24: ["blank"]},
    LINES | {23: ["blank"], 24: ["blank", "blank", "blank", "error"]},
]


@pytest.mark.parametrize("lines", FEWER)
def test_of_rows_that_went_nothing_stays(lines: Lines, tmp_path: Path) -> None:
    last = LastRead()
    for now in (LINES, lines, LINES, lines):
        reads_alike(Told(now, OTHER).write(tmp_path), last)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many worksheets or stretches of rows calamine is given from now on, reading by reading."""
    out: list[int] = []
    real = module_read.Mold.open

    def opening(self: Any, sheets: Any) -> Any:
        out.append(len(sheets))
        return real(self, sheets)

    monkeypatch.setattr(module_read.Mold, "open", opening)
    return out


def test_only_what_changed_is_parsed(tmp_path: Path, parsed: list[int]) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    for now in (book, book, replace(book, strings=STRINGS + "<si><t>새</t></si>"), replace(book, name="이름")):
        read_book(now.write(tmp_path), to_write=True, last=last)
    assert parsed == []  # once whole, then not at all
    read_book(replace(book, long=LINES | {6: ["yes"]}).write(tmp_path), to_write=True, last=last)
    read_book(replace(book, long=LINES | {6: ["yes"]}, short={1: ["yes"]}).write(tmp_path), to_write=True, last=last)
    assert parsed == [1, 1]


def test_a_reading_that_fails_leaves_what_was_read_before(tmp_path: Path, parsed: list[int]) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    path = book.write(tmp_path)
    read_book(path, to_write=True, last=last)
    with pytest.raises(BookError):
        read_book(replace(book, short={20_000: ["blank"] * 700 + ["yes"]}, after="<oops").write(tmp_path), last=last)
    path.write_bytes(b"PK no zip")
    with pytest.raises(BookError):
        read_book(path, last=last)
    reads_alike(replace(book, short={1: ["yes"]}).write(tmp_path), last)
    assert parsed == [1]


def test_what_was_written_by_us_is_read_again_as_little(tmp_path: Path, parsed: list[int]) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    path = book.write(tmp_path)
    snapshot = read_book(path, to_write=True, last=last)
    edits = Edits()
    edits.write("S1", 3, 2, [[7.0]])
    open_book(path, sha256=snapshot.sha256, inflated=snapshot.inflated).apply(edits)
    reads_alike(path, last)
    assert parsed == [1]


def test_a_book_too_long_is_not_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    read_book(book.write(tmp_path), to_write=True, last=last)
    assert last.before is not None
    monkeypatch.setattr(lastread, "MOST", 100)
    reads_alike(book.write(tmp_path), last)
    assert last.before is None


def test_of_a_sheet_that_is_as_it_was_no_refusal_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    path = book.write(tmp_path)
    read_book(path, to_write=True, last=last)
    monkeypatch.setattr(reread, "MAX_ALL", 3)
    monkeypatch.setattr("addin.books.guard.MAX_ALL", 3)
    with pytest.raises(BookError, match="S1"):
        read_book(path, to_write=True, last=last)


def test_what_is_kept_for_other_processes_is_written_when_asked(tmp_path: Path, parsed: list[int]) -> None:
    last, book = LastRead(), Told(LINES, OTHER)
    path = book.write(tmp_path)
    for lines in (LINES, LINES | {3: ["yes"]}):
        path = replace(book, long=lines).write(tmp_path)
        snapshot = read_book(path, to_write=True, last=last)
        assert snapshot.kept is not None
        last.put_off(snapshot.kept, path)
        assert not kept_file(path).exists()
    last.save()
    assert kept_file(path).exists()
    assert read_book(path, to_write=True, last=last).kept is None
    del parsed[:]
    assert read_book(path, to_write=True).kept is None
    assert parsed == [2]  # the short ones alone
