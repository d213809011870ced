"""Daily facts about what was promised for a day: the notice before an event, the follow-up after a proposal.

They are told by two tables, requests and activities, and worked out on polars, whatever the engine of the rest.
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from addin.crm.bindings import Prepared, lost_stages, won_stages
from addin.crm.calendar import DAY
from addin.crm.daily import ROWS
from addin.crm.engines import asked, to_polars
from addin.crm.facts import Facts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.settings import Settings

#: Words of an activity that is a notice.
NOTICE = r"(?i)알림|안내|통지|d-?7|notice|notif|alert|remind"
_HOUR = 60


def promise_columns(prepared: Prepared, activities: Any) -> set[str]:
    """The columns of requests that tell what was promised; empty where they and the activities can't."""
    told = _tell(activities)
    if not (prepared.has("event_at") and (told or prepared.has("proposed_at"))) and not (_timed(prepared) and told):
        return set()
    fields = ("request_id", "stage", "event_at", "_received", "proposed_at", "won_at", "completed_at")
    return {field + part for field in fields for part in ("", "__time")}


def _tell(activities: Any) -> bool:
    """Whether activities tell of requests."""
    return activities is not None and {"request", "acted_at"} <= set(asked(activities).collect_schema().names())


def _timed(prepared: Prepared) -> bool:
    return prepared.has("proposed_at", "proposed_at__time")


def promise_facts(prepared: Prepared, activities: Any, settings: Settings, dimensions: Sequence[str]) -> list[Facts]:
    """What the requests' and activities' columns allow, of two parts.

    On the last day for the notice (7 days before the event): ``alert_n alert_hit``, and ``alert_due``, which has
    those due on the last day known too. On the day proposed: ``follow_n follow_hit`` (touched within 24 hours),
    ``follow_due follow_soon`` (within the warning's 20), ``follow_skip``.
    """
    import polars as pl

    frame = to_polars(prepared.native()).lazy()
    if not prepared.has("request_id"):  # rows get their ids when they are first written to: nothing is about them yet
        frame = frame.with_columns(request_id=pl.lit(None, dtype=pl.String))
    acts = to_polars(activities).lazy() if _tell(activities) else None
    parts: list[pl.LazyFrame] = []
    if prepared.has("event_at") and (acts is not None or prepared.has("proposed_at")):
        parts.append(_notices(frame, prepared, acts, settings, dimensions))
    if _timed(prepared) and acts is not None:
        parts.append(_follow_ups(frame, prepared, acts, settings, dimensions))
    return [Facts(part.collect(engine="in-memory"), tuple(dimensions)) for part in parts]


