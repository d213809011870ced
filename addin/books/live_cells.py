"""A column's cells written into an open workbook: in blocks, looked at again, what stood there kept for the journal."""

from __future__ import annotations

import datetime as dt
import math
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from addin.books.cells import Held, Raw, held, plain_text, same
from addin.books.edits import CLEAR
from addin.books.entries import cells_entry, fills_entry, runs_of
from addin.books.live_present import LivePresent, color_of, held_block
from addin.books.live_values import Formula
from addin.books.numfmt import shown
from addin.crm.grid import cell_address
from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.books.live_run import Run
    from addin.books.sheetpatch import SheetWork

#: Cells mended one by one where a block did not take (rows a filter hides).
MENDED: Final = 5_000
_PLAIN: Final = frozenset({str, int, float, bool, type(None)})
_FORMATS: Final = {"d": "yyyy-mm-dd", "t": "yyyy-mm-dd hh:mm"}


def write_column(run: Run, sheet: Any, work: SheetWork, column: int) -> None:
    """The values and backgrounds a plan has for one column; only what differs is written and kept.

    Raises `BookError` where a cell did not take its value, even alone.
    """
    edit = work.columns[column]
    if edit.values:
        _values(run, sheet, work, column, edit.values)
    if edit.fills:
        _fills(run, sheet, work, column, {row: color_of(_shade(c)) for row, c in edit.fills.items()})


def _values(run: Run, sheet: Any, work: SheetWork, column: int, values: Mapping[int, Any]) -> None:
    first, last = min(values), max(values)
    there = _there(run, sheet, column, first, last)
    new = {row: value if type(value) is str and value else held(value) for row, value in values.items()}
    if any(value is not None for value in there):
        rows = [row for row in sorted(values) if not same(there[row - first], new[row])]
    else:
        rows = sorted(row for row, value in new.items() if value is not None)
    if not rows:
        return
    old = [there[row - first] for row in rows]
    marked = bool(work.marker(column, rows[0]))
    where = f"{sheet.name}!{cell_address(rows[0], column)}"
    for start, block in blocks(rows, values, there if marked else None, first):
        before = [[again(there[row - first])] for row in range(start, start + len(block))]
        run.note(where, partial(run.host.write, sheet, start, column, before))
        run.host.write(sheet, start, column, [[value] for value in block])
    _dates(run, sheet, column, rows, values)
    _settle(run, sheet, column, rows, values)
    for marker, here in _by_marker(work, column, rows):
        before_them = dict(zip(rows, old, strict=True))
        entry = cells_entry(sheet.name, marker, column, here, [before_them[r] for r in here], [new[r] for r in here])
        if marker and "old" in entry:
            entry["keys"] = LivePresent(run.host).keys(sheet.name, column, here)
        run.entries.append(entry)
    run.cells += len(rows)


def _there(run: Run, sheet: Any, column: int, first: int, last: int) -> list[Held]:
    """What stands in a column's rows; nothing does right of all that is used, and nothing need be read."""
    if column > run.host.used(sheet)[1]:
        return [None] * (last - first + 1)
    return [line[0] for line in held_block(run.host, sheet, (first, column, last, column))]


def _dates(run: Run, sheet: Any, column: int, rows: Sequence[int], values: Mapping[int, Any]) -> None:
    """Dates look like dates where the cells don't show one yet."""
    for kind in ("d", "t"):
        days = [
            r for r in rows if isinstance(values[r], dt.date) and isinstance(values[r], dt.datetime) == (kind == "t")
        ]
        for first, count in runs_of(days) if days else ():
            rect = (first, column, first + count - 1, column)
            code = run.host.number_format(sheet, rect)
            if code is None or not shown(code).date:
                run.host.formats(sheet, rect, _FORMATS[kind])


def _settle(run: Run, sheet: Any, column: int, rows: list[int], values: Mapping[int, Any]) -> None:
    """See that every cell took its value; rows a filter hides may need it one by one."""
    if run.host.takes_all and _PLAIN.issuperset({type(values[row]) for row in rows}):
        return
    wrong = _wrong(run, sheet, column, rows, values)
    for row in wrong[:MENDED]:
        run.host.write(sheet, row, column, [[_written(values[row])]])
    if wrong:
        wrong = _wrong(run, sheet, column, wrong, values)
    if wrong:
        raise BookError("live.not_taken", where=f"{sheet.name}!{cell_address(wrong[0], column)}", count=len(wrong))


