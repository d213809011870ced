"""The experiments of a book, counted against its requests; its two factories, partners and customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from addin.actions.results import Results
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.experiments import Trial


def trials_of(workspace: Workspace, results: Results) -> list[Trial]:
    """Every experiment of the list; none where the book has no such list or no requests."""
    from addin.actions.funnel import team_steps
    from addin.actions.views.parts import Say
    from addin.crm.calendar import day_of
    from addin.crm.experiments import experiments
    from addin.crm.funnel_steps import spoken
    from addin.crm.stage_days import STEPS, attacked_stage, stage_days

    listed, requests = results.resolved.frames.get("experiments"), results.resolved.requests
    if listed is None or requests is None or results.as_of is None:
        return []
    constraint = results.funnel.constraint if results.funnel else None
    specs, today = team_steps(workspace), day_of(results.as_of)
    stages = None
    if "step" in listed.columns and any(attacked_stage(step) is not None for step in listed["step"].drop_nulls()):
        frames = results.resolved.frames
        stages = stage_days(frames.get("activities"), today, frames.get("partners"))
    return experiments(
        listed,
        requests,
        specs,
        workspace.settings,
        as_of=today,
        constraint=constraint,
        stages=stages,
        stage_steps=spoken(STEPS, Say(workspace.lang)),
    )


def experiments_tab_of(
    workspace: Workspace, results: Results, trials: list[Trial], names: dict[str, str]
) -> Tab | None:
    """The tab; None where there are no experiments and never were."""
    from addin.actions.views.experiments import experiments_tab
    from addin.actions.views.parts import Say

    if results.as_of is None or not (trials or "experiments" in workspace.ours.tabs):
        return None
    match = workspace.mapping.table("experiments")
    columns = {}
    for region in match.regions if match else ():
        assert match is not None
        columns[region.sheet] = match.column_in(region, "verdict") or region.first_column
    why = results.funnel.constraint.why if results.funnel else None
    return experiments_tab(
        trials, Say(workspace.lang), as_of=results.as_of, constraint=why, columns=columns, names=names
    )


def factories_tab_of(workspace: Workspace, results: Results, names: dict[str, str]) -> Tab | None:
    """Both factories; None where the list of partners tells no stages, or there are no requests to link them."""
    from addin.actions.funnel import team_steps
    from addin.actions.partnerships import partners_of, stage_funnel
    from addin.actions.views.factories import factories_tab
    from addin.actions.views.parts import Say
    from addin.crm.calendar import day_of
    from addin.crm.factories import factories, flow

    partners, requests = partners_of(results), results.resolved.requests
    if results.funnel is None or requests is None or results.as_of is None:
        return None
    if partners is None or "stage" not in partners.columns:
        return None
    won = next((i for i, spec in enumerate(team_steps(workspace)) if spec.won), -1)
    link = flow(requests, day_of(results.as_of), partners["partner"].to_list())
    found = factories(stage_funnel(partners, workspace).diagnosis, results.funnel.diagnosis, link, won)
    return factories_tab(found, Say(workspace.lang), results.as_of, names)
