"""Who uses what another buys: the buyer is often not the user, and both are kept (seed 002).

Persona and preference belong to who uses; money and loyalty to who pays. A user is told by the customer list where it
has a line with that id, or one line alone with that name. Without a column of users the buyer is the user.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.engines import to_polars

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from addin.crm.bindings import Prepared

#: What of the customer list goes with who uses.
USED: tuple[str, ...] = ("persona", "preference")


class User(NamedTuple):
    """Someone a customer buys for: how many of its orders, and what the customer list says of them."""

    name: str
    orders: int
    persona: str
    preference: str


def is_other(user: str, customer: str) -> bool:
    """Whether the user is somebody else than the customer, however the names are spaced.

    >>> is_other("김 가온", "김가온"), is_other("이다온", "김가온")
    (False, True)
    """
    return "".join(user.split()).casefold() != "".join(customer.split()).casefold()


def profiles(customers: Any, fields: Sequence[str] = USED) -> pl.DataFrame:
    """What the customer list says of users: ``user`` (an id, or a name only one has) and those of the fields it has."""
    import polars as pl

    listed = to_polars(customers)
    told = [pl.col(field) for field in fields if field in listed.columns]
    parts = [
        listed.select(pl.col(column).alias("user"), *told).filter(pl.col("user").is_not_null())
        for column in ("customer_id", "name")
        if column in listed.columns
    ]
    if "name" in listed.columns:
        parts[-1] = parts[-1].filter(pl.col("user").is_unique())
    if not parts:
        return listed.select(pl.lit("").alias("user"), *told).clear()
    return pl.concat(parts).unique("user", keep="first", maintain_order=True)


def by_user(frame: pl.DataFrame, customers: Any) -> pl.DataFrame:
    """Requests with the ``persona`` of each one's buyer → with that of its user, where the customer list knows it."""
    import polars as pl

    if "user" not in frame.columns or customers is None:
        return frame
    theirs = profiles(customers, ("persona",))
    if "persona" not in theirs.columns:
        return frame
    frame = frame.join(theirs.rename({"persona": "_theirs"}), on="user", how="left", maintain_order="left")
    return frame.with_columns(persona=pl.coalesce("_theirs", "persona")).drop("_theirs")


def users_of(wanted: pl.DataFrame, prepared: Prepared, customers: Any = None) -> dict[str, tuple[User, ...]]:
    """Customer → who used what it bought and is somebody else, who used most first; {} without a column of users.

    ``wanted``: lines of `addin.crm.people`.
    """
    import polars as pl

    if not prepared.has("user"):
        return {}
    col = pl.col
    name = [col("customer").first().alias("_name")] if prepared.has("customer") else [pl.lit("").alias("_name")]
    rows = (
        to_polars(prepared.native())
        .lazy()
        .filter(col("user").is_not_null() & (col("_won") == 1) & (col("_order") <= prepared.as_of))
        .join(wanted.lazy().select(_customer="customer"), on="_customer", how="semi")
        .group_by("_customer", "user")
        .agg(pl.len().cast(pl.Int64).alias("_orders"), *name)
        .sort("_orders", "user", descending=[True, False])
        .collect(engine="in-memory")
    )
    if customers is not None:
        rows = rows.join(profiles(customers), on="user", how="left", maintain_order="left")
    found: dict[str, list[User]] = {}
    for line in rows.iter_rows(named=True):
        if is_other(line["user"], line["_name"] or ""):
            user = User(line["user"], line["_orders"], line.get("persona") or "", line.get("preference") or "")
            found.setdefault(line["_customer"], []).append(user)
    return {key: tuple(users) for key, users in found.items()}
