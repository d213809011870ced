"""The cells of a long sheet packed for keeping: columns by type, and words that come often stand once."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from addin.books.blocks import CannotCut
from addin.books.celltable import Stretch, any_in, filled, key_of, name_of, series_of
from addin.crm.packed_rows import one_after_the_other

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

#: A word stands once where a column has so many cells for each of its words.
_OFTEN = 4

#: (column from 0, type) → its cells, null where another type stands.
Columns = dict[tuple[int, type], "pl.Series"]


class KeptRows:
    """Rows from A1 on, as two tables of Arrow's: the words, and the columns, in which a number stands for a word."""

    def __init__(self, words: bytes, cells: bytes) -> None:
        self.words, self.cells = words, cells

    @classmethod
    def of(cls, columns: Iterable[tuple[tuple[int, type], pl.Series]]) -> KeptRows:
        """Columns of one length, packed.

        >>> import polars as pl
        >>> column = pl.Series(["가", None, "나"] * 9)
        >>> KeptRows.of([((2, str), column)]).columns[2, str].to_list() == column.to_list()
        True
        """
        import polars as pl

        words, cells = [pl.Series(dtype=pl.String)], list[pl.Series]()
        count = 0
        for (at, kind), column in columns:
            own = column.alias(name_of(at, kind))
            different = own.drop_nulls().unique() if kind is str else own
            if _OFTEN * len(different) < len(own):
                own = own.cast(pl.Enum(different)).to_physical().cast(pl.UInt32) + count
                words.append(different.alias(""))
                count += len(different)
            cells.append(own)
        return cls(packed(pl.DataFrame([pl.concat(words).alias("")])), packed(pl.DataFrame(cells)))

    @cached_property
    def columns(self) -> Columns:
        """The cells. `CannotCut` where they are damaged."""
        import polars as pl

        if not self.cells:
            return {}
        words, cells = unpacked(self.words), unpacked(self.cells)
        try:
            found = {key_of(name): cells[name] for name in cells.columns}
            return {key: words.to_series().gather(own) if own.dtype == pl.UInt32 else own for key, own in found.items()}
        except (pl.exceptions.PolarsError, ValueError, LookupError) as error:
            raise CannotCut("kept") from error

    def packed(self) -> KeptRows:
        """The same, for a file."""
        return self

    def table(self, first: int, height: int) -> pl.DataFrame:
        """Some of the rows, from a 1-based one on, as `addin.books.celltable` has them."""
        import polars as pl

        return pl.DataFrame([own.slice(first - 1, height).alias(name_of(*key)) for key, own in self.columns.items()])

    def laid(self, stretches: Iterable[Stretch], least: int = 0) -> Columns:
        """The columns of rows that are the table's own or come with cells of their own, from A1 on, at least so many
        rows long. A column in which the same stands as in the table's is that very one. `CannotCut` where rows overlap.

        >>> import polars as pl
        >>> table = HeldRows({(0, str): pl.Series(["가", "나", "다"]), (1, float): pl.Series([1.0, 2.0, 3.0])})
        >>> new = pl.DataFrame({"0s": ["나"], "1f": [5.0]})
        >>> found = table.laid([Stretch(1, 1, None), Stretch(2, 1, new), Stretch(3, 1, None)])
        >>> found[0, str] is table.columns[0, str], found[1, float].to_list()
        (True, [1.0, 5.0, 3.0])
        """
        known, stop = self.columns, 0
        spans: list[_Span] = []
        for first, height, table in stretches:
            if height < 0 or (height and first <= stop):
                raise CannotCut("kept")
            own = None if table is None else series_of(table)
            if spans and own is None and spans[-1].own is None and first - 1 == stop:
                spans[-1] = _Span(spans[-1].start, spans[-1].height + height, None)
            elif height:
                spans.append(_Span(first - 1, height, own))
            stop = first - 1 + height if height else stop
        stop = max(stop, least)
        out: Columns = {}
        for key in dict.fromkeys([*known, *(key for span in spans for key in span.own or ())]):
            cells = _laid(key, spans, stop, known.get(key))
            if cells is not None:
                out |= {key: cells} if cells is known.get(key) else filled({key: cells})
        return out


class HeldRows(KeptRows):
    """The cells of a sheet that was read before, in a process that stays: packed only when they are saved."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(b"", b"")
        self.columns = columns

    def packed(self) -> KeptRows:
        """The same, for a file."""
        return KeptRows.of(self.columns.items())


class _Span(NamedTuple):
    """Rows of a sheet, from a 0-based one on: their own columns, or None where those are the table's."""

    start: int
    height: int
    own: Columns | None


def _laid(key: tuple[int, type], spans: Sequence[_Span], stop: int, known: pl.Series | None) -> pl.Series | None:
    """A column of so many rows: the table's own, ``known``, where the same stands in it; None where nothing does."""
    kind, done = key[1], 0
    same = known is not None and len(known) == stop
    parts: list[tuple[int, pl.Series]] = []
    for start, height, own in spans:
        before = None if known is None else known.slice(start, height)
        here = before if own is None else own.get(key)
        if here is not None:
            if len(here) != height:
                raise CannotCut("kept")
            parts.append((start, here))
        if same and known is not None and before is not None:
            blank = start == done or not any_in(kind, known.slice(done, start - done))
            same = blank and (own is None or _alike(kind, here, before))
        done = start + height
    if known is not None and same and (done == stop or not any_in(kind, known.slice(done))):
        return known
    return one_after_the_other(parts, 0, stop).rechunk() if parts else None


def _alike(kind: type, cells: pl.Series | None, before: pl.Series) -> bool:
    """Whether the same stands in as many cells; an empty text is nothing."""
    if cells is None:
        return not any_in(kind, before)
    return cells.equals(before) or (kind is str and cells.fill_null("").equals(before.fill_null("")))


def packed(frame: pl.DataFrame) -> bytes:
    """A table as Arrow's bytes."""
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="lz4")
    return buffer.getvalue()


def unpacked(data: bytes) -> pl.DataFrame:
    """The table again. `CannotCut` where the bytes are none."""
    import polars as pl

    try:
        return pl.read_ipc(io.BytesIO(data))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise CannotCut("kept") from error
