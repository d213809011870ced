"""The days on which partnerships reached each stage, as their activities tell: for an experiment on a stage (seed 004).

The list of partners keeps the day of the present stage alone, which those that went on no longer have; so it is not
used. A stage is reached on the first day an activity tells of its evidence. 기회 발견 has none: when an opportunity was
found nobody notes, so the way into 미팅 can't be counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.evidence import EVIDENCE
from addin.crm.funnel_steps import StepSpec, named_steps
from addin.crm.message import msg
from addin.crm.stages import partner_stage_rank

if TYPE_CHECKING:
    import polars as pl

#: Evidence asked for, or to come, is none yet.
_NOT_YET: Final = r"요청|예정|준비|계획|미정|대기|취소|request|pending|planned"
_COLUMNS: Final = tuple(f"stage{rank}_at" for rank in EVIDENCE)
#: The stages that have evidence as steps of `stage_days`, 미팅 the first.
STEPS: Final = tuple(
    StepSpec(msg(f"funnel.step.partner{rank + 1}"), column) for rank, column in zip(EVIDENCE, _COLUMNS, strict=True)
)


def attacked_stage(step: str) -> int | None:
    """The transition of `STEPS` a step cell names: ``미팅→실무자 접촉``, or one stage, which is the way into it.

    >>> [attacked_stage(text) for text in ("미팅→실무자 접촉", "현장 테스트", "미팅→QA", "기회 발견→미팅", "견적")]
    [0, 4, None, None, None]
    """
    parts = named_steps(step)
    ranks = [partner_stage_rank(part) for part in parts]
    last = ranks[-1] if ranks else None
    if last is None or last - 1 not in EVIDENCE or last not in EVIDENCE or len(parts) > 2:
        return None
    return last - 2 if len(parts) == 1 or ranks[0] == last - 1 else None


def stage_days(activities: pl.DataFrame | None, as_of: int) -> pl.DataFrame:
    """One line a partner that has some evidence, with an instant column a stage; empty without a list.

    >>> import polars as pl
    >>> acts = pl.DataFrame({"partner": ["가", "가"], "acted_at": [1440, 2880], "text": ["전화", "제안서 발송"]})
    >>> stage_days(acts, 9).select("partner", "stage1_at", "stage2_at").rows()
    [('가', 2880, None)]
    """
    import polars as pl

    empty = pl.DataFrame(schema={"partner": pl.String, **dict.fromkeys(_COLUMNS, pl.Int64)})
    told = [c for c in ("kind", "text") if activities is not None and c in activities.columns]
    if activities is None or not told or not {"partner", "acted_at"} <= set(activities.columns):
        return _marked(empty)
    said = pl.concat_str([pl.col(c).fill_null("") for c in told], separator=" ").str.to_lowercase()
    rows = activities.filter(
        pl.col("partner").is_not_null() & (pl.col("acted_at") < (as_of + 1) * DAY) & ~said.str.contains(_NOT_YET)
    ).select("partner", "acted_at", said=said.str.replace_all(r"[\s\W_]+", ""))
    reached = {
        column: pl.col("acted_at")
        .filter(pl.any_horizontal(pl.col("said").str.contains(word, literal=True) for word in words))
        .min()
        for column, (_, words) in zip(_COLUMNS, EVIDENCE.values(), strict=True)
    }
    found = rows.group_by("partner", maintain_order=True).agg(**reached)
    return _marked(found.filter(pl.any_horizontal(pl.col(column).is_not_null() for column in _COLUMNS)))


def _marked(frame: pl.DataFrame) -> pl.DataFrame:
    """With the column that tells an instant from a day; of activities only the day counts."""
    import polars as pl

    return frame.with_columns(pl.lit(False).alias(f"{column}__time") for column in _COLUMNS)
