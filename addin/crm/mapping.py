"""Which sheet and column is which field: the result of adopting a workbook, as data.

`addin.crm.headers` proposes it, people correct it in the mapping tab, every command starts from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from addin.crm.message import Message


class Header(NamedTuple):
    """One column's header: 1-based column and text; a two-row header reads ``GROUP › NAME``."""

    column: int
    text: str


class Region(NamedTuple):
    """One rectangle of a sheet that is a list: header rows, columns and the rows that hold data.

    ``rows`` are the 1-based data rows only, rising: totals, notes and blank rows are left out.
    """

    sheet: str
    header_first: int
    header_last: int
    first_column: int
    last_column: int
    headers: tuple[Header, ...]
    rows: tuple[int, ...] | range

    @property
    def key(self) -> tuple[str, int, int]:
        """What tells this region from every other: sheet, last header row, first column."""
        return self.sheet, self.header_last, self.first_column

    @property
    def last_row(self) -> int:
        """The last data row, or the header row where there is none."""
        return self.rows[-1] if self.rows else self.header_last


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A field's column: header text, certainty in [0, 1], why, and three examples as text.

    ``source``: ``auto`` | ``person`` (mapping tab) | ``argument`` (--map) | ``remembered``.
    """

    field: str
    header: str
    confidence: float
    reason: Message
    examples: tuple[str, ...] = ()
    source: str = "auto"


@dataclass(frozen=True, slots=True)
class TableMatch:
    """One CRM table and where its rows stand: the same table over monthly tabs is one match with many regions.

    ``columns`` maps field id → match. Regions may call one field by different headers (업체명 in January, 파트너
    since): ``columns`` shows the header of most rows, ``also`` the others, and ``placed`` holds each region's own
    columns by `Region.key`. A region without an entry there finds its columns by the header's text.
    ``clocks`` are the headers of columns that hold only a date field's time of day; ``others`` the matches of ``also``.
    """

    table: str
    regions: tuple[Region, ...]
    columns: dict[str, ColumnMatch]
    unmatched: tuple[str, ...] = ()
    confidence: float = 1.0
    also: dict[str, tuple[str, ...]] = field(default_factory=dict)
    clocks: dict[str, tuple[str, ...]] = field(default_factory=dict)
    others: tuple[ColumnMatch, ...] = ()
    placed: dict[tuple[str, int, int], dict[str, int]] = field(default_factory=dict)

    def column_in(self, region: Region, field_id: str) -> int | None:
        """The 1-based column of a field in one region, None where that region lacks it."""
        match = self.columns.get(field_id)
        if match is None:
            return None
        own = self.placed.get(region.key)
        if own is not None:
            return own.get(field_id)
        return next((h.column for h in region.headers if h.text == match.header), None)

    def clock_in(self, region: Region, field_id: str) -> int | None:
        """The 1-based column of a date field's time of day in one region, None where the date has none apart."""
        times = self.clocks.get(field_id, ())
        return next((h.column for h in region.headers if h.text in times), None)


class Question(NamedTuple):
    """What only a person can decide. ``header`` is "" when the question is which table a sheet holds.

    ``candidates`` are field ids (or table ids), best first; they stay unmapped until answered.
    ``columns`` are the headers of the list, where the question is about the list. ``was``: the field (or table) that a
    column (or list) which is gone was read as.
    """

    sheet: str
    header: str
    candidates: tuple[str, ...]
    reason: Message
    table: str = ""
    examples: tuple[str, ...] = ()
    header_row: int = 0
    columns: tuple[str, ...] = ()
    was: str = ""


class Skipped(NamedTuple):
    """A list we left alone, and why: a cross-tab, a stock list, one without any field we know."""

    sheet: str
    header_row: int
    reason: Message
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class Mapping:
    """The whole workbook's mapping."""

    tables: list[TableMatch] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def table(self, name: str) -> TableMatch | None:
        """The match of one CRM table."""
        return next((t for t in self.tables if t.table == name), None)
