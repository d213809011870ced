"""KPIs: any number of the catalogue over a range of rows, and the plain ones over plain ranges."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.points import herfindahl
from addin.functions.registry import Example, function
from addin.functions.vectors import cents, side_by_side, text

if TYPE_CHECKING:
    from addin.functions.registry import Answer, Range

_PARTNERS = [["한빛"], ["샛별"], ["두리"]]


def _earned(partners: Range, amounts: Range) -> dict[tuple[str | None, ...], dict[str, int]]:
    lists = side_by_side({"partners": partners, "amounts": amounts}, ("amounts",))
    sums: dict[tuple[str | None, ...], dict[str, int]] = {}
    for name, amount in zip(lists["partners"], lists["amounts"], strict=True):
        into = sums.setdefault((text(name),), {"net": 0})
        into["net"] += cents(amount, "amounts") or 0
    return sums


@function("kpi", example=Example((_PARTNERS, [[500000], [300000], [200000]]), 0.38))
def hhi(partners: Range, amounts: Range) -> Answer:
    """How concentrated the amounts are: the sum of squared shares."""
    return herfindahl(_earned(partners, amounts))[()].value
