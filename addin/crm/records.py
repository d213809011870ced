"""A matched table's cells → one typed frame, and everything that is wrong with them, in place.

Regions (monthly tabs, stacked lists) stand one under the other in order. No row is dropped: a cell that
can't be read is null there and a fault beside it. Columns are as in docs/architecture.md, "Records".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from addin.crm.cells import SPREAD_TYPES, Rows
from addin.crm.clean import CleanColumn, ColumnContext, clean_column, clean_text, readable
from addin.crm.clocks import add_clock
from addin.crm.column_memo import AskedFormats, Column, ColumnMemo
from addin.crm.fault import PlacedFault
from addin.crm.kept_facts import KeptFacts
from addin.crm.reading import repaired
from addin.crm.row_rules import row_faults
from addin.crm.stages import LOST_WORDS, OPEN_WORDS, PARTNER_STAGES, WON_WORDS
from addin.crm.tab_year import period_in
from addin.crm.tables import table as table_of
from addin.crm.text import shown
from addin.crm.units import scale, unit_in
from addin.crm.whole import Unread, whole_columns
from addin.crm.whole_instants import kept_instants, whole_instants
from addin.crm.whole_kept import whole_kept
from addin.crm.yes_stage import read_marks, stage_named_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import polars as pl

    from addin.crm.column_memo import Cells, HaveTime
    from addin.crm.fault import Fault
    from addin.crm.grid import CellValue, Grid
    from addin.crm.mapping import TableMatch
    from addin.crm.tables import Field

#: Marks the column of a date field's time of day among the fields' columns.
_CLOCK = "clock of "
_STAGES = (*OPEN_WORDS, *WON_WORDS, *LOST_WORDS)
#: Words with a meaning, by table and field; a team's own stages come on top (`build_records`' ``known``).
KNOWN_WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    ("requests", "stage"): _STAGES,
    ("partners", "stage"): (*PARTNER_STAGES, *_STAGES),
}


@dataclass(slots=True)
class Records:
    """One table's rows. ``fields``: ids of the fields with a column, in order; ``extra``: headers carried as text;
    ``marks``: what stands for the reading of a column, where it may be known again (`addin.crm.column_memo`).
    """

    table: str
    frame: pl.DataFrame
    fields: tuple[str, ...]
    extra: tuple[str, ...] = ()
    marks: dict[str, object] = dataclasses.field(default_factory=dict)

    def __len__(self) -> int:
        return self.frame.height


def build_records(
    match: TableMatch,
    grids: Mapping[str, Grid],
    fields: Iterable[Field] | None = None,
    *,
    known: Mapping[str, Sequence[str]] | None = None,
    extra: Sequence[str] = (),
    memo: ColumnMemo | None = None,
    doubted: bool = True,
) -> tuple[Records, list[PlacedFault]]:
    """The typed frame of one table, and its faults in the order of rows and columns.

    ``fields`` defaults to the table's own; ``known`` adds a team's own words by field id; ``extra`` are headers of
    unmatched columns to carry along as text (for ``--steps`` and ``--by``). ``memo``: columns read before.
    Without ``doubted`` rows that contradict themselves (`addin.crm.row_rules`) are no faults: nobody asks for them.
    """
    import polars as pl

    table = table_of(match.table)
    wanted = tuple(fields) if fields is not None else tuple(table or ())
    rows = Rows(match, grids)
    columns = {field.id: at for field in wanted if any(at := rows.columns(field.id))}
    clocks = {_CLOCK + f: at for f in columns if match.clocks.get(f) and any(at := rows.clocks(f))}
    carried = {h: at for h in extra if h not in columns and not _ours(h) and any(at := rows.headed(h))}
    places = {**columns, **clocks}
    fields_here = [field for field in wanted if field.id in columns]
    words = {f.id: (*KNOWN_WORDS.get((match.table, f.id), ()), *(known or {}).get(f.id, ())) for f in fields_here}
    alone = {f.id: columns[f.id] for f in fields_here if _CLOCK + f.id not in clocks}
    before: dict[str, Column | None] = {}
    raw: dict[str, Cells] = {}
    asked: dict[str, AskedFormats] = {}

    def have_time(name: str) -> HaveTime:
        return asked[name].many if name in asked else partial(rows.have_time, columns=(columns | carried)[name])

    if memo is not None:
        memo.begin(match, grids)
        raw = _raw(rows, alone | carried if rows.long else alone)
        before = {n: memo.find(n, own, words.get(n, ()), have_time(n)) for n, own in raw.items()}
        asked = {f.id: AskedFormats(have_time(f.id)) for f in fields_here
                 if rows.long and f.type == "instant" and f.id in raw and before[f.id] is None}  # fmt: skip
    taken = {f.id: kept for f in fields_here if f.id in alone and before.get(f.id) is None
             and (memo is None or rows.long)
             and (kept := _taken(rows, f, alone[f.id], words[f.id], raw.get(f.id), have_time(f.id)))}  # fmt: skip
    read_here = {n: at for n, at in (places | carried).items() if n not in taken and before.get(n) is None}
    cells = dict(zip(read_here, rows.read(tuple(read_here.values())), strict=True))
    stages: dict[str, list[tuple[int, int, str]]] = {}
    unread: dict[str, Unread] = {}
    for field in fields_here:
        if before.get(field.id) is not None or field.id in taken:
            continue
        at, own = columns[field.id], cells[field.id]
        if field.type in SPREAD_TYPES:
            rows.spread(own, at)
        stages[field.id] = _stages_named(rows, at) if field.id == "stage" else []
        if not stages[field.id] and not (field.type == "money" and _in_units(rows, at)):
            unread[field.id] = Unread(field.type, own, words[field.id])
    wholes = whole_columns(unread)
    unread.clear()
    series: list[pl.Series] = []
    marks: dict[str, object] = {}
    found: list[tuple[int, str, Fault]] = []

    def put(name: str, read: list[pl.Series], faults: list[tuple[int, str, Fault]]) -> None:
        """Add a column that was read now, and remember it."""
        series.extend(read)
        found.extend(faults)
        if memo is not None and name in raw:
            mark = object()
            told = asked[name].told if name in asked else None
            memo.keep(name, raw[name], words.get(name, ()), Column(read, faults, mark), told)
            marks.update(dict.fromkeys((part.name for part in read), mark))

    def put_known(column: Column) -> None:
        series.extend(column.series)
        found.extend(column.faults)
        marks.update(dict.fromkeys((part.name for part in column.series), column.mark))

    for field in fields_here:
        if field.id in taken:
            put(field.id, taken[field.id], [])
            continue
        if (known_column := before.get(field.id)) is not None:
            put_known(known_column)
            continue
        own = cells.pop(field.id)
        clock = _CLOCK + field.id
        faults: list[tuple[int, str, Fault]] = []
        natives = None
        if field.type == "instant" and clock not in clocks:
            natives = whole_instants(field.id, own, have_time(field.id), epoch_1904=rows.epoch_1904)
        if field.id in wholes:
            read = [wholes[field.id]]
        elif natives is not None:
            read = natives
        else:
            told = asked[field.id].one if field.id in asked else partial(rows.has_time, columns=columns[field.id])
            clean = _clean(rows, field, columns[field.id], own, words[field.id], stages[field.id], told)
            faults += [(index, field.id, fault) for index, fault in clean.faults]
            if clock in clocks:
                rows.spread(cells[clock], clocks[clock])
                faults += [(index, clock, fault) for index, fault in add_clock(clean, cells.pop(clock))]
            read = _series(field, clean)
        put(field.id, read, faults)
    key = table.key if table else None
    without_id = {index for index, field_id, _ in found if field_id == key}
    for header, at in carried.items():
        if (known_column := before.get(header)) is not None:
            put_known(known_column)
            continue
        rows.spread(cells[header], at)
        rows.spell_out(cells[header])
        put(header, [pl.Series(header, clean_text(cells[header]), dtype=pl.String)], [])
    frame = pl.DataFrame([*series, *_places(rows)])
    if doubted:
        facts = KeptFacts(marks, memo.results) if memo is not None else None
        doubts = row_faults(match.table, key, frame, lambda i, f: rows.place(i, columns[f]), facts)
        found += [(d.at, d.field, d.fault) for d in doubts if d.fault.code != "blank_id" or d.at not in without_id]
    order = {field_id: n for n, field_id in enumerate(places)}
    found.sort(key=lambda item: (item[0], order[item[1]]))
    placed = [
        PlacedFault(*rows.place(index, places[name]), match.table, name.removeprefix(_CLOCK), fault)
        for index, name, fault in found
    ]
    return Records(match.table, frame, tuple(columns), tuple(carried), marks), placed


def _raw(rows: Rows, columns: Mapping[str, Sequence[int | None]]) -> dict[str, Cells]:
    """Columns' cells as they are compared with those read before; without those of a long list that hold errors."""
    if not rows.long:
        return {name: rows.kept(at) for name, at in columns.items()}
    return {name: cells for name, at in columns.items() if (cells := rows.taken(at)) is not None}


