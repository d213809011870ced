"""What is wrong with each request, in one line beside it: late, missed, complained about, silent, incomplete.

The same definitions as the KPIs (`addin.crm.facts`), row by row. Of several reasons the worst comes first and only it
carries its number, so that a hundred thousand rows share a few hundred sentences.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.crm.bindings import PAST_INSTANTS, lost_stages, prepare
from addin.crm.calendar import DAY
from addin.crm.engines import answers
from addin.crm.facts import response, same_day
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.fault import PlacedFault
    from addin.crm.flags import Flag
    from addin.crm.settings import Settings


class Reason(NamedTuple):
    """A reason's code, how bad it is, and what its number counts."""

    code: str
    flag: Flag
    counts: str | None = None  # minutes | days | cells


#: Worst first; a request's reasons are the bits of a mask in this order.
REASONS = (
    Reason("unconfirmed", "breach", "minutes"),
    Reason("silent", "breach", "days"),
    Reason("claim", "breach"),
    Reason("rework", "warn"),
    Reason("refund", "warn"),
    Reason("late_confirm", "warn", "minutes"),
    Reason("not_visited", "warn", "days"),
    Reason("late_visit", "warn", "days"),
    Reason("quiet", "warn", "days"),
    Reason("lost_no_reason", "warn"),
    Reason("no_partner", "warn"),
    Reason("fault", "warn", "cells"),
)
#: Message ids, so that a test can check the catalogue has them.
REASON_IDS = tuple(
    f"request_flag.{reason.code}{short}" for reason in REASONS for short in (("", ".short") if reason.counts else ("",))
)
SPAN_IDS = ("request_flag.span.minutes", "request_flag.span.hours", "request_flag.span.days")


