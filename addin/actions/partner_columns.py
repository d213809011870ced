"""What partners filled in: danggol's own columns beside the requests (``파트너 방문일시`` …), read and planned.

A partner's cell never lands in a person's column. The records take the person's own cell first or the partner's, as
the settings say (`addin.crm.bindings.owned`).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from addin.actions.column_values import blocks
from addin.actions.columns import FROM, place_column, put_header
from addin.crm.tables import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.actions.ours import Ours
    from addin.actions.views.parts import Say
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits, EditValue
    from addin.crm.cells import Rows
    from addin.crm.fault import PlacedFault
    from addin.crm.grid import CellValue, Grid
    from addin.crm.mapping import ColumnMatch, TableMatch
    from addin.crm.records import Records
    from addin.crm.settings import Settings
    from addin.crm.tables import Field

#: The table partners fill in.
PARTNER_TABLE: Final = REQUESTS.id
_ISO = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?", re.ASCII)

#: A cell as it travels: text, number, yes/no, blank; dates as ISO text.
Plain = str | float | bool | None


@dataclass(slots=True)
class PartnerSide:
    """The partners' columns of one book.

    ``own``     the requests as people filled them in, without the partners' cells.
    ``columns`` what stands in each column of ours, by field, in the order of the records; of a very long list's texts
    as a polars column, of its dates as a frame of the field as the records have it.
    ``unread``  (row of the records, field) of those cells nobody can read.
    """

    own: pl.DataFrame
    columns: dict[str, list[Plain] | pl.Series | pl.DataFrame] = field(default_factory=dict)
    unread: frozenset[tuple[int, str]] = frozenset()
    faults: list[PlacedFault] = field(default_factory=list)


def attach_partner_side(
    records: Records,
    match: TableMatch,
    ours: Ours,
    grids: Mapping[str, Grid],
    settings: Settings,
    known: Mapping[str, Sequence[str]],
) -> PartnerSide | None:
    """Let the records hold both sides as one; None where the book has no column of a partner's.

    A partner's cell that can't be read is a fault at that cell, as everybody's.
    """
    import polars as pl

    from addin.crm.bindings import OWNER_SUFFIX, owned
    from addin.crm.engines import answers, asked
    from addin.crm.records import build_records

    found = _columns(match, ours)
    fields = [f for f in REQUESTS if any(f.id in places for places in found.values())]
    if not fields:
        return None
    theirs = replace(match, columns={f.id: _as_match(f.id) for f in fields}, clocks={}, placed=found)
    built, faults = build_records(theirs, grids, fields, known=known)
    cells = _plain_cells(theirs, grids, fields, built.frame)
    side = PartnerSide(records.frame, cells, _unread(theirs, grids, faults), faults)
    columns = [n for n in built.frame.columns if n not in ("_sheet", "_row")]
    both = pl.concat(
        [records.frame, built.frame.select(pl.col(n).alias(n + OWNER_SUFFIX) for n in columns)], how="horizontal"
    )
    records.frame = answers([owned(asked(both), settings)])[0]
    have = {*records.fields, *(f.id for f in fields)}
    records.fields = tuple(f.id for f in REQUESTS if f.id in have)
    side.faults += _out_of_order(records.frame, side.own, theirs, grids, {f.id for f in fields})
    return side


def _unread(theirs: TableMatch, grids: Mapping[str, Grid], faults: Sequence[PlacedFault]) -> frozenset[tuple[int, str]]:
    """The faults' rows of the records."""
    from addin.crm.cells import Rows

    wrong = {(f.sheet, f.row, f.column): f.field for f in faults if not f.fault.repair}
    if not wrong:
        return frozenset()
    rows = Rows(theirs, grids)
    columns = {name: rows.columns(name) for name in {*wrong.values()}}
    return frozenset((i, name) for name, at in columns.items() for i in range(rows.count) if rows.place(i, at) in wrong)


def _columns(match: TableMatch, ours: Ours) -> dict[tuple[str, int, int], dict[str, int]]:
    """Region → field → our column of it."""
    fields = {own.kind.removeprefix(FROM) for own in ours.columns if own.table == match.table and _from(own.kind)}
    return {
        region.key: {f: own.column for f in sorted(fields) if (own := ours.of(match.table, FROM + f, region))}
        for region in match.regions
    }


