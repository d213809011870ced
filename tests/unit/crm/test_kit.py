"""A kit's prices are its partner's own, its promises those agreed with it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addin.crm.kit import BOOKING_HEADERS, CHANNEL_HEADERS, KitPrice, extra, kit_prices, promise
from addin.crm.price_list import Item, PriceList
from addin.crm.settings import Settings
from addin.crm.text import spelling_key

LIST = PriceList(
    (
        Item("A1", "수전 교체", price=100_000_00, cost=40_000_00, tiers={"a": 80_000_00, "b": 90_000_00}),
        Item("A2", "무료 점검", taxed=False),
    )
)


@pytest.mark.parametrize(
    ("tier", "price"), [("A", 80_000_00), ("b", 90_000_00), ("", 100_000_00), ("C", 70_000_00), ("D", 100_000_00)]
)
def test_a_partner_sees_the_price_of_its_own_tier(tier: str, price: int) -> None:
    found = kit_prices(LIST, tier, {"C": Decimal("0.3")})
    assert [line.price for line in found] == [price, None]
    assert not found[1].taxed


def test_a_line_of_the_kit_has_no_cost_and_no_other_price() -> None:
    assert set(KitPrice.__slots__) == {"code", "name", "spec", "unit", "price", "taxed"}


def test_what_was_agreed_with_the_partner_comes_before_the_teams_own() -> None:
    own, agreed = promise({}, Settings()), promise({"sla_minutes": 15.0, "same_day_target": 0.8}, Settings())
    assert (own.minutes, own.same_day, own.opens, own.closes) == (10, "90 %", "09:00", "18:00")
    assert (agreed.minutes, agreed.same_day) == (15, "80 %")


@pytest.mark.parametrize("header", ["예약 링크", "예약폼", "Booking Link", "예약 URL"])
def test_the_booking_address_is_found_by_its_header(header: str) -> None:
    assert extra({"name": "한빛", header: "https://example.com", "_row": 3}, BOOKING_HEADERS) == "https://example.com"
    assert extra({"name": "한빛", header: None}, BOOKING_HEADERS) == ""


def test_headers_are_written_as_they_are_compared() -> None:
    assert all(spelling_key(header) == header for header in (*BOOKING_HEADERS, *CHANNEL_HEADERS))
