"""The partnerships on their way: where each stands among the seven stages, for how long, and who waits too long.

seed 001 names the stages: 기회 발견 → 미팅 → 실무자 접촉 → 기획서 완성 → 개발 구축 → QA 테스트 → 현장 테스트.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.standing import STAGES, standing

if TYPE_CHECKING:
    import polars as pl

PERCENTILE: Final = 0.85
#: Times the percentile from which waiting is a breach (kpi_catalogue: PIPE_STAGE, our assumption).
TOO_LONG: Final = 2
MIN_N: Final = 5


def stage_ages(partners: pl.DataFrame, as_of: int, min_n: int = MIN_N) -> pl.DataFrame:
    """How long each partnership has stood in its stage, beside the others there.

    ``partners``: a records frame with ``stage`` and ``stage_at``; ``as_of`` a day index. One line a partner that
    stands at one of the seven stages (one that runs, or has ended, waits for nothing): ``partner``, ``rank`` (0 … 6),
    ``stage`` (its canonical name), ``days`` (null without a date, or with one to come), ``n`` (partners of the stage
    with days), ``p85`` (interpolated; null below ``min_n``), ``flag``: warn over P85, breach over twice P85.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"name": list("가나다라마바"), "stage": ["미팅"] * 5 + ["운영"],
    ...                      "stage_at": [day * 1440 for day in (96, 95, 94, 93, 40, 1)]})
    >>> [(r["partner"], r["days"], r["p85"], r["flag"]) for r in stage_ages(rows, 100).rows(named=True)][3:]
    [('라', 7, 28.2, 'ok'), ('마', 60, 28.2, 'breach')]
    """
    import polars as pl

    waiting = standing(partners).filter((pl.col("rank") < len(STAGES)) & ~pl.col("ended"))
    day = pl.col("stage_at") // DAY if "stage_at" in partners.columns else pl.lit(None, dtype=pl.Int64)
    days = pl.when(day <= as_of).then(as_of - day)
    p85 = pl.col("days").quantile(PERCENTILE, interpolation="linear").round(2).over("rank")
    return (
        waiting.with_columns(days=days)
        .with_columns(n=pl.col("days").count().over("rank").cast(pl.Int64))
        .with_columns(p85=pl.when(pl.col("n") >= min_n).then(p85))
        .select(
            "partner",
            "rank",
            pl.col("rank").replace_strict(dict(enumerate(STAGES)), return_dtype=pl.String).alias("stage"),
            "days",
            "n",
            "p85",
            flag=pl.when(pl.col("days").is_null())
            .then(pl.lit("no_data"))
            .when(pl.col("p85").is_null())
            .then(pl.lit("small_sample"))
            .when(pl.col("days") > TOO_LONG * pl.col("p85"))
            .then(pl.lit("breach"))
            .when(pl.col("days") > pl.col("p85"))
            .then(pl.lit("warn"))
            .otherwise(pl.lit("ok")),
        )
    )