def _from(kind: str) -> bool:
    return kind.startswith(FROM)


def _as_match(field_id: str) -> ColumnMatch:
    from addin.crm.mapping import ColumnMatch
    from addin.crm.message import msg

    return ColumnMatch(field_id, field_id, 1.0, msg("map.reason.person"))


def _plain_cells(
    match: TableMatch, grids: Mapping[str, Grid], fields: Sequence[Field], frame: pl.DataFrame
) -> dict[str, list[Plain] | pl.Series | pl.DataFrame]:
    """The cells of these fields as they travel; what the records read of a date says the same as the cell."""
    from addin.crm.cells import Rows

    rows = Rows(match, grids)
    kept = {f.id: column for f in fields if (column := _kept_cells(rows, f, frame)) is not None}
    out: dict[str, list[Plain] | pl.Series | pl.DataFrame] = {f.id: kept.get(f.id, []) for f in fields}
    fields = [f for f in fields if f.id not in kept]
    places = [rows.columns(f.id) for f in fields]
    moment, date, days = dt.datetime, dt.date, dict[object, str]()
    for one, at, cells in zip(fields, places, rows.read(places), strict=True):
        told = partial(rows.has_time, columns=at)
        texts = instants_as_text(frame, one.id).to_list() if one.type == "instant" else [None] * len(cells)
        out[one.id] = [
            v or None  # type: ignore[misc]  # a kind looked at once narrows nothing
            if v is None or (kind := v.__class__) is str
            else text
            if text is not None and kind is moment
            else days.get(v) or days.setdefault(v, v.isoformat())  # type: ignore[union-attr]
            if kind is date
            else plain_cell(v, told(i) if _midnight(v) else None)
            for i, (v, text) in enumerate(zip(cells, texts, strict=True))
        ]
    return out


def _kept_cells(rows: Rows, field: Field, frame: pl.DataFrame) -> pl.Series | pl.DataFrame | None:
    """The same of a very long list's column of texts or dates, as it is kept; None where it is another."""
    import polars as pl

    taken = rows.taken(rows.columns(field.id))
    if taken is None or not taken.keys() <= {str, dt.date, dt.datetime}:
        return None
    moments = taken.get(dt.datetime)
    there = pl.Series([False]).new_from_index(0, rows.count) if moments is None else moments.is_not_null()
    if moments is not None and (field.type != "instant" or frame.filter(there)[field.id].null_count()):
        return None
    if field.type == "instant" and str not in taken:  # a date travels without a time, whatever its format shows
        return frame.select(field.id, frame[f"{field.id}__time"] & there)
    parts = [pl.Series([None], dtype=pl.String).new_from_index(0, rows.count)]
    if (texts := taken.get(str)) is not None:
        parts.append(texts.set(texts == "", None))
    if (days := taken.get(dt.date)) is not None:
        parts.append(days.dt.strftime("%Y-%m-%d"))
    if moments is not None:
        parts.append(instants_as_text(frame, field.id).set(~there, None))
    return pl.select(pl.coalesce(parts)).to_series()


def instants_as_text(frame: pl.DataFrame, name: str) -> pl.Series:
    """A field of dates of the records as `addin.crm.calendar.iso_text` writes them."""
    import polars as pl

    moment = (pl.col(name) * 60_000_000).cast(pl.Datetime("us"))
    timed = pl.col(f"{name}__time").fill_null(False)
    text = pl.when(timed).then(moment.dt.strftime("%Y-%m-%dT%H:%M")).otherwise(moment.dt.strftime("%Y-%m-%d"))
    return frame.select(text.alias(name))[name]


def _midnight(value: CellValue) -> bool:
    """Whether only a cell's format tells if it has a time of day; the last second of a day is the next one's noise."""
    return isinstance(value, dt.datetime) and (value.hour, value.minute) in ((0, 0), (23, 59))


