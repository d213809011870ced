"""The dashboard: what a manager with three minutes looks at, on one landscape A4 page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from addin.actions.views.funnel import spoken_window
from addin.actions.views.parts import UNIT_STYLE, Say, clip, merged, new_tab, section
from addin.books.look import BAR_BLUE, FLAG_SYMBOL, FLAGS
from addin.books.tab import Bars, Link, Tab

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from decimal import Decimal

    from addin.books.tab import Chart
    from addin.crm.message import Message

WIDTH: Final = 24  # columns of the page, all alike: everything on it is merged from them
_COLUMN: Final = 6.6
PARTNERS_SHOWN, TODOS_SHOWN = 9, 5
CARD_IDS: Final = tuple(f"view.card.{name}" for name in ("requests", "won", "revenue", "response", "same_day"))
LABELS: Final = tuple(f"view.dashboard.h.{n}" for n in ("flag", "partner", "share", "requests", "won", "reason"))


@dataclass(frozen=True, slots=True)
class Card:
    """One big number: what it is (a name of `CARD_IDS`), its unit, and a line under it (with a flag's colour)."""

    name: str
    value: float | Decimal | None
    unit: str
    note: str = ""
    flag: str = ""


@dataclass(frozen=True, slots=True)
class PartnerLine:
    """One partner at a glance. ``sheet``/``cell`` lead to its own row, '' where it has none."""

    name: str
    flag: str
    share: float | None
    requests: int
    won: int
    reason: str = ""
    sheet: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do next, worst first, and where."""

    text: str
    flag: str = "warn"
    sheet: str = ""
    cell: str = "A1"


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything on the page. ``chart`` is the funnel tab's own, drawn here again over the same cells."""

    as_of: dt.date
    window: tuple[dt.date, dt.date] | None
    why: Message
    aside: str
    cards: Sequence[Card]
    partners: Sequence[PartnerLine]
    todos: Sequence[Todo]
    chart: Chart | None = None


def dashboard_tab(page: Dashboard, say: Say, names: dict[str, str] | None = None) -> Tab:
    """The page: the one sentence, the numbers, partners worst first, what to do, the chart, the legend."""
    tab = new_tab("dashboard", say, names)
    tab.pages_tall = 1
    for column in range(1, WIDTH + 1):
        tab.widths[column] = _COLUMN
    merged(tab, (1, 1, 1, 10), say("view.dashboard.title"), "title")
    merged(tab, (1, 11, 1, WIDTH), spoken_window(say, page.as_of, page.window), "subtitle_right")
    tab.heights[1] = 32
    merged(tab, (2, 1, 2, WIDTH), say(page.why), "sentence")
    merged(tab, (3, 1, 3, WIDTH), page.aside, "aside")
    tab.heights |= {2: 40, 3: 20, 4: 8, 8: 8}
    _cards(tab, 5, page.cards, say)
    row = _lists(tab, 9, page, say)
    if page.chart:
        wide = round(WIDTH * (_COLUMN * 7 + 5))
        tab.charts.append(replace(page.chart, row=row + 1, column=1, width=wide, height=270))
        row += 15
    _legend(tab, row, say)
    return tab


def _cards(tab: Tab, row: int, cards: Sequence[Card], say: Say) -> None:
    if not cards:
        return
    wide = WIDTH // len(cards)
    for i, card in enumerate(cards):
        first = 1 + i * wide
        last = WIDTH if i == len(cards) - 1 else first + wide - 1
        first += i > 0  # a gap between cards
        merged(tab, (row, first, row, last), say(f"view.card.{card.name}"), "card_label")
        style = f"card_{UNIT_STYLE[card.unit]}"
        merged(tab, (row + 1, first, row + 1, last), "–" if card.value is None else card.value, style)
        note = f"{FLAG_SYMBOL[card.flag]} {card.note}" if card.flag else card.note
        merged(tab, (row + 2, first, row + 2, last), note, f"card_note.{card.flag}" if card.flag else "card_note")
    tab.heights |= {row: 18, row + 1: 34, row + 2: 18}


_PARTNER_SPANS: Final = ((1, 2), (3, 5), (6, 7), (8, 8), (9, 9), (10, 16))
_TODO_SPANS: Final = (18, WIDTH)


def _lists(tab: Tab, row: int, page: Dashboard, say: Say) -> int:
    section(tab, row, 1, _PARTNER_SPANS[-1][1], say("view.dashboard.partners"))
    section(tab, row, _TODO_SPANS[0], _TODO_SPANS[1], say("view.dashboard.todos"))
    row += 1
    for (first, last), label in zip(_PARTNER_SPANS, LABELS, strict=True):
        merged(tab, (row, first, row, last), say(label), "group")
    shown = page.partners[:PARTNERS_SHOWN]
    for i, partner in enumerate(shown, row + 1):
        _partner(tab, i, partner, say)
    if shown:
        column = _PARTNER_SPANS[2][0]
        tab.bars.append(Bars((row + 1, column, row + len(shown), column), BAR_BLUE, 0, None))
    more = len(page.partners) - len(shown)
    if more > 0:
        _more(tab, row + 1 + len(shown), say("view.dashboard.more", n=more), say)
    _todos(tab, row, page.todos, say)
    return row + 2 + max(len(shown) + (more > 0), 2 * min(len(page.todos), TODOS_SHOWN), 4)


def _partner(tab: Tab, row: int, partner: PartnerLine, say: Say) -> None:
    name = Link(partner.name, partner.sheet, partner.cell) if partner.sheet else partner.name
    values = (
        (say.flag(partner.flag), f"cell.{partner.flag}"),
        (name, "link" if partner.sheet else "strong"),
        (partner.share, "percent"),
        (partner.requests, "number"),
        (partner.won, "number"),
        (clip(partner.reason, 90) or None, "small"),
    )
    for (first, last), (value, style) in zip(_PARTNER_SPANS, values, strict=True):
        merged(tab, (row, first, row, last), value, style)
    tab.heights[row] = 26


def _more(tab: Tab, row: int, text: str, say: Say) -> None:
    from addin.actions.views.names import NAMES

    merged(tab, (row, 1, row, _PARTNER_SPANS[-1][1]), Link(text, NAMES[say.lang]["kpi"], "A1"), "link")


def _todos(tab: Tab, row: int, todos: Sequence[Todo], say: Say) -> None:
    first, last = _TODO_SPANS
    if not todos:
        merged(tab, (row, first, row, last), say("view.dashboard.nothing"), "cell.ok")
    for i, todo in enumerate(todos[:TODOS_SHOWN]):
        top = row + 2 * i
        tab.put(top, first, FLAG_SYMBOL[todo.flag], f"center.{todo.flag}")
        tab.put(top + 1, first, None, f"center.{todo.flag}")
        tab.merges.append((top, first, top + 1, first))
        text = Link(todo.text, todo.sheet, todo.cell) if todo.sheet else todo.text
        merged(tab, (top, first + 1, top + 1, last), text, "link_wrap" if todo.sheet else "wrap")


def _legend(tab: Tab, row: int, say: Say) -> None:
    wide = WIDTH // len(FLAGS)
    for i, flag in enumerate(reversed(FLAGS)):
        first = 1 + i * wide
        last = WIDTH if i == len(FLAGS) - 1 else first + wide - 1
        merged(tab, (row, first, row, last), f"{say.flag(flag)}: {say(f'view.legend.{flag}')}", f"tiny.{flag}")
    tab.heights[row] = 16
