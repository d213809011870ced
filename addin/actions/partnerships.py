"""The partnerships of a book for its tab: stages, who waits, candidates and what is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.actions.results import Results
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.partnerships import StageLine
    from addin.actions.workspace import Workspace
    from addin.books.tab import Tab
    from addin.crm.funnel import Funnel


def partners_of(results: Results) -> pl.DataFrame | None:
    """The partners and where each stands; None where their list tells neither stages nor states."""
    from addin.crm.standing import standing

    partners = results.resolved.frames.get("partners")
    if partners is None or not {"stage", "status"} & set(partners.columns):
        return None
    return standing(partners)


def partnerships_tab_of(
    workspace: Workspace,
    results: Results,
    names: dict[str, str],
    places: Mapping[str, PartnerPlace],
    partners: pl.DataFrame,
    candidates: pl.DataFrame,
    quarter: pl.DataFrame | None = None,
) -> Tab | None:
    """The tab; None where the list of partners tells no stages, or nobody is on the way and never was.

    ``partners``: of `partners_of`; ``candidates``: of `addin.crm.screening.screen`; ``quarter``: the last closed
    quarter's tiers, for the representative partners.
    """
    if "stage" not in partners.columns or results.as_of is None:
        return None
    import polars as pl

    from addin.actions.views.partnerships import CANDIDATES_SHOWN, MOST, Partnerships, partnership_tab
    from addin.actions.views.parts import Say
    from addin.crm.approvals import approvals, met_backwards, unapproved
    from addin.crm.calendar import day_of
    from addin.crm.demo_days import demo_days
    from addin.crm.pipeline import stage_ages, waiting
    from addin.crm.screening import free_places, kept, most_points, representatives
    from addin.crm.standing import RUNNING

    on_its_way = pl.col("rank").is_not_null() & (pl.col("rank") < RUNNING) & ~pl.col("ended")
    if (
        "partnerships" not in workspace.ours.tabs
        and not partners.select((on_its_way | pl.col("candidate")).any()).item()
    ):
        return None
    settings, say = workspace.settings, Say(workspace.lang)
    limit = settings.thresholds["PIPE_STAGE"]
    assert limit.warn is not None  # the catalogue ships both
    assert limit.breach is not None
    ages = stage_ages(partners, day_of(results.as_of), limit)
    activities, today = results.resolved.frames.get("activities"), day_of(results.as_of)
    lines = waiting(partners, ages, activities, MOST)
    given = approvals(partners, activities, today)
    lacking, order = unapproved(partners, given), met_backwards(partners, activities, today)
    points, have = most_points(settings), kept(partners)
    page = Partnerships(
        as_of=results.as_of,
        funnel=stage_funnel(partners, workspace),
        stages=stage_lines(ages),
        long=(limit.min_n, float(limit.warn), float(limit.breach)),
        waiting=lines,
        waiting_more=ages.height - len(lines),
        candidates=candidates.head(CANDIDATES_SHOWN).to_dicts(),
        candidates_all=candidates.height,
        pilots=int(candidates["pilot"].sum()),
        under_way=partners.filter(on_its_way & ~pl.col("candidate")).height,
        running=partners.filter("running").height,
        wanted=settings.candidates,
        large=settings.large_estate,
        points=points,
        each=settings.pilots,
        free=list(free_places(partners, settings).items()),
        off=[f"screen.off.{part}" for part, column in have.items() if not column and points[part]],
        representatives=None if quarter is None else representatives(quarter, settings).rows(),
        places=places,
        approvals=given,
        unapproved=lacking,
        backwards=order,
        known=_known(partners, {one.partner for one in lacking} | {one.partner for one in order}),
        demos=demo_days(partners, activities, results.resolved.requests, today),
    )
    return partnership_tab(page, say, names)


def _known(partners: pl.DataFrame, names: set[str]) -> dict[str, tuple[str, str, int | None]]:
    """Cluster, our owner and the stage's place of some partners."""
    import polars as pl

    if not names:
        return {}
    texts = [pl.col(c) if c in partners.columns else pl.lit(None).alias(c) for c in ("cluster", "owner")]
    rows = partners.filter(pl.col("partner").is_in(list(names))).select("partner", *texts, "rank").iter_rows()
    return {partner: (cluster or "", owner or "", rank) for partner, cluster, owner, rank in rows}


def stage_funnel(partners: pl.DataFrame, workspace: Workspace) -> Funnel:
    """The seven stages as a funnel of its own, with its own constraint (seed 001)."""
    from addin.actions.views.parts import Say
    from addin.crm.funnel import funnel
    from addin.crm.funnel_steps import partnership_steps, spoken

    specs = partnership_steps(partners["stage"].drop_nulls().unique(maintain_order=True).to_list())
    return funnel(partners, spoken(specs, Say(workspace.lang)), workspace.settings, cohorts=0)


def stage_lines(ages: pl.DataFrame) -> Sequence[StageLine]:
    """Each stage's partners and how long they have been there."""
    import polars as pl

    from addin.actions.views.partnerships import StageLine
    from addin.crm.standing import STAGES

    late = pl.col("flag").is_in(["warn", "breach"]).sum()
    rows = ages.group_by("rank").agg(pl.len(), pl.col("days").median(), pl.col("p85").first(), late=late).rows()
    found = {rank: StageLine(now, median, p85, late) for rank, now, median, p85, late in rows}
    return [found.get(rank, StageLine()) for rank in range(len(STAGES))]
