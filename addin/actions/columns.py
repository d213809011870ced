"""Appended columns: ids and flags beside people's rows. Where they go, what they hold, what has changed.

Pure: grids and regions in, `Edits` out. An appended column is found again by its hidden name. It stands right of
its list, never over anything; where there is no room (lists side by side) the flags go to the status tab.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.actions.ours import Ours, OwnColumn, column_marker
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    from addin.actions.views.parts import Say
    from addin.books.edits import Edits, EditValue
    from addin.crm.grid import Grid, Rect
    from addin.crm.mapping import Region, TableMatch
    from addin.crm.records import Records

#: Tables whose rows get an id of ours where they have none, and the id's first letter.
ID_LETTER: Final = {"requests": "R", "partners": "P"}
HEADERS: Final = {"id": "columns.id", "flag": "columns.flag", "reason": "columns.reason"}
_WIDTH: Final = {"id": 14.0, "flag": 12.0, "reason": 46.0}
HEADER_FILL: Final = "DCE6F1"
_OURS = re.compile(r"[A-Z](\d{6})-(\d+)")
_REACH = 12  # columns a chart may push ours away from its list
_BRIDGE = 200  # cells left alone inside one block


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one appended column stands: header row and column; ``new`` = to be made by this plan."""

    marker: str
    sheet: str
    row: int
    column: int
    new: bool


def place_column(
    grid: Grid, region: Region, table: str, kind: str, ours: Ours, taken: set[tuple[str, int]], names: set[str]
) -> Placed | None:
    """The column of one kind beside a region: the one it has, else the next free one, else None: no room.

    ``taken`` collects (sheet, column) given out by this plan; ``names`` the markers in use. Both grow.
    """
    found = ours.of(table, kind, region)
    if found is not None:
        return Placed(found.marker, found.sheet, found.row, found.column, new=False)
    column = _free_column(grid, region, ours, taken)
    if column is None:
        return None
    marker = column_marker(table, kind, names)
    names.add(marker)
    taken.add((region.sheet, column))
    return Placed(marker, region.sheet, region.header_last, column, new=True)


def _free_column(grid: Grid, region: Region, ours: Ours, taken: set[tuple[str, int]]) -> int | None:
    own = {c.column for c in ours.columns if c.sheet == region.sheet and _within(c, region)}
    column = region.last_column + 1
    for _ in range(_REACH):
        if column in own or (region.sheet, column) in taken or _covered(grid.drawn, region, column):
            column += 1
        elif _occupied(grid, region, column):
            return None
        else:
            return column
    return None


def _within(own: OwnColumn, region: Region) -> bool:
    return region.header_first <= own.row <= region.header_last


def _covered(rects: Sequence[Rect], region: Region, column: int) -> bool:
    return any(
        top <= region.last_row and bottom >= region.header_first and left <= column <= right
        for top, left, bottom, right in rects
    )


def _occupied(grid: Grid, region: Region, column: int) -> bool:
    """Anything in the column beside the list, a merged cell over it, or a list right behind it."""
    if _covered(grid.merged, region, column) or _covered(grid.tables, region, column):
        return True
    at = column - 1
    for line in grid.rows[region.header_first - 1 : region.last_row]:
        if len(line) > at and line[at] is not None and line[at] != "":
            return True
    return False


def put_header(edits: Edits, placed: Placed, kind: str, say: Say) -> None:
    """A new column's header, look, marker, and its place in the list's sort range."""
    if not placed.new:
        return
    header = say(HEADERS[kind])
    edits.write(placed.sheet, placed.row, placed.column, [[header]], marker=placed.marker)
    edits.fill(placed.sheet, placed.row, placed.column, HEADER_FILL)
    edits.width(placed.sheet, placed.column, _WIDTH[kind])
    edits.mark(placed.marker, placed.sheet, placed.row, placed.column)
    edits.join(placed.sheet, placed.row, placed.column, header)


def put_values(
    edits: Edits, grid: Grid, placed: Placed, values: Mapping[int, str], colors: Mapping[str, str] | None = None
) -> int:
    """Write row → text where it differs from what stands there, as few blocks as can be; returns how many cells.

    ``colors`` gives a text its background; a cell whose text changes to one without a colour loses ours.
    """
    from addin.books.edits import CLEAR

    at = placed.column - 1
    lines = grid.rows
    changed: list[tuple[int, EditValue]] = []
    for row, text in values.items():
        line = lines[row - 1] if row <= len(lines) else ()
        present = line[at] if at < len(line) else None
        if text != (present or ""):
            changed.append((row, text or CLEAR))
    for start, block in _blocks(changed):
        edits.write(placed.sheet, start, placed.column, [(value,) for value in block], marker=placed.marker)
    if colors is not None:
        shades = [(row, colors.get(value) if isinstance(value, str) else None) for row, value in changed]
        for first, count, shade in _bands(shades):
            if shade or not placed.new:
                edits.fill(placed.sheet, first, placed.column, shade, rows=count)
    return len(changed)


