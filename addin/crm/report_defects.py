"""The defects of a partner's common areas in a month: what was found, what is mended, how long the rest has waited.

seed 000: one defect report a month to the management office. Defects inside a home belong to whoever lives there: a
report to the office counts them and shows none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY
from addin.crm.text import tidy

if TYPE_CHECKING:
    import polars as pl

_HOME: Final = re.compile(
    r"\d{2,4}\s*호(?!기|선)|\d+\s*동\s*-?\s*\d{3,4}(?!\d)|\b\d{2,4}-\d{3,4}\b|세대\s*내부|전유|apt\.?\s*\d|unit\s*\d",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Defect:
    """One defect; days since 1970. ``fixed`` None = still open; ``open_days`` up to that day or the report's."""

    number: str
    place: str
    text: str
    found: int
    fixed: int | None
    open_days: int


@dataclass(frozen=True, slots=True)
class Defects:
    """A month's list: common areas, the longest open first, then what was mended; ``homes`` counts those inside homes.

    ``undated`` have no day they were found and are counted only.
    """

    common: tuple[Defect, ...] = ()
    homes: int = 0
    undated: int = 0

    @property
    def open(self) -> tuple[Defect, ...]:
        """Those not mended yet."""
        return tuple(defect for defect in self.common if defect.fixed is None)

    @property
    def fixed(self) -> tuple[Defect, ...]:
        """Those mended."""
        return tuple(defect for defect in self.common if defect.fixed is not None)


def in_a_home(*texts: str) -> bool:
    """Whether a place lies inside somebody's home: it names a flat.

    >>> [in_a_home(t) for t in ("101동 1203호", "102-1504", "지하주차장 B2", "3호기 엘리베이터", "101동 공용 복도")]
    [True, True, False, False, False]
    """
    return any(_HOME.search(text) for text in texts)


def month_defects(frame: pl.DataFrame, first: int, last: int, as_of: int) -> Defects:
    """A partner's defects found by day ``last`` and not mended before day ``first``, as they stand on day ``as_of``.

    ``frame``: the partner's rows of the table 하자 (records frame); columns that are missing count as empty.
    """
    columns = [c for c in ("defect_id", "place", "text", "found_at", "fixed_at") if c in frame.columns]
    common: list[Defect] = []
    homes = undated = 0
    for row in frame.select(columns).iter_rows(named=True):
        number, place, text = (tidy(str(row.get(c) or "")) for c in ("defect_id", "place", "text"))
        found = row["found_at"] // DAY if row.get("found_at") is not None else None
        fixed = row["fixed_at"] // DAY if row.get("fixed_at") is not None else None
        if fixed is not None and fixed > as_of:
            fixed = None
        if found is None:
            undated += fixed is None and bool(number or place or text)
            continue
        if found > min(last, as_of) or (fixed is not None and fixed < first):
            continue
        if in_a_home(place, *(() if place else (text,))):
            homes += 1
            continue
        until = as_of if fixed is None else fixed
        common.append(Defect(number, place, text, found, fixed, max(until - found, 0)))
    common.sort(key=lambda d: (d.fixed is not None, -d.open_days if d.fixed is None else d.fixed, d.found, d.number))
    return Defects(tuple(common), homes, undated)
