"""Quarterly tiers: which partners to expand, keep or replace, by one score whose parts are shown.

seed 000: "성과 상위 50% 확대, 하위 30% 교체". How revenue, LTV/CAC and quality add up is our assumption (settings).
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import polars as pl
    from numpy.typing import NDArray

    from addin.crm.settings import Settings

    Numbers = NDArray[np.float64]
    Places = NDArray[np.int64]
    Marks = NDArray[np.bool_]

Tier = Literal["expand", "keep", "replace"]
TIERS: Final[tuple[Tier, ...]] = ("expand", "keep", "replace")
#: The parts of the score: the column it reads, and whether more is better.
PARTS: Final = {"revenue": ("revenue", True), "ltv_cac": ("ltv_cac", True), "quality": ("claim_rate", False)}
#: Why a part was left out, or what else to know; each a message ``tiers.reason.<id>``.
REASONS: Final = (
    *(f"{part}.missing" for part in PARTS),
    *(f"{part}.alone" for part in PARTS),
    *("quality.small", "tie", "few", "none"),
)
REASON_IDS: Final = tuple(f"tiers.reason.{reason}" for reason in REASONS)
_DIGITS: Final = 9  # of a score


class Flip(NamedTuple):
    """A partner whose tier is another when a part's weight moves by ``change``."""

    partner: str
    part: str
    change: Decimal
    tier: Tier
    then: Tier


class Weights(NamedTuple):
    """What each part of the score weighs, the shares of partners to expand and replace, the smallest samples.

    ``min_n``: paid orders from which a claim rate speaks; ``least``: partners from which ranks make tiers.
    """

    revenue: Decimal = Decimal("0.5")
    ltv_cac: Decimal = Decimal("0.3")
    quality: Decimal = Decimal("0.2")
    expand: Decimal = Decimal("0.5")
    replace: Decimal = Decimal("0.3")
    min_n: int = 20
    least: int = 4

    @classmethod
    def of(cls, settings: Settings) -> Weights:
        """The weights as they stand in the settings tab."""
        return cls(
            settings.tier_revenue,
            settings.tier_ltv_cac,
            settings.tier_quality,
            settings.tier_expand,
            settings.tier_replace,
            settings.thresholds["CLAIM_RATE"].min_n,
            settings.thresholds["QUARTER_TIER"].min_n,
        )

    def part(self, name: str) -> Decimal:
        """One part's weight."""
        return {"revenue": self.revenue, "ltv_cac": self.ltv_cac, "quality": self.quality}[name]


def tiers(frame: pl.DataFrame, weights: Weights | None = None) -> pl.DataFrame:
    """Score, rank and tier of each partner of one quarter.

    ``frame``: ``partner``, ``revenue``, ``ltv_cac``, ``claim_rate`` (null where unknown), ``n`` (paid orders behind the
    claim rate). A part's points run from 0 (last of those known) to 100 (best), ties sharing the better place; the
    score is their weighted mean. A part that is unknown, or a claim rate of a small sample, is left out, the other
    weights taking its share. Ranks are "min": n partners, rank ≤ 0.5 n expand, rank > 0.7 n replace, else keep; with
    fewer than 4 partners nobody has a tier.

    Gives, best first: ``partner``, ``score`` and ``rank`` (null without any part), ``tier``, ``reasons`` (of
    `REASONS`), and the points ``p_revenue``, ``p_ltv_cac``, ``p_quality`` (null = left out).

    >>> import polars as pl
    >>> rows = pl.DataFrame({"partner": list("가나다라"), "revenue": [400, 300, 200, 100], "ltv_cac": [None] * 4,
    ...                      "claim_rate": [0.0] * 4, "n": [5] * 4})
    >>> [(r["partner"], round(r["score"]), r["rank"], r["tier"]) for r in tiers(rows).rows(named=True)]
    [('가', 100, 1, 'expand'), ('나', 67, 2, 'expand'), ('다', 33, 3, 'replace'), ('라', 0, 4, 'replace')]
    """
    import polars as pl

    weights = weights or Weights()
    names = frame["partner"].to_list()
    parts = Parts.of(frame, weights)
    ranking = rank(names, parts, weights)
    order = ranking.order
    points = {f"p_{part}": _column(own[order]) for part, own in parts.points.items()}
    reasons = _reasons(parts, ranking.ranks, ranking.cut)
    return pl.DataFrame(
        {
            "partner": pl.Series([names[at] for at in order], dtype=frame["partner"].dtype),
            "score": _column(ranking.scores[order]),
            "rank": pl.Series([place or None for place in ranking.ranks[order].tolist()], dtype=pl.Int64),
            "tier": pl.Series([TIERS[at] if at >= 0 else None for at in ranking.cut[order]], dtype=pl.String),
            "reasons": pl.Series([reasons[at] for at in order], dtype=pl.String).str.extract_all(r"\S+"),
            **points,
        }
    )


class Ranking(NamedTuple):
    """Scores (NaN without any part), ranks (0 without a score), tiers as places in `TIERS` (-1 for none), of some
    partners; ``order``: their places, best first.
    """

    scores: Numbers
    ranks: Places
    cut: Places
    order: list[int]


def rank(names: Sequence[str | None], parts: Parts, weights: Weights) -> Ranking:
    """Partners by their scores; `tiers` says how."""
    scores = parts.scores(weights)
    ranks = _ranks(scores)
    last = [place or len(names) + 1 for place in ranks.tolist()]
    order = sorted(range(len(names)), key=lambda at: (last[at], names[at] is not None, names[at] or ""))
    return Ranking(scores, ranks, _cut(ranks, weights), order)


