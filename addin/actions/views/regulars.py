"""The tab of regulars: the pool and its change, whom to invite and why now, then the customers by quality.

``초대함`` and ``메모`` belong to people: what they typed stays with the customer, wherever its line goes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.beside import Columns
from addin.actions.views.parts import Say, clip, merged, new_tab, section, title
from addin.books.look import BLUE, GREY, ORANGE, fit_heights
from addin.books.tab import Chart, Series, Tab
from addin.crm.calendar import date_of
from addin.crm.message import Message, msg
from addin.crm.regulars import GROUPS, Person, Regulars, told_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.grid import CellValue, Grid
    from addin.crm.up_sell import UpSell

#: Column ids and widths, in order. ``invited`` and ``memo`` belong to people.
COLUMNS: Final = {
    "name": 18,
    "group": 10,
    "score": 8,
    "orders": 8,
    "net": 13,
    "last": 11,
    "partner": 20,
    "phone": 15,
    "why": 34,
    "told": 34,
    "offer": 34,
    "invited": 12,
    "memo": 22,
}
LABELS: Final = {name: f"view.regulars.h.{name}" for name in COLUMNS}
POOL_LABELS: Final = tuple(f"view.regulars.pool.{name}" for name in ("week", "joined", "left", "net", "size"))
GROUP_IDS: Final = tuple(f"view.regulars.group.{group}" for group in GROUPS)
_LINES: Final = Columns(COLUMNS, LABELS, theirs=("invited", "memo"), must=("name", "memo"))
_AT: Final = _LINES.at
_NOTE_SHOWN = 24
_USERS = 3


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person wrote beside a customer, as typed, and the line as it was drawn then."""

    invited: CellValue = None
    memo: CellValue = None
    shown: Mapping[str, CellValue] = field(default_factory=dict)


