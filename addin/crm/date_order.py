"""Short dates like 03/05/2024 or 24-03-05: which part is the day is proven by the whole column, or not at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: Three short parts, the last maybe a whole year, and what follows; 년 and 월 say which is which.
SHORT = re.compile(r"(\d{1,2}) ?([-./년]) ?(\d{1,2}) ?([-./월]) ?(\d{4}|\d{1,2})(?!\d)(?: ?일(?!요))?(.*)", re.ASCII)


class DateOrder(NamedTuple):
    """The order of day, month and year a column proves: for four-digit years, and for short ones.

    ``dmy``, ``mdy``, ``ymd``; "" = nothing proven; ``unsure`` = short years that look like days.
    """

    long: str = ""
    short: str = ""


#: A cell on its own proves nothing about its column.
NO_ORDER = DateOrder()


def date_order(texts: Iterable[str]) -> DateOrder:
    """The order of day and month that a column's texts prove.

    Proven is an order when every text reads in it and some text reads in no other.

    >>> date_order(["03/05/2024", "25/05/2024"]).long, date_order(["03/05/2024", "05/25/2024"]).long
    ('dmy', 'mdy')
    >>> date_order(["03/05/2024"]).long, date_order(["24/3/15", "25/1/7"]).short
    ('', 'ymd')
    """
    long, short = {"dmy", "mdy"}, {"ymd", "dmy", "mdy"}
    firsts: set[str] = set()
    lasts: set[str] = set()
    for text in texts:
        match = SHORT.match(plain(text).casefold().lstrip("'"))
        if match is None or match[2] == "년":
            continue
        valid = {order for order, _ in orders(match[1], match[3], match[5])}
        if not valid:
            continue
        if len(match[5]) == 4:
            long &= valid
        else:
            short &= valid
            firsts.add(match[1])
            lasts.add(match[5])
    if len(short) > 1:
        if len(lasts) == 1 and len(firsts) > 2 and 15 <= int(min(lasts)) <= 35:
            short = {"unsure"}
        elif "ymd" in short and any(int(year) > 12 for year in firsts) and len(firsts) <= len(lasts):
            short = {"ymd"}
    return DateOrder(*(orders.pop() if len(orders) == 1 else "" for orders in (long, short)))


def resaved(texts: Iterable[str], natives: Sequence[dt.date]) -> bool:
    """Whether Excel has swapped day and month of a column's native dates.

    A day-first list opened by a month-first Excel: dates up to the 12th became native dates, swapped; the
    others stayed text. Then no text reads both ways, and no native date has a day above 12.

    >>> resaved(["13/05/2024"], [dt.date(2024, m, 4) for m in (1, 2, 3, 5)])
    True
    """
    if len(natives) < 4 or any(day.day > 12 for day in natives):
        return False
    shorts = [m for t in texts if (m := SHORT.match(plain(t))) and len(m[5]) == 4]
    return bool(shorts) and all(len(orders(m[1], m[3], m[5])) == 1 for m in shorts)


def orders(a: str, b: str, c: str) -> list[tuple[str, tuple[int, int, int]]]:
    """Every order in which three short parts are a date."""
    year = int(c) if len(c) == 4 else short_year(c)
    orders = [("dmy", (year, int(b), int(a))), ("mdy", (year, int(a), int(b)))] if len(c) != 1 else []
    if len(c) < 4 and len(a) == 2:
        orders.append(("ymd", (short_year(a), int(b), int(c))))
    return [(order, ymd) for order, ymd in orders if ordinal(ymd) is not None]


def short_year(text: str) -> int:
    """A short year: 24 → 2024, 97 → 1997."""
    year = int(text)
    return 1900 + year if year >= 90 else 2000 + year


def ordinal(ymd: tuple[int, int, int]) -> int | None:
    """Days since 0001-01-01 (as `datetime.date` counts); None where there is no such day."""
    try:
        return dt.date(*ymd).toordinal()
    except ValueError:
        return None
