"""The mapping tab: which column is which field, why, what only a person can answer; and reading the answers back."""

from __future__ import annotations

import difflib
import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.answers import KEY_HEADER, key_text, read_rows
from addin.actions.views.parts import Say, clip, header_row, new_tab, section, sheets_text, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Tab
from addin.crm import tables
from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from addin.crm.grid import Grid
    from addin.crm.mapping import ColumnMatch, Question, TableMatch
    from addin.crm.mapping import Mapping as BookMapping

#: Column ids, their width, in order. ``answer`` belongs to people.
COLUMNS: Final = {
    "status": 11, "table": 10, "sheet": 36, "header": 22, "field": 18, "answer": 18, "sure": 8, "why": 44,
    "example1": 16, "example2": 16, "example3": 16,
}  # fmt: skip
LABELS: Final = {name: f"view.mapping.h.{name}" for name in COLUMNS}
STATUSES: Final = tuple(
    f"view.mapping.s.{s}" for s in ("question", "auto", "person", "argument", "remembered", "unused")
)
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}
_KEY, _LISTS = len(COLUMNS) + 1, len(COLUMNS) + 2
_AGREE = {"맞음", "예", "네", "y", "yes", "ok", "o", "✓"}
_IGNORE = {"-", "–", "무시", "ignore", "x", "안씀", "사용안함", "없음", "none", "skip"}

Key = tuple[str, str, str]  # table ("" = unknown), sheet, header ("" = the list itself)


@dataclass(frozen=True, slots=True)
class Correction:
    """A person's word on one column: ``field`` is a field id, "" = leave the column alone.

    With ``header`` "" it is about the whole list, and ``field`` is a table id.
    ``sheet`` is the first sheet of the table that has the column; the correction holds on all of them.
    """

    table: str
    sheet: str
    header: str
    field: str
    row: int


@dataclass(slots=True)
class MappingAnswers:
    """What people wrote: understood, not understood, and word by word (to stand in the next tab again)."""

    corrections: list[Correction] = field(default_factory=list)
    faults: list[PlacedFault] = field(default_factory=list)
    texts: dict[Key, str] = field(default_factory=dict)


def mapping_tab(
    mapping: BookMapping, say: Say, texts: Mapping[Key, str] | None = None, names: dict[str, str] | None = None
) -> Tab:
    """The tab, questions first. ``texts`` are answers people already gave, by row key; they stay theirs."""
    tab = new_tab("mapping", say, names)
    texts = texts or {}
    linked = sum(len(t.columns) for t in mapping.tables)
    row = title(
        tab,
        say("view.mapping.title"),
        (
            say("view.mapping.how"),
            say("view.mapping.counts", tables=len(mapping.tables), columns=linked, questions=len(mapping.questions)),
        ),
    )
    head = row
    header_row(tab, head, COLUMNS, LABELS, say)
    tab.put(head, _KEY, KEY_HEADER, "key")
    tab.widths[_KEY] = 0
    lists = _lists(tab, head, say)
    row = head + 1
    for question in mapping.questions:
        row = _question(tab, row, question, say, texts, lists)
    for match in mapping.tables:
        row = _table(tab, row, match, say, texts, lists)
    if row > head + 1:
        tab.people.append((head + 1, _AT["answer"], row - 1, _AT["answer"]))
        tab.filter = (head, 1, row - 1, len(COLUMNS))
    _skipped(tab, row + 1, mapping, say)
    tab.freeze = (head + 1, _AT["field"])
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def _lists(tab: Tab, row: int, say: Say) -> dict[str, tuple[int, int, int, int]]:
    """The dropdowns' words, in hidden columns: one list of fields a table, and one of the tables ('')."""
    ignore = say("view.mapping.ignore")
    words = {"": [_table_name(t, say) for t in tables.TABLES]}
    words |= {t.id: [_field_name(f, say) for f in t.fields] for t in tables.TABLES}
    out = {}
    for column, (name, options) in enumerate(words.items(), _LISTS):
        for i, option in enumerate([*options, ignore]):
            tab.put(row + i, column, option, "key")
        tab.widths[column] = 0
        out[name] = (row, column, row + len(options), column)
    return out


def _question(
    tab: Tab, row: int, question: Question, say: Say, texts: Mapping[Key, str],
    lists: Mapping[str, tuple[int, int, int, int]],
) -> int:  # fmt: skip
    key = (question.table, question.sheet, question.header)
    about_list = question.header == ""
    named = [_named_table(c, say) if about_list else _named_field(question.table, c, say) for c in question.candidates]
    header = question.header or say("view.mapping.whole_list", row=question.header_row)
    line = {
        "status": say("view.mapping.s.question"),
        "table": _named_table(question.table, say) if question.table else "",
        "sheet": question.sheet,
        "header": header,
        "field": say("view.mapping.candidates", names=" / ".join(named)) if named else "",
        "why": say(question.reason),
    }
    _put(tab, row, line, question.examples, "question", key, texts)
    tab.styles[row, _AT["status"]] = tab.styles[row, _AT["header"]] = "question_strong"
    tab.choices.append(Choices((row, _AT["answer"]) * 2, source=lists["" if about_list else question.table]))
    return row + 1