def _taken(
    rows: Rows, field: Field, at: Sequence[int | None], words: Sequence[str], known: Cells | None, have_time: HaveTime
) -> list[pl.Series] | None:  # fmt: skip
    """A very long list's column without any fault, read as it is kept; None where it is read cell by cell."""
    cells = known if isinstance(known, Mapping) else rows.taken(at)
    if cells is None or (field.id == "stage" and _stages_named(rows, at)):
        return None
    if field.type == "instant":
        return kept_instants(field.id, cells, rows.count, have_time)
    if field.type == "money" and _in_units(rows, at):
        return None
    return whole_kept(field.id, Unread(field.type, (), words), cells, rows.count)


def _clean(
    rows: Rows, field: Field, at: Sequence[int | None], cells: list[CellValue], words: Sequence[str],
    stages: Sequence[tuple[int, int, str]], has_time: Callable[[int], bool | None],
) -> CleanColumn:  # fmt: skip
    """One field's cells read: ditto marks first, then units and stages' marks (`_stages_named`), then by type."""
    dittos = rows.spell_out(cells) if field.type != "id" else {}
    if field.type in ("money", "refund"):
        for start, stop, region, grid, column in rows.parts(at):
            scale(cells, start, stop, unit_in(grid, region, column)[0])
    marks: list[tuple[int, Fault]] = []
    for start, stop, stage in stages:
        marks += read_marks(cells, start, stop, stage)
    periods = rows.each(period_in) if field.type == "instant" else None
    context = ColumnContext(words, has_time, rows.epoch_1904, periods)
    clean = clean_column(field, cells, context)
    if marks:
        clean.faults = sorted([*clean.faults, *marks], key=lambda item: item[0])
    if dittos:
        clean.faults = [(i, f._replace(value=shown(dittos[i])) if i in dittos else f) for i, f in clean.faults]
        told = {index for index, _ in clean.faults}
        again = [(i, repaired(None, "ditto", mark, field.type, shown(cells[i])).fault)
                 for i, mark in dittos.items() if i not in told]  # fmt: skip
        clean.faults = sorted([*clean.faults, *((i, f) for i, f in again if f)], key=lambda item: item[0])
    return clean


