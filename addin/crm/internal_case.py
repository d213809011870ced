"""The internal case for one partner: why this one, what revenue, what effort against what return, what comes next.

seed 001: before anything, those inside are won over: why this company, what picture, what revenue, what effort for what
return. Everything is told from the book's own cells; what no cell tells stays open, to be filled in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.approvals import FIELD_TEST, approvals, met_backwards
from addin.crm.calendar import DAY, date_of
from addin.crm.evidence import EVIDENCE, evidence_id, has, lacking_side, told
from addin.crm.message import Message, msg
from addin.crm.partner_tasks import FIELD_TEST_CASES
from addin.crm.screening import PARTS, most_points, told_reasons
from addin.crm.standing import ENDED, RUNNING, STAGES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.settings import Settings

#: What the case asks for, in the order of the page.
ASKED: Final = ("case", "expected_revenue", "effort", "our_benefit", "their_benefit")
ASKED_IDS: Final = tuple(f"case.asked.{name}" for name in ASKED)
#: Every sentence about what comes next.
NEXT_IDS: Final = tuple(
    f"case.next.{step}"
    for step in (
        *("fill", "stage", "first_meeting", "evidence", "onward", "field_test", "approval", "running", "ended"),
        *("backwards", "planned"),
    )
)


@dataclass(frozen=True, slots=True)
class Score:
    """How a candidate was screened: its score of 100, its place among all candidates, points of each part and most."""

    score: float | None
    place: int
    of: int
    parts: tuple[tuple[str, float | None, int], ...]
    reasons: tuple[Message, ...]
    pilot: bool


@dataclass(frozen=True, slots=True)
class InternalCase:
    """One partner's case; '' and None where no cell tells.

    ``rank``: place of its stage (`addin.crm.standing`), ``since`` the day index it got there, ``days`` until today;
    ``expected`` revenue in hundredths, ``effort`` in days; ``score`` None for one that is no candidate any more;
    ``lacks`` the benefit that is missing where only one side's is told; ``approved``: whether a final approval is on
    record, ``approved_on`` its day.
    """

    partner: str
    cluster: str = ""
    region: str = ""
    owner: str = ""
    contact: str = ""
    rank: int | None = None
    since: int | None = None
    days: int | None = None
    why: str = ""
    expected: int | None = None
    effort: float | None = None
    our_benefit: str = ""
    their_benefit: str = ""
    lacks: str = ""
    score: Score | None = None
    next: tuple[Message, ...] = ()
    approved: bool = False
    approved_on: int | None = None

    @property
    def a_day(self) -> int | None:
        """Expected revenue for each day of effort, in hundredths."""
        if self.expected is None or self.effort is None or self.effort <= 0:
            return None
        return int(self.expected / self.effort)

    @property
    def open(self) -> tuple[str, ...]:
        """What the book doesn't tell, of `ASKED`."""
        values = (self.why, self.expected, self.effort, self.our_benefit, self.their_benefit)
        return tuple(name for name, value in zip(ASKED, values, strict=True) if value in (None, ""))


class Cases:
    """The cases of one team as of a day.

    ``partners``: where each stands (`addin.crm.standing.standing`), ``screened``: the candidates
    (`addin.crm.screening.screen`), ``activities`` as recorded.
    """

    def __init__(
        self,
        partners: pl.DataFrame,
        screened: pl.DataFrame,
        activities: pl.DataFrame | None,
        settings: Settings,
        as_of: int,
    ) -> None:
        self.partners, self.activities, self.settings, self.as_of = partners, activities, settings, as_of
        self._screened = {row["partner"]: row for row in screened.iter_rows(named=True)}
        self._approvals = approvals(partners, activities, as_of)
        self._backwards = {one.partner for one in met_backwards(partners, activities, as_of)}

    def names(self) -> list[str]:
        """Whoever is on its way or a candidate, in the list's order."""
        import polars as pl

        on_its_way = pl.col("rank").is_not_null() & (pl.col("rank") < RUNNING)
        return self.partners.filter(~pl.col("ended") & (on_its_way | pl.col("candidate")))["partner"].to_list()

    def of(self, partner: str) -> InternalCase:
        """One partner's case."""
        import polars as pl

        row = self.partners.row(by_predicate=pl.col("partner") == partner, named=True)
        rank = ENDED if row["ended"] else row["rank"] if row["rank"] is not None or not row["running"] else RUNNING
        since = row["stage_at"] // DAY if isinstance(row.get("stage_at"), int) else None
        case = InternalCase(
            partner=partner,
            cluster=_text(row, "cluster"),
            region=_text(row, "region"),
            owner=_text(row, "owner"),
            contact=_text(row, "contact"),
            rank=rank,
            since=since,
            days=self.as_of - since if since is not None and since <= self.as_of else None,
            why=_text(row, "case"),
            expected=row.get("expected_revenue"),
            effort=row.get("effort"),
            our_benefit=_text(row, "our_benefit"),
            their_benefit=_text(row, "their_benefit"),
            lacks=lacking_side(row, rank),
            score=self._score(partner),
            approved=partner in self._approvals.given,
            approved_on=self._approvals.given.get(partner),
        )
        return _with_next(case, (*self._next(case), *self._planned(partner)))

    def _score(self, partner: str) -> Score | None:
        row = self._screened.get(partner)
        if row is None:
            return None
        most = most_points(self.settings)
        parts = tuple((part, row[f"p_{part}"], most[part]) for part in PARTS)
        reasons = tuple(told_reasons(row, self.settings.large_estate))
        return Score(row["score"], row["place"], len(self._screened), parts, reasons, bool(row["pilot"]))

    def _next(self, case: InternalCase) -> list[Message]:
        """What is open, then the step after the stage it stands in."""
        rank = case.rank
        if rank == ENDED:
            return [msg("case.next.ended")]
        out = []
        if case.open:
            out.append(msg("case.next.fill", fields=tuple(msg(f"case.asked.{name}") for name in case.open)))
        if case.partner in self._backwards:
            out.append(msg("case.next.backwards"))
        if rank is None:
            return [*out, msg("case.next.stage")]
        if rank == 0:
            return [*out, msg("case.next.first_meeting")]
        on_record = told(self.partners, self.activities, [case.partner]) or {}
        texts = on_record.get(case.partner, [])
        if rank in EVIDENCE and not has(texts, rank):
            out.append(msg("case.next.evidence", stage=STAGES[rank], what=msg(evidence_id(rank))))
        elif rank < FIELD_TEST:
            out.append(msg("case.next.onward", stage=STAGES[rank + 1], what=msg(evidence_id(rank + 1))))
        if rank == FIELD_TEST:
            out.append(msg("case.next.field_test", of=FIELD_TEST_CASES))
        if rank >= FIELD_TEST - 1 and not case.approved:
            out.append(msg("case.next.approval"))
        elif rank == RUNNING:
            out.append(msg("case.next.running"))
        return out

    def _planned(self, partner: str) -> list[Message]:
        """The next date that is set."""
        import polars as pl

        acts = self.activities
        if acts is None or not {"partner", "next_at"} <= set(acts.columns):
            return []
        ahead = acts.filter((pl.col("partner") == partner) & (pl.col("next_at") >= self.as_of * DAY))["next_at"].min()
        return [msg("case.next.planned", day=date_of(int(ahead) // DAY).isoformat())] if isinstance(ahead, int) else []


def _with_next(case: InternalCase, steps: tuple[Message, ...]) -> InternalCase:
    from dataclasses import replace

    return replace(case, next=steps)


def _text(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    return value.strip() if isinstance(value, str) else ""
