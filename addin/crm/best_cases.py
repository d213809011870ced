"""The jobs worth showing to the next partner or customer, of each service and persona (seed 002: best practice).

A case is a job that was done and about which nothing went wrong: no claim, no refund, no second visit, and the highest
satisfaction where it was asked. What more speaks for it is counted in points anybody can check: +2 top satisfaction ·
+1 the customer came back later · +1 the customer introduced another. How many are shown of one kind and what of the
scale is its top is our assumption, and a setting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.crm.engines import to_polars
from addin.crm.message import Message, msg
from addin.crm.photo_columns import tells_photos
from addin.crm.quality import introducers
from addin.crm.users import by_user

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

Kind = Literal["service", "persona"]
#: What speaks for a case → points.
POINTS: Final[Mapping[str, int]] = {"satisfied": 2, "again": 1, "introduced": 1}
REASON_IDS: Final = tuple(f"cases.{name}" for name in POINTS)
#: Fields that tell that something went wrong; without any, and without a satisfaction, nothing tells a case.
WRONG: Final = ("claim", "rework", "refund", "refund__yes")
#: What is told of a case, of what the requests have.
_TOLD: Final = (
    *("_customer", "_order", "_sheet", "_row", "request_id", "customer", "user", "partner", "service"),
    *("satisfaction", "note"),
)
#: Ends of the scales satisfaction is asked on.
SCALES: Final = (5, 10, 100)
#: The scale is the one this share of the answers lies on: a slip of the hand (55) makes no other scale.
_MOST_GIVEN: Final = 0.95
#: Kinds listed at most, those with most cases first.
LISTED: Final[Mapping[Kind, int]] = {"service": 12, "persona": 8}


@dataclass(frozen=True, slots=True)
class Case:
    """One job worth showing. ``day``: when it was done or bought; ``sheet`` and ``row`` (1-based): where it stands;
    ``scale``: what the highest satisfaction is; ``photos``: where the team's own columns say its photos are."""

    kind: Kind
    of: str
    request: str
    key: str
    customer: str
    user: str
    partner: str
    service: str
    persona: str
    day: int
    satisfaction: float | None
    scale: int
    score: int
    reasons: tuple[Message, ...]
    note: str
    sheet: str
    row: int
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BestCases:
    """``cases`` by kind, those of one kind together, the best first · ``found`` of each (kind, of) in all · ``more``
    services and personas that have cases too and are not listed."""

    cases: tuple[Case, ...] = ()
    found: tuple[tuple[Kind, str, int], ...] = ()
    more: tuple[tuple[Kind, int], ...] = ()


def best_cases(prepared: Prepared, lines: pl.DataFrame, settings: Settings, customers: Any = None) -> BestCases:
    """The cases of each service; and of each persona, where the ``lines`` of `addin.crm.people` have one.

    A case's persona is that of who used it, where the customer list tells of users (`addin.crm.users`). Of one kind a
    customer stands once. Of equals the one with the higher satisfaction, then the later goes first. Nothing without a
    column that tells how a job went.
    """
    kinds: list[Kind] = [kind for kind in LISTED if kind in (lines.columns if kind == "persona" else prepared.columns)]
    if not kinds or not any(prepared.has(name) for name in (*WRONG, "satisfaction")):
        return BestCases()
    good, scale = _good(to_polars(prepared.native()), prepared, settings)
    good = _scored(good, lines, prepared)
    if "persona" in kinds:
        good = by_user(good, customers)
    parts = [_of(good, kind, scale, settings.best_cases) for kind in kinds]
    return BestCases(
        tuple(case for cases, _, _ in parts for case in cases),
        tuple(line for _, found, _ in parts for line in found),
        tuple((kind, more) for kind, (_, _, more) in zip(kinds, parts, strict=True) if more),
    )


