"""The cells of a long sheet packed for keeping: columns by type, and words that come often stand once."""

from __future__ import annotations

import io
from functools import cached_property
from typing import TYPE_CHECKING

from addin.books.blocks import CannotCut
from addin.books.celltable import key_of, name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

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


class HeldRows(KeptRows):
    """The cells of a sheet that was read before, in a process that stays: packed only when they are saved."""

    def __init__(self, columns: Columns) -> None:
        super().__init__(b"", b"")
        self.columns = columns

    def packed(self) -> KeptRows:
        """The same, for a file."""
        return KeptRows.of(self.columns.items())


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