def flips(frame: pl.DataFrame, weights: Weights | None = None, step: Decimal = Decimal("0.1")) -> list[Flip]:
    """Whose tier hangs on a weight: with one weight more or less by ``step``, the others as they are.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"partner": list("가나다라"), "revenue": [4, 3, 2, 1], "ltv_cac": [1.0, 2.0, 3.0, 4.0],
    ...                      "claim_rate": [0.1, 0.1, 0.1, 0.0], "n": [50] * 4})
    >>> for flip in flips(rows):
    ...     print(*flip)
    라 revenue -0.1 replace expand
    라 ltv_cac 0.1 replace expand
    """
    weights = weights or Weights()
    parts, names = Parts.of(frame, weights), frame["partner"]
    now = _cut(_ranks(parts.scores(weights)), weights)
    found: list[Flip] = []
    for part in PARTS:
        for change in (step, -step):
            moved = max(weights.part(part) + change, Decimal(0))
            if moved == weights.part(part):
                continue
            then = _cut(_ranks(parts.scores(weights, {part: moved})), weights)
            found += [
                Flip(names[int(at)], part, change, TIERS[now[at]], TIERS[then[at]]) for at in (now != then).nonzero()[0]
            ]
    return found


class Parts:
    """The parts of some partners' scores: values and points as numbers, NaN where unknown or left out."""

    def __init__(self, values: dict[str, Numbers], small: Marks) -> None:
        import numpy as np

        self.values = values
        self.small = small  # a claim rate of too few orders
        self.known = {part: ~np.isnan(own) & ~(small & (part == "quality")) for part, own in values.items()}
        self.points: dict[str, Numbers] = {}
        for part, (_, more) in PARTS.items():
            own = np.where(self.known[part], values[part] if more else -values[part], np.nan)
            others = int(self.known[part].sum()) - 1
            places = _ranks(own)
            with_points = self.known[part] & (others > 0)
            self.points[part] = np.where(with_points, 100.0 * (others + 1 - places) / max(others, 1), np.nan)

    @classmethod
    def of(cls, frame: pl.DataFrame, weights: Weights) -> Parts:
        """The parts as a frame of one quarter tells them."""
        lines = frame.select(*(column for column, _ in PARTS.values()), "n").rows()
        return cls.told(lines, weights)

    @classmethod
    def told(cls, lines: Sequence[tuple[float | None, ...]], weights: Weights) -> Parts:
        """The parts of some lines, a partner each: the columns of `PARTS`, and orders (None: not known)."""
        import numpy as np

        columns = np.array(lines, dtype=np.float64).reshape(len(lines), len(PARTS) + 1)  # None is NaN
        values = {part: columns[:, at] for at, part in enumerate(PARTS)}
        return cls(values, ~np.isnan(values["quality"]) & (np.nan_to_num(columns[:, -1]) < weights.min_n))

    def scores(self, weights: Weights, instead: Mapping[str, Decimal] | None = None) -> Numbers:
        """Each partner's score, rounded so that two sums of the same parts are one number."""
        import numpy as np

        total = np.zeros_like(self.values["revenue"])
        weighed = np.zeros_like(total)
        for part, points in self.points.items():
            weight = float((instead or {}).get(part, weights.part(part)))
            there = ~np.isnan(points)
            total += np.where(there, weight * np.nan_to_num(points), 0.0)
            weighed += np.where(there, weight, 0.0)
        scored = weighed > 0
        return np.where(scored, np.round(total / np.where(scored, weighed, 1.0), _DIGITS), np.nan)


def _column(numbers: Numbers) -> pl.Series:
    """Numbers as a column, null where they are NaN; by way of a list, for polars would load all of `numpy.ma`."""
    import polars as pl

    return pl.Series(numbers.tolist(), dtype=pl.Float64).fill_nan(None)


def _ranks(scores: Numbers) -> Places:
    """Ranks from 1, the highest first, ties sharing the better; 0 where there is no score."""
    import numpy as np

    known = np.sort(scores[~np.isnan(scores)])
    places = 1 + len(known) - np.searchsorted(known, scores, side="right")
    return np.where(np.isnan(scores), 0, places).astype(np.int64)


def _cut(ranks: Places, weights: Weights) -> Places:
    """Each rank's tier as an index of `TIERS`, -1 for none.

    In whole numbers, so that a share of n is met exactly: rank ≤ expand × n, rank > (1 - replace) × n.
    """
    import numpy as np

    count = int((ranks > 0).sum())
    (top, tops), (kept, keeps) = weights.expand.as_integer_ratio(), (1 - weights.replace).as_integer_ratio()
    expand, replace = ranks * tops <= top * count, ranks * keeps > kept * count
    tier = np.where(expand, 0, np.where(replace, 2, 1))
    return np.where((ranks > 0) & (count >= weights.least), tier, -1)


def _reasons(parts: Parts, ranks: Places, cut: Places) -> list[str]:
    """What to know beside each line's score, apart by spaces."""
    import numpy as np

    told: list[tuple[str, Marks]] = []
    for part, values in parts.values.items():
        told.append((f"{part}.missing", np.isnan(values)))
        told.append((f"{part}.alone", parts.known[part] & (parts.known[part].sum() == 1)))
        if part == "quality":
            told.append(("quality.small", parts.small))
    shared = np.bincount(ranks)[ranks] > 1 if len(ranks) else ranks > 0
    told += [("tie", (ranks > 0) & shared), ("none", ranks == 0), ("few", (ranks > 0) & (cut < 0))]
    out = np.full(len(ranks), "", dtype=object)
    for reason, where in told:
        out[where] += f"{reason} "
    return list(out)