def plain_cell(value: CellValue, has_time: bool | None = None) -> Plain:
    """A cell of a workbook as it travels to and from a partner: dates and times as ISO text, errors as their code.

    >>> plain_cell(dt.datetime(2026, 11, 3, 14, 0)), plain_cell(dt.datetime(2026, 11, 3)), plain_cell(3.0)
    ('2026-11-03T14:00', '2026-11-03', 3)
    """
    if isinstance(value, dt.datetime):
        if value.second == 59 and value.microsecond >= 500_000 and value.year < dt.MAXYEAR:
            value += dt.timedelta(seconds=1)  # the noise of a float
        midnight = value.hour == value.minute == 0 and not has_time
        return value.date().isoformat() if midnight else value.replace(tzinfo=None).isoformat(timespec="minutes")
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, int) else str(value)


def book_cell(value: Plain) -> EditValue:
    """A cell that travelled, for a workbook: ISO dates as dates, everything else as it is. `plain_cell` undoes it.

    >>> book_cell("2026-11-03T14:00"), book_cell("2026.11.3"), book_cell("0012")
    (datetime.datetime(2026, 11, 3, 14, 0), '2026.11.3', '0012')
    """
    if not isinstance(value, str) or not _ISO.fullmatch(value):
        return value
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return value
    if moment.year < 1901:  # before a workbook's days begin
        return value
    return moment if "T" in value else moment.date()


def _out_of_order(
    frame: pl.DataFrame, own: pl.DataFrame, theirs: TableMatch, grids: Mapping[str, Grid], fields: set[str]
) -> list[PlacedFault]:
    """A partner's visit before the request was received, and the like: only where the partner's cell counts."""
    from addin.crm.cells import Rows
    from addin.crm.fault import PlacedFault
    from addin.crm.row_rules import row_faults

    rows = Rows(theirs, grids)
    out = []
    for doubt in row_faults(PARTNER_TABLE, None, frame, lambda _i, _f: ("", 0, 0)):
        name = doubt.field
        if name in fields and (name not in own.columns or own[name][doubt.at] != frame[name][doubt.at]):
            place = rows.place(doubt.at, rows.columns(name))
            out.append(PlacedFault(*place, PARTNER_TABLE, name, doubt.fault))
    return out


def plan_partner_cells(
    edits: Edits,
    workspace: Workspace,
    cells: Mapping[int, Mapping[str, Plain]],
    say: Say,
    taken: set[tuple[str, int]],
    names: set[str],
) -> set[tuple[int, str]]:
    """Write what partners filled in beside their rows: row of the records → field → cell; None empties one of ours.

    Only columns of ours are written, and only cells that change. Returns the (row, field) beside which there is no room
    for a column. (A row goes by its place in the records: of lists side by side two rows stand in one row of a sheet.)
    """
    homeless: set[tuple[int, str]] = set()
    match = workspace.mapping.table(PARTNER_TABLE)
    start = 0
    for region in match.regions if match else ():
        here = {row: (i, cells[i]) for i, row in enumerate(region.rows, start) if i in cells}
        start += len(region.rows)
        told = {name for _, values in here.values() for name in values}
        grid = workspace.grids[region.sheet]
        for name in (f.id for f in REQUESTS if f.id in told):
            wanted = {row: (i, values[name]) for row, (i, values) in here.items() if name in values}
            found = place_column(grid, region, PARTNER_TABLE, FROM + name, workspace.ours, taken, names)
            if found is None:
                homeless |= {(i, name) for i, _ in wanted.values()}
                continue
            at = found.column
            now = {
                row: None if found.new else plain_cell(grid.value(row, at), grid.has_time(row, at)) for row in wanted
            }
            changed = [(row, value) for row, (_, value) in wanted.items() if value != now[row]]
            if changed:
                put_header(edits, found, FROM + name, say)
                _write(edits, found.sheet, at, found.marker, changed)
    return homeless


def _write(edits: Edits, sheet: str, column: int, marker: str, cells: Sequence[tuple[int, Plain]]) -> None:
    from addin.books.edits import CLEAR

    values: list[tuple[int, EditValue]] = [(row, CLEAR if v is None else book_cell(v)) for row, v in cells]
    for block in blocks(values):
        by_row = dict(block)
        rows = range(block[0][0], block[-1][0] + 1)
        edits.write(sheet, rows[0], column, [(by_row.get(row),) for row in rows], marker=marker)
