"""Like faults told once, with a count and examples: what a person can take in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.crm.fault import Fault, PlacedFault

#: Faults where each different value is a matter of its own: one line per value.
BY_VALUE = frozenset(("unknown_value", "respelled", "read_as_blank", "unknown_function"))
_EXAMPLES = 3


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Like faults of one column: the first of them, how many, and up to three cells (sheet, row, column)."""

    table: str
    field: str
    fault: Fault
    count: int
    cells: tuple[tuple[str, int, int], ...]


def group_faults(faults: Iterable[PlacedFault]) -> list[FaultGroup]:
    """Faults of one table, field and code together; what must be mended first, then the most frequent.

    >>> from addin.crm.clean import clean_column
    >>> from addin.crm.fault import PlacedFault
    >>> from addin.crm.tables import REQUESTS
    >>> bad = clean_column(REQUESTS.field("amount"), ["협의", "추가 협의", "120만원"]).faults
    >>> [group] = group_faults(PlacedFault("접수", 5 + i, 6, "requests", "amount", fault) for i, fault in bad)
    >>> group.fault.code, group.count, group.cells
    ('bad_amount', 2, (('접수', 5, 6), ('접수', 6, 6)))
    """
    first: dict[tuple[str, ...], PlacedFault] = {}
    cells: dict[tuple[str, ...], list[tuple[str, int, int]]] = {}
    counts: dict[tuple[str, ...], int] = {}
    for placed in faults:
        fault = placed.fault
        own = fault.value if fault.code in BY_VALUE else ""
        key = (placed.table, placed.field, fault.code, fault.fix.id, own)
        if key not in first:
            first[key], cells[key], counts[key] = placed, [], 0
        counts[key] += 1
        if len(cells[key]) < _EXAMPLES:
            cells[key].append((placed.sheet, placed.row, placed.column))
    groups = [FaultGroup(p.table, p.field, p.fault, counts[key], tuple(cells[key])) for key, p in first.items()]
    return sorted(groups, key=lambda group: (group.fault.repair, -group.count))
