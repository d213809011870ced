"""The mapping tab: which column is which field, why, and what only a person can answer."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from addin.actions.views.answers import KEY_HEADER, key_text
from addin.actions.views.mapping_answers import LABELS, Correction, Key, MappingAnswers, parse_mapping_tab
from addin.actions.views.parts import Say, clip, header_row, new_tab, sheets_text, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Tab
from addin.crm import tables

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

    from addin.crm.mapping import ColumnMatch, Question, Skipped, TableMatch
    from addin.crm.mapping import Mapping as BookMapping

__all__ = ["COLUMNS", "LABELS", "Correction", "Key", "MappingAnswers", "mapping_tab", "parse_mapping_tab", "row_key"]

#: Column ids, their width, in order. ``answer`` belongs to people.
COLUMNS: Final = {
    "status": 11, "table": 10, "sheet": 36, "header": 22, "field": 18, "answer": 18, "sure": 8, "why": 54,
    "example1": 20, "example2": 20, "example3": 20,
}  # fmt: skip
STATUSES: Final = tuple(
    f"view.mapping.s.{s}" for s in ("question", "auto", "person", "argument", "remembered", "unused", "left")
)
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}
#: Where a person's answer and a line's key stand.
ANSWER, KEY = _AT["answer"], len(COLUMNS) + 1
_LISTS = len(COLUMNS) + 2


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
    tab.put(head, KEY, KEY_HEADER, "key")
    tab.widths[KEY] = 0
    lists = _lists(tab, head, say)
    row = head + 1
    for question in mapping.questions:
        row = _question(tab, row, question, say, texts, lists)
    asked = {(q.table, q.sheet, q.header) for q in mapping.questions}
    for match in mapping.tables:
        row = _table(tab, row, match, say, texts, lists, asked)
    for skipped in mapping.skipped:
        row = _skipped(tab, row, skipped, say, texts, lists)
    row = _kept(tab, row, say, texts, lists)
    if row > head + 1:
        tab.people.append((head + 1, ANSWER, row - 1, ANSWER))
        tab.filter = (head, 1, row - 1, len(COLUMNS))
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
    key = row_key(question.table, question.sheet, question.header, question.columns)
    about_list = question.header == ""

    def name(id: str) -> str:
        return _named_table(id, say) if about_list else _named_field(question.table, id, say)

    named = " / ".join(name(c) for c in question.candidates)
    asked = "view.mapping.candidate" if len(question.candidates) == 1 else "view.mapping.candidates"
    whole = say("view.mapping.whole_list", row=question.header_row) if question.header_row else ""
    line = {
        "status": say("view.mapping.s.question"),
        "table": _named_table(question.table, say) if question.table else "",
        "sheet": question.sheet,
        "header": question.header or whole or say("view.mapping.whole_sheet"),
        "field": name(question.was) if question.was else say(asked, names=named) if named else "",
        "why": say(question.reason),
    }
    _put(tab, row, line, question.examples, "question", key, texts)
    tab.styles[row, _AT["status"]] = tab.styles[row, _AT["header"]] = "question_strong"
    tab.choices.append(Choices((row, ANSWER) * 2, source=lists["" if about_list else question.table]))
    return row + 1


def _table(
    tab: Tab, row: int, match: TableMatch, say: Say, texts: Mapping[Key, str],
    lists: Mapping[str, tuple[int, int, int, int]], asked: Container[Key],
) -> int:  # fmt: skip
    row = _whole(tab, row, match, say, texts, lists)
    first = row
    for column in sorted((*match.columns.values(), *match.others), key=lambda c: _place(match, c.header)):
        row = _column(tab, row, match, column, say, texts)
    for field_id, headers in match.clocks.items():
        for header in headers:
            row = _clock(tab, row, match, field_id, header, say, texts)
    for header in match.unmatched:
        sheets = _sheets(match, header)
        if (match.table, sheets[0] if sheets else "", header) in asked:
            continue
        line = {
            "status": say("view.mapping.s.unused"),
            "table": _named_table(match.table, say),
            "sheet": sheets_text(say, sheets),
            "header": header,
            "why": say("view.mapping.unused"),
        }
        _put(tab, row, line, (), "pale_wrap", (match.table, sheets[0] if sheets else "", header), texts)
        row += 1
    if row > first:
        tab.choices.append(Choices((first, ANSWER, row - 1, ANSWER), source=lists[match.table]))
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


def _clock(
    tab: Tab, row: int, match: TableMatch, field_id: str, header: str, say: Say, texts: Mapping[Key, str]
) -> int:  # fmt: skip
    """A column that holds only the time of day of another's date."""
    sheets = _sheets(match, header)
    line = {
        "status": say("view.mapping.s.auto"),
        "table": _named_table(match.table, say),
        "sheet": sheets_text(say, sheets),
        "header": header,
        "field": _named_field(match.table, field_id, say),
        "why": say("view.mapping.clock", header=match.columns[field_id].header),
    }
    _put(tab, row, line, (), "wrap", (match.table, sheets[0] if sheets else "", header), texts)
    tab.styles[row, _AT["field"]] = "strong"
    return row + 1


