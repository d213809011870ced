"""A worksheet's XML as bytes: only touched rows are taken apart, everything else is passed on as it stands.

No element tree: a DOM of a 100,000-row sheet costs 1.1 GB and 3.3 s. Sheets written in another way than
Excel's own (prefixed namespaces, rows or cells without ``r``, comments, CDATA) are first put into that way by lxml.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from functools import cached_property
from io import SEEK_END, BytesIO
from itertools import filterfalse, pairwise
from operator import lt
from typing import IO, TYPE_CHECKING, cast

from addin.books.cells import Held, Raw, read, unescape
from addin.books.longpart import WINDOW, LongPart, let_go, windows
from addin.books.names import column_number
from addin.books.outline import LONG, outline
from addin.crm.grid import column_letter
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from addin.books.nearrows import Near

#: Where the rows begin.
DATA = re.compile(rb"<sheetData(?:\s[^>]*)?/?>")
_FORMULA, _PREFIXED_FORMULA = re.compile(rb"<f[\s/>]"), re.compile(rb":f[\s/>]")
_OWN_ROW = re.compile(rb'<row r="(\d+)"')
_ROW = re.compile(rb"<row(?:\s(?:[^>]*?\s)?r=[\"'](\d+)[\"'])?[^>]*>")
_CELL = re.compile(rb"\s*(<c(?=[\s/>])(?:[^>]*?\sr=[\"']([A-Z]{1,3})\d+[\"'])?[^>]*?(?:/>|>.*?</c>))", re.DOTALL)
_LAST = re.compile(rb'<c r="([A-Z]{1,3})(?=\d|$)')
#: A cell that is blank, a number, a shared text, or a text that is nothing else.
_PLAIN = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"(?: s="\d+")?'
    rb'(?:/>|(?: t="(s|n)")?><v>([^<]+)</v></c>| t="inlineStr"><is><t(?: xml:space="preserve")?>([^<]+)</t></is></c>)'
)
#: A row that ends with a cell of its own closing tag.
ROW_END = b"</c></row>"
#: How a cell of a sheet in Excel's own way begins.
_CELL_TAG = b"<c "
#: Rows that are looked at in one go.
_ROWS = 20_000
#: A format index in an opening tag.
STYLE = re.compile(rb"\ss=[\"'](\d+)[\"']")


class NotUnderstoodError(Exception):
    """The sheet isn't written as the splicer expects; `normalised` may help."""


