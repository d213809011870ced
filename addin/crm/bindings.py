"""What a request's cells mean, bound once for every measure: won, order day, net revenue, customer, last touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.crm.calendar import DAY
from addin.crm.engines import tidy, to_polars
from addin.crm.stages import stage_kind
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import narwhals as nw

    from addin.crm.settings import Settings

#: What a request has behind it when it happened; planned instants (event_at) are not among them.
PAST_INSTANTS = ("received_at", "confirmed_at", "proposed_at", "visited_at", "won_at", "completed_at", "membership_at")
_ORDER_DAYS = ("won_at", "completed_at", "received_at")
#: Ends the name of a column that holds what the partner filled in of the field before it.
OWNER_SUFFIX = "__partner"
_COMPANIONS = ("__time", "__yes")


@dataclass(frozen=True, slots=True)
class Prepared:
    """Requests with what every measure needs worked out once: a narwhals frame and the columns it has.

    Added columns, all Int64 but the last: ``_won`` (0/1), ``_order`` (day of the money), ``_net`` (hundredths),
    ``_received`` (day) and ``_customer``.
    """

    frame: Any
    columns: frozenset[str]
    as_of: int

    def has(self, *names: str) -> bool:
        """Whether all these columns are there."""
        return self.columns.issuperset(names)


def prepare(requests: Any, settings: Settings, as_of: int, customers: Any = None) -> Prepared:
    """Bind a requests frame: won, order day, net revenue, customer (``design``: bindings, once).

    A request is won when its stage is a won stage; where it has no stage, when ``won_at`` is filled. Its money
    falls on ``won_at``, else ``completed_at``, else ``received_at``. A customer is a known customer id, else a
    phone, else a name at a partner. Where the partner filled in ``<field>__partner``, settings say whose cell counts.
    """
    import narwhals as nw

    frame: Any = nw.from_native(tidy(requests))
    frame = owned(frame, settings)
    names = set(frame.collect_schema().names())
    if "partner_key" in names:
        frame = frame.with_columns(partner=nw.col("partner_key"))
        names.add("partner")
    frame = frame.with_columns(
        _won=_won(frame, names, settings),
        _order=_first_of([c for c in _ORDER_DAYS if c in names]) // DAY,
        _received=(nw.col("received_at") if "received_at" in names else null()) // DAY,
        _net=_whole("amount", names) - _whole("refund", names),
        _customer=_customer(names),
    )
    if customers is not None and "customer" in names:
        frame = _known_customers(frame, nw.from_native(tidy(customers)))
    return Prepared(frame, frozenset({*names, "_won", "_order", "_received", "_net", "_customer"}), as_of)


def last_touch(prepared: Prepared, activities: Any, dimension: str) -> dict[str, int]:
    """Each key's last day of contact up to ``as_of``: from activities, else from the instants of its requests."""
    import narwhals as nw

    end = (prepared.as_of + 1) * DAY
    instants = [c for c in PAST_INSTANTS if c in prepared.columns]
    found: dict[str, int] = {}
    if instants:
        past = [nw.when(nw.col(c) < end).then(nw.col(c)) for c in instants]
        found.update(_latest(prepared.frame.with_columns(_touch=nw.max_horizontal(*past)), dimension))
    if activities is not None:
        frame = nw.from_native(tidy(activities))
        if {"acted_at", dimension} <= set(frame.collect_schema().names()):
            touched = nw.when(nw.col("acted_at") < end).then(nw.col("acted_at"))
            found.update(_latest(frame.with_columns(_touch=touched), dimension))
    return found


