"""Reading a workbook to `Grid`s: values by python-calamine, the rest by cheap probes of the same bytes.

What calamine does not tell (errors, formulas never calculated, whether a date's format shows a time) is laid over its
values while it parses on its own thread. A sheet it can't read is read by `addin.books.walk`.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from addin.books.blocks import CannotCut, Mold, blocks_in, framed, put
from addin.books.calamine import opened, rows_of, sheet_named, tried
from addin.books.extent import MAX_ALL
from addin.books.fewtexts import SHARED, few_texts
from addin.books.formulacells import Formulas, read_formulas
from addin.books.guard import check_sheet, open_guarded
from addin.books.lastread import Short
from addin.books.names import MAX_COLUMN, MAX_ROW, Names, drawn_rows, parse_cell
from addin.books.numfmt import Shown, cell_formats, from_serial
from addin.books.outline import LONG
from addin.books.package import Inflated
from addin.books.reread import Recalled, Reread
from addin.books.scan import scan
from addin.books.timeofday import KEEP_INFLATED, TimeOfDay, forget_long
from addin.books.walk import RawCell, rich_text, unescape, walk
from addin.crm.grid import CellError, CellValue, Grid, LongRows
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Mapping, Sequence
    from concurrent.futures import Executor

    from python_calamine import CalamineSheet, CalamineWorkbook

    from addin.books.blocks import Block
    from addin.books.extent import Extent
    from addin.books.kept import Kept
    from addin.books.lastread import LastRead
    from addin.books.package import Package, SheetRef
    from addin.books.packed import Packed
    from addin.books.scan import SheetFacts
    from addin.crm.packed_rows import PackedRows

#: Stands where a cell points at a text of the shared list that is not there.
LOST_TEXT = CellError("#LOST")
#: Sheets of so many bytes, inflated, are read in blocks and kept as columns: half the memory for some more time.
PACKED = 1 << 27
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$")


class Place(NamedTuple):
    """One cell: sheet name, 1-based row and column."""

    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Snapshot:
    """A workbook as it was when read.

    ``kind``    "xlsx" (also .xlsm) or "csv".
    ``sheets``  its worksheets in tab order, hidden ones too; chart sheets have no cells and are left out.
    ``tabs``    the names of all tabs, chart sheets too: a new tab may not take one of them.
    ``names``   defined names that point at one cell, hidden ones too.
    ``inflated`` worksheet parts by name, for `open_book` to begin with.
    ``drawn``   the last row danggol drew on a tab of its own; what stands below is people's.
    ``formulas`` every formula of the book where one of them calls a function of ours; else None.
    ``kept`` what was read, for the next reading; None where there is nothing new to keep.
    """

    path: Path
    kind: str
    sha256: str
    sheets: list[Grid]
    tabs: tuple[str, ...] = ()
    names: dict[str, Place] = field(default_factory=dict)
    date_1904: bool = False
    inflated: Inflated = field(default_factory=Inflated)
    formulas: Formulas | None = None
    kept: Kept | None = None
    drawn: dict[str, int] = field(default_factory=dict)

    def grid(self, name: str) -> Grid | None:
        """A sheet by name; Excel's names don't tell upper from lower case."""
        key = name.casefold()
        return next((g for g in self.sheets if g.name.casefold() == key), None)


def read_book(path: Path, *, to_write: bool = False, last: LastRead | None = None) -> Snapshot:
    """Read a .xlsx, .xlsm or .csv. `BookError` where it can't or mustn't be read; the file is only read, once.

    ``to_write``: long sheets are looked through for who writes them next while calamine parses them. ``last``: the same
    book as it was read before; it is what is read now from then on.
    """
    if path.suffix.lower() == ".csv":
        from addin.books.csvfile import read_csv

        data, grid = read_csv(path)
        return Snapshot(path, "csv", hashlib.sha256(data).hexdigest(), [grid], (grid.name,))
    package = open_guarded(path, None if last is None else last.parts)
    workbook = package.xml(package.workbook_part)
    settings = workbook.find("{*}workbookPr")
    date_1904 = settings is not None and settings.get("date1904") in ("1", "true", "on")
    reader = _Reader(package, date_1904, to_write, path, last)
    grids = reader.grids()
    if any(isinstance(grid.rows, LongRows) for grid in grids):  # so large a book is let go once it is read
        for grid in grids:
            if isinstance(grid.has_time, TimeOfDay):
                grid.has_time.stay()
    formulas = read_formulas(package, reader.formats) if reader.calls else None
    tabs = tuple(s.name for s in package.sheets)
    names, drawn = _names(package, tabs)
    reader.done()
    return Snapshot(
        path, "xlsx", package.sha256, grids, tabs, names, date_1904, package.inflated, formulas, reader.to_keep(), drawn
    )


def _names(package: Package, tabs: Sequence[str]) -> tuple[dict[str, Place], dict[str, int]]:
    """The names that point at one cell, and the last row danggol drew on each tab of its own."""
    every = Names(package)
    places: dict[str, Place] = {}
    for item in every.all():
        place = parse_cell(item.formula)
        if place and (item.local is None or item.name not in places):
            places[item.name] = Place(*place)
    return places, drawn_rows(every, tabs)


def begin(path: Path, *, to_write: bool = False, last: LastRead | None = None) -> Future[Snapshot]:
    """Start `read_book` on a thread; ``.result()`` waits, or raises what it raised. Most of it runs without the GIL."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="read-book")
    future = pool.submit(read_book, path, to_write=to_write, last=last)
    pool.shutdown(wait=False)
    return future


