"""One line a customer: what they asked for and bought, and what the customer list says about them.

A customer is told apart as everywhere (`addin.crm.bindings.prepare`): a known customer id, else a phone, else a name
at a partner. The lines hold numbers only; names are looked up for the few that are shown (`shown`).
"""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from addin.crm.calendar import DAY
from addin.crm.engines import to_polars
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

#: What a request has of an experience of ours: we were there, the work was done, it was bought.
EXPERIENCE: Final = ("visited_at", "completed_at")
_FLAGS: Final = ("no_show", "discount_asked", "bypass")
#: Fields of the customer list that go with a customer.
PROFILE: Final = ("persona", "service_kind", "joined_at", "left_at", "preference", "strategic", "note")
COUNTS: Final = ("requests", "orders", "net", "recent", "regular_orders")
_APART: Final = "\x1f"


def people(prepared: Prepared, settings: Settings, customers: Any = None) -> pl.DataFrame:
    """One line a customer of the requests known by ``as_of``, in no order.

    ``customer`` String (the key) · ``row`` the place of one of its requests in the prepared frame · ``requests`` ·
    ``orders`` (won) and their ``net`` (hundredths) · days: ``experienced`` (the last), ``last_order``, ``member_at``
    (the first) ·
    ``regular_orders`` (of a regular service) and ``recent`` (others, in the settings' weeks) · flags: ``several``
    (two services bought), ``no_show``, ``discount_asked``, ``bypass``, ``rewarded`` (the first request came by a
    one-off reward), ``troubled`` (a claim or refund within the days of an invitation) · the fields of `PROFILE`
    where there is a customer list. What the requests lack is null. Customers who are only in the customer list have
    a line too, with no requests.
    """
    import polars as pl

    frame = to_polars(prepared.native())
    known = pl.col("_customer").is_not_null() & (pl.col("_received").fill_null(0) <= prepared.as_of)
    rows, sums = _asked(frame, prepared, settings)
    lines = (
        frame.lazy()
        .with_row_index("_at")
        .filter(known)
        .select(_key="_customer", _at="_at", **rows)
        .group_by(customer="_key")
        .agg(**sums)
        .with_columns(pl.col(name).cast(pl.Int64) for name in COUNTS if name in sums)
        .with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in _absent().items() if name not in sums)
        .collect(engine="in-memory")
    )
    if customers is not None:
        lines = _with_profiles(lines, frame, to_polars(customers), prepared.as_of)
    flags = _flags(frame.lazy().filter(known), prepared, settings)
    return lines.with_columns(
        (pl.col("customer").is_in(keys.implode()) if keys is not None else pl.lit(None, dtype=pl.Boolean)).alias(name)
        for name, keys in flags.items()
    )


def _asked(
    frame: pl.DataFrame, prepared: Prepared, settings: Settings
) -> tuple[dict[str, pl.Expr], dict[str, pl.Expr]]:
    """What is worked out for each row, and what of it is summed up for a customer; only from columns there are."""
    import polars as pl

    col, has, end = pl.col, prepared.has, (prepared.as_of + 1) * DAY

    def day_of(instant: str) -> pl.Expr:
        return pl.when(col(instant) < end).then(col(instant)) // DAY

    ordered = (col("_won") == 1) & (col("_order") <= prepared.as_of)
    order = pl.when(ordered).then(col("_order"))
    rows: dict[str, pl.Expr] = {
        "_order": order,
        "_paid": pl.when(ordered).then(col("_net")),
        "_been": pl.max_horizontal(order, *(day_of(c) for c in EXPERIENCE if has(c))),
    }
    sums: dict[str, pl.Expr] = {
        "row": col("_at").last(),
        "requests": pl.len(),
        "orders": col("_order").count(),
        "net": col("_paid").sum(),
        "experienced": col("_been").max(),
        "last_order": col("_order").max(),
    }
    recent = order > prepared.as_of - 7 * settings.frequent_weeks
    if has("service"):
        regular = _is_regular(frame, settings)
        rows["_code"] = pl.when(ordered).then(_code(frame))
        rows["_regular"] = pl.when(ordered).then(regular)
        recent &= ~regular
        sums["several"] = (col("_code").max() > col("_code").min()).fill_null(False)
        sums["regular_orders"] = col("_regular").sum()
    if has("no_show"):
        rows["_recent"] = recent
        sums["recent"] = col("_recent").sum()
    if has("membership_at"):
        rows["_member"] = day_of("membership_at")
        sums["member_at"] = col("_member").min()
    return rows, sums


