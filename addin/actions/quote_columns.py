"""The number and state of a quote, in danggol's own columns beside the team's list of quotes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.column_values import put_values
from addin.actions.columns import place_column, put_header
from addin.actions.views.quotes import answer_of, state_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.actions.views.parts import Say
    from addin.actions.views.quotes import Answer
    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.crm.quote_record import QuoteRecord

KINDS: Final = ("quote", "state")


def plan_quote_columns(
    edits: Edits,
    workspace: Workspace,
    records: Sequence[QuoteRecord],
    answers: Mapping[str, Answer],
    as_of: dt.date,
    say: Say,
) -> None:
    """Write the last number and its state beside each quoted row; a team's own status column stays theirs."""
    match = workspace.mapping.table("quotes")
    frame = workspace.records["quotes"].frame if "quotes" in workspace.records else None
    last = {record.source: record for record in records}
    if match is None or frame is None or not any(source.startswith("quote:") for source in last):
        return
    cells: dict[tuple[str, int], tuple[str, str]] = {}
    for id, sheet, row in frame.select("quote_id", "_sheet", "_row").iter_rows():
        record = last.get(f"quote:{id}")
        if record is not None:
            state = say(state_of(record, answer_of(record, answers), as_of, replaced=False))
            cells[sheet, row] = (str(record.number), state)
    taken: set[tuple[str, int]] = set()
    names = set(workspace.snapshot.names)
    for region in match.regions:
        rows = [row for row in region.rows if (region.sheet, row) in cells]
        for at, kind in enumerate(KINDS):
            grid = workspace.grids[region.sheet]
            placed = place_column(grid, region, "quotes", kind, workspace.ours, taken, names) if rows else None
            if placed is not None:
                put_header(edits, placed, kind, say)
                put_values(edits, grid, placed, rows, [cells[region.sheet, row][at] for row in rows])
