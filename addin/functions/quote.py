"""Quotes: tax by the quote's policy, totals, the amount in letters, validity and number."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, date_of
from addin.crm.korean import TOO_LARGE, hangul_amount
from addin.crm.message import msg
from addin.crm.text import plain, shown, spelling_key
from addin.crm.vat import Policy, Rounding, line_amount, split, taxed, total
from addin.functions.registry import Blank, Example, Problem, function, named
from addin.functions.vectors import cents, moment, money, number, side_by_side, text, yes

if TYPE_CHECKING:
    from addin.functions.registry import Answer, Cell, Range

VALID_DAYS: Final = 30  # our assumption, as no source names one
_ROUNDINGS: dict[str, Rounding] = {
    **dict.fromkeys(("절사", "내림", "버림", "floor", "down"), "floor"),
    **dict.fromkeys(("반올림", "half_up", "round"), "half_up"),
    **dict.fromkeys(("올림", "ceil", "up"), "ceil"),
}
_FIFTEEN_DIGITS = 10**15  # a spreadsheet's numbers have no more: above them the last won is lost
_DIGITS = re.compile(r"₩?(-?(?:\d{1,3}(?:,\d{3})+|\d+))원?", re.ASCII)


def _policy(included: Cell, rounding: Cell) -> Policy:
    word = text(rounding)
    if word is not None and word.casefold() not in _ROUNDINGS:
        raise Problem("fn.error.rounding", value=word)
    return Policy(yes(included), _ROUNDINGS[word.casefold()] if word else "floor")


def _amount(value: Cell, name: str) -> int:
    found = cents(value, name)
    if found is None:
        raise Problem("fn.error.not_number", value=shown(value), name=named(name))
    return found


def _quantity(value: Cell) -> Decimal:
    found = number(value, "quantity")
    return Decimal(1) if found is None else Decimal(f"{found:.15g}")


@function("quote", example=Example((100050,), 10005))
def vat(amount: Cell, included: Cell = None, rounding: Cell = None) -> Answer:
    """The tax of an amount."""
    return money(split(_amount(amount, "amount"), _policy(included, rounding)).tax)


@function("quote", example=Example((2.5, 3333), 9165))
def line_total(quantity: Cell, price: Cell, included: Cell = None, rounding: Cell = None) -> Answer:
    """What a line costs with its tax."""
    policy = _policy(included, rounding)
    amount = line_amount(_quantity(quantity), _amount(price, "price"), policy)
    return money(split(amount, policy).total)


@function(
    "quote",
    spills=True,
    example=Example(
        ([["수량"], [2], [1]], [["단가"], [150000], [80005]]),
        [["공급가액", 380005], ["세액", 38000], ["합계", 418005], ["금액", "일금 사십일만팔천오원정"]],
    ),
)
def quote_total(
    quantities: Range,
    prices: Range,
    included: Cell = None,
    rounding: Cell = None,
    taxes: Range = None,  # type: ignore[assignment]
) -> Answer:
    """Supply, tax, total and the amount in letters of a whole quote; the tax is the sum of each line's."""
    policy = _policy(included, rounding)
    lists = side_by_side({"quantities": quantities, "prices": prices, "taxes": taxes}, ("quantities", "prices"))
    kinds = lists["taxes"] or [None] * len(lists["prices"])
    lines = [
        (line_amount(_quantity(quantity), found, policy), taxed(text(kind)))
        for quantity, price, kind in zip(lists["quantities"], lists["prices"], kinds, strict=True)
        if (found := cents(price, "prices")) is not None
    ]
    whole = total(lines, policy)
    rows: list[list[object]] = [
        [msg(f"fn.quote.{name}"), money(amount)] for name, amount in zip(TOTALS, whole, strict=False)
    ]
    return [*rows, [msg("fn.quote.letters"), _letters(whole.total)]]


def _letters(hundredths: int) -> str | None:
    """A total in letters; parts of a won have none."""
    return None if hundredths % 100 else hangul_amount(hundredths // 100)


#: Row names of `quote_total`; ids ``fn.quote.<name>``.
TOTALS = ("supply", "tax", "total", "letters")


@function("quote", example=Example((3691270,), "일금 삼백육십구만일천이백칠십원정"))
def hangul(amount: Cell) -> Answer:
    """An amount in Korean letters."""
    won = _won(amount)
    if abs(won) >= (TOO_LARGE if isinstance(amount, str) else _FIFTEEN_DIGITS):
        raise Problem("fn.error.too_large", value=shown(amount))
    return hangul_amount(won)


def _won(value: Cell) -> int:
    """An amount in whole won; digits written as text may be longer than a spreadsheet's numbers."""
    if isinstance(value, str) and (digits := _DIGITS.fullmatch(plain(value))):
        return int(digits[1].replace(",", ""))
    if isinstance(value, int | float) and not isinstance(value, bool) and float(value).is_integer():
        return int(value)
    found = _amount(value, "amount")
    if found % 100:
        raise Problem("fn.error.not_won", value=shown(value))
    return found // 100


@function("quote", example=Example(("2026-11-21", 14), dt.date(2026, 12, 5)))
def valid_until(date: Cell, days: Cell = None) -> Answer:
    """The last day a quote holds."""
    found = moment(date, "date")
    count = number(days, "days")
    count = VALID_DAYS if count is None else count
    if found is None:
        raise Blank("fn.error.no_date", value=shown(date), name="date")
    if not float(count).is_integer() or not 0 <= count <= 3650:
        raise Problem("fn.error.days", value=f"{count:g}")
    return date_of(found.minutes // DAY + int(count))


@function("quote", example=Example((2026, 1, 1), "Q-2026-0001-R1"))
def quote_number(year: Cell, sequence: Cell, revision: Cell = None) -> Answer:
    """A quote's number: year (or a date of it), running number, revision."""
    number_of_year = number(year, "year") if not isinstance(year, dt.date | str) else None
    if number_of_year is None or number_of_year > 9999:
        if isinstance(year, str) and year.strip().rstrip("년").strip().isdigit():
            number_of_year = float(year.strip().rstrip("년").strip())
        else:
            found = moment(year, "year")
            number_of_year = date_of(found.minutes // DAY).year if found else None
    running, again = number(sequence, "sequence"), number(revision, "revision")
    again = 1.0 if again is None else again
    parts = (number_of_year, running, again)
    if any(p is None or p < 1 or not float(p).is_integer() for p in parts) or (number_of_year or 0) > 9999:
        raise Problem("fn.error.quote_number", value=f"{shown(year)}, {shown(sequence)}, {shown(revision)}")
    return f"Q-{int(number_of_year or 0):04d}-{int(running or 0):04d}-R{int(again)}"


_PRICES = ([["P-01"], ["P-02"]], [[150000], [80000]])


@function("quote", example=Example(("p-02", *_PRICES), 80000), helps={"items": "price_items", "prices": "price_prices"})
def price(item: Cell, items: Range, prices: Range) -> Answer:
    """The price of an item in a price list, by code or name."""
    lists = side_by_side({"items": items, "prices": prices}, ("prices",))
    wanted = spelling_key(text(item) or "")
    names = [text(name) or "" for name in lists["items"]]
    found = {cents(lists["prices"][i], "prices") for i, name in enumerate(names) if spelling_key(name) == wanted}
    if len(found) > 1:
        raise Problem("fn.error.two_prices", value=shown(item))
    if not found:
        near = difflib.get_close_matches(text(item) or "", names, n=1, cutoff=0.4)
        raise Problem("fn.error.no_price", value=shown(item), near=near[0] if near else "–")
    amount = found.pop()
    return None if amount is None else money(amount)
