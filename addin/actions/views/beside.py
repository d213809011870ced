"""Tabs of lines beside which people write: their columns, found again by a hidden key and put back as typed.

Shared by the tabs of tasks, regulars, the ladder and quotes, whose lines come and go while people's words stay.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.actions.views.answers import KEY_HEADER, key_text, read_rows
from addin.actions.views.parts import Say, clip, header_row
from addin.crm.grid import CellValue

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from addin.books.tab import Tab, TabValue
    from addin.crm.grid import Grid

#: A line's key, people's own values by column, and the line as it was drawn then.
Written = tuple[tuple[str, ...], dict[str, CellValue], dict[str, CellValue]]


@dataclass(frozen=True)
class Columns:
    """``widths``: column id → width, in order from column A on · ``labels``: column id → message id of its header ·
    ``theirs``: the columns of people, side by side · ``must``: those without which a row is no header.

    The hidden key stands right of the last column.
    """

    widths: Mapping[str, float]
    labels: Mapping[str, str]
    theirs: tuple[str, ...]
    must: tuple[str, ...]
    at: dict[str, int] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "at", {name: column for column, name in enumerate(self.widths, 1)})

    @property
    def last(self) -> int:
        """The last column people see."""
        return len(self.widths)

    def header(self, tab: Tab, row: int, say: Say) -> None:
        """The header row, the widths, and the hidden column of keys."""
        header_row(tab, row, self.widths, self.labels, say)
        tab.put(row, self.last + 1, KEY_HEADER, "key")
        tab.widths[self.last + 1] = 0

    def written(self, grid: Grid, parts: int = 1) -> Iterator[Written]:
        """The lines people wrote on, wherever they moved them; ``parts``: how many a key has."""
        for line in read_rows(grid, self.labels, self.must):
            values = {name: line.cells.get(name) for name in self.theirs}
            if len(line.key) == parts and any(value is not None for value in values.values()):
                yield line.key, values, {name: v for name, v in line.cells.items() if name not in self.theirs}

    def put_theirs(
        self, tab: Tab, row: int, key: tuple[str, ...], mark: object | None, looks: Mapping[str, str] | None = None
    ) -> None:
        """People's own cells as they typed them, read from ``mark`` by name (None: nothing yet), and the key.

        ``looks``: column id → style, where it is not that of an input.
        """
        for name in self.theirs:
            value = typed(getattr(mark, name)) if mark else None
            tab.put(row, self.at[name], value, (looks or {}).get(name) or input_style(value))
        tab.put(row, self.last + 1, key_text(*key), "key")
        tab.people.append((row, self.at[self.theirs[0]], row, self.at[self.theirs[-1]]))

    def put_shown(self, tab: Tab, row: int, shown: Mapping[str, CellValue], style: str = "wrap") -> None:
        """A line whose cause is gone, as it was drawn last."""
        for name, column in self.at.items():
            if name not in self.theirs:
                tab.put(row, column, _told(shown.get(name)), style)


def input_style(value: TabValue) -> str:
    """The look of a person's own cell by what it holds: a day shows as a day, not as its number."""
    if isinstance(value, dt.datetime) and (value.hour or value.minute):
        return "input_instant"
    return "input_date" if isinstance(value, dt.date) else "input"


def typed(value: CellValue) -> TabValue:
    """What a person typed, as a tab can hold it; an error cell becomes blank."""
    return value if isinstance(value, str | int | float | bool | dt.date) else None


def _told(value: CellValue) -> TabValue:
    """A cell of a line as it was drawn: a day as text, for the line has lost its formats."""
    if isinstance(value, dt.date):
        return value.isoformat()[:10]
    return clip(value, 200) if isinstance(value, str) else typed(value)
