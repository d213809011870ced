"""KPI values as they were judged last: a group whose sums are the same on the same day, by the same settings, is judged
the same.
"""

from __future__ import annotations

from operator import is_
from typing import TYPE_CHECKING, Any

from addin.crm.engines import same

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Sequence

    from addin.crm.kpi_values import KpiValue


class Judged:
    """The values of one KPI by one grouping, found again by all that each was made of; ``kept`` says whether any are.

    >>> judged = Judged()
    >>> judged.keep("한빛", [3, 4], ["ok"]), judged.find("한빛", [3, 4]), judged.find("한빛", [3, 5])
    (['ok'], ['ok'], None)
    """

    def __init__(self, *, kept: bool = True) -> None:
        self._kept = kept
        self._values: dict[Hashable, tuple[Sequence[Any], list[KpiValue]]] = {}
        self._found: list[KpiValue] = []
        self._ordered: list[KpiValue] = []

    def find(self, group: Hashable, made_of: Sequence[Any]) -> list[KpiValue] | None:
        """What a group was judged, one value or none; None where it has to be judged anew."""
        known = self._values.get(group)
        return known[1] if known is not None and known[0] == made_of else None

    def keep(self, group: Hashable, made_of: Sequence[Any], values: list[KpiValue]) -> list[KpiValue]:
        """Remember what a group was judged; nobody may change ``made_of``."""
        if self._kept:
            self._values[group] = made_of, values
        return values

    def in_order(self, found: list[KpiValue], ordered: Callable[[list[KpiValue]], list[KpiValue]]) -> list[KpiValue]:
        """Values as they are shown; put in order anew only where any is another."""
        if len(found) == len(self._found) and all(map(is_, found, self._found)):
            return list(self._ordered)
        out = ordered(found)
        if self._kept:
            self._found, self._ordered = found, out
        return list(out)


class AllJudged:
    """What was judged by one set of settings on one day; anything else, and all of it is forgotten."""

    def __init__(self) -> None:
        self._given: tuple[Any, ...] = ()
        self._by: dict[Hashable, Judged] = {}

    def by(self, given: tuple[Any, ...]) -> dict[Hashable, Judged]:
        """What was judged by these: settings, the day, the steps, the partners' list."""
        if not same(self._given, given):
            self._given, self._by = given, {}
        return self._by
