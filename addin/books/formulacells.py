"""The formulas of a book that calls our functions: text, place, what is stored as their result; lists and names too.

Read only where a formula calls a function of ours: other books pay nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from addin.books.cells import Raw, plain_of, plain_text, read, unescape
from addin.books.formulatext import called
from addin.books.listobjects import list_objects
from addin.books.names import Names
from addin.books.numfmt import Shown
from addin.books.sheethead import parse_range
from addin.books.sheetxml import cells_of, format_of
from addin.books.strings import Strings
from addin.crm.grid import CellError
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.books.package import Package, SheetRef
    from addin.books.sheetxml import SheetXml
    from addin.crm.grid import Rect

#: In a book with more formulas than this only those that call our functions are read: Excel does the others.
MANY = 20_000
#: What is stored as a formula's result; None where nothing is.
Stored = str | float | bool | CellError | None

FORMULA = pattern(rb"<f(?=[\s/>])([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
VALUE = pattern(rb"<v(?:\s[^>]*)?(?:/>|>(.*?)</v>)", re.DOTALL)
TYPE = pattern(rb"\st=[\"'](\w+)[\"']")
#: A cell that shows numbers as they are.
NUMBER = Shown()
_OURS = pattern(rb"[Cc][Rr][Mm][_.]")
_ARRAY = pattern(rb"\st=[\"'](?:array|dataTable)[\"']")
_SHARED = pattern(rb"\bsi=[\"'](\d+)[\"']")
_REF = pattern(rb"\sref=[\"']([^\"']*)[\"']")


@dataclass(frozen=True, slots=True)
class FormulaCell:
    """One formula. ``text`` is without ``=``; ``shift`` is how far (rows, columns) its references move (shared ones).

    ``array`` is the range an array or spilled formula fills, ``dynamic`` whether Excel sizes that range by itself,
    ``members`` what is stored in its other cells. ``stored`` is the result in the file, ``look`` the cell's format.
    """

    sheet: str
    row: int
    column: int
    text: str
    shift: tuple[int, int] = (0, 0)
    array: Rect | None = None
    dynamic: bool = False
    stored: Stored = None
    look: Shown = NUMBER
    members: dict[tuple[int, int], Stored] = field(default_factory=dict)


class TableArea(NamedTuple):
    """A list (ListObject) as formulas see it: its sheet, its rectangle, how many rows are headers and totals."""

    sheet: str
    rect: Rect
    headers: tuple[str, ...]
    header_rows: int
    total_rows: int


@dataclass(slots=True)
class Formulas:
    """All formulas of a book, its lists and its defined names (casefolded; (name, None) for the whole book).

    ``many``: only those that call our functions are among ``cells``.
    """

    cells: list[FormulaCell] = field(default_factory=list)
    tables: dict[str, TableArea] = field(default_factory=dict)
    names: dict[tuple[str, str | None], str] = field(default_factory=dict)
    many: bool = False


def read_formulas(package: Package, looks: Sequence[Shown]) -> Formulas | None:
    """Every formula of the book; None where none calls a function of ours."""
    out = Formulas()
    strings = Strings(package)
    worksheets = [sheet for sheet in package.sheets if sheet.kind == "worksheet"]
    out.many = sum(package.read(sheet.part).count(b"<f") for sheet in worksheets) > MANY
    for sheet in worksheets:
        out.cells += _of_sheet(package, sheet, strings, looks, only_ours=out.many)
    if not any(next(called(cell.text), None) for cell in out.cells):
        return None
    for sheet in worksheets:
        for item in list_objects(package, sheet.part):
            rows = int(item.root.get("headerRowCount", "1")), int(item.root.get("totalsRowCount", "0"))
            out.tables[item.name.casefold()] = TableArea(sheet.name, item.rect, tuple(item.headers), *rows)
    tabs = [sheet.name for sheet in package.sheets]
    for name in Names(package).all():
        home = None if name.local is None else tabs[name.local].casefold() if name.local < len(tabs) else ""
        out.names[name.name.casefold(), home] = name.formula
    return out


def stored(cell: bytes, strings: Strings) -> Stored:
    """The result stored in a formula's cell, or in a cell an array formula fills.

    >>> from addin.books.package import Package
    >>> stored(b'<c r="A1" t="str"><f>B1</f><v>a</v></c>', None), stored(b'<c r="A1"><f>B1</f></c>', None)
    ('a', None)
    """
    head = cell[: cell.find(b">") + 1]
    value = VALUE().search(cell)
    kind = found[1].decode() if (found := TYPE().search(head)) else "n"
    if kind in ("s", "inlineStr"):
        held = read(FORMULA().sub(b"", cell, count=1), strings.get)
        return plain_text(held) if isinstance(held, Raw) else held
    if value is None:
        return None
    text = unescape((value[1] or b"").decode())
    match kind:
        case "str":
            return text
        case "b":
            return text.strip() in ("1", "true")
        case "e":
            return CellError(text.strip())
    return float(text) if text.strip() else None


def _of_sheet(
    package: Package, sheet: SheetRef, strings: Strings, looks: Sequence[Shown], *, only_ours: bool
) -> list[FormulaCell]:
    data = package.read(sheet.part)
    if b"<f" not in data and b":f" not in data:
        return []
    if only_ours and not any(name in data for name in (b"CRM_", b"crm_", b"CRM.", b"crm.")):
        return []
    xml = package.sheet_xml(sheet.part, sheet.name)
    out: list[FormulaCell] = []
    shared: dict[bytes, FormulaCell] = {}
    for at, row in enumerate(xml.rows):
        line = xml.data[xml.starts[at] : xml.starts[at + 1]]
        if b"<f" not in line or (only_ours and not (_OURS().search(line) or (shared and b"shared" in line))):
            continue
        for column, cell in cells_of(line, sheet.name)[1]:
            found = FORMULA().search(cell)
            if found is None:
                continue
            master = shared.get(index[1]) if (index := _SHARED().search(found[1])) else None
            text = plain_of((found[2] or b"").decode())
            if only_ours and master is None and next(called(text), None) is None:
                continue
            shift = (0, 0)
            if master is not None and not text:
                text, shift = master.text, (row - master.row, column - master.column)
            ref = _REF().search(found[1]) if _ARRAY().search(found[1]) else None
            array = parse_range(ref[1].decode()) if ref else None
            style = format_of(cell)
            made = FormulaCell(
                sheet.name,
                row,
                column,
                unescape(text),
                shift,
                array,
                b" cm=" in cell[: cell.find(b">")],
                stored(cell, strings),
                looks[style] if style < len(looks) else NUMBER,
                {} if array is None else _members(xml, array, (row, column), strings),
            )
            out.append(made)
            if index and master is None:
                shared[index[1]] = made
    return out


def _members(xml: SheetXml, array: Rect, anchor: tuple[int, int], strings: Strings) -> dict[tuple[int, int], Stored]:
    out: dict[tuple[int, int], Stored] = {}
    for row in range(array[0], array[2] + 1):
        line = xml.row(row)
        cells = dict(cells_of(line, xml.where)[1]) if line else {}
        for column in range(array[1], array[3] + 1):
            if (row, column) != anchor:
                out[row, column] = stored(cells[column], strings) if column in cells else None
    return out
