"""A very long sheet read in blocks into packed rows: with the memory of one block, and without a thread of its own.

The sheet is inflated as a stream and cut between rows, and plainly written cells become columns in bulk
(`addin.books.bulkcells`). The others go as sheets of a workbook of their own to a file in a temporary folder, so that
python-calamine parses the shared texts once. Whatever is unusual is read whole instead (`addin.books.read`).
"""

from __future__ import annotations

import gc
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from addin.books.blocks import CannotCut, Mold, blocks_in, cut, framed, look, opened, part_name, with_errors
from addin.books.bulkcells import Formats, take
from addin.books.extent import MAX_AREA, Extent
from addin.books.guard import check_runs
from addin.books.heap import give_back
from addin.books.scan import CELL_STYLE, SheetFacts, has_style
from addin.books.scan import beside as beside_rows
from addin.books.sharedtexts import shared_texts
from addin.crm.grid import Times, column_letter
from addin.crm.packed_rows import PackedRows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from addin.books.blocks import Facts
    from addin.books.bulkcells import Taken
    from addin.books.numfmt import Shown
    from addin.books.package import Package, SheetRef

#: Rows of a piece: the columns of more do not fit a processor's cache.
ROWS = 8_000
_DATA_END = b"</sheetData>"


class Packed(NamedTuple):
    """A sheet's rows, what its XML tells beside the values, how far it reaches and whether midnights are times."""

    rows: PackedRows
    facts: SheetFacts
    extent: Extent
    has_time: Midnights


class Midnights(Times):
    """`Grid.has_time` of a packed sheet: what each midnight's format shows was noted while it was read."""

    def __init__(self, formats: Sequence[Shown]) -> None:
        self._timed = frozenset(i for i, look in enumerate(formats) if look.time)
        self._dated = frozenset(i for i, look in enumerate(formats) if look.date)
        self._used: set[bool] = set()
        self._rows: dict[int, list[Collection[int]]] = {}
        self._known: dict[int, set[int]] = {}

    def __call__(self, row: int, column: int) -> bool | None:
        """Whether the date at a 1-based cell is shown with a time; None where the book has no date formats."""
        return self.many([row], column)[0]

    def many(self, rows: Sequence[int], column: int) -> list[bool | None]:
        """The same of some rows' cells."""
        if not self._dated:
            return [None] * len(rows)
        used = self._used if len({i in self._timed for i in self._dated}) == 2 else {bool(self._timed & self._dated)}
        if len(used) < 2:
            return [True in used] * len(rows)
        if column not in self._known:
            self._known[column] = set().union(*self._rows.get(column, ()))
        known = self._known[column]
        return [row in known for row in rows]

    def note(self, xml: bytes, midnights: Mapping[int, Collection[int]]) -> None:
        """Look at a block's XML as it stands in the sheet; ``midnights``: `PackedRows.midnights`."""
        here = {style for style in self._dated if has_style(xml, style)}
        self.note_used(here)
        for column, rows in midnights.items() if here & self._timed else ():
            self.note_rows(column, self._timed_of(xml, column_letter(column), rows))

    def note_used(self, styles: Collection[int]) -> None:
        """Formats that cells or rows have."""
        self._used |= {style in self._timed for style in self._dated.intersection(styles)}

    def note_rows(self, column: int, rows: Collection[int]) -> None:
        """Rows of a column whose date is shown with a time."""
        self._rows.setdefault(column, []).append(rows)
        self._known.pop(column, None)

    def _timed_of(self, xml: bytes, letter: str, rows: Collection[int]) -> list[int]:
        """Those of some rows, from above, whose cell has a format with a time."""
        out, at = [], 0
        for row in rows:
            at = xml.find(b'<c r="%b%d"' % (letter.encode(), row), max(at, 0))
            found_style = CELL_STYLE.match(xml, max(at, 0))
            if at >= 0 and int(found_style[1] if found_style else 0) in self._timed:
                out.append(row)
        return out


def read_packed(package: Package, sheet: SheetRef, formats: Sequence[Shown], date_1904: bool) -> Packed:
    """One worksheet. `CannotCut` where it has to be read whole, `BookError` where it is damaged or means harm."""
    collecting = gc.isenabled()
    gc.disable()  # millions of new cells are no garbage
    try:
        return _read(package, sheet, formats, date_1904)
    finally:
        if collecting:
            gc.enable()


def _read(package: Package, sheet: SheetRef, formats: Sequence[Shown], date_1904: bool) -> Packed:
    texts, looks = shared_texts(package), Formats(formats, date_1904)
    tail = _Tail(package.chunks(sheet.part))
    told: list[Taken] = []
    midnights = Midnights(formats)
    with tempfile.TemporaryDirectory(prefix="danggol-") as folder:
        others = _Others(Path(folder) / "pieces.xlsx", package)
        for xml in cut(tail, ROWS):
            check_runs(xml, sheet.part, package.where)
            taken = take(xml, texts, looks)
            if told and taken.first <= told[-1].last:
                raise CannotCut("order")
            others.put(taken.odd)
            midnights.note_used(taken.styles)
            if b"customFormat" in xml:  # rows may have formats of their own
                midnights.note(xml, {})
            for column, numbers in taken.timed.items():
                midnights.note_rows(column, numbers.tolist())
            told.append(taken._replace(odd=b""))
        rows = PackedRows()
        for taken, beside in zip(told, others.rows(midnights), strict=True):
            rows.extend(taken.first, taken.height, taken.series, beside)
    reach = (max(t.reach[0] for t in told), max(t.reach[1] for t in told)) if told else (0, 0)
    if reach[0] * reach[1] > MAX_AREA:
        raise CannotCut("far cells")
    del told, texts
    rows.join()
    give_back()
    cells = SheetFacts(formulas=frozenset(others.formulas))
    found = beside_rows(package, sheet.part, bytes(tail), 0, cells)
    return Packed(rows, found, Extent(*reach, True), midnights)


class _Others:
    """The cells that are not plainly written, of one block after the other: python-calamine says what they are."""

    def __init__(self, path: Path, package: Package) -> None:
        self._path, self._package = path, package
        self._numbers: list[int | None] = []  # of each block the worksheet its cells stand in
        self._facts: list[Facts] = []
        self.formulas: set[int] = set()

    def put(self, xml: bytes) -> None:
        """Note a block's cells, as rows of XML. `CannotCut` where one may call a function of ours."""
        if not xml:
            self._numbers.append(None)
            return
        facts = look(xml)
        if facts.calls:
            raise CannotCut("calls")
        self.formulas |= facts.formulas
        with zipfile.ZipFile(self._path, "a", zipfile.ZIP_STORED) as pieces:
            pieces.writestr(part_name(len(self._facts)), framed(xml))
        self._numbers.append(len(self._facts))
        self._facts.append(facts)

    def rows(self, midnights: Midnights) -> Iterator[PackedRows | None]:
        """Each block's cells; None where it has none."""
        if self._facts:
            with zipfile.ZipFile(self._path, "a", zipfile.ZIP_STORED) as pieces:
                Mold(self._package).finish(pieces, len(self._facts))
            book = opened(self._path)
        for number in self._numbers:
            if number is None:
                yield None
                continue
            (block,) = blocks_in(book, [number])
            whole, out = with_errors(block, self._facts[number].errors), PackedRows()
            if not out.append(whole.first, whole.rows):
                raise CannotCut("values")
            if len(out):
                with zipfile.ZipFile(self._path) as pieces:
                    xml = pieces.read(part_name(number))
                midnights.note(xml, {at: found.to_list() for at, found in out.midnights().items()})
            yield out


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
