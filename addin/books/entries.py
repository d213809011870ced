"""The journal's lines: blocks of cells or backgrounds in one column, kept short.

A line is a dict: ``k`` (cells, results, fill, join, unjoin, name, tab, gone), the sheet, the column, its rows as
runs, old and new values packed. ``marker`` names our column, ``head`` is the cell it pointed at, ``keys`` tell rows by
what is in them.
"""

from __future__ import annotations

from itertools import pairwise
from operator import sub
from typing import TYPE_CHECKING, Any

from addin.books import results
from addin.books.cells import Held, Raw, same, to_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from addin.books.formulacells import Stored

#: One line of the journal.
Entry = dict[str, Any]


def cells_entry(sheet: str, marker: str, column: int, rows: list[int], old: list[Held], new: list[Held]) -> Entry:
    """A journal line of cells in one column: rows as runs, old and new values packed."""
    entry: Entry = {"k": "cells", "sheet": sheet, "column": column, "rows": runs_of(rows)}
    if marker:
        entry["marker"] = marker
    if old.count(None) < len(old):
        entry["old"] = packed(_plain(old))
    if new.count(None) < len(new):
        entry["new"] = packed(_plain(new))
    return entry


def _plain(values: list[Held]) -> list[Any]:
    return [to_json(v) for v in values] if Raw in set(map(type, values)) else list(values)


def fills_entry(
    sheet: str, marker: str, column: int, rows: list[int], old: list[str | None], asked: Mapping[int, str | None]
) -> Entry:
    """A journal line of backgrounds in one column."""
    entry: Entry = {"k": "fill", "sheet": sheet, "column": column, "rows": runs_of(rows)}
    if marker:
        entry["marker"] = marker
    if any(old):
        entry["old"] = packed(list(old))
    entry["new"] = packed(list(map(asked.__getitem__, rows)))
    return entry


def results_entries(
    sheet: str, old: Mapping[tuple[int, int], Stored], new: Mapping[tuple[int, int], Stored]
) -> list[Entry]:
    """Journal lines of what formulas show, one a column; ``new`` may hold more than changed."""
    columns: dict[int, list[int]] = {}
    for row, column in sorted(old):
        columns.setdefault(column, []).append(row)
    out: list[Entry] = []
    for column, rows in sorted(columns.items()):
        entry: Entry = {"k": "results", "sheet": sheet, "column": column, "rows": runs_of(rows)}
        entry["old"] = [results.to_json(old[row, column]) for row in rows]
        entry["new"] = [results.to_json(new[row, column]) for row in rows]
        out.append(entry)
    return out


def runs_of(rows: Iterable[int]) -> list[list[int]]:
    """Rows in order as [first, how many].

    >>> runs_of([2, 3, 4, 9])
    [[2, 3], [9, 1]]
    """
    rows = list(rows)
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return [[rows[0], len(rows)]]
    cuts = [i for i, step in enumerate(map(sub, rows[1:], rows), 1) if step != 1]
    return [[rows[i], j - i] for i, j in pairwise([0, *cuts, len(rows)]) if j > i]


def packed(values: list[Any]) -> Any:
    """A list for the journal; long ones that repeat few values as those values and their places.

    >>> packed([1, 2]), unpacked(packed(["a"] * 50), 50) == ["a"] * 50
    ([1, 2], True)
    """
    if len(values) < 20 or not set(map(type, values)) <= {str, int, float, type(None)}:
        return values
    kinds = list(dict.fromkeys(values))
    if len(kinds) == 1:
        return {"all": kinds[0]}
    if len(kinds) * 3 >= len(values):
        return values
    place = {kind: i for i, kind in enumerate(kinds)}
    return {"of": kinds, "at": list(map(place.__getitem__, values))}


def unpacked(values: Any, length: int) -> list[Any]:
    """The list again; ``length`` blanks where the entry has none."""
    if values is None:
        return [None] * length
    if isinstance(values, dict):
        return [values["all"]] * length if "all" in values else [values["of"][i] for i in values["at"]]
    return list(values)


def entry_rows(entry: Entry) -> list[int]:
    """The rows of a journal line, one by one."""
    return [row for first, count in entry["rows"] for row in range(first, first + count)]


def changed_cells(
    sheet: str, marker: str, before: Mapping[tuple[int, int], Held], after: Mapping[tuple[int, int], Held]
) -> Iterator[Entry]:
    """Journal lines of a tab's cells, those that are different now: one a column."""
    columns: dict[int, list[int]] = {}
    for row, column in sorted({*before, *after}):
        if not before or not same(before.get((row, column)), after.get((row, column))):
            columns.setdefault(column, []).append(row)
    for column, rows in sorted(columns.items()):
        old = [before.get((row, column)) for row in rows]
        new = [after.get((row, column)) for row in rows]
        yield cells_entry(sheet, marker, column, rows, old, new)
