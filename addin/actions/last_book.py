"""What the refresh button remembers between two presses: the workbook it was pressed in last, while people work on it.

The Python behind Excel and LibreOffice stays as long as they do, and nobody tells it that a workbook was closed: after
a while without a press it lets go.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from addin.actions.session import Session

if TYPE_CHECKING:
    from pathlib import Path

#: Seconds without a press after which nothing is remembered any more.
WHILE: Final = 1_800.0


class LastBook:
    """The session of one open workbook at a time.

    >>> from pathlib import Path
    >>> last = LastBook()
    >>> one, two = Path("접수.xlsx"), Path("파트너.xlsx")
    >>> first = last.session(one)
    >>> last.session(one) is first, last.session(two) is first, last.session(one) is first
    (True, False, False)
    >>> last.forget()
    """

    def __init__(self, patience: float = WHILE) -> None:
        self._patience = patience
        self._kept: tuple[Path, Session] | None = None
        self._timer: threading.Timer | None = None

    def session(self, book: Path) -> Session:
        """That of this workbook; whatever was remembered of another is let go."""
        if self._kept is None or self._kept[0] != book:
            self._kept = book, Session()
        kept = self._kept[1]
        self._wait()
        return kept

    def forget(self) -> None:
        """Let go."""
        self._kept = None
        if self._timer is not None:
            self._timer.cancel()

    def _wait(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = threading.Timer(self._patience, self.forget)
        self._timer.daemon = True  # the program that is closed doesn't wait for it
        self._timer.start()


#: The one of this process.
LAST: Final = LastBook()
