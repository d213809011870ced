"""Formulas that call our functions, calculated in a file: people without the add-in see values, not ``#NAME?``.

Calculated are the cells that call a function of ours and every formula that looks at one of them, in the order they
need each other; their text is never touched, the results are stored beside it. All formulas that see a cell a plan
changes are calculated too, so that Excel need not calculate the book on opening it: without the add-in it would put
``#NAME?`` over the results. What can't be calculated here keeps what is stored; if it calls nothing of ours, Excel is
asked to calculate. An error never takes the place of a value.
"""

from __future__ import annotations

from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Any

from addin.actions.references import References
from addin.actions.values import Values
from addin.books.formulatext import called
from addin.books.numfmt import from_serial
from addin.books.results import same_result
from addin.crm.grid import CellError, cell_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.actions.evaluator import Evaluator, Parsed
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.books.formulacells import FormulaCell, Stored
    from addin.books.read import Snapshot
    from addin.crm.grid import CellValue, Rect
    from addin.functions import Context

Place = tuple[str, int, int]

_SMALL = 64  # cells; a longer range is looked up by its columns


def plan_formulas(edits: Edits, workspace: Workspace) -> int:
    """Add the results of formulas to a plan whose values are complete; gives how many."""
    return 0 if workspace.formulas is None else workspace.formulas.plan(edits)


class Recalculation:
    """The formulas of one book that calls functions of ours, calculated and shown in the snapshot's grids.

    ``context`` is what the book itself says (its settings and partner spellings); ``off``: no engine on this machine.
    """

    def __init__(self, snapshot: Snapshot, context: Context) -> None:
        from addin.actions.evaluator import Evaluator
        from addin.functions import FUNCTIONS, call

        assert snapshot.formulas is not None
        self.cells = snapshot.formulas.cells
        self.ours = [i for i, cell in enumerate(self.cells) if any(id in FUNCTIONS for id in called(cell.text))]
        self.values = Values(snapshot.sheets)
        self.off = False
        self.results: dict[int, dict[Place, Stored]] = {}
        self.failed: set[int] = set()
        self.many = snapshot.formulas.many
        references = References(snapshot.formulas, [grid.name for grid in snapshot.sheets])
        run = partial(call, context=context)
        try:
            self.evaluator: Evaluator = Evaluator(self.values, references, run, list(FUNCTIONS), snapshot.date_1904)
        except ImportError:
            self.off = True
            return
        self.graph = Graph(self.cells, self.evaluator, range(len(self.cells)))
        self.values.keep({area.sheet.casefold() for parsed in self.graph.parsed.values() for area in parsed.areas})
        self._run(self.graph.readers(self.ours))
        for i in self.results:
            self._show(snapshot, i)

    @property
    def left(self) -> list[str]:
        """The cells that call our functions and keep what was stored."""
        cells = (self.cells[i] for i in self.ours if self.off or i in self.failed)
        return [f"{cell.sheet}!{cell_address(cell.row, cell.column)}" for cell in cells]

    def plan(self, edits: Edits) -> int:
        """Calculate what sees the plan's values, and add every result that differs from the stored one."""
        from addin.books.edits import PutTab

        if self.off:
            return 0
        before_results = len(edits)
        touched = self.values.write(edits)
        redrawn = {edit.tab.name.casefold() for edit in edits.items if isinstance(edit, PutTab)}
        seen = self.graph.seeing(touched)
        if seen:
            self.evaluator.forget()
            self._run(seen)
        without_us = self.failed - self.graph.readers(self.failed.intersection(self.ours))
        calculated = not self.many and not without_us
        for i, results in self.results.items():
            cell = self.cells[i]
            if cell.sheet.casefold() in redrawn:
                calculated = False
                continue
            for place, value in results.items():
                before = cell.stored if place[1:] == (cell.row, cell.column) else cell.members.get(place[1:])
                if not same_result(before, value):
                    edits.result(*place, value)
        edits.calculated = calculated
        return len(edits) - before_results

    # ---- calculating

    def _run(self, wanted: Iterable[int]) -> None:
        """Calculate some formulas, each after those it looks at."""
        wanted = set(wanted)
        for i in wanted:
            self.results.pop(i, None)
            self.failed.discard(i)
        for i, circular in self.graph.ordered(wanted):
            found = None if circular else self._one(i)
            if found is None:
                self.failed.add(i)
                continue
            cell = self.cells[i]
            for (_, row, column), value in found.items():
                self.values.set(cell.sheet, row, column, self._read(cell, value))
                self.evaluator.refresh(cell.sheet, row, column)
            if i in wanted:
                self.results[i] = found

    def _one(self, i: int) -> dict[Place, Stored] | None:
        """A formula's results by cell; None where it can't be calculated, or would put an error over a value."""
        from addin.actions.evaluator import NotCalculatedError

        cell, parsed = self.cells[i], self.graph.parsed[i]
        if any(j in self.failed and self.cells[j].stored is None for j in self.graph.needs(i)):
            return None
        try:
            rows = self.evaluator.value(cell, parsed)
        except NotCalculatedError:
            return None
        found = dict(_placed(cell, rows))
        shown = found[cell.sheet, cell.row, cell.column]
        if isinstance(shown, CellError) and not (cell.stored is None or isinstance(cell.stored, CellError)):
            return None
        if isinstance(shown, CellError) and shown.code == "#NAME?":
            return None
        return found

    def _read(self, cell: FormulaCell, value: Stored) -> CellValue:
        """A stored result as reading the file will give it."""
        if isinstance(value, float | int) and not isinstance(value, bool):
            return from_serial(value, cell.look, self.evaluator.epoch_1904) if cell.look.date else float(value)
        return None if value == "" else value

    def _show(self, snapshot: Snapshot, i: int) -> None:
        from addin.books.blocks import put

        grid = snapshot.grid(self.cells[i].sheet)
        assert grid is not None
        rows: Any = grid.rows
        if not isinstance(rows, list):
            grid.rows = rows = list(map(list, rows))
        for place, value in self.results[i].items():
            put(rows, place[1], place[2], self._read(self.cells[i], value))


