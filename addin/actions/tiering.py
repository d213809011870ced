"""The quarterly tiers of a book for their tab: the proposal, what hangs on it, and what people decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.actions.results import Results
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.tiers import Decision, Replacement, TierLine
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.quarters import Quarter


#: Candidates named for each partner to be replaced.
SUBSTITUTES: Final = 5


def quarters_of(results: Results) -> tuple[Quarter, ...]:
    """The last two closed quarters with their tiers, the newest first; () where requests tell no partner or order."""
    from addin.crm.quarters import quarter_tiers

    tally = results.measures.tally
    ordered = tally.has("requests", "won_at") or tally.has("requests", "stage")
    if results.as_of is None or not tally.has("requests", "partner") or not ordered:
        return ()
    return quarter_tiers(tally)


def tiers_tab_of(
    workspace: Workspace,
    results: Results,
    names: dict[str, str],
    places: Mapping[str, PartnerPlace],
    quarters: Sequence[Quarter],
    candidates: pl.DataFrame | None = None,
) -> Tab | None:
    """The tab; None where no partner was there in the last closed quarter, and never was one on the tab.

    ``candidates``: as `addin.crm.screening.screen` ranks them, to take over from those to be replaced.
    """
    from dataclasses import replace
    from decimal import Decimal

    from addin.actions.views.parts import Say
    from addin.actions.views.tiers import Tiers, tiers_tab
    from addin.crm.calendar import date_of, quarter_bounds, quarter_label
    from addin.crm.tiers import PARTS, Weights, flips

    if results.as_of is None or not quarters:
        return None
    now, earlier = quarters
    if now.frame.is_empty() and "tiers" not in workspace.ours.tabs:
        return None
    weights = Weights.of(workspace.settings)
    first, end = quarter_bounds(now.number)
    lines = tier_lines(now.frame, earlier.frame)
    common = shared_reasons(lines)
    page = Tiers(
        quarter=quarter_label(now.number),
        days=(date_of(first), date_of(end)),
        lines=[replace(line, reasons=tuple(r for r in line.reasons if r not in common)) for line in lines],
        weights={part: weights.part(part) for part in PARTS},
        least=weights.least,
        replacements=replacements(now.frame, lines, candidates),
        flips=flips(now.frame, weights, Decimal("0.1")),
        common=common,
        unlisted=now.unlisted,
        decisions=decisions_of(workspace),
        places=places,
    )
    return tiers_tab(page, Say(workspace.lang), names)


def tier_lines(now: pl.DataFrame, earlier: pl.DataFrame) -> list[TierLine]:
    """The lines of the tab, best first."""
    from addin.actions.views.tiers import TierLine
    from addin.crm.calendar import date_of
    from addin.crm.tiers import PARTS

    before = dict(earlier.select("partner", "tier").iter_rows())
    return [
        TierLine(
            partner=row["partner"],
            cluster=row["cluster"] or "",
            score=row["score"],
            rank=row["rank"],
            tier=row["tier"] or "",
            points={part: row[f"p_{part}"] for part in PARTS},
            revenue=row["revenue"],
            ltv_cac=row["ltv_cac"],
            claim_rate=row["claim_rate"],
            n=row["n"],
            reasons=tuple(row["reasons"]),
            before=before.get(row["partner"]) or "",
            ended=row["ended"],
            fresh=date_of(row["since"]).isoformat() if row["fresh"] else "",
        )
        for row in now.iter_rows(named=True)
    ]


def shared_reasons(lines: Sequence[TierLine]) -> tuple[str, ...]:
    """What holds for every partner that has a score, and is said once."""
    scored = [line.reasons for line in lines if line.score is not None]
    return tuple(r for r in scored[0] if all(r in other for other in scored)) if len(scored) > 1 else ()


def replacements(
    now: pl.DataFrame, lines: Sequence[TierLine], candidates: pl.DataFrame | None = None
) -> list[Replacement]:
    """What hangs on each partner to be replaced; one that has ended already is none."""
    from addin.actions.views.tiers import Replacement

    revenue, intakes = float(now["revenue"].sum() or 0), int(now["intakes"].sum() or 0)
    asked = dict(now.select("partner", "intakes").iter_rows())
    instead: dict[str, list[str]] = {}
    if candidates is not None:
        for name, cluster, score in candidates.select("partner", "cluster", "score").iter_rows():
            if cluster is not None and len(instead.setdefault(cluster, [])) < SUBSTITUTES:
                instead[cluster].append(name if score is None else f"{name} ({score:.0f})")
    return [
        Replacement(
            partner=line.partner,
            revenue=line.revenue,
            share=line.revenue / revenue if line.revenue is not None and revenue > 0 else None,
            requests=asked[line.partner],
            requests_share=asked[line.partner] / intakes if intakes else None,
            twice=line.twice,
            substitutes=tuple(instead.get(line.cluster, ())),
        )
        for line in lines
        if line.tier == "replace" and not line.ended
    ]


def decisions_of(workspace: Workspace) -> Mapping[tuple[str, str], Decision]:
    """What people decided in the tab as it stands."""
    from addin.actions.views.tiers import parse_tiers_tab

    present = workspace.ours.tabs.get("tiers")
    grid = workspace.snapshot.grid(present) if present else None
    return parse_tiers_tab(grid) if grid else {}
