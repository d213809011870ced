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
    from decimal import Decimal

    import polars as pl

    from addin.actions.views.parts import Say
    from addin.actions.views.tiers import MOST, Tiers, tiers_tab
    from addin.crm.calendar import date_of, quarter_bounds, quarter_label
    from addin.crm.tiers import PARTS, Weights, flips

    if results.as_of is None or not quarters:
        return None
    now, earlier = quarters
    if now.frame.is_empty() and "tiers" not in workspace.ours.tabs:
        return None
    weights = Weights.of(workspace.settings)
    first, end = quarter_bounds(now.number)
    frame = now.frame.join(
        earlier.frame.select("partner", before="tier"), on="partner", how="left", maintain_order="left"
    )
    gone = frame.filter((pl.col("tier") == "replace") & ~pl.col("ended"))
    common = shared_reasons(frame)
    page = Tiers(
        quarter=quarter_label(now.number),
        days=(date_of(first), date_of(end)),
        lines=tier_lines(frame.head(MOST), common),
        counts=dict(frame["tier"].drop_nulls().value_counts().iter_rows()),
        weights={part: weights.part(part) for part in PARTS},
        least=weights.least,
        replacements=replacements(gone, frame, candidates),
        twice=int((gone["before"] == "replace").sum()),
        flips=flips(frame, weights, Decimal("0.1")),
        common=common,
        unlisted=now.unlisted,
        decisions=decisions_of(workspace),
        places=places,
    )
    return tiers_tab(page, Say(workspace.lang), names)


def tier_lines(frame: pl.DataFrame, common: Sequence[str] = ()) -> list[TierLine]:
    """The lines of the tab, best first, without the reasons all of them share."""
    from addin.actions.views.tiers import TierLine
    from addin.crm.calendar import date_of
    from addin.crm.tiers import PARTS

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
            reasons=tuple(reason for reason in row["reasons"] if reason not in common),
            before=row["before"] or "",
            ended=row["ended"],
            fresh=date_of(row["since"]).isoformat() if row["fresh"] else "",
        )
        for row in frame.iter_rows(named=True)
    ]


def shared_reasons(frame: pl.DataFrame) -> tuple[str, ...]:
    """What holds for every partner that has a score, and is said once."""
    import polars as pl

    scored = frame.filter(pl.col("score").is_not_null())["reasons"]
    if len(scored) < 2:
        return ()
    told = dict(scored.explode().drop_nulls().value_counts().iter_rows())
    return tuple(sorted(reason for reason, count in told.items() if count == len(scored)))


def replacements(gone: pl.DataFrame, frame: pl.DataFrame, candidates: pl.DataFrame | None = None) -> list[Replacement]:
    """What hangs on each partner to be replaced, of all the quarter's revenue and requests."""
    from addin.actions.views.tiers import Replacement

    revenue, intakes = float(frame["revenue"].sum() or 0), int(frame["intakes"].sum() or 0)
    instead: dict[str, list[str]] = {}
    if candidates is not None:
        for name, cluster, score in candidates.select("partner", "cluster", "score").iter_rows():
            if cluster is not None and len(instead.setdefault(cluster, [])) < SUBSTITUTES:
                instead[cluster].append(name if score is None else f"{name} ({score:.0f})")
    return [
        Replacement(
            partner=partner,
            revenue=earned,
            share=earned / revenue if earned is not None and revenue > 0 else None,
            requests=asked,
            requests_share=asked / intakes if intakes else None,
            substitutes=tuple(instead.get(cluster, ())),
        )
        for partner, cluster, earned, asked in gone.select("partner", "cluster", "revenue", "intakes").iter_rows()
    ]


def decisions_of(workspace: Workspace) -> Mapping[tuple[str, str], Decision]:
    """What people decided in the tab as it stands."""
    from addin.actions.views.tiers import parse_tiers_tab

    present = workspace.ours.tabs.get("tiers")
    grid = workspace.snapshot.grid(present) if present else None
    return parse_tiers_tab(grid) if grid else {}
