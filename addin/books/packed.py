"""A very long sheet read in blocks into packed rows: with the memory of one block, and without a thread of its own.

The sheet is inflated as a stream and cut between rows; the pieces go as sheets of a workbook of their own to a file in
a temporary folder, so that the shared texts are parsed once. Whatever is unusual is read whole instead
(`addin.books.read`).
"""

from __future__ import annotations

import gc
import re
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from addin.books.blocks import CannotCut, Mold, blocks_in, cut, framed, look, opened, part_name, with_errors
from addin.books.extent import MAX_AREA, Extent
from addin.books.guard import check_runs
from addin.books.scan import CELL_STYLE, SheetFacts, beside, has_style
from addin.crm.grid import column_letter
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from addin.books.blocks import Block, Facts
    from addin.books.numfmt import Shown
    from addin.books.package import Package, SheetRef

#: Rows of a piece.
ROWS = 20_000
_DATA_END = b"</sheetData>"
#: From so many midnights of a block on, a column's formats are looked up together.
_MANY = 500


class Packed(NamedTuple):
    """A sheet's rows, what its XML tells beside the values, how far it reaches and whether midnights are times."""

    rows: PackedRows
    facts: SheetFacts
    extent: Extent
    has_time: Midnights


class Midnights:
    """`Grid.has_time` of a packed sheet: what each midnight's format shows was noted while it was read."""

    def __init__(self, formats: Sequence[Shown]) -> None:
        self._timed = frozenset(i for i, look in enumerate(formats) if look.time)
        self._dated = frozenset(i for i, look in enumerate(formats) if look.date)
        self._used: set[bool] = set()
        self._with_time: dict[int, set[int]] = {}

    def __call__(self, row: int, column: int) -> bool | None:
        """Whether the date at a 1-based cell is shown with a time; None where the book has no date formats."""
        if not self._dated:
            return None
        used = self._used if len({i in self._timed for i in self._dated}) == 2 else {bool(self._timed & self._dated)}
        return row in self._with_time.get(column, ()) if len(used) == 2 else True in used

    def note(self, xml: bytes, midnights: Mapping[int, Collection[int]]) -> None:
        """Look at a block's XML as it stands in the sheet; ``midnights``: `PackedRows.midnights`."""
        here = {style for style in self._dated if has_style(xml, style)}
        self._used |= {style in self._timed for style in here}
        for column, rows in midnights.items() if here & self._timed else ():
            self._with_time.setdefault(column, set()).update(self._timed_of(xml, column_letter(column), rows))

    def _timed_of(self, xml: bytes, letter: str, rows: Collection[int]) -> Iterable[int]:
        """Those of some rows, from above, whose cell has a format with a time."""
        if len(rows) > _MANY and 0 not in self._timed:
            timed = b"|".join(b"%d" % style for style in self._timed)
            found = re.findall(rb'<c r="%b(\d+)"[^>]*?\ss="(?:%b)"' % (letter.encode(), timed), xml)
            return {*map(int, found)}.intersection(rows)
        out, at = [], 0
        for row in rows:
            at = xml.find(b'<c r="%b%d"' % (letter.encode(), row), max(at, 0))
            found_style = CELL_STYLE.match(xml, max(at, 0))
            if at >= 0 and int(found_style[1] if found_style else 0) in self._timed:
                out.append(row)
        return out


def read_packed(package: Package, sheet: SheetRef, formats: Sequence[Shown]) -> Packed:
    """One worksheet. `CannotCut` where it has to be read whole, `BookError` where it is damaged or means harm."""
    collecting = gc.isenabled()
    gc.disable()  # millions of new cells are no garbage
    try:
        return _read(package, sheet, formats)
    finally:
        if collecting:
            gc.enable()


def _read(package: Package, sheet: SheetRef, formats: Sequence[Shown]) -> Packed:
    with tempfile.TemporaryDirectory(prefix="danggol-") as folder:
        path = Path(folder) / "pieces.xlsx"
        tail = _Tail(package.chunks(sheet.part))
        told: list[Facts] = []
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as pieces:
            for xml in cut(tail, ROWS):
                check_runs(xml, sheet.part, package.where)
                facts = look(xml)
                if facts.calls or (told and facts.first <= told[-1].last):
                    raise CannotCut("order")
                pieces.writestr(part_name(len(told)), framed(xml))
                told.append(facts)
            Mold(package).finish(pieces, len(told))
        rows, midnights = PackedRows(), Midnights(formats)
        for xml, block, facts in zip(_pieces(path, len(told)), _parsed(path, len(told)), told, strict=True):
            whole = with_errors(block, facts.errors)
            if not rows.append(whole.first, whole.rows):
                raise CannotCut("values")
            if whole.rows:
                midnights.note(xml, {at: found.to_list() for at, found in rows.midnights().items()})
    reach = (max(f.reach[0] for f in told), max(f.reach[1] for f in told)) if told else (0, 0)
    if reach[0] * reach[1] > MAX_AREA:
        raise CannotCut("far cells")
    cells = SheetFacts(formulas=frozenset().union(*(f.formulas for f in told)))
    found = beside(package, sheet.part, bytes(tail), 0, cells)
    return Packed(rows, found, Extent(*reach, True), midnights)


class _Tail:
    """Pieces of a part passed on, and what stands behind its rows."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._last = b""

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._pieces:
            self._last = self._last[-16:] + piece
            yield piece

    def __bytes__(self) -> bytes:
        at = self._last.rfind(_DATA_END)
        return self._last[max(at, 0) :] + b"".join(self._pieces)


def _pieces(path: Path, count: int) -> Iterator[bytes]:
    """Each piece's XML."""
    with zipfile.ZipFile(path) as pieces:
        for i in range(count):
            yield pieces.read(part_name(i))


def _parsed(path: Path, count: int) -> Iterator[Block]:
    """Each piece's values; `CannotCut` where calamine does not take one."""
    book = opened(path)
    for number in range(count):
        yield from blocks_in(book, [number])
