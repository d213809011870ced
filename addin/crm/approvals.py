"""Who agreed to a partnership, and who met whom first.

seed 001: decision makers meet first, then those who do the work; the final approval is theirs. It is recorded apart
from the stage: in the partners' own columns (최종 승인일, 최종 승인) or as an activity (결재, 최종 승인).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import DAY
from addin.crm.standing import RUNNING, standing
from addin.crm.words import header_key

if TYPE_CHECKING:
    import polars as pl

#: The stages that wait for nobody's work any more: from here on customers meet the partnership.
FIELD_TEST: Final = 6
#: An approval asked for, or refused, is none.
_NOT_YET: Final = (
    r"요청|대기|예정|반려|보류|거절|거부|부결|불가|미승인|미결|아직|필요|상신|올림|올렸|취소|"
    r"pending|request|await|reject|denied|refus|not\s"
)
#: What any line that tells of an approval, or of a meeting, holds: the rest need not be looked at closely.
_ANY_APPROVAL: Final = "승인|결재|(?i:approv)"
_ANY_MEETING: Final = (
    "의사|결정|대표|임원|사장|회장|소장|점장|원장|실무|담당자|(?i:ceo|decision|executive|director|working|staff)"
)
_KIND: Final = r"^\s*(최종\s*)?(승인|결재)\s*(완료)?\s*$|^\s*(final\s+)?approv(al|ed)\s*$"
_TEXT: Final = r"(최종|제휴|대표|임원|의사\s*결정권?자?)의?\s*(최종\s*)?(승인|결재)|final\s+approv"
#: What else a partner's people approve.
_OTHER: Final = r"문안|시안|디자인|견적|가격|단가|쿠폰|사진|영수|design|quote|price|coupon"
_MET: Final = r"미팅|회의|면담|만남|만나|협의|방문|meeting|met\s"
_DECIDERS: Final = (
    r"의사\s*결정|결정권자|대표|임원|사장|회장|소장|점장|원장|ceo|decision.?makers?|executives?|directors?"
)
_WORKERS: Final = r"실무|담당자(끼리|와|과|님|\s*(미팅|회의|면담|협의))|working.?level|the\s+staff"
_NO: Final = frozenset(map(header_key, ("x", "n", "no", "아니오", "아니요", "미승인", "미결", "전", "false", "0")))


@dataclass(frozen=True, slots=True)
class Approvals:
    """What is on record: partner → the day index of its final approval, None where only a yes is told.

    ``recorded``: whether the team records approvals at all; ``first``: the earliest day, from which it does.
    """

    recorded: bool = False
    first: int | None = None
    given: dict[str, int | None] = field(default_factory=dict)


class Unapproved(NamedTuple):
    """A partnership its decision makers have not agreed to, or only later than it began.

    ``rank`` 6 in its field test, 7 running; ``since`` the day it got there, ``approved`` the later approval's.
    """

    partner: str
    rank: int
    since: int | None = None
    approved: int | None = None


class Backwards(NamedTuple):
    """Those who do the work met on day ``workers``, before any meeting of decision makers (``deciders``, if ever)."""

    partner: str
    workers: int
    deciders: int | None = None


def approvals(partners: pl.DataFrame, activities: pl.DataFrame | None, as_of: int) -> Approvals:
    """The final approvals on record up to a day.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": ["가", "나", "다"], "approved": ["O", "반려", None]})
    >>> acts = pl.DataFrame({"partner": ["다"], "acted_at": [144000], "kind": ["결재"], "text": ["대표 결재"]})
    >>> approvals(rows, acts, 100).given
    {'가': None, '다': 100}
    """
    given: dict[str, int | None] = {}
    refused: set[str] = set()
    name = next((c for c in ("partner", "partner_key", "name", "partner_id") if c in partners.columns), None)
    own = [c for c in ("approved_at", "approved") if c in partners.columns]
    if name is not None and own:
        for partner, *cells in partners.select(name, *own).iter_rows():
            _note(given, refused, partner, dict(zip(own, cells, strict=True)), as_of)
    for partner, day in _acted(activities, as_of):
        if partner not in refused:
            known = given.get(partner)
            given[partner] = day if known is None else min(known, day)
    days = [day for day in given.values() if day is not None]
    return Approvals(bool(given or refused), min(days, default=None), given)


def _note(
    given: dict[str, int | None], refused: set[str], partner: str | None, cells: dict[str, object], as_of: int
) -> None:
    word, at = cells.get("approved"), cells.get("approved_at")
    if partner is None or partner in given or partner in refused:
        return
    if isinstance(word, str) and word.strip() and not _says_yes(word):
        refused.add(partner)
    elif isinstance(at, int):
        if at // DAY <= as_of:
            given[partner] = at // DAY
    elif isinstance(word, str) and word.strip():
        given[partner] = None


def _says_yes(word: str) -> bool:
    """Whether what stands in a column 최종 승인 says that it was given: ``O``, ``승인``, who gave it.

    >>> [_says_yes(word) for word in ("O", "승인", "김 대표", "X", "결재 대기", "반려")]
    [True, True, True, False, False, False]
    """
    import re

    return header_key(word) not in _NO and re.search(_NOT_YET, word.casefold()) is None


def _acted(activities: pl.DataFrame | None, as_of: int) -> list[tuple[str, int]]:
    """(partner, day) of every activity that tells of a final approval."""
    import polars as pl

    if activities is None or not {"partner", "acted_at"} <= set(activities.columns):
        return []
    told = [c for c in ("kind", "text") if c in activities.columns]
    if not told:
        return []
    near = activities.filter(pl.any_horizontal(pl.col(c).str.contains(_ANY_APPROVAL) for c in told))
    by_kind = pl.col("kind").str.contains(f"(?i){_KIND}").fill_null(False) if "kind" in told else pl.lit(False)
    both = pl.concat_str([pl.col(c).fill_null("") for c in told], separator=" ")
    by_text = both.str.contains(f"(?i){_TEXT}") & ~both.str.contains(f"(?i){_OTHER}")
    found = near.filter(
        pl.col("partner").is_not_null()
        & (pl.col("acted_at") < (as_of + 1) * DAY)
        & (by_kind | by_text)
        & ~both.str.contains(f"(?i){_NOT_YET}")
    )
    return [(partner, at // DAY) for partner, at in found.select("partner", "acted_at").iter_rows()]


def unapproved(partners: pl.DataFrame, found: Approvals) -> list[Unapproved]:
    """Partnerships in their field test or running that nobody approved, then those approved late; by day.

    A team that began to record approvals last month is not asked about what began before: a partnership whose own day
    (``stage_at``, else ``contract_at``) lies before the first recorded approval is left alone.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": ["가", "나"], "stage": ["운영", "운영"], "stage_at": [144000, 144000]})
    >>> [(one.partner, one.since) for one in unapproved(rows, Approvals(True, 90, {"가": 90}))]
    [('나', 100)]
    """
    import polars as pl

    if not found.recorded:
        return []
    there = standing(partners).filter(~pl.col("ended"))
    days = [pl.col(c) // DAY for c in ("stage_at", "contract_at") if c in there.columns]
    rank = pl.when(pl.col("running")).then(RUNNING).otherwise(pl.col("rank"))
    lines = there.select("partner", rank=rank, since=pl.coalesce(days) if days else None).filter(
        pl.col("rank").is_between(FIELD_TEST, RUNNING)
    )
    missing, late = [], []
    for partner, at, since in lines.iter_rows():
        if partner not in found.given:
            if since is None or found.first is None or since >= found.first:
                missing.append(Unapproved(partner, at, since))
        elif since is not None and (day := found.given[partner]) is not None and day > since:
            late.append(Unapproved(partner, at, since, day))
    return [one for group in (missing, late) for one in sorted(group, key=lambda u: (u.since or 0, u.partner))]


def met_backwards(partners: pl.DataFrame, activities: pl.DataFrame | None, as_of: int) -> list[Backwards]:
    """Partnerships on their way where those who do the work met before any decision makers did, by day.

    Only where the team's activities name decision makers at all; both on one day is as it should be.
    """
    import polars as pl

    if activities is None or not {"partner", "acted_at"} <= set(activities.columns):
        return []
    told = [c for c in ("kind", "text") if c in activities.columns]
    if not told:
        return []
    near = activities.filter(pl.any_horizontal(pl.col(c).str.contains(_ANY_MEETING) for c in told))
    both = pl.concat_str([pl.col(c).fill_null("") for c in told], separator=" ")
    met = near.filter(
        pl.col("partner").is_not_null() & (pl.col("acted_at") < (as_of + 1) * DAY) & both.str.contains(f"(?i){_MET}")
    ).select(
        "partner",
        day=pl.col("acted_at") // DAY,
        deciders=both.str.contains(f"(?i){_DECIDERS}"),
        workers=both.str.contains(f"(?i){_WORKERS}"),
    )
    if not met["deciders"].any():
        return []
    first = met.group_by("partner").agg(
        deciders=pl.col("day").filter(pl.col("deciders")).min(), workers=pl.col("day").filter(pl.col("workers")).min()
    )
    early = pl.col("workers").is_not_null() & (pl.col("deciders").is_null() | (pl.col("deciders") > pl.col("workers")))
    on_its_way = standing(partners).filter(~pl.col("ended") & ~pl.col("running")).select("partner")
    lines = first.filter(early).join(on_its_way, on="partner", how="semi").sort("workers", "partner")
    return [Backwards(partner, workers, deciders) for partner, deciders, workers in lines.iter_rows()]
