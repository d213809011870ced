"""What was read of a book's long sheets the last time, kept beside it, so that only what changed is parsed again.

A sheet is cut in blocks of rows (`addin.books.blocks`); a block is known again by the SHA-256 of its XML, taken run by
run (`addin.books.runs`), and what is kept is its cells as read, before anything was made of them: no mapping, setting
or rule takes part. They stand in one table of the sheet as it was read whole (`addin.books.keptrows`); a block that
changed since brings rows of its own, until these are so many that the table is made anew. Everything else a cell's
value depends on (shared texts, number formats, date system, the reader's version) must be as it was: shared texts may
have grown at their end. The file holds no more than the book does, stands in ``.danggol/`` like its backups, and is
told from a damaged one by its own sum; without it a book is simply read whole.
"""

from __future__ import annotations

import hashlib
import json
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate, groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.books.blocks import Block, CannotCut, Facts, look
from addin.books.celltable import Stretch
from addin.books.extent import Extent
from addin.books.fresh import lay
from addin.books.journal import Journal
from addin.books.keptrows import Columns, HeldRows, KeptRows, packed, unpacked
from addin.books.nearrows import Cuts
from addin.books.numfmt import cell_formats
from addin.books.runs import Changed, Run, Seen, runs_in, sum_of
from addin.books.scan import SheetFacts, has_style
from addin.books.sheetxml import DATA, holds_formula
from addin.crm.grid import CellError
from addin.crm.packed_rows import by_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import polars as pl

    from addin.books.package import Package
    from addin.books.sheetxml import SheetXml
    from addin.crm.grid import CellValue

#: The formats that show dates: with a time of day, and without.
Dates = Mapping[bool, Sequence[int]]
#: Rows of a block: few enough that a change costs little, enough that there is little to say of all of them.
ROWS = 1_000
#: Where more than this share of the rows stand in blocks of their own, their table is made anew.
_OWN = 0.25
#: What is kept weighs no more than this many times the book, and so many bytes.
_HEAVIEST, _AT_LEAST = 16, 1 << 20
#: Changes where the meaning of what is kept does.
_FORM = 5
_MAGIC = b"danggol kept rows\n"


class Piece(NamedTuple):
    """A block as it was read: the sum of its XML, its runs (number, length, sum), its first row of cells and how many,
    what it tells, whether it shows dates with (True) and without (False) a time, whether it is known to hold no
    formula, and its rows where the sheet's table has not got them.
    """

    digest: str
    runs: list[tuple[int, int, str]]
    first: int
    height: int
    cells: int
    facts: Facts
    dates: frozenset[bool]
    bare: bool
    data: bytes

    def table(self, rows: KeptRows) -> pl.DataFrame:
        """Its cells as `addin.books.celltable` has them."""
        return unpacked(self.data) if self.data else rows.table(self.first, self.height)


class KeptSheet(NamedTuple):
    """A sheet's blocks in the order of rows, and the table in which most of them stand."""

    pieces: list[Piece]
    rows: KeptRows

    @property
    def digests(self) -> list[str]:
        """What the sheet is known by."""
        return [piece.digest for piece in self.pieces]

    def columns(self) -> tuple[Columns, dict[tuple[int, int], CellError]]:
        """The cells of the sheet from A1 on, and its errors by row and column from 0. `CannotCut` where they are
        damaged.
        """
        stretches = [Stretch(p.first, p.height, unpacked(p.data) if p.data else None) for p in self.pieces]
        return self.laid(stretches)

    def laid(self, stretches: Iterable[Stretch]) -> tuple[Columns, dict[tuple[int, int], CellError]]:
        """The same, told from the rows of its blocks."""
        errors = {(row - 1, column - 1): e for piece in self.pieces for (row, column), e in piece.facts.errors.items()}
        return self.rows.laid(stretches, max((row + 1 for row, _ in errors), default=0)), errors

    @property
    def in_memory(self) -> bool:
        """Whether no block brings rows of its own: all of them stand in the table as they are read."""
        return isinstance(self.rows, HeldRows)

    def made_anew(self, columns: Columns) -> KeptSheet:
        """The sheet with one table of all its cells, where too many stand apart."""
        own = sum(piece.height for piece in self.pieces if piece.data)
        if own <= _OWN * sum(piece.height for piece in self.pieces):
            return self
        return KeptSheet([piece._replace(data=b"") for piece in self.pieces], KeptRows.of(columns.items()))

    def held(self, columns: Columns) -> KeptSheet:
        """The sheet with a table of all its cells as they are, for a process that stays."""
        return KeptSheet([piece._replace(data=b"") for piece in self.pieces], HeldRows(columns))

    def seen(self, xml: bytes | None) -> Seen | None:
        """Where its runs stand in the XML it was told from."""
        opening = DATA.search(xml, 0, 1 << 20) if xml is not None else None
        if xml is None or opening is None:
            return None
        runs = [run for piece in self.pieces for run in piece.runs]
        ends = accumulate((length for _, length, _ in runs), initial=opening.end())
        return Seen(xml, {number: start for (number, *_), start in zip(runs, ends, strict=False)})


