"""The tab of the two factories: partners left, customers right, what links them, what would bring more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, BAR_GREY, BAR_ORANGE, fit_heights
from addin.books.tab import Bars, Tab, TabValue
from addin.crm.message import Message

if TYPE_CHECKING:
    import datetime as dt

    from addin.crm.constraint import Diagnosis, Label
    from addin.crm.factories import Factories, Lever

_WIDTHS: Final = (30, 14, 14, 5, 30, 14, 14)
_LEFT, _RIGHT, _LAST = 1, 5, 7
LABELS: Final = tuple(f"view.factories.h.{name}" for name in ("step", "count", "rate"))
SIDE_IDS: Final = ("factories.side.partner", "factories.side.customer")


def factories_tab(found: Factories, say: Say, as_of: dt.date, names: dict[str, str] | None = None) -> Tab:
    """The tab: the one sentence, both factories side by side, the link, the levers."""
    tab = new_tab("factories", say, names)
    for column, width in enumerate(_WIDTHS, 1):
        tab.widths[column] = width
    end = _spoken(say, found.end)
    row = title(tab, say("view.factories.title"), (say("view.as_of", day=as_of.isoformat()),))
    merged(tab, (row, 1, row, _LAST), " ".join(say(m) for m in (found.why, *found.notes)), "sentence")
    merged(tab, (row + 1, 1, row + 1, _LAST), say("view.factories.how", end=end), "aside")
    row += 3
    sides = (_LEFT, SIDE_IDS[0], found.partner), (_RIGHT, SIDE_IDS[1], found.customer)
    below = max(_side(tab, row, column, say(name), side, say) for column, name, side in sides)
    below = _links(tab, below + 1, found, end, say)
    _levers(tab, below + 1, found, end, say)
    tab.pages_tall = 1
    fit_heights(tab, 3)
    return tab


def _side(tab: Tab, row: int, column: int, name: str, side: Diagnosis, say: Say) -> int:
    section(tab, row, column, column + 2, name)
    row += 1
    for i, label in enumerate(LABELS):
        tab.put(row, column + i, say(label), "header")
    held = side.constraint.index
    first = row + 1
    for i, step in enumerate(side.steps):
        row += 1
        here = held is not None and i == held + 1
        tab.put(row, column, _spoken(say, step.label), "cell.breach" if here else "strong")
        tab.put(row, column + 1, step.count, "number")
        rate = side.transitions[i - 1].rate if i else None
        tab.put(row, column + 2, rate, "percent.breach" if here else "percent")
    if side.steps:
        top = side.steps[0].count or None
        tab.bars.append(Bars((first, column + 1, row, column + 1), BAR_BLUE, 0, top))
        if row > first:
            tab.bars.append(Bars((first + 1, column + 2, row, column + 2), BAR_GREY, 0, 1))
    return row + 1


def _links(tab: Tab, row: int, found: Factories, end: str, say: Say) -> int:
    row = section(tab, row, 1, _LAST, say("view.factories.links", weeks=found.flow.weeks))
    lines: tuple[tuple[str, TabValue, str], ...] = (
        (say("view.factories.active"), found.flow.active, "number"),
        (say("view.factories.leads"), round(found.flow.each, 4), "decimal1"),
        (say("view.factories.conversion", end=end), found.conversion, "percent"),
        (say("view.factories.output", end=end), round(found.output, 4), "decimal1"),
    )
    for text, value, style in lines:
        merged(tab, (row, 1, row, 2), text, "wrap")
        tab.put(row, 3, value, style)
        row += 1
    return row


def _levers(tab: Tab, row: int, found: Factories, end: str, say: Say) -> None:
    row = section(tab, row, 1, _LAST, say("view.factories.levers", end=end))
    first = row
    lines: list[tuple[str, float | None]] = [(say("view.factories.lever.one"), found.one_more)]
    lines += [_lever(say, "partner", found.partner_lever), _lever(say, "customer", found.customer_lever)]
    for text, gain in lines:
        merged(tab, (row, 1, row, 2), text, "wrap")
        tab.put(row, 3, None if gain is None else round(gain, 4), "decimal1")
        row += 1
    tab.bars.append(Bars((first, 3, row - 1, 3), BAR_ORANGE, 0, None))


def _lever(say: Say, side: str, lever: Lever | None) -> tuple[str, float | None]:
    if lever is None:
        return f"{say(f'factories.side.{side}')}: {say('view.factories.none')}", None
    text = say(f"view.factories.lever.{side}", step=lever.move.label, reference=100 * lever.reference)
    return text, lever.gain


def _spoken(say: Say, label: Label) -> str:
    return say(label) if isinstance(label, Message) else label
