"""danggol's two tabs of the master that a sync fills: what partners entered anew, and what a person has to look at.

``CRM_파트너입력`` is an inbox: rows partners typed into their blank rows. One that was taken over into the team's own
list, with its number, goes.
``CRM_동기화`` lists every oddity with both values. The column 확인 of both belongs to people.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.partner_columns import book_cell, plain_cell
from addin.actions.views.answers import KEY_HEADER, key_text, read_rows
from addin.actions.views.parts import Say, clip, header_row, new_tab, title
from addin.books.look import fit_heights
from addin.books.tab import Choices
from addin.crm.tables import REQUESTS
from sheets_sync.cells import shown
from sheets_sync.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from addin.books.tab import Tab, TabValue
    from addin.crm.grid import Grid
    from sheets_sync.model import Cell, Review

#: What only the master's side finds: a cell that names another partner, a list without room for a column of ours, a
#: text no cell can hold.
OWN_KINDS: Final = ("withheld", "no_room", "too_long")
ALL_KINDS: Final = (*KINDS, *OWN_KINDS)
#: Message ids, so that a test can check the catalogue has them.
KIND_IDS: Final = tuple(f"sync.tab.{kind}{more}" for kind in ALL_KINDS for more in ("", ".todo"))

REVIEW_COLUMNS: Final = {
    "done": 8, "partner": 20, "number": 18, "kind": 24, "field": 14, "theirs": 28, "ours": 28, "todo": 56, "row": 10,
}  # fmt: skip
REVIEW_LABELS: Final = {name: f"sync.tab.h.{name}" for name in REVIEW_COLUMNS}
ENTRY_COLUMNS: Final = {"done": 8, "partner": 20, "number": 18}
ENTRY_LABELS: Final = {name: REVIEW_LABELS[name] for name in ENTRY_COLUMNS}
_DONE: Final = "✓"


class ReviewLine(NamedTuple):
    """One line of the review list; ``row`` in the partner's sheet, 0 = none. Values as shown."""

    partner: str
    kind: str
    key: str
    field: str
    theirs: str
    ours: str
    row: int = 0

    @property
    def mark(self) -> tuple[str, ...]:
        """What a person's tick belongs to: this very difference. Where the row stands matters only without a key."""
        place = str(self.row) if not self.key else ""
        return (self.partner, self.kind, self.key, self.field, self.theirs, self.ours, place)


def review_line(partner: str, review: Review) -> ReviewLine:
    """A review as the list shows it."""
    return ReviewLine(partner, review.kind, review.key, review.field, _text(review.partner), _text(review.master),
                      review.row)  # fmt: skip


def _text(cell: Cell) -> str:
    return clip(shown(cell).replace("\r\n", "\n"))


def review_tab(
    lines: Iterable[ReviewLine], ticks: Mapping[tuple[str, ...], str], say: Say, names: dict[str, str]
) -> Tab:
    """The review list, by partner, the worst kinds first. ``ticks``: what people wrote in their column, by mark."""
    tab = new_tab("sync", say, names)
    head = title(tab, say("sync.tab.reviews"), (say("sync.tab.reviews.how"),))
    header_row(tab, head, REVIEW_COLUMNS, REVIEW_LABELS, say)
    tab.put(head, len(REVIEW_COLUMNS) + 1, KEY_HEADER, "key")
    tab.widths[len(REVIEW_COLUMNS) + 1] = 0
    fields = {f.id: f.ko if say.lang == "ko" else f.en for f in REQUESTS}
    row = head
    for line in sorted(set(lines), key=lambda one: (one.partner, ALL_KINDS.index(one.kind), one.key, one)):
        row += 1
        values: list[TabValue] = [ticks.get(line.mark), line.partner, line.key or None, say(f"sync.tab.{line.kind}")]
        values += [fields.get(line.field), line.theirs or None, line.ours or None]
        values += [say(f"sync.tab.{line.kind}.todo"), line.row or None]
        tab.line(row, 1, values, ("input", "strong", "cell", "wrap", "cell", "wrap", "wrap", "wrap", "number"))
        tab.put(row, len(REVIEW_COLUMNS) + 1, key_text(*line.mark), "key")
    _finish(tab, head, row)
    return tab


