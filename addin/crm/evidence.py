"""What shows that a partnership really reached its stage, and that both sides gain (seed 001).

A stage's evidence is looked for in what was done with the partner (활동) and in the partner's own column (단계 증빙).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    import polars as pl

#: The evidence of each stage, by its place among the seven, and the words that tell of it.
EVIDENCE: Final[dict[int, tuple[str, tuple[str, ...]]]] = {
    1: ("proposal", ("제안서", "proposal")),
    2: ("scenario", ("시나리오", "scenario")),
    3: ("plan", ("기획서확정", "기획확정", "기획서", "planconfirmed", "plan")),
    4: ("data", ("데이터", "연동", "data", "integration")),
    5: ("account", ("테스트계정", "계정", "testaccount")),
    6: ("complaints", ("불만", "현장테스트", "complaint", "fieldtest")),
}


def evidence_id(rank: int) -> str:
    """The id of the message that says what a stage's evidence is; ``rank`` 0 … 6 as in `standing.STAGES`."""
    return f"task.evidence.{EVIDENCE[rank][0]}"


EVIDENCE_IDS: Final = tuple(map(evidence_id, EVIDENCE))


def told(
    partners: pl.DataFrame, activities: pl.DataFrame | None, names: Collection[str] | None = None
) -> dict[str, list[str]] | None:
    """What is on record about each partner, as searchable texts; None where no list and no column could tell.

    ``names``: the partners asked about; None = all.

    >>> import polars as pl
    >>> told(pl.DataFrame({"name": ["한빛", "샛별"], "evidence": ["제안서 3/2 발송", None]}), None)
    {'한빛': ['제안서32발송']}
    """
    found: dict[str, list[str]] = {}
    own = "evidence" in partners.columns
    listed = activities is not None and "partner" in activities.columns
    if not own and not listed:
        return None
    if own:
        key = next(c for c in ("partner_key", "name", "partner_id") if c in partners.columns)
        _note(found, partners.select(key, "evidence").iter_rows(), names)
    if listed:
        assert activities is not None
        columns = [c for c in ("kind", "text") if c in activities.columns]
        rows = activities.select("partner", *columns)
        if names is not None:
            import polars as pl

            rows = rows.filter(pl.col("partner").is_in(list(names)))
        _note(found, rows.iter_rows(), names)
    return found


def _note(found: dict[str, list[str]], rows: Iterable[tuple[str | None, ...]], names: Collection[str] | None) -> None:
    for name, *texts in rows:
        said = header_key(" ".join(text for text in texts if text))
        if name is not None and said and (names is None or name in names):
            found.setdefault(name, []).append(said)


def has(texts: Iterable[str], rank: int) -> bool:
    """Whether the evidence of the stage ``rank`` (0 … 6) is among the texts; a stage that asks for none has it."""
    return rank not in EVIDENCE or any(word in text for text in texts for word in EVIDENCE[rank][1])


def missing(texts: Collection[str], rank: int) -> tuple[str, ...]:
    """The evidence of the stages up to ``rank`` that nothing tells of, as message ids.

    >>> missing(["제안서발송"], 2)
    ('task.evidence.scenario',)
    """
    return tuple(evidence_id(i) for i in range(1, rank + 1) if i in EVIDENCE and not has(texts, i))


def lacking_side(row: Mapping[str, object], rank: int | None) -> str:
    """The benefit that is not written down: ``our_benefit``, ``their_benefit``; '' where both are, or nobody can say.

    A partnership where only one side gains does not last (seed 001); before the first meeting (``rank`` 0, None where
    the stage is not known) nobody can say.
    """
    if not {"our_benefit", "their_benefit"} <= set(row) or (row["our_benefit"] and row["their_benefit"]):
        return ""
    if not (row["our_benefit"] or row["their_benefit"]) and (rank is None or rank < 1):
        return ""
    return "their_benefit" if row["our_benefit"] else "our_benefit"