def regulars_tab(
    found: Regulars,
    say: Say,
    as_of: dt.date,
    *,
    link: str = "",
    advice: Message | None = None,
    off: Sequence[Message] = (),
    marks: Mapping[str, Mark] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab. ``link``: where regulars join · ``advice``: what the regular product is · ``off``: score rules that lack
    a column. A marked customer is listed as long as its mark stands."""
    marks = marks or {}
    tab = new_tab("regulars", say, names)
    for name, width in COLUMNS.items():
        tab.widths[_AT[name]] = width
    under = [say("view.regulars.how"), say("view.regulars.as_of", day=as_of.isoformat())]
    row = title(tab, say("view.regulars.title"), under)
    if advice is not None:
        row = _sentence(tab, row, say(advice), "sentence")
    row = _pool(tab, row + 1, found, say)
    row = _invitations(tab, row, found, link, off, say)
    _LINES.header(tab, row, say)
    head = row
    people = sorted(found.people, key=lambda person: GROUPS.index(_group(person, marks)))
    for person in people:
        row += 1
        _line(tab, row, person, marks.get(person.key), say)
    if people:
        tab.filter = (head, 1, row, len(COLUMNS))
    if found.more:
        row += 1
        kinds = ", ".join(f"{say(f'view.regulars.group.{group}')} {count:,}" for group, count in found.more.items())
        tab.put(row, 1, say("view.regulars.more", kinds=kinds), "subtitle")
    listed = {person.key for person in people}
    kept = {key: mark for key, mark in marks.items() if key not in listed}
    if kept:
        row = section(tab, row + 2, 1, len(COLUMNS), say("view.regulars.kept")) - 1
        for key, mark in kept.items():
            row += 1
            _LINES.put_shown(tab, row, mark.shown)
            _theirs(tab, row, key, mark)
    tab.freeze = (1, 2)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def parse_regulars_tab(grid: Grid) -> dict[str, Mark]:
    """What people wrote beside each customer, by its key; found again after sorting. A line without is left out."""
    out: dict[str, Mark] = {}
    for (key,), values, shown in _LINES.written(grid):
        out[key] = Mark(**values, shown=shown)
    return out


def _group(person: Person, marks: Mapping[str, Mark]) -> str:
    """An invitation a person has sent is no longer to do."""
    mark = marks.get(person.key)
    return "invited" if person.group == "invite" and mark is not None and mark.invited is not None else person.group


def _sentence(tab: Tab, row: int, text: str, style: str) -> int:
    merged(tab, (row, 1, row, _AT["told"]), text, style)
    tab.heights[row] = 38 if style == "sentence" else 24
    return row + 1


# -- the pool ----------------------------------------------------------------------------------------------------------


def _pool(tab: Tab, row: int, found: Regulars, say: Say) -> int:
    """The pool by week with its chart, and the strategic customers beside it; returns the next free row."""
    section(tab, row, 1, _AT["why"], say("view.regulars.pool", members=found.members))
    top = row + 1
    bottom = top
    if not found.weeks:
        tab.put(top, 1, say("view.regulars.no_pool"), "cell.warn")
        tab.merges.append((top, 1, top, _AT["why"]))
    else:
        for column, label in enumerate(POOL_LABELS, 1):
            tab.put(top, column, say(label), "group" if column == 1 else "group_right")
        for bottom, week in enumerate(found.weeks, top + 1):
            look = "number" if week.closed else "pale_number"
            name = week.label if week.closed else say("view.regulars.so_far", week=week.label)
            tab.put(bottom, 1, name, "cell" if week.closed else "pale_cell")
            tab.put(bottom, 2, week.joined, look)
            tab.put(bottom, 3, week.left, look)
            tab.put(bottom, 4, week.net, "number.breach" if week.closed and week.net < 0 else look)
            tab.put(bottom, 5, week.size, look)
            tab.heights[bottom] = 18
        tab.charts.append(_chart(top, bottom, found, say))
    strategic = found.strategic
    if strategic:
        section(tab, row, _AT["told"], _AT["offer"], say("view.regulars.strategic"))
        for at, person in enumerate(strategic, top):
            who = f"{person.name} · {person.partner}" if person.partner else person.name
            tab.put(at, _AT["told"], who, "small")
            tab.put(
                at, _AT["offer"], say("view.regulars.earned", net=f"{person.net / 100:,.0f}", n=person.orders), "cell"
            )
        bottom = max(bottom, top + len(strategic) - 1)
    return bottom + 2


def _chart(top: int, bottom: int, found: Regulars, say: Say) -> Chart:
    labels = [say(label) for label in POOL_LABELS]
    shown = found.weeks
    return Chart(
        title=say("view.regulars.chart"),
        row=top,
        column=_AT["last"],
        categories=(top + 1, 1, bottom, 1),
        series=(
            Series(labels[1], (top + 1, 2, bottom, 2), BLUE, "column", shown=tuple(float(w.joined) for w in shown)),
            Series(labels[2], (top + 1, 3, bottom, 3), ORANGE, "column", shown=tuple(float(w.left) for w in shown)),
            Series(labels[4], (top + 1, 5, bottom, 5), GREY, "line", True, shown=tuple(float(w.size) for w in shown)),
        ),
        width=540,
        height=24 * (bottom - top) + 24,
    )


# -- the list ----------------------------------------------------------------------------------------------------------


def _invitations(tab: Tab, row: int, found: Regulars, link: str, off: Sequence[Message], say: Say) -> int:
    drawn = sum(person.group == "invite" for person in found.people)
    heading = "view.regulars.list" if drawn >= found.invites else "view.regulars.list_first"
    section(tab, row, 1, len(COLUMNS), say(heading, count=found.invites, shown=drawn))
    row += 1
    if found.invites:
        text = say("view.regulars.invite", link=link or say("view.regulars.link_here"))
        row = _sentence(tab, row, text, "aside")
    lines = [say("view.regulars.left_out", held=found.held, older=found.older)] if found.held or found.older else []
    lines += [] if link or not found.invites else [say("view.regulars.no_link")]
    lines += [say(msg("view.regulars.off", rules=tuple(off)))] if off else []
    lines += [_upsell(found.upsell, say)] if found.upsell.could else []
    for line in lines:
        tab.put(row, 1, line, "subtitle")
        row += 1
    return row


def _line(tab: Tab, row: int, person: Person, mark: Mark | None, say: Say) -> None:
    group = "invited" if person.group == "invite" and mark is not None and mark.invited is not None else person.group
    tab.put(row, _AT["name"], f"★ {person.name}" if person.strategic else person.name, "strong")
    tab.put(row, _AT["group"], say(f"view.regulars.group.{group}"), "cell.warn" if group == "invite" else "cell")
    tab.put(row, _AT["score"], person.score, "number")
    tab.put(row, _AT["orders"], person.orders, "number")
    tab.put(row, _AT["net"], person.net / 100, "money")
    tab.put(row, _AT["last"], None if person.last is None else date_of(person.last), "date")
    tab.put(row, _AT["partner"], person.partner or None, "wrap")
    tab.put(row, _AT["phone"], person.phone or None, "cell")
    tab.put(row, _AT["why"], _why(person, say) or None, "small")
    tab.put(row, _AT["told"], _history(person, say) or None, "small")
    offers = [say(each.why) for each in (person.offer, person.better) if each]
    tab.put(row, _AT["offer"], "\n".join(offers) or None, "small")
    _theirs(tab, row, person.key, mark)


def _why(person: Person, say: Say) -> str:
    parts = [*([say(person.why)] if person.why else []), *(say(reason) for reason in person.reasons)]
    return " · ".join(parts)


def _upsell(found: UpSell, say: Say) -> str:
    id = "view.regulars.upsell.few" if found.few else "view.regulars.upsell"
    return say(id, could=found.could, did=found.did, rate=f"{found.rate or 0:.0%}", share=f"{found.share:.0%}")


def _users(person: Person, say: Say) -> str:
    """Who uses what this customer buys, and what each likes."""
    told = [
        say("users.likes", name=user.name, orders=user.orders, what=clip(user.preference, _NOTE_SHOWN))
        if user.preference
        else say("users.one", name=user.name, orders=user.orders)
        for user in person.users[:_USERS]
    ]
    more = len(person.users) - len(told)
    return say("view.regulars.users.more" if more else "view.regulars.users", who=", ".join(told), more=more)


def _history(person: Person, say: Say) -> str:
    parts = [say("view.regulars.likes", what=clip(person.preference, 60))] if person.preference else []
    if person.users:
        parts.append(_users(person, say))
    if person.earlier:
        parts.append(say("view.regulars.earlier", n=person.earlier))
    for told in person.told:
        short = told_text(told.__class__(told.day, told.service, clip(told.note, _NOTE_SHOWN)))
        parts.append(short)
    return "\n".join(parts)


def _theirs(tab: Tab, row: int, key: str, mark: Mark | None) -> None:
    _LINES.put_theirs(tab, row, (key,), mark, {"invited": "input_date"})
