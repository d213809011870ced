"""The dashboard: what a manager with three minutes looks at, on one landscape A4 page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.funnel import spoken_window
from addin.actions.views.names import NAMES
from addin.actions.views.parts import UNIT_STYLE, Say, merged, new_tab
from addin.books.look import BAR_BLUE, FLAG_SYMBOL, FLAGS
from addin.books.tab import Bars, Link, Tab, TabValue

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from addin.books.tab import Chart
    from addin.crm.message import Message

#: The page is 29 units wide; a column is one unit, only the share of revenue is one column of two (bars in cells
#: need a cell of their own).
UNITS: Final = 29
_UNIT, _SHARE = 5.6, 8
PARTNERS_SHOWN, TODOS_SHOWN = 10, 6
#: What the cells of reasons and of things to do hold, in digit widths: longer texts are made to fit before.
REASON_WIDTH, TODO_WIDTH = 80, 120
CARD_IDS: Final = tuple(f"view.card.{name}" for name in ("requests", "won", "revenue", "response", "same_day"))
LABELS: Final = tuple(f"view.dashboard.h.{n}" for n in ("flag", "partner", "share", "requests", "won", "reason"))


class Card(NamedTuple):
    """One big number: what it is (a name of `CARD_IDS`), its unit, and a line under it (with a flag's colour)."""

    name: str
    value: float | Decimal | None
    unit: str
    note: str = ""
    flag: str = ""


class PartnerLine(NamedTuple):
    """One partner at a glance. ``sheet``/``cell`` lead to its own row, '' where it has none."""

    name: str
    flag: str
    share: float | None
    requests: int
    won: int
    reason: str = ""
    sheet: str = ""
    cell: str = ""


class Todo(NamedTuple):
    """One thing to do next, worst first, and where."""

    text: str
    flag: str = "warn"
    sheet: str = ""
    cell: str = "A1"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. ``chart`` is the funnel tab's own, drawn here again over the same cells.

    ``kpi_tab`` is what the book calls that tab; ``leads`` are the tabs to look at next.
    """

    as_of: dt.date
    window: tuple[dt.date, dt.date] | None
    why: Message
    aside: str
    cards: Sequence[Card]
    partners: Sequence[PartnerLine]
    todos: Sequence[Todo]
    chart: Chart | None = None
    kpi_tab: str = ""
    leads: Sequence[str] = ()


def dashboard_tab(page: Dashboard, say: Say, names: dict[str, str] | None = None) -> Tab:
    """The page: the one sentence, the numbers, partners worst first, what to do, the chart, the legend."""
    tab = new_tab("dashboard", say, names)
    tab.pages_tall = 1
    for column in range(1, UNITS):
        tab.widths[column] = 2 * _UNIT if column == _SHARE else _UNIT
    _put(tab, 1, (1, 11), say("view.dashboard.title"), "title")
    _put(tab, 1, (12, UNITS), spoken_window(say, page.as_of, page.window), "subtitle_right")
    tab.heights[1] = 32
    _put(tab, 2, (1, UNITS), say(page.why), "sentence")
    _put(tab, 3, (1, UNITS), page.aside, "aside")
    tab.heights |= {2: 40, 3: 20, 4: 8, 8: 8}
    _cards(tab, 5, page.cards, say)
    row = _lists(tab, 9, page, say)
    if page.chart:
        wide = round((UNITS - 1) * (_UNIT * 7 + 5) + _UNIT * 7)
        tab.charts.append(replace(page.chart, row=row + 1, column=1, width=wide, height=270))
        row += 15
    _legend(tab, row, say)
    _leads(tab, row + 2, page.leads, say)
    return tab


def _put(tab: Tab, row: int, span: tuple[int, int], value: TabValue | Link, style: str, rows: int = 1) -> None:
    """A value over a span of units (first, last)."""
    first, last = (unit if unit <= _SHARE else unit - 1 for unit in span)
    merged(tab, (row, first, row + rows - 1, last), value, style)


def _cards(tab: Tab, row: int, cards: Sequence[Card], say: Say) -> None:
    for i, card in enumerate(cards[: len(CARD_IDS)]):
        span = (6 * i + 1, 6 * i + 5)
        _put(tab, row, span, say(f"view.card.{card.name}"), "card_label")
        style = f"card_{UNIT_STYLE[card.unit]}"
        _put(tab, row + 1, span, "–" if card.value is None else card.value, style)
        note = f"{FLAG_SYMBOL[card.flag]} {card.note}" if card.flag else card.note
        _put(tab, row + 2, span, note, f"card_note.{card.flag}" if card.flag else "card_note")
    tab.heights |= {row: 18, row + 1: 34, row + 2: 18}


_PARTNER_SPANS: Final = ((1, 3), (4, 7), (8, 9), (10, 11), (12, 13), (14, 20))
_TODO_SPAN: Final = (22, UNITS)


def _lists(tab: Tab, row: int, page: Dashboard, say: Say) -> int:
    _put(tab, row, (1, _PARTNER_SPANS[-1][1]), say("view.dashboard.partners"), "section")
    _put(tab, row, _TODO_SPAN, say("view.dashboard.todos"), "section")
    tab.heights[row] = 22
    row += 1
    for span, label in zip(_PARTNER_SPANS, LABELS, strict=True):
        number = span[0] in (8, 10, 12)
        _put(tab, row, span, say(label), "group_right" if number else "group")
    shown = page.partners[:PARTNERS_SHOWN]
    for i, partner in enumerate(shown, row + 1):
        _partner(tab, i, partner, say)
    if shown:
        tab.bars.append(Bars((row + 1, _SHARE, row + len(shown), _SHARE), BAR_BLUE, 0, None))
    more = len(page.partners) - len(shown)
    if more > 0:
        text = Link(say("view.dashboard.more", n=more), page.kpi_tab or NAMES[say.lang]["kpi"], "A1")
        _put(tab, row + 1 + len(shown), (1, _PARTNER_SPANS[-1][1]), text, "link")
    _todos(tab, row, page.todos, say)
    return row + 2 + max(len(shown) + (more > 0), 2 * min(len(page.todos), TODOS_SHOWN), 4)


def _partner(tab: Tab, row: int, partner: PartnerLine, say: Say) -> None:
    name = Link(partner.name, partner.sheet, partner.cell) if partner.sheet else partner.name
    values: tuple[tuple[TabValue | Link, str], ...] = (
        (say.flag(partner.flag), f"cell.{partner.flag}"),
        (name, "link_small" if partner.sheet else "small"),
        (partner.share, "percent"),
        (partner.requests, "number"),
        (partner.won, "number"),
        (partner.reason or None, "small"),
    )
    for span, (value, style) in zip(_PARTNER_SPANS, values, strict=True):
        _put(tab, row, span, value, style)
    tab.heights[row] = 26


def _todos(tab: Tab, row: int, todos: Sequence[Todo], say: Say) -> None:
    first, last = _TODO_SPAN
    if not todos:
        _put(tab, row, _TODO_SPAN, say("view.dashboard.nothing"), "cell.ok")
    for i, todo in enumerate(todos[:TODOS_SHOWN]):
        top = row + 2 * i
        _put(tab, top, (first, first), FLAG_SYMBOL[todo.flag], f"center.{todo.flag}", 2)
        _put(tab, top, (first + 1, last - 1), todo.text, "small", 2)
        _put(tab, top, (last, last), Link("→", todo.sheet, todo.cell) if todo.sheet else None, "arrow", 2)


def _legend(tab: Tab, row: int, say: Say) -> None:
    for i, flag in enumerate(reversed(FLAGS)):
        text = f"{say.flag(flag)}: {say(f'view.legend.{flag}')}"
        _put(tab, row, (6 * i + 1, 6 * i + 5), text, f"tiny.{flag}")
    tab.heights[row] = 16


def _leads(tab: Tab, row: int, leads: Sequence[str], say: Say) -> None:
    """Links to the other tabs, five a line: a book has many tabs, and ours stand far to the right."""
    if leads:
        _put(tab, row, (1, UNITS), say("view.dashboard.leads"), "section")
    for i, name in enumerate(leads):
        at = 6 * (i % len(CARD_IDS)) + 1
        _put(tab, row + 1 + i // len(CARD_IDS), (at, at + 4), Link(name, name, "A1"), "link")
