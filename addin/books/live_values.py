"""How values cross between us and an open workbook: what Excel hands over, what it would take text for."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from addin.books.cells import serial
from addin.crm.grid import CellError

#: How Excel hands over an error cell through COM (HRESULTs of xlErrNull … xlErrGettingData).
ERROR_NUMBERS: Final = {
    -2146826288: "#NULL!",
    -2146826281: "#DIV/0!",
    -2146826273: "#VALUE!",
    -2146826265: "#REF!",
    -2146826259: "#NAME?",
    -2146826252: "#NUM!",
    -2146826246: "#N/A",
    -2146826245: "#GETTING_DATA",
    -2146826243: "#SPILL!",
    -2146826242: "#CONNECT!",
    -2146826241: "#BLOCKED!",
    -2146826240: "#UNKNOWN!",
    -2146826239: "#FIELD!",
    -2146826238: "#CALC!",
}
ERRORS: Final = frozenset(ERROR_NUMBERS.values())
#: Text Excel would take for a number, a date, a truth value or a formula if it were typed so.
_TYPED = re.compile(
    r"\s*(?:[-=+@'#(.$₩¥€£%\d]|(?:true|false|참|거짓)\s*\Z|(?:오전|오후|am|pm|a|p)?\s*\d"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*[-/., ]*\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula to be calculated, beginning with ``=`` (any other text is text)."""

    text: str


def plain(value: Any) -> Any:
    """A value of a cell without the look of a date."""
    kind = type(value)
    if kind is float or value is None or kind is bool:
        return value
    if kind is str:
        return CellError(value) if value in ERRORS else value or None
    if kind is int:
        return CellError(ERROR_NUMBERS[value]) if value in ERROR_NUMBERS else float(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.datetime):
        return (value.replace(tzinfo=None) - dt.datetime(1899, 12, 30)) / dt.timedelta(days=1)
    return serial(value) if isinstance(value, dt.date) else value


def typed(value: Any) -> Any:
    """A value as xlwings takes it.

    >>> typed("정상"), typed("=1+1"), typed("3-4"), typed(Formula("=A1"))
    ('정상', "'=1+1", "'3-4", '=A1')
    """
    if type(value) is str:
        return "'" + value if _TYPED.match(value) else value
    if isinstance(value, Formula):
        return value.text
    return float(value) if isinstance(value, Decimal) else value


def rgb(color: str) -> tuple[int, int, int]:
    """RRGGBB as three numbers.

    >>> rgb("FFE7AD")
    (255, 231, 173)
    """
    return int(color[0:2], 16), int(color[2:4], 16), int(color[4:6], 16)