def parse_review_tab(grid: Grid) -> tuple[list[ReviewLine], dict[tuple[str, ...], str]]:
    """The lines as they stand, and what people wrote in their column. Rows people added are passed over."""
    lines, ticks = [], {}
    for found in read_rows(grid, REVIEW_LABELS, ("partner", "kind", "todo")):
        if len(found.key) != len(ReviewLine._fields) or found.key[1] not in ALL_KINDS:
            continue
        row = found.cells.get("row")
        partner, kind, key, field = found.key[:4]
        theirs, ours = map(shown, found.key[4:6])
        at = int(row) if isinstance(row, float | int) else 0
        lines.append(ReviewLine(partner, kind, key, field, theirs, ours, at))
        if text := found.text("done"):
            ticks[*found.key[:4], theirs, ours, found.key[6]] = text
    return lines, ticks


#: (partner, key) → field → cell.
Entries = dict[tuple[str, str], dict[str, "Cell"]]


def entries_tab(
    entries: Mapping[tuple[str, str], Mapping[str, Cell]],
    ticks: Mapping[tuple[str, ...], str],
    fields: Sequence[str],
    say: Say,
    names: dict[str, str],
) -> Tab:
    """The inbox: a row each, the requests' fields as columns, in the order they came."""
    tab = new_tab("entries", say, names)
    head = title(tab, say("sync.tab.entries"), (say("sync.tab.entries.how"),))
    header_row(tab, head, ENTRY_COLUMNS, ENTRY_LABELS, say)
    first = len(ENTRY_COLUMNS) + 1
    known = {f.id: f.ko if say.lang == "ko" else f.en for f in REQUESTS}
    used = [f for f in known if f in fields or any(f in cells for cells in entries.values())]
    for column, field in enumerate(used, first):
        tab.put(head, column, known[field], "header")
        tab.widths[column] = 20
    last = first + len(used)
    tab.put(head, last, KEY_HEADER, "key")
    tab.widths[last] = 0
    row = head
    for (partner, key), cells in entries.items():
        row += 1
        tab.line(row, 1, (ticks.get((partner, key)), partner, key), ("input", "strong", "cell"))
        for column, field in enumerate(used, first):
            value = book_cell(cells.get(field))
            tab.put(row, column, value, _style(value))  # type: ignore[arg-type]
        tab.put(row, last, key_text(partner, key), "key")
    _finish(tab, head, row)
    return tab


def _style(value: object) -> str:
    if isinstance(value, dt.date):
        return "instant" if isinstance(value, dt.datetime) else "date"
    return "wrap" if value is None or isinstance(value, str | bool) else "cell"


def parse_entries_tab(grid: Grid) -> tuple[Entries, dict[tuple[str, ...], str]]:
    """The entries as they stand, wherever people moved rows and columns, and what people wrote in their column."""
    entries: Entries = {}
    ticks: dict[tuple[str, ...], str] = {}
    names = {name: f.id for f in REQUESTS if f.id != "partner" for name in (f.ko, f.en)}
    columns: dict[int, str] = {}
    for found in read_rows(grid, ENTRY_LABELS, ("partner", "number")):
        if len(found.key) != 2:
            continue
        if not columns:
            columns = _headers(grid, names)
        place = (found.key[0], found.key[1])
        if place in entries:
            continue  # a person's copy: the first row is ours
        entries[place] = {
            field: cell
            for column, field in columns.items()
            if (cell := plain_cell(grid.value(found.row, column), grid.has_time(found.row, column))) is not None
        }
        if text := found.text("done"):
            ticks[place] = text
    return entries, ticks


def _headers(grid: Grid, names: Mapping[str, str]) -> dict[int, str]:
    """Column → field, from the header row: the one that ends with our key's header."""
    for line in grid.rows:
        if KEY_HEADER in line:
            return {c: names[v] for c, v in enumerate(line, 1) if isinstance(v, str) and v in names}
    return {}


def _finish(tab: Tab, head: int, last: int) -> None:
    if last > head:
        rect = (head + 1, 1, last, 1)
        tab.people.append(rect)
        tab.choices.append(Choices(rect, (_DONE,)))
    tab.freeze = (head + 1, 4)
    tab.repeat = (head, head)
    fit_heights(tab, head)
