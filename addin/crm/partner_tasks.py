"""Tasks about partners: silence, dependency, evidence, approval, benefits, the field test, the report, demo days."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.approvals import approvals, unapproved
from addin.crm.calendar import DAY, date_of, day_of, month_bounds, month_label, month_of_day
from addin.crm.demo_days import WEEKS, demo_days
from addin.crm.evidence import EVIDENCE, has, lacking_side, told
from addin.crm.message import msg
from addin.crm.roster import is_estate, roster
from addin.crm.stages import PARTNER_STAGES, partner_stage_rank
from addin.crm.standing import standing
from addin.crm.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Mapping

    import polars as pl

    from addin.crm.kpi_values import KpiValue
    from addin.crm.message import Message
    from addin.crm.settings import Settings

FIELD_TEST_CASES: Final = 10  # seed 001: the first ten customers
FIELD_TEST: Final = 6  # the last of the seven stages
WEEK: Final = 7
_REPORT: Final = r"(?i)보\s*고|report"


def partner_tasks(
    partners: pl.DataFrame,
    settings: Settings,
    as_of: int,
    values: Iterable[KpiValue] = (),
    *,
    requests: pl.DataFrame | None = None,
    activities: pl.DataFrame | None = None,
) -> Iterator[Task]:
    """The tasks about the partners of one team as of a day.

    ``values``: the KPIs by partner, of which SILENCE_4W and DEPENDENCY speak. What needs activities (evidence, the
    monthly report) is left out where there is no such list.
    """
    rows = {str(r["partner_key"]): r for r in partners.iter_rows(named=True) if r.get("partner_key")}
    ended = {p.name for p in roster(partners) if p.ended}
    offices: set[str] = set()
    sent: set[tuple[str, int]] = set()
    if activities is not None:
        offices = {row["partner"] for row in reporting(partners)}
        sent = reported(activities, month_bounds(month_of_day(as_of) - 1)[0], month_bounds(month_of_day(as_of))[1])
    planned = in_hand(activities, as_of)
    yield from _flagged(rows, values, as_of, planned)
    acted = told(
        partners, activities, {n for n, r in rows.items() if partner_stage_rank(r.get("stage") or "") in EVIDENCE}
    )
    for name, row in rows.items():
        rank = partner_stage_rank(str(row["stage"])) if row.get("stage") else None
        if name in ended or rank == len(PARTNER_STAGES) - 1:
            continue
        about = _About(name, row, as_of)
        due = as_of if about.since is None else about.since + WEEK
        if side := lacking_side(row, rank):
            yield about.task("one_sided", side, due, msg(f"task.one_sided.{side}"))
        if acted is not None and rank is not None and rank in EVIDENCE and not has(acted.get(name, ()), rank):
            what, stage = msg(f"task.evidence.{EVIDENCE[rank][0]}"), PARTNER_STAGES[rank]
            yield about.task("stage_evidence", "stage", due, msg("task.stage_evidence.why", stage=stage, what=what))
        if rank == FIELD_TEST and requests is not None:
            yield from _field_test(about, requests)
        if name in offices:
            yield from _report(about, sent, settings)
    yield from _approval(partners, rows, activities, as_of)
    yield from _demo_day(partners, rows, activities, as_of)


class _About:
    """One partner and its row."""

    def __init__(self, name: str, row: Mapping[str, object], as_of: int) -> None:
        self.name, self.row, self.as_of = name, row, as_of

    @property
    def since(self) -> int | None:
        """The day it entered its stage, else signed."""
        for field in ("stage_at", "contract_at"):
            value = self.row.get(field)
            if isinstance(value, int):
                return value // DAY
        return None

    def task(self, kind: str, field: str, day: int, reason: Message, about: str = "") -> Task:
        owner = str(self.row.get("owner") or "")
        place = str(self.row["_sheet"]), int(str(self.row["_row"]))
        key = f"{self.name}/{about}" if about else self.name
        return Task(kind, key, day * DAY, reason, False, owner, self.name, "", *place, "partners", field)


def _flagged(
    rows: Mapping[str, Mapping[str, object]], values: Iterable[KpiValue], as_of: int, planned: frozenset[str]
) -> Iterator[Task]:
    for value in values:
        name = value.by.get("partner")
        if value.flag != "breach" or not isinstance(name, str) or name not in rows or set(value.by) != {"partner"}:
            continue
        about = _About(name, rows[name], as_of)
        if value.kpi == "SILENCE_4W" and name not in planned:
            limit, days = int(value.target or 0), int(value.value or 0)
            yield about.task("silence", "name", as_of - days + limit, msg("task.silence.why", days=days))
        elif value.kpi == "DEPENDENCY":
            who = ", ".join(value.detail)
            share = f"{(value.value or 0) * 100:.1f}"
            why = "task.dependency.why" if who else "task.dependency.nobody"
            day = day_of(value.window[1]) + WEEK if value.window else as_of
            yield about.task("dependency", "name", day, msg(why, share=share, who=who))


def _field_test(about: _About, requests: pl.DataFrame) -> Iterator[Task]:
    """seed 001: the first ten customers' complaints are absorbed before launch."""
    import polars as pl

    own = requests.filter(pl.col("partner_key") == about.name)
    since = about.since
    if since is not None and "received_at" in own.columns:
        own = own.filter(pl.col("received_at") >= since * DAY)
    if "received_at" in own.columns:
        own = own.sort("received_at")
    first = own.head(FIELD_TEST_CASES)
    claims = int(first["claim"].fill_null(False).sum()) if "claim" in first.columns else 0
    day = (about.as_of if since is None else since) + 4 * WEEK
    reason = msg("task.field_test.why", cases=first.height, of=FIELD_TEST_CASES, claims=claims)
    if first.height < FIELD_TEST_CASES or claims:
        yield about.task("field_test", "stage", day, reason)


