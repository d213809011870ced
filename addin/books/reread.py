"""A book read again: blocks of its long sheets that are as they were come from what is kept, others are parsed."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from addin.books.blocks import CannotCut, look
from addin.books.extent import MAX_ALL, MAX_AREA, SMALL_AREA
from addin.books.guard import check_runs
from addin.books.kept import Kept, Piece, around, kept_file, load, piece_of, pieces_of, recognised, rows_of, told_by
from addin.books.names import Names
from addin.books.outline import LONG
from addin.books.sheetxml import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from addin.books.blocks import Block, Facts
    from addin.books.extent import Extent
    from addin.books.kept import Around
    from addin.books.package import Package, SheetRef
    from addin.books.runs import Changed
    from addin.books.scan import SheetFacts
    from addin.crm.grid import CellValue
    from addin.crm.packed_rows import PackedRows

#: Only who refreshes a book again will do so once more: the first refresh pays nothing for it.
_REFRESHED = "_danggol.tab.dashboard"


@dataclass(slots=True)
class Recalled:
    """One sheet most of whose blocks are known; ``fresh`` the others, with what they tell."""

    known: list[Piece | None]
    fresh: list[tuple[Changed, Facts]]
    cells: SheetFacts
    parsed: Future[list[Block]] = field(default_factory=Future)
    pieces: list[Piece] = field(default_factory=list)

    @property
    def to_parse(self) -> list[bytes]:
        """The XML that is to be parsed."""
        return [xml for changed, _ in self.fresh for xml in changed.fresh]

    def rows(self) -> PackedRows:
        """The sheet's rows from A1 on, once ``parsed`` is there.

        `CannotCut` where calamine does not take a block, or it holds what can't be kept.
        """
        parsed = iter(self.parsed.result())
        new = iter([piece_of(changed, [*islice(parsed, len(changed.fresh))], facts) for changed, facts in self.fresh])
        pieces = [piece or next(new) for piece in self.known]
        self.pieces = [piece for piece in pieces if piece is not None]
        if len(self.pieces) < len(pieces):
            raise CannotCut("cells")
        return rows_of(self.pieces)


class Reread:
    """What is kept of a book, beside the book as it is now."""

    def __init__(self, package: Package, date_1904: bool, book: Path, to_write: bool) -> None:
        self.package, self.date_1904, self.book = package, date_1904, book
        self.old = load(book, self.around) if kept_file(book).is_file() else None
        self.keeps = to_write and any(name.name == _REFRESHED for name in Names(package).all())
        self._new: dict[str, list[Piece]] = {}

    @cached_property
    def around(self) -> Around:
        """The circumstances it is read under."""
        return around(self.package, self.date_1904)

    def recall(self, sheets: Iterable[SheetRef], reaches: dict[str, Extent]) -> dict[str, Recalled]:
        """The sheets that mostly are as they were, by part, guarded: their reach is in ``reaches``."""
        found = {sheet.part: self._recalled(sheet, reaches) for sheet in sheets} if self.old else {}
        return {part: recalled for part, recalled in found.items() if recalled is not None}

    def _recalled(self, sheet: SheetRef, reaches: dict[str, Extent]) -> Recalled | None:
        pieces = self.old.sheets.get(sheet.part) if self.old else None
        if not pieces or sheet.part in reaches:
            return None
        xml = self.package.read(sheet.part)
        check_runs(xml, sheet.part, self.package.where)
        opening, end = DATA.search(xml, 0, 1 << 20), xml.rfind(b"</sheetData>")
        if opening is None or end < 0 or b"<!--" in xml[: opening.start()]:
            return None
        blocks = recognised(pieces, xml, opening.end(), end)
        if blocks is None:
            return None
        try:
            fresh = [(block, look(block.xml)) for block in blocks if not isinstance(block, Piece)]
            told = iter(fresh)
            reach, cells = told_by([block if isinstance(block, Piece) else next(told)[1] for block in blocks])
        except CannotCut:
            return None
        count = sum(block.cells if isinstance(block, Piece) else block.xml.count(b"<c ") for block in blocks)
        if reach.area > SMALL_AREA and (reach.area > MAX_AREA or count * 8 < reach.area):
            return None
        if reach.area + sum(e.area for e in reaches.values()) > MAX_ALL:
            return None
        reaches[sheet.part] = reach
        known = [block if isinstance(block, Piece) else None for block in blocks]
        return Recalled(known, fresh, cells)

    def keep(self, part: str, recalled: Recalled) -> None:
        """Keep a sheet that was mostly known."""
        if self.keeps:
            self._new[part] = recalled.pieces

    def keep_whole(self, part: str, rows: Sequence[Sequence[CellValue]], facts: SheetFacts, reach: Extent) -> None:
        """Keep a sheet that was read whole; ``rows`` as they were read, without errors."""
        found = self.package.inflated.indexed.get(part) if self.keeps else None
        if found is None or found.data is not self.package.inflated.get(part) or len(found.data) < LONG:
            return
        try:
            pieces = pieces_of(found, rows, facts, reach)
        except CannotCut:
            return
        if pieces is not None:
            self._new[part] = pieces

    @property
    def to_keep(self) -> Kept | None:
        """What is to be kept from now on; None where that is so already."""
        if not self.keeps or not self._new:
            return None
        same = self.old is not None and _digests(self.old.sheets) == _digests(self._new)
        return None if same else Kept(self.around, self._new)


def _digests(sheets: dict[str, list[Piece]]) -> dict[str, list[str]]:
    return {part: [piece.digest for piece in pieces] for part, pieces in sheets.items()}
