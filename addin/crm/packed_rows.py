"""The rows of a very long sheet, kept as typed columns: half a million rows as lists of cells weigh a gigabyte.

To who reads rows they are rows like any others, made again a few thousand at a time; who wants a whole column may take
it as it is kept (`PackedRows.column`).
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

from addin.crm.grid import CellError, LongRows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import polars as pl

    from addin.crm.grid import CellValue

Row = list["CellValue"]
#: Rows made again in one go where somebody walks down, at first and at most.
_FIRST, _STRIDE = 16, 4_096
#: Rows at the end of which one mostly holds something.
_TAIL = 64
#: Titles stand in the first so many rows.
_TITLES = 64
#: The longest elapsed time a column holds.
_LONGEST = dt.timedelta(100_000)


def by_type(cells: Sequence[CellValue]) -> dict[type, pl.Series] | None:
    """A column's cells by their type, each series as long as there are cells, null where another type stands; '' is
    blank, a type of blanks alone is left out. None where a cell is of a type calamine never gives, or an elapsed time
    of centuries.

    >>> {kind.__name__: own.to_list() for kind, own in by_type([1.0, "", "나"]).items()}
    {'str': [None, None, '나'], 'float': [1.0, None, None]}
    """
    import polars as pl

    kinds: dict[type, Any] = {
        str: pl.String, float: pl.Float64, bool: pl.Boolean, dt.datetime: pl.Datetime("us"), dt.date: pl.Date,
        dt.time: pl.Time, dt.timedelta: pl.Duration("us"),
    }  # fmt: skip
    found = set(map(type, cells))
    if not found <= kinds.keys():
        return None
    out: dict[type, pl.Series] = {}
    for kind, dtype in kinds.items():
        if kind not in found:
            continue
        own = cells if len(found) == 1 else [c if type(c) is kind and c != "" else None for c in cells]
        if kind is dt.timedelta and any(isinstance(cell, kind) and abs(cell) > _LONGEST for cell in own):
            return None
        made = pl.Series(own, dtype=dtype, strict=True)
        if made.null_count() < len(made) and not (kind is str and (made == "").all()):
            out[kind] = made
    return out


class _Block(NamedTuple):
    """Rows that stand one under the other: (column from 0, type) → its cells, null where another type stands."""

    start: int
    height: int
    series: dict[tuple[int, type], pl.Series]
    errors: dict[tuple[int, int], CellError]


def _laid_over(under: _Block, over: _Block) -> _Block:
    """Two blocks as one: no cell stands in both."""
    import polars as pl

    start = min(under.start, over.start)
    height = max(under.start + under.height, over.start + over.height) - start
    series: dict[tuple[int, type], pl.Series] = {}
    for block in (under, over):
        for key, own in block.series.items():
            before, behind = block.start - start, height - (block.start - start) - block.height
            blank = pl.Series([None], dtype=own.dtype)
            whole = pl.concat([blank.new_from_index(0, before), own, blank.new_from_index(0, behind)])
            series[key] = series[key].zip_with(series[key].is_not_null(), whole) if key in series else whole
    both = (under, over)
    errors = {(i + block.start - start, at): e for block in both for (i, at), e in block.errors.items()}
    return _Block(start, height, series, errors)


def one_after_the_other(parts: Sequence[tuple[int, pl.Series]], start: int, stop: int) -> pl.Series:
    """Pieces of a column by the rows they begin with, as all rows from ``start`` to ``stop``; null between them."""
    import polars as pl

    blank, done = pl.Series([None], dtype=parts[0][1].dtype), start
    out: list[pl.Series] = []
    for first, own in parts:
        out += [blank.new_from_index(0, first - done), own] if first > done else [own]
        done = first + len(own)
    out += [blank.new_from_index(0, stop - done)] if stop > done else []
    return pl.concat(out) if len(out) > 1 else out[0]


def _last_filled(series: Mapping[tuple[int, type], pl.Series], rows: int | None) -> list[int]:
    """Where the last cell of every column stands that holds something in its last rows."""
    out = []
    for (_, kind), one in series.items():
        tail = one if rows is None else one.tail(rows)
        filled = (tail != "" if kind is str else tail.is_not_null()).arg_true()
        out += [len(one) - len(tail) + int(filled[-1])] if len(filled) else []
    return out


def _titles_apart(block: _Block) -> list[_Block]:
    """A long list as the rows of its titles and those below: half a million blanks below a title weigh 8 MB."""
    import polars as pl

    titles: dict[tuple[int, type], int] = {}  # the columns with nothing but titles, and where these end
    for key, cells in block.series.items():
        if key[1] is str and len(cells) - cells.null_count() <= _TITLES < len(cells) // 16:
            last = int(cells.is_not_null().arg_true()[-1])
            titles |= {key: last + 1} if last < _TITLES else {}
    if not titles:
        return [block]
    split = max(titles.values())
    top = {key: pl.Series(cells[:split].to_list(), dtype=cells.dtype) for key, cells in block.series.items()}
    rest = {key: cells[split:] for key, cells in block.series.items() if key not in titles}
    parts: list[dict[tuple[int, int], CellError]] = [{}, {}]
    for (i, at), error in block.errors.items():
        parts[i >= split][i - split if i >= split else i, at] = error
    return [_Block(0, split, top, parts[0]), _Block(split, block.height - split, rest, parts[1])]


class PackedRows(LongRows):
    """``rows[0]`` is row 1, from column A on; blanks are ''. Blocks come in order; what lies between them is blank.

    >>> rows = PackedRows()
    >>> rows.append(1, [["가", 1.0], ["", "나"]])
    True
    >>> list(rows), rows[1], len(rows)
    ([['가', 1.0], ['', '나']], ['', '나'], 2)
    >>> {kind.__name__: cells.to_list() for kind, cells in rows.column(1, 0, 2).items()}
    {'str': [None, '나'], 'float': [1.0, None]}
    """

    def __init__(self) -> None:
        self.width = 0
        self._blocks: list[_Block] = []
        self._starts: list[int] = []
        self._let_go = 0
        self._made: tuple[int, list[Row]] = (0, [])
        self._single: dict[int, Row] = {}  # who samples comes back to the same rows
        self._asked = -1

    @classmethod
    def of(cls, series: dict[tuple[int, type], pl.Series], errors: dict[tuple[int, int], CellError]) -> PackedRows:
        """Rows whose columns (from 0, by type) are there already, all of one length; ``errors`` by row and column."""
        out = cls()
        ends = _last_filled(series, _TAIL) or _last_filled(series, None)
        height = 1 + max([*ends, *(row for row, _ in errors)], default=-1)
        out.width = max((at + 1 for at in (*(at for at, _ in series), *(at for _, at in errors))), default=0)
        out._blocks, out._starts = [_Block(0, height, series, errors)], [0]
        return out

    def append(self, first: int, rows: Sequence[Row]) -> bool:
        """Add rows that begin at a 1-based row; False, and nothing is added, where a cell can't be kept."""
        while rows and all(cell is None or cell == "" for cell in rows[-1]):
            rows = rows[:-1]
        if not rows:
            return True
        width = max(map(len, rows))
        if min(map(len, rows)) < width:
            rows = [[*row, *[""] * (width - len(row))] for row in rows]
        errors: dict[tuple[int, int], CellError] = {}
        series: dict[tuple[int, type], pl.Series] = {}
        for at, cells in enumerate(zip(*rows, strict=True)):
            own = cells
            if CellError in (found := set(map(type, cells))) or type(None) in found:
                errors |= {(i, at): cell for i, cell in enumerate(cells) if isinstance(cell, CellError)}
                own = tuple("" if cell is None or isinstance(cell, CellError) else cell for cell in cells)
            made = by_type(own)
            if made is None:
                return False
            series |= {(at, kind): one for kind, one in made.items()}
        self.width = max(self.width, width)
        self._blocks.append(_Block(first - 1, len(rows), series, errors))
        self._starts.append(first - 1)
        return True

    def extend(
        self, first: int, height: int, series: Mapping[tuple[int, type], pl.Series], beside: PackedRows | None = None
    ) -> None:
        """Add rows, from a 1-based one on, whose columns (from 0, by type) are there already, each ``height`` long and
        null where nothing stands; ``beside`` holds their other cells.

        >>> rows, others = PackedRows(), PackedRows()
        >>> _ = others.append(3, [["", True]])
        >>> rows.extend(2, 1, {(0, str): by_type(["가"])[str]}, others)
        >>> list(rows)
        [['', ''], ['가', ''], ['', True]]
        """
        others = beside._blocks if beside is not None else []
        blocks = [_Block(first - 1, height, dict(series), {})] if height and series else []
        for other in others:
            blocks = [_laid_over(blocks[0], other) if blocks else other]
        for block in blocks:
            self.width = max([self.width, *(at + 1 for at, _ in block.series), *(at + 1 for _, at in block.errors)])
            self._blocks.append(block)
            self._starts.append(block.start)

    def forget_left(self, columns: int) -> None:
        """Let the first columns go: rows begin with the column behind them."""
        self._let_go += columns
        for block in self._blocks:
            for at, kind in [*block.series]:
                if at < self._let_go:
                    del block.series[at, kind]
        self.width = max(self.width - columns, 0)
        self._made = (0, [])
        self._single.clear()

    def midnights(self) -> Mapping[int, pl.Series]:
        """By 1-based column, the 1-based rows appended last whose date only its format tells from a time of day."""
        import polars as pl

        out: dict[int, pl.Series] = {}
        last = self._blocks[-1]
        for (at, kind), series in last.series.items():
            if kind is dt.date or kind is dt.datetime:
                odd = series.is_not_null()
                if kind is dt.datetime:  # the last second of a day is the next one's noise
                    minute = series.dt.hour().cast(pl.Int32) * 60 + series.dt.minute()
                    odd &= (minute == 0) | (minute == 1439)
                rows = odd.arg_true() + (last.start + 1)
                out[at + 1] = pl.concat([out[at + 1], rows]).sort() if at + 1 in out else rows
        return {at: rows for at, rows in out.items() if len(rows)}

    def __len__(self) -> int:
        return self._blocks[-1].start + self._blocks[-1].height if self._blocks else 0

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        if isinstance(at, slice):
            return _Part(self, range(len(self))[at])
        count = len(self)
        at = at + count if at < 0 else at
        if not 0 <= at < count:
            raise IndexError(at)
        start, made = self._made
        if start <= at < start + len(made):
            return made[at - start]
        if at in self._single:
            self._asked = at
            return self._single[at]
        behind = at == start + len(made)
        onward, self._asked = behind or at == self._asked + 1, at
        if not onward:
            if len(self._single) > _STRIDE:
                self._single.clear()
            self._single[at] = self._rows(at, at + 1)[0]
            return self._single[at]
        many = min(max(4 * len(made), _FIRST), _STRIDE) if behind else _FIRST  # who goes on may go far
        self._made = (at, self._rows(at, min(at + many, count)))
        return self._made[1][0]

    def __iter__(self) -> Iterator[Row]:
        return self.between(0, len(self))

    def between(self, start: int, stop: int) -> Iterator[Row]:
        """Rows by their 0-based places, one after the other."""
        for at in range(start, stop, _STRIDE):
            yield from self._rows(at, min(at + _STRIDE, stop))

    def ahead(self, places: Sequence[int]) -> None:
        """Make rows (0-based) in one go that will be asked for one by one.

        >>> rows = PackedRows()
        >>> _ = rows.append(1, [["가", 1.0], ["", "나"], [2.0, ""]])
        >>> rows.ahead([2, 1])
        >>> rows[2], rows[1]
        ([2.0, ''], ['', '나'])
        """
        wanted = sorted({*places} - self._single.keys())
        if len(self._single) + len(wanted) > _STRIDE:
            self._single.clear()
        for block in self._blocks:
            own = [at for at in wanted if block.start <= at < block.start + block.height]
            if len(own) > 1:
                self._single |= zip(own, self._of_block(block, [at - block.start for at in own]), strict=True)

    def column(self, at: int, start: int, stop: int) -> Mapping[type, pl.Series] | None:
        """A 0-based column's cells of some rows, by their type: each as long as there are rows, null where none of that
        type stands. None where an error stands among them.
        """
        blocks = [(b, max(start, b.start), min(stop, b.start + b.height)) for b in self._blocks]
        blocks = [(b, first, last) for b, first, last in blocks if first < last]
        at += self._let_go
        if any(column == at and start <= b.start + i < stop for b, _, _ in blocks for i, column in b.errors):
            return None
        out: dict[type, pl.Series] = {}
        for kind in dict.fromkeys(kind for b, _, _ in blocks for column, kind in b.series if column == at):
            own = [(b.series[at, kind], b, first, last) for b, first, last in blocks if (at, kind) in b.series]
            parts = [(first, cells.slice(first - b.start, last - first)) for cells, b, first, last in own]
            cells = one_after_the_other(parts, start, stop)
            ends = cells[0] or cells[-1]  # mostly there is something, which saves looking at all
            if ends or not (cells.null_count() == len(cells) or (kind is str and cells.is_in([""]).all())):
                out[kind] = cells
        return out

    def join(self) -> None:
        """Lay all blocks together, a column after the other: each is one piece from then on, below its title."""
        if len(self._blocks) < 2:
            return
        series: dict[tuple[int, type], pl.Series] = {}
        for key in dict.fromkeys(key for b in self._blocks for key in b.series):
            parts = [(b.start, own) for b in self._blocks if (own := b.series.pop(key, None)) is not None]
            series[key] = one_after_the_other(parts, 0, len(self)).rechunk()
        errors = {(i + b.start, at): error for b in self._blocks for (i, at), error in b.errors.items()}
        self._blocks = _titles_apart(_Block(0, len(self), series, errors))
        self._starts = [block.start for block in self._blocks]

    def _rows(self, start: int, stop: int) -> list[Row]:
        """Rows of any places, made again."""
        out: list[Row] = []
        n = max(bisect_right(self._starts, start) - 1, 0)
        while len(out) < stop - start:
            at = start + len(out)
            block = self._blocks[n] if n < len(self._blocks) else None
            if block is None or at < block.start:
                gap = (stop if block is None else min(stop, block.start)) - at
                out += [[""] * self.width for _ in range(gap)]
            elif at < block.start + block.height:
                out += self._of_block(block, range(at - block.start, min(stop - block.start, block.height)))
            else:
                n += 1
        return out

    def _of_block(self, block: _Block, places: Sequence[int]) -> list[Row]:
        import polars as pl

        columns: list[list[Any] | None] = [None] * self.width
        taken: Iterable[pl.Series] = block.series.values()
        if isinstance(places, range):
            taken = (series.slice(places.start, len(places)) for series in taken)
        elif block.series:
            frame = pl.DataFrame([series.alias(str(n)) for n, series in enumerate(taken)])
            taken = frame.select(pl.all().gather(places))  # all columns at once: asking takes longer than the answer
        for (at, _), series in zip(block.series, taken, strict=True):
            cells = series.to_list() if len(places) > 1 else [series[0]]
            before = columns[at - self._let_go]
            if before is not None:
                cells = [b if a is None or a == "" else a for a, b in zip(cells, before, strict=True)]
            columns[at - self._let_go] = cells
        blanks = [""] * len(places)
        filled = [blanks if c is None else ["" if v is None else v for v in c] if None in c else c for c in columns]
        rows: list[Row] = list(map(list, zip(*filled, strict=True))) if filled else [[] for _ in blanks]
        order = {place: n for n, place in enumerate(places)} if block.errors else {}
        for (i, at), error in block.errors.items():
            if i in order and at >= self._let_go:
                rows[order[i]][at - self._let_go] = error
        return rows


class _Part(Sequence[Row]):
    """Some rows of packed ones."""

    def __init__(self, rows: PackedRows, places: range) -> None:
        self._of, self._places = rows, places

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Row]: ...
    def __getitem__(self, at: int | slice) -> Row | Sequence[Row]:
        return _Part(self._of, self._places[at]) if isinstance(at, slice) else self._of[self._places[at]]

    def __iter__(self) -> Iterator[Row]:
        if self._places.step != 1:
            return (self._of[at] for at in self._places)
        return self._of.between(self._places.start, self._places.stop)
