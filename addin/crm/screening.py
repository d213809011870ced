"""Which candidates to try first, by points that say what they are for; pilots and representative partners proposed.

seed 000: clusters of apartment estates (500 households and more), cafés and shared offices, estate agents with many
moves; 20 candidates screened, 2 pilots a cluster (6 in all), 3 representative partners a cluster. How many points each
is worth is our assumption (settings).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.message import Message, msg
from addin.crm.roster import is_estate
from addin.crm.standing import RUNNING, standing
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.settings import Settings

PARTS: Final = ("cluster", "households", "turnover", "benefits")
#: Why a part has less than all its points, or none at all; each a message ``screen.reason.<id>``.
REASONS: Final = (
    *("cluster.blank", "cluster.other", "households.blank", "households.below"),
    *("turnover.blank", "turnover.below", "benefits.none", "benefits.ours", "benefits.theirs"),
)
REASON_IDS: Final = tuple(f"screen.reason.{reason}" for reason in (*REASONS, "tie"))
#: What is said once of a part the team keeps no column for.
OFF_IDS: Final = tuple(f"screen.off.{part}" for part in PARTS)
#: seed 000 names three clusters: pilots of at most so many are proposed.
CLUSTERS: Final = 3
_DIGITS: Final = 6


def screen(partners: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The candidates and their score, best first.

    A candidate stands at one of the first three stages, or is called one by its status. Points: ``cluster`` all where
    it is one of those looked for; ``households`` all from a large estate on, in proportion below, asked of estates
    only; ``turnover`` in proportion to the most of its cluster; ``benefits`` half a side. What the team keeps no column
    for is left out. The score is points ÷ most possible, × 100. Among equals: more households, more turnover, the name.

    Gives ``partner``, ``cluster``, ``rank`` (its stage), ``score``, ``p_<part>`` (null = left out), ``households``,
    ``turnover``, ``best`` (most turnover of its cluster), ``reasons`` (of `REASONS`), ``pilot`` (proposed),
    ``tie`` (its equal was chosen, or left), ``place`` (from 1).

    >>> import polars as pl
    >>> from addin.crm.settings import Settings
    >>> rows = pl.DataFrame({"name": ["가", "나"], "cluster": ["아파트 단지", "아파트 단지"], "stage": ["미팅", "미팅"],
    ...                      "households": [250.0, None]})
    >>> screen(rows, Settings()).select("partner", "score", "p_cluster", "p_households", "reasons").rows()
    [('가', 75.0, 30.0, 15.0, ['households.below']), ('나', 50.0, 30.0, 0.0, ['households.blank'])]
    """
    import polars as pl

    there = standing(partners)
    found = _judged(there.filter("candidate"), settings)
    order = [pl.col("score"), pl.col("households").fill_null(-1), pl.col("turnover").fill_null(-1)]
    found = found.sort(*order, "partner", descending=[True, True, True, False], nulls_last=True)
    return _piloted(found, there, settings).drop("looked_for")


