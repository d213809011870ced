"""What stands on tabs of ours from an earlier run: numbers nothing is there to compute now, and lines that moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views import mapping, settings
from addin.actions.views.names import KEYS
from addin.actions.views.parts import Say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.actions.workspace import Workspace
    from addin.books.edits import Edits
    from addin.books.tab import Tab

#: Tabs a refresh always draws, or never: none of them tells old numbers.
_NEVER: Final = frozenset(("entries", "sync", "check", "status", "aliases", "mapping", "settings", "log"))
#: Under the title; what people typed on such a tab stays, so it is not drawn empty.
_PLACE: Final = (2, 1)


def say_stale(edits: Edits, workspace: Workspace, drawn: Sequence[Tab]) -> int:
    """Say on each computed tab that was not drawn this time that its numbers are old; how many cells that takes."""
    now = {tab.marker.rpartition(".")[2] for tab in drawn}
    text, count = Say(workspace.lang)("view.stale"), 0
    for key in KEYS:
        name = workspace.ours.tabs.get(key)
        grid = workspace.snapshot.grid(name) if name and key not in now | _NEVER else None
        if name and grid is not None and grid.value(*_PLACE) != text:
            edits.write(name, *_PLACE, [[text]])
            count += 1
    return count


def follow_lines(workspace: Workspace, drawn: Sequence[Tab]) -> None:
    """Faults in what people wrote in the mapping and settings tabs point at their lines as they will stand."""
    columns = {"mapping": (mapping.KEY, mapping.ANSWER), "settings": (settings.KEY, settings.ANSWER)}
    for tab in drawn:
        place = columns.get(tab.marker.rpartition(".")[2])
        grid = workspace.snapshot.grid(tab.name)
        if place is None or grid is None:
            continue
        key, answer = place
        lines = {str(value): row for (row, column), value in tab.cells.items() if column == key}
        workspace.faults[:] = [
            fault._replace(row=row, column=answer)
            if fault.sheet == tab.name and (row := lines.get(str(grid.value(fault.row, key))))
            else fault
            for fault in workspace.faults
        ]