def _notices(
    frame: pl.LazyFrame, prepared: Prepared, acts: pl.LazyFrame | None, settings: Settings, dimensions: Sequence[str]
) -> pl.LazyFrame:
    """seed 000: D-7 before the closing date a notice with the standard quote; either of the two counts.

    A request that came later than that, or was lost, needs none.
    """
    import polars as pl

    ahead = int(settings.thresholds["D7_ALERT"].breach or 0)
    col = pl.col
    rows = frame.filter(col("event_at").is_not_null() & ~_stage(frame, prepared, settings, "lost"))
    rows = rows.with_columns(day=col("event_at") // DAY - ahead)
    rows = rows.filter((col("_received") <= col("day")).fill_null(True) & (col("day") <= prepared.as_of))
    sent = [col("proposed_at") // DAY <= col("day")] if prepared.has("proposed_at") else []
    if acts is not None:
        names = acts.collect_schema().names()
        told = [col(c).cast(pl.String).str.contains(NOTICE) for c in ("kind", "text") if c in names]
        noticed = acts.filter(pl.any_horizontal(told)) if told else acts.clear()
        first = noticed.group_by(request_id="request").agg(_noticed=col("acted_at").min() // DAY)
        rows = rows.join(first, on="request_id", how="left")
        sent.append(col("_noticed") <= col("day"))
    hit = reduce(or_, [test.fill_null(False) for test in sent])
    columns = {
        "alert_n": hit | (col("day") < prepared.as_of),
        "alert_hit": hit,
        "alert_due": pl.lit(True),
    }
    return _reduced(rows, dimensions, columns, prepared)


def _follow_ups(
    frame: pl.LazyFrame, prepared: Prepared, acts: pl.LazyFrame, settings: Settings, dimensions: Sequence[str]
) -> pl.LazyFrame:
    """seed 002: without a decision, something else is proposed within 24 hours (of the clock: a rule of hours).

    A proposal decided within that time needs none. One without a time of day takes no part, nor one whose next touch
    or decision has only a date that leaves both open.
    """
    import polars as pl

    limits = settings.thresholds["FOLLOWUP_24H"]
    late, soon = (int((limit or 0) * _HOUR) for limit in (limits.breach, limits.warn))
    col, end = pl.col, (prepared.as_of + 1) * DAY
    at = col("proposed_at")
    rows = frame.filter(at < end).with_columns(day=at // DAY)
    timed = "acted_at__time" in acts.collect_schema().names()
    touched = acts.filter(col("acted_at") < end).select(
        request_id="request", acted=col("acted_at"), clock=col("acted_at__time") if timed else pl.lit(True)
    )
    pairs = touched.join(rows.select("request_id", "proposed_at"), on="request_id", how="inner")
    on_day = (~col("clock")) & ((col("acted") // DAY - at // DAY).is_between(0, 1))
    after = pairs.group_by("request_id", "proposed_at").agg(
        _next=pl.when(col("clock") & (col("acted") > at)).then(col("acted") - at).min(), _vague=on_day.any()
    )
    rows = rows.join(after, on=["request_id", "proposed_at"], how="left")
    decided, open_ended = pl.lit(False), _stage(frame, prepared, settings, "won", "lost")
    for column in ("won_at", "completed_at"):
        if prepared.has(column):
            clock = col(f"{column}__time") if prepared.has(f"{column}__time") else pl.lit(True)
            in_time = pl.when(clock).then(col(column) - at <= late).otherwise(col(column) // DAY - at // DAY <= 1)
            decided = decided | in_time.fill_null(False)
            open_ended = open_ended & col(column).is_null()
    counts = ~decided & ~open_ended
    known = counts & col("proposed_at__time") & ~(col("_vague").fill_null(False) & col("_next").is_null())

    def within(minutes: int) -> tuple[pl.Expr, pl.Expr]:
        hit = known & (col("_next") <= minutes).fill_null(False)
        return hit, hit | (known & (pl.lit(end) - at > minutes))

    (hit, n), (early, due) = within(late), within(soon)
    columns = {
        "follow_n": n,
        "follow_hit": hit,
        "follow_due": due,
        "follow_soon": early,
        "follow_skip": counts & ~known,
    }
    return _reduced(rows, dimensions, columns, prepared)


def _stage(frame: pl.LazyFrame, prepared: Prepared, settings: Settings, *kinds: str) -> pl.Expr:
    """Whether a row's stage is a won or lost one."""
    import polars as pl

    if not prepared.has("stage"):
        return pl.lit(False)
    texts = frame.select(pl.col("stage").unique()).collect(engine="in-memory")["stage"].drop_nulls().to_list()
    found = [*(won_stages(texts, settings) if "won" in kinds else ())]
    found += lost_stages(texts, settings) if "lost" in kinds else ()
    return pl.col("stage").is_in(found).fill_null(False)


def _reduced(
    rows: pl.LazyFrame, dimensions: Sequence[str], columns: dict[str, pl.Expr], prepared: Prepared
) -> pl.LazyFrame:
    import polars as pl

    if prepared.counted:
        columns = columns | {ROWS: pl.lit(1)}
    marked = rows.select("day", *dimensions, **columns)
    summed = marked.group_by("day", *dimensions).agg(pl.col(list(columns)).cast(pl.Int64).sum())
    return summed.with_columns(pl.col("day").cast(pl.Int64), pl.col(list(dimensions)).cast(pl.String))