def _placed(cell: FormulaCell, rows: list[list[Stored]]) -> Iterator[tuple[Place, Stored]]:
    """Each cell a formula fills and what it shows: a single row or column is stretched; beyond is #N/A.

    A range Excel sizes by itself shows nothing there instead, until Excel sizes it anew.
    """
    if cell.array is None:
        yield (cell.sheet, cell.row, cell.column), rows[0][0]
        return
    beyond: Stored = "" if cell.dynamic else CellError("#N/A")
    top, left, bottom, right = cell.array
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            r = 0 if len(rows) == 1 and not cell.dynamic else row - top
            line = rows[r] if r < len(rows) else []
            c = 0 if len(line) == 1 and not cell.dynamic else column - left
            yield (cell.sheet, row, column), line[c] if c < len(line) else beyond


class Graph:
    """Which formula looks at which: by place, and by the ranges each looks at."""

    def __init__(self, cells: list[FormulaCell], evaluator: Evaluator, known: Iterable[int]) -> None:
        self.cells = cells
        self.parsed: dict[int, Parsed] = {i: evaluator.parsed(cells[i]) for i in known}
        self._at: dict[Place, int] = {}
        self._columns: dict[tuple[str, int], list[int]] = {}
        self._near: dict[Place, list[int]] = {}
        self._far: dict[tuple[str, int], dict[Rect, list[int]]] = {}
        self._wide: dict[str, dict[Rect, list[int]]] = {}
        for i in self.parsed:
            for place in self._places(i):
                self._at[place] = i
                self._columns.setdefault((place[0], place[2]), []).append(place[1])
            for area in self.parsed[i].areas:
                self._look(i, area.sheet.casefold(), area.rect)
        for rows in self._columns.values():
            rows.sort()

    def _look(self, i: int, sheet: str, rect: Rect) -> None:
        top, left, bottom, right = rect
        if (bottom - top + 1) * (right - left + 1) <= _SMALL:
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self._near.setdefault((sheet, row, column), []).append(i)
        elif right - left < _SMALL:
            for column in range(left, right + 1):
                self._far.setdefault((sheet, column), {}).setdefault(rect, []).append(i)
        else:
            self._wide.setdefault(sheet, {}).setdefault(rect, []).append(i)

    def _places(self, i: int) -> Iterator[Place]:
        cell = self.cells[i]
        sheet = cell.sheet.casefold()
        yield sheet, cell.row, cell.column
        yield from ((sheet, *place) for place in cell.members)

    def readers(self, seeds: Iterable[int]) -> set[int]:
        """Some formulas and all that look at them, however far."""
        found = {i for i in seeds if i in self.parsed}
        self._spread(found, deque(place for i in found for place in self._places(i)))
        return found

    def seeing(self, touched: Iterable[Place | str]) -> set[int]:
        """All formulas that look at changed cells, or at anything of a sheet given by name, however far."""
        found: set[int] = set()
        places: deque[Place] = deque()
        sheets = {one.casefold() for one in touched if isinstance(one, str)}
        places.extend((one[0].casefold(), *one[1:]) for one in touched if not isinstance(one, str))
        for i, parsed in self.parsed.items():
            if any(area.sheet.casefold() in sheets for area in parsed.areas):
                found.add(i)
                places.extend(self._places(i))
        self._spread(found, places)
        return found

    def _spread(self, found: set[int], places: deque[Place]) -> None:
        while places:
            place = places.popleft()
            sheet, row, column = place
            new = [i for i in self._near.get(place, ()) if i not in found]
            for ranges in (self._far.get((sheet, column)), self._wide.get(sheet)):
                for rect, readers in (ranges or {}).items():
                    if rect[0] <= row <= rect[2] and rect[1] <= column <= rect[3]:
                        new += [i for i in readers if i not in found]
            for i in dict.fromkeys(new):
                found.add(i)
                places.extend(self._places(i))

    def needs(self, i: int) -> Iterator[int]:
        """The formulas a formula looks at directly."""
        from bisect import bisect_left

        for area in self.parsed[i].areas:
            sheet = area.sheet.casefold()
            top, left, bottom, right = area.rect
            width = right - left + 1
            columns = range(left, right + 1) if width <= _SMALL else [c for s, c in self._columns if s == sheet]
            for column in columns:
                rows = self._columns.get((sheet, column))
                if rows is None or not left <= column <= right:
                    continue
                for k in range(bisect_left(rows, top), len(rows)):
                    if rows[k] > bottom:
                        break
                    yield self._at[sheet, rows[k], column]

    def ordered(self, wanted: set[int]) -> Iterator[tuple[int, bool]]:
        """The wanted formulas, and those never calculated that they look at, each after what it needs.

        With each whether it is part of a circle.
        """
        done: dict[int, bool] = {}  # False while being looked into
        circular: set[int] = set()
        for start in sorted(wanted):
            if start in done:
                continue
            stack = [(start, self._before(start, wanted))]
            done[start] = False
            while stack:
                i, needed = stack[-1]
                following = next(needed, None)
                if following is None:
                    stack.pop()
                    done[i] = True
                    yield i, i in circular
                elif following not in done:
                    done[following] = False
                    stack.append((following, self._before(following, wanted)))
                elif not done[following]:
                    on_stack = [j for j, _ in stack]
                    circular.update(on_stack[on_stack.index(following) :])

    def _before(self, i: int, wanted: set[int]) -> Iterator[int]:
        return (j for j in self.needs(i) if j in wanted or self.cells[j].stored is None)
