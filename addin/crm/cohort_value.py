"""What customers were worth, by the quarter of their first order: realised lifetime value, young cells left blank.

Only a customer who is old enough counts: of the customers whose first order is H weeks ago or more, the net revenue
within H weeks of it. A cohort nobody of which is that old has no value yet, which is not 0 (seed 000, 002: LTV).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from addin.crm.calendar import month_label, month_of_day, quarter_label
from addin.crm.engines import to_polars

if TYPE_CHECKING:
    from addin.crm.bindings import Prepared
    from addin.crm.settings import Settings

#: Weeks after the first order at which a cohort is looked at.
HORIZONS: Final = (13, 26, 39, 52)
Period = Literal["month", "quarter"]


class Cell(NamedTuple):
    """One horizon of a cohort: ``aged`` customers old enough, their ``net`` revenue within it (hundredths × margin).

    ``complete``: every customer of the cohort is old enough.
    """

    aged: int
    net: float
    complete: bool

    @property
    def value(self) -> float:
        """Per customer, in whole units."""
        return self.net / self.aged / 100


class Cohort(NamedTuple):
    """The customers of one period's first orders; ``cells`` stand beside the horizons, None = not yet.

    ``label`` is None for the cohort of all.
    """

    label: str | None
    customers: int
    cells: tuple[Cell | None, ...]


class Triangle(NamedTuple):
    """Cohorts, oldest first, and all of them together; ``horizons`` in weeks."""

    horizons: tuple[int, ...]
    cohorts: tuple[Cohort, ...]
    total: Cohort


def triangle(prepared: Prepared, settings: Settings, period: Period = "quarter") -> Triangle | None:
    """The cohorts of the won orders known by ``as_of``; None without customers or dates.

    The horizon of the settings (`ltv_weeks`) is among the horizons; there the total is the KPI ``LTV``.
    """
    import polars as pl

    col, as_of = pl.col, prepared.as_of
    horizons = tuple(sorted({*HORIZONS, settings.ltv_weeks}))
    known = (col("_won") == 1) & col("_customer").is_not_null() & (col("_order") <= as_of)
    orders = (
        to_polars(prepared.native())
        .lazy()
        .filter(known)
        .select("_customer", "_order", "_net", first=col("_order").min().over("_customer"))
        .with_columns(age=col("_order") - col("first"))
    )
    within = {
        f"net{h}": col("_net").filter((col("age") < 7 * h) & (col("first") + 7 * h <= as_of)).sum() for h in horizons
    }
    days = (
        orders.group_by("first")
        .agg(n=col("_customer").filter(col("age") == 0).n_unique(), **within)
        .collect(engine="in-memory")
    )
    if days.is_empty():
        return None
    share = float(settings.margin)
    found: dict[int, list[tuple[int, ...]]] = {}
    for row in days.iter_rows():
        month = month_of_day(row[0])
        found.setdefault(month if period == "month" else month // 3, []).append(row)
    name = month_label if period == "month" else quarter_label
    cohorts = tuple(_cohort(name(key), found[key], horizons, as_of, share) for key in sorted(found))
    return Triangle(horizons, cohorts, _cohort(None, list(days.iter_rows()), horizons, as_of, share))


def _cohort(
    label: str | None, rows: list[tuple[int, ...]], horizons: tuple[int, ...], as_of: int, share: float
) -> Cohort:
    """``rows``: day of the first order, its customers, their net revenue within each horizon where they are old."""
    customers = sum(row[1] for row in rows)
    cells: list[Cell | None] = []
    for at, weeks in enumerate(horizons, 2):
        old = [row for row in rows if row[0] + 7 * weeks <= as_of]
        aged = sum(row[1] for row in old)
        cells.append(Cell(aged, sum(row[at] for row in old) * share, aged == customers) if aged else None)
    return Cohort(label, customers, tuple(cells))