class SheetXml:
    """One worksheet part, its rows found but not taken apart.

    ``own_rows``: every row begins ``<row r="1"``, as Excel writes it. ``near``: rows are found only there.
    Raises `BookRefused` for a sheet whose rows are out of order or that is no worksheet.
    """

    def __init__(self, data: bytes, where: str = "", near: Near | None = None) -> None:
        self.where, self.near = where, near
        try:
            self._index(data)
        except NotUnderstoodError:
            self.near = None
            try:
                self._index(normalised(bytes(data), where))
            except NotUnderstoodError as error:
                raise BookRefused("book.sheet_odd", where=where, value=str(error)) from error

    def _index(self, data: bytes) -> None:
        opening = DATA.search(data)
        if opening is None or not plain(data[:2000]):
            raise NotUnderstoodError("head" if opening else "sheetData")
        self.data = data
        self.empty = opening[0].endswith(b"/>")
        self.start = opening.end()
        self.end = self.start if self.empty else data.rfind(b"</sheetData>")
        self.opening = opening.start()
        to_find = len(data) >= LONG and self.near is None
        self.outline = outline(data, self.start, self.end) if to_find else None
        looked = self.near is not None or (self.outline is not None and not self.outline.comments)
        if any(b"!" in part and b"<!" in part for part in ((self.head, self.tail) if looked else (data,))):
            raise NotUnderstoodError("comment")
        if self.end < self.start:
            raise NotUnderstoodError("sheetData")
        if self.outline is not None:
            self.own_rows, rows, starts = True, self.outline.rows, array("Q", self.outline.starts)
        elif self.near is not None:
            self.own_rows, (rows, starts) = True, self.near.found(data, self.end)
        else:
            rows, starts = self._found_rows()
        if not all(map(lt, rows, rows[1:])):
            raise NotUnderstoodError("rows")
        self.rows = rows
        self.starts = starts
        starts.append(self.end)

    def _found_rows(self) -> tuple[array[int], array[int]]:
        """The rows' numbers, and where each begins."""
        data, rows, starts = self.data, array("L"), array("Q")
        self.own_rows = True
        if not self.empty:
            own = list(_OWN_ROW.finditer(data, self.start, self.end))
            self.own_rows = len(own) == data.count(b"<row", self.start, self.end)
            if self.own_rows:
                rows.extend([int(found[1]) for found in own])
                starts.extend([found.start() for found in own])
            else:
                for found in _ROW.finditer(data, self.start, self.end):
                    if found[1] is None:
                        raise NotUnderstoodError(f"row {len(rows) + 1}")
                    rows.append(int(found[1]))
                    starts.append(found.start())
        return rows, starts

    @cached_property
    def formulas(self) -> bool:
        """Whether the part holds a formula, be it one of a format."""
        if self.near is not None and self.near.cuts.bare:
            return holds_formula(self.head) or holds_formula(self.tail)
        bare = self.outline is not None and not self.outline.formulas
        return holds_formula(self.data, self.head, self.tail) if bare else holds_formula(self.data)

    @cached_property
    def row_formats(self) -> bool:
        """Whether a row may have a format of its own."""
        return b"customFormat" in self.data

    @cached_property
    def last_columns(self) -> array[int]:
        """Of each row the column of its last cell; 0 where the row doesn't end ``</c></row>`` or that isn't told."""
        if self.outline is not None:
            return self.outline.last_columns
        data, known = self.data, dict[bytes, int]()
        out = array("H")
        for start, end in pairwise(self.starts):
            if not data.startswith(ROW_END, end - len(ROW_END)):
                out.append(0)
                continue
            last = data.rfind(b"<c ", start, end)
            mark = data[last : last + 9]
            if mark not in known:
                found = _LAST.match(mark)
                known[mark] = column_number(found[1].decode()) if found else 0
            out.append(known[mark])
        return out

    @cached_property
    def opened(self) -> array[int]:
        """Where each row's opening tag ends."""
        find, starts, out = self.data.find, self.starts, array("Q")
        for at in range(0, len(starts) - 1, _ROWS):
            here = starts[at : min(at + _ROWS, len(starts) - 1)]
            out.extend([find(b">", start) + 1 for start in here])
            let_go(self.data, here[0], here[-1])
        return out

    def look_ahead(self) -> None:
        """Find out now what whoever writes the sheet will ask."""
        _ = self.formulas, self.row_formats, self.last_columns, self.opened

    @property
    def head(self) -> bytes:
        """Everything before ``<sheetData>``."""
        return self.data[: self.opening]

    @property
    def tail(self) -> bytes:
        """Everything from ``</sheetData>`` on; behind ``<sheetData/>`` for a sheet without rows."""
        return self.data[self.end :]

    def composed(self, head: bytes, rows: IO[bytes] | None, tail: bytes) -> bytes:
        """The whole part again, with another head, rows (None: as they are) or tail.

        ``rows`` become the part in place, without a second copy of them, and are of no use afterwards.
        """
        if isinstance(self.data, LongPart):
            return cast("bytes", LongPart.of(self._long(head, rows, tail)))
        if rows is None:
            kept = b"<sheetData/>" if self.empty else memoryview(self.data)[self.start : self.end]
            return b"".join([head, kept, tail] if self.empty else [head, b"<sheetData>", kept, tail])
        assert isinstance(rows, BytesIO)
        opening = head + b"<sheetData>"
        size = rows.seek(0, SEEK_END)
        rows.write(opening)
        with rows.getbuffer() as view:
            view[len(opening) :] = view[:size]
            view[: len(opening)] = opening
        rows.write(b"</sheetData>" + tail if self.empty else tail)
        return rows.getvalue()

    def _long(self, head: bytes, rows: IO[bytes] | None, tail: bytes) -> Iterator[bytes]:
        """The same, piece by piece."""
        alone = rows is None and self.empty
        yield head + (b"<sheetData/>" if alone else b"<sheetData>")
        if rows is None:
            yield from map(bytes, windows(self.data, self.start, self.end))
        else:
            rows.seek(0)
            while piece := rows.read(WINDOW):
                yield piece
        yield b"</sheetData>" + tail if self.empty and not alone else tail

    def row(self, number: int) -> bytes | None:
        """A row's XML; None where the sheet has no such row."""
        at = bisect_left(self.rows, number)
        if at == len(self.rows) or self.rows[at] != number:
            return None
        return self.data[self.starts[at] : self.starts[at + 1]]

    def cell(self, row: int, column: int) -> bytes | None:
        """A cell's XML; None where the sheet has none there."""
        found = self.row(row)
        return None if found is None else dict(cells_of(found, self.where)[1]).get(column)


def holds_formula(xml: bytes, *parts: bytes) -> bool:
    """Whether there is a formula in some XML, be it one of a format; ``parts``: only there may it have no prefix."""
    if any(_FORMULA.search(part) for part in parts or (xml,)):
        return True
    return b":f" in xml and _PREFIXED_FORMULA.search(xml) is not None


def format_of(cell: bytes) -> int:
    """A cell's format index."""
    found = STYLE.search(cell[: cell.find(b">") + 1])
    return int(found[1]) if found else 0