def _wrong(run: Run, sheet: Any, column: int, rows: list[int], values: Mapping[int, Any]) -> list[int]:
    first = rows[0]
    now = [line[0] for line in run.host.raw(sheet, (first, column, rows[-1], column))]
    other = [row for row in rows if now[row - first] != values[row] or type(values[row]) is not str]
    return [row for row in other if not _took(now[row - first], values[row])]


def _fills(run: Run, sheet: Any, work: SheetWork, column: int, asked: dict[int, str | None]) -> None:
    old = run.host.fills(sheet, column, sorted(asked))
    rows = [row for row in sorted(asked) if old[row] != asked[row]]
    if not rows:
        return
    where = f"{sheet.name}!{cell_address(rows[0], column)}"
    run.note(where, partial(_paint, run, sheet, column, {row: old[row] for row in rows}))
    _paint(run, sheet, column, {row: asked[row] for row in rows})
    for marker, here in _by_marker(work, column, rows):
        run.entries.append(fills_entry(sheet.name, marker, column, here, [old[r] for r in here], asked))
    run.fills += len(rows)


def _paint(run: Run, sheet: Any, column: int, colors: Mapping[int, str | None]) -> None:
    by_color: dict[str | None, list[int]] = {}
    for row, color in colors.items():
        by_color.setdefault(color, []).append(row)
    for color, rows in by_color.items():
        runs = [(first, first + count - 1) for first, count in runs_of(rows)]
        run.host.paint(sheet, column, runs, color)


def blocks(
    rows: Sequence[int], values: Mapping[int, Any], there: Sequence[Held] | None, first: int
) -> list[tuple[int, list[Any]]]:
    """Cells down one column as blocks to write: (first row, values).

    In a column of ours (``there`` = what stands in it from row ``first`` on) plain cells between two changes are
    written again as they are, so that it is one block; a formula between is never touched.

    >>> blocks([2, 4], {2: "a", 4: "b"}, None, 2)
    [(2, ['a']), (4, ['b'])]
    >>> blocks([2, 4], {2: "a", 4: "b"}, ["x", "y", "z"], 2)
    [(2, ['a', 'y', 'b'])]
    """
    out: list[tuple[int, list[Any]]] = []
    for row in rows:
        if out:
            start, block = out[-1]
            gap = range(start + len(block), row)
            if not gap or (there is not None and not any(isinstance(there[r - first], Raw) for r in gap)):
                block += [None if there is None else there[r - first] for r in gap]
                block.append(_written(values[row]))
                continue
        out.append((row, [_written(values[row])]))
    return out


def _written(value: Any) -> Any:
    """What goes into the cell: None empties it."""
    if value is CLEAR or value == "":
        return None
    return again(value) if isinstance(value, Raw) else value


def again(value: Held) -> Any:
    """What stood in a cell, to be written once more."""
    if not isinstance(value, Raw):
        return value
    return Formula(f"={value.formula}") if value.formula is not None else Formula(plain_text(value))


def _took(now: Any, value: Any) -> bool:
    """Whether a cell holds what was written; some programs keep a truth value as a number."""
    if isinstance(value, Raw):
        return True
    want = held(value)
    if isinstance(want, bool):
        return bool(now == want)
    if isinstance(want, int | float) and isinstance(now, int | float):
        return math.isclose(now, want, rel_tol=1e-12, abs_tol=1e-8)
    return same(now, want)


def _by_marker(work: SheetWork, column: int, rows: Sequence[int]) -> list[tuple[str, list[int]]]:
    """The rows of one column by the marker they belong to."""
    owners = {owner[2] for owner in work.owners.get(column, ()) if owner[2]}
    if len(owners) <= 1:
        return [(next(iter(owners), ""), list(rows))] if rows else []
    out: dict[str, list[int]] = {}
    for row in rows:
        out.setdefault(work.marker(column, row), []).append(row)
    return list(out.items())


def _shade(color: Any) -> str | None:
    return color if isinstance(color, str) else None
