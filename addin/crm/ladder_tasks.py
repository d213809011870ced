"""Tasks the ladder makes: hold the training, arrange the ride-along, ask for a suspension (seed 000)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, week_bounds, week_label
from addin.crm.message import msg
from addin.crm.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from addin.crm.standings import Ladder

#: Days after the week that led onto a rung by which its task is due: that Friday (our assumption).
DUE: Final = 5
REASONS: Final = tuple(f"task.ladder_{rung}.why" for rung in ("training", "ride_along", "suspension"))

Places = dict[tuple[str, str], tuple[str, int, int]]


def ladder_tasks(
    ladder: Ladder, places: Places | None = None, owners: Mapping[str, str] | None = None
) -> Iterator[Task]:
    """One task a new rung, for as long as its weeks run; a suspension's stays until a person answers.

    ``places``: KPI and subject → the sheet, row and column of the line; ``owners``: partner → who looks after it.
    """
    for standing in ladder.standings:
        state = standing.state
        waits = state.rung == "suspension" and not state.approved
        new = state.since is not None and ladder.last - state.since < ladder.rules.again
        risen = standing.fell is None and not state.declined and not state.approved
        if state.since is None or not (waits or (new and risen)):
            continue
        why = ladder.value(standing, standing.cause).reason
        sheet, row, column = (places or {}).get((standing.kpi, standing.subject), ("", 0, 0))
        yield Task(
            kind=f"ladder_{state.rung}",
            about=f"{standing.subject}/{standing.kpi}/{week_label(state.since)}",
            due=(week_bounds(state.since)[1] + DUE) * DAY,
            reason=msg(f"task.ladder_{state.rung}.why", who=standing.subject, week=week_label(state.since), why=why),
            owner=(owners or {}).get(standing.subject, "") if ladder.by == "partner" else "",
            partner=standing.subject if ladder.by == "partner" else "",
            sheet=sheet,
            row=row,
            column=column,
        )
