"""A range of rows with its header → measures, by the very path of ``danggol kpi``; the last few ranges are remembered.

Thirty ``KPI(…)`` cells over one range read it once: a range is known again by its values (and their types, as
TRUE is no 1), together with the settings, the spellings and the day it was measured by.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.functions.registry import Problem

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.measures import Measures
    from addin.crm.settings import Settings
    from addin.functions.registry import Context, Range

_KEPT = 4
_remembered: OrderedDict[tuple[Any, ...], _Entry] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Measured:
    """Measures of one range, and what a person may call its requests' columns."""

    measures: Measures
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Entry:
    """A remembered reading; the settings are held, so that their identity stays theirs."""

    settings: Settings
    found: Measured


@dataclass(frozen=True, slots=True)
class _AsRequests:
    """The word that a range is to be read as requests (`addin.crm.corrections.Correction`)."""

    sheet: str
    table: str = ""
    header: str = ""
    field: str = "requests"
    columns: tuple[str, ...] = ()


def measured(rows: Range, context: Context) -> Measured:
    """The measures of a range. `Problem` where there is no header row, or no list of ours is recognised in it."""
    settings, today = context.chosen(), context.day()
    aliases = tuple(sorted(context.aliases.items()))
    values = tuple(map(tuple, rows))
    key = (values, tuple(tuple(map(type, row)) for row in values), id(settings), aliases, today)
    known = _remembered.get(key)
    if known is None:
        known = _Entry(settings, _measured(rows, settings, dict(aliases), today))
        _remembered[key] = known
        while len(_remembered) > _KEPT:
            _remembered.popitem(last=False)
    else:
        _remembered.move_to_end(key)
    return known.found


def forget() -> None:
    """Let the remembered ranges go."""
    _remembered.clear()


def _measured(rows: Range, settings: Settings, aliases: dict[str, str], today: dt.date) -> Measured:
    from addin.crm.calendar import date_of
    from addin.crm.funnel_steps import StepError
    from addin.crm.grid import Grid
    from addin.crm.headers import propose
    from addin.crm.measures import Measures
    from addin.crm.records import build_records
    from addin.crm.team import column_names, steps_told

    grid = Grid("-", rows)
    mapping = propose([grid])
    if not mapping.tables:
        mapping = propose([grid], corrections=[_AsRequests(grid.name)])
    if not mapping.tables:
        raise Problem("fn.error.no_list", value=f"{len(rows)}×{max(map(len, rows), default=0)}")
    known = {"stage": (*settings.won_words, *settings.lost_words)}
    frames: dict[str, pl.DataFrame] = {}
    names: dict[str, str] = {}
    steps: tuple[Any, ...] = ()
    for match in mapping.tables:
        records, _ = build_records(match, {grid.name: grid}, known=known, extra=match.unmatched)
        frames[match.table] = records.frame
        if match.table == "requests":
            names = column_names(match, records)
            try:
                steps = steps_told(settings.steps, records, names, settings)
            except StepError as error:
                raise Problem("error.steps", detail=error.message) from error
    _resolve(frames, aliases)
    measures = Measures(frames, settings, steps=steps)
    if measures.span is None or date_of(measures.span[1]) > today:
        measures = Measures(frames, settings, as_of=today, steps=steps)
    return Measured(measures, names)


def _resolve(frames: dict[str, pl.DataFrame], aliases: Mapping[str, str]) -> None:
    """Partners as keys in every table that names them, as `addin.actions.partners` does for a workbook."""
    import polars as pl

    from addin.crm.partners import resolve_partners

    listed = frames.get("partners")
    empty = pl.DataFrame(schema={"partner": pl.String})
    if listed is not None or "requests" in frames:
        done = resolve_partners(frames.get("requests", empty), listed, aliases)
        if "requests" in frames:
            frames["requests"] = done.requests
        if done.partners is not None:
            frames["partners"] = done.partners
    for table in ("spend", "activities"):
        frame = frames.get(table)
        if frame is not None and "partner" in frame.columns:
            keyed = resolve_partners(frame, listed, aliases).requests
            frames[table] = keyed.with_columns(partner=pl.col("partner_key")).drop("partner_key")
