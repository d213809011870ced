"""What people typed on a danggol tab outside danggol's own block, carried over when the tab is drawn anew.

Cells keep their address, their format and their bytes: values, formulas with their results, shared texts.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from operator import lt
from typing import TYPE_CHECKING

from addin.books.names import column_number
from addin.books.sheetxml import SheetXml, cells_of
from addin.crm.grid import cell_address, column_letter
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Collection

_HOLDS = re.compile(rb"<(?:v|f|is)(?=[\s/>])(?!/?>\s*</c>)")
_PLACE = re.compile(rb'<c r="([A-Z]{1,3})(?=\d)')
_SHARED = re.compile(rb"""<f\s[^>]*?\bsi=["'](\d+)["'][^>]*?(/?)>""")
_FORMULA = re.compile(rb"<f(?=[\s/>])")
_COLUMN = re.compile(rb"""<col\s[^>]*?/>""")
_MERGE = re.compile(rb"""<mergeCell\s[^>]*?ref=["']([A-Z]+)(\d+):([A-Z]+)(\d+)["'][^>]*?/>""")
_PREFIXED = re.compile(rb"""\s[\w.-]+:[\w.-]+=(?:"[^"]*"|'[^']*')""")  # their namespaces stay in the old sheet
_NUMBER = {name: re.compile(rb'\b%b="(\d+)"' % name.encode()) for name in ("min", "max")}


#: A row and a column: one cell, or the last of a block from A1.
Block = tuple[int, int]


@dataclass(slots=True)
class Carried:
    """People's cells by row (column, bytes), their rows' opening tags, merges and column widths outside the block.

    ``lost_formulas``: cells of the old block that held a formula; the calculation chain must forget them.
    """

    cells: dict[int, list[tuple[int, bytes]]] = field(default_factory=dict)
    rows: dict[int, bytes] = field(default_factory=dict)
    merges: list[bytes] = field(default_factory=list)
    columns: list[bytes] = field(default_factory=list)
    lost_formulas: list[Block] = field(default_factory=list)


def carry(old: SheetXml, before: Block, now: Block, taken: Collection[Block] = ()) -> Carried:
    """What to carry from the sheet as it stands. Blocks reach from A1 to (row, column): what danggol wrote ``before``,
    and what it writes ``now``. ``taken`` are people's cells outside, whose words the new block holds itself: they go.

    `BookRefused` where something a person typed stands in the way of the new block, or shares its formula with a cell
    that goes.
    """
    out = Carried()
    masters: set[bytes] = set()
    children: list[tuple[bytes, str]] = []
    reaches: dict[bytes, int] = {}
    for number in old.rows:
        row = old.row(number)
        assert row is not None
        if number <= before[0] and 0 < _reach(row, reaches) <= before[1] and b"<f" not in row:
            continue  # all of it is the old block's, and no formula is lost
        opening, cells, _ = cells_of(row, old.where)
        for column, cell in cells:
            if _within((number, column), before) or (number, column) in taken:
                if _FORMULA.search(cell):
                    out.lost_formulas.append((number, column))
                continue
            if _within((number, column), now):
                if _HOLDS.search(cell):
                    raise BookRefused("graft.in_the_way", where=f"{old.where}!{cell_address(number, column)}")
                continue
            shared = _SHARED.search(cell)
            if shared and shared[2]:
                children.append((shared[1], cell_address(number, column)))
            elif shared:
                masters.add(shared[1])
            out.cells.setdefault(number, []).append((column, cell))
            out.rows[number] = _PREFIXED.sub(b"", opening)
    for index, address in children:
        if index not in masters:
            raise BookRefused("graft.in_the_way", where=f"{old.where}!{address}")
    if out.cells:
        _surroundings(old, before, now, out)
    return out


def _reach(row: bytes, known: dict[bytes, int]) -> int:
    """The column of a row's last cell; 0 where its cells are not plainly written from left to right.

    ``known``: what was told of other rows, by their cells' columns.
    """
    letters = _PLACE.findall(row)
    if len(letters) != row.count(b"<c"):
        return 0
    columns = b" ".join(letters)
    if columns not in known:
        numbers = [column_number(found.decode()) for found in letters]
        known[columns] = max(numbers, default=0) if all(map(lt, numbers, numbers[1:])) else 0
    return known[columns]


def _within(cell: Block, block: Block) -> bool:
    return cell[0] <= block[0] and cell[1] <= block[1]


def _surroundings(old: SheetXml, before: Block, now: Block, out: Carried) -> None:
    for merge in _MERGE.finditer(old.tail):
        corner = int(merge[2]), column_number(merge[1].decode())
        if not _within(corner, before) and not _within(corner, now):
            out.merges.append(merge[0])
    last = max(before[1], now[1])
    for column in _COLUMN.findall(old.head):
        first, end = (int(found[1]) if (found := _NUMBER[n].search(column)) else 0 for n in ("min", "max"))
        if end > last:
            out.columns.append(_NUMBER["min"].sub(b'min="%d"' % max(first, last + 1), column))


def merged(new: bytes, carried: Carried, where: str = "") -> bytes:
    """The generated sheet with people's cells, merges and column widths put into it."""
    if not carried.cells:
        return new
    sheet = SheetXml(new, where)
    rows: list[bytes] = []
    for number in sorted({*sheet.rows, *carried.cells}):
        row = sheet.row(number)
        extra = carried.cells.get(number)
        if row is None:
            row = carried.rows[number] + b"</row>"
        if extra:
            opening, cells, rest = cells_of(row, where)
            row = re.sub(rb' spans="[^"]*"', b"", opening) + b"".join(c for _, c in sorted([*cells, *extra])) + rest
        rows.append(row)
    head, tail = sheet.head, sheet.tail
    if sheet.empty:
        tail = b"</sheetData>" + tail
    head = _with_columns(_with_dimension(head, rows), carried.columns)
    return b"".join([head, b"<sheetData>", *rows, _with_merges(tail, carried.merges)])


def _with_dimension(head: bytes, rows: list[bytes]) -> bytes:
    refs = [re.findall(rb'<c r="([A-Z]+)(\d+)"', row) for row in rows]
    columns = [column_number(letters.decode()) for row in refs for letters, _ in row]
    numbers = [int(number) for row in refs for _, number in row]
    if not numbers:
        return head
    first, last = (column_letter(f(columns)) + str(f(numbers)) for f in (min, max))
    return re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="%b:%b"' % (first.encode(), last.encode()), head)


def _with_columns(head: bytes, columns: list[bytes]) -> bytes:
    if not columns:
        return head
    inside = b"".join(columns)
    if b"</cols>" in head:
        return head.replace(b"</cols>", inside + b"</cols>")
    return head + b"<cols>" + inside + b"</cols>"


#: What may stand between </sheetData> and <mergeCells> (ECMA-376 part 1, 18.3.1.99).
_BEFORE_MERGES = re.compile(
    rb"</sheetData>(?:<(sheetCalcPr|sheetProtection|protectedRanges|scenarios|autoFilter|sortState|dataConsolidate|"
    rb"customSheetViews)(?=[\s/>])[^>]*(?:/>|(?<!/)>.*?</\1>))*",
    re.DOTALL,
)


def _with_merges(tail: bytes, merges: list[bytes]) -> bytes:
    if not merges:
        return tail
    inside = b"".join(merges)
    present = re.search(rb'<mergeCells count="(\d+)">', tail)
    if present:
        count = int(present[1]) + len(merges)
        return tail.replace(present[0], b'<mergeCells count="%d">' % count + inside, 1)
    start = _BEFORE_MERGES.match(tail)
    assert start is not None
    whole = b'<mergeCells count="%d">%b</mergeCells>' % (len(merges), inside)
    return tail[: start.end()] + whole + tail[start.end() :]