def representatives(quarter: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """The partners proposed as representatives: the best of the last quarter in each cluster, none of those to replace.

    ``quarter``: a frame of `addin.crm.quarters.quarter_tiers`. Gives ``cluster``, ``partners`` (best first), ``short``
    (how many of the wanted are missing).
    """
    import polars as pl

    most = settings.representatives
    stays = pl.col("rank").is_not_null() & pl.col("tier").ne_missing("replace")
    there = quarter.filter(~pl.col("ended") & pl.col("cluster").is_not_null())
    return (
        there.group_by("cluster", maintain_order=True)
        .agg(partners=pl.col("partner").filter(stays).head(most))
        .with_columns(short=pl.lit(most) - pl.col("partners").list.len().cast(pl.Int64))
        .sort("cluster")
    )


def kept(partners: pl.DataFrame) -> dict[str, bool]:
    """Which parts the team keeps columns for."""
    columns = set(partners.columns)
    return {
        "cluster": "cluster" in columns,
        "households": "households" in columns,
        "turnover": "turnover" in columns,
        "benefits": {"our_benefit", "their_benefit"} <= columns,
    }


def most_points(settings: Settings) -> dict[str, int]:
    """The points of each part."""
    return {
        "cluster": settings.screen_cluster,
        "households": settings.screen_households,
        "turnover": settings.screen_turnover,
        "benefits": settings.screen_benefits,
    }


def told_reasons(line: Mapping[str, object], large: int) -> list[Message]:
    """What costs a candidate its points, with the numbers; ``line``: one of `screen`, ``large`` the setting."""

    def number(name: str) -> float | None:
        value = line[name]
        return float(value) if isinstance(value, int | float) else None

    homes, moves, best = number("households"), number("turnover"), number("best")
    reasons = line["reasons"]
    assert isinstance(reasons, list)
    told = []
    for reason in reasons:
        id = f"screen.reason.{reason}"
        if reason == "households.below" and homes is not None:
            share = f"{max(homes, 0) / large:.0%}"
            told.append(msg(id, households=f"{homes:,.0f}", large=large, share=share))
        elif reason == "turnover.below" and moves is not None and best:
            told.append(msg(id, turnover=f"{moves:g}", best=f"{best:g}", share=f"{max(moves, 0) / best:.0%}"))
        else:
            told.append(msg(id))
    if line["tie"]:
        told.append(msg("screen.reason.tie"))
    return told


def _judged(candidates: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Each candidate's points, reasons and score."""
    import polars as pl

    rows = _told(candidates, settings)
    homes, moves, best = pl.col("households"), pl.col("turnover"), pl.col("best")
    large = float(settings.large_estate)
    asked = pl.col("estate") | homes.is_not_null()
    ours, theirs = pl.col("ours"), pl.col("theirs")
    shares = {
        "cluster": pl.col("looked_for").cast(pl.Float64),
        "households": pl.when(asked).then((homes / large).clip(0, 1).fill_null(0.0)),
        "turnover": pl.when(best > 0).then((moves / best).clip(0, 1)).fill_null(0.0),
        "benefits": (ours.cast(pl.Float64) + theirs.cast(pl.Float64)) / 2,
    }
    told = {
        "cluster.blank": pl.col("cluster").is_null(),
        "cluster.other": pl.col("cluster").is_not_null() & ~pl.col("looked_for"),
        "households.blank": asked & homes.is_null(),
        "households.below": homes < large,
        "turnover.blank": moves.is_null(),
        "turnover.below": moves < best,
        "benefits.none": ~ours & ~theirs,
        "benefits.ours": ~ours & theirs,
        "benefits.theirs": ours & ~theirs,
    }
    most, there = most_points(settings), kept(candidates)
    counted = [part for part in PARTS if there[part] and most[part]]
    points = {f"p_{part}": shares[part] * most[part] for part in counted}
    left = {f"p_{part}": pl.lit(None, dtype=pl.Float64) for part in PARTS if part not in counted}
    said = [pl.when(told[r]).then(pl.lit(r)) for r in REASONS if r.partition(".")[0] in counted]
    reasons = pl.concat_list(said).list.drop_nulls() if said else pl.lit([], dtype=pl.List(pl.String))
    rows = rows.with_columns(**points, **left, reasons=reasons)
    possible = pl.sum_horizontal(
        *(pl.when(pl.col(f"p_{part}").is_not_null()).then(float(most[part])).otherwise(0.0) for part in counted),
        pl.lit(0.0),
    )
    earned = pl.sum_horizontal(*(pl.col(f"p_{part}").fill_null(0.0) for part in counted), pl.lit(0.0))
    score = pl.when(possible > 0).then((100 * earned / possible).round(_DIGITS))
    return rows.with_columns(score=score)


def _told(rows: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """What is known of each candidate, every column there."""
    import polars as pl

    def column(name: str, kind: type[pl.DataType]) -> pl.Expr:
        return pl.col(name).cast(kind) if name in rows.columns else pl.lit(None, dtype=kind)

    def filled(name: str) -> pl.Expr:
        return (column(name, pl.String).str.strip_chars() != "").fill_null(False)

    clusters = rows["cluster"].drop_nulls().unique().to_list() if "cluster" in rows.columns else []
    wanted = [cluster for cluster in clusters if _holds(cluster, settings.screen_clusters)]
    elsewhere = [cluster for cluster in clusters if not is_estate(cluster)]
    return rows.select(
        "partner",
        "rank",
        cluster=column("cluster", pl.String),
        households=column("households", pl.Float64),
        turnover=column("turnover", pl.Float64),
        ours=filled("our_benefit"),
        theirs=filled("their_benefit"),
    ).with_columns(
        looked_for=pl.col("cluster").is_in(wanted).fill_null(False) if wanted else pl.lit(False),
        estate=~pl.col("cluster").is_in(elsewhere).fill_null(False) if elsewhere else pl.lit(True),
        best=pl.col("turnover").max().over("cluster"),
    )


def _holds(text: str, words: tuple[str, ...]) -> bool:
    key = header_key(text)
    return any(header_key(word) in key for word in words)


def free_places(there: pl.DataFrame, settings: Settings) -> dict[str, int]:
    """How many more pilots each cluster looked for may take: those being built, or tried, have a place already.

    ``there``: partners as `addin.crm.standing.standing` tells them.
    """
    import polars as pl

    if "cluster" not in there.columns:
        return {}
    wanted = [c for c in there["cluster"].drop_nulls().unique().sort() if _holds(c, settings.screen_clusters)]
    under_way = there.filter(~pl.col("candidate") & ~pl.col("ended") & (pl.col("rank") < RUNNING))
    taken = dict(under_way.group_by("cluster").len().iter_rows())
    return {cluster: max(settings.pilots - taken.get(cluster, 0), 0) for cluster in wanted}


def _piloted(found: pl.DataFrame, there: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Proposed as pilots: the best of each cluster looked for, in the places its partners on their way leave free."""
    import polars as pl

    free = free_places(there, settings)
    allowed = pl.col("cluster").replace_strict(free, default=0, return_dtype=pl.Int64) if free else pl.lit(0)
    found = found.with_row_index("place", offset=1).with_columns(
        pl.col("place").cast(pl.Int64),
        free=allowed,
        fits=pl.col("looked_for") & pl.col("score").is_not_null(),
    )
    nth = pl.col("fits").cast(pl.Int64).cum_sum().over("cluster")
    found = found.with_columns(pilot=pl.col("fits") & (nth <= pl.col("free")))
    first = pl.col("pilot").cast(pl.Int64).cum_sum() <= CLUSTERS * settings.pilots
    found = found.with_columns(pilot=pl.col("pilot") & first)
    mixed = pl.col("pilot").any() & ~pl.col("pilot").all()
    tie = mixed.over("cluster", "score") & pl.col("fits")
    return found.with_columns(tie=tie).drop("free", "fits", "ours", "theirs", "estate")
