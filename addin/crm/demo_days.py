"""The weekly repair demo of cafés and shared offices: when it was last, what it brought, when the next one is due.

seed 000: cafés and shared offices hold a mini repair demo once a week, and visitors book small repairs on the spot. A
demo is an activity of that kind (시연, 데모, 체험); a booking on the spot is a request that came in on its day, or
whose source says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import DAY
from addin.crm.standing import standing

if TYPE_CHECKING:
    import polars as pl

#: seed 000: 주 1회.
EVERY: Final = 7
_FIELD_TEST: Final = 6  # its place among the stages
#: The weeks looked back on.
WEEKS: Final = 8
_DEMO: Final = r"(?i)데모|시연|체험|\bdemo"
#: Not the demo itself: getting ready for one, or calling it off.
_ABOUT: Final = r"(?i)준비|조율|협의|문의|요청|취소|연기|cancel|prepar|planning|postpon"
_CALLED_OFF: Final = r"(?i)취소|연기|못\s*(함|했|열)|cancel|postpon"
_CAFE: Final = r"(?i)카페|커피|공유\s*오피스|코워킹|caf[eé]|coffee|co-?working|shared\s*office"


class DemoDays(NamedTuple):
    """One partner's demos, as day indexes.

    ``recent``: demos of the last eight weeks; ``on_day``: requests of that time which came in on a demo's day,
    ``by_source``: other requests of that time whose source is a demo (both None without a list of requests);
    ``planned``: the next one with a date; ``due``: a week after the last (None where none was, or the partner is no
    café that works with us).
    """

    partner: str
    cluster: str = ""
    last: int | None = None
    recent: int = 0
    on_day: int | None = None
    by_source: int | None = None
    planned: int | None = None
    due: int | None = None

    @property
    def bookings(self) -> int | None:
        """What its demos brought in the last eight weeks."""
        return None if self.on_day is None else self.on_day + (self.by_source or 0)


def demo_days(
    partners: pl.DataFrame, activities: pl.DataFrame | None, requests: pl.DataFrame | None, as_of: int
) -> list[DemoDays]:
    """Every café and shared office that works with us, and whoever else held a demo; the one due first stands first.

    Nothing where the team has recorded no demo at all.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": ["카페 물든"], "cluster": ["카페"], "stage": ["운영"]})
    >>> acts = pl.DataFrame({"partner": ["카페 물든"], "acted_at": [95 * 1440], "kind": ["데모"]})
    >>> [(one.last, one.recent, one.due) for one in demo_days(rows, acts, None, 100)]
    [(95, 1, 102)]
    """
    import polars as pl

    held = _held(activities)
    if held is None:
        return []
    past = held.filter(pl.col("day") <= as_of)
    first = as_of - WEEKS * EVERY + 1
    counts = past.group_by("partner").agg(last=pl.col("day").max(), recent=(pl.col("day") >= first).sum())
    ahead = pl.concat([held.select("partner", "day"), held.select("partner", day="next")])
    planned = ahead.filter(pl.col("day") > as_of).group_by("partner").agg(planned=pl.col("day").min())
    cluster = pl.col("cluster") if "cluster" in partners.columns else pl.lit(None, dtype=pl.String)
    there = standing(partners).filter(~pl.col("ended")).select("partner", "running", "rank", cluster=cluster)
    cafe = pl.col("cluster").fill_null("").str.contains(_CAFE)
    lines = (
        there.with_columns(cafe=cafe & (pl.col("running") | (pl.col("rank") == _FIELD_TEST).fill_null(False)))
        .join(counts, on="partner", how="left", maintain_order="left")
        .join(planned, on="partner", how="left", maintain_order="left")
        .filter(pl.col("cafe") | pl.col("last").is_not_null() | pl.col("planned").is_not_null())
    )
    brought = _brought(requests, past.filter(pl.col("day") >= first), lines["partner"], first, as_of)
    found = []
    for row in lines.iter_rows(named=True):
        on_day, by_source = (None, None) if brought is None else brought.get(row["partner"], (0, 0))
        found.append(
            DemoDays(
                partner=row["partner"],
                cluster=row["cluster"] or "",
                last=row["last"],
                recent=row["recent"] or 0,
                on_day=on_day,
                by_source=by_source,
                planned=row["planned"],
                due=row["last"] + EVERY if row["cafe"] and row["last"] is not None else None,
            )
        )
    return sorted(found, key=lambda one: (one.due is None, one.due or 0, one.last is None, one.partner))


def _held(activities: pl.DataFrame | None) -> pl.DataFrame | None:
    """(partner, day, next) of every demo, done or to come, one a day; None where there is none."""
    import polars as pl

    if activities is None or not {"partner", "acted_at", "kind"} <= set(activities.columns):
        return None
    kinds = activities["kind"].drop_nulls().unique()
    demos = kinds.filter(kinds.str.contains(_DEMO) & ~kinds.str.contains(_ABOUT)).to_list()
    if not demos:
        return None
    after = pl.col("next_at") // DAY if "next_at" in activities.columns else pl.lit(None, dtype=pl.Int64)
    there = activities.filter(pl.col("kind").is_in(demos))
    if "text" in there.columns:
        there = there.filter(~pl.col("text").fill_null("").str.contains(_CALLED_OFF))
    found = (
        there.select("partner", day=pl.col("acted_at") // DAY, next=after)
        .drop_nulls(["partner", "day"])
        .group_by("partner", "day", maintain_order=True)
        .agg(pl.col("next").max())
    )
    return found if found.height else None


def _brought(
    requests: pl.DataFrame | None, held: pl.DataFrame, names: pl.Series, first: int, as_of: int
) -> dict[str, tuple[int, int]] | None:
    """Partner → requests that came in on a demo's day, and others that came through one; None without requests."""
    import polars as pl

    if requests is None or not {"partner_key", "received_at"} <= set(requests.columns):
        return None
    day = pl.col("received_at") // DAY
    source = pl.col("source").fill_null("").str.contains(_DEMO) if "source" in requests.columns else pl.lit(False)
    own = (
        requests.lazy()
        .filter(
            pl.col("received_at").is_between(first * DAY, (as_of + 1) * DAY - 1)
            & pl.col("partner_key").is_in(names.implode())
        )
        .select(partner="partner_key", day=day, source=source)
        .collect()
    )
    marked = own.join(
        held.select("partner", "day").with_columns(on_day=pl.lit(True)), on=["partner", "day"], how="left"
    ).with_columns(pl.col("on_day").fill_null(False))
    sums = marked.group_by("partner").agg(pl.col("on_day").sum(), (pl.col("source") & ~pl.col("on_day")).sum())
    return {partner: (there, through) for partner, there, through in sums.iter_rows()}
