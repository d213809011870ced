"""A column's cells → typed values and faults, by the field's type.

Nothing is dropped: every cell that isn't blank becomes a value, a fault, or both. What a whole column
proves helps its cells: the order of day and month, the width of ids, the currency, the spelling.
"""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from addin.crm.amounts import MONEY_SCALE, foreign_mark, parse_amount, parse_number
from addin.crm.calendar import iso_text
from addin.crm.categories import read_categories
from addin.crm.contact import parse_brn, parse_email, parse_phone
from addin.crm.date_order import date_order, resaved
from addin.crm.dates import MAX_MINUTES, MIN_MINUTES, iso_instant, parse_instant
from addin.crm.fault import Fault
from addin.crm.reading import Reading, repaired, wrong
from addin.crm.tab_year import give_years
from addin.crm.text import shown, spelling_key
from addin.crm.values import Refund, parse_flag, parse_id, parse_refund, parse_text
from addin.crm.whole import PLAIN
from addin.crm.whole_instants import minutes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from addin.crm.grid import CellValue
    from addin.crm.tab_year import Period
    from addin.crm.tables import Field

#: Flags in whose column people write what happened instead of a mark.
FREE_TEXT_FLAGS = frozenset(("claim", "rework", "bypass", "discount_asked"))
Faults = list[tuple[int, Fault]]


class ColumnContext(NamedTuple):
    """What a column can't know by itself.

    ``known``: words with a meaning, for a category. ``has_time(index)``: whether the cell's number format shows a
    time of day. ``epoch_1904``: how raw serial numbers count. ``period(index)``: the year (and month) the cell's tab
    is about, for dates without a year.
    """

    known: Sequence[str] = ()
    has_time: Callable[[int], bool | None] | None = None
    epoch_1904: bool = False
    period: Callable[[int], Period | None] | None = None


@dataclass(slots=True)
class CleanColumn:
    """Typed values in the cells' order (None = empty or unusable), faults by index, and the second column of two types.

    Values: text for ``text id phone email brn category``, minutes for ``instant``, hundredths for ``money`` and
    ``refund``, float for ``number``, bool for ``flag``. ``times``: per instant, whether it has a time of day (None
    where empty). ``yes``: per refund, whether there was one.
    """

    values: list[Any]
    faults: Faults = field(default_factory=list)
    times: list[bool | None] | None = None
    yes: list[bool | None] | None = None


def clean_column(field: Field, values: Sequence[CellValue], context: ColumnContext | None = None) -> CleanColumn:
    """Read a whole column strictly by its field's type.

    >>> from addin.crm.tables import REQUESTS
    >>> column = clean_column(REQUESTS.field("amount"), ["120만원", 500.0, "협의", None])
    >>> column.values, [(i, f.code) for i, f in column.faults]
    ([120000000, 50000, None, None], [(2, 'bad_amount')])
    """
    context = context or ColumnContext()
    kind = field.type
    if kind == "instant":
        return _instants(values, context)
    if kind == "money":
        return _money(values)
    if kind == "refund":
        return _refunds(values)
    if kind == "id":
        return _ids(values)
    if kind == "category":
        return CleanColumn(*read_categories(values, context.known))
    if kind == "flag":
        names = frozenset(spelling_key(word) for word in (field.ko, field.en, *field.synonyms))
        free = field.id in FREE_TEXT_FLAGS
        return CleanColumn(*_each(values, lambda value: parse_flag(value, free_text=free, yes=names)))
    parse, plain = _PARSERS[kind]
    return CleanColumn(*_each(values, parse, plain))


def clean_text(values: Sequence[CellValue]) -> list[str | None]:
    """Cells of a column that is no field, as text; errors are blank.

    >>> clean_text([" 가 ", 12.0, None])
    ['가', '12', None]
    """
    return _each(values, *_PARSERS["text"])[0]


