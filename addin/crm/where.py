"""Conditions a person types to choose rows: ``partner=한빛``, ``amount>=10만원``, ``received_at=2026-W47``.

A condition is ``COLUMN OP VALUE``. Operators: ``=`` ``!=`` ``<`` ``<=`` ``>`` ``>=`` and ``~`` (holds this text);
``A|B`` after ``=`` or ``!=`` means either; nothing after ``=`` means blank. Values are read as a cell of that column
is read. A date may be a day, a month, a quarter or an ISO week: ``=`` is within it, ``<`` before it, ``>`` after it.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Final

from addin.crm.amounts import parse_amount, parse_number
from addin.crm.calendar import DAY, day_of
from addin.crm.dates import parse_instant
from addin.crm.message import Message, msg
from addin.crm.tables import table as table_of
from addin.crm.text import spelling_key
from addin.crm.values import parse_flag
from addin.crm.windows import PERIODS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

_PARTS: Final = re.compile(r"\s*(.+?)\s*(!=|<=|>=|=|<|>|~)\s*(.*?)\s*$", re.DOTALL)
_PERIOD: Final = re.compile(r"(\d{4})-(?:W(\d{1,2})|Q([1-4])|(\d{1,2}))$", re.IGNORECASE)
_ORDERED: Final = frozenset(("instant", "money", "refund", "number"))


class WhereError(ValueError):
    """A condition that can't be understood; ``message`` says what and what to do."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.id, dict(message.params))


@dataclass(frozen=True, slots=True)
class Condition:
    """``column`` of the frame, its field type, the operator, and the alternatives as typed (``()`` = blank)."""

    column: str
    type: str
    op: str
    values: tuple[str, ...]


def parse_where(texts: Iterable[str], table: str, names: Mapping[str, str]) -> tuple[Condition, ...]:
    """The conditions of some texts; ``names``: what a person may call a column → the frame's column.

    Raises `WhereError` for an unknown column (with the known ones), a missing operator or a value of another type.

    >>> parse_where(["고객사=한빛|은하"], "requests", {"고객사": "partner"})
    (Condition(column='partner', type='text', op='=', values=('한빛', '은하')),)
    """
    types = {field.id: field.type for field in table_of(table) or ()}
    found = []
    for text in texts:
        parts = _PARTS.match(text)
        if parts is None:
            raise WhereError(msg("where.no_operator", value=text))
        name, op, value = parts.groups()
        column = names.get(name) or next((c for n, c in names.items() if spelling_key(n) == spelling_key(name)), None)
        if column is None:
            known = ", ".join(dict.fromkeys(names.values()))
            raise WhereError(msg("where.unknown_column", value=name, known=known))
        values = tuple(_unquoted(v.strip()) for v in value.split("|")) if value else ()
        one = Condition(column, types.get(column, "text"), op, values)
        _check(one, text)
        found.append(one)
    return tuple(found)


def _unquoted(value: str) -> str:
    """A value without the quotes somebody used to SQL or to a shell put around it."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def matching(frame: pl.DataFrame, conditions: Sequence[Condition]) -> pl.Expr:
    """Which rows of a table's frame meet every condition; a blank meets only ``=`` nothing and ``!=`` something.

    A partner is also found by the name it goes by (``partner_key``), where the frame has one.

    >>> import polars as pl
    >>> frame = pl.DataFrame({"partner": ["한빛", None, "은하"], "amount": [500, 900, None]})
    >>> names = {"partner": "partner", "amount": "amount"}
    >>> chosen = matching(frame, parse_where(["partner!=은하", "amount>5"], "requests", names))
    >>> frame.filter(chosen)["amount"].to_list()
    [900]
    """
    import polars as pl

    return reduce(and_, (_mask(frame, one) for one in conditions), pl.lit(True))


def _check(one: Condition, text: str) -> None:
    """A condition's values must be of its column's type, and one only where values have an order."""
    if one.op in ("<", "<=", ">", ">=", "~") and len(one.values) != 1:
        raise WhereError(msg("where.one_value", value=text))
    if one.op in ("<", "<=", ">", ">=") and one.type not in _ORDERED:
        raise WhereError(msg("where.no_order", value=text))
    for value in one.values:
        if one.op != "~" and value and _read(one, value) is None:
            raise WhereError(msg("where.bad_value", value=value, expected=msg(f"expected.{one.type}")))


def _read(one: Condition, value: str) -> Any:
    """A typed value as the frame holds it; a span (first, last) of minutes for a date; None where it can't be read."""
    if one.type == "instant":
        return _span(value)
    if one.type == "money":
        return parse_amount(value).value
    if one.type == "refund":
        flag = parse_flag(value).value if not value.isdigit() else None
        return flag if flag is not None else parse_amount(value).value
    if one.type == "number":
        return parse_number(value).value
    if one.type == "flag":
        return parse_flag(value).value
    return value


