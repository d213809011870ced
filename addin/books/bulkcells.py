"""A block's cells taken in bulk: numbers, dates and texts of plainly written cells become columns, no cell an object.

Cells are told apart by numpy, by what stands at exact places of the XML: a number (``<c r="A1"><v>1</v></c>``), a
number with a date's format, a shared text, a text of its own. Everything else (formulas, errors, booleans, texts with
an escape …) is handed back as XML, so that python-calamine says what it is.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, NamedTuple

from addin.books.cellspots import CellSpots
from addin.books.outline import digits_at, number
from addin.books.sharedtexts import decoded

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.books.cellspots import Bools
    from addin.books.numfmt import Shown
    from addin.books.outline import Places
    from addin.books.sharedtexts import Texts

_SPACE = ord(" ")
_V, _V_END, _C_END, _IS, _IS_END, _T, _T_END = (
    (number(text), len(text)) for text in (b"<v>", b"</v>", b"</c>", b"<is>", b"</is>", b"<t>", b"</t>")
)
_SHARED, _NUMBER = map(number, (b' t="s">', b' t="n">'))
_INLINE, _INLINE_REST = number(b' t="inli'), number(b'neStr">')
_KEPT_SPACE = tuple(map(number, (b"<t xml:s", b'pace="pr', b'eserve">')))
#: Serial numbers between these are days of the calendar both ways: from March 1900 to the end of 9999.
_FIRST_DAY, _LAST_DAY = 61, 2_958_466
_DAY_MS = 86_400_000
#: From the first of January 1970 back to a serial number's zero, in days.
_EPOCH = 25_569
#: The bytes a number is written with, and those of a text that stands for itself; ``<`` ends each.
_DIGITS = bytes(byte in b"0123456789.eE+-<" for byte in range(256))
_PLAIN = bytes(byte >= 0x20 and byte not in b"&_" for byte in range(256))


class Taken(NamedTuple):
    """A block's plain cells.

    ``first``, ``last``: its rows; ``reach``: of all its cells, row and column; ``height``: rows from the first to the
    last that holds a plain cell; ``series`` (column from 0, type) → cells of so many rows, null where another type
    stands; ``odd``: the other cells as rows of XML; ``timed``: by 1-based column the rows whose date only its format
    tells from a time of day, where that shows one; ``styles``: of all its cells.
    """

    first: int
    last: int
    reach: tuple[int, int]
    height: int
    series: dict[tuple[int, type], pl.Series]
    odd: bytes
    timed: dict[int, Places]
    styles: frozenset[int]


class Formats:
    """A book's cell formats as columns: which show a date, which a time of day, which an elapsed time."""

    def __init__(self, formats: Sequence[Shown], date_1904: bool) -> None:
        import numpy as np

        # a format that is not there shows a number
        self.dated = np.array([*(look.date for look in formats), False])
        self.timed = np.array([*(look.time for look in formats), False])
        self.odd = np.array([*(look.duration or (look.date and date_1904) for look in formats), False])


def take(rows: bytes, texts: Texts, formats: Formats) -> Taken:
    """The plain cells of some rows' XML; `CannotCut` where they aren't written in Excel's own way, in rising order.

    >>> import numpy, polars
    >>> from addin.books.sharedtexts import Texts
    >>> some = Texts(polars.Series(["가"]), numpy.array([False]))
    >>> xml = b'<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3"><v>1.5</v></c><c r="D3" t="b"><v>1</v></c></row>'
    >>> found = take(xml, some, Formats([], False))
    >>> sorted((at, cells.to_list()) for (at, kind), cells in found.series.items()), found.odd
    ([(0, ['가']), (2, [1.5])], b'<row r="3"><c r="D3" t="b"><v>1</v></c></row>')
    """
    return _Block(rows, texts, formats).taken()


