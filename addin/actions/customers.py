"""The customers of a book: the tabs of regulars and of unit economics, where customers can be told apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.actions.views.parts import Say
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from addin.actions.results import Results
    from addin.actions.views.regulars import Mark
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.regulars import Regulars
    from addin.crm.unit_economics import UnitEconomics


def customer_tabs(workspace: Workspace, results: Results, names: dict[str, str]) -> list[Tab]:
    """Both tabs; none where nobody can be told apart or nobody ever bought."""
    from addin.actions.views.economics import economics_tab
    from addin.actions.views.regulars import regulars_tab
    from addin.crm.cohort_value import triangle
    from addin.crm.regulars import personas, regular_product

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
    units, notes = (
        _units(workspace, results) if tally.has("requests", "amount") or "spend" in tally.tables else (None, [])
    )
    grown = triangle(tally.requests(), settings) if tally.has("requests", "amount") else None
    people = personas(found.lines)
    if units or grown or people:
        tabs.append(economics_tab(units, grown, people, say, results.as_of, notes=notes, names=names))
    return tabs


def regulars_of(workspace: Workspace, results: Results) -> tuple[Regulars | None, dict[str, Mark]]:
    """What there is to say about the customers, and what people wrote beside them."""
    from addin.actions.views.regulars import parse_regulars_tab
    from addin.crm.people import told_apart
    from addin.crm.regulars import regulars

    tally = results.measures.tally
    if results.resolved.requests is None or not told_apart(tally.requests()):
        return None, {}
    present = workspace.ours.tabs.get("regulars")
    grid = workspace.snapshot.grid(present) if present else None
    marks = parse_regulars_tab(grid) if grid else {}
    return regulars(tally.people(), tally.requests(), workspace.settings, marks), marks


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
