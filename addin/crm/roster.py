"""What is known of each partner: cluster, region, our owner, monthly goal, whether it is a candidate or has ended."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.stages import partner_stage_rank
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterator

#: seed 001: 기회 발견, 미팅, 실무자 접촉 are a partnership's first three stages; 중단 is its end.
CANDIDATE_STAGES = 3
_ENDED_STAGE = 8
_CANDIDATE_WORDS = frozenset(map(header_key, ("후보", "후보군", "예비", "검토", "candidate", "prospect", "potential")))
_ENDED_WORDS = frozenset(
    map(header_key, ("중단", "종료", "해지", "계약종료", "휴면", "ended", "stopped", "terminated", "inactive"))
)
_ESTATE_WORDS = tuple(map(header_key, ("아파트", "단지", "관리사무소", "apartment", "housing estate")))


class Partner(NamedTuple):
    """One partner of the partners table; ``goal`` is deals a month."""

    name: str
    cluster: str | None = None
    region: str | None = None
    owner: str | None = None
    goal: float | None = None
    candidate: bool = False
    ended: bool = False

    def place(self, dimension: str) -> str | None:
        """Its cluster, its region, or who of us looks after it."""
        return {"cluster": self.cluster, "region": self.region, "owner": self.owner}[dimension]


@dataclass(frozen=True, slots=True)
class Roster:
    """The partners, found by key, name or id however a request writes it (width, case and spaces don't matter)."""

    partners: tuple[Partner, ...] = ()
    _index: dict[str, Partner] = field(default_factory=dict)

    def find(self, text: str | None) -> Partner | None:
        """The partner a request names, None where the table has no such partner."""
        return self._index.get(_key(text)) if text else None

    def substitutes(self, name: str) -> tuple[str, ...]:
        """Candidates that could take over from a partner: those of its cluster (seed 000)."""
        partner = self.find(name)
        if partner is None or partner.cluster is None:
            return ()
        return tuple(p.name for p in self.partners if p.candidate and p.cluster == partner.cluster and p is not partner)

    def clusters(self) -> dict[str, list[Partner]]:
        """The partners of each cluster, in the table's order."""
        found: dict[str, list[Partner]] = {}
        for partner in self.partners:
            if partner.cluster is not None:
                found.setdefault(partner.cluster, []).append(partner)
        return found

    def __iter__(self) -> Iterator[Partner]:
        return iter(self.partners)


def roster(frame: Any) -> Roster:
    """The roster of a partners frame; None gives an empty one.

    >>> import polars as pl
    >>> found = roster(pl.DataFrame({"name": ["한빛", "샛별"], "cluster": ["카페", "카페"], "stage": ["운영", "미팅"]}))
    >>> found.find("한 빛").cluster, found.substitutes("한빛")
    ('카페', ('샛별',))
    """
    if frame is None:
        return Roster()
    from addin.crm.engines import to_polars

    index: dict[str, Partner] = {}
    partners: list[Partner] = []
    for row in to_polars(frame).iter_rows(named=True):
        names = [row[c] for c in (("partner_key",) if row.get("partner_key") else ("name", "partner_id")) if row.get(c)]
        if not names:
            continue
        partner = _partner(names[0], row)
        partners.append(partner)
        for name in names:
            index.setdefault(_key(name), partner)
    return Roster(tuple(partners), index)


def _partner(name: str, row: dict[str, Any]) -> Partner:
    stage, status = row.get("stage"), row.get("status")
    rank = partner_stage_rank(stage) if stage else None
    ended = rank == _ENDED_STAGE or has_ended(status)
    early = rank is not None and rank < CANDIDATE_STAGES
    return Partner(
        name=name,
        cluster=row.get("cluster"),
        region=row.get("region"),
        owner=row.get("owner"),
        goal=row.get("monthly_goal"),
        candidate=not ended and (early or is_candidate(status)),
        ended=ended,
    )


def has_ended(status: str | None) -> bool:
    """Whether a partner's status says that the partnership is over.

    >>> has_ended("계약 종료"), has_ended("운영"), has_ended(None)
    (True, False, False)
    """
    return bool(status) and header_key(status or "") in _ENDED_WORDS


def is_candidate(status: str | None) -> bool:
    """Whether a partner's status says that it is none yet.

    >>> is_candidate("후보"), is_candidate("운영"), is_candidate(None)
    (True, False, False)
    """
    return bool(status) and header_key(status or "") in _CANDIDATE_WORDS


def _key(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def is_estate(text: str) -> bool:
    """Whether a cluster's or a partner's name is that of an apartment estate or its management office (seed 000).

    >>> is_estate("한빛 1단지 관리사무소"), is_estate("Apartments"), is_estate("Real estate agents")
    (True, True, False)
    """
    key = header_key(text)
    return any(word in key for word in _ESTATE_WORDS)
