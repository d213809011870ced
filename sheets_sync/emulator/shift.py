"""Rows and columns come and go: references in formulas, named ranges and all else that hangs on a range follow."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.a1 import Area, Box, letters, number, of_grid_range, quoted, split, to_grid_range
from sheets_sync.emulator.cells import Formula
from sheets_sync.emulator.formula import TOKEN

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.emulator.state import Book, Sheet

_END = re.compile(r"(\$?)([A-Za-z]{0,3})(\$?)([0-9]*)")


def span(first: int, end: int, at: int, delta: int) -> tuple[int, int] | None:
    """Where a span lies after ``delta`` lines were put in at ``at`` (negative: taken out); `None` if all of it went.

    >>> span(2, 5, 0, 2), span(2, 5, 3, 2), span(2, 5, 2, -1), span(2, 5, 1, -9), span(2, 5, 5, 1)
    ((4, 7), (2, 7), (2, 4), None, (2, 5))
    """
    if delta >= 0:
        return (first + delta if first >= at else first), (end + delta if end > at else end)
    stop = at - delta

    def moved(place: int) -> int:
        return place if place <= at else at if place < stop else place + delta

    start, finish = moved(first), moved(end)
    return (start, finish) if finish > start else None


def area(given: Area, dimension: str, at: int, delta: int) -> Area | None:
    """The area after lines came or went; `None` if all of it went."""
    if dimension == "ROWS":
        if given.row is None and given.end_row is None:
            return given
        found = span(given.row or 0, 10**9 if given.end_row is None else given.end_row, at, delta)
        if found is None:
            return None
        return Area(found[0], None if given.end_row is None else found[1], given.col, given.end_col)
    if given.col is None and given.end_col is None:
        return given
    found = span(given.col or 0, 10**9 if given.end_col is None else given.end_col, at, delta)
    if found is None:
        return None
    return Area(given.row, given.end_row, found[0], None if given.end_col is None else found[1])


def box(given: Box, dimension: str, at: int, delta: int) -> Box | None:
    """The block after lines came or went."""
    found = area(given.area(), dimension, at, delta)
    if found is None:
        return None
    return Box(found.row or 0, found.end_row or 0, found.col or 0, found.end_col or 0)


def grid_range(given: dict[str, Any], dimension: str, at: int, delta: int) -> dict[str, Any] | None:
    """The ``GridRange`` after lines came or went."""
    found = area(of_grid_range(given), dimension, at, delta)
    return None if found is None else to_grid_range(given.get("sheetId", 0), found)


def everything(book: Book, sheet: Sheet, dimension: str, at: int, delta: int) -> None:
    """Move what hangs on ranges of this tab, and the references to it in every formula."""
    sheet.merges = [b for m in sheet.merges if (b := box(m, dimension, at, delta))]
    for items in (sheet.protected, sheet.banded, sheet.filter_views):
        items[:] = [
            {**item, "range": r} if "range" in item else item
            for item in items
            if "range" not in item or (r := grid_range(item["range"], dimension, at, delta)) is not None
        ]
    if sheet.filter and "range" in sheet.filter:
        moved = grid_range(sheet.filter["range"], dimension, at, delta)
        sheet.filter = {**sheet.filter, "range": moved} if moved else None
    rules: list[dict[str, Any]] = []
    for rule in sheet.conditional:
        ranges = [r for g in rule.get("ranges", []) if (r := grid_range(g, dimension, at, delta)) is not None]
        if ranges:
            rules.append({**rule, "ranges": ranges})
    sheet.conditional = rules
    for groups, own in ((sheet.row_groups, "ROWS"), (sheet.column_groups, "COLUMNS")):
        if own == dimension:
            kept = []
            for group in groups:
                found = span(group["range"]["startIndex"], group["range"]["endIndex"], at, delta)
                if found:
                    kept.append({**group, "range": {**group["range"], "startIndex": found[0], "endIndex": found[1]}})
            groups[:] = kept
    for id, (name, sheet_id, given) in list(book.named.items()):
        if sheet_id == sheet.id:
            found_area = area(given, dimension, at, delta)
            if found_area is None:
                del book.named[id]
            else:
                book.named[id] = (name, sheet_id, found_area)
    rewrite(book, lambda host, title, given: _moved(book, sheet, host, title, given, dimension, at, delta))


def _moved(
    book: Book, sheet: Sheet, host: Sheet, title: str | None, given: str, dimension: str, at: int, delta: int
) -> str | None:
    if (host if title is None else book.titled(title)) is not sheet:
        return given
    return _shifted(given, dimension, at, delta)


def _shifted(cells: str, dimension: str, at: int, delta: int) -> str | None:
    """``$A$2:B`` after lines came or went, its ``$`` kept; `None` for ``#REF!``.

    >>> _shifted("$A$2:B", "ROWS", 0, 1), _shifted("B2", "COLUMNS", 1, -1), _shifted("A1:A9", "ROWS", 2, -3)
    ('$A$3:B', None, 'A1:A6')
    """
    first, colon, last = cells.replace(" ", "").partition(":")
    a, b = _END.fullmatch(first), _END.fullmatch(last if colon else first)
    assert a
    assert b
    group = 4 if dimension == "ROWS" else 2
    if not a[group] and not b[group]:
        return cells

    def place(text: str) -> int:
        return int(text) - 1 if dimension == "ROWS" else number(text)

    low = place(a[group]) if a[group] else 0
    high = place(b[group]) + 1 if b[group] else 10**9
    found = span(low, high, at, delta)
    if found is None:
        return None

    def put(match: re.Match[str], where: int) -> str:
        if not match[group]:
            return match[0]
        if dimension == "ROWS":
            return f"{match[1]}{match[2]}{match[3]}{where + 1}"
        return f"{match[1]}{letters(where)}{match[3]}{match[4]}"

    return put(a, found[0]) + (f":{put(b, found[1] - 1)}" if colon else "")


def rewrite(book: Book, change: Callable[[Sheet, str | None, str], str | None]) -> None:
    """Rewrite every reference of every formula: ``change(its tab, tab named, cells)``; `None` is ``#REF!``."""
    from dataclasses import replace

    for host in book.sheets:
        for row in host.grid:
            for col, cell in row.cells.items():
                if isinstance(cell.value, Formula):
                    text = _rewritten(cell.value.text, host, change)
                    if text != cell.value.text:
                        row.cells[col] = replace(cell, value=Formula(text))


