"""What a worksheet's XML tells beside the values: error cells, formulas, merges, filters, and what covers cells.

A byte search does it where the sheet is plainly written (`Extent.plain`), the XML parser elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from addin.books.names import column_number
from addin.books.walk import walk
from addin.crm.grid import CellError, Rect
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.books.package import Package

#: A formula that was never calculated: nothing can be said about its value.
NO_CACHE = CellError("#NOCACHE")

#: A formula that may call a function of ours.
CALLS = re.compile(rb"<(?:[\w.-]+:)?f(?:\s[^>]*)?>[^<]*?(?i:crm)[_.]\w+\s*\(")
_FORMULA_COLUMN = pattern(rb'<c r="([A-Z]+)\d+"[^>]*>\s*<f')
_UNCACHED = pattern(rb"(?:</f>|<f[^>]*/>)(?!\s*<v(?:\s[^>]*)?>[^<])")
#: A plainly written cell and its format's number.
CELL_STYLE = re.compile(rb'<c r="[A-Z]+\d+"[^>]*?\ss="(\d+)"')
_CELL = pattern(rb'<c r="([A-Z]+)(\d+)"([^>]*)>')
_TYPE_STR = pattern(rb"""\st=["']str["']""")
_VALUE = pattern(rb"<v(?:\s[^>]*)?>([^<]*)</v>")
_MERGE = re.compile(rb"""<(?:[\w.-]+:)?mergeCell\s[^>]*?ref\s*=\s*["']([^"']+)["']""")
_FILTER = re.compile(rb"""<(?:[\w.-]+:)?autoFilter\s[^>]*?ref\s*=\s*["']([^"']+)["']""")
_AREA = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})(?::\$?([A-Za-z]{1,3})\$?(\d{1,7}))?$")
_VML_ANCHOR = pattern(
    rb"""<x:ClientData\s[^>]*ObjectType=["'](\w+)["'](?:(?!</x:ClientData>).)*?<x:Anchor>([^<]*)</x:Anchor>""",
    re.DOTALL,
)

# how long a sheet is searched for every spelling, and how many underscores are looked at one by one
_LONG, _TRIES = 1 << 22, 20_000

# a default column is 64 pixels, a row 20; a pixel is 9,525 English Metric Units
_COLUMN_EMU, _ROW_EMU = 609_600, 190_500


@dataclass(slots=True)
class SheetFacts:
    """Of one worksheet. ``errors``: (row, column) → the error there; ``formulas``: their columns, 1-based."""

    errors: dict[tuple[int, int], CellError] = field(default_factory=dict)
    formulas: frozenset[int] = frozenset()
    merged: list[Rect] = field(default_factory=list)
    filters: list[Rect] = field(default_factory=list)
    tables: list[Rect] = field(default_factory=list)
    drawn: list[Rect] = field(default_factory=list)
    calls: bool = False  # whether a formula may call a function of ours


def scan(
    package: Package, part: str, *, plain: bool, bare: bool = False, cells: SheetFacts | None = None
) -> SheetFacts:
    """The facts of one worksheet part; ``bare`` where it is known already that it holds no formula, ``cells`` where
    all that its cells tell is known already."""
    xml = package.read(part)
    if cells is None:
        errors, formulas = by_bytes(xml, bare) if plain else _by_parser(xml, part)
        cells = SheetFacts(errors, formulas)
        cells.calls = bool(formulas) and _named(package, xml) and CALLS.search(xml) is not None
    end = xml.rfind(b"sheetData>")
    return beside(package, part, xml, max(end if end >= 0 else xml.rfind(b"<sheetData/>"), 0), cells)


def beside(package: Package, part: str, xml: bytes, end: int, cells: SheetFacts) -> SheetFacts:
    """What cells tell, and what else there is: merges and filters, written behind the rows, and what other parts lay
    over them.
    """
    facts = replace(cells, merged=list(_rects(_MERGE, xml, end)), filters=list(_rects(_FILTER, xml, end)))
    for rel in package.rels(part):
        if rel.external or not package.has(rel.target):
            continue
        if rel.kind == "table":
            ref = rect(package.xml(rel.target).get("ref", ""))
            facts.tables += [ref] if ref else []
        elif rel.kind == "drawing":
            facts.drawn += _anchors(package, rel.target)
        elif rel.kind == "vmlDrawing":
            facts.drawn += _buttons(package.read(rel.target))
    return facts


def _named(package: Package, xml: bytes) -> bool:
    """Whether ``CRM_`` or ``CRM.`` stands anywhere in a sheet.

    One byte is found thirty times as fast as four, and underscores are rare in long sheets; ``CRM.`` is LibreOffice's
    spelling, looked for in a long sheet only where LibreOffice wrote the file.
    """
    at, tries = xml.find(b"_"), 0
    while at >= 0 and tries < _TRIES:
        if xml[max(at - 3, 0) : at].upper() == b"CRM":
            return True
        at, tries = xml.find(b"_", at + 1), tries + 1
    if at >= 0 and (b"CRM_" in xml or b"crm_" in xml):
        return True
    app = "docProps/app.xml"
    dotted = len(xml) < _LONG or (package.has(app) and b"LibreOffice" in package.read(app))
    return dotted and (b"CRM." in xml or b"crm." in xml)


