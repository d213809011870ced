"""Korean VAT (부가가치세) by a quote's own policy, in exact money: amounts are whole hundredths, never float.

Supply + tax = total holds to the won whatever the policy: one of the three is always the difference of the others.
Rate: 10 % (부가가치세법 제30조). Below one won is cut off by default (국고금 관리법 제47조), per line.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_HALF_UP, ROUND_UP, Decimal, localcontext
from typing import TYPE_CHECKING, Literal, NamedTuple

from addin.crm.amounts import MONEY_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable

Rounding = Literal["floor", "half_up", "ceil"]
#: Away from or towards zero, so that a discount's line mirrors the line it takes back.
_ROUNDINGS = {"floor": ROUND_DOWN, "half_up": ROUND_HALF_UP, "ceil": ROUND_UP}
RATE = Decimal("0.1")
_UNTAXED = frozenset(
    ("면세", "영세", "영세율", "비과세", "taxfree", "exempt", "zero", "zerorated", "no", "n", "0", "false")
)


def taxed(word: str | None) -> bool:
    """Whether a 과세 column's word means a taxed item; blank does.

    >>> taxed("과세"), taxed("면 세"), taxed(None)
    (True, False, True)
    """
    return word is None or word.casefold().replace(" ", "") not in _UNTAXED


@dataclass(frozen=True, slots=True)
class Policy:
    """How a quote counts its tax.

    ``included``  prices hold the tax already (부가세 포함); else it comes on top (별도).
    ``rounding``  below one won: ``floor`` 절사, ``half_up`` 반올림, ``ceil`` 올림.
    ``basis``     ``line``: the sum of each line's tax; ``total``: the tax of the sum.
    """

    included: bool = False
    rounding: Rounding = "floor"
    basis: Literal["line", "total"] = "line"
    rate: Decimal = RATE


class Sum(NamedTuple):
    """Supply (공급가액), tax (세액), total (합계), in hundredths."""

    supply: int
    tax: int
    total: int


def split(amount: int, policy: Policy | None = None, *, taxed: bool = True) -> Sum:
    """One amount in hundredths as supply, tax and total; the tax is whole won.

    >>> split(1_000_500), split(1_100_000, Policy(included=True))
    (Sum(supply=1000500, tax=100000, total=1100500), Sum(supply=1000000, tax=100000, total=1100000))
    """
    policy = policy or Policy()
    if not taxed:
        return Sum(amount, 0, amount)
    if policy.included:
        tax = _won(Decimal(amount) * policy.rate / (1 + policy.rate), policy.rounding)
        return Sum(amount - tax, tax, amount)
    tax = _won(Decimal(amount) * policy.rate, policy.rounding)
    return Sum(amount, tax, amount + tax)


def line_amount(quantity: Decimal, price: int, policy: Policy | None = None) -> int:
    """Quantity × price in hundredths, rounded to whole won as the policy says.

    >>> line_amount(Decimal("2.5"), 333_300)
    833200
    """
    return _won(quantity * price, (policy or Policy()).rounding)


def total(amounts: Iterable[tuple[int, bool]], policy: Policy | None = None) -> Sum:
    """The sum of lines, each its amount in hundredths and whether it is taxed (과세) or not (면세).

    >>> total([(1_500, True), (1_500, True)]), total([(1_500, True), (1_500, True)], Policy(basis="total"))
    (Sum(supply=3000, tax=200, total=3200), Sum(supply=3000, tax=300, total=3300))
    """
    policy = policy or Policy()
    lines = list(amounts)
    if policy.basis == "total":
        lines = [(sum(a for a, taxed in lines if taxed), True), (sum(a for a, taxed in lines if not taxed), False)]
    parts = [split(amount, policy, taxed=taxed) for amount, taxed in lines]
    return Sum(sum(p.supply for p in parts), sum(p.tax for p in parts), sum(p.total for p in parts))


def _won(hundredths: Decimal, rounding: Rounding) -> int:
    with localcontext() as exact:
        exact.prec = 60
        return int((hundredths / MONEY_SCALE).quantize(Decimal(1), _ROUNDINGS[rounding])) * MONEY_SCALE
