"""Appended columns: ids and flags beside people's rows. Where they go, what they hold, what has changed.

Pure: grids and regions in, `Edits` out. An appended column is found again by its hidden name. It stands right of
its list, never over anything; where there is no room (lists side by side) the flags go to the status tab.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.column_values import put_values
from addin.actions.ours import Ours, OwnColumn, column_marker
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.actions.views.parts import Say
    from addin.books.edits import Edits
    from addin.crm.grid import Grid, Rect
    from addin.crm.mapping import Region, TableMatch
    from addin.crm.records import Records

#: Tables whose rows get an id of ours where they have none, and the id's first letter.
ID_LETTER: Final = {"requests": "R", "partners": "P"}
HEADERS: Final = {
    "id": "columns.id",
    "flag": "columns.flag",
    "reason": "columns.reason",
    "quote": "columns.quote",
    "state": "columns.state",
}
_WIDTH: Final = {"id": 14.0, "flag": 12.0, "reason": 46.0, "quote": 18.0, "state": 20.0}
_FROM_WIDTH: Final = 18.0
#: Kind of a column that holds what the partner filled in: this and the field's id.
FROM: Final = "from_"
HEADER_FILL: Final = "DCE6F1"
_OURS = re.compile(r"[A-Z](\d{6})-(\d+)")
_REACH = 12  # columns a chart may push ours away from its list
_LISTED = 2  # cells above or below that make a column another list's


class Placed(NamedTuple):
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
    ours_here = [c for c in ours.columns if c.sheet == region.sheet]
    own = {c.column for c in ours_here if _within(c, region)}
    column = region.last_column + 1
    for _ in range(_REACH):
        another = column not in {c.column for c in ours_here} and _shared(grid, region, column)
        if another or column in own or (region.sheet, column) in taken or _covered(grid.drawn, region, column):
            column += 1
        elif _occupied(grid, region, column) or _touching(grid, region, column, {c.column for c in ours_here}):
            return None
        else:
            return column
    return None


def _touching(grid: Grid, region: Region, column: int, own: set[int]) -> bool:
    """Whether another list begins right behind the column: without a blank one between them both read as one list."""
    if column + 1 in own or column >= grid.width:
        return False
    rows = range(region.header_first, min(region.last_row, len(grid.rows)) + 1)
    return sum(value is not None for value in grid.column(column + 1, rows)) >= _LISTED


def _shared(grid: Grid, region: Region, column: int) -> bool:
    """Whether a list above or below holds the column: ours is left out of adopting all the way down."""
    above, below = range(1, region.header_first), range(region.last_row + 1, len(grid.rows) + 1)
    return sum(value is not None for rows in (above, below) for value in grid.column(column, rows)) >= _LISTED


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
    if column > grid.width:
        return False
    rows = range(region.header_first, min(region.last_row, len(grid.rows)) + 1)
    return any(value is not None for value in grid.column(column, rows))


def put_header(edits: Edits, placed: Placed, kind: str, say: Say) -> None:
    """A new column's header, look, marker, and its place in the list's sort range."""
    if not placed.new:
        return
    header = header_of(placed.marker.split(".")[2], kind, say)
    edits.write(placed.sheet, placed.row, placed.column, [[header]], marker=placed.marker)
    edits.fill(placed.sheet, placed.row, placed.column, HEADER_FILL)
    edits.width(placed.sheet, placed.column, _WIDTH.get(kind, _FROM_WIDTH))
    edits.mark(placed.marker, placed.sheet, placed.row, placed.column)
    edits.join(placed.sheet, placed.row, placed.column, header)


def header_of(table: str, kind: str, say: Say) -> str:
    """What an appended column is called.

    >>> from addin.actions.views.parts import Say
    >>> header_of("requests", "from_visited_at", Say("ko"))
    '파트너 방문일시'
    """
    if kind in HEADERS:
        return say(HEADERS[kind])
    known = table_of(table)
    field = known.field(kind.removeprefix(FROM)) if known else None
    assert field is not None
    return say("columns.from", field=field.ko if say.lang == "ko" else field.en)


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

    >>> import datetime as dt
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
    places = [
        (region, place_column(grids[region.sheet], region, match.table, "id", ours, taken, names))
        for region in match.regions
    ]
    missing = [
        (placed, region.sheet, row)
        for region, placed in places
        if placed is not None
        for row in region.rows
        if (region.sheet, row) not in existing
    ]
    fresh = dict(
        zip([(s, r) for _, s, r in missing], new_ids(letter, day, len(missing), list(existing.values())), strict=True)
    )
    for region, placed in places:
        if placed is not None:
            put_header(edits, placed, "id", say)
            rows = [row for row in region.rows if (region.sheet, row) in fresh]
            put_values(edits, grids[region.sheet], placed, rows, [fresh[region.sheet, row] for row in rows])
