"""What stands around a sheet's rows: used range, column widths and formats, merged cells, autofilter.

Everything here takes the head (before ``<sheetData>``) or the tail (behind ``</sheetData>``) as bytes in Excel's
own way (`addin.books.sheetxml`) and gives them back with one thing changed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from addin.books.names import MAX_COLUMN, MAX_ROW, column_number
from addin.crm.grid import cell_address
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.crm.grid import Rect

_DIMENSION = pattern(rb"(<dimension\s[^>]*?ref=[\"'])([^\"']*)([\"'])")
_COLS = pattern(rb"<cols(?:\s[^>]*)?>(.*?)</cols>|<cols\s*/>", re.DOTALL)
_COL = pattern(rb"<col\s([^>]*?)\s*(?:/>|>\s*</col>)")
_ATTRIBUTE = pattern(rb"([\w:]+)\s*=\s*[\"']([^\"']*)[\"']")
_MERGE = pattern(rb"<mergeCell\s[^>]*?ref=[\"']([^\"']*)[\"']")
_FILTER = pattern(rb"(<autoFilter\s[^>]*?ref=[\"'])([^\"']*)([\"'])")
_CORNER = pattern(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")


class Columns(NamedTuple):
    """One ``<col>``: columns first to last share these attributes."""

    first: int
    last: int
    attributes: tuple[tuple[str, str], ...]

    def get(self, name: str) -> str | None:
        """One attribute."""
        return dict(self.attributes).get(name)

    def xml(self) -> str:
        """The element."""
        rest = "".join(f' {name}="{value}"' for name, value in self.attributes)
        return f'<col min="{self.first}" max="{self.last}"{rest}/>'


def parse_range(ref: str) -> Rect | None:
    """``A1:C5`` (or one cell) as first row, first column, last row, last column; None where it is no such thing.

    >>> parse_range("$B$2:C5"), parse_range("B2"), parse_range("A:A")
    ((2, 2, 5, 3), (2, 2, 2, 2), None)
    """
    corners = [_CORNER().fullmatch(part) for part in ref.strip().split(":")]
    if not 1 <= len(corners) <= 2 or None in corners:
        return None
    places = [(int(c[2]), column_number(c[1])) for c in corners if c]
    rows, columns = [r for r, _ in places], [c for _, c in places]
    if not (min(rows) >= 1 and max(rows) <= MAX_ROW and max(columns) <= MAX_COLUMN):
        return None
    return min(rows), min(columns), max(rows), max(columns)


def range_text(rect: Rect) -> str:
    """The other way round.

    >>> range_text((2, 2, 5, 3))
    'B2:C5'
    """
    first, last = cell_address(rect[0], rect[1]), cell_address(rect[2], rect[3])
    return first if first == last else f"{first}:{last}"


def extended_dimension(head: bytes, rect: Rect) -> bytes:
    """The used range grown to hold a rectangle; a head without one, or with one that can't be read, stays."""
    found = _DIMENSION().search(head)
    present = parse_range(found[2].decode()) if found else None
    if found is None or present is None:
        return head
    grown = (min(present[0], rect[0]), min(present[1], rect[1]), max(present[2], rect[2]), max(present[3], rect[3]))
    if grown == present:
        return head
    return head[: found.start(2)] + range_text(grown).encode() + head[found.end(2) :]


def columns(head: bytes) -> list[Columns]:
    """The ``<col>`` elements, in order."""
    found = _COLS().search(head)
    out = []
    for col in _COL().finditer(found[1] or b"") if found else ():
        attributes = {name.decode(): value.decode() for name, value in _ATTRIBUTE().findall(col[1])}
        first, last = int(attributes.pop("min", "1")), int(attributes.pop("max", "1"))
        out.append(Columns(first, last, tuple(attributes.items())))
    return out


def column_style(head: bytes, column: int) -> int:
    """The format of a column's blank cells."""
    return next((int(c.get("style") or 0) for c in columns(head) if c.first <= column <= c.last), 0)


def with_width(head: bytes, column: int, width: float) -> bytes:
    """The column at that width (characters), unless it has one of its own or is hidden; its neighbours keep theirs.

    >>> with_width(b'<worksheet><cols><col min="1" max="3" width="9" style="2"/></cols>', 2, 20)
    b'<worksheet><cols><col min="1" max="1" width="9" style="2"/><col min="2" max="2" width="20" style="2"
    customWidth="1"/><col min="3" max="3" width="9" style="2"/></cols>'
    """
    present = columns(head)
    out: list[Columns] = []
    mine = {"width": f"{width:g}", "customWidth": "1"}
    placed = False
    for col in present:
        if not col.first <= column <= col.last:
            out.append(col)
            continue
        if col.get("customWidth") in ("1", "true") or col.get("hidden") in ("1", "true"):
            return head
        placed = True
        if col.first < column:
            out.append(Columns(col.first, column - 1, col.attributes))
        out.append(Columns(column, column, tuple((dict(col.attributes) | mine).items())))
        if column < col.last:
            out.append(Columns(column + 1, col.last, col.attributes))
    if not placed:
        out.append(Columns(column, column, tuple(mine.items())))
        out.sort(key=lambda c: c.first)
    xml = ("<cols>" + "".join(c.xml() for c in out) + "</cols>").encode()
    found = _COLS().search(head)
    return head[: found.start()] + xml + head[found.end() :] if found else head + xml


def merges(tail: bytes) -> Iterator[Rect]:
    """The merged rectangles."""
    for found in _MERGE().finditer(tail):
        rect = parse_range(found[1].decode())
        if rect is not None:
            yield rect


def auto_filter(tail: bytes) -> Rect | None:
    """The sheet's own autofilter range."""
    found = _FILTER().search(tail)
    return parse_range(found[2].decode()) if found else None


def with_auto_filter(tail: bytes, rect: Rect) -> bytes:
    """The sheet's own autofilter over another range; its criteria stay."""
    found = _FILTER().search(tail)
    assert found is not None
    return tail[: found.start(2)] + range_text(rect).encode() + tail[found.end(2) :]