def has_style(xml: bytes, style: int) -> bool:
    """Whether anything in a sheet has this format."""
    mark, at = b's="%d"' % style, 0
    while (at := xml.find(mark, at + 1)) > 0:
        if xml[at - 1 : at].isspace():
            return True
    return False


def rect(text: str) -> Rect | None:
    """``B2:D5`` → (2, 2, 5, 4); None where it is no rectangle.

    >>> rect("$B$2:D5"), rect("A1"), rect("A:A")
    ((2, 2, 5, 4), (1, 1, 1, 1), None)
    """
    found = _AREA.match(text.strip())
    if found is None:
        return None
    row, column = int(found[2]), column_number(found[1])
    if found[3] is None:
        return row, column, row, column
    row2, column2 = int(found[4]), column_number(found[3])
    return min(row, row2), min(column, column2), max(row, row2), max(column, column2)


def _rects(pattern: re.Pattern[bytes], xml: bytes, start: int) -> Iterator[Rect]:
    for found in pattern.finditer(xml, start):
        area = rect(found[1].decode("ascii", "replace"))
        if area:
            yield area


def by_bytes(xml: bytes, bare: bool = False) -> tuple[dict[tuple[int, int], CellError], frozenset[int]]:
    """Errors by place and columns of formulas of a plainly written sheet; ``bare``: it is known to hold no formula."""
    errors: dict[tuple[int, int], CellError] = {}
    start, end = max(xml.find(b"<sheetData"), 0), max(xml.rfind(b"</sheetData>"), 0)
    formulas: frozenset[int] = frozenset()
    if not bare and xml.find(b"<f", start, end) >= 0:
        formulas = frozenset(column_number(c.decode()) for c in set(_FORMULA_COLUMN().findall(xml, start, end)))
        for found in _UNCACHED().finditer(xml, start, end):
            cell = _CELL().match(xml, xml.rfind(b"<c ", start, found.start()))
            if cell and not _TYPE_STR().search(cell[3]):
                errors[int(cell[2]), column_number(cell[1].decode())] = NO_CACHE
    for needle in (b't="e"', b"t='e'") if xml.find(b"'", start, end) >= 0 else (b't="e"',):
        at = xml.find(needle, start, end)
        while at >= 0:
            cell = _CELL().match(xml, xml.rfind(b"<", start, at))
            if cell and not cell[3].endswith(b"/"):
                value = _VALUE().search(xml, cell.end(), xml.find(b"</c>", cell.end(), end))
                if value:
                    errors[int(cell[2]), column_number(cell[1].decode())] = CellError(value[1].decode().strip())
            at = xml.find(needle, at + 1, end)
    return errors, formulas


def _by_parser(xml: bytes, part: str) -> tuple[dict[tuple[int, int], CellError], frozenset[int]]:
    errors: dict[tuple[int, int], CellError] = {}
    formulas: set[int] = set()
    for cell in walk(xml, part):
        if cell.formula:
            formulas.add(cell.column)
            if not cell.text and cell.type != "str":
                errors[cell.row, cell.column] = NO_CACHE
        if cell.type == "e" and cell.text:
            errors[cell.row, cell.column] = CellError(cell.text.strip())
    return errors, frozenset(formulas)


def _anchors(package: Package, part: str) -> Iterator[Rect]:
    """The cells under each chart, picture and shape of a drawing."""
    for anchor in package.xml(part):
        if not isinstance(anchor.tag, str):
            continue
        start, stop, size = anchor.find("{*}from"), anchor.find("{*}to"), anchor.find("{*}ext")
        if start is None:
            continue
        row, column = (int(start.findtext(name, "0")) for name in ("{*}row", "{*}col"))
        if stop is not None:
            row2, column2 = (int(stop.findtext(name, "0")) for name in ("{*}row", "{*}col"))
        else:
            height, width = (0, 0) if size is None else (int(size.get("cy", "0")), int(size.get("cx", "0")))
            row2, column2 = row + height // _ROW_EMU, column + width // _COLUMN_EMU
        yield row + 1, column + 1, max(row, row2) + 1, max(column, column2) + 1


def _buttons(vml: bytes) -> Iterator[Rect]:
    """The cells under each form button of a legacy drawing; notes are left out, they come and go."""
    for kind, anchor in _VML_ANCHOR().findall(vml):
        numbers = [int(n) for n in anchor.split(b",") if n.strip().isdigit()]
        if kind != b"Note" and len(numbers) == 8:
            yield numbers[2] + 1, numbers[0] + 1, numbers[6] + 1, numbers[4] + 1