#: Parsers of single cells, and the texts that need none because they stand for themselves (most of a column).
_PARSERS: dict[str, tuple[Callable[[object], Reading[Any]], str]] = {
    "text": (parse_text, PLAIN["text"]),
    "phone": (parse_phone, PLAIN["phone"]),
    "id": (parse_id, PLAIN["id"]),
    "number": (parse_number, ""),
    "brn": (parse_brn, ""),
    "email": (parse_email, ""),
}


def _each(
    values: Sequence[CellValue], parse: Callable[[object], Reading[Any]], plain: str = ""
) -> tuple[list[Any], Faults]:
    """Every value through a parser; equal texts are read once, and those ``plain`` matches not at all."""
    import polars as pl

    if not set(map(type, values)) <= {str, type(None)}:
        return _mixed(values, parse)
    texts = pl.Series(values, dtype=pl.String)
    odd = texts.filter(~texts.str.contains(plain)) if plain else texts
    read = {text: parse(text) for text in odd.unique() if text}
    if not read:
        return [value or None for value in values], []
    out = [read[value][0] if value in read else value or None for value in values]
    bad = {text: reading[1] for text, reading in read.items() if reading[1] is not None}
    return out, [(i, bad[value]) for i, value in enumerate(values) if value in bad] if bad else []


def _mixed(values: Sequence[CellValue], parse: Callable[[object], Reading[Any]]) -> tuple[list[Any], Faults]:
    texts = {text: parse(text) for text in {value for value in values if type(value) is str}}
    out: list[Any] = []
    faults: Faults = []
    for i, value in enumerate(values):
        if value is None:
            out.append(None)
            continue
        read, fault = texts[value] if type(value) is str else parse(value)
        out.append(read)
        if fault is not None:
            faults.append((i, fault))
    return out, faults


def _instants(values: Sequence[CellValue], context: ColumnContext) -> CleanColumn:
    """Dates and times; the column's texts prove the order of day and month, or nothing does."""
    try:
        minutes, rest = _native(values)
    except TypeError:  # a time zone
        minutes, rest = [None] * len(values), range(len(values))
    texts = {text for i in rest if type(text := values[i]) is str}
    days: dict[str, int | None] = {}
    readings = {text: read for text in texts if (read := iso_instant(text, days)) is not None}
    other = texts - readings.keys()
    order = date_order(other)
    for text in other:
        readings[text] = parse_instant(text, order=order, epoch_1904=context.epoch_1904)
    natives = [v for v in values if isinstance(v, dt.date) and v == v] if other else []
    swapped = bool(natives) and resaved(other, natives)
    times = [None if minute is None else minute % 1440 != 0 for minute in minutes]
    if context.has_time is not None and False in times:
        for i in list(_midnights(times)):
            times[i] = bool(context.has_time(i))
    if swapped:
        rest = range(len(values))
    faults: Faults = []
    for i in rest:
        value: Any = values[i]
        if type(value) is str:
            read = readings[value]
        else:
            shows_time = context.has_time(i) if context.has_time else None
            read = parse_instant(value, epoch_1904=context.epoch_1904, has_time=shows_time)
            if swapped and isinstance(value, dt.date) and value.day != value.month and read.value is not None:
                read = _swapped(value)
        minutes[i], times[i] = (None, None) if read[0] is None else read[0]
        if read[1] is not None:
            faults.append((i, read[1]))
    column = CleanColumn(minutes, faults, times=times)
    if faults and context.period is not None:
        give_years(column, values, context.period)
    return column


def _midnights(times: list[bool | None]) -> Iterator[int]:
    """Where a date stands that has no time of day, or midnight."""
    at = -1
    with suppress(ValueError):
        while True:
            at = times.index(False, at + 1)
            yield at


def _native(values: Sequence[Any]) -> tuple[list[int | None], Sequence[int]]:
    """Native dates and datetimes as minutes, and the indexes of all other cells that aren't blank."""
    minutes = minutes_of(values)
    told, rest = cast("list[int]", minutes), list[int]()
    if None in minutes:
        rest = [i for i, minute in enumerate(minutes) if minute is None and values[i] is not None and values[i] != ""]
        told = [minute for minute in minutes if minute is not None]
    if told and not MIN_MINUTES <= min(told) <= max(told) < MAX_MINUTES:
        far = (i for i, minute in enumerate(minutes) if minute is not None and not MIN_MINUTES <= minute < MAX_MINUTES)
        rest = sorted([*rest, *far])
    return minutes, rest


