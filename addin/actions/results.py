"""Everything refresh computes about a book, before anything is drawn or written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.actions.progress import Step, quiet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    import polars as pl

    from addin.actions.partners import Resolved
    from addin.actions.workspace import Workspace
    from addin.crm.flags import PartnerFlag
    from addin.crm.funnel import Funnel
    from addin.crm.kpi_values import KpiValue
    from addin.crm.measures import Measures
    from addin.crm.standings import Ladder

#: Requests whose reasons are told in one go where only these are wanted.
_AT_ONCE = 50_000


@dataclass(slots=True)
class Results:
    """``values``: each KPI over its own closed window; ``recent``/``before``: the last four closed weeks and the four
    before them; ``request_flags``: one line a request, ``rows``: those that can have a task."""

    as_of: dt.date | None
    resolved: Resolved
    measures: Measures
    funnel: Funnel | None
    values: list[KpiValue]
    request_flags: pl.DataFrame | None
    rows: pl.DataFrame | None
    partner_flags: dict[str, PartnerFlag]
    window: tuple[dt.date, dt.date] | None
    ladder: Ladder | None = None


def results_of(workspace: Workspace, *, as_of: dt.date | None = None, step: Step = quiet) -> Results:
    """Compute funnel, measures and flags of a workspace."""
    from addin.actions.again import counted_before, keep_counted
    from addin.actions.funnel import team_steps
    from addin.actions.kpi import measures_of
    from addin.actions.ladder import book_ladder
    from addin.actions.partners import resolve
    from addin.crm.calendar import date_of, day_of
    from addin.crm.flags import partner_flags
    from addin.crm.funnel import funnel
    from addin.crm.request_tasks import due_rows
    from addin.crm.weekly import rolling

    before = counted_before(workspace, as_of)
    if before is not None:
        return before
    resolved = resolve(workspace)
    measures = measures_of(workspace, as_of=as_of)
    span = measures.span
    day = date_of(measures.as_of) if span or "requests" in workspace.records else None
    requests = resolved.requests
    step("progress.counting", 0.6)
    found = None
    if requests is not None:
        specs = team_steps(workspace)
        if len(specs) > 1:
            number = day_of(day) if day else None
            weeks = rolling(number) if number is not None else 0
            found = funnel(requests, specs, workspace.settings, as_of=number, cut=as_of is not None, cohorts=weeks)
    elif "step_counts" in workspace.records:
        from addin.crm.step_counts import step_counts_funnel

        found = step_counts_funnel(workspace.records["step_counts"].frame, workspace.settings)
    step("progress.measuring", 0.7)
    values = measures.current()
    flags = rows = None
    if requests is not None:
        rows, flags = flagged(workspace, resolved, measures, day)
        rows = due_rows(rows, workspace.settings, day_of(day) if day else 0)
    by_partner = partner_flags(values)
    window = (date_of(span[0]), date_of(span[1])) if span else None
    ladder = book_ladder(workspace, measures)
    results = Results(day, resolved, measures, found, values, flags, rows, by_partner, window, ladder)
    keep_counted(workspace, as_of, results)
    return results


def flagged(
    workspace: Workspace, resolved: Resolved, measures: Measures, day: dt.date | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The requests as the KPIs look at them, and their flags: one line a request."""
    requests = resolved.requests
    assert requests is not None
    ((rows, flags),) = _flagged(workspace, resolved, measures, day, max(len(requests), 1))
    return rows, flags


def reasons_of(
    workspace: Workspace, resolved: Resolved, measures: Measures, day: dt.date | None
) -> Iterator[pl.Series]:
    """The reasons of `flagged`, one after the other: of half a million requests all at once take 150 MB."""
    for _, flags in _flagged(workspace, resolved, measures, day, _AT_ONCE):
        yield flags["reasons"]


def _flagged(
    workspace: Workspace, resolved: Resolved, measures: Measures, day: dt.date | None, at_once: int
) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """So many requests after the other: rows tell nothing about each other."""
    from addin.actions.partners import UNKNOWN
    from addin.crm.calendar import day_of
    from addin.crm.request_flags import bound, marked, request_flags, with_faults

    requests = resolved.requests
    assert requests is not None
    # An unknown partner is said once in the check tab, not beside each of its requests.
    faulty = [f for f in (*workspace.faults, *resolved.faults) if f.fault.code != UNKNOWN]
    activities = resolved.frames.get("activities")
    number = day_of(day) if day else 0
    # Customers are joined to what the KPIs have bound: its rows may stand in another order.
    prepared = measures.tally.requests() if "customers" not in workspace.records else None
    if prepared is not None and at_once >= len(requests):
        settings = workspace.settings
        known = measures.tally.by_row("flags", lambda some: marked(some, settings, number, activities))
        if known is not None:
            yield with_faults(known.with_columns(requests["_sheet"], requests["_row"]), settings, faulty, number)
            return
    for start in range(0, max(len(requests), 1), at_once):
        own = requests[start : start + at_once]
        some = prepared.between(start, start + at_once) if prepared and at_once < len(requests) else prepared
        rows = bound(own, workspace.settings, number, activities, some)
        flags = request_flags(own, workspace.settings, faulty, number, activities, rows)
        assert flags["_row"].equals(own["_row"])  # one line a request, in its order
        yield rows, flags
