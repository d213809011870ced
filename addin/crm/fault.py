"""Data faults are values: what is wrong with one cell, shown beside it, never raised.

Named tuples, as a column of phones that all lost their zero makes 100,000 of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from addin.crm.message import Message


class Fault(NamedTuple):
    """One wrong (or repaired) cell value, without its place.

    ``code``      stable snake_case id, e.g. ``bad_date``; the `fault` of ``danggol check``.
    ``value``     what stands in the cell, as text.
    ``expected``  what would be right.
    ``fix``       what to do, in one sentence.
    ``repair``    True where the meaning was certain and danggol reads the cell as
                  ``suggestion`` (a phone's lost zero); False where the value is unusable.
    ``suggestion`` what danggol reads, or proposes, as text; None where it has none.
    """

    code: str
    value: str
    expected: Message
    fix: Message
    repair: bool = False
    suggestion: str | None = None


class PlacedFault(NamedTuple):
    """A `Fault` and its cell: sheet name, 1-based row and column (0 = no single cell), table, field id."""

    sheet: str
    row: int
    column: int
    table: str
    field: str
    fault: Fault
