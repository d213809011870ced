"""The customers of a book: the tabs of regulars, of cases worth showing and of unit economics, where customers can be
told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.actions.views.parts import Say
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    import datetime as dt

    from addin.actions.results import Results
    from addin.actions.views.regulars import Mark
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.best_cases import BestCases, Case
    from addin.crm.regulars import Regulars
    from addin.crm.unit_economics import UnitEconomics


def customer_tabs(workspace: Workspace, results: Results, names: dict[str, str]) -> list[Tab]:
    """The tabs; none where nobody can be told apart or nobody ever bought, and none of cases where nothing tells how
    a job went."""
    from addin.actions.views.economics import economics_tab
    from addin.actions.views.regulars import regulars_tab
    from addin.crm.cohort_value import triangle
    from addin.crm.personas import personas
    from addin.crm.regulars import regular_product

    found, marks = regulars_of(workspace, results)
    if found is None or results.as_of is None:
        return []
    say, settings, tally = Say(workspace.lang), workspace.settings, results.measures.tally
    tabs = [
        regulars_tab(
            found,
            say,
            results.as_of,
            link=settings.invite_link,
            advice=regular_product(settings),
            off=_off(workspace),
            marks=marks,
            names=names,
        )
    ]
    shown = cases_of(results, workspace, found)
    if shown.cases or "cases" in workspace.ours.tabs:
        tabs.append(_cases_tab(workspace, shown, say, results.as_of, names))
    units, notes = (
        _units(workspace, results) if tally.has("requests", "amount") or "spend" in tally.tables else (None, [])
    )
    grown = triangle(tally.requests(), settings) if tally.has("requests", "amount") else None
    people = personas(found.lines, tally.requests(), tally.tables.get("customers"))
    upsell = found.upsell if found.upsell.services else None
    if units or grown or people or upsell:
        tabs.append(economics_tab(units, grown, people, say, results.as_of, notes=notes, upsell=upsell, names=names))
    return tabs


def cases_of(results: Results, workspace: Workspace, found: Regulars) -> BestCases:
    """The cases worth showing of each service and persona."""
    from addin.crm.best_cases import best_cases

    tally = results.measures.tally
    return best_cases(tally.requests(), found.lines, workspace.settings, tally.tables.get("customers"))


def case_cell(workspace: Workspace, case: Case) -> str:
    """The address of a case's cell on its sheet: its service, else the first cell of its row."""
    from addin.crm.grid import cell_address

    match = workspace.mapping.table("requests")
    for region in match.regions if match else ():
        if region.sheet == case.sheet and region.header_last < case.row <= region.last_row:
            assert match is not None
            return cell_address(case.row, match.column_in(region, "service") or region.first_column)
    return cell_address(case.row, 1)


def _cases_tab(workspace: Workspace, found: BestCases, say: Say, as_of: dt.date, names: dict[str, str]) -> Tab:
    from functools import partial

    from addin.actions.views.cases import cases_tab

    settings = workspace.settings
    place = partial(case_cell, workspace)
    return cases_tab(found, say, as_of, place, least=settings.best_satisfaction, most=settings.best_cases, names=names)


def regulars_of(workspace: Workspace, results: Results) -> tuple[Regulars | None, dict[str, Mark]]:
    """What there is to say about the customers, and what people wrote beside them."""
    from addin.actions.views.regulars import parse_regulars_tab
    from addin.crm.people import told_apart
    from addin.crm.regulars import grouped, regulars

    tally, settings = results.measures.tally, workspace.settings
    if results.resolved.requests is None or not told_apart(tally.requests()):
        return None, {}
    present = workspace.ours.tabs.get("regulars")
    grid = workspace.snapshot.grid(present) if present else None
    marks = parse_regulars_tab(grid) if grid else {}
    customers = tally.tables.get("customers")
    lines = tally.by_customer("regulars", lambda lines, requests: grouped(lines, requests, settings))
    return regulars(lines, tally.requests(), settings, marks, customers), marks


def _off(workspace: Workspace) -> list[Message]:
    """The rules of the score that lack a column: which column."""
    from addin.crm.measures import field_name
    from addin.crm.quality import missing

    have = {name: frozenset(records.frame.columns) for name, records in workspace.records.items()}
    lacks = {field: None for fields in missing(have).values() for field in fields}
    return [field_name(field) for field in lacks]


def _units(workspace: Workspace, results: Results) -> tuple[UnitEconomics | None, list[Message]]:
    """The funnel's unit economics over all rows, and what to mind; None without a funnel."""
    from addin.actions.funnel import team_steps
    from addin.crm.bindings import span
    from addin.crm.points import whole
    from addin.crm.unit_economics import late_spend, order_step, unit_economics

    found, tally = results.funnel, results.measures.tally
    if found is None:
        return None, []
    sums: Any = tally.sums(None, ()).get((), {})
    spend = sums.get("spend") if tally.has("spend", "amount") else None
    units = unit_economics(
        [(step.label, step.count) for step in found.steps],
        order_step(team_steps(workspace), workspace.settings),
        spend=spend,
        net=sums.get("net", 0) if tally.has("requests", "amount") else None,
        orders=sums.get("won", 0),
        margin=tally.settings.margin,
    )
    notes = []
    if spend is not None and tally.has("requests", "received_at"):
        late = late_spend(
            span([(tally.tables["spend"], ("spent_at",))]), span([(tally.tables["requests"], ("received_at",))])
        )
        notes += [late] if late else []
    if spend is not None and sums.get("new"):
        notes.append(msg("economics.cac", cac=f"{whole(spend) / sums['new']:,.0f}", new=sums["new"]))
    return units, notes
