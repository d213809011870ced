"""``danggol tasks``: what to do next in a book; the same list the tab ``CRM_할일`` shows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from addin.actions.dates import parse_day
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from addin.actions.results import Results
    from addin.actions.views.tasks import Mark
    from addin.books.tab import Tab
    from addin.crm.tasks import Task


@dataclass(slots=True)
class TaskList:
    """The tasks in the order to do them, each with what a person marked beside it: open, later or done."""

    tasks: list[Task] = field(default_factory=list)
    states: dict[str, str] = field(default_factory=dict)
    as_of: dt.date | None = None
    marks: dict[str, Mark] = field(default_factory=dict)

    def open(self) -> list[Task]:
        """Those nobody has marked done or put off."""
        return [task for task in self.tasks if self.states.get(task.id, "open") == "open"]

    def to_json(self) -> list[dict[str, Any]]:
        """One object a task."""
        from addin.crm.grid import cell_address

        return [
            {
                "task": task.id,
                "kind": task.kind,
                "status": self.states.get(task.id, "open"),
                "owner": task.owner or None,
                "due": task.due_text.replace(" ", "T"),
                "reason": say(task.reason),
                "link": f"{task.sheet}!{cell_address(task.row, task.column or 1)}" if task.sheet else None,
                "partner": task.partner or None,
                "request": task.request or None,
            }
            for task in self.tasks
        ]


def tasks_of(book: Path, *, as_of: str | None = None, maps: Sequence[str] = (), step: Step = quiet) -> TaskList:
    """The tasks of a book as of a day; nothing is written."""
    from addin.actions.results import results_of

    day = parse_day(as_of, "--as-of")
    workspace = open_workspace(book, maps=maps, step=step)
    results = results_of(workspace, as_of=day, step=step)
    return task_list(workspace, results)


def task_list(workspace: Workspace, results: Results, *, ladder: str | None = None) -> TaskList:
    """The tasks of what was computed, and the marks people made in the book's own tab. ``ladder``: the ladder tab's
    name, where it is about to be made."""
    if results.as_of is None:
        return TaskList()
    from addin.crm.calendar import day_of

    day = day_of(results.as_of)
    tasks = _tasks(workspace, results, day, ladder or workspace.ours.tabs.get("ladder"))
    marks = _marks(workspace)
    states = {task.id: marks[task.id].state(day) for task in tasks if task.id in marks}
    return TaskList(tasks, states, results.as_of, marks)


def tab_of(workspace: Workspace, todo: TaskList, names: dict[str, str]) -> Tab | None:
    """The task tab; None where no day is known to go by."""
    from addin.actions.views.parts import Say
    from addin.actions.views.tasks import task_tab

    return None if todo.as_of is None else task_tab(todo.tasks, Say(workspace.lang), todo.as_of, todo.marks, names)


def tasks_open(book: Any) -> str:
    """The button: only the task tab of the open workbook is drawn anew, and shown."""
    from addin.actions.dates import now
    from addin.actions.door import begin
    from addin.actions.open import live
    from addin.actions.results import results_of
    from addin.actions.tabs import around_notes, give_up_tab, names_of, put_tabs
    from addin.actions.workspace import work_on
    from addin.books.edits import Edits
    from addin.crm.calendar import day_of

    opened = live(book)

    def run(met: set[str]) -> tuple[int, int, str]:
        workspace = work_on(begin(opened).result())
        for cell in met:
            give_up_tab(workspace, cell)
        results = results_of(workspace)
        tasks = task_list(workspace, results)
        tab = tab_of(workspace, tasks, names_of(workspace))
        if tab is None or results.as_of is None:
            return 0, 0, ""
        edits = Edits("tasks")
        put_tabs(edits, workspace, [tab])
        if edits:
            opened.apply(edits, when=now())
        todo, today = tasks.open(), day_of(results.as_of)
        return len(todo), sum(task.due_day < today for task in todo), tab.name

    count, late, tab = around_notes(run)
    if tab:
        opened.show(tab)
    return say("open.tasks", count=count, late=late, tab=tab) if count else say("show.tasks.none")


def _tasks(workspace: Workspace, results: Results, day: int, ladder: str | None) -> list[Task]:
    from addin.actions.ladder import task_places
    from addin.actions.quote_tab import own_quotes
    from addin.crm.ladder_tasks import ladder_tasks
    from addin.crm.partner_tasks import experiment_tasks, partner_tasks
    from addin.crm.request_tasks import quote_tasks, request_tasks
    from addin.crm.tasks import in_order

    frames = results.resolved.frames
    activities, partners, requests = (frames.get(name) for name in ("activities", "partners", "requests"))
    found: list[Task] = []
    if requests is not None:
        found += request_tasks(requests, workspace.settings, day, activities, _owners(partners), results.rows)
    if partners is not None:
        settings, values = workspace.settings, results.values
        found += partner_tasks(partners, settings, day, values, requests=requests, activities=activities)
    if "quotes" in frames:
        found += quote_tasks(frames["quotes"], day)
    given = own_quotes(workspace)
    if given is not None:
        found += quote_tasks(given, day)
    if results.ladder is not None:
        found += ladder_tasks(results.ladder, task_places(workspace, results, ladder), _owners(partners))
    if "experiments" in frames:
        found += experiment_tasks(frames["experiments"], day)
    return in_order((_placed(workspace, task) for task in found), day)


def _owners(partners: Any) -> dict[str, str]:
    if partners is None or "owner" not in partners.columns:
        return {}
    return {key: owner for key, owner in partners.select("partner_key", "owner").iter_rows() if key and owner}


def _placed(workspace: Workspace, task: Task) -> Task:
    """The task with the column its cell stands in."""
    match = workspace.mapping.table(task.table)
    for region in match.regions if match and task.sheet else ():
        if region.sheet == task.sheet and region.header_last < task.row <= region.last_row:
            assert match is not None
            return replace(task, column=match.column_in(region, task.field) or region.first_column)
    return task


def _marks(workspace: Workspace) -> dict[str, Mark]:
    from addin.actions.views.tasks import parse_task_tab

    present = workspace.ours.tabs.get("tasks")
    grid = workspace.snapshot.grid(present) if present else None
    return parse_task_tab(grid) if grid else {}