def _in_units(rows: Rows, at: Sequence[int | None]) -> bool:
    """Whether the amounts of a column are anywhere in thousands, ten thousands …"""
    return any(unit_in(grid, region, column)[0] != 1 for _, _, region, grid, column in rows.parts(at))


def _stages_named(rows: Rows, at: Sequence[int | None]) -> list[tuple[int, int, str]]:
    """First and last+1 index of every list whose stage column is named by one stage (완료여부), and that stage."""
    out = []
    for start, stop, region, _, column in rows.parts(at):
        header = next((h.text for h in region.headers if h.column == column), "")
        if stage := stage_named_by(header):
            out.append((start, stop, stage))
    return out


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


def _places(rows: Rows) -> list[pl.Series]:
    """``_sheet`` and ``_row`` of every row."""
    import polars as pl

    sheets, numbers = [pl.Series(dtype=pl.String)], [pl.Series("_row", dtype=pl.Int64)]
    for region in rows.regions:
        sheets.append(pl.Series([region.sheet], dtype=pl.String).new_from_index(0, len(region.rows)))
        numbers.append(pl.Series(region.rows, dtype=pl.Int64))
    return [pl.concat(sheets).alias("_sheet"), pl.concat(numbers)]


def to_rows(records: Records, *, every: bool = False) -> list[dict[str, Any]]:
    """The rows as ``danggol rows`` prints them: ISO local times, amounts in units, null where empty.

    A refund of unknown amount is ``True``. ``every`` adds the table's fields no column stands for, as null, so that
    the shape is the same for every book.
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
    if every:
        empty: list[Any] = [None] * frame.height
        columns = {name: columns.get(name, empty) for name in (*types, *columns)}
    names = tuple(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
