"""Where each partner of the list stands: on its way, running, or over. `addin.crm.roster` for many at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.roster import CANDIDATE_STAGES, has_ended, is_candidate
from addin.crm.stages import PARTNER_STAGES, partner_stage_rank

if TYPE_CHECKING:
    from collections.abc import Callable

    import polars as pl

STAGES: Final = PARTNER_STAGES[:7]
RUNNING: Final = 7
ENDED: Final = 8


def standing(partners: pl.DataFrame) -> pl.DataFrame:
    """The partners' rows, one a partner (the first), with what their stage and status say.

    Added: ``partner`` (its key, else name, else id), ``rank`` (0 … 6 one of the seven stages, 7 running, 8 ended, null
    where the stage is blank or none of ours), ``ended``, ``candidate``, ``running`` (neither, and past the seven
    stages, or of a list that tells no stages). A frame that has them already is given back.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": ["가", "나", "다", "라"], "stage": ["미팅", "운영", None, "QA"],
    ...                      "status": [None, "해지", "운영", None]})
    >>> standing(rows).select("partner", "rank", "ended", "candidate", "running").rows()[:2]
    [('가', 1, False, True, False), ('나', 7, True, False, False)]
    >>> standing(rows).select("partner", "rank", "ended", "candidate", "running").rows()[2:]
    [('다', None, False, False, True), ('라', 5, False, False, False)]
    """
    import polars as pl

    if "running" in partners.columns:
        return partners
    name = next(c for c in ("partner_key", "name", "partner_id") if c in partners.columns)
    rank = pl.lit(None, dtype=pl.Int64)
    if "stage" in partners.columns:
        words = partners["stage"].drop_nulls().unique().to_list()
        ranks = {word: found for word in words if (found := partner_stage_rank(word)) is not None}
        rank = pl.col("stage").replace_strict(ranks, default=None, return_dtype=pl.Int64) if ranks else rank
    ended = _says(partners, has_ended) | (pl.col("rank") == ENDED).fill_null(False)
    early = (pl.col("rank") < CANDIDATE_STAGES).fill_null(False)
    candidate = ~pl.col("ended") & (early | _says(partners, is_candidate))
    on_its_way = (pl.col("rank") < RUNNING).fill_null(False)
    return (
        partners.with_columns(partner=pl.col(name), rank=rank)
        .filter(pl.col("partner").is_not_null())
        .unique("partner", keep="first", maintain_order=True)
        .with_columns(ended=ended)
        .with_columns(candidate=candidate)
        .with_columns(running=~(pl.col("ended") | pl.col("candidate") | on_its_way))
    )


def _says(partners: pl.DataFrame, told: Callable[[str | None], bool]) -> pl.Expr:
    """Where the status column says so."""
    import polars as pl

    if "status" not in partners.columns:
        return pl.lit(False)
    words = [word for word in partners["status"].drop_nulls().unique().to_list() if told(word)]
    return pl.col("status").is_in(words).fill_null(False) if words else pl.lit(False)
