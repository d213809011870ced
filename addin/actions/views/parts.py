"""What the tabs share: the voice, the title, the legend, flags and numbers as text."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin import i18n
from addin.actions.ours import tab_marker
from addin.actions.views.names import COLORS, NAMES
from addin.books.look import FLAG_SYMBOL, FLAGS, text_width
from addin.books.tab import Link, Tab, TabValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from addin.crm.message import Message, Scalar

TEXT_SHOWN: Final = 200
#: A unit of `addin.crm.catalogue` → the style of its cell.
UNIT_STYLE: Final = {
    "share": "percent",
    "ratio": "decimal",
    "money": "money",
    "hours": "decimal",
    "points": "decimal",
    "days": "number",
    "count": "number",
    "people": "number",
}


@dataclass(frozen=True, slots=True)
class Say:
    """The catalogue in one language: the book's.

    >>> Say("ko").flag("breach")
    '● 위반'
    """

    lang: str = "ko"

    def __call__(self, message: Message | str, /, **params: Scalar | Message) -> str:
        """A message as a sentence."""
        return i18n.say(message, self.lang, **params)

    def flag(self, flag: str) -> str:
        """A flag's symbol and word."""
        return f"{FLAG_SYMBOL[flag]} {self(f'view.flag.{flag}')}"


def new_tab(key: str, say: Say, names: dict[str, str] | None = None) -> Tab:
    """An empty tab of ours: name, marker, colour."""
    name = (names or dict(NAMES[say.lang]))[key]
    return Tab(name, marker=tab_marker(key), tab_color=COLORS[key], gridlines=False)


def title(tab: Tab, text: str, under: Iterable[str] = (), row: int = 1, column: int = 1) -> int:
    """The tab's title and the lines under it; returns the next free row."""
    tab.put(row, column, text, "title")
    tab.heights[row] = 30
    for line in under:
        row += 1
        tab.put(row, column, line, "subtitle")
    return row + 1


def header_row(tab: Tab, row: int, columns: Mapping[str, float], labels: Mapping[str, str], say: Say) -> None:
    """A header row from column A on, and the columns' widths. ``labels``: column id → message id."""
    for column, (name, width) in enumerate(columns.items(), 1):
        tab.put(row, column, say(labels[name]), "header")
        tab.widths[column] = width
    tab.heights[row] = 24


def section(tab: Tab, row: int, first: int, last: int, text: str) -> int:
    """A section's heading, underlined over its columns; returns the next row."""
    for column in range(first, last + 1):
        tab.put(row, column, text if column == first else None, "section")
    tab.heights[row] = 22
    return row + 1


def merged(tab: Tab, rect: tuple[int, int, int, int], value: TabValue | Link, style: str) -> None:
    """One value over a rectangle."""
    tab.put(rect[0], rect[1], value, style)
    if rect[:2] != rect[2:]:
        tab.merges.append(rect)


def legend(tab: Tab, row: int, column: int, say: Say, span: int = 1) -> int:
    """The flags, each in its own colours with what it means, one row each; returns the next row."""
    for flag in reversed(FLAGS):
        tab.put(row, column, say.flag(flag), f"cell.{flag}")
        merged(tab, (row, column + 1, row, column + max(span, 1)), say(f"view.legend.{flag}"), "subtitle")
        row += 1
    return row


def flag_cell(say: Say, flag: str) -> tuple[str, str]:
    """A flag as text, and its style."""
    return say.flag(flag), f"cell.{flag}"


def clip(text: str, length: int = TEXT_SHOWN) -> str:
    """Text no longer than ``length``; what is left out shows as an ellipsis.

    >>> clip("가나다라", 3)
    '가나…'
    """
    return text if len(text) <= length else text[: length - 1] + "…"


def fitting(texts: Sequence[str], width: int, between: str = " · ") -> str:
    """As many whole texts as ``width`` holds (a Korean syllable is 2 wide); at least the first, which may be cut short.

    >>> fitting(["재방문율 9.5 %", "매출 의존도 33.6 %"], 20), fitting(["클레임률 14.3 %"], 8)
    ('재방문율 9.5 %', '클레임…')
    """
    told = ""
    for text in texts:
        longer = told + between + text if told else text
        if text_width(longer) > width and told:
            break
        told = longer
    while text_width(told) > width:
        told = told.removesuffix("…")[:-1] + "…"
    return told


def step_text(move: str) -> str:
    """A transition as a header that may break behind its arrow: ``접수→`` / ``확인``."""
    return move.replace("→", "→\n", 1)


def amount_text(value: Decimal | float | None, unit: str) -> str:
    """A number as it reads in a sentence, by its unit.

    >>> amount_text(Decimal("0.9"), "share"), amount_text(1200000, "money"), amount_text(0.5, "ratio")
    ('90%', '1,200,000', '0.5')
    """
    if value is None:
        return ""
    if unit == "share":
        return f"{plain(Decimal(str(value)) * 100)}%"
    return f"{value:,.0f}" if unit in ("money", "days", "count", "people") else plain(Decimal(str(value)))


def plain(value: Decimal) -> str:
    """A decimal without needless zeros, at most two places.

    >>> plain(Decimal("30.00")), plain(Decimal("33.333"))
    ('30', '33.33')
    """
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".")


def sheets_text(say: Say, sheets: Sequence[str]) -> str:
    """Where a table stands: its sheet, or the first and last of many."""
    if len(sheets) <= 2:
        return ", ".join(sheets)
    return say("view.sheets", first=sheets[0], last=sheets[-1], n=len(sheets))
