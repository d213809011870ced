"""What formulas show: evaluated when they are read, spilled where they give more than one value.

Cells are evaluated again whenever the spreadsheet changed. A formula of its own circle is ``#REF!``, one that can't be
read or calls what isn't implemented is ``#ERROR!``; a result that would overwrite data is ``#REF!`` and spills nothing.
What would spill past the grid is cut off there (the real service adds rows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sheets_sync.emulator import functions as fn
from sheets_sync.emulator.a1 import Box, cells_text
from sheets_sync.emulator.cells import CellError, Formula, Value
from sheets_sync.emulator.formula import ArrayLiteral, BadFormula, Call, Literal, Name, Node, Ref, parse
from sheets_sync.emulator.functions import BLOCK, NA, SCALAR, TAKES_ERRORS, Array, Stop

if TYPE_CHECKING:
    from sheets_sync.emulator.state import Book, Sheet

_CIRCLE = CellError("REF", "Circular dependency detected. To resolve with iterative calculation, see File > Settings.")
_SPILLS = frozenset({"ARRAYFORMULA", "UNIQUE", "TRANSPOSE", "FILTER", "SORT"})


class Shown:
    """What one tab shows, cell by cell."""

    __slots__ = ("_results", "_sheet", "height", "width")

    def __init__(self, sheet: Sheet, results: dict[tuple[int, int], Value]) -> None:
        self._sheet = sheet
        self._results = results
        self.height = max(len(sheet.grid), max((r + 1 for r, _ in results), default=0))
        last = max((c for row in sheet.grid for c in row.cells), default=-1)
        self.width = max(last + 1, max((c + 1 for _, c in results), default=0))

    def at(self, row: int, col: int) -> Value:
        """The value the cell shows."""
        if (row, col) in self._results:
            return self._results[row, col]
        value = self._sheet.cell(row, col).value
        return None if isinstance(value, Formula) else value

    def filled(self, row: int, col: int) -> bool:
        """Whether something is in the cell: a formula's empty text is, a true blank isn't."""
        if (row, col) in self._results:
            return self._results[row, col] is not None
        return self._sheet.cell(row, col).value is not None

    def format(self, row: int, col: int) -> dict[str, Any] | None:
        """The cell's format; a formula of dates brings its own."""
        cell = self._sheet.cell(row, col)
        if isinstance(cell.value, Formula) and "numberFormat" not in (cell.format or {}):
            kind = _date_kind(cell.value.text)
            if kind:
                return {**(cell.format or {}), "numberFormat": {"type": kind}}
        return cell.format

    def last_row(self, box: Box) -> tuple[int, int] | None:
        """The lowest filled cell of the box, the rightmost of its row."""
        for r in range(min(box.end_row, self.height) - 1, box.row - 1, -1):
            for c in range(min(box.end_col, self.width) - 1, box.col - 1, -1):
                if self.filled(r, c):
                    return r, c
        return None


def _date_kind(text: str) -> str:
    word = text[1:].strip().upper()
    if word.startswith(("TODAY()", "DATE(")):
        return "DATE"
    return "DATE_TIME" if word.startswith("NOW()") else ""


class _Kept:
    """Results of a spreadsheet as it stood at one change."""

    __slots__ = ("changes", "results")

    def __init__(self, changes: int, results: dict[int, dict[tuple[int, int], Value]]) -> None:
        self.changes = changes
        self.results = results


_kept: WeakKeyDictionary[Book, _Kept] = WeakKeyDictionary()


def shown_values(book: Book, sheet: Sheet) -> Shown:
    """What this tab shows now."""
    kept = _kept.get(book)
    if kept is None or kept.changes != book.changes:
        kept = _Kept(book.changes, _Run(book).results())
        _kept[book] = kept
    return Shown(sheet, kept.results.get(sheet.id, {}))