def _table(
    tab: Tab, row: int, match: TableMatch, say: Say, texts: Mapping[Key, str],
    lists: Mapping[str, tuple[int, int, int, int]],
) -> int:  # fmt: skip
    first = row
    for column in sorted(match.columns.values(), key=lambda c: _place(match, c.header)):
        row = _column(tab, row, match, column, say, texts)
    for header in match.unmatched:
        sheets = _sheets(match, header)
        line = {
            "status": say("view.mapping.s.unused"),
            "table": _named_table(match.table, say),
            "sheet": sheets_text(say, sheets),
            "header": header,
            "why": say("view.mapping.unused"),
        }
        _put(tab, row, line, (), "pale_cell", (match.table, sheets[0] if sheets else "", header), texts)
        row += 1
    if row > first:
        tab.choices.append(Choices((first, _AT["answer"], row - 1, _AT["answer"]), source=lists[match.table]))
    return row


def _column(tab: Tab, row: int, match: TableMatch, column: ColumnMatch, say: Say, texts: Mapping[Key, str]) -> int:
    sheets = _sheets(match, column.header)
    line = {
        "status": say(f"view.mapping.s.{column.source}"),
        "table": _named_table(match.table, say),
        "sheet": sheets_text(say, sheets),
        "header": column.header,
        "field": _named_field(match.table, column.field, say),
        "why": say(column.reason),
    }
    _put(tab, row, line, column.examples, "wrap", (match.table, sheets[0] if sheets else "", column.header), texts)
    tab.put(row, _AT["sure"], round(column.confidence, 2), "share")
    tab.styles[row, _AT["field"]] = "strong"
    return row + 1


def _put(
    tab: Tab, row: int, line: Mapping[str, str], examples: Sequence[str], style: str, key: Key, texts: Mapping[Key, str]
) -> None:
    for name, column in _AT.items():
        tab.put(row, column, line.get(name) or None, style)
    for i, example in enumerate(examples[:3], 1):
        tab.put(row, _AT[f"example{i}"], clip(example, 60))
    tab.put(row, _AT["answer"], texts.get(key), "input")
    tab.put(row, _KEY, key_text(*key), "key")


def _skipped(tab: Tab, row: int, mapping: BookMapping, say: Say) -> None:
    if not mapping.skipped:
        return
    row = section(tab, row, 1, _AT["why"], say("view.mapping.skipped"))
    for skipped in mapping.skipped:
        tab.put(row, _AT["sheet"], skipped.sheet, "cell")
        tab.put(row, _AT["header"], say("view.mapping.whole_list", row=skipped.header_row), "cell")
        tab.put(row, _AT["field"], say(skipped.reason), "cell")
        tab.merges.append((row, _AT["field"], row, _AT["why"]))
        row += 1


def parse_mapping_tab(grid: Grid) -> MappingAnswers:
    """What people answered: a field's id or name, blank = agree, "-" or 무시 = leave the column alone.

    A word that names no field becomes a fault with the nearest name, and stays in the cell.
    """
    out = MappingAnswers()
    for line in read_rows(grid, LABELS, ("header", "answer")):
        text = line.text("answer")
        key = _row_key(line.key, line.text("table"), line.text("sheet"), line.text("header"))
        if not text or key is None:
            continue
        table, sheet, header = key
        out.texts[key] = text
        word = _plain(text)
        if word in _AGREE:
            continue
        meant = "" if word in _IGNORE else _meant(text, table, about_list=not header)
        if meant is None:
            out.faults.append(_not_understood(grid.name, line.row, line.columns["answer"], text, table, header))
        else:
            out.corrections.append(Correction(table, sheet, header, meant, line.row))
    return out


def _row_key(key: tuple[str, ...], table: str, sheet: str, header: str) -> Key | None:
    if len(key) == 3:
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


def _place(match: TableMatch, header: str) -> tuple[int, int]:
    """Where a header stands, so that rows follow the person's own column order."""
    for i, region in enumerate(match.regions):
        for head in region.headers:
            if head.text == header:
                return i, head.column
    return len(match.regions), 0


def _sheets(match: TableMatch, header: str) -> list[str]:
    found: Iterable[str] = (r.sheet for r in match.regions if any(h.text == header for h in r.headers))
    return list(dict.fromkeys(found)) or list(dict.fromkeys(r.sheet for r in match.regions))


def _field_name(field_: tables.Field, say: Say) -> str:
    return field_.ko if say.lang == "ko" else field_.en


def _table_name(table: tables.Table, say: Say) -> str:
    return table.ko if say.lang == "ko" else table.en


def _named_table(id: str, say: Say) -> str:
    known = tables.table(id)
    return _table_name(known, say) if known else id


def _named_field(table: str, id: str, say: Say) -> str:
    known = tables.table(table)
    found = known.field(id) if known else None
    return _field_name(found, say) if found else id


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()
