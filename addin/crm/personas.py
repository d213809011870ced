"""Personas of the customer list side by side: how many customers, what they asked for, bought and brought (seed 002).

Where a column says who uses what another buys, a request counts for the persona of who used it; score and membership
are the buyer's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.crm.engines import to_polars
from addin.crm.users import by_user

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.bindings import Prepared


@dataclass(frozen=True, slots=True)
class Persona:
    """One persona's customers; ``name`` None = none noted, so the parts add up. ``net`` in hundredths."""

    name: str | None
    customers: int
    requests: int
    orders: int
    net: int
    score: float
    members: int

    @property
    def conversion(self) -> float | None:
        """Orders of requests."""
        return self.orders / self.requests if self.requests else None


def personas(lines: pl.DataFrame, prepared: Prepared | None = None, customers: Any = None) -> list[Persona]:
    """Each persona of the customer list, the one that earns most first, none noted last; [] without such a column.

    ``lines``: those of `addin.crm.regulars`. With the requests and the customer list, where a column tells of users, a
    customer is whoever used something, or bought it for itself.
    """
    if "persona" not in lines.columns:
        return []
    if prepared is None or customers is None or not prepared.has("user"):
        found = _by_buyer(lines)
    else:
        found = _by_user(lines, prepared, customers)
    rows = [Persona(*row) for row in found.iter_rows()]
    return sorted(rows, key=lambda one: (one.name is None, -one.net, one.name or ""))


def _by_buyer(lines: pl.DataFrame) -> pl.DataFrame:
    import polars as pl

    return lines.group_by("persona").agg(
        pl.len(),
        pl.col("requests", "orders", "net").sum(),
        pl.col("score").filter(pl.col("orders") > 0).mean().fill_null(0.0),
        (pl.col("standing") == "member").sum(),
    )


def _by_user(lines: pl.DataFrame, prepared: Prepared, customers: Any) -> pl.DataFrame:
    """The same by who used each request; who is only listed and used nothing has a line of its own."""
    import polars as pl

    col = pl.col
    frame = to_polars(prepared.native())
    ordered = (col("_won") == 1) & (col("_order") <= prepared.as_of)
    asked = (
        frame.filter(col("_customer").is_not_null() & (col("_received").fill_null(0) <= prepared.as_of))
        .select(
            "_customer",
            "user",
            _name="customer" if prepared.has("customer") else pl.lit(None, dtype=pl.String),
            _orders=ordered.cast(pl.Int64),
            _net=pl.when(ordered).then(col("_net")).otherwise(0),
        )
        .join(lines.select("persona", "score", "standing", "orders", _customer="customer"), on="_customer", how="left")
    )
    asked = by_user(asked, customers)
    another = col("user").is_not_null() & (_plain("user") != _plain("_name")).fill_null(True)
    asked = asked.with_columns(_who=pl.when(another).then(col("user")).otherwise("_customer"))
    idle = lines.filter(col("requests") == 0)
    if "_name" in idle.columns:
        idle = idle.filter(~col("_name").is_in(asked["_who"].unique().implode()).fill_null(False))
    buyers = asked.unique(["persona", "_customer"]).group_by("persona")
    parts = [
        asked.group_by("persona").agg(
            _people=col("_who").n_unique(), _asked=pl.len(), _orders=col("_orders").sum(), _net=col("_net").sum()
        ),
        idle.group_by("persona").agg(_people=pl.len(), _joined=(col("standing") == "member").sum()),
        buyers.agg(_score=col("score").filter(col("orders") > 0).mean(), _joined=(col("standing") == "member").sum()),
    ]
    counted = pl.concat(parts, how="diagonal_relaxed").group_by("persona")
    return counted.agg(col("_people", "_asked", "_orders", "_net").sum(), col("_score").sum(), col("_joined").sum())


def _plain(column: str) -> pl.Expr:
    import polars as pl

    return pl.col(column).str.replace_all(r"\s", "")