def request_flags(
    requests: pl.DataFrame,
    settings: Settings,
    faults: Iterable[PlacedFault],
    as_of: int,
    activities: pl.DataFrame | None = None,
    rows: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """One line a request: ``_sheet``, ``_row``, ``flag`` (ok, warn, breach), ``reasons`` (bits of `REASONS`), number.

    ``as_of`` is a day; ``number`` belongs to the worst reason: business minutes up to a day of them, then whole
    calendar days in minutes; days; cells; 0 where it has none.
    A request is open while it is neither won, lost nor completed. Repaired cells are no fault of the row.
    ``rows``: the requests as `bound` gives them, where somebody has worked that out already.
    """
    import polars as pl

    frame = bound(requests, settings, as_of, activities) if rows is None else rows
    found = _found(frame, settings, faults, as_of)
    bits = [pl.when(test.fill_null(False)).then(1 << i).otherwise(0) for i, (test, _) in enumerate(found)]
    number: pl.Expr = pl.lit(0, dtype=pl.Int64)
    for test, count in reversed(found):
        number = pl.when(test.fill_null(False)).then(count).otherwise(number)
    breaches = sum(1 << i for i, reason in enumerate(REASONS) if reason.flag == "breach")
    mask = pl.col("reasons")
    flag = pl.when(mask & breaches != 0).then(pl.lit("breach")).when(mask != 0).then(pl.lit("warn"))
    flagged = frame.select("_sheet", "_row", reasons=pl.sum_horizontal(bits).cast(pl.Int64), number=number)
    return flagged.select("_sheet", "_row", flag.otherwise(pl.lit("ok")).alias("flag"), "reasons", "number")


#: What `marked` has beside each row.
_MARKS: Final = {"flag": "_flag", "reasons": "_reasons", "number": "_number"}


def marked(requests: Prepared, settings: Settings, as_of: int, activities: pl.DataFrame | None = None) -> pl.DataFrame:
    """The rows of `bound`, each with its flag as if no cell were faulty: what a request tells by itself."""
    rows = bound(requests.native(), settings, as_of, activities, requests)
    return rows.hstack(
        request_flags(rows, settings, (), as_of, activities, rows).select(**{to: name for name, to in _MARKS.items()})
    )


def with_faults(
    lines: pl.DataFrame, settings: Settings, faults: Sequence[PlacedFault], as_of: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Of lines of `marked` the rows, and their flags as `request_flags` gives them."""
    import polars as pl

    from addin.crm.retold import put

    rows = lines.drop(_MARKS.values())
    flags = lines.select("_sheet", "_row", **_MARKS)
    there = {(fault.sheet, fault.row) for fault in faults}
    if not there:
        return rows, flags
    places = pl.DataFrame(list(there), schema={"_sheet": pl.String, "_row": pl.Int64}, orient="row")
    at = flags.with_row_index("_at").join(places, on=["_sheet", "_row"], how="semi")["_at"].sort()
    own = rows[at]
    return rows, put(flags, at, request_flags(own, settings, faults, as_of, rows=own), at)


def spoken_flags(flags: pl.DataFrame, say: Callable[[Message], str]) -> tuple[pl.Series, pl.Series]:
    """Each line's flag and its reasons in words, in the frame's order; each different sentence is said once."""
    import polars as pl

    said: dict[tuple[Reason, int | None], str] = {}

    def words(mask: int, number: int) -> str:
        parts = _parts(mask, number)
        for part in parts:
            if part not in said:
                said[part] = say(_sentence(*part))
        return " · ".join([said[part] for part in parts])

    kinds = flags["number"] * (1 << len(REASONS)) + flags["reasons"]  # one number is looked up faster than two
    first = kinds.arg_unique()
    told = [words(*kind) for kind in flags.select("reasons", "number")[first].rows()]
    spoken = kinds.replace_strict(kinds.gather(first), told, return_dtype=pl.String).alias("words")
    return flags["flag"], spoken


def _parts(mask: int, number: int) -> list[tuple[Reason, int | None]]:
    """The reasons of a mask, worst first; only the first keeps the number."""
    held = [reason for i, reason in enumerate(REASONS) if mask >> i & 1]
    return [(reason, None if i or reason.counts is None else number) for i, reason in enumerate(held)]


def _sentence(reason: Reason, number: int | None) -> Message:
    name = f"request_flag.{reason.code}"
    if reason.counts is None:
        return msg(name)
    if number is None:
        return msg(f"{name}.short")
    if reason.counts == "cells":
        return msg(name, n=number)
    if reason.counts == "days":
        return msg(name, span=msg("request_flag.span.days", n=number))
    if number < 120:
        return msg(name, span=msg("request_flag.span.minutes", n=number))
    if number < DAY:
        return msg(name, span=msg("request_flag.span.hours", n=number // 60))
    return msg(name, span=msg("request_flag.span.days", n=number // DAY))


def bound(
    requests: pl.DataFrame,
    settings: Settings,
    as_of: int,
    activities: pl.DataFrame | None,
    prepared: Prepared | None = None,
) -> pl.DataFrame:
    """The requests with the KPIs' own row-level marks, the last touch, and whether they are lost, done or planned.

    ``_touch`` the last instant anything happened, ``_acted`` the last activity, ``_planned`` a next step is set for a
    day to come. ``prepared``: these very requests, where the KPIs have bound them already.
    """
    import polars as pl

    prepared = prepared or prepare(requests, settings, as_of)
    frame = prepared.frame
    columns: dict[str, Any] = {}
    if prepared.has("received_at", "confirmed_at"):
        frame, columns = response(prepared, frame, settings)
    if prepared.has("received_at", "visited_at"):
        frame, more = same_day(prepared, frame, settings)
        columns |= more
    rows: pl.DataFrame = answers([frame.with_columns(**columns)])[0]
    end = (as_of + 1) * DAY
    past = [pl.when(pl.col(c) < end).then(pl.col(c)) for c in PAST_INSTANTS if c in rows.columns]
    rows = rows.with_columns(_touch=pl.max_horizontal(past) if past else pl.lit(None, dtype=pl.Int64))
    if activities is not None and {"request", "acted_at"} <= set(activities.columns) and "request_id" in rows.columns:
        acted = activities.filter(pl.col("acted_at") < end, pl.col("request").is_not_null())
        latest = acted.group_by(request_id="request").agg(_acted=pl.col("acted_at").max())
        rows = rows.join(latest, on="request_id", how="left", maintain_order="left")
        rows = rows.with_columns(_touch=pl.max_horizontal("_touch", "_acted"))
    planned: list[str] = []
    if activities is not None and {"request", "next_at"} <= set(activities.columns):
        planned = activities.filter(pl.col("next_at") >= end)["request"].drop_nulls().to_list()
    ahead = pl.col("request_id").is_in(planned).fill_null(False) if planned and "request_id" in rows.columns else None
    rows = rows.with_columns(_planned=pl.lit(False) if ahead is None else ahead)
    lost = pl.lit(False)
    if "stage" in rows.columns:
        lost = pl.col("stage").is_in(lost_stages(rows["stage"].drop_nulls().unique().to_list(), settings))
    done = pl.col("completed_at").is_not_null() if "completed_at" in rows.columns else pl.lit(False)
    return rows.with_columns(_lost=lost.fill_null(False), _done=done)


def _found(
    frame: pl.DataFrame, settings: Settings, faults: Iterable[PlacedFault], as_of: int
) -> list[tuple[pl.Expr, pl.Expr]]:
    """One (test, number) a reason, in the order of `REASONS`."""
    import polars as pl

    have = frame.columns
    never, none = pl.lit(False), pl.lit(0, dtype=pl.Int64)
    opened = (pl.col("_won") == 0) & ~pl.col("_lost") & ~pl.col("_done")
    late = pl.col("resp_n") & ~pl.col("resp_hit") if "resp_n" in have else never
    unconfirmed = pl.col("_unconfirmed") if "_unconfirmed" in have else never
    missed = pl.col("visit_n") & ~pl.col("visit_hit") if "visit_n" in have else never
    visited = pl.col("visited_at") < (as_of + 1) * DAY if "visited_at" in have else never
    days_quiet = as_of - pl.col("_touch") // DAY
    silence = settings.thresholds["SILENCE_4W"]
    rotting = opened & ~pl.col("_planned")  # a next step that is set stops it
    silent = rotting & (days_quiet > float(silence.target or 0)) if silence.target is not None else never
    quiet = rotting & ~silent & (days_quiet > float(silence.warn or 0)) if silence.warn is not None else never
    took = _few(pl.col("_took"), (pl.col("_until") - 1) // DAY - pl.col("_received")) if "_took" in have else none
    after = pl.when(visited.fill_null(False)).then(pl.col("visited_at") // DAY if "visited_at" in have else none)
    since = after.otherwise(as_of) - (pl.col("received_at") // DAY if "received_at" in have else none)
    wrong = _faulty(frame, faults)
    tests: Mapping[str, tuple[pl.Expr, pl.Expr]] = {
        "unconfirmed": (opened & late & unconfirmed, took),
        "silent": (silent, days_quiet),
        "claim": (pl.col("claim") if "claim" in have else never, none),
        "rework": (pl.col("rework") if "rework" in have else never, none),
        "refund": (_refunded(have), none),
        "late_confirm": (late & ~unconfirmed, took),
        "not_visited": (opened & missed & ~visited.fill_null(False), since),
        "late_visit": (missed & visited, since),
        "quiet": (quiet, days_quiet),
        "lost_no_reason": (pl.col("_lost") & pl.col("lost_reason").is_null() if "lost_reason" in have else never, none),
        "no_partner": (pl.col("partner").is_null() if "partner" in have else never, none),
        "fault": (wrong > 0, wrong),
    }
    return [tests[reason.code] for reason in REASONS]


def _refunded(have: list[str]) -> pl.Expr:
    import polars as pl

    refunds = [pl.col("refund").fill_null(0) > 0] if "refund" in have else []
    refunds += [pl.col("refund__yes").fill_null(False)] if "refund__yes" in have else []
    return pl.any_horizontal(refunds) if refunds else pl.lit(False)


def _few(minutes: pl.Expr, days: pl.Expr) -> pl.Expr:
    """Minutes as they are up to two hours, then whole hours, then calendar days: few enough to say each once."""
    import polars as pl

    hours = minutes // 60 * 60
    return pl.when(minutes < 120).then(minutes).when(minutes < DAY).then(hours).otherwise(days.clip(1) * DAY)


def _faulty(frame: pl.DataFrame, faults: Iterable[PlacedFault]) -> pl.Expr:
    """How many cells of each row can't be used, as a literal column."""
    import polars as pl

    counts: Counter[tuple[Any, Any]] = Counter((f.sheet, f.row) for f in faults if not f.fault.repair and f.row)
    if not counts:
        return pl.lit(0, dtype=pl.Int64)
    places = pl.DataFrame(
        [(sheet, row, n) for (sheet, row), n in counts.items()],
        schema={"_sheet": pl.String, "_row": pl.Int64, "_n": pl.Int64},
        orient="row",
    )
    joined = frame.select("_sheet", "_row").join(places, on=["_sheet", "_row"], how="left", maintain_order="left")
    return pl.lit(joined["_n"].fill_null(0))