class _Block(CellSpots):
    """One look at a block."""

    def __init__(self, rows: bytes, texts: Texts, formats: Formats) -> None:
        super().__init__(rows)
        self.texts, self.formats = texts, formats

    def taken(self) -> Taken:
        """All of it."""
        import numpy as np

        left = ~self.blank()
        found: dict[type, list[tuple[Places, pl.Series]]] = {}
        for kind, cells, own in (*self._with_values(left), self._inline()):
            left[cells] = False
            if len(cells):
                found.setdefault(kind, []).append((cells, own))
        first = int(self.numbers[0])
        last = max((int(self.numbers[self.row[cells[-1]]]) for each in found.values() for cells, _ in each), default=0)
        height = max(last - first + 1, 0)
        series: dict[tuple[int, type], pl.Series] = {}
        for kind, each in found.items():
            series |= self._spread(kind, each, first, height)
        styles = frozenset(np.unique(self.style).tolist())
        return Taken(first, self.reach[0], self.reach, height, series, self._odd(left), self._timed(found), styles)

    def _with_values(self, left: Bools) -> list[tuple[type, Places, pl.Series]]:
        """Cells with a ``<v>``: plain numbers, dates, shared texts. Empty shared texts are blanks, not ``left``."""
        import numpy as np
        import polars as pl

        cells = np.flatnonzero(self.styled & (self.span == 4))
        fits, (value, end, close) = self.tags(cells, [(1, _V), (2, _V_END), (3, _C_END)])
        fits &= (close == end + 4) & (self.stops[cells] == close + 4) & (end > value + 3)
        cells, value, end = cells[fits], value[fits] + 3, end[fits]
        head = self.head[cells]
        behind = value - 3
        plain = (self.bytes[head] == ord(">")) & (head + 1 == behind) | self.at(head, _NUMBER, 7) & (head + 7 == behind)
        shared = self.at(head, _SHARED, 7) & (head + 7 == behind)
        out = self._numbers(cells[plain], value[plain], end[plain])
        cells = cells[shared]
        index, _, told = digits_at(self.words[value[shared]], ord("<"))
        told &= index < len(self.texts.texts)
        cells, at = cells[told], index[told].astype(np.int64)
        if self.texts.empty.any():
            blank = self.texts.empty[at]
            left[cells[blank]] = False
            cells, at = cells[~blank], at[~blank]
        out.append((str, cells, self.texts.texts.gather(pl.Series(at))))
        return out

    def _numbers(self, cells: Places, start: Places, stop: Places) -> list[tuple[type, Places, pl.Series]]:
        import numpy as np
        import polars as pl

        formats = self.formats
        style = np.minimum(self.style[cells], len(formats.dated) - 1)
        texts, bad = self._texts(start, stop, _DIGITS)
        values = texts.cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
        fits = ~bad & np.isfinite(values) & ~formats.odd[style]
        dated = formats.dated[style]
        days = fits & dated & (values >= _FIRST_DAY) & (values < _LAST_DAY)
        whole = days & (values == np.floor(values))
        moments = days & ~whole
        millis = np.floor(values[moments] * _DAY_MS + 0.5).astype(np.int64) - _EPOCH * _DAY_MS
        dates = (values[whole].astype(np.int32) - _EPOCH).astype(np.int32)
        plain = fits & ~dated
        return [
            (float, cells[plain], pl.Series(values[plain])),
            (dt.date, cells[whole], pl.Series(dates).cast(pl.Date)),
            (dt.datetime, cells[moments], pl.Series(millis * 1000).cast(pl.Datetime("us"))),
        ]

    def _inline(self) -> tuple[type, Places, pl.Series]:
        """Cells with a text of their own."""
        import numpy as np

        cells = np.flatnonzero(self.styled & (self.span == 6))
        tags = [(1, _IS), (2, _T), (3, _T_END), (4, _IS_END), (5, _C_END)]
        _, (frame, text, *_) = self.tags(cells, tags)
        kept = np.ones(len(cells), np.bool_)
        for at, part in enumerate(_KEPT_SPACE):
            kept &= self.at(text + 8 * at, part)
        fits, (end, frame_end, close) = self.tags(cells, tags[2:])
        fits &= self.at(frame, *_IS) & (self.at(text, *_T) | kept)
        fits &= (
            (text == frame + 4) & (frame_end == end + 4) & (close == frame_end + 5) & (self.stops[cells] == close + 4)
        )
        head = self.head[cells]
        fits &= self.at(head, _INLINE) & self.at(head + 8, _INLINE_REST, 7) & (head + 15 == frame)
        start = np.where(kept, text + 24, text + 3)
        fits &= end > start
        cells, start, end = cells[fits], start[fits], end[fits]
        texts, bad = self._texts(start, end, _PLAIN)
        bad |= (self.bytes[start] == _SPACE) | (self.bytes[end - 1] == _SPACE)
        return str, cells[~bad], texts.filter(_series(~bad))

    def _texts(self, starts: Places, stops: Places, allowed: bytes) -> tuple[pl.Series, Bools]:
        """What stands between some places, each followed by a tag; and which of them hold other bytes than some."""
        import numpy as np
        import polars as pl

        if not len(starts):
            return pl.Series(dtype=pl.String), np.zeros(0, np.bool_)
        lengths = stops - starts + 1
        ends = np.cumsum(lengths)
        found = self.bytes[np.repeat(starts - ends + lengths, lengths) + np.arange(ends[-1])][:-1]
        other = np.frombuffer(allowed, np.bool_)[found]
        bad = np.zeros(len(starts), np.bool_)
        bad[np.searchsorted(ends, np.flatnonzero(~other), "right")] = True
        return pl.Series([decoded(found.tobytes())]).str.split("<").explode(), bad

    def _spread(
        self, kind: type, found: list[tuple[Places, pl.Series]], first: int, height: int
    ) -> dict[tuple[int, type], pl.Series]:
        """Cells of one type as columns from the block's first row on."""
        import numpy as np
        import polars as pl

        cells = np.concatenate([own for own, _ in found])
        values = pl.concat([own for _, own in found]) if len(found) > 1 else found[0][1]
        values = values.extend_constant(None, 1)
        order = np.argsort(self.column[cells], kind="stable")
        columns, begins = np.unique(self.column[cells][order], return_index=True)
        rows = self.numbers[self.row[cells[order]]] - first
        out: dict[tuple[int, type], pl.Series] = {}
        for column, own in zip(columns.tolist(), np.split(np.arange(len(order)), begins[1:]), strict=True):
            at = np.full(height, len(cells))
            at[rows[own]] = order[own]
            out[column - 1, kind] = values.gather(pl.Series(at))
        return out

    def _timed(self, found: dict[type, list[tuple[Places, pl.Series]]]) -> dict[int, Places]:
        """By 1-based column the rows whose date only its format tells from a time of day, where that shows one."""
        import numpy as np

        out: dict[int, list[Places]] = {}
        for kind in (dt.date, dt.datetime):
            for cells, own in found.get(kind, ()):
                timed = self.formats.timed[np.minimum(self.style[cells], len(self.formats.timed) - 1)]
                if kind is dt.datetime:
                    timed &= _midnights(own)
                for column in np.unique(self.column[cells[timed]]).tolist():
                    here = cells[timed][self.column[cells[timed]] == column]
                    out.setdefault(column, []).append(self.numbers[self.row[here]])
        return {column: np.concatenate(rows) for column, rows in out.items()}

    def _odd(self, left: Bools) -> bytes:
        """The other cells, in their rows."""
        import numpy as np

        odd = np.flatnonzero(left)
        parts: list[bytes] = []
        before = 0
        numbers = self.numbers[self.row[odd]].tolist()
        for number_, start, stop in zip(numbers, self.starts[odd].tolist(), self.stops[odd].tolist(), strict=True):
            if number_ != before:
                parts.append(b'%b<row r="%d">' % (b"</row>" if parts else b"", number_))
                before = number_
            parts.append(self.rows[start:stop])
        return b"".join([*parts, b"</row>"]) if parts else b""


def _midnights(moments: pl.Series) -> Bools:
    """Those at midnight; the last second of a day is the next one's noise."""
    import polars as pl

    minute = moments.dt.hour().cast(pl.Int32) * 60 + moments.dt.minute()
    found: Bools = ((minute == 0) | (minute == 1439)).to_numpy()
    return found


def _series(mask: Bools) -> pl.Series:
    import polars as pl

    return pl.Series(mask)
