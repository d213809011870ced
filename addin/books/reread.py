"""A book read again: blocks of its long sheets that are as they were come from what is kept, others are parsed."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from addin.books.blocks import CannotCut, look
from addin.books.celltable import Stretch
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
    piece_at,
    piece_of,
    pieces_of,
    recognised,
    told_by,
)
from addin.books.lastread import Before, remembered, short_sheet
from addin.books.names import Names
from addin.books.outline import LONG
from addin.books.scan import has_style
from addin.books.sheetxml import DATA
from addin.books.strings import item_starts

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from addin.books.blocks import Block, Facts
    from addin.books.extent import Extent
    from addin.books.kept import Around, Dates
    from addin.books.lastread import LastRead, Short
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

    def rows(self, to_keep: bool, to_hold: bool) -> PackedRows:
        """The sheet's rows from A1 on, once ``parsed`` is there; ``to_keep``: they are in ``sheet`` as well,
        ``to_hold``: as they stand in memory.

        `CannotCut` where calamine does not take a block, or it holds what can't be kept.
        """
        from addin.crm.packed_rows import PackedRows

        parsed = iter(self.parsed.result())
        pieces: list[Piece] = []
        stretches: list[Stretch] = []
        fresh = iter(self.fresh)
        for piece in self.known:
            if piece is not None:
                pieces.append(piece)
                stretches.append(Stretch(piece.first, piece.height, None))
                continue
            changed, facts = next(fresh)
            blocks = [*islice(parsed, len(changed.fresh))]
            if self.before.in_memory:
                own = changed.stretches(blocks)
                first, behind = (own[0].first, own[-1].first + own[-1].height) if own else (1, 1)
                made = None if own is None else piece_at(changed, first, behind - first, facts, self.dates)
                stretches += own or ()
            else:
                made = piece_of(changed, blocks, facts, self.dates)
            if made is None:
                raise CannotCut("cells")
            pieces.append(made)
        sheet = KeptSheet(pieces, self.before.rows)
        columns, errors = sheet.laid(stretches) if self.before.in_memory else sheet.columns()
        self.sheet = sheet.held(columns) if to_hold else sheet.made_anew(columns) if to_keep else None
        return PackedRows.of(dict(columns), errors)


class Reread:
    """What is kept of a book, or remembered (``last``), beside the book as it is now."""

    def __init__(
        self, package: Package, date_1904: bool, book: Path, to_write: bool, last: LastRead | None = None
    ) -> None:
        self.package, self.date_1904, self.book, self.last = package, date_1904, book, last
        self.before = self._before()
        if self.before is not None and last is not None:
            self.old: Kept | None = self.before.kept
            self._filed = last.filed
        else:
            self.old = load(book, self.around) if kept_file(book).is_file() else None
            self._filed = self.old.digests if self.old is not None else None
        self.keeps = to_write and any(name.name == _REFRESHED for name in Names(package).all())
        self.holds = last is not None and to_write and remembered(package)
        self._new: dict[str, KeptSheet] = {}
        self._short: dict[str, Short] = {}
        self._texts: NDArray[np.intp] | None = None

    def _before(self) -> Before | None:
        """The book as it was, where cells that are as they were mean what they meant."""
        before = self.last.before if self.last is not None else None
        return before if before is not None and self.around.allows(before.kept.around) else None

    @cached_property
    def around(self) -> Around:
        """The circumstances it is read under."""
        return around(self.package, self.date_1904)

    @cached_property
    def _new_dates(self) -> list[int]:
        """The formats of dates that came since: cells that point at one of them were numbers before."""
        return self.around.dates_from(self.old.formats) if self.old is not None else []

    def text_starts(self) -> NDArray[np.intp] | None:
        """Where each of the shared texts begins (`addin.books.strings.item_starts`): of those before, that is known."""
        items = self.around.strings
        if self.before is None or self.before.texts is None:
            self._texts = item_starts(items)
        elif len(items) > (known := len(self.before.kept.around.strings)):
            import numpy as np

            more = item_starts(items[known:])
            self._texts = None if more is None else np.concatenate([self.before.texts[:-1], more + known])
        else:
            self._texts = self.before.texts
        return self._texts

    def recall(self, sheets: Iterable[SheetRef], reaches: dict[str, Extent]) -> dict[str, Recalled]:
        """The sheets that mostly are as they were, by part, guarded: their reach is in ``reaches``."""
        found = {sheet.part: self._recalled(sheet, reaches) for sheet in sheets} if self.old else {}
        return {part: recalled for part, recalled in found.items() if recalled is not None}

    def _recalled(self, sheet: SheetRef, reaches: dict[str, Extent]) -> Recalled | None:
        before = self.old.sheets.get(sheet.part) if self.old else None
        if before is None or sheet.part in reaches:
            return None
        xml = self.package.read(sheet.part)
        if any(has_style(xml, style) for style in self._new_dates):
            return None
        check_runs(xml, sheet.part, self.package.where)
        opening, end = DATA.search(xml, 0, 1 << 20), xml.rfind(b"</sheetData>")
        if opening is None or end < 0 or b"<!--" in xml[: opening.start()]:
            return None
        try:
            was = self.package.parts.before(sheet.part) if self.before is not None and self.package.parts else None
            found = recognised(before, xml, opening.end(), end, before.seen(was))
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
        found = self.package.inflated.indexed.get(part) if self.keeps or self.holds else None
        if found is None or found.data is not self.package.inflated.get(part) or len(found.data) < LONG:
            return rows
        try:
            kept = pieces_of(found, rows, facts, reach, self.around.dates, held=self.holds)
        except CannotCut:
            kept = None
        if kept is None:
            return rows
        from addin.crm.packed_rows import PackedRows

        columns, errors = kept.columns()
        self._new[part] = kept.held(columns) if self.holds else kept
        rows.clear()
        return PackedRows.of(dict(columns), errors)

    def short(self, sheets: Iterable[SheetRef], reaches: dict[str, Extent]) -> dict[str, Short]:
        """The sheets that are read whole and are as they were, by part; their reach is in ``reaches``."""
        out: dict[str, Short] = {}
        if self.before is None or self.package.parts is None or not self.package.parts.same_names:
            return out
        for sheet in sheets:
            known = short_sheet(self.package, sheet, self.before)
            if known is not None and self._new_dates:
                xml = self.package.read(sheet.part)
                known = None if not known.reach.plain or any(has_style(xml, s) for s in self._new_dates) else known
            if known is not None and known.reach.area + sum(e.area for e in reaches.values()) <= MAX_ALL:
                out[sheet.part] = known
                reaches[sheet.part] = known.reach
        return out

    def hold(self, part: str, short: Short) -> None:
        """Remember a sheet that is read whole."""
        if self.holds and self.package.weight(part) < LONG:
            self._short[part] = short

    def done(self) -> None:
        """The book is read: it is what is remembered from now on."""
        if self.last is not None and self.package.parts is not None:
            parts = self.package.parts.settle()
            kept = Kept(self.around, len(self.around.looks), self._new)
            texts = self.text_starts() if self.before is not None and self.before.texts is not None else self._texts
            self.last.before = Before(parts, kept, self._short, texts) if self.holds else None
            self.last.filed = self._filed

    @property
    def to_keep(self) -> Kept | None:
        """What is to be kept from now on; None where that is so already."""
        if not self.keeps or not self._new:
            return None
        new = Kept(self.around, len(self.around.looks), self._new)
        return None if self._filed == new.digests else new
