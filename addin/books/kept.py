"""What was read of a book's long sheets the last time, kept beside it, so that only what changed is parsed again.

A sheet is cut in blocks of rows (`addin.books.blocks`); a block is known again by the SHA-256 of its XML, taken run by
run (`addin.books.runs`), and what is kept is its cells as read, before anything was made of them: no mapping, setting
or rule takes part. Everything else a cell's value depends on (shared texts, number formats, date system, the reader's
version) must be as it was: shared texts may have grown at their end. The file holds no more than the book does, stands
in ``.danggol/`` like its backups, and is told from a damaged one by its own sums; without it a book is simply read
whole.
"""

from __future__ import annotations

import hashlib
import io
import json
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.books.blocks import Block, CannotCut, Facts, boundaries, look
from addin.books.celltable import series_of, stacked, to_table
from addin.books.extent import Extent
from addin.books.fresh import lay
from addin.books.journal import Journal
from addin.books.runs import Changed, Run, runs_in, sum_of
from addin.books.scan import SheetFacts
from addin.crm.grid import CellError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from addin.books.package import Package
    from addin.books.sheetxml import SheetXml
    from addin.crm.grid import CellValue
    from addin.crm.packed_rows import PackedRows

#: Rows of a block: few enough that a change costs little, enough that the cutting costs little.
ROWS = 5_000
#: Changes where the meaning of what is kept does.
_FORM = 2
_MAGIC = b"danggol kept rows\n"


class Piece(NamedTuple):
    """A block as it was read: the sums of its XML and of its runs', its first row of cells and how many, its table, and
    what it tells.
    """

    digest: str
    runs: list[str]
    first: int
    height: int
    width: int
    cells: int
    facts: Facts
    data: bytes
    sum: str

    def table(self) -> pl.DataFrame:
        """Its cells as `addin.books.celltable` has them."""
        import polars as pl

        return pl.read_ipc(io.BytesIO(self.data)) if self.height else pl.DataFrame()


class Around(NamedTuple):
    """What the values of all blocks depend on: ``looks`` in one word, and the shared texts' XML."""

    looks: str
    strings: bytes

    def grown_from(self, size: int, digest: str) -> bool:
        """Whether the shared texts begin with those of before and only new ones follow."""
        rest = self.strings[size : size + 3]
        return _sum(self.strings[:size]) == digest and len(self.strings) >= size and rest in (b"", b"<si")


