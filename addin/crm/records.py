"""A matched table's cells → one typed frame, and everything that is wrong with them, in place.

Regions (monthly tabs, stacked lists) stand one under the other in order. No row is dropped: a cell that
can't be read is null there and a fault beside it. Columns are as in docs/architecture.md, "Records".
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from addin.crm.clean import CleanColumn, ColumnContext, clean_column, clean_text, readable
from addin.crm.fault import PlacedFault
from addin.crm.row_rules import row_faults
from addin.crm.stages import LOST_WORDS, OPEN_WORDS, PARTNER_STAGES, WON_WORDS
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.fault import Fault
    from addin.crm.grid import CellValue, Grid
    from addin.crm.mapping import TableMatch
    from addin.crm.tables import Field

_BLOCK = 512
_STAGES = (*OPEN_WORDS, *WON_WORDS, *LOST_WORDS)
#: Words with a meaning, by table and field; a team's own stages come on top (`build_records`' ``known``).
KNOWN_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("requests", "stage"): _STAGES,
    ("partners", "stage"): (*PARTNER_STAGES, *_STAGES),
}


@dataclass(slots=True)
class Records:
    """One table's rows. ``fields``: ids of the fields with a column, in order; ``extra``: headers carried as text."""

    table: str
    frame: pl.DataFrame
    fields: tuple[str, ...]
    extra: tuple[str, ...] = ()

    def __len__(self) -> int:
        return self.frame.height


class _Rows:
    """The data rows of all regions as one sequence: index → sheet, row, column, cell."""

    def __init__(self, match: TableMatch, grids: Mapping[str, Grid]) -> None:
        self.match = match
        self.regions = match.regions
        self.grids = [grids[region.sheet] for region in self.regions]
        self.starts: list[int] = []
        self.count = 0
        for region in self.regions:
            self.starts.append(self.count)
            self.count += len(region.rows)

    def columns(self, field_id: str) -> list[int | None]:
        """The field's 1-based column in each region."""
        return [self.match.column_in(region, field_id) for region in self.regions]

    def headed(self, header: str) -> list[int | None]:
        """The 1-based column with this header in each region."""
        return [next((h.column for h in region.headers if h.text == header), None) for region in self.regions]

    def read(self, wanted: Sequence[Sequence[int | None]]) -> list[list[CellValue]]:
        """Columns' values over all regions, each wanted by its 1-based column per region; None where there is none.

        Row by row in small blocks: a column at a time would walk through all rows' memory once per column.
        """
        out: list[list[CellValue]] = [[] for _ in wanted]
        for n, (region, grid) in enumerate(zip(self.regions, self.grids, strict=True)):
            here = [(cells, columns[n]) for cells, columns in zip(out, wanted, strict=True)]
            present = [(cells, column - 1) for cells, column in here if column is not None]
            width = max((at for _, at in present), default=-1) + 1
            take = itemgetter(*(at for _, at in present), 0, 0)
            for start in range(0, len(region.rows), _BLOCK):
                lines = [grid.rows[row - 1] for row in region.rows[start : start + _BLOCK]]
                if min(map(len, lines)) < max(width, 1):
                    lines = [[*line, *[None] * (max(width, 1) - len(line))] for line in lines]
                for (cells, _), part in zip(present, zip(*map(take, lines), strict=True), strict=False):
                    cells.extend(part)
            for cells, column in here:
                if column is None:
                    cells.extend([None] * len(region.rows))
        return out

    def place(self, index: int, columns: Sequence[int | None]) -> tuple[str, int, int]:
        """Sheet, 1-based row and column (0 = none) of one row's cell."""
        n = bisect_right(self.starts, index) - 1
        region = self.regions[n]
        return region.sheet, region.rows[index - self.starts[n]], columns[n] or 0

    def has_time(self, index: int, columns: Sequence[int | None]) -> bool | None:
        """Whether a date cell's number format shows a time of day."""
        n = bisect_right(self.starts, index) - 1
        column = columns[n]
        return None if column is None else self.grids[n].has_time(self.regions[n].rows[index - self.starts[n]], column)


