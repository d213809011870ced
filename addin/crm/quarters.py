"""What each partner brought in a closed calendar quarter (KST): the parts of its tier, from the daily facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

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
#: What was worked out for a tally, as long as it lives: the KPI and the tab ask for the same quarters.
_TOLD: WeakKeyDictionary[Tally, dict[int, tuple[Quarter, ...]]] = WeakKeyDictionary()


def last_closed_quarter(as_of: int) -> int:
    """The last calendar quarter that is over at the end of day ``as_of``.

    >>> import datetime as dt
    >>> from addin.crm.calendar import day_of, quarter_label
    >>> [quarter_label(last_closed_quarter(day_of(dt.date(2026, *day)))) for day in ((9, 29), (9, 30), (11, 20))]
    ['2026-Q2', '2026-Q3', '2026-Q3']
    """
    return quarter_of_day(as_of + 1) - 1


@dataclass(frozen=True, slots=True)
class Quarter:
    """A closed quarter: its index, the tiers with their parts (`quarter_tiers`), and names that are not ranked.

    ``unlisted``: names that requests give and the list of partners lacks, most often another spelling. Each is no
    partner until a person says who it is: it would only push real ones up.
    """

    number: int
    frame: pl.DataFrame
    unlisted: tuple[str, ...] = ()


def quarter_tiers(tally: Tally, count: int = 2) -> tuple[Quarter, ...]:
    """The last closed quarters, the newest first: one line a partner, `addin.crm.tiers.tiers` and what it is made of.

    Beside the tiers' columns: ``revenue`` (net, whole units; null without amounts), ``ltv_cac`` (customers who came of
    age, spend and new customers until the quarter's end; null below LTV_CAC's smallest sample), ``claim_rate``, ``n``
    (orders), ``intakes``, ``cluster``, ``since`` (day of the contract), ``fresh`` (within the quarter), ``ended``.

    Ranked are the partners with a request or an order in the quarter, and those of the list that were running then;
    a candidate, or one that signed later, was not there yet. Every quarter is recomputed from the facts: what a person
    adopted changes nothing here.
    """
    told = _TOLD.setdefault(tally, {})
    if count not in told:
        last = last_closed_quarter(tally.as_of)
        told[count] = _quarters(tally, [last - back for back in range(count)])
    return told[count]


def _quarters(tally: Tally, numbers: Sequence[int]) -> tuple[Quarter, ...]:
    import polars as pl

    weights = Weights.of(tally.settings)
    facts, listed = _facts(tally, min(numbers)), _listed(tally)
    found = []
    for number in numbers:
        first, last = quarter_bounds(number)
        own = _sums(facts, number)
        there = own.filter((pl.col("intakes") > 0) | (pl.col("won") > 0)).select("partner")
        known = there.join(listed, on="partner", how="semi") if listed.height else there
        running = listed.filter(pl.col("running") & (pl.col("since").is_null() | (pl.col("since") <= last)))
        names = pl.concat([known, running.select("partner")]).unique(maintain_order=True)
        parts = _parts(names, own, listed, tally, first)
        frame = tiers(parts, weights).join(parts, on="partner", how="left", maintain_order="left")
        unlisted = there.join(listed, on="partner", how="anti")["partner"].sort().to_list() if listed.height else []
        found.append(Quarter(number, frame, tuple(unlisted)))
    return tuple(found)


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


def _parts(names: pl.DataFrame, own: pl.DataFrame, listed: pl.DataFrame, tally: Tally, first: int) -> pl.DataFrame:
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
