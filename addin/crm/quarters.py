"""What each partner brought in a closed calendar quarter (KST): the parts of its tier, from the daily facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, quarter_bounds, quarter_of_day
from addin.crm.engines import to_polars
from addin.crm.standing import standing
from addin.crm.tiers import Weights, tiers

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.tally import Tally

#: Facts that count in the quarter of their day, and those that count from then on.
_FLOWS: Final = ("intakes", "won", "net", "claims")
_GROWING: Final = ("new", "spend")
_LIFETIME: Final = ("ltv_n", "ltv_net")  # true once the customer is old enough
_CENTS: Final = 100


def last_closed_quarter(as_of: int) -> int:
    """The last calendar quarter that is over at the end of day ``as_of``.

    >>> import datetime as dt
    >>> from addin.crm.calendar import day_of, quarter_label
    >>> [quarter_label(last_closed_quarter(day_of(dt.date(2026, *day)))) for day in ((9, 29), (9, 30), (11, 20))]
    ['2026-Q2', '2026-Q3', '2026-Q3']
    """
    return quarter_of_day(as_of + 1) - 1


def quarter_tiers(tally: Tally, count: int = 2) -> list[tuple[int, pl.DataFrame]]:
    """The last closed quarters and their tiers, the newest first: `quarter_parts` and `addin.crm.tiers.tiers` joined.

    Two quarters are recomputed from the facts each time: what a person adopted changes nothing here.
    """
    weights = Weights.of(tally.settings)
    last = last_closed_quarter(tally.as_of)
    parts = quarter_parts(tally, [last - back for back in range(count)])
    return [
        (quarter, tiers(own, weights).join(own, on="partner", how="left", maintain_order="left"))
        for quarter, own in parts.items()
    ]


def quarter_parts(tally: Tally, quarters: Sequence[int]) -> dict[int, pl.DataFrame]:
    """For each quarter one line a partner: what `addin.crm.tiers.tiers` reads, and what to know beside it.

    ``partner``, ``revenue`` (net, whole units; null without amounts), ``ltv_cac`` (customers who came of age, spend and
    new customers until the quarter's end; null below the smallest sample of LTV_CAC), ``claim_rate``, ``n`` (orders),
    ``intakes``, ``cluster``, ``since`` (day of the contract), ``ended``.

    Ranked are the partners with a request or an order in the quarter, and those of the list that were running then;
    a candidate, or one that signed later, was not there yet. Where there is a list, a name it lacks (most often another
    spelling) is no partner until a person says who it is: it would only push real ones up.
    """
    import polars as pl

    facts = _facts(tally, min(quarters))
    listed = _listed(tally)
    found = {}
    for quarter in quarters:
        first, last = quarter_bounds(quarter)
        own = _sums(facts, quarter)
        active = (pl.col("intakes") > 0) | (pl.col("won") > 0)
        there = own.filter(active & pl.col("partner").is_in(listed["partner"].to_list()) if listed.height else active)
        running = pl.col("running") & (pl.col("since").is_null() | (pl.col("since") <= last))
        names = pl.concat([there["partner"], listed.filter(running)["partner"]]).unique(maintain_order=True)
        found[quarter] = _line(pl.DataFrame({"partner": names}), own, listed, tally, first)
    return found


def _facts(tally: Tally, first: int) -> pl.DataFrame:
    """Every measure by partner and quarter (quarters before ``first`` as one), one line each."""
    import polars as pl

    start = quarter_bounds(first)[0]
    edges = [start]
    while edges[-1] <= tally.as_of:
        edges.append(quarter_bounds(first + len(edges))[0])
    age = tally.settings.ltv_weeks * 7
    summed = []
    for part in tally.facts(("partner",)):
        for measures, shift in ((_FLOWS + _GROWING, 0), (_LIFETIME, age)):
            wanted = [m for m in measures if m in part.measures]
            if wanted:
                day = pl.col("day") + shift
                quarter = pl.sum_horizontal((day >= edge).cast(pl.Int64) for edge in edges) + (first - 1)
                rows = part.frame.lazy().filter(pl.col("partner").is_not_null() & (day <= tally.as_of))
                summed.append(rows.group_by("partner", quarter.alias("quarter")).agg(pl.col(wanted).sum()))
    kinds = {"partner": pl.String, "quarter": pl.Int64}
    empty = pl.DataFrame(schema=kinds | dict.fromkeys(_FLOWS + _GROWING + _LIFETIME, pl.Int64))
    found = pl.concat([empty, *(rows.collect(engine="in-memory") for rows in summed)], how="diagonal")
    partners = tally.tables.get("partners")
    if partners is None or "partner_key" in tally.columns["partners"]:
        return found
    known = {name: partner.name for name in found["partner"].unique() if (partner := tally.roster.find(name))}
    return found.with_columns(pl.col("partner").replace(known))


def _sums(facts: pl.DataFrame, quarter: int) -> pl.DataFrame:
    """One quarter by partner: flows of the quarter, the rest until its end."""
    import polars as pl

    now = pl.col("quarter") == quarter
    flows = [pl.col(name).filter(now).sum() for name in _FLOWS]
    return facts.filter(pl.col("quarter") <= quarter).group_by("partner").agg(
        *flows, pl.col(_GROWING + _LIFETIME).sum()
    )  # fmt: skip


def _line(names: pl.DataFrame, own: pl.DataFrame, listed: pl.DataFrame, tally: Tally, first: int) -> pl.DataFrame:
    import polars as pl

    enough = tally.settings.thresholds["LTV_CAC"].min_n
    money = tally.has("requests", "amount")
    claims = tally.has("requests", "claim")
    known = (pl.min_horizontal("ltv_n", "new") >= enough) & (pl.col("spend") > 0)
    margin = float(tally.settings.margin)
    ltv = pl.col("ltv_net") * margin / pl.col("ltv_n")
    cac = pl.col("spend") / pl.col("new")
    return (
        names.join(own, on="partner", how="left", maintain_order="left")
        .with_columns(pl.col(*_FLOWS, *_GROWING, *_LIFETIME).fill_null(0))
        .join(listed.drop("running"), on="partner", how="left", maintain_order="left")
        .select(
            "partner",
            revenue=pl.col("net") / _CENTS if money else pl.lit(None, dtype=pl.Float64),
            ltv_cac=pl.when(known & pl.lit(money)).then(ltv / cac),
            claim_rate=pl.when((pl.col("won") > 0) & pl.lit(claims)).then(pl.col("claims") / pl.col("won")),
            n="won",
            intakes="intakes",
            cluster="cluster",
            since="since",
            fresh=(pl.col("since") > first).fill_null(False),
            ended=pl.col("ended").fill_null(False),
        )
    )


def _listed(tally: Tally) -> pl.DataFrame:
    """The partners of the list: ``partner``, ``cluster``, ``since`` (day), ``running``, ``ended``."""
    import polars as pl

    native = tally.tables.get("partners")
    kinds = {"partner": pl.String, "cluster": pl.String, "since": pl.Int64, "running": pl.Boolean, "ended": pl.Boolean}
    if native is None:
        return pl.DataFrame(schema=kinds)
    frame = standing(to_polars(native))
    no_text = pl.lit(None, dtype=pl.String)
    return frame.select(
        "partner",
        cluster=pl.col("cluster") if "cluster" in frame.columns else no_text,
        since=pl.col("contract_at") // DAY if "contract_at" in frame.columns else pl.lit(None, dtype=pl.Int64),
        running="running",
        ended="ended",
    )
