"""``danggol rows``: the clean, typed, mapped rows of one table, and files of them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from addin.actions.dates import parse_day
from addin.actions.progress import Step, quiet
from addin.actions.workspace import column_names, open_workspace
from addin.books.csvfile import FORMULA_STARTS
from addin.crm.tables import TABLES
from addin.crm.tables import table as table_of
from addin.errors import BookError, DanggolError, UsageError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    import polars as pl

    from addin.actions.workspace import Workspace
    from addin.crm.records import Records

#: Says in a .parquet file which table's rows it holds, typed as `Records` are.
ROWS_MARK = "danggol.rows"
FORMATS = (".csv", ".parquet", ".json")


def rows_of(
    book: Path,
    table: str,
    *,
    where: Sequence[str] = (),
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Records:
    """One table's records that meet every condition of ``where``: `addin.crm.where`, a KPI (`addin.crm.behind`), or
    where their customers stand towards the pool of regulars (`addin.crm.pool`).

    ``start`` to ``end``: the days a KPI counts by, as ``danggol kpi --from --to`` has them. `UsageError` for a table
    danggol doesn't know, or a condition that can't be understood.
    """
    known = table_of(table)
    if known is None:
        raise UsageError("error.unknown_table", value=table, tables=", ".join(t.id for t in TABLES))
    first, last, day = parse_day(start, "--from"), parse_day(end, "--to"), parse_day(as_of, "--as-of")
    workspace = open_workspace(book, maps=maps, step=step)
    records = workspace.records.get(known.id)
    if records is None:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(book), value=known.id, have=have)
    if where or first or last:
        records = _chosen(workspace, records, where, (first, last, day))
    return replace(records, extra=())


def _chosen(
    workspace: Workspace,
    records: Records,
    where: Sequence[str],
    dates: tuple[dt.date | None, dt.date | None, dt.date | None],
) -> Records:
    """The rows that meet the conditions, in their order. A partner is also found by the name it was resolved to."""
    from addin.actions.partners import resolve
    from addin.crm.behind import kpi_term
    from addin.crm.pool import pool_term
    from addin.crm.where import WhereError, matching, parse_where

    names = column_names(workspace, records.table)
    terms = [term for text in where if (term := kpi_term(text))]
    pools = [
        (text, asked) for text in where if (asked := pool_term(text)) and text.partition("=")[0].strip() not in names
    ]
    said = {text for text, _ in pools}
    try:
        told = [text for text in where if not kpi_term(text) and text not in said]
        conditions = parse_where(told, records.table, names)
    except WhereError as error:
        raise UsageError("error.where", detail=error.message) from error
    resolved = resolve(workspace).frames.get(records.table)
    keyed = records.frame if resolved is None or "partner_key" not in resolved.columns else resolved
    chosen = keyed.select(matching(keyed, conditions)).to_series()
    if not terms and any(dates[:2] if pools else dates):
        raise UsageError("rows.dates_without_kpi")
    for _, (standing, word) in pools:
        chosen &= _standing(workspace, records, standing, word, dates[2])
    for kpi, hit in terms:
        chosen &= _behind(workspace, records, kpi, hit, dates)
    return replace(records, frame=records.frame.filter(chosen))


def _standing(workspace: Workspace, records: Records, standing: str, word: str, day: dt.date | None) -> pl.Series:
    """Which requests are the last of the customers who stand so towards the pool: each customer once."""
    import polars as pl

    from addin.actions.kpi import measures_of
    from addin.crm.people import told_apart
    from addin.crm.pool import STANDING_WORDS, rows_standing

    if records.table != "requests" or not standing:
        raise UsageError("rows.pool", value=word, known=", ".join(STANDING_WORDS))
    tally = measures_of(workspace, as_of=day).tally
    prepared = tally.on_polars()
    if not told_apart(prepared):
        raise DanggolError("rows.nobody", where=str(workspace.snapshot.path))
    places = rows_standing(tally.people(), prepared.native(), prepared.as_of, workspace.settings, standing)
    return records.frame.select(pl.format("{}!{}", "_sheet", "_row").is_in(places.implode())).to_series()


def _behind(
    workspace: Workspace,
    records: Records,
    kpi: str,
    hit: bool | None,
    dates: tuple[dt.date | None, dt.date | None, dt.date | None],
) -> pl.Series:
    from addin.actions.kpi import measures_of
    from addin.crm.behind import LISTED, rows_behind
    from addin.crm.calendar import day_of

    if records.table != "requests" or kpi not in LISTED:
        raise UsageError("rows.kpi_not_listed", value=kpi, known=", ".join(LISTED))
    first, last, day = dates
    measures = measures_of(workspace, as_of=day)
    days = None
    if first or last:
        low, high = measures.tally.days
        days = (day_of(first) if first else low, min(day_of(last), measures.as_of) if last else high)
    return rows_behind(measures.tally.tables, workspace.settings, measures.as_of, kpi, hit, days)


def write_rows(records: Records, out: Path) -> None:
    """Write rows to .csv (utf-8 with mark, so that Excel reads Korean), .parquet or .json.

    Text a spreadsheet would take for a formula stays text: behind an apostrophe in .csv, which `danggol` takes off
    again when it reads one.
    """
    import polars as pl

    from addin.crm.records import to_rows

    kind = out.suffix.lower()
    extra = [name for name in records.frame.columns if name not in _kept(records)]
    if kind not in FORMATS:
        raise UsageError("error.out_format", value=out.name, formats=", ".join(FORMATS))
    try:
        if kind == ".parquet":
            told = json.dumps({"table": records.table})
            records.frame.select(pl.exclude(extra)).write_parquet(out, metadata={ROWS_MARK: told})
        elif kind == ".json":
            out.write_text(json.dumps(to_rows(records, every=True), ensure_ascii=False, allow_nan=False), "utf-8")
        else:
            rows = to_rows(records)
            names = list(rows[0]) if rows else [*records.fields, "_sheet", "_row"]
            text = {name: [_cell(row[name]) for row in rows] for name in names}
            frame = pl.DataFrame(text, schema=dict.fromkeys(names, pl.String))
            frame.write_csv(out, include_bom=True)
    except OSError as error:
        raise BookError("error.cannot_write", where=str(out), reason=error.strerror or str(error)) from error


def _kept(records: Records) -> set[str]:
    """The frame's own columns: fields, what belongs to them, and the place."""
    return {*records.fields, *(f"{f}{part}" for f in records.fields for part in ("__time", "__yes")), "_sheet", "_row"}


def _cell(value: object) -> str | None:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return None if value is None else str(value)
