"""What each partner brought in a closed calendar quarter (KST): the parts of its tier, from the daily facts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakKeyDictionary

from addin.crm.calendar import DAY, quarter_bounds, quarter_of_day
from addin.crm.engines import to_polars
from addin.crm.standing import standing
from addin.crm.tiers import TIERS, Parts, Weights, rank, tiers

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


@dataclass(frozen=True)
class Quarter:
    """A closed quarter: its index, the partners ranked with what makes their tiers, and names that are not ranked.

    ``unlisted``: names that requests give and the list of partners lacks, most often another spelling. Each is no
    partner until a person says who it is: it would only push real ones up.
    """

    number: int
    lines: tuple[_Line, ...]
    weights: Weights
    unlisted: tuple[str, ...] = ()

    @cached_property
    def frame(self) -> pl.DataFrame:
        """One line a partner, best first (`quarter_tiers`)."""
        import polars as pl

        kinds = {"partner": pl.String, "revenue": pl.Float64, "ltv_cac": pl.Float64, "claim_rate": pl.Float64}
        kinds |= {"n": pl.Int64, "intakes": pl.Int64, "cluster": pl.String, "since": pl.Int64}
        parts = pl.DataFrame(self.lines, schema=kinds | {"fresh": pl.Boolean, "ended": pl.Boolean}, orient="row")
        return tiers(parts, self.weights).join(parts, on="partner", how="left", maintain_order="left")

    def ranked(self) -> list[tuple[str, int, str | None]]:
        """Name, rank and tier of the partners that have a rank, best first."""
        names = [line.partner for line in self.lines]
        parts = [(line.revenue, line.ltv_cac, line.claim_rate, line.n) for line in self.lines]
        _, ranks, cut, order = rank(names, Parts.told(parts, self.weights), self.weights)
        return [(names[at], int(ranks[at]), TIERS[cut[at]] if cut[at] >= 0 else None) for at in order if ranks[at]]


class _Line(NamedTuple):
    """One partner's quarter: what the tiers read, and what goes with it."""

    partner: str
    revenue: float | None
    ltv_cac: float | None
    claim_rate: float | None
    n: int
    intakes: int
    cluster: str | None
    since: int | None
    fresh: bool
    ended: bool


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
    weights, listed = Weights.of(tally.settings), _listed(tally)
    sums = _sums(tally, numbers)
    found = []
    for number in numbers:
        first, last = quarter_bounds(number)
        own = sums[number]
        there = {name for name, line in own.items() if line.get("intakes") or line.get("won")}
        names = [name for name, one in listed.items() if name in there or (one.running and one.began_by(last))]
        if not listed:
            names = sorted(there)
        lines = _lines({name: own.get(name, {}) for name in names}, listed, tally, first)
        unlisted = tuple(sorted(there - listed.keys())) if listed else ()
        found.append(Quarter(number, lines, weights, unlisted))
    return tuple(found)


def _sums(tally: Tally, numbers: Sequence[int]) -> dict[int, dict[str, dict[str, int]]]:
    """Quarter → partner → measure: flows of that quarter, the others from the beginning until its end."""
    running = tally.running(("partner",))
    names = [name for (name,) in running.groups]
    found: dict[int, dict[str, dict[str, int]]] = {}
    for number in numbers:
        first, last = quarter_bounds(number)
        lines: dict[str, dict[str, int]] = {name: {} for name in names if name is not None}
        for measure, sums in (
            *running.within((first, last), _FLOWS),
            *running.until(last, _GROWING),
            *running.until(last - tally.settings.ltv_weeks * 7, _LIFETIME),
        ):
            for name, value in zip(names, sums.tolist(), strict=True):
                if name is not None:
                    lines[name][measure] = lines[name].get(measure, 0) + value
        found[number] = lines
    return found if _keyed(tally) else {n: _by_listed_name(own, tally) for n, own in found.items()}


def _keyed(tally: Tally) -> bool:
    """Whether requests name partners by the list's own key."""
    return "partners" not in tally.tables or "partner_key" in tally.columns["partners"]


def _by_listed_name(own: dict[str, dict[str, int]], tally: Tally) -> dict[str, dict[str, int]]:
    """Requests may name a partner by its id, or spaced otherwise."""
    merged: dict[str, dict[str, int]] = {}
    for name, line in own.items():
        partner = tally.roster.find(name)
        into = merged.setdefault(partner.name if partner else name, {})
        for measure, value in line.items():
            into[measure] = into.get(measure, 0) + value
    return merged


def _lines(
    own: dict[str, dict[str, int]], listed: dict[str, _Listed], tally: Tally, first: int
) -> tuple[_Line, ...]:  # fmt: skip
    enough, margin = tally.settings.thresholds["LTV_CAC"].min_n, float(tally.settings.margin)
    money, claims = tally.has("requests", "amount"), tally.has("requests", "claim")
    nobody = _Listed()
    lines = []
    for name, sums in own.items():
        one, won = listed.get(name, nobody), sums.get("won", 0)
        old, new, spent = (sums.get(m, 0) for m in ("ltv_n", "new", "spend"))
        known = money and spent > 0 and min(old, new) >= max(enough, 1)
        lines.append(
            _Line(
                partner=name,
                revenue=sums.get("net", 0) / _CENTS if money else None,
                ltv_cac=(sums.get("ltv_net", 0) * margin / old) / (spent / new) if known else None,
                claim_rate=sums.get("claims", 0) / won if claims and won else None,
                n=won,
                intakes=sums.get("intakes", 0),
                cluster=one.cluster,
                since=one.since,
                fresh=one.since is not None and one.since > first,
                ended=one.ended,
            )
        )
    return tuple(lines)


class _Listed(NamedTuple):
    """A partner of the list: its cluster, the day of its contract, whether it runs, or has ended."""

    cluster: str | None = None
    since: int | None = None
    running: bool = False
    ended: bool = False

    def began_by(self, day: int) -> bool:
        """Whether it had signed by a day, as far as is known."""
        return self.since is None or self.since <= day


def _listed(tally: Tally) -> dict[str, _Listed]:
    """The partners of the list by key, name or id."""
    import polars as pl

    native = tally.tables.get("partners")
    if native is None:
        return {}
    frame = standing(to_polars(native))
    since = pl.col("contract_at") // DAY if "contract_at" in frame.columns else pl.lit(None, dtype=pl.Int64)
    cluster = pl.col("cluster") if "cluster" in frame.columns else pl.lit(None, dtype=pl.String)
    rows = frame.select("partner", cluster.alias("cluster"), since.alias("since"), "running", "ended").iter_rows()
    return {name: _Listed(*row) for name, *row in rows}