def cells_of(row: bytes, where: str = "") -> tuple[bytes, list[tuple[int, bytes]], bytes]:
    """A row taken apart: its opening tag, (column, cell) in order, and the rest with its closing tag.

    >>> cells_of(b'<row r="1"><c r="A1"/><c r="C1"><v>1</v></c></row>')
    (b'<row r="1">', [(1, b'<c r="A1"/>'), (3, b'<c r="C1"><v>1</v></c>')], b'</row>')
    """
    at = row.find(b">") + 1
    if row.endswith(b"/>", 0, at):
        return row[: at - 2].rstrip() + b">", [], b"</row>" + row[at:]
    opening = row[:at]
    return opening, *_cells(row, at, where)


def cells_in(inside: bytes, where: str = "") -> list[tuple[int, bytes]]:
    """(column, cell) of what stands between a row's tags, nothing else being there.

    >>> cells_in(b'<c r="A1"/>')
    [(1, b'<c r="A1"/>')]
    """
    cells, rest = _cells(inside, 0, where)
    if rest:
        raise _odd(inside, where)
    return cells


def _cells(row: bytes, at: int, where: str) -> tuple[list[tuple[int, bytes]], bytes]:
    cells: list[tuple[int, bytes]] = []
    last = 0
    while found := _CELL.match(row, at):
        column = column_number(found[2].decode()) if found[2] else 0
        if column <= last:
            raise _odd(row, where)
        cells.append((column, found[1]))
        last, at = column, found.end()
    rest = row[at:].lstrip()
    if rest and not rest.startswith((b"</row>", b"<extLst")):
        raise _odd(row, where)
    return cells, rest


def _odd(row: bytes, where: str) -> BookRefused:
    return BookRefused("book.sheet_odd", where=where, value=row[:40].decode("utf-8", "replace"))


def plain(head: bytes) -> bool:
    """Whether a sheet is written in Excel's own way as far as its first bytes can tell."""
    root = head.find(b"<worksheet")
    if root < 0 or b"xmlns=" not in head[root : head.find(b">", root)]:
        return False
    declaration = head[:root]
    return b"encoding" not in declaration or bool(re.search(rb"encoding=[\"']utf-?8[\"']", declaration, re.IGNORECASE))


def normalised(data: bytes, where: str = "") -> bytes:
    """The same sheet in Excel's own way: main namespace without a prefix, ``r`` on rows and cells, no comments."""
    from lxml import etree

    from addin.books.ooxml import parse

    root = parse(data, where=where, part=where)
    if not isinstance(root.tag, str) or not root.tag.endswith("}worksheet"):
        raise NotUnderstoodError("worksheet")
    q = root.tag[: root.tag.index("}") + 1]
    etree.strip_tags(root, etree.Comment, etree.ProcessingInstruction)
    number = 0
    for row in root.iterfind(f"{q}sheetData/{q}row"):
        number = int(row.get("r") or number + 1)
        row.set("r", str(number))
        column = 0
        for cell in row.iterfind(f"{q}c"):
            ref = cell.get("r")
            column = column_number(ref.rstrip("0123456789").replace("$", "")) if ref else column + 1
            cell.set("r", f"{column_letter(column)}{number}")
    text: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    prefix = root.prefix
    if prefix:
        mark = prefix.encode()
        text = text.replace(b"<" + mark + b":", b"<").replace(b"</" + mark + b":", b"</")
        text = text.replace(b"xmlns:" + mark + b"=", b"xmlns=", 1)
    return text


def all_cells(
    sheet: SheetXml, string: Callable[[int], str | Raw], but: SheetXml | None = None
) -> Iterator[tuple[int, int, Held]]:
    """Every cell that is not blank: row, column, what it holds. ``but``: without those that stand there to the byte."""
    for at, number in enumerate(sheet.rows):
        row = sheet.data[sheet.starts[at] : sheet.starts[at + 1]]
        other = None if but is None else but.row(number)
        if other == row:
            continue
        if other is not None:
            opening, *inside = row.split(_CELL_TAG)
            row = _CELL_TAG.join([opening, *filterfalse(set(other.split(_CELL_TAG)).__contains__, inside)])
        cells = _PLAIN.findall(row)
        if len(cells) != row.count(b"<c"):  # a formula, an error, text of many looks, something odd
            for column, cell in cells_of(row, sheet.where)[1]:
                value = read(cell, string)
                if value is not None:
                    yield number, column, value
            continue
        for letters, kind, plain, inline in cells:
            if inline:
                yield number, column_number(letters.decode()), unescape(inline.decode())
            elif kind == b"s":
                yield number, column_number(letters.decode()), string(int(plain))
            elif plain:
                value = float(plain)
                whole = value.is_integer() and abs(value) < 2**53
                yield number, column_number(letters.decode()), int(value) if whole else value
