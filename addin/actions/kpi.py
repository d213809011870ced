"""``danggol kpi``: measures and flags over all rows, any dates, by anything, on any engine."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from addin.actions.dates import parse_day, today
from addin.actions.funnel import team_steps
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, column_names, open_workspace
from addin.errors import BookError, DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from addin.actions.sources import Unread
    from addin.crm.funnel_steps import StepSpec
    from addin.crm.kpi_values import KpiValue
    from addin.crm.measures import Measures
    from addin.crm.remeasure import Remembered
    from addin.crm.settings import Settings


@dataclass(slots=True)
class KpiResult:
    """Values in the order asked for, the day they are as of, and values of the sources that could not be read."""

    values: list[KpiValue] = field(default_factory=list)
    as_of: dt.date | None = None
    unread: Sequence[Unread] = ()

    def to_json(self) -> list[dict[str, Any]]:
        """The contract's shape."""
        from addin.crm.kpi_values import to_json

        return to_json(self.values, say)


def kpis_of(
    book: Path,
    *,
    kpis: Sequence[str] = (),
    by: str | None = None,
    start: str | None = None,
    end: str | None = None,
    as_of: str | None = None,
    engine: str = "polars",
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> KpiResult:
    """KPIs of a book, of a folder or pattern of books, of rows in .parquet, or of facts (`addin.actions.sources`).

    `UsageError` for an unknown KPI, grouping, date or engine.
    """
    from addin.actions.sources import damaged, find_sources
    from addin.crm.calendar import date_of
    from addin.crm.measures import UnknownDimensionError

    chosen = known_kpis(kpis)
    first, last, day = parse_day(start, "--from"), parse_day(end, "--to"), parse_day(as_of, "--as-of")
    if first and last and first > last:
        raise UsageError("error.from_after_to", value=f"{first} > {last}")
    try:
        measures, names, unread = _measures(book, day, engine, maps, step)
        group = by if by is None or by in measures.dimensions() else names.get(by, by)
        values = measures.compute(chosen, by=group, start=first, end=last)
    except UnknownDimensionError as error:
        near = error.near or "–"
        raise UsageError(
            "error.unknown_dimension", value=error.name, near=near, known=", ".join(error.known)
        ) from error
    except DanggolError:
        raise
    except Exception as error:  # each engine has its own for a file it can't read to its end
        if (path := damaged(find_sources(book))) is None:
            raise
        raise BookError("facts.not_parquet", where=str(path)) from error
    return KpiResult(values, date_of(measures.as_of), unread)


def _measures(
    book: Path, day: dt.date | None, engine: str, maps: Sequence[str], step: Step
) -> tuple[Measures, Mapping[str, str], Sequence[Unread]]:
    """The measures of whatever a person points at, what its requests' columns may be called, and what is unread."""
    from addin.actions.sources import facts_in, find_sources, is_parquet, unite
    from addin.crm.calendar import day_of
    from addin.crm.fact_store import fact_measures
    from addin.crm.settings import Settings

    files = find_sources(book)
    if files == [book] and not is_parquet(book):
        workspace = open_workspace(book, maps=maps, step=step)
        step("progress.measuring", 0.8)
        return measures_of(workspace, as_of=day, engine=engine), column_names(workspace, "requests"), ()
    sets = facts_in(book, files)
    if sets is not None:
        return fact_measures(sets, Settings(), day_of(day) if day else None), {}, ()
    united = unite(files, engine=engine, maps=maps, step=step)
    step("progress.measuring", 0.8)
    return measured(united.frames, united.settings, united.steps, day, engine), united.names, united.unread


def known_kpis(ids: Sequence[str]) -> list[str] | None:
    """The KPI ids asked for, None for all. `UsageError` with the nearest id."""
    from addin.crm.catalogue import KPIS

    chosen = [id.upper() for text in ids for id in text.replace(",", " ").split()]
    for id in chosen:
        if id not in KPIS:
            near = difflib.get_close_matches(id, KPIS, n=1, cutoff=0.5)
            raise UsageError("error.unknown_kpi", value=id, near=near[0] if near else "–", known=", ".join(KPIS))
    return chosen or None


def measures_of(workspace: Workspace, *, as_of: dt.date | None = None, engine: str = "polars") -> Measures:
    """The measures of a workspace: partners resolved, the team's steps; as of the data's last day, or today in Seoul
    where the data reaches beyond it or has no date.

    `UsageError` for an engine that is unknown or not installed.
    """
    from addin.actions.partners import resolve

    resolved = resolve(workspace)
    frames = {name: records.frame for name, records in workspace.records.items()} | resolved.frames
    steps = team_steps(workspace) if "requests" in workspace.records else ()
    remembered = workspace.session.remembered if workspace.session is not None else None
    return measured(frames, workspace.settings, steps, as_of, engine, remembered)


def measured(
    frames: Mapping[str, Any],
    settings: Settings,
    steps: Sequence[StepSpec],
    as_of: dt.date | None,
    engine: str = "polars",
    remembered: Remembered | None = None,
) -> Measures:
    """The measures of frames whose partners are resolved; ``as_of`` as in `measures_of`."""
    from addin.crm.calendar import date_of
    from addin.crm.engines import ENGINES, to_engine
    from addin.crm.measures import Measures

    if engine not in ENGINES:
        raise UsageError("error.unknown_engine", value=engine, known=", ".join(ENGINES))
    try:
        native = {name: to_engine(frame, engine) for name, frame in frames.items()}
    except ImportError as error:
        raise UsageError("error.engine_missing", value=engine, reason=str(error)) from error
    measures = Measures(native, settings, as_of=as_of, steps=steps, through=as_of is not None, remembered=remembered)
    if as_of is None and (measures.span is None or date_of(measures.span[1]) > today()):
        measures = Measures(native, settings, as_of=today(), steps=steps, remembered=remembered)
    return measures