def span(frames: Iterable[tuple[Any, Sequence[str]]]) -> tuple[int, int] | None:
    """The first and last day over the instants of (frame, columns) pairs; None without any.

    >>> import polars as pl
    >>> span([(pl.DataFrame({"received_at": [1440, None, 5000]}), ["received_at", "won_at"])])
    (1, 3)
    """
    import narwhals as nw

    days: list[int] = []
    for native, columns in frames:
        frame = nw.from_native(tidy(native))
        present = [c for c in columns if c in frame.collect_schema().names()]
        if present:
            edges = frame.select(
                *[nw.col(c).min().alias(f"min_{c}") for c in present],
                *[nw.col(c).max().alias(f"max_{c}") for c in present],
            )
            days.extend(int(v) // DAY for v in to_polars(edges.to_native()).row(0) if v is not None)
    return (min(days), max(days)) if days else None


def distinct(frame: Any, column: str) -> list[str]:
    """The distinct non-null texts of a column, sorted."""
    import narwhals as nw

    return sorted(unique(nw.from_native(frame), column))


def unique(frame: Any, column: str) -> list[Any]:
    """The distinct non-null values of a narwhals frame's column, in any order."""
    return to_polars(frame.select(column).unique().to_native())[column].drop_nulls().to_list()


def won_stages(texts: Iterable[str], settings: Settings) -> list[str]:
    """Those stage texts that mean won: the known words and the team's own.

    >>> from addin.crm.settings import Settings
    >>> won_stages(["수주", "접수", "도장 찍음"], Settings(won_words=("도장찍음",)))
    ['수주', '도장 찍음']
    """
    return _stages(texts, "won", settings.won_words, settings.lost_words)


def lost_stages(texts: Iterable[str], settings: Settings) -> list[str]:
    """Those stage texts that mean lost: the known words and the team's own."""
    return _stages(texts, "lost", settings.lost_words, settings.won_words)


def _stages(texts: Iterable[str], kind: str, own: Iterable[str], other: Iterable[str]) -> list[str]:
    mine, theirs = {header_key(w) for w in own}, {header_key(w) for w in other}
    return [t for t in texts if header_key(t) in mine or (stage_kind(t) == kind and header_key(t) not in theirs)]


def null() -> nw.Expr:
    """A null whole number; pandas can't cast a literal None to one."""
    import narwhals as nw

    return nw.when(nw.lit(False)).then(nw.lit(0, dtype=nw.Int64))


def _first_of(columns: Sequence[str]) -> nw.Expr:
    import narwhals as nw

    return nw.coalesce(*[nw.col(c) for c in columns]) if columns else null()


def _whole(column: str, names: set[str]) -> nw.Expr:
    import narwhals as nw

    return nw.col(column).fill_null(0).cast(nw.Int64) if column in names else nw.lit(0, dtype=nw.Int64)


def flag(condition: nw.Expr) -> nw.Expr:
    """A condition as 0/1, unknown = 0."""
    import narwhals as nw

    return nw.when(condition).then(nw.lit(1, dtype=nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64))


def owned(frame: Any, settings: Settings) -> Any:
    """One column a field: where the partner filled in ``<field>__partner`` too, settings say whose cell counts.

    The other side's cell is used where the first is blank. A field only the partner has becomes the field. Second
    columns (``__time``, ``__yes``) go with their value. The partner's columns are gone from the narwhals frame.
    """
    import narwhals as nw

    names = frame.collect_schema().names()
    theirs = [n.removesuffix(OWNER_SUFFIX) for n in names if n.endswith(OWNER_SUFFIX)]
    if not theirs:
        return frame
    sides = ("", OWNER_SUFFIX) if settings.first_owner == "person" else (OWNER_SUFFIX, "")
    columns = []
    for field in (n for n in theirs if not n.endswith(_COMPANIONS)):
        parts = [field, *(field + c for c in _COMPANIONS if field + c in theirs)]
        if field not in names:
            columns += [nw.col(part + OWNER_SUFFIX).alias(part) for part in parts]
            continue
        first, second = sides
        filled = ~nw.col(field + first).is_null()
        if f"{field}__yes" in theirs and f"{field}__yes" in names:
            filled |= ~nw.col(f"{field}__yes{first}").is_null()
        columns += [
            nw.when(filled).then(nw.col(part + first)).otherwise(nw.col(part + second)).alias(part)
            for part in parts
            if part in names
        ]
    return frame.with_columns(*columns).drop([n + OWNER_SUFFIX for n in theirs])


def _won(frame: Any, names: set[str], settings: Settings) -> nw.Expr:
    import narwhals as nw

    dated = flag(~nw.col("won_at").is_null()) if "won_at" in names else nw.lit(0, dtype=nw.Int64)
    if "stage" not in names:
        return dated
    won = won_stages(distinct(frame.to_native(), "stage"), settings)
    staged = flag(nw.col("stage").is_in(won)) if won else nw.lit(0, dtype=nw.Int64)
    return nw.when(nw.col("stage").is_null()).then(dated).otherwise(staged)


def _customer(names: set[str]) -> nw.Expr:
    import narwhals as nw

    named = nw.lit(None, dtype=nw.String)
    if "customer" in names:
        place = nw.col("partner").fill_null("") if "partner" in names else nw.lit("")
        named = nw.concat_str(nw.col("customer"), place, separator="\x1f")
    return nw.when(~nw.col("phone").is_null()).then(nw.col("phone")).otherwise(named) if "phone" in names else named


def _known_customers(frame: Any, customers: Any) -> Any:
    """Where the customer cell holds an id of the customers table, that id is the customer."""
    import narwhals as nw

    if "customer_id" not in customers.collect_schema().names():
        return frame
    ids = customers.select(customer="customer_id").filter(~nw.col("customer").is_null()).unique()
    ids = ids.with_columns(_known=nw.col("customer"))
    joined = frame.join(ids, on="customer", how="left")
    return joined.with_columns(_customer=nw.coalesce(nw.col("_known"), nw.col("_customer"))).drop("_known")


def _latest(frame: Any, dimension: str) -> dict[str, int]:
    import narwhals as nw

    latest = frame.group_by(dimension).agg(nw.col("_touch").max())
    rows = to_polars(latest.to_native()).rows()
    return {key: int(touch) // DAY for key, touch in rows if key is not None and touch is not None}
