"""Plain tables for a terminal: columns that line up also where letters are two cells wide."""

from __future__ import annotations

import unicodedata
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST = 48


def width(text: str) -> int:
    """Cells a text takes in a terminal; a Korean letter takes two.

    >>> width("CRM 단골")
    8
    """
    return sum(0 if unicodedata.combining(ch) else 2 if unicodedata.east_asian_width(ch) in "WF" else 1 for ch in text)


def clipped(text: str, widest: int = WIDEST) -> str:
    """One line of at most ``widest`` cells, with … where something was cut."""
    text = " ".join(text.split())
    if width(text) <= widest:
        return text
    out = ""
    for ch in text:
        if width(out + ch) > widest - 1:
            break
        out += ch
    return out + "…"


def number(value: object, places: int = 0) -> str:
    """A number with thousands separators; '' for None.

    >>> number(10005534), number(0.5, 2), number(None)
    ('10,005,534', '0.50', '')
    """
    if value is None:
        return ""
    if isinstance(value, int | float | Decimal):
        return f"{value:,.{places}f}"
    return str(value)


def percent(value: float | Decimal | None, places: int = 1) -> str:
    """A share as a percentage; '' for None.

    >>> percent(0.3509)
    '35.1%'
    """
    return "" if value is None else f"{float(value) * 100:.{places}f}%"


def table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Rows under headers, two spaces between columns; ``right`` are the columns aligned to the right.

    >>> print(table(["단계", "n"], [["접수", "40"], ["수주", "7"]], right=[1]), end="")
    단계   n
    ────  ──
    접수  40
    수주   7
    """
    shown = [[clipped(cell) for cell in row] for row in (headers, *rows)]
    wide = [max(width(row[i]) for row in shown) for i in range(len(headers))]

    def line(row: Sequence[str]) -> str:
        cells = []
        for i, cell in enumerate(row):
            gap = " " * (wide[i] - width(cell))
            cells.append(gap + cell if i in right else cell + gap)
        return "  ".join(cells).rstrip()

    rule = "  ".join("─" * n for n in wide)
    return "\n".join([line(shown[0]), rule, *(line(row) for row in shown[1:])]) + "\n"