def _rewritten(text: str, host: Sheet, change: Callable[[Sheet, str | None, str], str | None]) -> str:
    out, at = ["="], 1
    while at < len(text):
        match = TOKEN.match(text, at)
        if not match:
            return text
        at = match.end()
        if match.lastgroup != "ref":
            out.append(match[0])
            continue
        title, cells = split(match[0])
        found = change(host, title, cells)
        out.append(
            "#REF!" if found is None else found if title is None or "!" in found else match[0][: -len(cells)] + found
        )
    return "".join(out)


def renamed(book: Book, old: str, new: str) -> None:
    """References to a tab follow its new name. Call it before the name changes."""

    def change(host: Sheet, title: str | None, cells: str) -> str | None:
        return f"{quoted(new)}!{cells}" if title is not None and title.casefold() == old.casefold() else cells

    rewrite(book, change)


def removed(book: Book, sheet: Sheet) -> None:
    """References to a tab that goes are ``#REF!``, its named ranges go too. Call it before it goes."""

    def change(host: Sheet, title: str | None, cells: str) -> str | None:
        return None if title is not None and title.casefold() == sheet.title.casefold() else cells

    rewrite(book, change)
    book.named = {id: item for id, item in book.named.items() if item[1] != sheet.id}


def copied(text: str, rows: int, cols: int) -> str:
    """A formula copied this many cells away: what has no ``$`` moves along.

    >>> copied("=A1+$B$2+A$3", 1, 1)
    '=B2+$B$2+B$3'
    """

    def change(_: Any, title: str | None, cells: str) -> str | None:
        ends = [_END.fullmatch(end) for end in cells.replace(" ", "").split(":")]
        out: list[str] = []
        for m in ends:
            assert m
            col, row = m[2], m[4]
            if col and not m[1]:
                place = number(col) + cols
                if place < 0:
                    return None
                col = letters(place)
            if row and not m[3] and not (m[1] and not m[2]):
                if int(row) + rows < 1:
                    return None
                row = str(int(row) + rows)
            out.append(f"{m[1]}{col}{m[3]}{row}")
        return ":".join(out)

    return _rewritten(text, None, change)  # type: ignore[arg-type]
