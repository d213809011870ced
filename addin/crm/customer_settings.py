"""What a team decides about its customers: the kind of business, who counts as frequent, what an invitation says.

Part of `addin.crm.settings.Settings`; each is a row of the settings tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from addin.crm import setting_values as read
from addin.crm.quote_settings import QuoteSettings, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.crm.catalogue import TargetKind

#: seed 003: manufacture or service × one-off or lasting decides what the regular product is.
Business = Literal["goods_once", "goods_lasting", "service_once", "service_lasting"]


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # made only as `Settings`
class CustomerSettings(QuoteSettings):
    """``frequent_orders`` custom orders within ``frequent_weeks`` are frequent; ``reward_sources``: words in a source
    that mean a one-off reward; ``regular_words``: words in a service that mean a regular one; ``invite_days``: how long
    after the experience an invitation still fits; ``best_cases`` to show of one kind; ``best_satisfaction``: the share
    of the scale that is its top; ``upsell_share``: how much more (or less) tells two prices apart."""

    business: Business = "service_once"
    frequent_orders: int = 3
    frequent_weeks: int = 52
    reward_sources: tuple[str, ...] = ("쿠폰", "리워드", "체험단", "경품", "할인", "coupon", "reward", "giveaway")
    regular_words: tuple[str, ...] = ("정기", "구독", "regular", "subscription")
    invite_days: int = 90
    invite_link: str = ""
    best_cases: int = 3
    best_satisfaction: Decimal = Decimal("0.9")
    upsell_share: Decimal = Decimal("0.1")


def _days(cell: object) -> int | None:
    return read.whole_number(cell, 1, 3650)


#: (key, field, unit, source, reader); no reader = one of `CUSTOMER_CHOICES`.
CUSTOMER_SPECS: Final[tuple[tuple[str, str, str, TargetKind, Callable[[object], object] | None], ...]] = (
    ("customers.business", "business", "none", "seed_rule", None),
    ("customers.frequent_orders", "frequent_orders", "count", "assumed", lambda c: read.whole_number(c, 1, 1000)),
    ("customers.frequent_weeks", "frequent_weeks", "weeks", "assumed", lambda c: read.whole_number(c, 1, 520)),
    ("customers.reward_sources", "reward_sources", "words", "assumed", read.words),
    ("customers.regular_words", "regular_words", "words", "assumed", read.words),
    ("customers.invite_days", "invite_days", "days", "assumed", _days),
    ("customers.best_cases", "best_cases", "count", "assumed", lambda c: read.whole_number(c, 1, 20)),
    ("customers.best_satisfaction", "best_satisfaction", "share", "assumed", read.share),
    ("customers.upsell_share", "upsell_share", "share", "assumed", read.share),
    ("customers.invite_link", "invite_link", "text", "assumed_none", text),
)

CUSTOMER_CHOICES: Final = {  # field → (value, Korean, English)
    "business": (
        ("goods_once", "단발 제조", "one-off goods"),
        ("goods_lasting", "지속 제조", "lasting goods"),
        ("service_once", "단발 서비스", "one-off service"),
        ("service_lasting", "지속 서비스", "lasting service"),
    ),
}
