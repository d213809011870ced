"""What a team can set about partnerships: how candidates are screened, and how the quarter's score adds up.

Part of `addin.crm.settings.Settings`; each is a row of the settings tab.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm import setting_values as read
from addin.crm.customer_settings import CustomerSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.crm.catalogue import TargetKind

#: seed 000: 아파트 단지, 카페·공유오피스, 부동산, as teams write them.
CLUSTER_WORDS: Final = ("아파트", "단지", "카페", "공유오피스", "부동산", "공인중개사")


@dataclass(frozen=True, slots=True, init=False, repr=False, eq=False)  # made only as `Settings`
class PartnershipSettings(CustomerSettings):
    """``tier_*``: weights of the quarter's score, and the shares of partners to expand and replace.

    ``screen_*``: a candidate's most points for its cluster, households, turnover and both sides' benefits, the
    clusters looked for, the households of a large estate; candidates to screen in all, pilots and representative
    partners a cluster. ``experiment_gain``: the smallest gain of a step's rate an experiment is worth.
    """

    tier_revenue: Decimal = Decimal("0.5")
    tier_ltv_cac: Decimal = Decimal("0.3")
    tier_quality: Decimal = Decimal("0.2")
    tier_expand: Decimal = Decimal("0.5")
    tier_replace: Decimal = Decimal("0.3")
    screen_clusters: tuple[str, ...] = CLUSTER_WORDS
    screen_cluster: int = 30
    screen_households: int = 30
    screen_turnover: int = 20
    screen_benefits: int = 20
    large_estate: int = 500
    candidates: int = 20
    pilots: int = 2
    representatives: int = 3
    experiment_gain: Decimal = Decimal("0.1")


def _count(low: int, high: int) -> Callable[[object], object]:
    return lambda cell: read.whole_number(cell, low, high)


#: Key, field, unit, where the shipped value comes from, reader.
PARTNERSHIP_SPECS: Final[tuple[tuple[str, str, str, TargetKind, Callable[[object], object] | None], ...]] = (
    ("partnership.clusters", "screen_clusters", "words", "seed_rule", read.words),
    ("partnership.households", "large_estate", "count", "seed_number", _count(1, 100_000)),
    ("partnership.candidates", "candidates", "count", "seed_number", _count(1, 10_000)),
    ("partnership.pilots", "pilots", "count", "seed_number", _count(0, 100)),
    ("partnership.representatives", "representatives", "count", "seed_number", _count(0, 100)),
    ("partnership.points_cluster", "screen_cluster", "count", "assumed", _count(0, 1000)),
    ("partnership.points_households", "screen_households", "count", "assumed", _count(0, 1000)),
    ("partnership.points_turnover", "screen_turnover", "count", "assumed", _count(0, 1000)),
    ("partnership.points_benefits", "screen_benefits", "count", "assumed", _count(0, 1000)),
    ("partnership.weight_revenue", "tier_revenue", "share", "assumed", read.share),
    ("partnership.weight_ltv_cac", "tier_ltv_cac", "share", "assumed", read.share),
    ("partnership.weight_quality", "tier_quality", "share", "assumed", read.share),
    ("partnership.expand", "tier_expand", "share", "seed_number", read.share),
    ("partnership.replace", "tier_replace", "share", "seed_number", read.share),
    ("funnel.experiment_gain", "experiment_gain", "share", "assumed", read.share),
)
