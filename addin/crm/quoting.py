"""A quote's money, number and validity. Amounts are whole hundredths; quantities are Decimal; nothing is float.

Sources: seed 000 (standard quote, price list in the kit); discounts: seed 002 (low quality asks 10–15 % under price).
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.amounts import LARGEST
from addin.crm.vat import Policy, Sum, line_amount, split, total

if TYPE_CHECKING:
    from collections.abc import Sequence

_NUMBER = re.compile(r"Q-(\d{4})-(\d{4,})-R(\d+)", re.ASCII)
#: A team's words in a line's note (or in brackets before its name) that leave it out of the total.
OPTIONAL_WORDS: Final = ("선택", "옵션", "선택사항", "선택품목", "option", "optional")
_BRACKETED = re.compile(rf"\s*[(\[]\s*(?:{'|'.join(OPTIONAL_WORDS)})\s*[)\]]\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a quote.

    ``price``       what this customer pays for one, in hundredths; with tax where the policy says 포함.
    ``list_price``  what the list asks of this partner's tier, None for what isn't in it; discounts are measured by it.
    ``cost``        what one costs us, None where nobody wrote it down. Never on the customer's copy.
    ``optional``    shown, but outside the total.
    """

    name: str
    quantity: Decimal = Decimal(1)
    price: int = 0
    spec: str = ""
    unit: str = ""
    note: str = ""
    code: str = ""
    taxed: bool = True
    optional: bool = False
    list_price: int | None = None
    cost: int | None = None


class Priced(NamedTuple):
    """A line counted out: ``amount`` = quantity × price; supply and tax of the line, None where the quote's tax is
    counted on the whole (basis ``total``)."""

    line: Line
    amount: int
    supply: int | None
    tax: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A whole quote: its lines, the sum of those that count, and of the optional ones.

    ``discount``  the share under the price list, negative where above; None where nothing is in the list.
    ``margin``    the share of the supply amount left after cost; None unless every line's cost is known.
    """

    lines: tuple[Priced, ...]
    sums: Sum
    options: Sum
    discount: Decimal | None
    margin: Decimal | None


class QuoteTooLarge(ValueError):
    """A sum above 100조, which no quote has: a slipped digit."""


def count(lines: Sequence[Line], policy: Policy) -> Counted:
    """Supply + tax = total, to the won, whatever the policy.

    >>> counted = count([Line("도배", Decimal("2.5"), 333_300)], Policy())
    >>> counted.sums
    Sum(supply=833200, tax=83300, total=916500)
    """
    priced = tuple(_priced(line, policy) for line in lines)
    wanted = [p for p in priced if not p.line.optional]
    sums = total(((p.amount, p.line.taxed) for p in wanted), policy)
    options = total(((p.amount, p.line.taxed) for p in priced if p.line.optional), policy)
    if max((abs(p.amount) for p in priced), default=0) > LARGEST or abs(sums.total) > LARGEST:
        raise QuoteTooLarge
    return Counted(priced, sums, options, _discount(wanted, policy), _margin(wanted, sums))


def _priced(line: Line, policy: Policy) -> Priced:
    amount = line_amount(line.quantity, line.price, policy)
    if policy.basis == "total":
        return Priced(line, amount, None, None)
    parts = split(amount, policy, taxed=line.taxed)
    return Priced(line, amount, parts.supply, parts.tax)


def _discount(lines: Sequence[Priced], policy: Policy) -> Decimal | None:
    """How far the whole lies under the price list; a line that isn't in it (a discount's own line) counts as given."""
    asked = sum(line_amount(p.line.quantity, p.line.list_price, policy) for p in lines if p.line.list_price is not None)
    if asked <= 0:
        return None
    paid = sum(p.amount for p in lines if p.line.list_price is not None or p.amount < 0)
    return 1 - Decimal(paid) / Decimal(asked)


def _margin(lines: Sequence[Priced], sums: Sum) -> Decimal | None:
    known = [p for p in lines if p.line.cost is not None]
    if not known or sums.supply <= 0 or any(p.line.cost is None and p.amount > 0 for p in lines):
        return None
    cost = sum(p.line.quantity * (p.line.cost or 0) for p in known)
    return 1 - Decimal(cost) / Decimal(sums.supply)


class Limits(NamedTuple):
    """Beyond which a person has to approve: at most so much under the list, at least so much margin."""

    discount: Decimal
    margin: Decimal


def beyond(counted: Counted, limits: Limits) -> tuple[str, ...]:
    """The limits a quote breaks: ``discount``, ``margin``.

    >>> beyond(count([Line("a", price=80_00, list_price=100_00)], Policy()), Limits(Decimal("0.1"), Decimal(0)))
    ('discount',)
    """
    over = counted.discount is not None and counted.discount > limits.discount
    under = counted.margin is not None and counted.margin < limits.margin
    return (*(("discount",) if over else ()), *(("margin",) if under else ()))


def is_optional(name: str, note: str) -> bool:
    """Whether a line is an offer beside the quote: ``선택`` in its note, or in brackets at its name.

    >>> is_optional("방충망 (선택)", ""), is_optional("방충망", "선택"), is_optional("선택적 코팅", "")
    (True, True, False)
    """
    return bool(_BRACKETED.search(name)) or note.strip().casefold() in OPTIONAL_WORDS or bool(_BRACKETED.search(note))


class QuoteNumber(NamedTuple):
    """``Q-2026-0007-R2``: year, running number of the year, revision."""

    year: int
    running: int
    revision: int

    def __str__(self) -> str:
        return f"Q-{self.year:04d}-{self.running:04d}-R{self.revision}"


def parse_quote_number(text: str) -> QuoteNumber | None:
    """A number of ours, None for a team's own.

    >>> parse_quote_number("Q-2026-0007-R2"), parse_quote_number("견적-7")
    (QuoteNumber(year=2026, running=7, revision=2), None)
    """
    found = _NUMBER.fullmatch(text.strip())
    return QuoteNumber(int(found[1]), int(found[2]), int(found[3])) if found else None


def next_number(year: int, used: Sequence[QuoteNumber]) -> QuoteNumber:
    """The first number of the year nobody has, right behind the last: no gaps.

    >>> str(next_number(2026, [QuoteNumber(2026, 6, 2), QuoteNumber(2025, 40, 1)]))
    'Q-2026-0007-R1'
    """
    return QuoteNumber(year, max((n.running for n in used if n.year == year), default=0) + 1, 1)


def expires(issued: dt.date, days: int) -> dt.date:
    """The last day a quote holds.

    >>> expires(dt.date(2026, 11, 21), 14)
    datetime.date(2026, 12, 5)
    """
    return issued + dt.timedelta(days)
