"""Columns of very long lists, read as they are kept (`addin.crm.packed_rows`): no cell becomes an object of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.whole import PLAIN, whole_columns

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.whole import Unread


def whole_kept(name: str, column: Unread, cells: Mapping[type, pl.Series], count: int) -> list[pl.Series] | None:
    """The column's values as `addin.crm.whole.whole_column` gives them, of cells by their type; None where it has to be
    read cell by cell.
    """
    import polars as pl

    kind = float if column.kind == "money" else str
    if not cells.keys() <= {kind} or not (column.kind in PLAIN or column.kind in ("money", "category")):
        return None
    empty = pl.Series(name, [None] * count, dtype=pl.Float64 if kind is float else pl.String)
    found = whole_columns({name: column._replace(cells=cells.get(kind, empty))}).get(name)
    return None if found is None else [found]
