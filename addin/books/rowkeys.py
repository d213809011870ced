"""A row known by what stands in it, wherever people move it: the first few plain values beside our own columns."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from addin.books.cells import Raw, plain_text, read
from addin.books.sheetxml import cells_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from addin.books.sheetxml import SheetXml

#: How many values tell a row.
VALUES = 4


def row_key(row: bytes, leave_out: Collection[int], string: Callable[[int], str | Raw], where: str = "") -> int:
    """A number for a row's first values, formulas and the columns to ``leave_out`` aside; 0 for a blank row."""
    parts: list[str] = []
    for column, cell in cells_of(row, where)[1]:
        if column in leave_out:
            continue
        value = read(cell, string)
        if value is None or (isinstance(value, Raw) and value.formula is not None):
            continue
        text = plain_text(value) if isinstance(value, Raw | str) else f"{float(value)!r}"
        parts.append(text)
        if len(parts) == VALUES:
            break
    return zlib.crc32("\x1f".join(parts).encode("utf-8", "surrogatepass")) if parts else 0


def row_keys(
    sheet: SheetXml, rows: Iterable[int], leave_out: Collection[int], string: Callable[[int], str | Raw]
) -> list[int]:
    """The keys of some rows, in their order."""
    found = ((row, sheet.row(row)) for row in rows)
    return [row_key(xml, leave_out, string, sheet.where) if xml else 0 for _, xml in found]
