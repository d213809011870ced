"""What in a workbook is danggol's: tabs and appended columns, found by hidden names, never by how they are called.

A hidden defined name points at a tab's A1 or at an appended column's header cell, so it moves along when
people insert, move, sort or rename. A team's own tab called ``CRM_고객`` is not ours and stays untouched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from addin.crm.mapping import Region

PREFIX = "_danggol."
_COLUMN = re.compile(r"_danggol\.col\.([a-z_]+)\.(id|flag|reason)\.(\d+)", re.ASCII)
_TAB = re.compile(r"_danggol\.tab\.([a-z_0-9]+)", re.ASCII)

#: A cell of the book: sheet name, 1-based row and column.
Cell = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """One appended column: its marker, CRM table, what it holds (``id``, ``flag``, ``reason``), its header cell."""

    marker: str
    table: str
    kind: str
    sheet: str
    row: int
    column: int


@dataclass(slots=True)
class Ours:
    """The tabs (key → sheet name) and columns of this workbook that danggol owns."""

    tabs: dict[str, str] = field(default_factory=dict)
    columns: list[OwnColumn] = field(default_factory=list)

    def of(self, table: str, kind: str, region: Region) -> OwnColumn | None:
        """The column of one kind that belongs to a region: its header cell stands in the region's header rows."""
        return next(
            (
                c
                for c in self.columns
                if c.table == table
                and c.kind == kind
                and c.sheet == region.sheet
                and region.header_first <= c.row <= region.header_last
                and c.column > region.first_column
            ),
            None,
        )

    def cells(self) -> frozenset[tuple[str, int]]:
        """(sheet, column) of every appended column: not for adopting."""
        return frozenset((c.sheet, c.column) for c in self.columns)


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
    return ours


def tab_marker(key: str) -> str:
    """The name that says a tab is ours."""
    return f"{PREFIX}tab.{key}"


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
