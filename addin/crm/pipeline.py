"""The partnerships on their way: where each stands among the seven stages, for how long, and who waits too long.

seed 001 names the stages: 기회 발견 → 미팅 → 실무자 접촉 → 기획서 완성 → 개발 구축 → QA 테스트 → 현장 테스트.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.evidence import EVIDENCE, evidence_id, lacking_side, missing, told
from addin.crm.standing import STAGES, standing

if TYPE_CHECKING:
    from decimal import Decimal

    import polars as pl

    from addin.crm.settings import Threshold

PERCENTILE: Final = 0.85


def stage_ages(partners: pl.DataFrame, as_of: int, limits: Threshold) -> pl.DataFrame:
    """How long each partnership has stood in its stage, beside the others there.

    ``partners``: a records frame with ``stage`` and ``stage_at`` (or its `standing`); ``as_of`` a day index. One line
    a partner that stands at one of the seven stages (one that runs, or has ended, waits for nothing): ``partner``,
    ``rank`` (0 … 6), ``stage`` (its canonical name), ``days`` (null without a date, or with one to come), ``n``
    (partners of the stage with days), ``p85`` (interpolated; null below ``limits.min_n``), ``flag``: the limits'
    ``warn`` and ``breach`` are times P85, and one that is None flags nobody.

    >>> import polars as pl
    >>> from addin.crm.settings import Settings
    >>> limits = Settings().thresholds["PIPE_STAGE"]
    >>> rows = pl.DataFrame({"name": list("가나다라마바"), "stage": ["미팅"] * 5 + ["운영"],
    ...                      "stage_at": [day * 1440 for day in (96, 95, 94, 93, 40, 1)]})
    >>> [(r["partner"], r["days"], r["p85"], r["flag"]) for r in stage_ages(rows, 100, limits).rows(named=True)][3:]
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
        .with_columns(p85=pl.when(pl.col("n") >= limits.min_n).then(p85))
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
            .when(_longer(limits.breach))
            .then(pl.lit("breach"))
            .when(_longer(limits.warn))
            .then(pl.lit("warn"))
            .otherwise(pl.lit("ok")),
        )
    )


def _longer(times: Decimal | None) -> pl.Expr:
    """Over so many times what 85 % stay within; never where nobody says how many."""
    import polars as pl

    return pl.lit(False) if times is None else pl.col("days") > float(times) * pl.col("p85")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One partnership on its way, and what a manager asks about it.

    ``rank`` 0 … 6; ``days``, ``p85`` and ``flag`` as `stage_ages` tells them; ``missing``: evidence of the stages up to
    this one that nothing tells of, as message ids (None where no list could tell); ``lacks``: whose benefit is not
    written down (a field id, or ''), ``mutual``: both are (None without such columns); the internal case: ``case``,
    ``expected`` (revenue in hundredths), ``effort`` (days).
    """

    partner: str
    rank: int
    days: int | None
    p85: float | None
    flag: str
    missing: tuple[str, ...] | None
    lacks: str
    mutual: bool | None = None
    cluster: str = ""
    owner: str = ""
    case: str = ""
    expected: int | None = None
    effort: float | None = None

    @property
    def unproven(self) -> bool:
        """Whether the stage it stands in has no evidence."""
        return self.rank in EVIDENCE and evidence_id(self.rank) in (self.missing or ())

    @property
    def a_day(self) -> int | None:
        """Expected revenue for each day of effort, in hundredths."""
        return (
            None if self.expected is None or not self.effort or self.effort <= 0 else int(self.expected / self.effort)
        )


_AGES: Final = ("breach", "warn", "ok", "small_sample", "no_data")


def waiting(
    partners: pl.DataFrame, ages: pl.DataFrame, activities: pl.DataFrame | None = None, most: int = 300
) -> list[Waiting]:
    """The partnerships on their way, those that wait too long first; ``ages``: their `stage_ages`.

    At most ``most`` are told.
    """
    import polars as pl

    order = pl.col("flag").replace_strict({flag: i for i, flag in enumerate(_AGES)}, return_dtype=pl.Int64)
    first = ages.sort(order, -pl.col("rank"), -pl.col("days"), "partner", nulls_last=True).head(most)
    texts = ("cluster", "owner", "case", "our_benefit", "their_benefit")
    numbers = ("expected_revenue", "effort")
    have = [c for c in (*texts, *numbers) if c in partners.columns]
    rows = first.drop("stage").join(
        standing(partners).select("partner", *have), on="partner", how="left", maintain_order="left"
    )
    both = {"our_benefit", "their_benefit"} <= set(have)
    on_record = told(partners, activities, first["partner"].to_list())
    found = []
    for row in rows.iter_rows(named=True):
        own = None if on_record is None else missing(on_record.get(row["partner"], []), row["rank"])
        found.append(
            Waiting(
                partner=row["partner"],
                rank=row["rank"],
                days=row["days"],
                p85=row["p85"],
                flag=row["flag"],
                missing=own,
                lacks=lacking_side(row, row["rank"]),
                mutual=bool(row["our_benefit"] and row["their_benefit"]) if both else None,
                cluster=row.get("cluster") or "",
                owner=row.get("owner") or "",
                case=row.get("case") or "",
                expected=row.get("expected_revenue"),
                effort=row.get("effort"),
            )
        )
    return found
