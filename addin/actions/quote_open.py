"""The button: quote the request (or the team's own quote) whose row is selected in the open workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.message import msg
from addin.errors import NeedsAnswer
from addin.i18n import say

if TYPE_CHECKING:
    from addin.books.live import LiveBook

#: Tables whose rows can be quoted, and the field that names the row.
TABLES: Final = {"quotes": "quote_id", "requests": "request_id"}


def quote_open(book: Any) -> str:
    """Quote the selected row: the PDF and the page in the folder beside the workbook, its line in the tab of quotes."""
    from addin.actions.open import live
    from addin.actions.quote import quote_book

    opened = live(book)
    table, id = _chosen(opened)

    def step(id: str, _share: float) -> None:
        opened.host.status(say(id))

    which = {"quote": id} if table == "quotes" else {"request": id}
    done = quote_book(opened, **which, formats=("pdf", "html"), step=step)  # type: ignore[arg-type]
    folder = done.paths[0].parent
    return say(msg("open.quote_done", number=done.number, folder=str(folder)))


def _chosen(opened: LiveBook) -> tuple[str, str]:
    """Table and id of the selected row. `NeedsAnswer` where no request or quote is selected."""
    from addin.actions.door import begin
    from addin.actions.workspace import work_on

    chosen = opened.book.app.selection
    sheet, row = getattr(getattr(chosen, "sheet", None), "name", None), getattr(chosen, "row", 0)
    workspace = work_on(begin(opened).result())
    for table, key in TABLES.items():
        records = workspace.records.get(table)
        if records is None or key not in records.frame.columns:
            continue
        for id, its_sheet, its_row in records.frame.select(key, "_sheet", "_row").iter_rows():
            if (its_sheet, its_row) == (sheet, row):
                if not id:
                    raise NeedsAnswer("quote.no_id", where=f"{sheet}!{row}")
                return table, id
    raise NeedsAnswer("quote.select_row", where=f"{sheet}!{row}" if sheet else "")
