"""When a partner's sheet is not to be trusted: nothing is written for it, the others go on, exit code 4.

The rules are those of bidirectional file sync (rclone bisync: max-delete, all-changed): a sheet that lost more than
half of its rows, or in which every row says something else than last time, was probably hurt by accident.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sheets_sync.cells import partner_cells
from sheets_sync.layout import SENTINEL
from sheets_sync.model import Brake

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheets_sync.layout import Layout
    from sheets_sync.model import Base, PartnerRow, PartnerSheet

#: More than this share of the rows we knew gone at once stops a partner, from `MIN_KNOWN` rows on.
MAX_GONE: Final = 0.5
MIN_KNOWN: Final = 5
#: Every one of at least this many rows saying something else than last time stops a partner.
MIN_CHANGED: Final = 10


def find_brake(base: Base, sheet: PartnerSheet, layout: Layout, rows: Mapping[str, list[PartnerRow]]) -> Brake | None:
    """The first reason to stop, None to go on. ``rows``: the sheet's rows by key."""
    if sheet.sentinel != SENTINEL:
        return Brake("sentinel", what=sheet.sentinel)
    wanted = [c for c in layout.columns if c.owner != "lookup"]
    wrong = [c.header for c in wanted if sheet.header.count(c.field) != 1]
    if wrong:
        return Brake("header", len(wrong), len(wanted), ", ".join(wrong))
    known = [key for key, agreed in base.keys.items() if not agreed.deleted]
    gone = sum(key not in rows for key in known)
    if len(known) >= MIN_KNOWN and gone > MAX_GONE * len(known):
        return Brake("rows_gone", gone, len(known))
    filled, changed = _changed(base, layout, rows)
    if filled >= MIN_CHANGED and changed == filled:
        return Brake("all_changed", changed, filled)
    return None


def _changed(base: Base, layout: Layout, rows: Mapping[str, list[PartnerRow]]) -> tuple[int, int]:
    """How many rows had something filled in last time, and how many of them say something else there now.

    Filling in a blank is a partner's daily work and no change of this kind.
    """
    columns = layout.of("partner")
    filled = changed = 0
    for key, agreed in base.keys.items():
        before = {f: cell for f, cell in agreed.cells.items() if cell is not None}
        if agreed.deleted or not before or key not in rows:
            continue
        filled += 1
        now = partner_cells(rows[key][0].cells, columns)
        changed += any(now.get(f) != cell for f, cell in before.items())
    return filled, changed