def _report(about: _About, sent: Container[tuple[str, int]], settings: Settings) -> Iterator[Task]:
    """seed 000: one defect report a month to the management office. Last month's stays until the 10th.

    ``sent``: the (partner, month) that have theirs.
    """
    contract = about.row.get("contract_at")
    now = month_of_day(about.as_of)
    for month in (now - 1, now):
        first, last = month_bounds(month)
        due = first + settings.report_day - 1
        old = month < now and about.as_of - last > 10
        if old or about.as_of < due - settings.report_ahead or (isinstance(contract, int) and contract // DAY > last):
            continue
        if (about.name, month) in sent:
            continue
        reason = msg("task.monthly_report.why", month=month_label(month), date=date_of(due).isoformat())
        yield about.task("monthly_report", "name", due, reason, month_label(month))


def _approval(
    partners: pl.DataFrame, rows: Mapping[str, Mapping[str, object]], activities: pl.DataFrame | None, as_of: int
) -> Iterator[Task]:
    """seed 001: the final approval is the decision makers', before customers meet the partnership."""
    found = approvals(partners, activities, as_of)
    field = "approved_at" if "approved_at" in partners.columns else "approved"
    for one in unapproved(partners, found) if found.recorded else ():
        if one.approved is None and one.partner in rows:
            about = _About(one.partner, rows[one.partner], as_of)
            reason = msg("task.approval.why", stage=PARTNER_STAGES[one.rank])
            yield about.task("approval", field, as_of if one.since is None else one.since + WEEK, reason)


def _demo_day(
    partners: pl.DataFrame, rows: Mapping[str, Mapping[str, object]], activities: pl.DataFrame | None, as_of: int
) -> Iterator[Task]:
    """seed 000: a café's mini repair demo, once a week; one with a date to come is in hand."""
    for one in demo_days(partners, activities, None, as_of):
        if one.due is not None and one.last is not None and one.planned is None and one.partner in rows:
            last = date_of(one.last).isoformat()
            reason = msg("task.demo_day.why", last=last, days=as_of - one.last, recent=one.recent, weeks=WEEKS)
            yield _About(one.partner, rows[one.partner], as_of).task("demo_day", "name", one.due, reason, last)


def experiment_tasks(experiments: pl.DataFrame, as_of: int) -> Iterator[Task]:
    """seed 004: an experiment that has ended by day ``as_of`` is judged: double down, drop, or keep testing."""
    if "ended_at" not in experiments.columns:
        return
    for row in experiments.iter_rows(named=True):
        ended = row["ended_at"]
        if ended is None or ended // DAY > as_of or row.get("verdict"):
            continue
        number = str(row.get("experiment_id") or f"{row['_sheet']}!{row['_row']}")
        step = str(row.get("step") or "–")
        reason = msg("task.experiment.why", number=number, step=step, date=date_of(ended // DAY).isoformat())
        place = str(row["_sheet"]), int(row["_row"])
        day = ended // DAY + WEEK
        yield Task("experiment", number, day * DAY, reason, False, "", "", "", *place, "experiments", "verdict")


def reporting(partners: pl.DataFrame) -> list[dict[str, Any]]:
    """The management offices among the running partners, each its line of `standing`: one that is on its way, or has
    ended, is owed no report."""
    import polars as pl

    running = standing(partners).filter(pl.col("running"))
    return [row for row in running.iter_rows(named=True) if reports_monthly(row)]


def reported(activities: pl.DataFrame, first: int, last: int) -> set[tuple[str, int]]:
    """(partner, month) of every report in the activities of some days."""
    import polars as pl

    told = [pl.col(c).str.contains(_REPORT) for c in ("kind", "text") if c in activities.columns]
    if not told or "partner" not in activities.columns:
        return set()
    within = activities.lazy().filter(pl.col("acted_at").is_between(first * DAY, (last + 1) * DAY - 1))
    found = within.filter(pl.any_horizontal(told)).select("partner", pl.col("acted_at") // DAY).drop_nulls().unique()
    return {(name, month_of_day(day)) for name, day in found.collect(engine="in-memory").iter_rows()}


def reports_monthly(row: Mapping[str, object]) -> bool:
    """Whether a partner is a management office: those get the monthly report of defects (seed 000)."""
    return is_estate(f"{row.get('cluster') or ''} {row.get('name') or ''}")


def in_hand(activities: pl.DataFrame | None, as_of: int) -> frozenset[str]:
    """Partners whose next step is set for a day to come: nobody is silent there (design: a future next action)."""
    import polars as pl

    if activities is None or not {"partner", "next_at"} <= set(activities.columns):
        return frozenset()
    return frozenset(activities.filter(pl.col("next_at") >= (as_of + 1) * DAY)["partner"].drop_nulls().to_list())
