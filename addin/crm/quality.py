"""How good a customer is, and why: a small score of points anybody can check (seed 002: 양질의 고객).

+1 regular and custom use · +1 frequent custom use without a no-show · +1 no haggling and no bypass · +1 introduced
someone · −1 asks for 10–15 % off · −1 came by a one-off reward. What counts as frequent, regular or a reward is our
assumption, and a setting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.crm.engines import to_polars
from addin.crm.message import Message, msg
from addin.crm.people import kinds, people

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

#: Rule → points. Each is a Boolean column of `scores`, null where the rule has not the fields it needs.
RULES: Final[Mapping[str, int]] = {
    "both": 1,
    "frequent": 1,
    "fair": 1,
    "introduced": 1,
    "haggles": -1,
    "rewarded": -1,
}
#: What switches a rule on: one field of each group.
NEEDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "both": (("requests.service",), ("customers.service_kind", "requests.membership_at", "requests.service")),
    "frequent": (("requests.no_show",),),
    "fair": (("requests.discount_asked", "requests.bypass"),),
    "introduced": (("requests.referrer",),),
    "haggles": (("requests.discount_asked",),),
    "rewarded": (("requests.source",), ("requests.received_at",)),
}


def scores(
    requests: Any, customers: Any = None, as_of: int | None = None, settings: Settings | None = None
) -> pl.DataFrame:
    """Each customer's score: ``customer`` (key), ``score``, ``orders`` (Int64) and a Boolean column a rule.

    ``requests``: field-id rows, or what `addin.crm.bindings.prepare` made of them (then ``as_of`` is its own); a
    customer is told apart as there. Only those who bought something can earn a point. A rule whose fields are not
    mapped is null and counts 0.

    >>> import polars as pl
    >>> rows = pl.DataFrame({"customer": ["가", "나"], "won_at": [1440, None], "discount_asked": [None, True]})
    >>> found = scores(rows, as_of=2).sort("customer")
    >>> found["score"].to_list(), found["fair"].to_list(), found["introduced"].to_list()
    ([1, -1], [True, False], [None, None])
    """
    from addin.crm.bindings import Prepared, prepare
    from addin.crm.settings import Settings

    settings = settings or Settings()
    if not isinstance(requests, Prepared):
        requests = prepare(requests, settings, 0 if as_of is None else as_of, customers)
    return scored(people(requests, settings, customers), requests, settings).select(
        "customer", "score", "orders", *RULES
    )


def scored(lines: pl.DataFrame, prepared: Prepared, settings: Settings) -> pl.DataFrame:
    """The lines of `people` with ``score`` and a Boolean column a rule."""
    import polars as pl

    col = pl.col
    bought = col("orders") > 0
    clean = [~col(name) for name in ("discount_asked", "bypass") if prepared.has(name)]
    off = pl.lit(None, dtype=pl.Boolean)
    regular = _regular(lines, prepared, settings)
    rules = {
        "both": off if regular is None else regular & bought,
        "frequent": (col("recent") >= settings.frequent_orders) & ~col("no_show"),
        "fair": pl.all_horizontal(bought, *clean) if clean else off,
        "introduced": col("customer").is_in(introducers(prepared).implode()) if prepared.has("referrer") else off,
        "haggles": col("discount_asked"),
        "rewarded": col("rewarded"),
    }
    points = [col(rule).fill_null(False).cast(pl.Int64) * points for rule, points in RULES.items()]
    return lines.with_columns(**rules).with_columns(score=pl.sum_horizontal(points))


def _regular(lines: pl.DataFrame, prepared: Prepared, settings: Settings) -> pl.Expr | None:
    """Regular *and* custom use; None where nothing tells the two apart.

    A word for a regular service among the orders, and another order · the customer list says both kinds · it says
    regular, and two services were bought · a member who ordered more than once, where one-off business makes the
    membership the regular product (seed 003).
    """
    import polars as pl

    col = pl.col
    found: list[pl.Expr] = []
    if prepared.has("service"):
        found.append((col("regular_orders") > 0) & (col("orders") > col("regular_orders")))
    if "service_kind" in lines.columns:
        words = {text: kinds(text, settings.regular_words) for text in lines["service_kind"].unique().drop_nulls()}
        both = [text for text, (regular, custom) in words.items() if regular and custom]
        only = [text for text, (regular, custom) in words.items() if regular and not custom]
        found.append(col("service_kind").is_in(both).fill_null(False))
        if prepared.has("service"):
            found.append(col("service_kind").is_in(only).fill_null(False) & col("several").fill_null(False))
    if prepared.has("membership_at") and settings.business.endswith("_once"):
        found.append(col("member_at").is_not_null() & (col("orders") > 1))
    return pl.any_horizontal(found) if found else None


def introducers(prepared: Prepared) -> pl.Series:
    """The customers who introduced someone else: named as ``referrer`` by id, by phone, or by a name only one has.

    Who refers whom is never followed further, so a circle of referrers does no harm; nobody introduces himself.
    """
    import polars as pl

    from addin.crm.calendar import DAY

    col = pl.col
    frame = to_polars(prepared.native())
    if not prepared.has("referrer"):
        return pl.Series("customer", [], dtype=pl.String)
    known = col("_customer").is_not_null() & col("referrer").is_not_null()
    if prepared.has("received_at"):
        known &= col("received_at").fill_null(0) < (prepared.as_of + 1) * DAY
    said = frame.lazy().filter(known).select("referrer", "_customer").unique().collect(engine="in-memory")
    spoken = said["referrer"].unique().implode()
    rows = frame.lazy().filter(col("_customer").is_not_null())
    parts = [rows.filter(col("_customer").is_in(spoken)).select(referrer="_customer", key="_customer").unique()]
    for name in ("phone", "customer"):
        if prepared.has(name):
            called = rows.filter(col(name).is_in(spoken)).group_by(referrer=name)
            parts.append(called.agg(key=pl.when(col("_customer").n_unique() == 1).then(col("_customer").first())))
    keys = pl.concat(parts).drop_nulls()
    named = said.lazy().join(keys, on="referrer", how="inner").filter(col("key") != col("_customer"))
    return named.select(customer="key").unique().collect(engine="in-memory")["customer"]


def reasons(line: Mapping[str, Any]) -> tuple[Message, ...]:
    """Why a line of `scores` has its score: one message a rule that holds, the good ones first.

    >>> [m.id for m in reasons({"fair": True, "haggles": True, "introduced": None})]
    ['quality.fair', 'quality.haggles']
    """
    return tuple(msg(f"quality.{rule}") for rule in RULES if line.get(rule))


def missing(have: Mapping[str, frozenset[str]]) -> dict[str, tuple[str, ...]]:
    """The rules that are off and the first field each lacks; ``have``: table → its columns.

    >>> missing({"requests": frozenset(["no_show", "source", "received_at", "bypass", "service"])})
    {'introduced': ('requests.referrer',), 'haggles': ('requests.discount_asked',)}
    """
    off = {}
    for rule, groups in NEEDS.items():
        lacks = tuple(
            group[0]
            for group in groups
            if not any(field.partition(".")[2] in have.get(field.partition(".")[0], ()) for field in group)
        )
        if lacks:
            off[rule] = lacks
    return off
