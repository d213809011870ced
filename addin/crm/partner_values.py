"""The KPIs about partners that are no plain sums: silence, substitutes, reports, the pipeline, the quarter's tiers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, month_bounds, month_of_day
from addin.crm.engines import to_polars
from addin.crm.partner_tasks import in_hand, reported, reporting
from addin.crm.points import Case, Point, dependency, share, stock

if TYPE_CHECKING:
    from addin.crm.catalogue_types import Sign
    from addin.crm.tally import Key, Tally
    from addin.crm.windows import Span


def silence(tally: Tally, by: tuple[str, ...]) -> dict[Key, Case]:
    """Days since the last touch; a partnership that has ended, or whose next step has its date, may be silent."""
    found: dict[Key, Case] = {}
    acted = tally.tables.get("activities")
    planned = in_hand(None if acted is None else to_polars(acted), tally.as_of) if by[0] == "partner" else frozenset()
    for name, day in tally.touches(by[0]).items():
        partner = tally.roster.find(name) if by[0] == "partner" else None
        if name not in planned and (partner is None or not partner.ended):
            found[name,] = Case(stock(tally.as_of - day))
    return found


def leaned_on(tally: Tally, days: Span | None) -> dict[str, Point]:
    """Of each cluster, the share of all revenue of the partner we depend on most."""
    found: dict[str, Point] = {}
    if tally.has("requests", "partner") and tally.has("requests", "amount"):
        for (name,), point in dependency(tally.sums(days, ("partner",))).items():
            partner = tally.roster.find(name)
            if partner is not None and partner.cluster is not None:
                most = found.get(partner.cluster, point)
                found[partner.cluster] = max(most, point, key=lambda p: p.above)
    return found


def backup(tally: Tally) -> dict[Key, Case]:
    """Candidates of each cluster by name; n = the partners at work there."""
    found: dict[Key, Case] = {}
    for cluster, partners in tally.roster.clusters().items():
        names = tuple(p.name for p in partners if p.candidate)
        working = sum(not p.candidate and not p.ended for p in partners)
        found[cluster,] = Case(stock(len(names), n=max(working, 1)), detail=names)
    return found


def reports(tally: Tally, by: tuple[str, ...], month: Span, under_way: bool = False) -> dict[Key, Case]:
    """Of the running partners that get a monthly report (seed 000: management offices), those that got it that month.

    ``under_way``: where all of a group have it, but not yet this month's by the 25th, that is a sign.
    """
    filed = tally.once(("reports", month[0]), lambda: _reported(tally, month[0]))
    number, now = month_of_day(month[0]), month_of_day(tally.as_of)
    late = tally.as_of >= month_bounds(now)[0] + tally.settings.report_day - 1
    counts: dict[Key, list[int]] = {}
    for row in reporting(to_polars(tally.tables["partners"])):
        partner = tally.roster.find(row["partner"])
        if partner is None:
            continue
        contract = row.get("contract_at")
        if isinstance(contract, int) and contract // DAY > month[1]:
            continue
        key = tuple(partner.name if d == "partner" else partner.place(d) for d in by)
        have = counts.setdefault(key, [0, 0, 0])
        have[0] += 1
        have[1] += (partner.name, number) in filed
        have[2] += (partner.name, now) in filed
    found = {}
    for key, (n, then, this) in counts.items():
        waits = under_way and late and then == n and this < n
        found[key] = Case(share(then, n), signs=frozenset(["month_late"] if waits else []))
    return found


def _reported(tally: Tally, first: int) -> set[tuple[str, int]]:
    """(partner, month) of every report in the activities from a day on, by the partner's listed name."""
    pairs = reported(to_polars(tally.tables["activities"]), first, tally.as_of)
    partners = {name: tally.roster.find(name) for name in {name for name, _ in pairs}}
    return {(partner.name, month) for name, month in pairs if (partner := partners[name]) is not None}


def pipeline(tally: Tally) -> dict[Key, Case]:
    """Days each partnership has stood in its stage, beside what 85 % of those there stay within (`stage_ages`)."""
    from addin.crm.pipeline import stage_ages

    limits = tally.settings.thresholds["PIPE_STAGE"]
    found: dict[Key, Case] = {}
    ages = stage_ages(to_polars(tally.tables["partners"]), tally.as_of, replace(limits, min_n=1))
    for row in ages.iter_rows(named=True):
        if row["days"] is None:
            continue
        n = row["n"] or 0
        peers = None
        if row["p85"] is not None and n >= limits.min_n:
            above, below = Decimal(str(row["p85"])).as_integer_ratio()
            peers = Point(above, below, n, row["p85"], 1)
        found[row["partner"],] = Case(stock(row["days"], n), peers, step=row["stage"])
    return found


def quarter_ranks(tally: Tally, quarter: int) -> dict[Key, Case]:
    """Each partner's rank of a closed quarter ÷ partners ranked; n = partners (`addin.crm.quarters`).

    Signs: among those to replace, and in the quarter before too.
    """
    from addin.crm.quarters import last_closed_quarter, quarter_tiers

    back = last_closed_quarter(tally.as_of) - quarter
    if back < 0:
        return {}
    now, before = (one.ranked() for one in quarter_tiers(tally, back + 2)[back:])
    again = {name for name, _, tier in before if tier == "replace"}
    found: dict[Key, Case] = {}
    for name, rank, tier in now:
        signs: set[Sign] = set()
        if tier == "replace":
            signs = {"bottom", "bottom_twice"} if name in again else {"bottom"}
        found[name,] = Case(Point(rank, len(now), len(now), rank, len(now)), signs=frozenset(signs))
    return found