def build_records(
    match: TableMatch,
    grids: Mapping[str, Grid],
    fields: Iterable[Field] | None = None,
    *,
    known: Mapping[str, Sequence[str]] | None = None,
    extra: Sequence[str] = (),
) -> tuple[Records, list[PlacedFault]]:
    """The typed frame of one table, and its faults in the order of rows and columns.

    ``fields`` defaults to the table's own; ``known`` adds a team's own words by field id; ``extra`` are headers of
    unmatched columns to carry along as text (for ``--steps`` and ``--by``).
    """
    import polars as pl

    table = table_of(match.table)
    wanted = tuple(fields) if fields is not None else tuple(table or ())
    rows = _Rows(match, grids)
    epoch_1904 = any(grid.epoch_1904 for grid in rows.grids)
    columns = {field.id: at for field in wanted if any(at := rows.columns(field.id))}
    carried = {h: at for h in extra if h not in columns and not _ours(h) and any(at := rows.headed(h))}
    cells = dict(zip((*columns, *carried), rows.read((*columns.values(), *carried.values())), strict=True))
    series: list[pl.Series] = []
    found: list[tuple[int, str, Fault]] = []
    for field in wanted:
        if field.id not in columns:
            continue
        words = (*KNOWN_WORDS.get((match.table, field.id), ()), *(known or {}).get(field.id, ()))
        context = ColumnContext(words, partial(rows.has_time, columns=columns[field.id]), epoch_1904)
        clean = clean_column(field, cells.pop(field.id), context)
        series += _series(field, clean)
        found += [(index, field.id, fault) for index, fault in clean.faults]
    unread = {(index, field_id) for index, field_id, _ in found}
    for header in carried:
        series.append(pl.Series(header, clean_text(cells[header]), dtype=pl.String))
    frame = pl.DataFrame([*series, *_places(rows)])
    for doubt in row_faults(match.table, table.key if table else None, frame, lambda i, f: rows.place(i, columns[f])):
        if doubt.fault.code != "blank_id" or (doubt.at, doubt.field) not in unread:
            found.append((doubt.at, doubt.field, doubt.fault))
    order = {field_id: n for n, field_id in enumerate(columns)}
    found.sort(key=lambda item: (item[0], order[item[1]]))
    faults = [
        PlacedFault(*rows.place(index, columns[field_id]), match.table, field_id, fault)
        for index, field_id, fault in found
    ]
    return Records(match.table, frame, tuple(columns), tuple(carried)), faults


def _ours(name: str) -> bool:
    """Whether a frame's column of this name would be one of danggol's own."""
    return name in ("_sheet", "_row") or name.endswith(("__time", "__yes"))


def _series(field: Field, clean: CleanColumn) -> list[pl.Series]:
    """A clean column as its one or two frame columns."""
    import polars as pl

    exact = {"instant": pl.Int64, "money": pl.Int64, "refund": pl.Int64, "number": pl.Float64, "flag": pl.Boolean}
    out = [pl.Series(field.id, clean.values, dtype=exact.get(field.type, pl.String))]
    if clean.times is not None:
        out.append(pl.Series(f"{field.id}__time", clean.times, dtype=pl.Boolean))
    if clean.yes is not None:
        out.append(pl.Series(f"{field.id}__yes", clean.yes, dtype=pl.Boolean))
    return out


def _places(rows: _Rows) -> list[pl.Series]:
    """``_sheet`` and ``_row`` of every row."""
    import polars as pl

    sheets = [pl.repeat(region.sheet, len(region.rows), dtype=pl.String, eager=True) for region in rows.regions]
    sheet = pl.concat(sheets) if sheets else pl.Series(dtype=pl.String)
    numbers = [row for region in rows.regions for row in region.rows]
    return [sheet.alias("_sheet"), pl.Series("_row", numbers, dtype=pl.Int64)]


def to_rows(records: Records) -> list[dict[str, Any]]:
    """The rows as ``danggol rows`` prints them: ISO local times, amounts in units, null where empty.

    A refund of unknown amount is ``True``.
    """
    import polars as pl

    types = {field.id: field.type for field in table_of(records.table) or ()}
    frame = records.frame
    columns: dict[str, list[Any]] = {}
    for field_id in records.fields:
        kind = types.get(field_id, "text")
        if kind == "instant":
            instant = (pl.col(field_id) * 60_000).cast(pl.Datetime("ms"))
            date, minute = instant.dt.to_string("%Y-%m-%d"), instant.dt.to_string("%Y-%m-%dT%H:%M")
            columns[field_id] = (
                frame.select(pl.when(f"{field_id}__time").then(minute).otherwise(date)).to_series().to_list()
            )
            continue
        values = frame[field_id].to_list()
        if kind == "refund":
            told = zip(values, frame[f"{field_id}__yes"].to_list(), strict=True)
            values = [True if value is None and yes else readable(value, kind) for value, yes in told]
        elif kind in ("money", "number"):
            values = [readable(value, kind) for value in values]
        columns[field_id] = values
    for name in (*records.extra, "_sheet", "_row"):
        columns[name] = frame[name].to_list()
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