def _span(value: str) -> tuple[int, int] | None:
    """The minutes from the first to the last of a moment, day, ISO week, month or quarter."""
    period = _PERIOD.match(value)
    if period is not None:
        first, last = _days(*(int(part) if part else 0 for part in period.groups())) or (0, -1)
        return (first * DAY, last * DAY + DAY - 1) if first <= last else None
    read = parse_instant(value).value
    if read is None:
        return None
    return (read.minutes, read.minutes) if read.has_time else (read.minutes, read.minutes + DAY - 1)


def _days(year: int, week: int, quarter: int, month: int) -> tuple[int, int] | None:
    """First and last day of an ISO week, a quarter or a month of a year; None where there is no such one."""
    try:
        start = dt.date.fromisocalendar(year, week, 1) if week else dt.date(year, month or quarter * 3 - 2, 1)
    except ValueError:
        return None
    of_day, _, bounds = PERIODS["week" if week else "month" if month else "quarter"]
    return bounds(of_day(day_of(start)))


def _mask(frame: pl.DataFrame, one: Condition) -> pl.Expr:
    import polars as pl

    column = pl.col(one.column)
    if one.op == "!=":
        return ~_equal(frame, one)
    if one.op == "=":
        return _equal(frame, one)
    if one.op == "~":
        part = spelling_key(one.values[0])
        return _either(_is_in(frame, name, lambda text: part in spelling_key(text)) for name in _columns(frame, one))
    value = _read(one, one.values[0])
    first, last = value if isinstance(value, tuple) else (value, value)
    asked: pl.Expr = {"<": column < first, "<=": column <= last, ">": column > last, ">=": column >= first}[one.op]
    return asked.fill_null(False)


def _equal(frame: pl.DataFrame, one: Condition) -> pl.Expr:
    import polars as pl

    column = pl.col(one.column)
    blank = column.is_null()
    if one.type == "refund" and f"{one.column}__yes" in frame.columns:
        blank = blank & pl.col(f"{one.column}__yes").is_null()
    if not one.values:
        return blank
    either = [blank] if "" in one.values else []
    read = [_read(one, value) for value in one.values if value]
    if one.type == "instant":
        either += [column.is_between(*span) for span in read]
    elif one.type == "flag":
        either += [column if value else ~column.fill_null(False) for value in read]
    elif one.type == "refund":
        yes = (column.fill_null(0) > 0) | (
            pl.col(f"{one.column}__yes").fill_null(False) if f"{one.column}__yes" in frame.columns else False
        )
        either += [(yes if value else ~yes) if isinstance(value, bool) else column == value for value in read]
    elif one.type in _ORDERED:
        either += [column == value for value in read]
    else:
        keys = {spelling_key(value) for value in read}
        either += [_is_in(frame, name, lambda text: spelling_key(text) in keys) for name in _columns(frame, one)]
    return _either(either).fill_null(False)


def _either(tests: Iterable[pl.Expr]) -> pl.Expr:
    return reduce(or_, tests)


def _columns(frame: pl.DataFrame, one: Condition) -> list[str]:
    """The columns to look for a text in: a partner's own cell, and the name it was resolved to."""
    return [one.column, *(["partner_key"] if one.column == "partner" and "partner_key" in frame.columns else [])]


def _is_in(frame: pl.DataFrame, column: str, test: Any) -> pl.Expr:
    """Rows whose text passes a test; it is asked once per distinct text."""
    import polars as pl

    texts = frame[column].cast(pl.String).unique().drop_nulls()
    return pl.col(column).cast(pl.String).is_in([text for text in texts if test(text)]).fill_null(False)
