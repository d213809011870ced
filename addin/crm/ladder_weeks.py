"""Each closed week's flag of everybody the ladder looks at, all weeks and people at once.

A week is judged over the closed weeks up to it, as many as the smallest sample takes, at most the window's 13, just as
`addin.crm.evaluate.growing` judges the last one. Such windows overlap, and one bad order must not push anybody up two
rungs: a breach counts in a week that has a bad case of its own; without one the week is a warning at most. Weeks
without any case of the KPI are left out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.crm.calendar import last_closed_week, week_bounds, week_of_day
from addin.crm.flags import judge
from addin.crm.points import SHARES, share

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.catalogue import Kpi
    from addin.crm.flags import Flag
    from addin.crm.settings import Threshold
    from addin.crm.tally import Tally

#: Weeks × subjects that are looked at in one go: a mistyped date may lie a century back.
_AT_ONCE: Final = 200_000


class LadderWeek(NamedTuple):
    """One week of one KPI of somebody: its flag over ``weeks`` weeks, ``above`` of ``n`` cases."""

    week: int
    flag: Flag
    above: int
    n: int
    weeks: int


class Series(NamedTuple):
    """The weeks of one KPI of somebody that had a case, oldest first, as columns.

    ``flags`` as each week is judged; ``taken`` what the ladder takes it for: a breach without a bad case of the week's
    own is a warning there.
    """

    weeks: list[int]
    taken: list[Flag]
    flags: list[Flag]
    above: list[int]
    n: list[int]
    spans: list[int]

    def at(self, week: int) -> LadderWeek:
        """One of the weeks; the last where it is none of them."""
        place = self.weeks.index(week) if week in self.weeks else -1
        found = (column[place] for column in (self.weeks, self.flags, self.above, self.n, self.spans))
        return LadderWeek(*found)  # type: ignore[arg-type]


def weekly_sums(tally: Tally, subject: str) -> pl.DataFrame:
    """The escalating KPIs' measures by subject and ISO week (columns ``subject``, ``week``), closed weeks only; weeks
    in which all of them are 0 are left out."""
    import numpy as np
    import polars as pl

    measures = tuple(dict.fromkeys(m for pair in SHARES.values() for m in pair))
    parts = [part.frame["day"].min() for part in tally.facts((subject,)) if not {*part.measures}.isdisjoint(measures)]
    days = [day for day in parts if isinstance(day, int)]
    running = tally.running((subject,))
    named = sorted((str(name), at) for at, (name,) in enumerate(running.groups) if name is not None)
    if not days or not named:
        return pl.DataFrame(schema={"subject": pl.String, "week": pl.Int64})
    order = np.array([at for _, at in named], dtype=np.int64)
    last = last_closed_week(tally.as_of)
    at_once = max(_AT_ONCE // len(order), 1)
    found: list[pl.DataFrame] = []
    for week in range(week_of_day(min(days)), last + 1, at_once):
        count = min(at_once, last + 1 - week)
        sums: dict[str, Any] = {}
        for own, _, numbers in running.spans(week_bounds(week)[0], 7, count, measures):
            sums |= {m: sums.get(m, 0) + sheet[order] for m, sheet in zip(own, numbers, strict=True)}
        who, when = np.logical_or.reduce([sheet != 0 for sheet in sums.values()]).nonzero()
        found.append(pl.DataFrame({"_at": who, "week": when + week, **{m: s[who, when] for m, s in sums.items()}}))
    rows = pl.concat(found).sort("_at", "week") if found else pl.DataFrame(schema={"_at": pl.Int64, "week": pl.Int64})
    names = pl.Series([name for name, _ in named], dtype=pl.String)
    return rows.with_columns(subject=names.gather(rows["_at"])).drop("_at")


def flagged_weeks(sums: pl.DataFrame, kpi: Kpi, threshold: Threshold) -> dict[str, Series]:
    """Subject → its weeks, oldest first; only subjects with a breach in any week that counts.

    ``sums`` as `weekly_sums` gives them, sorted by subject and week.

    >>> import polars as pl
    >>> from addin.crm.catalogue import KPIS
    >>> from addin.crm.settings import shipped_threshold
    >>> rows = {"subject": ["가"] * 3, "week": [1, 2, 3], "resp_hit": [3, 3, 9], "resp_n": [6, 6, 9]}
    >>> found = flagged_weeks(pl.DataFrame(rows), KPIS["RESP_10M"], shipped_threshold(KPIS["RESP_10M"]))["가"]
    >>> found.flags, found.at(3)
    (['small_sample', 'breach', 'warn'], LadderWeek(week=3, flag='warn', above=12, n=15, weeks=2))
    """
    import numpy as np
    import polars as pl

    hits, count = SHARES[kpi.id]
    if not {hits, count} <= set(sums.columns):
        return {}
    rows = sums.filter(pl.col(count) > 0)
    if rows.is_empty():
        return {}
    above, below = rows[hits].to_numpy(), rows[count].to_numpy()
    weeks = rows["week"].to_numpy()
    names = rows["subject"]
    who = np.cumsum(np.concatenate(([0], (names != names.shift()).fill_null(False).to_numpy()[1:])))
    until_above = np.concatenate(([0], np.cumsum(above)))
    until_below = np.concatenate(([0], np.cumsum(below)))
    # Subjects stand one after the other on one line of weeks, further apart than any window reaches.
    most = kpi.window.weeks
    line = weeks - weeks.min() + who * (int(weeks.max() - weeks.min()) + most + 1)
    enough = np.searchsorted(until_below, until_below[1:] - threshold.min_n, "right") - 1
    start = np.maximum(enough, np.searchsorted(line, line - most, "right"))
    window_above, n = until_above[1:] - until_above[start], until_below[1:] - until_below[start]
    spans = np.where(n >= threshold.min_n, weeks - weeks[start] + 1, most)
    pairs, place = np.unique(window_above * (n.max() + 1) + n, return_inverse=True)
    flags = [judge(kpi, share(*divmod(pair, int(n.max()) + 1)), threshold).flag for pair in pairs.tolist()]
    judged = np.array(flags, dtype=object)[place]
    bad = (below > above) if kpi.direction == "higher" else (above > 0)
    breach = judged == "breach"
    taken = np.where(breach & ~bad, "warn", judged)
    ends = np.append(np.flatnonzero(np.diff(who)) + 1, len(who)).tolist()
    ever = np.logical_or.reduceat(breach & bad, [0, *ends[:-1]]).tolist()
    columns = [column.tolist() for column in (weeks, taken, judged, window_above, n, spans)]
    return {
        names[first]: Series(*(column[first:end] for column in columns))
        for first, end, troubled in zip([0, *ends], ends, ever, strict=False)
        if troubled
    }
