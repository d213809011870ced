"""The ladder of a book: what people answered in its tab, who stands where, and the tab drawn anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.actions.results import Results
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.ladder import Key, Mark
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.ladder_tasks import Places
    from addin.crm.measures import Measures
    from addin.crm.standings import Ladder


def ladder_marks(workspace: Workspace) -> dict[Key, Mark]:
    """What people wrote in the ladder tab; also where it became theirs and ours is drawn anew."""
    from addin.actions.ours import find_ours
    from addin.actions.views.ladder import parse_ladder_tab

    present = find_ours(workspace.snapshot.names).tabs.get("ladder")
    grid = workspace.snapshot.grid(present) if present else None
    return parse_ladder_tab(grid) if grid else {}


def book_ladder(workspace: Workspace, measures: Measures) -> Ladder | None:
    """Who stands where, by the rows and by what people answered; None where nothing that escalates is measured."""
    from addin.actions.views.ladder import answers_of
    from addin.crm.standings import ladder_of

    return ladder_of(measures, answers_of(ladder_marks(workspace)))


def tab_of(
    workspace: Workspace,
    results: Results,
    names: dict[str, str],
    places: Mapping[str, PartnerPlace] | None = None,
) -> Tab | None:
    """The tab; None where nobody stands on the ladder and nobody ever did."""
    from addin.actions.views.ladder import ladder_tab
    from addin.actions.views.parts import Say

    ladder = results.ladder
    if ladder is None or not (ladder.standings or "ladder" in workspace.ours.tabs):
        return None
    return ladder_tab(ladder, Say(workspace.lang), ladder_marks(workspace), places, names)


def task_places(workspace: Workspace, results: Results, name: str | None) -> Places:
    """Where each line of the tab of that name is answered: KPI and subject → sheet, row, column."""
    from addin.actions.views.ladder import COLUMNS, rows_of

    if results.ladder is None or not name:
        return {}
    column = list(COLUMNS).index("approve") + 1
    rows = rows_of(results.ladder, ladder_marks(workspace))
    return {key: (name, row, column) for key, row in rows.items()}