def _absent() -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns only some requests can tell, and their types."""
    import polars as pl

    return {**dict.fromkeys(("regular_orders", "recent", "member_at"), pl.Int64), "several": pl.Boolean}


def _flags(known: pl.LazyFrame, prepared: Prepared, settings: Settings) -> dict[str, pl.Series | None]:
    """Flag → the keys of the customers it holds for; None where the requests lack the column. Few hold, so only their
    rows are looked at."""
    import polars as pl

    col, has = pl.col, prepared.has

    def keys(condition: pl.Expr) -> pl.Series:
        return known.filter(condition).select("_customer").unique().collect(engine="in-memory")["_customer"]

    flags: dict[str, pl.Series | None] = {name: keys(col(name)) if has(name) else None for name in _FLAGS}
    wrong = [
        *([col("claim")] if has("claim") else []),
        *([col("refund") > 0] if has("refund") else []),
        *([col("refund__yes")] if has("refund__yes") else []),
    ]
    happened = pl.coalesce("_order", "_received").fill_null(prepared.as_of)
    lately = happened >= prepared.as_of - settings.invite_days
    flags["troubled"] = keys(reduce(or_, wrong).fill_null(False) & lately) if wrong else None
    flags["rewarded"] = None
    if has("source") and has("received_at"):
        reward = _worded(known, "source", settings.reward_sources)
        theirs = known.filter(col("_customer").is_in(keys(reward).implode())).group_by("_customer")
        first = col("received_at").filter(reward).min() == col("received_at").min()
        flags["rewarded"] = theirs.agg(first=first).filter("first").collect(engine="in-memory")["_customer"]
    return flags


def told_apart(prepared: Prepared) -> bool:
    """Whether the requests say who their customers are."""
    return prepared.has("customer") or prepared.has("phone")


def kinds(text: str, regular_words: Iterable[str]) -> tuple[bool, bool]:
    """Whether a word for a kind of service means regular, and whether it means custom.

    >>> kinds("정기", ("정기",)), kinds("비정기", ("정기",)), kinds("정기+맞춤", ("정기",)), kinds("기타", ("정기",))
    ((True, False), (False, True), (True, True), (False, False))
    """
    plain = header_key(text, brackets=True).replace("비정기", "맞춤")
    both = "둘다" in plain or "both" in plain
    custom = any(word in plain for word in ("맞춤", "단건", "일회", "1회", "custom", "oneoff"))
    return both or worded(plain, regular_words), both or custom


def worded(text: str, words: Iterable[str]) -> bool:
    """Whether a text holds one of some words, however it is spaced.

    >>> worded("첫 이용 쿠폰", ("쿠폰",)), worded("지인 추천", ("쿠폰",))
    (True, False)
    """
    plain = header_key(text, brackets=True)
    return any(header_key(word, brackets=True) in plain for word in words)


def _worded(frame: pl.LazyFrame, column: str, words: Sequence[str]) -> pl.Expr:
    import polars as pl

    texts = frame.select(pl.col(column).unique().drop_nulls()).collect(engine="in-memory")[column]
    found = [text for text in texts if worded(text, words)]
    return pl.col(column).is_in(found).fill_null(False) if found else pl.lit(False)


def _is_regular(frame: pl.DataFrame, settings: Settings) -> pl.Expr:
    """Rows of a regular service (정기 청소), by the word for it."""
    import polars as pl

    found = [t for t in frame["service"].unique().drop_nulls() if kinds(t, settings.regular_words)[0]]
    return pl.col("service").is_in(found).fill_null(False) if found else pl.lit(False)


def _code(frame: pl.DataFrame) -> pl.Expr:
    """Each service as a number; a blank is none."""
    import polars as pl

    services = frame["service"].unique().drop_nulls().sort()
    codes = pl.int_range(len(services), dtype=pl.UInt32, eager=True)
    return pl.col("service").replace_strict(services, codes, default=None, return_dtype=pl.UInt32)


# -- the customer list -------------------------------------------------------------------------------------------------


def _with_profiles(lines: pl.DataFrame, frame: pl.DataFrame, customers: pl.DataFrame, as_of: int) -> pl.DataFrame:
    """The lines, and beside each what the customer list says; those only listed below."""
    import polars as pl

    joined = lines.join(listed(lines["customer"], frame, customers), on="customer", how="full", coalesce=True)
    return joined.with_columns(
        pl.col(COUNTS).fill_null(0),
        *(
            (pl.when(pl.col(name) < (as_of + 1) * DAY).then(pl.col(name)) // DAY).alias(name)
            for name in ("joined_at", "left_at")
            if name in joined.columns
        ),
    )


def listed(keys: pl.Series, frame: pl.DataFrame, customers: pl.DataFrame) -> pl.DataFrame:
    """The customer list with each line's ``customer`` key, one line a customer: the first filled cell of each field.

    A line is the customer with its id, else its phone, else the only customer of the requests with its name; one the
    requests do not know keeps its own id, phone or name. ``frame`` has ``customer`` (as typed) and ``_customer``.
    """
    import polars as pl

    have, known = customers.columns, keys.implode()
    none = pl.lit(None, dtype=pl.String)
    id, phone, name = (pl.col(c) if c in have else none for c in ("customer_id", "phone", "name"))
    fields = [field for field in PROFILE if field in have]
    asked = [pl.when(pl.col(c).is_in(known)).then(pl.col(c)) for c in ("customer_id", "phone") if c in have]
    rows = customers.select(
        pl.coalesce(*asked, none).alias("customer"),
        id.alias("_id"),
        name.alias("_name"),
        phone.alias("_phone"),
        *fields,
    )
    if "name" in have and "customer" in frame.columns and rows["customer"].null_count():
        rows = rows.with_columns(pl.coalesce("customer", _sole_names(frame, rows)))
    rows = rows.with_columns(customer=pl.coalesce("customer", "_id", "_phone", "_name")).drop("_id")
    rows = rows.filter(pl.col("customer").is_not_null())
    if rows["customer"].is_unique().all():
        return rows
    return rows.group_by("customer", maintain_order=True).agg(pl.all().drop_nulls().first())


def _sole_names(frame: pl.DataFrame, rows: pl.DataFrame) -> pl.Expr:
    """A listed name → the key of the one customer called so in the requests; null for none or several."""
    import polars as pl

    names = rows["_name"].drop_nulls()
    alone = names.filter(names.is_unique()).implode()
    once = rows.filter(pl.col("customer").is_null() & pl.col("_name").is_in(alone))["_name"]
    there = (
        frame.lazy()
        .select("customer", "_customer")
        .filter(pl.col("customer").is_in(once.implode()))
        .group_by("customer")
        .agg(key=pl.col("_customer").min(), sole=pl.col("_customer").min() == pl.col("_customer").max())
        .filter("sole")
        .collect(engine="in-memory")
    )
    if there.is_empty():
        return pl.lit(None, dtype=pl.String)
    return pl.col("_name").replace_strict(there["customer"], there["key"], default=None, return_dtype=pl.String)


def shown(lines: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    """Some lines with ``name``, ``phone`` and ``partner`` as people read them: of one of the customer's requests, else
    of the customer list."""
    import polars as pl

    frame = to_polars(prepared.native())
    there = [c for c in ("customer", "phone", "partner") if c in frame.columns]
    rows = frame.select(pl.col(c).gather(lines["row"]).alias(f"_its_{c}") for c in there)
    found = lines.with_columns(rows.get_columns())

    def text(column: str, listed: str) -> pl.Expr:
        own = [pl.col(f"_its_{column}")] if column in there else []
        other = [pl.col(listed)] if listed in found.columns else []
        return pl.coalesce(*own, *other) if own or other else pl.lit(None, dtype=pl.String)

    key = pl.col("customer").str.split(_APART).list.first()
    return found.with_columns(
        name=pl.coalesce(text("customer", "_name"), key), phone=text("phone", "_phone"), partner=text("partner", "")
    ).drop(f"_its_{c}" for c in there)