def _put(
    tab: Tab,
    row: int,
    line: Mapping[str, str],
    examples: Sequence[str],
    style: str,
    key: Key,
    texts: Mapping[Key, str],
    others: Sequence[str] = (),
) -> None:
    for name, column in _AT.items():
        tab.put(row, column, line.get(name) or None, style)
    for i, example in enumerate(examples[:3], 1):
        tab.put(row, _AT[f"example{i}"], clip(example, 60))
    tab.put(row, ANSWER, texts.get(key), "input")
    tab.put(row, KEY, key_text(*key, *others), "key")


def _whole(
    tab: Tab, row: int, match: TableMatch, say: Say, texts: Mapping[Key, str],
    lists: Mapping[str, tuple[int, int, int, int]],
) -> int:  # fmt: skip
    """The line on a whole list: which table it is, and that a person may say otherwise."""
    sheets = list(dict.fromkeys(region.sheet for region in match.regions))
    first = match.regions[0].headers if match.regions else ()
    key = row_key("", sheets[0] if sheets else "", "", [h.text for h in first])
    name = _named_table(match.table, say)
    line = {
        "status": say("view.mapping.s.person" if key in texts else "view.mapping.s.auto"),
        "table": name,
        "sheet": sheets_text(say, sheets),
        "header": say("view.mapping.whole_list", row=match.regions[0].header_last if match.regions else 0),
        "field": name,
        "why": say("view.mapping.whole"),
    }
    _put(tab, row, line, (), "group", key, texts, sheets[1:])
    tab.put(row, _AT["sure"], round(match.confidence, 2), "group_share")
    tab.choices.append(Choices((row, ANSWER) * 2, source=lists[""]))
    return row + 1


def _skipped(
    tab: Tab, row: int, skipped: Skipped, say: Say, texts: Mapping[Key, str],
    lists: Mapping[str, tuple[int, int, int, int]],
) -> int:  # fmt: skip
    line = {
        "status": say("view.mapping.s.left"),
        "sheet": skipped.sheet,
        "header": say("view.mapping.whole_list", row=skipped.header_row),
        "why": say(skipped.reason),
    }
    _put(tab, row, line, (), "pale_wrap", row_key("", skipped.sheet, "", skipped.columns), texts)
    tab.choices.append(Choices((row, ANSWER) * 2, source=lists[""]))
    return row + 1


def _kept(
    tab: Tab, row: int, say: Say, texts: Mapping[Key, str], lists: Mapping[str, tuple[int, int, int, int]]
) -> int:
    """What people wrote of columns and lists that have no line of their own now: it stays, and stays in force."""
    keys = [value for (_, column), value in tab.cells.items() if column == KEY and isinstance(value, str)]
    shown = {tuple(json.loads(key)[:3]) for key in keys if key != KEY_HEADER}
    for key in texts:
        if key in shown:
            continue
        table, sheet, header = key
        line = {
            "status": say("view.mapping.s.person"),
            "table": _named_table(table, say) if table and header else "",
            "sheet": sheet,
            "header": header or say("view.mapping.whole_sheet"),
            "why": say("view.mapping.kept"),
        }
        _put(tab, row, line, (), "pale_wrap", key, texts)
        tab.choices.append(Choices((row, ANSWER) * 2, source=lists[table if header else ""]))
        row += 1
    return row


def row_key(table: str, sheet: str, header: str, columns: Sequence[str] = ()) -> Key:
    """What a line is about. With a "" header: the list of that sheet with these columns, whatever its table."""
    return (table if header else "\n".join(columns), sheet, header)


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
