"""One run in an open workbook: what it is of, what it wrote so far, and the way back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.books.live_check import sheets_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.books.edits import Edits
    from addin.books.entries import Entry
    from addin.books.live_host import Host


class Run:
    """A plan on its way into an open workbook.

    ``sheets`` and ``names`` are the workbook's as the run leaves them, ``entries`` what the journal keeps; ``cells``,
    ``fills`` and ``tabs`` count what was written.
    """

    def __init__(self, host: Host, edits: Edits) -> None:
        self.host, self.edits = host, edits
        self.sheets: dict[str, Any] = sheets_of(host)
        self.names = host.names()
        self.entries: list[Entry] = []
        self.cells = self.fills = self.tabs = 0
        self._back: list[tuple[str, Callable[[], object]]] = []

    def note(self, where: str, undo: Callable[[], object]) -> None:
        """Before a step: how to take it back, and the place a person is told where that fails."""
        self._back.append((where, undo))

    def take_back(self) -> list[str]:
        """Undo what was done so far, last first; the places where that failed too."""
        stuck = []
        while self._back:
            where, undo = self._back.pop()
            try:
                undo()
            except Exception:  # said to the person by place; the others must still go back
                stuck.append(where)
        return stuck
