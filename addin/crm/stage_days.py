"""The days on which partnerships reached each stage, as their activities tell: for an experiment on a stage (seed 004).

The list of partners keeps the day of the present stage alone, which those that went on no longer have; so of it only
the last stage is taken: the day of the contract, else since when it runs. 기회 발견 is the first activity with a
partner at all, every other stage the first that tells of its evidence; what is told only once a partner runs is no
stage of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.evidence import EVIDENCE
from addin.crm.funnel_steps import StepSpec, named_steps
from addin.crm.message import msg
from addin.crm.stages import partner_stage_rank
from addin.crm.standing import RUNNING, standing

if TYPE_CHECKING:
    import polars as pl

#: Evidence asked for, or to come, is none yet.
_NOT_YET: Final = r"요청|예정|준비|계획|미정|대기|취소|request|pending|planned"
_COLUMNS: Final = tuple(f"stage{rank}_at" for rank in range(RUNNING + 1))
#: The seven stages and 운영 as steps of `stage_days`.
STEPS: Final = tuple(StepSpec(msg(f"funnel.step.partner{rank + 1}"), column) for rank, column in enumerate(_COLUMNS))


def attacked_stage(step: str) -> int | None:
    """The transition of `STEPS` a step cell names: ``미팅→실무자 접촉``, or one stage, which is the way into it.

    >>> [attacked_stage(text) for text in ("기회 발견→미팅", "미팅→실무자 접촉", "운영", "미팅→QA", "견적")]
    [0, 1, 6, None, None]
    """
    parts = named_steps(step)
    ranks = [partner_stage_rank(part) for part in parts]
    last = ranks[-1] if ranks else None
    if last is None or last > RUNNING or len(parts) > 2:
        return None
    if len(parts) == 1:
        return max(last - 1, 0)
    return last - 1 if last and ranks[0] == last - 1 else None


def stage_days(activities: pl.DataFrame | None, as_of: int, partners: pl.DataFrame | None = None) -> pl.DataFrame:
    """One line a partner that has an activity, with an instant column a stage; empty without a list.

    ``partners``: the list, which tells who runs and since when; its keys are those of the activities' ``partner``.

    >>> import polars as pl
    >>> acts = pl.DataFrame({"partner": ["가", "가"], "acted_at": [1440, 2880], "text": ["전화", "제안서 발송"]})
    >>> stage_days(acts, 9).select("partner", "stage0_at", "stage1_at", "stage2_at").rows()
    [('가', 1440, 2880, None)]
    """
    import polars as pl

    empty = pl.DataFrame(schema={"partner": pl.String, **dict.fromkeys(_COLUMNS, pl.Int64)})
    told = [c for c in ("kind", "text") if activities is not None and c in activities.columns]
    if activities is None or not told or not {"partner", "acted_at"} <= set(activities.columns):
        return _marked(empty)
    said = pl.concat_str([pl.col(c).fill_null("") for c in told], separator=" ").str.to_lowercase()
    rows = activities.filter(pl.col("partner").is_not_null() & (pl.col("acted_at") < (as_of + 1) * DAY)).select(
        "partner", "acted_at", said=said.str.replace_all(r"[\s\W_]+", ""), yet=said.str.contains(_NOT_YET)
    )
    reached = {
        _COLUMNS[rank]: pl.col("acted_at")
        .filter(pl.any_horizontal(pl.col("said").str.contains(word, literal=True) for word in words) & ~pl.col("yet"))
        .min()
        for rank, (_, words) in EVIDENCE.items()
    }
    found = rows.group_by("partner", maintain_order=True).agg(pl.col("acted_at").min().alias(_COLUMNS[0]), **reached)
    found = found.join(_running(partners, as_of), on="partner", how="left", maintain_order="left")
    late = [(pl.col(c) // DAY > pl.col(_COLUMNS[-1]) // DAY).fill_null(False) for c in _COLUMNS[:-1]]
    before = (pl.when(~x).then(pl.col(c)).alias(c) for c, x in zip(_COLUMNS, late, strict=False))
    return _marked(found.with_columns(before).select(empty.columns))


def _running(partners: pl.DataFrame | None, as_of: int) -> pl.DataFrame:
    """Since when each partner runs, or ran until it ended."""
    import polars as pl

    day = _COLUMNS[-1]
    if partners is None or not {"contract_at", "stage_at"} & set(partners.columns):
        return pl.DataFrame(schema={"partner": pl.String, day: pl.Int64})
    stood = standing(partners)
    days = [pl.col("contract_at")] if "contract_at" in stood.columns else []
    if "stage_at" in stood.columns:
        days.append(pl.when(pl.col("rank") == RUNNING).then(pl.col("stage_at")))
    since = stood.filter(pl.col("running") | pl.col("ended")).select("partner", pl.coalesce(days).alias(day))
    return since.filter(pl.col(day) < (as_of + 1) * DAY)


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """With the column that tells an instant from a day; of activities only the day counts."""
    import polars as pl

    return frame.with_columns(pl.lit(False).alias(f"{column}__time") for column in _COLUMNS)
