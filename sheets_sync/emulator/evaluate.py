"""One formula's tree evaluated in its cell: references, array literals, ARRAYFORMULA, lookups, calls."""

from __future__ import annotations

from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import functions as fn
from sheets_sync.emulator.a1 import Box
from sheets_sync.emulator.cells import CellError, Value
from sheets_sync.emulator.formula import ArrayLiteral, Call, Literal, Name, Node, Ref
from sheets_sync.emulator.functions import BLOCK, NA, SCALAR, TAKES_ERRORS, Array, Stop

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheets_sync.emulator.calc import Run
    from sheets_sync.emulator.state import Sheet


class Evaluator:
    """The tree of one formula, evaluated in its cell."""

    def __init__(self, run: Run, place: tuple[int, int, int]) -> None:
        self.run = run
        self.sheet = run.book.sheet(place[0])
        self.row, self.col = place[1], place[2]

    def value(self, node: Node, *, arrays: bool) -> Value | Array:
        """The value; a block where the node gives one. ``arrays``: inside ARRAYFORMULA."""
        match node:
            case Literal():
                literal: Value = node.value
                return literal
            case Ref() | Name():
                sheet, box = self.cells(node)
                if not arrays and (box.end_row - box.row, box.end_col - box.col) != (1, 1):
                    return self.crossing(sheet, box)
                block = self.block(node)
                return block[0][0] if len(block) == 1 and len(block[0]) == 1 else block
            case ArrayLiteral():
                return self.literal(node)
            case Call():
                return self.call(node, arrays=arrays)

    def cells(self, node: Ref | Name) -> tuple[Sheet, Box]:
        """The tab and block a reference means. Raises `Stop`."""
        book = self.run.book
        if isinstance(node, Name):
            for name, sheet_id, area in book.named.values():
                if name.casefold() == node.name.casefold():
                    sheet = book.sheet(sheet_id)
                    return sheet, area.fixed(sheet.rows, sheet.cols)
            raise Stop(CellError("NAME", f"Unknown range name: '{node.name}'."))
        found = self.sheet if node.sheet is None else book.titled(node.sheet)
        if found is None:
            raise Stop(CellError("REF", f"Unresolved sheet name '{node.sheet}'."))
        box = node.area.fixed(found.rows, found.cols)
        if box.end_row <= box.row or box.end_col <= box.col:
            raise Stop(CellError("REF", "Reference does not exist."))
        return found, box

    def crossing(self, sheet: Sheet, box: Box) -> Value:
        """The one cell of a range that lies in the formula's own row or column."""
        if box.end_col - box.col == 1 and box.row <= self.row < box.end_row:
            return self.run.block(sheet, Box(self.row, self.row + 1, box.col, box.end_col))[0][0]
        if box.end_row - box.row == 1 and box.col <= self.col < box.end_col:
            return self.run.block(sheet, Box(box.row, box.end_row, self.col, self.col + 1))[0][0]
        raise Stop(fn.BAD)

    def block(self, node: Node) -> Array:
        """The node's values as a block."""
        if isinstance(node, Ref | Name):
            sheet, box = self.cells(node)
            return self.run.block(sheet, box)
        found = self.value(node, arrays=True)
        return found if isinstance(found, list) else [[found]]

    def literal(self, node: ArrayLiteral) -> Array:
        """``{a,b;c,d}``: blocks side by side, then one under the other. Raises `Stop` where sizes don't fit."""
        rows: Array = []
        for line in node.rows:
            blocks = [self.block(item) for item in line]
            if len({len(block) for block in blocks}) > 1:
                raise Stop(CellError("REF", "Function ARRAY_ROW parameter has mismatched row size."))
            joined = [[v for block in blocks for v in block[r]] for r in range(len(blocks[0]))]
            if rows and joined and len(rows[0]) != len(joined[0]):
                raise Stop(
                    CellError("VALUE", "In ARRAY_LITERAL, an Array Literal was missing values for one or more rows.")
                )
            rows += joined
        return rows

    def call(self, node: Call, *, arrays: bool) -> Value | Array:
        """The value of a function or operator."""
        name, args = node.name, node.args
        if name == "ARRAYFORMULA":
            return self.value(args[0], arrays=True)
        special = getattr(self, "f_" + name.lower(), None) if name.isalpha() else None
        if special is not None:
            result: Value | Array = special(args, arrays)
            return result
        if name == "#":
            literal = args[0]
            assert isinstance(literal, Literal)
            raise Stop(_error(str(literal.value)))
        if name in BLOCK:
            return BLOCK[name]([self.block(a) for a in args])
        if name in SCALAR:
            given = [
                self.caught(a, arrays=arrays) if name in TAKES_ERRORS else self.value(a, arrays=arrays) for a in args
            ]
            return broadcast(lambda *v: _scalar(name, v), given)
        raise Stop(CellError("ERROR", f"The emulator does not implement the function {name}."))

    def caught(self, node: Node, *, arrays: bool) -> Value | Array:
        """The value, an error as a value too."""
        try:
            return self.value(node, arrays=arrays)
        except Stop as stop:
            return stop.error

    def f_if(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """IF, cell by cell inside ARRAYFORMULA."""
        test = self.value(args[0], arrays=arrays)
        if not isinstance(test, list):
            chosen = args[1] if fn.truth(test) else args[2] if len(args) > 2 else Literal(False)
            return self.value(chosen, arrays=arrays)
        yes = self.caught(args[1], arrays=True)
        no = self.caught(args[2], arrays=True) if len(args) > 2 else False

        def pick(condition: Value, a: Value, b: Value) -> Value:
            if isinstance(condition, CellError):
                return condition
            return a if fn.truth(condition) else b

        return broadcast(pick, [test, yes, no])

    def f_iferror(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """IFERROR."""
        found = self.caught(args[0], arrays=arrays)
        other = self.caught(args[1], arrays=arrays) if len(args) > 1 else None
        return broadcast(lambda v, o: o if isinstance(v, CellError) else v, [found, other])

    def f_ifna(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """IFNA."""
        found = self.caught(args[0], arrays=arrays)
        other = self.caught(args[1], arrays=arrays) if len(args) > 1 else None
        return broadcast(lambda v, o: o if isinstance(v, CellError) and v.type == "N_A" else v, [found, other])

    def f_vlookup(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """VLOOKUP: exact, or in a sorted first column."""
        keys = self.value(args[0], arrays=arrays)
        table = self.block(args[1])
        index = int(fn.number(self.single(args[2]))) - 1
        if not 0 <= index < len(table[0]):
            raise Stop(CellError("REF", "VLOOKUP evaluates to an out of bounds range."))
        is_sorted = fn.truth(self.single(args[3])) if len(args) > 3 else True
        find = _sorted_finder([row[0] for row in table]) if is_sorted else self.run.finder(table)

        def look(key: Value) -> Value:
            if isinstance(key, CellError):
                return key
            at = None if key is None else find(key)
            return (
                table[at][index]
                if at is not None
                else CellError("N_A", f"Did not find value '{fn.text(key)}' in VLOOKUP evaluation.")
            )

        return broadcast(look, [keys])

    def f_match(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """MATCH."""
        keys = self.value(args[0], arrays=arrays)
        block = self.block(args[1])
        line = block[0] if len(block) == 1 else [row[0] for row in block]
        kind = fn.number(self.single(args[2])) if len(args) > 2 else 1.0
        find = finder(line) if kind == 0 else _sorted_finder(line)

        def look(key: Value) -> Value:
            at = find(key)
            return float(at + 1) if at is not None else NA

        return broadcast(look, [keys])

    def f_index(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """INDEX."""
        block = self.block(args[0])
        row = int(fn.number(self.single(args[1]))) if len(args) > 1 else 0
        col = int(fn.number(self.single(args[2]))) if len(args) > 2 else 0
        if len(args) == 2 and len(block) == 1:
            row, col = 1, row
        rows = block if row == 0 else block[row - 1 : row]
        found = [line if col == 0 else line[col - 1 : col] for line in rows]
        if not found or not found[0]:
            raise Stop(CellError("NUM", "Function INDEX parameter is out of range."))
        return found[0][0] if len(found) == 1 and len(found[0]) == 1 else found

    def f_xlookup(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """XLOOKUP, exact."""
        if len(args) > 4:
            raise Stop(CellError("ERROR", "The emulator does not implement match modes of XLOOKUP."))
        keys = self.value(args[0], arrays=arrays)
        line = [v for row in self.block(args[1]) for v in row]
        results = [v for row in self.block(args[2]) for v in row]
        missing = self.caught(args[3], arrays=False) if len(args) > 3 else NA
        find = finder(line)

        def look(key: Value) -> Value:
            at = find(key)
            return results[at] if at is not None else missing if not isinstance(missing, list) else missing[0][0]

        return broadcast(look, [keys])

    def f_filter(self, args: tuple[Node, ...], arrays: bool) -> Array:
        """FILTER by rows."""
        block = self.block(args[0])
        tests = [self.block(a) for a in args[1:]]
        kept = [row for r, row in enumerate(block) if all(fn.truth(t[r][0]) for t in tests)]
        if not kept:
            raise Stop(CellError("N_A", "No matches are found in FILTER evaluation."))
        return kept

    def f_unique(self, args: tuple[Node, ...], arrays: bool) -> Array:
        """UNIQUE rows."""
        seen: list[list[Value]] = []
        for row in self.block(args[0]):
            if row not in seen:
                seen.append(row)
        return seen

    def f_transpose(self, args: tuple[Node, ...], arrays: bool) -> Array:
        """TRANSPOSE."""
        return [list(line) for line in zip(*self.block(args[0]), strict=True)]

    def f_row(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """ROW: of the formula, or of a reference."""
        if not args:
            return float(self.row + 1)
        assert isinstance(args[0], Ref | Name)
        _, box = self.cells(args[0])
        return [[float(r + 1)] for r in range(box.row, box.end_row)] if arrays else float(box.row + 1)

    def f_column(self, args: tuple[Node, ...], arrays: bool) -> Value | Array:
        """COLUMN: of the formula, or of a reference."""
        if not args:
            return float(self.col + 1)
        assert isinstance(args[0], Ref | Name)
        _, box = self.cells(args[0])
        return [[float(c + 1) for c in range(box.col, box.end_col)]] if arrays else float(box.col + 1)

    def f_na(self, args: tuple[Node, ...], arrays: bool) -> Value:
        """NA()."""
        raise Stop(CellError("N_A", "Error"))

    def f_true(self, args: tuple[Node, ...], arrays: bool) -> Value:
        """TRUE()."""
        return True

    def f_false(self, args: tuple[Node, ...], arrays: bool) -> Value:
        """FALSE()."""
        return False

    def f_today(self, args: tuple[Node, ...], arrays: bool) -> Value:
        """TODAY(), by the machine's clock."""
        return float(int(self.f_now(args, arrays)))

    def f_now(self, args: tuple[Node, ...], arrays: bool) -> float:
        """NOW(), by the machine's clock, in the spreadsheet's zone."""
        from datetime import datetime
        from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

        from sheets_sync.emulator.rendering import EPOCH

        try:
            zone = ZoneInfo(self.run.book.zone)
        except (ZoneInfoNotFoundError, ValueError):
            zone = ZoneInfo("Etc/GMT")
        return (datetime.now(zone).replace(tzinfo=None) - EPOCH).total_seconds() / 86400

    def single(self, node: Node) -> Value:
        """The node's one value."""
        found = self.value(node, arrays=False)
        return found[0][0] if isinstance(found, list) else found


def _scalar(name: str, values: tuple[Value, ...]) -> Value:
    if name not in TAKES_ERRORS:
        for value in values:
            if isinstance(value, CellError):
                return value
    try:
        return SCALAR[name](*values)
    except Stop as stop:
        return stop.error


def broadcast(call: Any, given: list[Any]) -> Value | Array:
    """Call with single values; with blocks for each cell, single ones repeated, short ones ``#N/A``."""
    blocks = [g for g in given if isinstance(g, list)]
    if not blocks:
        result: Value = call(*given)
        if isinstance(result, CellError):
            raise Stop(result)
        return result
    height, width = max(map(len, blocks)), max(len(b[0]) for b in blocks)
    columns = [[_line(g, c, height) for g in given] for c in range(width)]
    if width == 1:
        return [[call(*values)] for values in zip(*columns[0], strict=False)]
    by_column = [[call(*values) for values in zip(*lines, strict=False)] for lines in columns]
    return [list(row) for row in zip(*by_column, strict=True)]


def _line(value: Any, col: int, height: int) -> Iterable[Value]:
    """One column of an argument, as long as the longest: single values and single rows repeated, the rest ``#N/A``."""
    if not isinstance(value, list):
        return repeat(value, height)
    if len(value[0]) == 1:
        col = 0
    elif col >= len(value[0]):
        return repeat(NA, height)
    if len(value) == 1:
        return repeat(value[0][col], height)
    return chain((row[col] for row in value), repeat(NA, height - len(value)))


def finder(line: list[Value]) -> Any:
    """``find(key)``: where the key first stands in the line, `None` where it doesn't."""
    index: dict[Any, int] = {}
    for at, value in enumerate(line):
        if value is not None and not isinstance(value, CellError):
            index.setdefault(fn.order(value), at)
    return lambda key: None if key is None else index.get(fn.order(key))


def _sorted_finder(line: list[Value]) -> Any:
    def find(key: Value) -> int | None:
        found = None
        kind, wanted = fn.order(key)
        for at, value in enumerate(line):
            if value is None or isinstance(value, CellError):
                continue
            other, own = fn.order(value)
            if other == kind and own <= wanted:
                found = at
        return found

    return find


def _error(text: str) -> CellError:
    from sheets_sync.emulator.cells import _SHOWN

    return CellError(next((kind for kind, shown in _SHOWN.items() if shown == text), "ERROR"))
