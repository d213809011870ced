"""The weekly rhythm of a book: its funnel's weeks beside what its own tab remembers of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from addin.actions.results import Results
    from addin.actions.workspace import Workspace
    from addin.crm.weekly import History, Rhythm


def book_history(workspace: Workspace) -> History | None:
    """What the funnel tab remembers of its closed weeks; also where it became a person's and ours is drawn anew."""
    from addin.actions.ours import find_ours
    from addin.actions.views.funnel_weeks import parse_history

    present = find_ours(workspace.snapshot.names).tabs.get("funnel")
    grid = workspace.snapshot.grid(present) if present else None
    return parse_history(grid) if grid else None


def book_rhythm(workspace: Workspace, results: Results) -> Rhythm | None:
    """The weeks as they are shown and what to remember; None where there is no funnel or no day."""
    from addin.actions.funnel import team_steps
    from addin.crm.calendar import day_of
    from addin.crm.reach import moment_column
    from addin.crm.recount import recounted
    from addin.crm.weekly import rhythm

    if results.funnel is None or results.as_of is None:
        return None
    day, before = day_of(results.as_of), book_history(workspace)
    requests = results.resolved.requests
    if requests is None:
        return rhythm(results.funnel, as_of=day, before=before)
    specs = team_steps(workspace)
    dated = all(moment_column(requests, spec) for spec in specs)
    recount = recounted(requests, specs, workspace.settings)
    return rhythm(results.funnel, as_of=day, before=before, recount=recount, dated=dated)
