"""What a partner's kit tells: its own prices, what we promise it, how it reaches us. Never a cost or another's price.

seed 000: price list, service scope and A/S terms in one pack; quote, inspection and report forms; photo guide, review
form; each partner has its own contact channel and booking form.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.crm.flags import percent
from addin.crm.report_sides import agreed_minutes, agreed_same_day
from addin.crm.text import spelling_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from addin.crm.price_list import PriceList
    from addin.crm.settings import Settings

#: Headers of the partners table for what only the kit asks.
BOOKING_HEADERS: Final = (
    *("예약링크", "예약폼", "예약양식", "예약주소", "예약url", "예약페이지", "접수폼", "접수링크"),
    *("bookinglink", "bookingform", "bookingurl", "booking"),
)
CHANNEL_HEADERS: Final = (
    *("소통채널", "연락채널", "전용채널", "상담채널", "오픈채팅", "카카오채널", "카톡방", "단톡방", "채널"),
    *("channel", "contactchannel"),
)


@dataclass(frozen=True, slots=True)
class KitPrice:
    """One line of the partner's price list; ``price`` in hundredths, None where it has to be asked for."""

    code: str
    name: str
    spec: str
    unit: str
    price: int | None
    taxed: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """The service level agreed with a partner: minutes to confirm, share of same-day visits (``90 %``), our hours."""

    minutes: int
    same_day: str
    opens: str
    closes: str
    weekdays: tuple[int, ...]
    always: bool


def kit_prices(prices: PriceList, tier: str, discounts: Mapping[str, Decimal]) -> tuple[KitPrice, ...]:
    """The list at the prices of one tier, in the list's order.

    >>> from addin.crm.price_list import Item, PriceList
    >>> kit_prices(PriceList((Item("A", "도배", price=100_00, tiers={"a": 90_00}),)), "A", {})[0].price
    9000
    """
    return tuple(
        KitPrice(i.code, i.name, i.spec, i.unit, prices.price_for(i, tier, discounts), i.taxed) for i in prices.items
    )


def promise(row: Mapping[str, object], settings: Settings) -> Promise:
    """What is promised to the partner of a row: its own agreement first, then the settings."""
    target = agreed_same_day(row, settings)
    return Promise(
        minutes=agreed_minutes(row, settings),
        same_day="" if target is None else percent(target),
        opens=_clock(settings.open_minute),
        closes=_clock(settings.close_minute),
        weekdays=settings.weekdays,
        always=settings.clock == "clock",
    )


def extra(row: Mapping[str, Any], headers: tuple[str, ...]) -> str:
    """What a column the mapping has no field for says, by its header.

    >>> extra({"예약 링크": "https://example.com/b"}, BOOKING_HEADERS)
    'https://example.com/b'
    """
    found = {spelling_key(name): value for name, value in row.items() if value and not name.startswith("_")}
    return next((str(found[header]) for header in headers if header in found), "")


def _clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
