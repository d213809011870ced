"""What a process that stays (a watched book, a button of an open one) remembers of one book from refresh to refresh.

Nothing in it is ever taken on trust: each part is known again by what it was made of, and made anew where that differs
in anything. Without it a refresh says the very same, only later.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.books.lastdrawn import LastDrawn
from addin.books.lastread import LastRead
from addin.crm.column_memo import ColumnMemo
from addin.crm.remeasure import Remembered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.crm.grid import Grid
    from addin.crm.mapping import TableMatch

#: Longer lists weigh too much to be kept beside what is being read.
MOST_ROWS: Final = 250_000


@dataclass(slots=True)
class Session:
    """``columns``: lists as they were last read, by table; ``remembered``: the requests as they were measured;
    ``read``: the file as it was read; ``drawn``: its tabs as they were drawn last.
    """

    columns: dict[str, ColumnMemo] = field(default_factory=dict)
    remembered: Remembered = field(default_factory=Remembered)
    read: LastRead = field(default_factory=LastRead)
    drawn: LastDrawn = field(default_factory=LastDrawn)

    def close(self) -> None:
        """Nothing more is asked of it: what was put off is kept beside the book."""
        self.read.save()

    def memo(self, match: TableMatch, grids: Mapping[str, Grid]) -> ColumnMemo | None:
        """What was read of a list; None of a short one, which is read as soon, and of one too long to be remembered."""
        from addin.crm.cells import Rows

        rows = Rows(match, grids)
        if not rows.long or rows.count > MOST_ROWS:
            self.columns.pop(match.table, None)
            return None
        return self.columns.setdefault(match.table, ColumnMemo())
