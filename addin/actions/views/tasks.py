"""The task tab: what to do today, what is overdue, what comes; people mark what is done or put off, and their marks
stay theirs."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.beside import Columns
from addin.actions.views.parts import Say, new_tab, section, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Link, Tab
from addin.crm.calendar import d_day_label, date_of, day_of
from addin.crm.dates import parse_instant
from addin.crm.grid import cell_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.crm.grid import CellValue, Grid
    from addin.crm.tasks import Task

#: Column ids and widths, in order. ``mark``, ``until`` and ``memo`` belong to people.
COLUMNS: Final = {
    "due": 17,
    "left": 9,
    "kind": 20,
    "reason": 56,
    "partner": 22,
    "request": 13,
    "owner": 11,
    "cell": 18,
    "mark": 11,
    "until": 14,
    "memo": 26,
}
LABELS: Final = {name: f"view.tasks.h.{name}" for name in COLUMNS}
MARKS: Final = ("view.tasks.done", "view.tasks.later")
SECTIONS: Final = ("view.tasks.put_off", "view.tasks.finished")
#: Open tasks drawn at most, and of one kind of overdue ones, which are the same chore many times; the rest are counted.
MOST, SAME = 300, 10
_LINES: Final = Columns(COLUMNS, LABELS, theirs=("mark", "until", "memo"), must=("reason", "mark"))
_AT: Final = _LINES.at
#: Where a day to wait for is none.
UNREAD: Final = "view.tasks.unread"
_DONE: Final = frozenset(("완료", "끝", "done", "ok", "o", "✓", "v", "x", "예", "yes"))
_LATER: Final = frozenset(("미룸", "나중", "보류", "later", "snooze", "snoozed"))


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person wrote beside a task, as typed, and the line as it was drawn then."""

    mark: CellValue = None
    until: CellValue = None
    memo: CellValue = None
    shown: Mapping[str, CellValue] = field(default_factory=dict)

    def state(self, as_of: int) -> str:
        """``done``, ``later`` (put off, and the day has not come), or ``open``."""
        word = "".join(str(self.mark or "").split()).casefold()
        if word in _DONE:
            return "done"
        day = _day(self.until)
        if word in _LATER or day is not None:
            return "later" if day is None or day > as_of else "open"
        return "open"

    @property
    def unread(self) -> bool:
        """A day to wait for that is none, without a word that puts the task off: it stays open."""
        word = "".join(str(self.mark or "").split()).casefold()
        return self.until is not None and word not in _DONE | _LATER and _day(self.until) is None


def task_tab(
    tasks: Sequence[Task],
    say: Say,
    as_of: dt.date,
    marks: Mapping[str, Mark] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: open tasks in the order to do them, those put off, what people marked done, with all they typed.

    A marked line whose cause is gone stays under the finished ones as it was, so nothing a person typed is lost.
    """
    marks, today = marks or {}, day_of(as_of)
    tab = new_tab("tasks", say, names)
    states = {task.id: (marks[task.id].state(today) if task.id in marks else "open") for task in tasks}
    here = [task for task in tasks if states[task.id] == "open"]
    late = sum(task.due_day < today for task in here)
    now = sum(task.due_day == today for task in here)
    counts = say("view.tasks.counts", count=len(here), late=late, today=now)
    head = title(tab, say("view.tasks.title"), (say("view.tasks.how"), counts))
    _LINES.header(tab, head, say)
    row = head
    shown, rest = _shown(here, marks, today)
    for task in shown:
        row += 1
        _line(tab, row, task, marks.get(task.id), today, say)
    if here:
        tab.filter = (head, 1, row, _LINES.last)
    else:
        row += 1
        tab.put(row, 1, say("view.tasks.none"), "cell.ok")
        tab.merges.append((row, 1, row, _AT["cell"]))
    row = _rest(tab, row, rest, say)
    later = [task for task in tasks if states[task.id] == "later"]
    if later:
        row = section(tab, row + 2, 1, _LINES.last, say(SECTIONS[0])) - 1
        for task in later:
            row += 1
            _line(tab, row, task, marks.get(task.id), today, say)
    done = [task for task in tasks if states[task.id] == "done"]
    kept = {id: mark for id, mark in marks.items() if id not in states}
    if done or kept:
        row = section(tab, row + 2, 1, _LINES.last, say(SECTIONS[1])) - 1
        for task in done:
            row += 1
            _line(tab, row, task, marks[task.id], today, say, quiet=True)
        for id, mark in kept.items():
            row += 1
            _LINES.put_shown(tab, row, mark.shown)
            _LINES.put_theirs(tab, row, (id,), mark)
    rect = (head + 1, _AT["mark"], row, _AT["mark"])
    tab.choices.append(Choices(rect, tuple(say(id) for id in MARKS)))
    tab.freeze = (head + 1, _AT["kind"])
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def parse_task_tab(grid: Grid) -> dict[str, Mark]:
    """What people wrote beside each task, by its id; found again after sorting. A line without a mark is left out."""
    out: dict[str, Mark] = {}
    for (id,), values, shown in _LINES.written(grid):
        out[id] = Mark(**values, shown=shown)
    return out


def _line(tab: Tab, row: int, task: Task, mark: Mark | None, today: int, say: Say, *, quiet: bool = False) -> None:
    late = task.due_day < today and not quiet
    look = "cell.breach" if late else "cell.warn" if task.due_day == today and not quiet else "cell"
    tab.put(row, _AT["due"], task.due_text, look)
    tab.put(row, _AT["left"], d_day_label(task.due_day, today), look)
    tab.put(row, _AT["kind"], say(f"task.{task.kind}"), "cell" if quiet else "strong")
    reason = say(task.reason)
    if mark is not None and mark.unread:
        reason += " " + say(UNREAD, value=str(mark.until))
    tab.put(row, _AT["reason"], reason, "wrap")
    tab.put(row, _AT["partner"], task.partner or None, "wrap")
    tab.put(row, _AT["request"], task.request or None, "cell")
    tab.put(row, _AT["owner"], task.owner or say("view.tasks.nobody"), "cell")
    if task.sheet:
        address = cell_address(task.row, task.column or 1)
        tab.put(row, _AT["cell"], Link(f"{task.sheet}!{address}", task.sheet, address), "link")
    else:
        tab.put(row, _AT["cell"], None, "cell")
    _LINES.put_theirs(tab, row, (task.id,), mark)


def _shown(here: Sequence[Task], marks: Mapping[str, Mark], today: int) -> tuple[list[Task], list[Task]]:
    """Which open tasks are drawn, and which only counted: those people wrote beside are always drawn."""
    shown: list[Task] = []
    rest: list[Task] = []
    late: Counter[str] = Counter()
    for task in here:
        overdue = task.due_day < today
        full = len(shown) >= MOST or (overdue and late[task.kind] >= SAME)
        late[task.kind] += overdue
        (rest if full and task.id not in marks else shown).append(task)
    return shown, rest


def _rest(tab: Tab, row: int, rest: Sequence[Task], say: Say) -> int:
    """How many more there are of each kind, and how to see them: nothing is cut off silently."""
    if not rest:
        return row
    kinds = Counter(task.kind for task in rest)
    text = ", ".join(f"{say(f'task.{kind}')} {count}" for kind, count in kinds.most_common())
    tab.put(row + 1, 1, say("view.tasks.more", count=len(rest), kinds=text), "subtitle")
    return row + 1


def _day(value: CellValue) -> int | None:
    if isinstance(value, dt.date):
        return day_of(value)
    found = parse_instant(value).value if value is not None else None
    return None if found is None else day_of(date_of(found.minutes // 1440))
