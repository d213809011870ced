"""Another option: items near to what was asked for, never the same again, never without a price."""

from __future__ import annotations

import pytest

from addin.crm.alternatives import SHOWN, alternatives
from addin.crm.price_list import Item, PriceList

PRICES = PriceList(
    (
        Item("P-1", "수전 교체", "일반형", price=92_000_00),
        Item("P-2", "수전 청소", price=30_000_00),
        Item("P-3", "주방 수전", price=50_000_00),
        Item("P-4", "수전 점검"),
        Item("P-5", "도배", price=350_000_00),
        Item("P-6", "줄눈시공", price=10_000_00),
        Item("P-7", "줄눈재시공", price=20_000_00),
    )
)


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (["수전 교체"], ["수전 청소", "주방 수전"]),
        (["p-1", "수전 교체", "주방수전"], ["수전 청소"]),
        (["줄눈시공"], ["줄눈재시공"]),
        (["장판"], []),
        ([], []),
    ],
)
def test_what_is_near_is_offered(asked: list[str], offered: list[str]) -> None:
    assert [item.name for item in alternatives(PRICES, asked)] == offered


def test_at_most_three_are_offered() -> None:
    many = PriceList(tuple(Item(f"P-{n}", f"수전 {n:02d}형", price=100) for n in range(9)))
    assert len(alternatives(many, ["수전 교체"])) == SHOWN