def _blocks(cells: Sequence[tuple[int, EditValue]]) -> list[tuple[int, list[EditValue]]]:
    """Cells down one column as blocks; a short gap is bridged with None, which leaves its cells alone.

    >>> _blocks([(5, "a"), (7, "b"), (900, "c")])
    [(5, ['a', None, 'b']), (900, ['c'])]
    """
    out: list[tuple[int, list[EditValue]]] = []
    for row, value in cells:
        gap = row - out[-1][0] - len(out[-1][1]) if out else -1
        if 0 <= gap <= _BRIDGE:
            out[-1][1].extend([None] * gap)
            out[-1][1].append(value)
        else:
            out.append((row, [value]))
    return out


def _bands(shades: Sequence[tuple[int, str | None]]) -> list[tuple[int, int, str | None]]:
    """Neighbouring rows of one colour: first row, how many, colour.

    >>> _bands([(5, "F"), (6, "F"), (7, None), (9, None)])
    [(5, 2, 'F'), (7, 1, None), (9, 1, None)]
    """
    out: list[tuple[int, int, str | None]] = []
    for row, shade in shades:
        if out and out[-1][2] == shade and out[-1][0] + out[-1][1] == row:
            out[-1] = (out[-1][0], out[-1][1] + 1, shade)
        else:
            out.append((row, 1, shade))
    return out


def own_ids(match: TableMatch, ours: Ours, grids: Mapping[str, Grid]) -> dict[tuple[str, int], str]:
    """(sheet, row) → the id we once gave it."""
    found: dict[tuple[str, int], str] = {}
    for region in match.regions:
        column = ours.of(match.table, "id", region)
        if column is None:
            continue
        grid = grids[region.sheet]
        for row in region.rows:
            value = grid.value(row, column.column)
            if value is not None:
                found[region.sheet, row] = str(value)
    return found


def new_ids(letter: str, day: dt.date, count: int, existing: Sequence[str]) -> list[str]:
    """``count`` ids nobody has: letter, day given, running number.

    The day makes an id unique for good: the id of a row deleted long ago is never given again.

    >>> new_ids("R", dt.date(2026, 11, 21), 2, ["R261121-0007", "R261001-0900"])
    ['R261121-0008', 'R261121-0009']
    """
    stamp = f"{day:%y%m%d}"
    last = 0
    for id in existing:
        parts = _OURS.fullmatch(id)
        if parts and parts[1] == stamp:
            last = max(last, int(parts[2]))
    return [f"{letter}{stamp}-{last + i:04d}" for i in range(1, count + 1)]


def attach_own_ids(records: Records, match: TableMatch, ours: Ours, grids: Mapping[str, Grid]) -> None:
    """Give a records frame without an id column of its own the ids we appended."""
    table = table_of(match.table)
    if table is None or table.key is None or table.key in records.fields or match.table not in ID_LETTER:
        return
    ids = own_ids(match, ours, grids)
    if not ids:
        return
    import polars as pl

    places = zip(records.frame["_sheet"].to_list(), records.frame["_row"].to_list(), strict=True)
    series = pl.Series(table.key, [ids.get(place) for place in places], dtype=pl.String)
    records.frame = records.frame.insert_column(0, series)
    records.fields = (table.key, *records.fields)


def put_ids(
    edits: Edits, match: TableMatch, ours: Ours, grids: Mapping[str, Grid], day: dt.date, say: Say,
    taken: set[tuple[str, int]], names: set[str],
) -> None:  # fmt: skip
    """Give every row of a table without an id column a stable id, in an appended column; ids are written once."""
    table = table_of(match.table)
    letter = ID_LETTER.get(match.table)
    if letter is None or table is None or table.key is None or table.key in match.columns:
        return
    existing = own_ids(match, ours, grids)
    places = [(region, place_column(grids[region.sheet], region, match.table, "id", ours, taken, names)) for region in match.regions]
    missing = [
        (placed, region.sheet, row)
        for region, placed in places
        if placed is not None
        for row in region.rows
        if (region.sheet, row) not in existing
    ]
    fresh = dict(zip([(s, r) for _, s, r in missing], new_ids(letter, day, len(missing), list(existing.values())), strict=True))
    for region, placed in places:
        if placed is not None:
            put_header(edits, placed, "id", say)
            values = {row: fresh[region.sheet, row] for row in region.rows if (region.sheet, row) in fresh}
            put_values(edits, grids[region.sheet], placed, values)
