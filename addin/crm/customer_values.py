"""The KPIs of customers that are no plain sums: those who stayed, week by week; the pool of regulars; their quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.calendar import last_closed_week, week_bounds
from addin.crm.cohort_facts import RETAINED_DAYS
from addin.crm.points import Case, Point, stock
from addin.crm.signs import CHART_WEEKS, chart_signs, falling_signs

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.tally import Key, Tally
    from addin.crm.windows import Span

_CHANGES = 4  # weeks whose net change is looked at
_LATE = 1_000_000  # a day after all others, of requests without one


def throughput(tally: Tally, by: tuple[str, ...], days: Span) -> dict[Key, Case]:
    """Customers who came to stay in some days; n = the closed weeks on its chart.

    The chart begins where the first customer of all could have come to stay.
    """
    last = last_closed_week(days[1])
    first = max(last - CHART_WEEKS + 1, last_closed_week(tally.days[0] + RETAINED_DAYS[0]) + 1)
    weekly = tally.weekly(("kept",), range(first, last + 1), by) if first <= last else {}
    found: dict[Key, Case] = {}
    closed = first <= last and days == week_bounds(last)
    sums = {} if closed else tally.sums(days, by)
    for key in tally.groups(by):
        series = weekly.get(key, {}).get("kept", [])
        kept = sum(series[-1:]) if closed else sums.get(key, {}).get("kept", 0)
        point = Point(kept, 1, len(series), kept, 1) if tally.span else Point(0, 0, 0, None, None)
        found[key] = Case(point, signs=chart_signs(series, "higher"))
    return found


def regular_pool(tally: Tally, by: tuple[str, ...], until: int) -> dict[Key, Case]:
    """Members at the end of day ``until``, and whether there were fewer week after week (`addin.crm.pool`).

    n: all who ever joined. Where nobody ever joined there is no pool to speak of.
    """
    import polars as pl

    from addin.crm.pool import joined, left

    lines, keys = _grouped(tally, by)
    last = last_closed_week(until)
    weeks = range(last - _CHANGES + 1, last + 1)
    days = lines.select("_group", came=joined(lines), went=left(lines))
    days = days.filter(pl.col("came") <= until)
    changes = [
        pl.col("came").is_between(*week_bounds(week)).sum().cast(pl.Int64)
        - pl.col("went").is_between(*week_bounds(week)).fill_null(False).sum().cast(pl.Int64)
        for week in weeks
    ]
    inside = pl.col("went").is_null() | (pl.col("went") > until)
    summed = days.group_by("_group").agg(inside.sum(), pl.len(), *(c.alias(f"_{i}") for i, c in enumerate(changes)))
    found = {
        keys[group]: Case(stock(n, ever), signs=falling_signs(change)) for group, n, ever, *change in summed.rows()
    }
    return found or ({} if by else {(): Case(Point(0, 0, 0, None, None))})


def quality(tally: Tally, by: tuple[str, ...]) -> dict[Key, Case]:
    """The mean score of each group's customers, by customer the score itself (`addin.crm.quality`); n = customers.

    Only who bought something has a score.
    """
    import polars as pl

    from addin.crm.quality import scored

    lines, keys = _grouped(tally, () if by == ("customer",) else by)
    lines = scored(lines, tally.on_polars(), tally.settings).filter(pl.col("orders") > 0)
    if by == ("customer",):
        from addin.crm.people import shown

        named = (
            shown(lines, tally.on_polars())
            .select("name", "score")
            .group_by("name")
            .agg(pl.col("score").sum(), pl.len())
        )
        return {(name,): Case(Point(score, n, n, score, n)) for name, score, n in named.rows()}
    summed = lines.group_by("_group").agg(pl.col("score").sum(), pl.len())
    return {keys[group]: Case(Point(score, n, n, score, n)) for group, score, n in summed.rows()}


def _grouped(tally: Tally, by: tuple[str, ...]) -> tuple[pl.DataFrame, list[Key]]:
    """The lines of `addin.crm.people` with the group of each customer's first request; those only listed have none."""
    import polars as pl

    lines = tally.people()
    if not by:
        return lines.with_columns(_group=pl.lit(0, dtype=pl.Int64)), [()]
    frame, keys = tally.keyed(by)
    nobody: Key = (None,) * len(by)
    keys = keys if nobody in keys else [*keys, nobody]
    order = sorted(range(len(keys)), key=lambda group: str(keys[group]))  # of one day the first name, on every engine
    rank = pl.col("_group").replace_strict(order, range(len(keys)), return_dtype=pl.Int64)
    code = pl.col("_received").fill_null(_LATE) * len(keys) + rank
    first = frame.lazy().filter(pl.col("_customer").is_not_null()).group_by(customer="_customer").agg(_code=code.min())
    joined = lines.join(first.collect(engine="in-memory"), on="customer", how="left", maintain_order="left")
    group = (pl.col("_code") % len(keys)).fill_null(order.index(keys.index(nobody)))
    groups = group.replace_strict(range(len(keys)), order, return_dtype=pl.Int64)
    return joined.with_columns(_group=groups), keys
