"""What in a workbook is danggol's: tabs and appended columns, found by hidden names, never by how they are called.

A hidden defined name points at a tab's A1 or at an appended column's header cell, so it moves along when
people insert, move, sort or rename. A team's own tab called ``CRM_고객`` is not ours and stays untouched.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from addin.crm.mapping import Region

PREFIX = "_danggol."
_COLUMN = re.compile(r"_danggol\.col\.([a-z_]+)\.(id|flag|reason|quote|state|from_[a-z_]+)\.(\d+)", re.ASCII)
_TAB = re.compile(r"_danggol\.tab\.([a-z_0-9]+)", re.ASCII)
_LANG = re.compile(r"_danggol\.lang\.([a-z]{2})", re.ASCII)

#: A cell of the book: sheet name, 1-based row and column.
Cell = tuple[str, int, int]


class OwnColumn(NamedTuple):
    """One appended column: its marker, CRM table, what it holds, its header cell.

    ``kind``: ``id``, ``flag``, ``reason``, ``quote`` and ``state`` (of a quote), or ``from_<field>``: what the partner
    filled in.
    """

    marker: str
    table: str
    kind: str
    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Ours:
    """The tabs (key → sheet name) and columns of this workbook that danggol owns; ``lang`` as fixed at adopt."""

    tabs: dict[str, str] = field(default_factory=dict)
    columns: list[OwnColumn] = field(default_factory=list)
    lang: str = ""
    regions: Sequence[Region] = ()  # every list of the book, once it is mapped

    def of(self, table: str, kind: str, region: Region) -> OwnColumn | None:
        """The column of one kind that belongs to a region: its header cell stands in the region's header rows,
        right of it, with no other list between."""
        for own in self.columns:
            if own.table != table or own.kind != kind or own.sheet != region.sheet:
                continue
            if not (region.header_first <= own.row <= region.header_last and own.column > region.first_column):
                continue
            if not any(_between(other, region, own) for other in self.regions):
                return own
        return None

    def cells(self) -> frozenset[tuple[str, int]]:
        """(sheet, column) of every appended column: not for adopting."""
        return frozenset((c.sheet, c.column) for c in self.columns)


def _between(other: Region, region: Region, own: OwnColumn) -> bool:
    same_rows = other.header_first <= own.row <= other.header_last
    return other.sheet == own.sheet and same_rows and region.last_column < other.first_column < own.column


def find_ours(names: Mapping[str, Cell]) -> Ours:
    """Read the hidden names of a workbook.

    >>> ours = find_ours({"_danggol.tab.kpi": ("CRM_KPI", 1, 1), "_danggol.col.requests.flag.1": ("접수", 4, 14)})
    >>> ours.tabs, ours.columns[0].column
    ({'kpi': 'CRM_KPI'}, 14)
    """
    ours = Ours()
    for name, (sheet, row, column) in sorted(names.items()):
        if tab := _TAB.fullmatch(name):
            ours.tabs[tab[1]] = sheet
        elif own := _COLUMN.fullmatch(name):
            ours.columns.append(OwnColumn(name, own[1], own[2], sheet, row, column))
        elif lang := _LANG.fullmatch(name):
            ours.lang = lang[1]
    return ours


def tab_marker(key: str) -> str:
    """The name that says a tab is ours."""
    return f"{PREFIX}tab.{key}"


def lang_marker(lang: str) -> str:
    """The name that says in which language the book was adopted."""
    return f"{PREFIX}lang.{lang}"


def column_marker(table: str, kind: str, taken: Iterable[str]) -> str:
    """A free name for a new appended column.

    >>> column_marker("requests", "flag", ["_danggol.col.requests.flag.1"])
    '_danggol.col.requests.flag.2'
    """
    used = set(taken)
    n = 1
    while (name := f"{PREFIX}col.{table}.{kind}.{n}") in used:
        n += 1
    return name


def free_tab_name(wanted: str, existing: Iterable[str]) -> str:
    """The wanted tab name, or the next free one where the team has a sheet of that name already.

    >>> free_tab_name("CRM_KPI", ["crm_kpi"])
    'CRM_KPI (2)'
    """
    taken = {name.casefold() for name in existing}
    name, n = wanted, 1
    while name.casefold() in taken:
        n += 1
        name = f"{wanted} ({n})"
    return name
