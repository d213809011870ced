"""What a button does to the workbook that is open: run the action, answer with one sentence for the status bar.

Each takes an xlwings Book (or a `LiveBook`) and may raise `DanggolError`; nothing here is saved to disk for the person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.message import msg
from addin.i18n import say

if TYPE_CHECKING:
    from addin.actions.progress import Step
    from addin.actions.workspace import Workspace
    from addin.books.live import LiveBook

#: Cells named in a sentence.
SHOWN = 5


def live(book: Any) -> LiveBook:
    """The open workbook behind an xlwings Book."""
    from addin.books.live import LiveBook

    return book if isinstance(book, LiveBook) else LiveBook(book)


def adopt_open(book: Any) -> str:
    """Find the lists, map the columns, write the mapping and settings tabs."""
    from addin.actions.adopt import adopt_book

    opened = live(book)
    done = adopt_book(opened, step=_narrated(opened))
    count, asked = len(done.mapping.tables), len(done.mapping.questions)
    if not count:
        return say(msg("open.nothing_found", tab=done.mapping_tab))
    if asked:
        return say(msg("open.adopt_questions", tables=count, count=asked, tab=done.mapping_tab))
    return say(msg("open.adopt_done", tables=count))


def refresh_open(book: Any) -> str:
    """Compute everything and write it in place; pressed again, what did not change since is remembered."""
    from addin.actions.last_book import LAST
    from addin.actions.refresh import refresh_book

    opened = live(book)
    done = refresh_book(opened, step=_narrated(opened), session=LAST.session(opened.path))
    if done.run is None:
        return say("open.nothing_new")
    if done.as_of is None:
        return say(msg("open.refresh_done_undated", requests=done.requests, faults=done.faults))
    return say(msg("open.refresh_done", day=done.as_of.isoformat(), requests=done.requests, faults=done.faults))


def check_open(book: Any) -> str:
    """Say how many cells need mending, and show them in the check tab."""
    from addin.actions.dates import now
    from addin.actions.door import begin
    from addin.actions.partners import resolve
    from addin.actions.tabs import around_notes, give_up_tab, names_of, put_tabs
    from addin.actions.views.check import check_tab
    from addin.actions.views.parts import Say
    from addin.actions.workspace import work_on
    from addin.books.edits import Edits
    from addin.crm.fault_groups import group_faults

    opened = live(book)

    def run(met: set[str]) -> tuple[int, str]:
        workspace: Workspace = work_on(begin(opened).result(), step=_narrated(opened))
        for cell in met:
            give_up_tab(workspace, cell)
        resolved = resolve(workspace)
        faults = [*workspace.faults, *resolved.faults]
        names = names_of(workspace)
        tab = check_tab(
            group_faults(faults),
            Say(workspace.lang),
            duplicates=resolved.duplicates,
            questions=workspace.mapping.questions,
            names=names,
        )
        edits = Edits("check")
        put_tabs(edits, workspace, [tab])
        if edits:
            opened.apply(edits, when=now())
        return sum(not fault.fault.repair for fault in faults), tab.name

    count, tab = around_notes(run)
    opened.show(tab)
    return say(msg("open.check_found", count=count, tab=tab)) if count else say("open.check_clean")


def undo_open(book: Any) -> str:
    """Take the last run back; cells edited since stay and are named."""
    from addin.actions.history import undo_run

    done = undo_run(live(book))
    if done.edited:
        places = ", ".join(done.edited[:SHOWN]) + (" …" if len(done.edited) > SHOWN else "")
        return say(msg("open.undo_edited", run=done.undone, count=len(done.edited), places=places))
    return say(msg("open.undo_done", run=done.undone))


def settings_open(book: Any) -> str:
    """Show the settings tab."""
    from addin.actions.ours import find_ours

    opened = live(book)
    tab = find_ours(opened.places()).tabs.get("settings")
    if tab is None or not opened.show(tab):
        return say("open.settings_none")
    return say(msg("open.settings_shown", tab=tab))


def _narrated(opened: LiveBook) -> Step:
    """The steps of an action in the program's status bar."""

    def step(id: str, _share: float) -> None:
        opened.host.status(say(id))

    return step