class Around(NamedTuple):
    """What the values of all blocks depend on: the date system, what the cells' formats are, the shared texts' XML; and
    the formats of dates. Formats and texts that are added behind the others change nothing in cells that point at none
    of them.
    """

    date_1904: bool
    looks: Sequence[str]
    strings: bytes
    dates: Dates

    def told(self, count: int) -> str:
        """The date system and so many formats in one word."""
        return _sum(json.dumps([self.date_1904, self.looks[:count]]).encode())

    def dates_from(self, count: int) -> list[int]:
        """The formats of dates behind so many formats."""
        return [style for styles in self.dates.values() for style in styles if style >= count]

    def grown_from(self, size: int, digest: str) -> bool:
        """Whether the shared texts begin with those of before and only new ones follow."""
        rest = self.strings[size : size + 3]
        return _sum(self.strings[:size]) == digest and len(self.strings) >= size and rest in (b"", b"<si")

    def allows(self, before: Around) -> bool:
        """Whether cells that are as they were under other circumstances mean what they meant."""
        rest = self.strings[len(before.strings) : len(before.strings) + 3]
        if self.date_1904 != before.date_1904 or self.looks[: len(before.looks)] != before.looks:
            return False
        return self.strings.startswith(before.strings) and rest in (b"", b"<si")


@dataclass(slots=True)
class Kept:
    """The sheets by part; ``formats``: how many formats the book had when they were read."""

    around: Around
    formats: int
    sheets: dict[str, KeptSheet] = field(default_factory=dict)

    @property
    def digests(self) -> dict[str, list[str]]:
        """What the sheets are known by."""
        return {part: sheet.digests for part, sheet in self.sheets.items()}

    def save(self, book: Path) -> None:
        """Write it beside the book, whole or not at all; where that can't be it is not kept."""
        rows = {part: sheet.rows.packed() for part, sheet in self.sheets.items()}
        head = {
            "form": _form(),
            "looks": [len(self.around.looks), self.around.told(len(self.around.looks))],
            "strings": [len(self.around.strings), _sum(self.around.strings)],
            "sheets": {
                part: {
                    "rows": [len(rows[part].words), len(rows[part].cells)],
                    "pieces": [_told(piece) for piece in sheet.pieces],
                }
                for part, sheet in self.sheets.items()
            },
        }
        data = [json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(), b"\n"]
        for part, sheet in self.sheets.items():
            data += [rows[part].words, rows[part].cells, *(piece.data for piece in sheet.pieces)]
        lay(kept_file(book), [_MAGIC, _sum(*data).encode(), b"\n", *data])


def kept_file(book: Path) -> Path:
    """Where what is kept of a book stands."""
    journal = Journal(book)
    return journal.folder / f"{journal.key}.kept"


def load(book: Path, around: Around) -> Kept | None:
    """What is kept of a book, if it was read under the same circumstances; None where it wasn't or is damaged."""
    file = kept_file(book)
    try:
        if file.stat().st_size > _HEAVIEST * book.stat().st_size + _AT_LEAST:
            return None
        data = file.read_bytes()
    except OSError:
        return None
    view, start = memoryview(data), len(_MAGIC) + 65
    if not data.startswith(_MAGIC) or data[len(_MAGIC) : start - 1] != _sum(view[start:]).encode():
        return None
    line = data.find(b"\n", start)
    try:
        head = json.loads(data[start:line])
        count, looks = head["looks"]
        if head["form"] != _form() or looks != around.told(count) or not around.grown_from(*head["strings"]):
            return None
        kept, at = Kept(around, count), line + 1
        for part, told in head["sheets"].items():
            sizes = [*told["rows"], *(piece["size"] for piece in told["pieces"])]
            ends = [*accumulate(sizes, initial=at)]
            words, cells, *own = (data[a:b] for a, b in pairwise(ends))
            at = ends[-1]
            kept.sheets[part] = KeptSheet([*map(_read, told["pieces"], own)], KeptRows(words, cells))
    except (LookupError, AttributeError, TypeError, ValueError, RecursionError):  # anybody may have written it
        return None
    return kept


