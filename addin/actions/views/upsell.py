"""Up-selling by service, a block of the tab of unit economics: who bought again, how many paid more, who could."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, merged, section
from addin.crm.up_sell import FEW

if TYPE_CHECKING:
    from addin.books.tab import Tab
    from addin.crm.up_sell import UpSell

LABELS: Final = tuple(f"view.economics.u.{name}" for name in ("service", "could", "did", "rate", "more", "candidates"))
#: Services listed, those most often bought again first; the others make one line.
LISTED: Final = 12


def upsell_block(tab: Tab, row: int, found: UpSell, say: Say, last: int) -> int:
    """Draw the block from a row on, over the columns up to ``last``; returns the next row. Nothing where nobody bought
    again and nobody could pay more."""
    if not found.services:
        return row
    row = section(tab, row, 1, last, say("view.economics.upsell"))
    merged(tab, (row, 1, row, last), say("view.economics.upsell.how", share=f"{found.share:.0%}"), "note")
    tab.heights[row] = 30
    row += 1
    for column, label in enumerate(LABELS, 1):
        tab.put(row, column, say(label), "header")
    tab.heights[row] = 34
    listed, rest = found.services[:LISTED], found.services[LISTED:]
    lines = [(one.service, one.could, one.did, one.more, one.candidates, "") for one in listed]
    if rest:
        sums = [sum(getattr(one, name) for one in rest) for name in ("could", "did", "candidates")]
        lines.append((say("view.economics.u.rest", n=len(rest)), sums[0], sums[1], None, sums[2], ""))
    if len(lines) > 1:
        candidates = sum(one.candidates for one in found.services)
        lines.append((say("view.economics.all"), found.could, found.did, None, candidates, "total_"))
    for service, could, did, more, candidates, look in lines:
        row += 1
        rate = f"{look}percent" if could >= FEW or look else "pale_percent"
        tab.put(row, 1, service, "total_cell" if look else "strong")
        tab.put(row, 2, could, f"{look}number")
        tab.put(row, 3, did, f"{look}number")
        tab.put(row, 4, did / could if could else None, rate)
        tab.put(row, 5, None if more is None else round(more / 100), f"{look}money")
        tab.put(row, 6, candidates or None, f"{look}number")
    row += 1
    if any(could < FEW for _, could, *_ in lines):
        merged(tab, (row, 1, row, last), say("view.economics.upsell.few", few=FEW), "note")
        row += 1
    return row