def _swapped(value: dt.date) -> Reading[Any]:
    """A native date that Excel may have made of a day-first text."""
    meant = dt.date(value.year, value.day, value.month).isoformat()
    return wrong("swapped_date", value, "instant", meant, first=f"{value:%Y-%m-%d}", second=meant)


def _money(values: Sequence[CellValue]) -> CleanColumn:
    """Amounts; where some cells name another currency and others don't, the named ones are faults."""
    out: list[int | None] = []
    faults: Faults = []
    readings: dict[str, Reading[int]] = {}
    for i, value in enumerate(values):
        if value is None:
            out.append(None)
            continue
        if type(value) is float and value.is_integer() and -1e14 < value < 1e14:
            out.append(int(value) * MONEY_SCALE)
            continue
        if type(value) is str:
            read = readings.get(value) or readings.setdefault(value, parse_amount(value))
        else:
            read = parse_amount(value)
        out.append(read.value)
        if read.fault is not None:
            faults.append((i, read.fault))
    foreign = {text for text, read in readings.items() if read.value is not None and foreign_mark(text)}
    if foreign:
        cells = [i for i, value in enumerate(values) if type(value) is str and value in foreign]
        if len(cells) < sum(value is not None for value in out):
            for i in cells:
                out[i] = None
            faults = [(i, fault) for i, fault in faults if i not in set(cells)]
            faults += [(i, wrong("foreign_currency", values[i], "money").fault) for i in cells]  # type: ignore[misc]
            faults.sort(key=lambda item: item[0])
    return CleanColumn(out, faults)


def _refunds(values: Sequence[CellValue]) -> CleanColumn:
    """Refunds; a column whose numbers are only 0 and 1 holds marks, not money."""
    numbers = {shown(v).strip() for v in values if v is not None and v != "" and not isinstance(v, bool)}
    marks = bool(numbers) and {n for n in numbers if n[:1].isdigit()} <= {"0", "1"}
    read, faults = _each(values, lambda value: parse_refund(value, marks=marks))
    refunds: list[Refund | None] = read
    amounts = [None if r is None else r.amount for r in refunds]
    return CleanColumn(amounts, faults, yes=[None if r is None else r.yes for r in refunds])


def _ids(values: Sequence[CellValue]) -> CleanColumn:
    """Ids; where all ids with a leading zero have one width, shorter numbers have lost theirs."""
    out, faults = _each(values, *_PARSERS["id"])
    widths = {len(text) for text in out if text is not None and text[:1] == "0" and len(text) > 1 and text.isdigit()}
    if len(widths) == 1:
        width = widths.pop()
        for i, text in enumerate(out):
            if text is not None and len(text) < width and text.isdigit():
                read = repaired(text.zfill(width), "lost_zero", values[i], "id", text.zfill(width))
                out[i] = read.value
                faults.append((i, read.fault))  # type: ignore[arg-type]
        faults.sort(key=lambda item: item[0])
    return CleanColumn(out, faults)


def readable(value: Any, kind: str, has_time: bool | None = None) -> Any:
    """A clean value as ``danggol rows`` prints it: ISO dates, money in units, whole numbers without ``.0``.

    >>> readable(28494720, "instant", False), readable(120050, "money"), readable(100000, "money")
    ('2024-03-06', 1200.5, 1000)
    """
    if value is None:
        return None
    if kind == "instant":
        return iso_text(value, bool(has_time))
    if kind in ("money", "refund"):
        whole, cents = divmod(value, MONEY_SCALE)
        return value / MONEY_SCALE if cents else whole
    if kind == "number" and value.is_integer():
        return int(value)
    return value
