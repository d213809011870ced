"""Whether a cell's date is shown with a time of day, told by number formats: calamine gives both as the same value."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from addin.books.scan import CELL_STYLE, has_style
from addin.books.walk import walk
from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from addin.books.numfmt import Shown
    from addin.books.package import Package

#: Bytes of inflated worksheets kept for who writes the book next.
KEEP_INFLATED: Final = 1 << 26
#: After so many cells that were not found below the one before, a column's formats are looked up together.
_MISSES: Final = 3


class TimeOfDay:
    """`Grid.has_time` of one sheet: told by number formats, and only where the book's dates have both kinds.

    ``used``: the kinds of date format the sheet's cells use (True with a time, False without), where that is known.
    """

    def __init__(
        self,
        package: Package,
        part: str,
        formats: Sequence[Shown],
        *,
        plain: bool,
        used: Collection[bool] | None = None,
    ) -> None:
        self._known = used
        self.package: Package | None = package
        self.part, self.plain = part, plain
        self._xml = b""
        self.timed = {i for i, look in enumerate(formats) if look.time}
        self.dated = {i for i, look in enumerate(formats) if look.date}
        self._columns: dict[int, set[int]] = {}
        self._found: dict[int, int] = {}  # column → where the cell found last begins
        self._misses = 0

    def __call__(self, row: int, column: int) -> bool | None:
        """Whether the date at a 1-based cell is shown with a time; None where the book has no date formats."""
        if not self.dated:
            return None
        kinds = self._used
        if len(kinds) < 2:
            return True in kinds
        if column not in self._columns:
            told = self._onward(row, column) if self.plain and self._misses < _MISSES else None
            if told is not None:
                return told
            self._columns[column] = self._rows(column)
        return row in self._columns[column]

    def forget(self) -> None:
        """Let go of what was looked up by column; it would be looked up again."""
        self._columns.clear()
        self._found.clear()
        if self.package is not None:
            forget_long(self.package, self.part)

    def stay(self) -> None:
        """Let the book go but for this sheet, unless that is a long one."""
        if self.package is not None and self.package.weight(self.part) < KEEP_INFLATED:
            self._xml, self.package = self.package.read(self.part) if self.dated else b"", None

    def _read(self) -> bytes:
        return self._xml if self.package is None else self.package.read(self.part)

    @cached_property
    def _used(self) -> set[bool]:
        """The kinds of date format this sheet's cells use: True with a time, False without."""
        kinds = {i in self.timed for i in self.dated}
        if self._known is not None:
            return kinds.intersection(self._known)
        if len(kinds) == 2 and self.plain:
            xml = self._read()
            kinds = {kind for kind in kinds if any(has_style(xml, i) for i in self.dated if (i in self.timed) == kind)}
        return kinds

    def _onward(self, row: int, column: int) -> bool | None:
        """The same, looked for from the cell found last on: rows are mostly asked for from above. None where it isn't
        there.
        """
        xml = self._read()
        at = xml.find(b'<c r="%b%d"' % (column_letter(column).encode(), row), self._found.get(column, 0))
        if at < 0:
            self._misses += 1
            return None
        self._found[column] = at
        found = CELL_STYLE.match(xml, at)
        return int(found[1] if found else 0) in self.timed

    def _rows(self, column: int) -> set[int]:
        """The rows of one column whose format shows a time."""
        xml = self._read()
        if not self.plain:
            return {c.row for c in walk(xml, self.part) if c.column == column and c.style in self.timed}
        cells = re.compile(rb'<c r="%b(\d+)"(?:[^>]*?\ss="(\d+)")?' % column_letter(column).encode())
        return {int(row) for row, style in cells.findall(xml) if int(style or 0) in self.timed}


def forget_long(package: Package, part: str) -> None:
    """Let a worksheet's bytes go where too many are kept; who reads it again inflates it again."""
    if sum(map(len, package.inflated.values())) > KEEP_INFLATED:
        package.forget(part)
