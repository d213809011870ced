"""Addresses as an open workbook says them, and the rectangles they mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from addin.books.names import column_number, quoted
from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.crm.grid import Rect

#: An address as a text may be so long in Excel.
_ADDRESS: Final = 240
_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")


def area(address: str) -> Rect:
    """An address as a rectangle.

    >>> area("$B$2:$C$9"), area("A1")
    ((2, 2, 9, 3), (1, 1, 1, 1))
    """
    found = _AREA.search(address.rpartition("!")[2])
    if found is None:
        raise ValueError(address)
    top, left = int(found[2]), column_number(found[1])
    return (top, left, int(found[4]), column_number(found[3])) if found[3] else (top, left, top, left)


def area_formula(sheet: str, rect: Rect) -> str:
    """A rectangle as a name says it.

    >>> area_formula("접수", (1, 1, 9, 3))
    "'접수'!$A$1:$C$9"
    """
    top, left, bottom, right = rect
    return f"{quoted(sheet)}!${column_letter(left)}${top}:${column_letter(right)}${bottom}"


def joined(addresses: Iterable[str]) -> Iterator[str]:
    """Addresses put together with commas, each text as long as Excel takes it.

    >>> len(list(joined(f"A{i}:A{i}" for i in range(100, 200))))
    5
    """
    text = ""
    for address in addresses:
        if text and len(text) + len(address) + 1 > _ADDRESS:
            yield text
            text = ""
        text = f"{text},{address}" if text else address
    if text:
        yield text
