"""Personas of the customer list side by side: how many customers, what they asked for, bought and brought (seed 002).

Where a column says who uses what another buys, a request counts for the persona of who used it; the customers, their
score and membership stay where they are listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.engines import to_polars
from addin.crm.users import profiles

if TYPE_CHECKING:
    import polars as pl

    from addin.crm.bindings import Prepared


class Persona(NamedTuple):
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

    ``lines``: those of `addin.crm.regulars`. With the requests and the customer list, what was used by another than the
    buyer counts for that one's persona, where the list tells it.
    """
    import polars as pl

    if "persona" not in lines.columns:
        return []
    found = lines.group_by("persona").agg(
        pl.len().cast(pl.Int64),
        pl.col("requests", "orders", "net").sum(),
        pl.col("score").filter(pl.col("orders") > 0).mean().fill_null(0.0),
        (pl.col("standing") == "member").sum().cast(pl.Int64),
    )
    if prepared is not None and customers is not None and prepared.has("user"):
        moved = _moved(lines, prepared, customers)
        found = pl.concat([found, moved], how="diagonal").group_by("persona").agg(pl.all().sum())
    rows = [Persona(*row) for row in found.iter_rows()]
    return sorted(rows, key=lambda one: (one.name is None, -one.net, one.name or ""))


def _moved(lines: pl.DataFrame, prepared: Prepared, customers: Any) -> pl.DataFrame:
    """What goes from the buyers' personas to those of who used it: ``requests``, ``orders`` and ``net`` by persona."""
    import polars as pl

    col = pl.col
    users = profiles(customers, ("persona",)).filter(col("persona").is_not_null())
    ordered = (col("_won") == 1) & (col("_order") <= prepared.as_of)
    rows = (
        to_polars(prepared.native())
        .lazy()
        .filter(
            col("user").is_in(users["user"].implode()) & col("_customer").is_not_null(),
            col("_received").fill_null(0) <= prepared.as_of,
        )
        .select(
            "user",
            customer="_customer",
            requests=pl.lit(1, dtype=pl.Int64),
            orders=ordered.cast(pl.Int64),
            net=pl.when(ordered).then("_net").otherwise(0),
        )
        .join(users.lazy(), on="user")
        .join(lines.lazy().select("customer", before="persona"), on="customer")
    )
    sums = col("requests", "orders", "net")
    to = rows.group_by("persona").agg(sums.sum())
    gone = rows.group_by(persona="before").agg(-sums.sum())
    return pl.concat([to, gone]).collect(engine="in-memory")
