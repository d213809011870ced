"""Where the cells of some rows' XML stand: their rows, columns, formats and tags, by numpy, no cell an object."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.books.blocks import CannotCut
from addin.books.extent import MAX_AREA, SMALL_AREA
from addin.books.names import MAX_COLUMN, MAX_ROW
from addin.books.outline import begin, columns_at, digits_at, number

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from addin.books.outline import Places

    Bools = np.ndarray[Any, np.dtype[np.bool_]]

_C, _R, _SLASH, _BANG, _QUESTION = b"cr/!?"
_ROW, _CELL, _STYLE, _CLOSED = map(number, (b'<row r="', b'<c r="', b' s="', b"/>"))


class CellSpots:
    """The cells of a block; `CannotCut` where they aren't written in Excel's own way, in rising order.

    ``bytes``, ``words``: the XML, and the eight bytes at each place; ``opens``: where each tag begins. By row:
    ``numbers``. By cell: ``row`` (which of them), ``column``, ``starts``, ``stops``, ``token`` (its place among the
    tags), ``span`` (how many are its own), ``style`` and whether that is told (``styled``), ``head`` (where what tells
    its type begins). ``reach``: the last row and column.
    """

    def __init__(self, rows: bytes) -> None:
        import numpy as np

        self.rows = rows
        padded = rows + bytes(32)  # eight bytes are read from any place on
        self.bytes = np.frombuffer(padded, np.uint8)
        self.words = np.ndarray((len(padded) - 7,), "<u8", padded, strides=(1,))
        self.opens = np.append(np.flatnonzero(self.bytes[: len(rows)] == ord("<")), len(rows))
        self._find_cells()
        self._find_addresses()
        self._find_heads()

    def at(self, places: Places, text: int, length: int = 8) -> Bools:
        """Whether these bytes, at most eight, stand at some places."""
        found: Bools = begin(self.words[places], length) == text
        return found

    def _find_cells(self) -> None:
        """The rows and cells: every tag belongs to one of them."""
        import numpy as np

        opens = self.opens
        first, second = self.bytes[opens[:-1] + 1], self.bytes[opens[:-1] + 2]
        cell, row, close = first == _C, first == _R, (first == _SLASH) & (second == _R)
        if ((first == _BANG) | (first == _QUESTION)).any():
            raise CannotCut("rows")
        bounds = np.flatnonzero(cell | row | close)
        behind = np.append(bounds[1:], len(opens) - 1)
        is_cell, is_row, is_close = cell[bounds], row[bounds], close[bounds]
        then_row = np.append(is_row[1:], True)  # a row follows, or nothing
        rows = opens[bounds[is_row]]
        bare = opens[behind[is_row & then_row]]
        if (
            not len(bounds) or bounds[0] != 0 or opens[0] != len(self.rows) - len(self.rows.lstrip())
            or ((behind - bounds != 1) & ~is_cell).any()
            or (is_cell & then_row).any() or (is_close & ~then_row).any()
            or not self.at(rows, _ROW).all()
            or not self.at(bare - 2, _CLOSED, 2).all()
        ):  # fmt: skip
            raise CannotCut("rows")
        numbers, _, told = digits_at(self.words[rows + 8], ord('"'))
        if not told.all() or (numbers[:-1] >= numbers[1:]).any() or not 1 <= numbers[0] <= numbers[-1] <= MAX_ROW:
            raise CannotCut("order")
        self.numbers = numbers.astype(np.int64)
        self.token = bounds[is_cell]  # the cells' places among the tags
        self.span = behind[is_cell] - self.token
        self.starts, self.stops = opens[self.token], opens[behind[is_cell]]
        self.row = np.searchsorted(bounds[is_row], self.token) - 1

    def _find_addresses(self) -> None:
        """The cells' columns; a cell that does not say the row it stands in, or stands out of order, can't be cut."""
        import numpy as np

        u = np.uint64
        if not self.at(self.starts, _CELL, 6).all():
            raise CannotCut("cells")
        columns, letters = columns_at(self.words[self.starts + 6])
        digits = self.starts + 6 + letters.astype(np.int64)
        numbers, count, told = digits_at(self.words[digits], ord('"'))
        column = columns.astype(np.int64)
        if not told.all() or not ((columns > u(0)) & (columns <= u(MAX_COLUMN))).all():
            raise CannotCut("cells")
        at = self.row * (MAX_COLUMN + 1) + column
        if (numbers.astype(np.int64) != self.numbers[self.row]).any() or (at[:-1] >= at[1:]).any():
            raise CannotCut("order")
        self.column = column
        self.head = digits + count.astype(np.int64) + 1  # behind the address
        first, last = int(self.numbers[0]), int(self.numbers[-1])
        width = int(column.max()) if len(column) else 0
        area = (last - first + 1) * width
        if area > SMALL_AREA and (area > MAX_AREA or len(column) * 8 < area):
            raise CannotCut("far cells")
        self.reach = (last, width)

    def _find_heads(self) -> None:
        """The cells' formats, and where what tells their type begins."""
        import numpy as np

        styled = self.at(self.head, _STYLE, 4)
        numbers, count, told = digits_at(self.words[self.head + 4], ord('"'))
        self.styled = ~styled | told  # whether the format is told
        self.style = np.where(styled & told, numbers.astype(np.int64), 0)
        self.head = np.where(styled, self.head + 5 + count.astype(np.int64), self.head)

    def blank(self) -> Bools:
        """Cells without anything in them: a format alone."""
        found: Bools = (
            (self.span == 1) & (self.bytes[self.stops - 2] == _SLASH) & (self.bytes[self.stops - 1] == ord(">"))
        )
        return found

    def tags(self, cells: Places, tags: Sequence[tuple[int, tuple[int, int]]]) -> tuple[Bools, list[Places]]:
        """Whether some cells' tags are these, and where each begins."""
        import numpy as np

        fits, places = np.ones(len(cells), np.bool_), []
        for at, (text, length) in tags:
            places.append(self.opens[self.token[cells] + at])
            fits &= self.at(places[-1], text, length)
        return fits, places
