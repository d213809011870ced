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
from addin.books.kept import (
    Kept,
    KeptSheet,
    Piece,
    around,
    dates_in,
    kept_file,
    load,
    piece_of,
    pieces_of,
    recognised,
    told_by,
)
from addin.books.names import Names
from addin.books.outline import LONG
from addin.books.sheetxml import DATA

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from addin.books.blocks import Block, Facts
    from addin.books.extent import Extent
    from addin.books.kept import Around, Dates
    from addin.books.package import Package, SheetRef
    from addin.books.runs import Changed
    from addin.books.scan import SheetFacts
    from addin.crm.grid import CellValue
    from addin.crm.packed_rows import PackedRows

#: Only who refreshes a book again will do so once more: the first refresh pays nothing for it.
_REFRESHED = "_danggol.tab.dashboard"


@dataclass(slots=True)
class Recalled:
    """One sheet most of whose blocks are known; ``fresh`` the others, with what they tell. ``dates``: the formats of
    dates; ``used``: whether the sheet shows dates with and without a time of day.
    """

    before: KeptSheet
    known: list[Piece | None]
    fresh: list[tuple[Changed, Facts]]
    cells: SheetFacts
    dates: Dates
    used: frozenset[bool]
    parsed: Future[list[Block]] = field(default_factory=Future)
    sheet: KeptSheet | None = None

    @property
    def to_parse(self) -> list[bytes]:
        """The XML that is to be parsed."""
        return [xml for changed, _ in self.fresh for xml in changed.fresh]

    def rows(self, to_keep: bool) -> PackedRows:
        """The sheet's rows from A1 on, once ``parsed`` is there; ``to_keep``: they are in ``sheet`` as well.

        `CannotCut` where calamine does not take a block, or it holds what can't be kept.
        """
        from addin.crm.packed_rows import PackedRows

        parsed = iter(self.parsed.result())
        pieces = []
        fresh = iter(self.fresh)
        for piece in self.known:
            if piece is None:
                changed, facts = next(fresh)
                piece = piece_of(changed, [*islice(parsed, len(changed.fresh))], facts, self.dates)
                if piece is None:
                    raise CannotCut("cells")
            pieces.append(piece)
        sheet = KeptSheet(pieces, self.before.rows)
        columns, errors = sheet.columns()
        self.sheet = sheet.made_anew(columns) if to_keep else None
        return PackedRows.of(columns, errors)


class Reread:
    """What is kept of a book, beside the book as it is now."""

    def __init__(self, package: Package, date_1904: bool, book: Path, to_write: bool) -> None:
        self.package, self.date_1904, self.book = package, date_1904, book
        self.old = load(book, self.around) if kept_file(book).is_file() else None
        self.keeps = to_write and any(name.name == _REFRESHED for name in Names(package).all())
        self._new: dict[str, KeptSheet] = {}

    @cached_property
    def around(self) -> Around:
        """The circumstances it is read under."""
        return around(self.package, self.date_1904)

    def recall(self, sheets: Iterable[SheetRef], reaches: dict[str, Extent]) -> dict[str, Recalled]:
        """The sheets that mostly are as they were, by part, guarded: their reach is in ``reaches``."""
        found = {sheet.part: self._recalled(sheet, reaches) for sheet in sheets} if self.old else {}
        return {part: recalled for part, recalled in found.items() if recalled is not None}

    def _recalled(self, sheet: SheetRef, reaches: dict[str, Extent]) -> Recalled | None:
        before = self.old.sheets.get(sheet.part) if self.old else None
        if before is None or sheet.part in reaches:
            return None
        xml = self.package.read(sheet.part)
        check_runs(xml, sheet.part, self.package.where)
        opening, end = DATA.search(xml, 0, 1 << 20), xml.rfind(b"</sheetData>")
        if opening is None or end < 0 or b"<!--" in xml[: opening.start()]:
            return None
        try:
            found = recognised(before, xml, opening.end(), end)
            if found is None:
                return None
            blocks, cuts = found
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
        self.package.inflated.cuts[sheet.part] = cuts
        known = [block if isinstance(block, Piece) else None for block in blocks]
        dates = self.around.dates
        used = dates_in(xml[: opening.end()] + xml[end:], dates).union(*(piece.dates for piece in known if piece))
        used = used.union(*(dates_in(changed.xml, dates) for changed, _ in fresh))
        return Recalled(before, known, fresh, cells, dates, used)

    def keep(self, part: str, recalled: Recalled) -> None:
        """Keep a sheet that was mostly known."""
        if recalled.sheet is not None:
            self._new[part] = recalled.sheet

    def keep_whole(
        self, part: str, rows: list[list[CellValue]], facts: SheetFacts, reach: Extent
    ) -> list[list[CellValue]] | PackedRows:
        """Keep a sheet that was read whole; ``rows`` as they were read, without errors.

        The same rows: packed, with errors, where they are kept; ``rows`` is emptied then, so that they stand in memory
        once.
        """
        found = self.package.inflated.indexed.get(part) if self.keeps else None
        if found is None or found.data is not self.package.inflated.get(part) or len(found.data) < LONG:
            return rows
        try:
            kept = pieces_of(found, rows, facts, reach, self.around.dates)
        except CannotCut:
            kept = None
        if kept is None:
            return rows
        from addin.crm.packed_rows import PackedRows

        self._new[part] = kept
        rows.clear()
        return PackedRows.of(*kept.columns())

    @property
    def to_keep(self) -> Kept | None:
        """What is to be kept from now on; None where that is so already."""
        if not self.keeps or not self._new:
            return None
        same = self.old is not None and _digests(self.old.sheets) == _digests(self._new)
        return None if same else Kept(self.around, self._new)


def _digests(sheets: dict[str, KeptSheet]) -> dict[str, list[str]]:
    return {part: sheet.digests for part, sheet in sheets.items()}
