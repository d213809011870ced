"""The rows behind a number: which requests count in a KPI, and which of them are its hits.

Facts by row are the KPI's own facts with the row's place as their dimension, so no rule is written twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.catalogue import KPIS
from addin.crm.points import SHARES
from addin.crm.tally import Tally
from addin.crm.values import parse_flag

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.crm.settings import Settings
    from addin.crm.windows import Span

#: Numbers made of won requests and their money.
_OF_ORDERS: Final = ("DEPENDENCY", "HHI", "VOLATILITY", "MONTHLY_GOAL")
#: KPIs whose requests can be listed; the others are about customers' lives, stages or whole weeks.
LISTED: Final = (*SHARES, *_OF_ORDERS)
_PLACE: Final = "_place"


def kpi_term(text: str) -> tuple[str, bool | None] | None:
    """A condition that names a KPI: all its cases, its hits (``=1``) or the rest (``=0``); None for any other text.

    >>> kpi_term("claim_rate"), kpi_term("RESP_10M = 0"), kpi_term("partner=1")
    (('CLAIM_RATE', None), ('RESP_10M', False), None)
    """
    name, equal, value = (part.strip() for part in text.partition("="))
    if name.upper() not in KPIS:
        return None
    return name.upper(), parse_flag(value).value if equal else None


def rows_behind(
    tables: Mapping[str, pl.DataFrame], settings: Settings, as_of: int, kpi: str, hit: bool | None, days: Span | None
) -> pl.Series:
    """Of the requests, in their order, whether each counts in a KPI of `LISTED` within some days (None = all).

    ``hit``: only those that are (True) or aren't (False) its numerator. A customer's number stands at its first order.

    >>> import polars as pl
    >>> from addin.crm.settings import Settings
    >>> requests = pl.DataFrame({"stage": ["수주", "수주", "접수"], "claim": [True, None, None], "_sheet": "접수"})
    >>> requests = requests.with_row_index("_row")
    >>> [rows_behind({"requests": requests}, Settings(), 9, "CLAIM_RATE", hit, None).to_list() for hit in (None, True)]
    [[True, True, False], [True, False, False]]
    """
    import polars as pl

    above, below = SHARES.get(kpi, ("won", "won"))
    place = pl.format("{}!{}", "_sheet", "_row")
    requests = tables["requests"].with_columns(place.alias(_PLACE))
    tally = Tally({**tables, "requests": requests}, settings, as_of, ())
    day = pl.col("day")
    inside = day.is_between(*days) if days else day.is_null() | (day <= as_of)
    found: set[str] = set()
    for part in tally.facts((_PLACE,)):
        if below in part.measures:
            counted = pl.col(below) > 0
            if hit is not None and above in part.measures:
                counted &= (pl.col(above) > 0) == hit
            found.update(part.frame.filter(inside, counted)[_PLACE].drop_nulls())
    return requests[_PLACE].is_in(list(found))