class _Run:
    """One calculation of a whole spreadsheet."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.formulas = {
            (sheet.id, r, c): cell.value.text
            for sheet in book.sheets
            for r, c, cell in sheet.used(sheet.full)
            if isinstance(cell.value, Formula)
        }
        self.spilled: dict[int, dict[tuple[int, int], Value]] = {}
        self.done: dict[tuple[int, int, int], Value | Array] = {}
        self.open: set[tuple[int, int, int]] = set()
        self.lookups: dict[tuple[int, Box], dict[Any, int]] = {}

    def results(self) -> dict[int, dict[tuple[int, int], Value]]:
        """Every formula's cells by tab; again until what spills stays the same."""
        if not self.formulas:
            return {}
        found: dict[int, dict[tuple[int, int], Value]] = {}
        for _ in range(4):
            self.done, self.lookups = {}, {}
            for place in self.formulas:
                self.formula(place)
            found = self.laid_out()
            if found == self.spilled:
                break
            self.spilled = found
        return found

    def laid_out(self) -> dict[int, dict[tuple[int, int], Value]]:
        """Where the results lie: each in its cell, blocks spilled unless something stands in their way."""
        found: dict[int, dict[tuple[int, int], Value]] = {}
        for place, result in self.done.items():
            sheet_id, row, col = place
            sheet = self.book.sheet(sheet_id)
            here = found.setdefault(sheet_id, {})
            if not isinstance(result, list):
                here[row, col] = result
                continue
            spots = [
                (row + r, col + c, value)
                for r, line in enumerate(result)
                for c, value in enumerate(line)
                if row + r < sheet.rows and col + c < sheet.cols
            ]
            blocked = next(
                (
                    (r, c)
                    for r, c, _ in spots
                    if (r, c) != (row, col) and (sheet.cell(r, c).value is not None or (r, c) in here)
                ),
                None,
            )
            if blocked:
                at = cells_text(Box(blocked[0], blocked[0] + 1, blocked[1], blocked[1] + 1).area())
                message = f"Array result was not expanded because it would overwrite data in {at}."
                here[row, col] = CellError("REF", message)
                continue
            for r, c, value in spots:
                if value is not None or (r, c) == (row, col):
                    here[r, c] = value
        return found

    def formula(self, place: tuple[int, int, int]) -> Value | Array:
        """The result of one formula."""
        if place in self.done:
            return self.done[place]
        if place in self.open:
            return _CIRCLE
        self.open.add(place)
        result: Value | Array
        try:
            node = parse(self.formulas[place])
            evaluated = _Evaluator(self, place).value(node, arrays=False)
            spills = isinstance(node, ArrayLiteral) or (isinstance(node, Call) and node.name in _SPILLS)
            if isinstance(evaluated, list):
                result = evaluated if spills else evaluated[0][0]
                if isinstance(result, list) and len(result) == 1 and len(result[0]) == 1:
                    result = result[0][0]
            else:
                result = evaluated
        except Stop as stop:
            result = stop.error
        except BadFormula:
            result = CellError("ERROR", "Formula parse error.")
        except (IndexError, TypeError, KeyError, OverflowError, ValueError) as wrong:
            result = CellError("N_A", f"Wrong number or kind of arguments ({type(wrong).__name__}).")
        finally:
            self.open.discard(place)
        self.done[place] = result
        return result

    def cell(self, sheet: Sheet, row: int, col: int) -> Value:
        """What a cell shows, evaluated first where it holds a formula."""
        place = (sheet.id, row, col)
        if place in self.formulas:
            result = self.formula(place)
            return result[0][0] if isinstance(result, list) else result
        value = sheet.cell(row, col).value
        if value is not None:
            return None if isinstance(value, Formula) else value
        return self.spilled.get(sheet.id, {}).get((row, col))


class _Evaluator:
    """The tree of one formula, evaluated in its cell."""

    def __init__(self, run: _Run, place: tuple[int, int, int]) -> None:
        self.run = run
        self.sheet = run.book.sheet(place[0])
        self.row, self.col = place[1], place[2]

    def value(self, node: Node, *, arrays: bool) -> Value | Array:
        """The value; a block where the node gives one. ``arrays``: inside ARRAYFORMULA."""
        match node:
            case Literal():
                return node.value
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
            return self.run.cell(sheet, self.row, box.col)
        if box.end_row - box.row == 1 and box.col <= self.col < box.end_col:
            return self.run.cell(sheet, box.row, self.col)
        raise Stop(fn.BAD)

    def block(self, node: Node) -> Array:
        """The node's values as a block."""
        if isinstance(node, Ref | Name):
            sheet, box = self.cells(node)
            return [
                [self.run.cell(sheet, r, c) for c in range(box.col, box.end_col)] for r in range(box.row, box.end_row)
            ]
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
        first = [row[0] for row in table]
        find = _sorted_finder(first) if is_sorted else _finder(first)

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
        find = _finder(line) if kind == 0 else _sorted_finder(line)

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
        find = _finder(line)

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

    def at(value: Any, r: int, c: int) -> Value:
        if not isinstance(value, list):
            found: Value = value
            return found
        r, c = (0 if len(value) == 1 else r), (0 if len(value[0]) == 1 else c)
        return value[r][c] if r < len(value) and c < len(value[0]) else NA

    return [[call(*(at(g, r, c) for g in given)) for c in range(width)] for r in range(height)]


def _finder(line: list[Value]) -> Any:
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
