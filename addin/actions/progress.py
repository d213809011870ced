"""Narration on stderr: a bar once something takes over a second, drawn by rich, on a terminal only."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from addin.i18n import language, say

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_WHOLE = 1000
PATIENCE = 1.0  # seconds before the bar appears

#: Called with a catalogue id and the share done, 0..1.
Step = Callable[[str, float], None]


def quiet(_id: str, _share: float) -> None:
    """No narration: tests and library use."""


class Bar:
    """A bar that appears when the work has taken ``patience`` seconds, also in the middle of one long step."""

    def __init__(self, patience: float = PATIENCE) -> None:
        self.lang = language()
        self.text, self.share = "", 0.0
        self._lock = threading.Lock()
        self._shown: tuple[Progress, TaskID] | None = None
        self._timer = threading.Timer(patience, self._appear)
        self._timer.daemon = True
        self._timer.start()

    def __call__(self, id: str, share: float) -> None:
        """Name the step that begins now; ``share`` is how much of the whole is done."""
        with self._lock:
            self.text, self.share = say(id, self.lang), min(max(share, 0.0), 1.0)
            if self._shown:
                progress, task = self._shown
                progress.update(task, description=self.text, completed=round(self.share * _WHOLE))

    def _appear(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, Progress, SpinnerColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn

        with self._lock:
            columns = (
                SpinnerColumn(),
                BarColumn(28),
                TaskProgressColumn(),
                TimeElapsedColumn(),
                TextColumn("{task.description}"),
            )
            progress = Progress(*columns, console=Console(file=sys.stderr), transient=True)
            progress.start()
            self._shown = progress, progress.add_task(self.text, total=_WHOLE, completed=round(self.share * _WHOLE))

    def close(self) -> None:
        """Take the bar away."""
        self._timer.cancel()
        with self._lock:
            if self._shown:
                self._shown[0].stop()
                self._shown = None


@contextmanager
def bar() -> Iterator[Step]:
    """A `Bar` for the length of a command; nothing where stderr is no terminal."""
    if not sys.stderr.isatty():
        yield quiet
        return
    shown = Bar()
    try:
        yield shown
    finally:
        shown.close()
