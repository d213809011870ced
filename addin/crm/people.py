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
    """One line a customer of the requests, in no order.

    ``customer`` String (the key) · ``row`` the place of one of its requests in the prepared frame · ``requests`` ·
    ``orders`` (won by ``as_of``) and their ``net`` (hundredths) · days: ``seen`` (first request), ``first`` and
    ``last`` order, ``experienced``, ``member_at``, ``trouble`` (the last request with a claim or refund) ·
    ``regular_orders`` (of a regular service) and ``recent`` (others, in the settings' weeks) · flags: ``several``
    (two services bought), ``no_show``, ``discount_asked``, ``bypass``, ``rewarded`` (the first request came by a
    one-off reward) · the fields of `PROFILE` where there is a customer list, and ``listed``. What the requests lack
    is null. Customers who are only in the customer list have a line too, with no requests.
    """
    import polars as pl

    frame = to_polars(prepared.native())
    rows, sums = _asked(frame, prepared, settings)
    lines = (
        frame.lazy()
        .with_row_index("_at")
        .filter(pl.col("_customer").is_not_null())
        .select(_key="_customer", _at="_at", **rows)
        .group_by(customer="_key")
        .agg(**sums)
        .with_columns(pl.col(name).cast(pl.Int64) for name in COUNTS if name in sums)
        .with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in _kinds().items() if name not in sums)
        .collect(engine="in-memory")
    )
    if customers is None:
        return lines.with_columns(listed=pl.lit(False))
    return _with_profiles(lines, frame, to_polars(customers), prepared.as_of)


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
        "_come": col("_received").fill_null(0) <= prepared.as_of,
        "_received": col("_received"),
        "_order": order,
        "_paid": pl.when(ordered).then(col("_net")),
        "_been": pl.max_horizontal(order, *(day_of(c) for c in EXPERIENCE if has(c))),
        **{name: col(name) for name in _FLAGS if has(name)},
    }
    sums: dict[str, pl.Expr] = {
        "row": col("_at").max(),
        "requests": col("_come").sum(),
        "orders": col("_order").count(),
        "net": col("_paid").sum(),
        "seen": col("_received").min(),
        "first": col("_order").min(),
        "last": col("_order").max(),
        "experienced": col("_been").max(),
        **{name: col(name).any() for name in _FLAGS if has(name)},
    }
    recent = order > prepared.as_of - 7 * settings.frequent_weeks
    if has("service"):
        rows["_code"] = pl.when(ordered).then(_code(frame))
        rows["_regular"] = pl.when(ordered).then(_is_regular(frame, settings))
        recent &= ~_is_regular(frame, settings)
        sums["several"] = (col("_code").max() > col("_code").min()).fill_null(False)
        sums["regular_orders"] = col("_regular").sum()
    rows["_recent"] = recent
    sums["recent"] = col("_recent").sum()
    if has("membership_at"):
        rows["_member"] = day_of("membership_at")
        sums["member_at"] = col("_member").min()
    if wrong := _wrong(prepared):
        happened = pl.min_horizontal(pl.coalesce("_order", "_received"), prepared.as_of)
        rows["_trouble"] = pl.when(reduce(or_, wrong)).then(happened)
        sums["trouble"] = col("_trouble").max()
    if has("source") and has("received_at"):
        rows["_came"] = col("received_at")
        rows["_reward"] = pl.when(_worded(frame, "source", settings.reward_sources)).then(col("received_at"))
        sums["rewarded"] = (col("_reward").min() == col("_came").min()).fill_null(False)
    return rows, sums


def _wrong(prepared: Prepared) -> list[pl.Expr]:
    """Something went wrong with a request: a claim, a refund."""
    import polars as pl

    found = []
    for name in ("claim", "refund", "refund__yes"):
        if prepared.has(name):
            cell = pl.col(name) > 0 if name == "refund" else pl.col(name)
            found.append(cell.fill_null(False))
    return found


def _kinds() -> dict[str, pl.DataType | type[pl.DataType]]:
    """The columns only some requests can tell, and their types."""
    import polars as pl

    flags = ("several", "rewarded", *_FLAGS)
    return {
        **dict.fromkeys(("regular_orders", "member_at", "trouble"), pl.Int64),
        **dict.fromkeys(flags, pl.Boolean),
    }


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


def _worded(frame: pl.DataFrame, column: str, words: Sequence[str]) -> pl.Expr:
    import polars as pl

    found = [text for text in frame[column].unique().drop_nulls() if worded(text, words)]
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

    keyed = listed(lines["customer"], frame, customers)
    joined = lines.join(keyed.with_columns(listed=pl.lit(True)), on="customer", how="full", coalesce=True)
    return joined.with_columns(
        pl.col(COUNTS).fill_null(0),
        pl.col("listed").fill_null(False),
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

    have = customers.columns
    none = pl.lit(None, dtype=pl.String)
    id, phone, name = (pl.col(c) if c in have else none for c in ("customer_id", "phone", "name"))
    known = keys.implode()
    named = _sole_names(frame, customers) if "name" in have and "customer" in frame.columns else none
    key = pl.coalesce(
        pl.when(id.is_in(known)).then(id),
        pl.when(phone.is_in(known)).then(phone),
        named,
        id,
        phone,
        name,
    )
    fields = [field for field in PROFILE if field in have]
    rows = customers.select(key.alias("customer"), name.alias("_name"), phone.alias("_phone"), *fields).filter(
        pl.col("customer").is_not_null()
    )
    return rows.group_by("customer", maintain_order=True).agg(pl.all().drop_nulls().first())


def _sole_names(frame: pl.DataFrame, customers: pl.DataFrame) -> pl.Expr:
    """A listed name → the key of the one customer called so in the requests; null for none or several."""
    import polars as pl

    names = customers["name"].drop_nulls()
    once = names.filter(names.is_unique()).to_frame("customer").lazy()
    there = (
        frame.lazy()
        .select("customer", "_customer")
        .join(once, on="customer", how="semi")
        .group_by("customer")
        .agg(key=pl.col("_customer").min(), sole=pl.col("_customer").min() == pl.col("_customer").max())
        .filter("sole")
        .collect(engine="in-memory")
    )
    if there.is_empty():
        return pl.lit(None, dtype=pl.String)
    return pl.col("name").replace_strict(there["customer"], there["key"], default=None, return_dtype=pl.String)


def shown(lines: pl.DataFrame, prepared: Prepared) -> pl.DataFrame:
    """Some lines with ``name``, ``phone`` and ``partner`` as people read them: of one of the customer's requests, else
    of the customer list."""
    import polars as pl

    frame = to_polars(prepared.native())
    there = [c for c in ("customer", "phone", "partner") if c in frame.columns]
    rows = frame.select(*(pl.col(c).alias(f"_its_{c}") for c in there))[lines["row"].fill_null(0)]
    found = lines.with_columns(rows.get_columns())
    mine = pl.col("row").is_not_null()

    def text(column: str, listed: str) -> pl.Expr:
        own = [pl.when(mine).then(pl.col(f"_its_{column}"))] if column in there else []
        other = [pl.col(listed)] if listed in found.columns else []
        return pl.coalesce(*own, *other) if own or other else pl.lit(None, dtype=pl.String)

    key = pl.col("customer").str.split(_APART).list.first()
    return found.with_columns(
        name=pl.coalesce(text("customer", "_name"), key), phone=text("phone", "_phone"), partner=text("partner", "")
    ).drop(f"_its_{c}" for c in there)
