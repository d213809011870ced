"""The status tab: flags of rows beside which there was no room for a column of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.parts import Say, flag_cell, header_row, new_tab, title
from addin.books.look import fit_heights
from addin.books.tab import Link, Tab
from addin.crm.grid import cell_address

if TYPE_CHECKING:
    from collections.abc import Sequence

COLUMNS: Final = {"flag": 14, "sheet": 22, "cell": 10, "who": 26, "reason": 80}
LABELS: Final = {name: f"view.status.h.{name}" for name in COLUMNS}


class StatusRow(NamedTuple):
    """One row's flag: its sheet, 1-based row and first column, who or what it is, and why (in words)."""

    sheet: str
    row: int
    column: int
    who: str
    flag: str
    reason: str


def status_tab(rows: Sequence[StatusRow], say: Say, names: dict[str, str] | None = None) -> Tab:
    """The tab, in the order given, each row linked to its own."""
    tab = new_tab("status", say, names)
    head = title(tab, say("view.status.title"), (say("view.status.how"),))
    header_row(tab, head, COLUMNS, LABELS, say)
    for number, one in enumerate(rows, head + 1):
        address = cell_address(one.row, one.column)
        tab.put(number, 1, *flag_cell(say, one.flag))
        tab.put(number, 2, one.sheet, "cell")
        tab.put(number, 3, Link(address, one.sheet, address), "link")
        tab.put(number, 4, one.who, "cell")
        tab.put(number, 5, one.reason, "wrap")
    if rows:
        tab.filter = (head, 1, head + len(rows), len(COLUMNS))
    tab.freeze = (head + 1, 1)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab
