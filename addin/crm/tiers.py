"""Quarterly tiers: which partners to expand, keep or replace, by one score whose parts are shown.

seed 000: "성과 상위 50% 확대, 하위 30% 교체". How revenue, LTV/CAC and quality add up is our assumption (settings).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.settings import Settings

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
_DIGITS: Final = 9  # of a score: two sums of the same parts are one number


@dataclass(frozen=True, slots=True)
class Weights:
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
    return (
        _ranked(_points(frame, weights), {"": weights})
        .with_columns(reasons=_reasons(frame, weights))
        .sort("rank", "partner", nulls_last=True)
        .select(
            *("partner", "score", "rank", "tier"),
            pl.col("reasons").list.drop_nulls(),
            *(f"p_{part}" for part in PARTS),
        )
    )


def flips(frame: pl.DataFrame, weights: Weights | None = None, step: Decimal = Decimal("0.1")) -> pl.DataFrame:
    """Whose tier hangs on a weight: with one weight more or less by ``step``, the others as they are.

    One line a partner and weight moved: ``partner``, ``part``, ``change`` (+step, -step), ``tier``, ``tier_then``.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"partner": list("가나다라"), "revenue": [4, 3, 2, 1], "ltv_cac": [1.0, 2.0, 3.0, 4.0],
    ...                      "claim_rate": [0.1, 0.1, 0.1, 0.0], "n": [50] * 4})
    >>> flips(rows).rows()
    [('라', 'revenue', -0.1, 'replace', 'expand'), ('라', 'ltv_cac', 0.1, 'replace', 'expand')]
    """
    import polars as pl

    weights = weights or Weights()
    moved: dict[str, tuple[str, Decimal, Weights]] = {}
    for part in PARTS:
        for change in (step, -step):
            new = max(weights.part(part) + change, Decimal(0))
            if new != weights.part(part):
                moved[f"_{len(moved)}"] = (part, change, _with(weights, part, new))
    ranked = _ranked(_points(frame, weights), {"": weights, **{name: new for name, (_, _, new) in moved.items()}})
    found = [
        ranked.filter(pl.col("tier") != pl.col(f"tier{name}")).select(
            "partner",
            part=pl.lit(part),
            change=pl.lit(float(change)),
            tier="tier",
            tier_then=f"tier{name}",
        )
        for name, (part, change, _) in moved.items()
    ]
    kinds = dict.fromkeys(("partner", "part", "tier", "tier_then"), pl.String) | {"change": pl.Float64}
    empty = pl.DataFrame(schema={name: kinds[name] for name in ("partner", "part", "change", "tier", "tier_then")})
    return pl.concat([empty, *found])


def _with(weights: Weights, part: str, value: Decimal) -> Weights:
    from dataclasses import replace

    match part:
        case "revenue":
            return replace(weights, revenue=value)
        case "ltv_cac":
            return replace(weights, ltv_cac=value)
        case _:
            return replace(weights, quality=value)


def _known(part: str, weights: Weights) -> pl.Expr:
    """A part's value where it may speak."""
    import polars as pl

    value = pl.col(PARTS[part][0]).cast(pl.Float64)
    return pl.when(pl.col("n") >= weights.min_n).then(value) if part == "quality" else value


def _points(frame: pl.DataFrame, weights: Weights) -> pl.DataFrame:
    """``partner`` and each part's points: 100 × (known − rank) ÷ (known − 1); null where unknown, or known alone."""
    import polars as pl

    columns = {}
    for part, (_, more) in PARTS.items():
        value = _known(part, weights)
        others = value.count() - 1
        place = value.rank("min", descending=more).cast(pl.Int64)
        columns[f"p_{part}"] = pl.when(others > 0).then(100.0 * (others + 1 - place) / others)
    return frame.select("partner", **columns)


def _ranked(points: pl.DataFrame, sets: dict[str, Weights]) -> pl.DataFrame:
    """The points with ``score…``, ``rank…`` and ``tier…`` for each set of weights, by its suffix."""
    import polars as pl

    scores = {}
    for name, weights in sets.items():
        total, weighed = pl.lit(0.0), pl.lit(0.0)
        for part in PARTS:
            weight, mark = float(weights.part(part)), pl.col(f"p_{part}")
            total += (weight * mark).fill_null(0.0)
            weighed += pl.when(mark.is_not_null()).then(weight).otherwise(0.0)
        scores[f"score{name}"] = pl.when(weighed > 0).then(total / weighed).round(_DIGITS)
    scored = points.with_columns(**scores)
    ranks = {f"rank{n}": pl.col(f"score{n}").rank("min", descending=True).cast(pl.Int64) for n in sets}
    scored = scored.with_columns(**ranks)
    return scored.with_columns(**{f"tier{n}": _tier(f"rank{n}", w) for n, w in sets.items()})


def _tier(rank: str, weights: Weights) -> pl.Expr:
    """Whole numbers, so that a share of n is met exactly: rank ≤ expand × n, rank > (1 − replace) × n."""
    import polars as pl

    (top, tops), (kept, keeps) = weights.expand.as_integer_ratio(), (1 - weights.replace).as_integer_ratio()
    place, count = pl.col(rank), pl.col(rank).count().cast(pl.Int64)
    tier = (
        pl.when(place * tops <= top * count)
        .then(pl.lit("expand"))
        .when(place * keeps > kept * count)
        .then(pl.lit("replace"))
        .otherwise(pl.lit("keep"))
    )
    return pl.when((count >= weights.least) & place.is_not_null()).then(tier)


def _reasons(frame: pl.DataFrame, weights: Weights) -> pl.Expr:
    """What to know beside a line's score, as a list with nulls among it."""
    import polars as pl

    told = []
    for part, (column, _) in PARTS.items():
        value = frame[column].cast(pl.Float64)
        known = frame.select(_known(part, weights)).to_series()
        alone = known.is_not_null() & (known.count() == 1)
        told += [_said(f"{part}.missing", value.is_null()), _said(f"{part}.alone", alone)]
        if part == "quality":
            told.append(_said("quality.small", value.is_not_null() & known.is_null()))
    same = pl.col("rank").is_not_null() & (pl.len().over("rank") > 1)
    told.append(pl.when(same).then(pl.lit("tie")))
    told.append(pl.when(pl.col("rank").is_null()).then(pl.lit("none")))
    told.append(pl.when(pl.col("rank").is_not_null() & pl.col("tier").is_null()).then(pl.lit("few")))
    return pl.concat_list(told)


def _said(reason: str, where: pl.Series) -> pl.Expr:
    import polars as pl

    return pl.when(pl.lit(where)).then(pl.lit(reason))
