"""The tab of cases worth showing: the best jobs of each service and persona, why, and where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, clip, merged, new_tab, section, title
from addin.books.look import fit_heights
from addin.books.tab import Link, Tab
from addin.crm.best_cases import LISTED, Kind
from addin.crm.calendar import date_of
from addin.crm.users import is_other

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from decimal import Decimal

    from addin.crm.best_cases import BestCases, Case

#: Column ids and widths, in order; what no case tells has no column.
COLUMNS: Final = {
    "customer": 20,
    "user": 14,
    "partner": 26,
    "other": 18,
    "day": 12,
    "satisfaction": 9,
    "score": 8,
    "why": 40,
    "note": 26,
    "photos": 26,
    "link": 18,
}
#: What a case is beside the kind it is listed under.
OTHER: Final[Mapping[Kind, Kind]] = {"service": "persona", "persona": "service"}
LABELS: Final = {name: f"view.cases.h.{name}" for name in (*COLUMNS, *OTHER) if name != "other"}
KIND_IDS: Final = tuple(f"view.cases.{part}{kind}" for part in ("", "more.") for kind in LISTED)
_NOTE_SHOWN: Final = 60


def cases_tab(
    found: BestCases,
    say: Say,
    as_of: dt.date,
    place: Callable[[Case], str],
    *,
    least: Decimal,
    most: int,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab. ``place``: the address of a case's cell on its sheet · ``least``: from which share of the scale on a
    satisfaction is the highest · ``most`` of one kind."""
    tab = new_tab("cases", say, names)
    shown = [name for name in COLUMNS if name not in _untold(found)]
    for column, name in enumerate(shown, 1):
        tab.widths[column] = COLUMNS[name]
    under = [
        say("view.cases.how"),
        say("view.cases.score", share=f"{least * 100:.0f}%", most=most),
        say("view.cases.mind"),
        say("view.regulars.as_of", day=as_of.isoformat()),
    ]
    row = title(tab, say("view.cases.title"), under) + 1
    more = dict(found.more)
    for kind in LISTED:
        kinds = [(of, n) for its, of, n in found.found if its == kind]
        if kinds:
            row = _section(tab, row, kind, kinds, found, shown, place, say)
            if kind in more:
                tab.put(row, 1, say(f"view.cases.more.{kind}", n=more[kind]), "subtitle")
                row += 1
            row += 1
    tab.freeze = (1, 2)
    fit_heights(tab, len(under) + 2)
    return tab


def _untold(found: BestCases) -> set[str]:
    """The columns no case has anything for."""
    told = {
        "user": any(case.user and is_other(case.user, case.customer) for case in found.cases),
        "satisfaction": any(case.satisfaction is not None for case in found.cases),
        "note": any(case.note for case in found.cases),
        "photos": any(case.photos for case in found.cases),
        "partner": any(case.partner for case in found.cases),
        "other": len({case.kind for case in found.cases}) > 1 or any(case.persona for case in found.cases),
    }
    return {name for name, there in told.items() if not there}


def _section(
    tab: Tab,
    row: int,
    kind: Kind,
    kinds: list[tuple[str, int]],
    found: BestCases,
    shown: list[str],
    place: Callable[[Case], str],
    say: Say,
) -> int:
    row = section(tab, row, 1, len(shown), say(f"view.cases.{kind}"))
    for column, name in enumerate(shown, 1):
        tab.put(row, column, say(LABELS[OTHER[kind] if name == "other" else name]), "header")
    tab.heights[row] = 24
    for of, n in kinds:
        cases = [case for case in found.cases if case.kind == kind and case.of == of]
        row += 1
        merged(tab, (row, 1, row, len(shown)), say("view.cases.of", of=of, found=n, shown=len(cases)), "group")
        tab.heights[row] = 20
        for case in cases:
            row += 1
            _line(tab, row, case, shown, place(case), say)
    return row + 1


def _line(tab: Tab, row: int, case: Case, shown: list[str], cell: str, say: Say) -> None:
    other = case.user if case.user and is_other(case.user, case.customer) else None
    cells = {
        "customer": (case.customer or case.key.partition("\x1f")[0], "strong"),
        "user": (other, "cell"),
        "partner": (case.partner or None, "cell"),
        "other": ((case.persona if case.kind == "service" else case.service) or None, "cell"),
        "day": (date_of(case.day), "date"),
        "satisfaction": (case.satisfaction, "number" if (case.satisfaction or 0) % 1 == 0 else "decimal"),
        "score": (case.score, "number"),
        "why": (" · ".join(say(reason) for reason in case.reasons), "small"),
        "note": (clip(case.note, _NOTE_SHOWN) or None, "small"),
        "photos": ("\n".join(case.photos) or None, "small"),
        "link": (Link(f"{case.sheet}!{cell}", case.sheet, cell), "link"),
    }
    for column, name in enumerate(shown, 1):
        value, style = cells[name]
        tab.put(row, column, value, style)
