"""Where the rows of a sheet stand whose XML was recognised (`addin.books.kept`), found only around those to be written:
finding all rows of a long sheet takes longer than writing a few of them.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_ROW = re.compile(rb'<row r="(\d+)"')


class Cuts(NamedTuple):
    """Stretches of a sheet's rows, all of them, one behind the other, in Excel's own way and without comments.

    ``firsts`` the number of each one's first row, rising; ``starts`` where it begins; ``bare``: the rows are known to
    hold no formula.
    """

    firsts: Sequence[int]
    starts: Sequence[int]
    bare: bool

    def around(self, rows: Collection[int]) -> Near | None:
        """What `addin.books.sheetxml.SheetXml` needs to write these rows; None where it had better find all of them."""
        stretches = {bisect_right(self.firsts, row) - 1 for row in rows}
        return Near(self, sorted(stretches)) if 4 * len(stretches) <= len(self.firsts) else None


class Near(NamedTuple):
    """The stretches of a sheet in which rows are written; -1 where that is before the first."""

    cuts: Cuts
    stretches: list[int]

    def found(self, data: bytes, end: int) -> tuple[array[int], array[int]]:
        """The numbers of their rows and where each begins, and of the row behind every stretch: where its last ends.

        >>> cuts = Cuts([1, 3, 5], [0, 28, 42], bare=True)
        >>> data = b'<row r="1"/><row r="2"></row><row r="3"/><row r="5"/>'
        >>> [found.tolist() for found in Near(cuts, [0]).found(data, len(data))]
        [[1, 2, 3], [0, 12, 28]]
        """
        (firsts, starts, _), rows, begins = self.cuts, array("L"), array("Q")
        for at in self.stretches:
            if at >= 0:
                stop = starts[at + 1] if at + 1 < len(starts) else end
                for row in _ROW.finditer(data, starts[at], stop):
                    rows.append(int(row[1]))
                    begins.append(row.start())
            if at + 1 < len(firsts) and at + 1 not in self.stretches:
                rows.append(firsts[at + 1])
                begins.append(starts[at + 1])
        return rows, begins