@dataclass(slots=True)
class Kept:
    """Pieces by part, in the order of rows."""

    around: Around
    sheets: dict[str, list[Piece]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return any(self.sheets.values())

    def save(self, book: Path) -> None:
        """Write it beside the book, whole or not at all; where that can't be it is not kept."""
        head = {
            "form": _form(),
            "looks": self.around.looks,
            "strings": [len(self.around.strings), _sum(self.around.strings)],
            "sheets": {part: [_told(piece) for piece in pieces] for part, pieces in self.sheets.items()},
        }
        line = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
        data = (piece.data for pieces in self.sheets.values() for piece in pieces)
        lay(kept_file(book), [_MAGIC, _sum(line).encode(), b"\n", line, b"\n", *data])


def kept_file(book: Path) -> Path:
    """Where what is kept of a book stands."""
    journal = Journal(book)
    return journal.folder / f"{journal.key}.kept"


def load(book: Path, around: Around) -> Kept | None:
    """What is kept of a book, if it was read under the same circumstances; None where it wasn't or is damaged."""
    try:
        data = kept_file(book).read_bytes()
    except OSError:
        return None
    magic, digest, line = len(_MAGIC), 64, data.find(b"\n", len(_MAGIC) + 65)
    if not data.startswith(_MAGIC) or line < 0:
        return None
    text = data[magic + digest + 1 : line]
    if data[magic : magic + digest] != _sum(text).encode():
        return None
    head = json.loads(text)
    if head["form"] != _form() or head["looks"] != around.looks or not around.grown_from(*head["strings"]):
        return None
    kept, at = Kept(around), line + 1
    for part, listed in head["sheets"].items():
        pieces = kept.sheets[part] = []
        for told in listed:
            size = told.pop("size")
            pieces.append(_piece(told, data[at : at + size]))
            at += size
    return kept


def around(package: Package, date_1904: bool) -> Around:
    """The circumstances a book is read under."""
    part = package.workbook_part
    found = {kind: package.rel(part, kind) for kind in ("styles", "sharedStrings")}
    parts = {kind: rel.target for kind, rel in found.items() if rel is not None and package.has(rel.target)}
    formats: list[str] = []
    if "styles" in parts:
        root = package.xml(parts["styles"])
        codes = {e.get("numFmtId", ""): e.get("formatCode", "") for e in root.iterfind("{*}numFmts/{*}numFmt")}
        ids = [xf.get("numFmtId", "0") for xf in root.iterfind("{*}cellXfs/{*}xf")]
        formats = [f"{number} {codes.get(number, '')}" for number in ids]
    strings = package.read(parts["sharedStrings"]) if "sharedStrings" in parts else b""
    start, end = strings.find(b"<si"), strings.rfind(b"</sst>")
    if 0 <= start <= end:
        strings = strings[start:end]
    return Around(_sum(json.dumps([date_1904, formats]).encode()), strings)


def recognised(pieces: Sequence[Piece], xml: bytes, start: int, end: int) -> list[Piece | Changed] | None:
    """A sheet's blocks in order: those that are known, and the others; None where most of them are others."""
    known = {piece.digest: piece for piece in pieces if _sum(piece.data) == piece.sum}
    places = {(piece.facts.first - 1) // ROWS: piece for piece in known.values()}
    starts = boundaries(xml, start, end, ROWS)
    if not starts or starts[0] != start:
        return None
    out: list[Piece | Changed] = []
    for a, b in pairwise([*starts, end]):
        runs = runs_in(xml, a, b)
        piece = known.get(sum_of(runs))
        if piece is None:
            before = places.get((runs[0].row - 1) // ROWS)
            table = before.table() if before and before.height else None
            first, sums = (before.first, set(before.runs)) if before else (1, set[str]())
            out.append(Changed.of(xml[a:b], runs, first, table, sums))
        else:
            out.append(piece)
    return out if sum(isinstance(block, Piece) for block in out) * 2 >= len(out) else None


def told_by(blocks: Sequence[Piece | Facts]) -> tuple[Extent, SheetFacts]:
    """The reach of a sheet and what its cells tell, put together. `CannotCut` where rows are out of order."""
    facts = [block.facts if isinstance(block, Piece) else block for block in blocks]
    if any(a.last >= b.first for a, b in pairwise(facts)):
        raise CannotCut("order")
    errors = {place: error for own in facts for place, error in own.errors.items()}
    formulas = frozenset(column for own in facts for column in own.formulas)
    extent = Extent(max(own.reach[0] for own in facts), max(own.reach[1] for own in facts), plain=True)
    return extent, SheetFacts(errors, formulas, calls=any(own.calls for own in facts))


def piece_of(changed: Changed, parsed: Sequence[Block], facts: Facts) -> Piece | None:
    """A block for keeping, ``parsed`` being its `Changed.fresh`; None where its cells can't be kept."""
    found = changed.table(parsed)
    return None if found is None else _kept(changed.runs, *found, changed.xml.count(b"<c "), facts)


def pieces_of(
    sheet: SheetXml, rows: Sequence[Sequence[CellValue]], facts: SheetFacts, reach: Extent
) -> list[Piece] | None:
    """A sheet that was read whole, for keeping; ``facts`` and ``reach`` are those of all of it.

    None where it is not written so that it can be cut, or its cells can't be kept.
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
        here = rows[numbers[i] - 1 : numbers[j - 1]]
        table = to_table(here) if here else None
        if here and table is None:
            return None
        out.append(_kept(runs, numbers[i], table, xml.count(b"<c "), own))
        i = j
    return out


def rows_of(pieces: Sequence[Piece]) -> PackedRows:
    """The rows of a sheet from A1 on, with errors in place."""
    import polars as pl

    from addin.crm.packed_rows import PackedRows

    parts = [(piece.first, piece.table()) for piece in pieces if piece.height]
    height = parts[-1][0] + parts[-1][1].height - 1 if parts else 0
    errors = {(row - 1, column - 1): e for piece in pieces for (row, column), e in piece.facts.errors.items()}
    if (last := max((row + 1 for row, _ in errors), default=0)) > height:
        parts.append((last, pl.DataFrame({"0s": [""]})))
    return PackedRows.of(series_of(stacked(parts)), errors)


def _kept(runs: Sequence[Run], first: int, table: pl.DataFrame | None, cells: int, facts: Facts) -> Piece:
    data = b""
    if table is not None:
        buffer = io.BytesIO()
        table.write_ipc(buffer, compression="lz4")
        data = buffer.getvalue()
    height, width = (0, 0) if table is None else (table.height, max(int(name[:-1]) + 1 for name in table.columns))
    return Piece(sum_of(runs), [run.sum for run in runs], first, height, width, cells, facts, data, _sum(data))


def _told(piece: Piece) -> dict[str, Any]:
    facts = piece.facts
    return {
        "digest": piece.digest,
        "runs": piece.runs,
        "place": [piece.first, piece.height, piece.width, piece.cells, facts.first, facts.last, *facts.reach],
        "errors": [[row, column, error.code] for (row, column), error in facts.errors.items()],
        "formulas": sorted(facts.formulas),
        "calls": facts.calls,
        "sum": piece.sum,
        "size": len(piece.data),
    }


def _piece(told: dict[str, Any], data: bytes) -> Piece:
    first, height, width, cells, top, last, rows, columns = told["place"]
    errors = {(row, column): CellError(code) for row, column, code in told["errors"]}
    facts = Facts(top, last, (rows, columns), errors, frozenset(told["formulas"]), told["calls"])
    return Piece(told["digest"], told["runs"], first, height, width, cells, facts, data, told["sum"])


def _sum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@cache
def _form() -> list[object]:
    """The version of what is kept and of what it was read with."""
    from importlib.metadata import version

    return [_FORM, version("python-calamine"), version("polars")]
