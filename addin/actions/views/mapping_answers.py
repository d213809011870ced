"""Reading the mapping tab back: what people said of columns and lists, wherever its rows went."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.answers import read_rows
from addin.crm import tables
from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg

if TYPE_CHECKING:
    from addin.crm.grid import Grid

#: Column id → message id of its header.
LABELS: Final = {
    name: f"view.mapping.h.{name}"
    for name in (
        "status", "table", "sheet", "header", "field", "answer", "sure", "why", "example1", "example2", "example3",
    )
}  # fmt: skip
_AGREE = {"맞음", "예", "네", "y", "yes", "ok", "o", "✓"}
_IGNORE = {"-", "–", "무시", "ignore", "x", "안씀", "사용안함", "없음", "none", "skip"}

#: Table ("" = unknown), sheet, header. For a whole list: its headers, one a line, the sheet, "".
Key = tuple[str, str, str]


class Correction(NamedTuple):
    """A person's word on one column: ``field`` is a field id, "" = leave the column alone.

    With ``header`` "" it is about the whole list, and ``field`` is a table id.
    ``sheet`` is the first sheet of the table that has the column; the correction holds on all of them. A word on a
    whole list stands for one sheet: a list over many sheets gives one correction each. ``columns`` are the headers of
    the list meant, so that two lists of one sheet have their own answers.
    """

    table: str
    sheet: str
    header: str
    field: str
    row: int
    columns: tuple[str, ...] = ()
    column: int = 0


class Read(NamedTuple):
    """A line of the tab nobody answered: which field a column was read as when the tab was drawn.

    With ``header`` "" the list of that sheet with these ``columns`` was read as the table.
    """

    table: str
    sheet: str
    header: str
    field: str = ""
    columns: tuple[str, ...] = ()


@dataclass(slots=True)
class MappingAnswers:
    """What people wrote: understood, not understood, and word by word (to stand in the next tab again).

    ``read``: what was read as what, where nobody wrote anything.
    """

    corrections: list[Correction] = field(default_factory=list)
    faults: list[PlacedFault] = field(default_factory=list)
    texts: dict[Key, str] = field(default_factory=dict)
    read: list[Read] = field(default_factory=list)


def parse_mapping_tab(grid: Grid) -> MappingAnswers:
    """What people answered: a field's id or name, blank = agree, "-" or 무시 = leave the column alone.

    A word that names no field becomes a fault with the nearest name, and stays in the cell.
    """
    out = MappingAnswers()
    for line in read_rows(grid, LABELS, ("header", "answer")):
        text = line.text("answer")
        key = _row_key(line.key, line.text("table"), line.text("sheet"), line.text("header"))
        if key is None:
            continue
        if not text:
            out.read += _read(key, line.text("table"), line.text("field"))
            continue
        table, sheet, header = key
        columns = tuple(filter(None, table.split("\n"))) if not header else ()
        table = table if header else ""
        out.texts[key] = text
        word = _plain(text)
        if word in _AGREE:
            continue
        meant = "" if word in _IGNORE else _meant(text, table, about_list=not header)
        if meant is None:
            out.faults.append(_not_understood(grid.name, line.row, line.columns["answer"], text, table, header))
        else:
            sheets, at = (sheet, *line.key[3:]), line.columns["answer"]
            out.corrections += [Correction(table, name, header, meant, line.row, columns, at) for name in sheets]
    return out


def _read(key: Key, table: str, text: str) -> list[Read]:
    """What a line without an answer says a column, or a whole list, was read as."""
    if not key[2]:
        known = tables.table(table) if table else None
        return [Read(known.id, key[1], "", columns=tuple(filter(None, key[0].split("\n"))))] if known else []
    own = tables.table(key[0])
    found = tables.fields_named(text, (own,)) if own and text else []
    return [Read(key[0], key[1], key[2], found[0][1].id)] if found else []


def _row_key(key: tuple[str, ...], table: str, sheet: str, header: str) -> Key | None:
    if len(key) >= 3:
        return key[0], key[1], key[2]
    known = tables.table(table) if table else None
    return (known.id if known else "", sheet, header) if header else None


def _meant(text: str, table: str, about_list: bool) -> str | None:
    if about_list:
        known = tables.table(text)
        return known.id if known else None
    own = tables.table(table)
    prefix, dot, rest = text.partition(".")
    other = tables.table(prefix) if dot else None
    if other:
        own, text = other, rest
    found = tables.fields_named(text, (own,) if own else tables.TABLES)
    if not found:
        return None
    meant, field_ = found[0]
    return field_.id if not other or meant.id == table else f"{meant.id}.{field_.id}"


def _not_understood(sheet: str, row: int, column: int, text: str, table: str, header: str) -> PlacedFault:
    own = tables.table(table)
    if header:
        names = [name for t in ((own,) if own else tables.TABLES) for f in t.fields for name in (f.ko, f.en, f.id)]
    else:
        names = [name for t in tables.TABLES for name in (t.ko, t.en, t.id)]
    near = difflib.get_close_matches(text, names, n=1, cutoff=0.5)
    fix = msg("view.mapping.fix_near", near=near[0]) if near else msg("view.mapping.fix")
    fault = Fault("unknown_field", text, msg("view.mapping.expected"), fix, suggestion=near[0] if near else None)
    return PlacedFault(sheet, row, column, table, "", fault)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