def _good(frame: pl.DataFrame, prepared: Prepared, settings: Settings) -> tuple[pl.DataFrame, int]:
    """The jobs done about which nothing went wrong, with ``_day`` and ``_satisfied``; and the satisfaction's scale."""
    import polars as pl

    from addin.crm.calendar import DAY

    col, has = pl.col, prepared.has
    done = (col("completed_at") // DAY) if has("completed_at") else col("_order")
    bad: dict[str, pl.Expr] = {name: col(name).fill_null(False) for name in WRONG if has(name) and name != "refund"}
    if has("refund"):
        bad["refund"] = col("refund").fill_null(0) != 0
    scale, least = 0, 0.0
    satisfied = pl.lit(False)
    if has("satisfaction"):
        top = frame["satisfaction"].quantile(_MOST_GIVEN, "lower")
        scale = next((end for end in SCALES if top is not None and top <= end), 0)
        least = float(settings.best_satisfaction * scale)
        told = col("satisfaction").is_not_null()
        satisfied = told & (col("satisfaction") >= least) if scale else pl.lit(False)
        if scale:
            bad["satisfaction"] = told & (col("satisfaction") < least)
    return (
        frame.lazy()
        .filter(
            (col("_won") == 1) & (col("_order") <= prepared.as_of) & (done <= prepared.as_of),
            col("_customer").is_not_null(),
            *(~wrong for wrong in bad.values()),
        )
        .select(
            *(name for name in _TOLD if has(name)),
            *(name for name in frame.columns if name not in _TOLD and tells_photos(name)),
            _day=done,
            satisfied=satisfied.fill_null(False),
        )
        .collect(engine="in-memory")
    ), scale


def _scored(good: pl.DataFrame, lines: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    """The jobs that have points, with ``score``, a Boolean column a reason and the customer's persona."""
    import polars as pl

    col = pl.col
    told = [name for name in ("last_order", "persona") if name in lines.columns]
    theirs = lines.lazy().filter(col("orders") > 0).select(col("customer").alias("_customer"), *told)
    named = introducers(prepared)
    return (
        good.lazy()
        .join(theirs, on="_customer", how="left", maintain_order="left")
        .with_columns(
            again=(col("last_order") > col("_order")).fill_null(False),
            introduced=col("_customer").is_in(named.implode()) if len(named) else pl.lit(False),
        )
        .with_columns(score=pl.sum_horizontal(col(name).cast(pl.Int64) * points for name, points in POINTS.items()))
        .filter(col("score") > 0)
        .collect(engine="in-memory")
    )


def _of(good: pl.DataFrame, kind: Kind, scale: int, most: int) -> tuple[list[Case], list[tuple[Kind, str, int]], int]:
    """The best jobs of each service or persona; how many of each; how many kinds are left out."""
    import polars as pl

    col = pl.col
    sizes = good.lazy().filter(col(kind).is_not_null()).group_by(kind).agg(n=pl.len().cast(pl.Int64))
    kinds = sizes.sort("n", kind, descending=[True, False]).collect(engine="in-memory")
    listed = kinds.head(LISTED[kind])
    best = [name for name in ("score", "satisfaction", "_day") if name in good.columns]
    rows = (
        good.lazy()
        .with_row_index("_at")
        .filter(col(kind).is_in(listed[kind].implode()))
        .select("_at", kind, "_customer", "_sheet", "_row", *best)
        .sort(*best, "_sheet", "_row", descending=[*(True for _ in best), False, False], nulls_last=True)
        .group_by(kind, maintain_order=True)
        .agg(col("_at", "_customer"))
        .collect(engine="in-memory")
    )
    chosen = {of: _firsts(at, keys, most) for of, at, keys in rows.iter_rows()}
    lines = good[[at for of in listed[kind] for at in chosen[of]]]
    of_each = [of for of in listed[kind] for _ in chosen[of]]
    cases = [_case(kind, of, line, scale) for of, line in zip(of_each, lines.iter_rows(named=True), strict=True)]
    return cases, [(kind, of, n) for of, n in listed.iter_rows()], kinds.height - listed.height


def _firsts(places: Sequence[int], keys: Sequence[str], most: int) -> list[int]:
    """The first places whose customers stand once.

    >>> _firsts([7, 3, 5], ["가", "가", "나"], 2)
    [7, 5]
    """
    found: dict[str, int] = {}
    for place, key in zip(places, keys, strict=True):
        if len(found) == most:
            break
        found.setdefault(key, place)
    return list(found.values())


def _case(kind: Kind, of: str, line: Mapping[str, Any], scale: int) -> Case:
    return Case(
        kind=kind,
        of=of,
        request=line.get("request_id") or "",
        key=line["_customer"],
        customer=line.get("customer") or "",
        user=line.get("user") or "",
        partner=line.get("partner") or "",
        service=line.get("service") or "",
        persona=line.get("persona") or "",
        day=line["_day"],
        satisfaction=line.get("satisfaction"),
        scale=scale,
        score=line["score"],
        reasons=reasons(line, scale),
        note=line.get("note") or "",
        sheet=line["_sheet"],
        row=line["_row"],
        photos=tuple(str(cell) for name, cell in line.items() if cell and name not in _TOLD and tells_photos(name)),
    )


def reasons(line: Mapping[str, Any], scale: int) -> tuple[Message, ...]:
    """Why a job is worth showing: one message a point's reason.

    >>> [m.id for m in reasons({"satisfied": False, "again": True, "introduced": None}, 5)]
    ['cases.again']
    """
    given = f"{line.get('satisfaction') or 0:g}"
    return tuple(
        msg("cases.satisfied", given=given, scale=scale) if name == "satisfied" else msg(f"cases.{name}")
        for name in POINTS
        if line.get(name)
    )