def around(package: Package, date_1904: bool) -> Around:
    """The circumstances a book is read under."""
    part = package.workbook_part
    found = {kind: package.rel(part, kind) for kind in ("styles", "sharedStrings")}
    parts = {kind: rel.target for kind, rel in found.items() if rel is not None and package.has(rel.target)}
    formats: list[str] = []
    dates: Dates = {}
    if "styles" in parts:
        root = package.xml(parts["styles"])
        codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iterfind("{*}numFmts/{*}numFmt")}
        ids = [xf.get("numFmtId", "0") for xf in root.iterfind("{*}cellXfs/{*}xf")]
        formats = [f"{number} {codes.get(number, '')}" for number in ids]
        shown = [(at, look.time) for at, look in enumerate(cell_formats(root)) if look.date]
        dates = {kind: [at for at, time in shown if time == kind] for kind in (True, False)}
    strings = package.read(parts["sharedStrings"]) if "sharedStrings" in parts else b""
    start, end = strings.find(b"<si"), strings.rfind(b"</sst>")
    if 0 <= start <= end:
        strings = strings[start:end]
    return Around(date_1904, formats, strings, dates)


def recognised(
    sheet: KeptSheet, xml: bytes, start: int, end: int, seen: Seen | None = None
) -> tuple[list[Piece | Changed], Cuts] | None:
    """A sheet's blocks in order: those that are known, and the others; None where most of them are others. Beside them
    where its runs stand. ``seen``: `KeptSheet.seen`.

    `CannotCut` where what is kept is damaged.
    """
    known = {piece.digest: piece for piece in sheet.pieces}
    places = {(piece.facts.first - 1) // ROWS: piece for piece in sheet.pieces}
    before = {number: (length, told) for piece in sheet.pieces for number, length, told in piece.runs}
    runs = runs_in(xml, start, end, before, seen)
    if not runs:
        return None
    out: list[Piece | Changed] = []
    for number, group in groupby(runs, lambda run: (run.row - 1) // ROWS):
        own = [*group]
        piece = known.get(sum_of(own))
        if piece is None:
            old = places.get(number)
            first, height = (old.first, old.height) if old else (1, 0)
            sums = {told for *_, told in old.runs} if old else set[str]()
            table = old.table(sheet.rows) if old and height and not sheet.in_memory else None
            out.append(Changed.of(xml[own[0].start : own[-1].end], own, first, table, sums, height))
        else:
            out.append(piece)
    if sum(isinstance(block, Piece) for block in out) * 2 < len(out):
        return None
    bare = all(block.bare if isinstance(block, Piece) else not holds_formula(block.xml) for block in out)
    return out, Cuts([run.row for run in runs], [run.start for run in runs], bare)


def told_by(blocks: Sequence[Piece | Facts]) -> tuple[Extent, SheetFacts]:
    """The reach of a sheet and what its cells tell, put together. `CannotCut` where rows are out of order."""
    facts = [block.facts if isinstance(block, Piece) else block for block in blocks]
    if any(a.last >= b.first for a, b in pairwise(facts)):
        raise CannotCut("order")
    errors = {place: error for own in facts for place, error in own.errors.items()}
    formulas = frozenset(column for own in facts for column in own.formulas)
    extent = Extent(max(own.reach[0] for own in facts), max(own.reach[1] for own in facts), plain=True)
    return extent, SheetFacts(errors, formulas, calls=any(own.calls for own in facts))


def piece_of(changed: Changed, parsed: Sequence[Block], facts: Facts, dates: Dates) -> Piece | None:
    """A block for keeping, ``parsed`` being its `Changed.fresh`; None where its cells can't be kept."""
    found = changed.table(parsed)
    if found is None:
        return None
    first, table = found
    data = b"" if table is None else packed(table)
    return piece_at(changed, first, 0 if table is None else table.height, facts, dates, data)


def piece_at(changed: Changed, first: int, height: int, facts: Facts, dates: Dates, data: bytes = b"") -> Piece:
    """A block whose cells are so many rows."""
    return _piece(changed.runs, first, height, changed.xml, facts, dates, not holds_formula(changed.xml), data)


def pieces_of(
    sheet: SheetXml,
    rows: Sequence[Sequence[CellValue]],
    facts: SheetFacts,
    reach: Extent,
    dates: Dates,
    *,
    held: bool = False,
) -> KeptSheet | None:
    """A sheet that was read whole, for keeping; ``facts`` and ``reach`` are those of all of it. ``held``: in memory.

    None where it is not written so that it can be cut; `CannotCut` where its cells can't be kept.
    """
    told = sheet.outline
    if told is None or told.comments or sheet.data[sheet.start : sheet.start + 5] != b"<row ":
        return None
    numbers, starts = sheet.rows, sheet.starts
    out: list[Piece] = []
    i = 0
    while i < len(numbers):
        behind = (numbers[i] - 1) // ROWS * ROWS + ROWS
        j = bisect_left(numbers, behind + 1, i)
        a, b = starts[i], starts[j] if j < len(numbers) else sheet.end
        xml, runs = sheet.data[a:b], runs_in(sheet.data, a, b)
        if facts.formulas or facts.errors:
            own = look(xml)
        else:
            own = Facts(numbers[i], numbers[j - 1], (reach.rows, reach.columns), {}, facts.formulas, calls=False)
        height = max(min(numbers[j - 1], len(rows)) - numbers[i] + 1, 0)
        out.append(_piece(runs, numbers[i], height, xml, own, dates, not sheet.formulas))
        i = j
    columns = _columns(rows)
    return KeptSheet(out, HeldRows(dict(columns)) if held else KeptRows.of(columns))


def _columns(rows: Sequence[Sequence[CellValue]]) -> Iterator[tuple[tuple[int, type], pl.Series]]:
    """Equally long rows from A1 on as columns, one after the other. `CannotCut` where a cell can't be kept."""
    for at in range(len(rows[0]) if rows else 0):
        own = by_type([row[at] for row in rows])
        if own is None:
            raise CannotCut("cells")
        yield from (((at, kind), cells) for kind, cells in own.items())


def dates_in(xml: bytes, dates: Dates) -> frozenset[bool]:
    """Whether something in some XML has a format that shows a date with a time (True), one without (False)."""
    return frozenset(kind for kind, styles in dates.items() if any(has_style(xml, style) for style in styles))


def _piece(
    runs: Sequence[Run], first: int, height: int, xml: bytes, facts: Facts, dates: Dates, bare: bool, data: bytes = b""
) -> Piece:
    told = [(run.number, run.end - run.start, run.sum) for run in runs]
    return Piece(sum_of(runs), told, first, height, xml.count(b"<c "), facts, dates_in(xml, dates), bare, data)


def _told(piece: Piece) -> dict[str, Any]:
    facts = piece.facts
    return {
        "digest": piece.digest,
        "runs": piece.runs,
        "place": [piece.first, piece.height, piece.cells, facts.first, facts.last, *facts.reach],
        "errors": [[row, column, error.code] for (row, column), error in facts.errors.items()],
        "formulas": sorted(facts.formulas),
        "calls": facts.calls,
        "dates": sorted(piece.dates),
        "bare": piece.bare,
        "size": len(piece.data),
    }


def _read(told: dict[str, Any], data: bytes) -> Piece:
    first, height, cells, top, last, rows, columns = map(int, told["place"])
    errors = {(int(row), int(column)): CellError(str(code)) for row, column, code in told["errors"]}
    runs = [(int(number), int(length), str(digest)) for number, length, digest in told["runs"]]
    facts = Facts(top, last, (rows, columns), errors, frozenset(told["formulas"]), told["calls"])
    dates, bare = frozenset(told["dates"]), told["bare"] is True
    return Piece(str(told["digest"]), runs, first, height, cells, facts, dates, bare, data)


def _sum(*parts: bytes | memoryview) -> str:
    found = hashlib.sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


@cache
def _form() -> list[object]:
    """The version of what is kept and of what it was read with, which is told by its file: looking versions up takes
    longer than reading what is kept.
    """
    import polars as pl
    from python_calamine import _python_calamine as reader

    told = Path(reader.__file__ or "").stat()
    return [_FORM, pl.__version__, told.st_size, told.st_mtime_ns]
