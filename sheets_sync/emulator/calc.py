"""What formulas show: evaluated when they are read, spilled where they give more than one value.

Cells are evaluated again whenever the spreadsheet changed. A formula of its own circle is ``#REF!``, one that can't be
read or calls what isn't implemented is ``#ERROR!``; a result that would overwrite data is ``#REF!`` and spills nothing.
What would spill past the grid is cut off there (the real service adds rows).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sheets_sync.emulator.a1 import Box, cells_text
from sheets_sync.emulator.cells import CellError, Formula, Value
from sheets_sync.emulator.evaluate import Evaluator, finder
from sheets_sync.emulator.formula import ArrayLiteral, BadFormula, Call, parse
from sheets_sync.emulator.functions import Array, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

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
        kept = _Kept(book.changes, Run(book).results())
        _kept[book] = kept
    return Shown(sheet, kept.results.get(sheet.id, {}))


class Run:
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
        self.blocks: dict[tuple[int, Box], Array] = {}
        self.kept: list[Array] = []  # an id is its table's own only while the table lives
        self.finders: dict[int, Callable[[Value], int | None]] = {}

    def results(self) -> dict[int, dict[tuple[int, int], Value]]:
        """Every formula's cells by tab; again until what spills stays the same."""
        if not self.formulas:
            return {}
        found: dict[int, dict[tuple[int, int], Value]] = {}
        for _ in range(4):
            self.done, self.blocks, self.finders = {}, {}, {}
            for place in self.formulas:
                self.formula(place)
            found = self.laid_out()
            if found == self.spilled or not self.spills_are_read(found):
                break
            self.spilled = found
        return found

    def spills_are_read(self, found: dict[int, dict[tuple[int, int], Value]]) -> bool:
        """Whether a range some formula reads holds a cell that another one spilled into."""
        return any(
            (sheet_id, *place) not in self.formulas and box.holds(*place)
            for sheet_id, box in self.blocks
            for place in found.get(sheet_id, {})
        )

    def block(self, sheet: Sheet, box: Box) -> Array:
        """What a range shows, read once a run; nobody may change it."""
        key = (sheet.id, box)
        known = self.blocks.get(key)
        if known is None:
            known = [[self.cell(sheet, r, c) for c in range(box.col, box.end_col)] for r in range(box.row, box.end_row)]
            self.blocks[key] = known
        return known

    def finder(self, table: Array) -> Callable[[Value], int | None]:
        """`finder` of a table's first column, made once for a table read once."""
        found: Callable[[Value], int | None] | None = self.finders.get(id(table))
        if found is None:
            found = finder([row[0] for row in table])
            self.finders[id(table)] = found
            self.kept.append(table)
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
            evaluated = Evaluator(self, place).value(node, arrays=False)
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
