"""Two lists of the tab of partnerships: who lacks the final approval, and the weekly demos; what its lists share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, merged, section
from addin.books.tab import Link, Tab
from addin.crm.calendar import date_of
from addin.crm.demo_days import WEEKS
from addin.crm.standing import RUNNING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.actions.views.kpi import PartnerPlace
    from addin.crm.approvals import Approvals, Backwards, Unapproved
    from addin.crm.demo_days import DemoDays

APPROVAL_HEADS: Final = ("partner", "cluster", "stage", "since", "approved", "owner", "what")
DEMO_HEADS: Final = ("partner", "cluster", "last_demo", "demos", "booked", "on_day", "by_source", "next_demo", "what")
#: The columns of a list whose heads span several.
_APPROVAL_AT: Final = ((1, 1), (2, 2), (3, 3), (4, 5), (6, 7), (8, 8), (9, 12))
_DEMO_AT: Final = ((1, 1), (2, 2), (3, 3), (4, 4), (5, 5), (6, 6), (7, 7), (8, 8), (9, 12))
#: Lines drawn at most of each.
MOST: Final = 60


def heads(tab: Tab, row: int, names: Sequence[str], say: Say, spans: Sequence[tuple[int, int]] = ()) -> None:
    """A list's header; ``spans``: first and last column of each, where some are wider than one."""
    for column, name in enumerate(names):
        first, last = spans[column] if spans else (column + 1, column + 1)
        merged(tab, (row, first, row, last), say(f"view.partnerships.h.{name}"), "header")
    tab.heights[row] = 34


def named(tab: Tab, row: int, name: str, places: Mapping[str, PartnerPlace]) -> None:
    """A partner, leading to its own row."""
    place = places.get(name)
    leads = place is not None and place.sheet
    tab.put(row, 1, Link(name, place.sheet, place.cell) if place and leads else name, "link" if leads else "strong")


def approvals_block(
    tab: Tab,
    row: int,
    found: Approvals,
    lacking: Sequence[Unapproved],
    backwards: Sequence[Backwards],
    known: Mapping[str, tuple[str, str, int | None]],
    places: Mapping[str, PartnerPlace],
    say: Say,
) -> int:
    """Who lacks the final approval, or met in the wrong order; gives the next free row.

    ``known``: partner → cluster, our owner, place of its stage. Where the team records no approvals a line says which
    column would switch this on.
    """
    row = section(tab, row, 1, _APPROVAL_AT[-1][1], say("view.partnerships.approvals"))
    if not found.recorded:
        tab.put(row, 1, say("view.partnerships.approvals_off"), "subtitle")
        row += 1
    else:
        first = "–" if found.first is None else _day(found.first)
        count = sum(one.approved is None for one in lacking)
        tab.put(row, 1, say("view.partnerships.approvals_on", given=len(found.given), first=first, n=count), "subtitle")
        row += 1
    told: list[tuple[str, int | None, int | None, str, str]]
    told = [(one.partner, one.since, one.approved, *_lacks(one, say)) for one in lacking]
    told += [(one.partner, None, None, _met(one, say), "wrap.warn") for one in backwards]
    if not told:
        return row
    heads(tab, row, APPROVAL_HEADS, say, _APPROVAL_AT)
    for partner, since, approved, text, style in told[:MOST]:
        row += 1
        cluster, owner, rank = known.get(partner, ("", "", None))
        named(tab, row, partner, places)
        tab.put(row, 2, cluster or None, "cell")
        tab.put(row, 3, _stage(rank, say), "cell")
        merged(tab, (row, 4, row, 5), None if since is None else date_of(since), "date")
        merged(tab, (row, 6, row, 7), None if approved is None else date_of(approved), "date")
        tab.put(row, 8, owner or None, "cell")
        merged(tab, (row, 9, row, 12), text, style)
    return _more(tab, row, len(told), say)


def _stage(rank: int | None, say: Say) -> str | None:
    if rank is None:
        return None
    return say(f"funnel.step.partner{rank + 1}" if rank < RUNNING else "view.partnerships.running")


def _lacks(one: Unapproved, say: Say) -> tuple[str, str]:
    if one.approved is None:
        return say("view.partnerships.unapproved"), "wrap.warn"
    return say("view.partnerships.approved_late"), "wrap"


def _met(one: Backwards, say: Say) -> str:
    if one.deciders is None:
        return say("view.partnerships.met_workers", workers=_day(one.workers))
    return say("view.partnerships.met_backwards", workers=_day(one.workers), deciders=_day(one.deciders))


def demos_block(
    tab: Tab, row: int, demos: Sequence[DemoDays], today: int, places: Mapping[str, PartnerPlace], say: Say
) -> int:
    """The weekly demos and what they brought; gives the next free row."""
    row = section(tab, row, 1, _DEMO_AT[-1][1], say("view.partnerships.demos"))
    tab.put(row, 1, say("view.partnerships.demos_how", weeks=WEEKS), "subtitle")
    row += 1
    heads(tab, row, DEMO_HEADS, say, _DEMO_AT)
    for one in demos[:MOST]:
        row += 1
        named(tab, row, one.partner, places)
        tab.put(row, 2, one.cluster or None, "cell")
        tab.put(row, 3, None if one.last is None else date_of(one.last), "date")
        for column, number in enumerate((one.recent, one.bookings, one.on_day, one.by_source), 4):
            tab.put(row, column, number, "number")
        ahead = one.due if one.planned is None else one.planned
        tab.put(row, 8, None if ahead is None else date_of(ahead), "date")
        text, style = _due(one, today, say)
        merged(tab, (row, 9, row, 12), text, style)
    return _more(tab, row, len(demos), say)


def _due(one: DemoDays, today: int, say: Say) -> tuple[str | None, str]:
    if one.planned is not None:
        return say("view.partnerships.demo.planned"), "wrap"
    if one.last is None:
        return say("view.partnerships.demo.never"), "wrap"
    if one.due is None:
        return None, "wrap"
    if one.due < today:
        return say("view.partnerships.demo.late", days=today - one.due), "wrap.warn"
    return say("view.partnerships.demo.due", days=one.due - today), "wrap"


def _more(tab: Tab, row: int, count: int, say: Say) -> int:
    if count > MOST:
        row += 1
        tab.put(row, 1, say("view.partnerships.more", n=count - MOST), "subtitle")
    return row + 1


def _day(day: int) -> str:
    return date_of(day).isoformat()
