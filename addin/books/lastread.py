"""What was read of one book the last time, in a process that stays (a watched book, a button of an open one).

The next reading compares bytes: a part packed as it was, rows written as they were, and all that their values depend on
(`addin.books.kept.Around`, what other parts lay over a sheet). What differs in anything is read as by who never read
the book. Who is handed a grid gets cells of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from addin.books.lastparts import Parts
from addin.books.ooxml import rels_name

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from addin.books.extent import Extent
    from addin.books.kept import Kept
    from addin.books.package import Package, SheetRef
    from addin.books.scan import SheetFacts
    from addin.crm.grid import CellValue

#: Of a book whose sheets are longer together, inflated, nothing is remembered.
MOST = 1 << 27


class Short(NamedTuple):
    """A sheet that is read whole: its reach, what it tells, its rows as calamine reads them."""

    reach: Extent
    facts: SheetFacts
    rows: Sequence[Sequence[CellValue]]

    @classmethod
    def of(cls, reach: Extent, facts: SheetFacts, rows: Sequence[Sequence[CellValue]]) -> Short:
        """A sheet as it was read; its rows are the reader's to change."""
        return cls(reach, facts, tuple(map(tuple, rows)))

    def own(self) -> list[list[CellValue]]:
        """Its rows, for one reader."""
        return [[*row] for row in self.rows]


class Before(NamedTuple):
    """A book as it was read: its parts, its long sheets with the circumstances they were read under, the others;
    where its shared texts begin, if anybody asked.
    """

    parts: Parts
    kept: Kept
    short: dict[str, Short]
    texts: NDArray[np.intp] | None = None


@dataclass(slots=True)
class LastRead:
    """``before``: the book as it was read the last time, None where nothing is remembered of it. ``filed``: the sums of
    what is kept of it in a file, by part (`addin.books.kept`), or will be once `save` is called.
    """

    before: Before | None = None
    filed: dict[str, list[str]] | None = None
    _unsaved: tuple[Kept, Path] | None = field(default=None, repr=False)

    @property
    def parts(self) -> Parts:
        """The parts of the file it was."""
        return self.before.parts if self.before is not None else Parts()

    def put_off(self, kept: Kept, book: Path) -> None:
        """Something to be kept in a file for other processes: packing it takes longer than a reading."""
        self._unsaved, self.filed = (kept, book), kept.digests

    def save(self) -> None:
        """Keep in a file what was put off."""
        unsaved, self._unsaved = self._unsaved, None
        if unsaved is not None:
            kept, book = unsaved
            kept.save(book)


def remembered(package: Package) -> bool:
    """Whether a book is small enough to be remembered."""
    return sum(package.weight(sheet.part) for sheet in package.sheets) <= MOST


def short_sheet(package: Package, sheet: SheetRef, before: Before) -> Short | None:
    """A sheet that is as it was, with all that lies over it; None where anything differs. The book has the very parts
    it had, and means the same by what is written in its cells (`Around.allows`).
    """
    known = before.short.get(sheet.part)
    if known is None or not package.as_before(sheet.part):
        return None
    names = [rel.target for rel in package.rels(sheet.part) if not rel.external]
    rels = package.resolve(rels_name(sheet.part))
    return known if all(map(package.as_before, [*names, *([rels] if rels else [])])) else None
