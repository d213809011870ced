"""What people said about columns: on the command line, in the mapping tab, or last month. Who wins, and where.

An argument (``--map``) wins over the mapping tab, the mapping tab over what is remembered, all over a guess.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from addin.crm import tables
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.crm.mapping import Mapping as BookMapping
    from addin.crm.mapping import Region


class Correction(Protocol):
    """A person's word in the mapping tab: a header is this field ("" = leave the column alone).

    With ``header`` "" it is about a list of that sheet, the one most like ``columns`` (all its lists where these are
    empty): ``field`` is a table id, "" = leave it alone.
    ``sheet`` names one sheet that has the column; the correction holds for the same list on all sheets.
    """

    @property
    def table(self) -> str:
        """A table id, "" where the list's table was not known."""

    @property
    def sheet(self) -> str:
        """A sheet's name."""

    @property
    def header(self) -> str:
        """A header's text."""

    @property
    def field(self) -> str:
        """A field id, TABLE.FIELD, or "" ."""

    @property
    def columns(self) -> tuple[str, ...]:
        """The headers of the list meant, when it was said."""


class AsRequests(NamedTuple):
    """The `Correction` that a sheet's list is to be read as requests."""

    sheet: str
    table: str = ""
    header: str = ""
    field: str = "requests"
    columns: tuple[str, ...] = ()


class Remembered(Protocol):
    """A list's reading that a person confirmed before: its table, and header → field id ("" = leave alone)."""

    @property
    def table(self) -> str:
        """A table id."""

    @property
    def columns(self) -> Mapping[str, str]:
        """Header text → field id."""


#: The least share of common headers by which a list is still the one a person spoke of.
_ALIKE = 0.3


class MapArgument(NamedTuple):
    """``--map`` as data: ``FIELD=HEADER``, ``TABLE.FIELD=SHEET!HEADER``; an empty header unmaps the field."""

    field: str
    header: str
    table: str = ""
    sheet: str = ""


@dataclass(slots=True)
class Said:
    """What was said about one list: its table, each header's field and who said so, and fields to leave unmapped.

    ``table``: a table id, "" = leave the list alone, None = nobody said.
    """

    table: str | None = None
    by: str = ""
    columns: dict[str, tuple[str, str, str]] = field(default_factory=dict)  # header → (table or "", field or "", by)
    unmapped: list[tuple[str, str]] = field(default_factory=list)  # (table or "", field)
    used: list[int] = field(default_factory=list)  # indices of the arguments that spoke of this list

    def pin(self, header: str, table: str, field_id: str, by: str) -> None:
        """A later word about a header, or about a field, displaces the earlier one."""
        for other, (t, f, _) in list(self.columns.items()):
            if field_id and f == field_id and (not t or not table or t == table):
                del self.columns[other]
        self.columns[header] = (table, field_id, by)


def header_signature(region: Region) -> str:
    """A list's header words as one stable mark: the same headers, in any order, next month too.

    Columns of danggol's own are no part of it, nor are spacing, width and brackets.
    """
    keys = sorted(header_key(h.text) or h.text for h in region.headers if not _positional(h.text, h.column))
    return hashlib.sha256("\n".join(keys).encode()).hexdigest()[:24]


def _positional(text: str, column: int) -> bool:
    from addin.crm.grid import column_letter

    return text == f"({column_letter(column)})"


def find_header(wanted: str, headers: Sequence[str]) -> str | None:
    """The header a person means: exactly, else by its words, else by the lower name of a two-row header.

    >>> find_header("수주일", ["접수번호", "처리 › 수주일"]), find_header("연락처(HP)", ["연락처 (HP)"])
    ('처리 › 수주일', '연락처 (HP)')
    """
    if wanted in headers:
        return wanted
    for brackets in (True, False):
        key = header_key(wanted, brackets)
        for lower in (False, True):
            same = [h for h in headers if key and header_key(h.split(" › ")[-1] if lower else h, brackets) == key]
            if same:
                return same[0] if len(same) == 1 or brackets else None
    return None


def meant_lists(correction: Correction, regions: Sequence[Region]) -> frozenset[tuple[str, int, int]]:
    """The keys of the lists a word on a whole list is about: of its sheet's lists the most alike by their headers."""
    here = [region for region in regions if region.sheet == correction.sheet]
    wanted = {header_key(text) for text in correction.columns}
    likeness: dict[tuple[str, int, int], float] = {}
    for region in here:
        keys = {header_key(h.text) for h in region.headers}
        likeness[region.key] = len(wanted & keys) / max(1, len(wanted | keys))
    best = max(likeness.values(), default=0.0)
    if not wanted or len(here) == 1:
        return frozenset(likeness)
    return frozenset(key for key, alike in likeness.items() if alike == best >= _ALIKE)


def said_about(
    region: Region,
    corrections: Sequence[Correction],
    arguments: Sequence[MapArgument],
    remembered: Mapping[str, Remembered],
) -> Said:
    """Everything said about one list, the strongest word last and winning."""
    headers = [h.text for h in region.headers]
    said = Said()
    before = remembered.get(header_signature(region))
    if before is not None and tables.table(before.table):
        said.table, said.by = before.table, "remembered"
        for header, field_id in before.columns.items():
            known = find_header(header, headers)
            if known is not None:
                said.pin(known, before.table, field_id, "remembered")
    _say_corrections(said, region, headers, corrections)
    for index, argument in enumerate(arguments):
        _say_argument(said, region, headers, argument, index)
    return said


def _say_corrections(said: Said, region: Region, headers: list[str], corrections: Sequence[Correction]) -> None:
    pinned: list[tuple[int, str, Correction]] = []
    for correction in corrections:
        here = correction.sheet == region.sheet
        if not correction.header:
            if here:
                said.table, said.by = correction.field, "person"
            continue
        header = find_header(correction.header, headers)
        if header is not None and (here or correction.table):
            pinned.append((headers.index(header), header, correction))
    # Of two columns given one field the left one has it, wherever their lines stand in the tab: lines move.
    for _, header, correction in sorted(pinned, key=lambda one: -one[0]):
        table, _, field_id = correction.field.rpartition(".")
        said.pin(header, table or correction.table, field_id, "person")


def _say_argument(said: Said, region: Region, headers: list[str], argument: MapArgument, index: int) -> None:
    if argument.sheet and argument.sheet.casefold() != region.sheet.casefold():
        return
    if not argument.header:
        said.unmapped.append((argument.table, argument.field))
        said.used.append(index)
        return
    header = find_header(argument.header, headers)
    if header is None:
        return
    if argument.table and argument.sheet:
        said.table, said.by = argument.table, "argument"
    said.pin(header, argument.table, argument.field, "argument")
    said.used.append(index)


class Confirmed(NamedTuple):
    """One list's reading as a person left it, to be remembered under its header signature."""

    table: str
    columns: dict[str, str]


def confirmed(mapping: BookMapping) -> dict[str, Confirmed]:
    """Header signature → reading, for every list of a mapping: what next month's file need not ask again.

    Call it when a person has confirmed the mapping. Columns that stayed unmatched are remembered as left alone.
    """
    out: dict[str, Confirmed] = {}
    for match in mapping.tables:
        for region in match.regions:
            at = {column: f for f in match.columns if (column := match.column_in(region, f)) is not None}
            times = {column for f in match.columns if (column := match.clock_in(region, f)) is not None}
            columns = {
                h.text: at.get(h.column, "")
                for h in region.headers
                if not _positional(h.text, h.column) and h.column not in times
            }
            out[header_signature(region)] = Confirmed(match.table, columns)
    return out