class _Reader:
    """The worksheets of one guarded workbook."""

    def __init__(
        self,
        package: Package,
        date_1904: bool,
        to_write: bool = False,
        book: Path | None = None,
        last: LastRead | None = None,
    ) -> None:
        self.package, self.date_1904, self.to_write = package, date_1904, to_write
        self.before = Reread(package, date_1904, book, to_write, last) if book is not None else None
        self._walks: set[str] = set()  # sheets calamine can't read
        self.extents: dict[str, Extent] = {}
        self.calls = False  # whether a formula of the book calls a function of ours
        styles = self.package.rel(self.package.workbook_part, "styles")
        there = styles is not None and self.package.has(styles.target)
        self.formats = cell_formats(self.package.xml(styles.target) if styles and there else None)

    def grids(self) -> list[Grid]:
        """Each sheet: once it is guarded, calamine parses it on a thread (without the GIL) while this one probes it."""
        sheets = [sheet for sheet in self.package.sheets if sheet.kind == "worksheet"]
        with ThreadPoolExecutor(1, thread_name_prefix="calamine") as pool:
            short = self._short(sheets)
            others = [sheet for sheet in sheets if sheet.part not in short]
            recalled = self.before.recall(others, self.extents) if self.before else {}
            parsed: list[Future[list[CalamineSheet]] | None] = []
            long = {} if recalled else self._long(others)
            if recalled or long or short:
                parsed = self._begin_again(sheets, recalled, {*long, *short}, pool)
            else:
                book = pool.submit(opened, self.package.data)
                for sheet in sheets:
                    check_sheet(self.package, sheet, self.extents)
                    parsed.append(pool.submit(sheet_named, book, sheet.name))
            told = map(recalled.get, (sheet.part for sheet in sheets))
            return [
                self._as_grid(sheet, kept.rows, kept.has_time, kept.facts)
                if (kept := long.get(sheet.part)) is not None
                else self._known(sheet, short[sheet.part])
                if sheet.part in short
                else self._grid(sheet, values, known)
                for sheet, values, known in zip(sheets, parsed, told, strict=True)
            ]

    def _short(self, sheets: Sequence[SheetRef]) -> dict[str, Short]:
        """In a process that stays, the sheets that are as they were; long ones are being inflated meanwhile."""
        if self.before is None or not self.before.holds:
            return {}
        _ = self.package.sha256
        return self.before.short(sheets, self.extents)

    def _known(self, sheet: SheetRef, known: Short) -> Grid:
        """A sheet as it was."""
        self.calls |= known.facts.calls
        if self.before is not None:
            self.before.hold(sheet.part, known)
        has_time = TimeOfDay(self.package, sheet.part, self.formats, plain=known.reach.plain)
        return self._as_grid(sheet, known.own(), has_time, known.facts)

    def _long(self, sheets: Sequence[SheetRef]) -> dict[str, Packed]:
        """The very long ones, read in blocks, by part: all but those that have to be read whole."""
        out: dict[str, Packed] = {}
        for sheet in sheets:
            if self.package.weight(sheet.part) >= PACKED:
                from addin.books.packed import read_packed

                with suppress(CannotCut, OSError):
                    found = read_packed(self.package, sheet, self.formats, self.date_1904)
                    if found.extent.area + sum(e.area for e in self.extents.values()) <= MAX_ALL:
                        self.extents[sheet.part] = found.extent
                        out[sheet.part] = found
        return out

    def _as_grid(
        self,
        sheet: SheetRef,
        rows: list[list[CellValue]] | PackedRows,
        has_time: Callable[[int, int], bool | None],
        facts: SheetFacts,
    ) -> Grid:
        return Grid(
            sheet.name,
            rows,
            has_time,
            facts.merged,
            facts.tables,
            facts.filters,
            facts.drawn,
            hidden=sheet.state != "visible",
            epoch_1904=self.date_1904,
            formulas=facts.formulas,
        )

    def _begin_again(
        self,
        sheets: Sequence[SheetRef],
        recalled: Mapping[str, Recalled],
        there: Container[str],
        pool: Executor,
    ) -> list[Future[list[CalamineSheet]] | None]:
        """Parse what is not ``there``, all in one workbook: the shared texts are read once, and only where a cell
        points at one of them.
        """
        parts: list[bytes] = []
        for sheet in sheets:
            if sheet.part in there:
                continue
            check_sheet(self.package, sheet, self.extents)
            known = recalled.get(sheet.part)
            parts += [self.package.read(sheet.part)] if known is None else [framed(xml) for xml in known.to_parse]
        texts: bool | bytes = any(SHARED.search(part) for part in parts)
        if texts and self.before is not None and self.before.old is not None:
            parts, texts = few_texts(parts, self.before.around.strings, self.before.text_starts) or (parts, True)
        book = pool.submit(Mold(self.package, texts=texts).open, parts) if parts else None
        out: list[Future[list[CalamineSheet]] | None] = []
        at = 0
        for sheet in sheets:
            if sheet.part in there:
                out.append(None)
                continue
            known = recalled.get(sheet.part)
            numbers = range(at, at := at + (1 if known is None else len(known.to_parse)))
            if known is not None:
                known.parsed = pool.submit(_blocks_at, book, numbers)
            out.append(pool.submit(self._parse_at, book, numbers[0], sheet.name) if known is None and book else None)
        return out

    def _parse_at(self, book: Future[CalamineWorkbook], number: int, name: str) -> list[CalamineSheet]:
        try:
            found = book.result()
        except CannotCut:
            return self._parse_whole(name)
        return tried(lambda: [found.get_sheet_by_index(number)]) or []

    def _parse_whole(self, name: str) -> list[CalamineSheet]:
        """A sheet of the book as it is."""
        book: Future[CalamineWorkbook | None] = Future()
        book.set_result(opened(self.package.data))
        return sheet_named(book, name)

    def done(self) -> None:
        """All of the book is read."""
        if self.before is not None:
            self.before.done()

    def to_keep(self) -> Kept | None:
        """What is to be kept of the book for its next reading."""
        return self.before.to_keep if self.before else None

    def _grid(self, sheet: SheetRef, parsed: Future[list[CalamineSheet]] | None, recalled: Recalled | None) -> Grid:
        part, plain, bare = sheet.part, self.extents[sheet.part].plain, False
        cells = recalled.cells if recalled else None
        if cells is None and self.to_write and plain and LONG < len(self.package.read(part)) < KEEP_INFLATED:
            with suppress(BookRefused):  # said when it comes to writing
                found = self.package.sheet_xml(part, sheet.name)
                found.look_ahead()
                bare = not found.formulas
        facts = scan(self.package, part, plain=plain, bare=bare, cells=cells)
        self.calls |= facts.calls
        used = recalled.used if recalled else None
        has_time = TimeOfDay(self.package, part, self.formats, plain=plain, used=used)
        forget_long(self.package, part)  # calamine's cells and ours need that room
        rows = self._rows(sheet, parsed, recalled, facts)
        forget_long(self.package, part)
        if isinstance(rows, list):
            rows = trimmed(rows)
            for (row, column), error in facts.errors.items():
                put(rows, row, column, error)
            while rows and all(v is None or v == "" for v in rows[-1]):
                rows.pop()
            if self.before is not None and part not in self._walks:
                self.before.hold(part, Short.of(self.extents[part], facts, rows))
        return self._as_grid(sheet, rows, has_time, facts)

    def _rows(
        self, sheet: SheetRef, parsed: Future[list[CalamineSheet]] | None, recalled: Recalled | None, facts: SheetFacts
    ) -> list[list[CellValue]] | PackedRows:
        """The rows, with errors where they are packed; kept for the next time."""
        if recalled is not None and self.before is not None:
            try:
                known = recalled.rows(self.before.keeps, self.before.holds)
            except CannotCut:
                values = self._parse_whole(sheet.name)
            else:
                self.before.keep(sheet.part, recalled)
                return known
        else:
            values = parsed.result() if parsed is not None else []
        rows = rows_of(values)
        if rows is None:
            self._walks.add(sheet.part)
            return self._walked(sheet.part)
        if self.before is None or not (self.before.keeps or self.before.holds):
            return rows  # calamine's cells go with the reading: letting them go now leaves holes, 35 MB of them
        values.clear()
        return self.before.keep_whole(sheet.part, rows, facts, self.extents[sheet.part])

    def _walked(self, part: str) -> list[list[CellValue]]:
        """The rows by the XML parser: for sheets calamine can't read."""
        rows: list[list[CellValue]] = []
        for cell in walk(self.package.read(part), f"{Path(self.package.where).name} {part}"):
            value = self._value(cell)
            if value is not None and 1 <= cell.row <= MAX_ROW and cell.column <= MAX_COLUMN:
                put(rows, cell.row, cell.column, value)
        return rows

    @cached_property
    def _texts(self) -> list[str]:
        """The shared texts; [] where the part is missing."""
        rel = self.package.rel(self.package.workbook_part, "sharedStrings")
        if rel is None or not self.package.has(rel.target):
            return []
        return [rich_text(item) for item in self.package.xml(rel.target).iterchildren("{*}si")]

    def _value(self, cell: RawCell) -> CellValue:
        text = cell.text
        if text is None:
            return None
        match cell.type:
            case "s":
                index = int(text) if text.strip().isdecimal() else -1
                return self._texts[index] if 0 <= index < len(self._texts) else LOST_TEXT
            case "inlineStr":
                return text
            case "str":
                return unescape(text)
            case "b":
                return text.strip() in ("1", "true")
            case "e":
                return CellError(text.strip())
            case "d":
                return _iso(text)
        if not _NUMBER.match(text):
            return text or None
        look = self.formats[cell.style] if cell.style < len(self.formats) else Shown()
        return from_serial(float(text), look, self.date_1904) if look.date else float(text)


def _blocks_at(book: Future[CalamineWorkbook] | None, numbers: Sequence[int]) -> list[Block]:
    return [] if book is None else blocks_in(book.result(), numbers)


def trimmed(rows: list[list[CellValue]]) -> list[list[CellValue]]:
    """Rows of one length without the columns at the end that are blank all the way down."""
    if len(lengths := set(map(len, rows))) != 1:
        return rows
    (width,) = (full,) = lengths
    while width and all(row[width - 1] == "" for row in rows):
        width -= 1
    return rows if width == full else [row[:width] for row in rows]


def _iso(text: str) -> CellValue:
    """A cell of type ``d``: ISO 8601; as typed where it is not."""
    text = text.strip()
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    moment = moment.replace(tzinfo=None)
    return moment.date() if len(text) <= 10 else moment
