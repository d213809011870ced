"""The tab of quotes for the other actions: refresh draws it anew, tasks remind of what runs out in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import minutes_of_text

if TYPE_CHECKING:
    import datetime as dt

    import polars as pl

    from addin.actions.views.quotes import Answer
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab


def answers_of(workspace: Workspace) -> dict[str, Answer]:
    """Every line of the book's tab of quotes, with what people wrote in it."""
    present = workspace.ours.tabs.get("quotes")
    grid = workspace.snapshot.grid(present) if present else None
    if grid is None:
        return {}
    from addin.actions.views.quotes import parse_quote_tab

    return parse_quote_tab(grid)


def quotes_tab(workspace: Workspace, names: dict[str, str], as_of: dt.date) -> Tab | None:
    """The tab as the ledger and the calendar have it now; None for a book that has given no quote (or lost its ledger:
    then the tab stays as it is)."""
    if "quotes" not in workspace.ours.tabs:
        return None
    from addin.actions.views.parts import Say
    from addin.actions.views.quotes import quote_tab
    from addin.documents.quote.ledger import ledger_path, read_ledger

    found = read_ledger(ledger_path(workspace.snapshot.path))
    if found is None:
        return None
    return quote_tab(*found, answers_of(workspace), as_of, Say(workspace.lang), names)


def own_quotes(workspace: Workspace) -> pl.DataFrame | None:
    """The tab's quotes as rows of the quotes' table: the last revision of each, but those made from the team's own
    list, which stand there already. None where there are none."""
    last = {
        answer.source: (key, answer)
        for key, answer in sorted(answers_of(workspace).items(), key=lambda item: item[1].number or (0, 0, 0))
        if answer.number is not None and not answer.source.startswith("quote:")
    }
    if not last:
        return None
    import polars as pl

    from addin.actions.views.quotes import is_open

    rows = [
        {
            "quote_id": key,
            "request": answer.source.partition(":")[2],
            "partner": answer.partner,
            "valid_until": minutes_of_text(answer.until),
            "status": "" if answer.answer is None else str(answer.answer),
            "_sheet": workspace.ours.tabs["quotes"],
            "_row": answer.row,
        }
        for key, answer in last.values()
        if is_open(answer) and minutes_of_text(answer.until) is not None
    ]
    return pl.DataFrame(rows) if rows else None
