"""Reading back what people wrote in a tab of ours: rows are found again after sorting, inserting and moving.

Every row carries a hidden key. Where a person's own row has none, the visible words say which row it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final, NamedTuple

from addin import i18n

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from addin.crm.grid import CellValue, Grid

#: The header of the hidden key column, in every language.
KEY_HEADER: Final = "danggol.key"


class AnswerRow(NamedTuple):
    """One row of a tab: its 1-based row, its key (() where a person inserted it), and its cells by column id."""

    row: int
    key: tuple[str, ...]
    cells: Mapping[str, CellValue]
    columns: Mapping[str, int]

    def text(self, column: str) -> str:
        """A cell as trimmed text, '' where blank."""
        value = self.cells.get(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()


def key_text(*parts: str) -> str:
    """A row's key as the hidden cell holds it."""
    return json.dumps(parts, ensure_ascii=False)


def read_rows(grid: Grid, labels: Mapping[str, str], must: Sequence[str]) -> Iterator[AnswerRow]:
    """The rows under a tab's header.

    ``labels``: column id → message id of its header; a header is known in every language.
    ``must``: the column ids without which a row is no header.
    """
    head = _header(grid, labels, must)
    if head is None:
        return
    start, columns = head
    places = {name: column - 1 - grid.let_go for name, column in columns.items()}
    for row in range(start + 1, len(grid.rows) + 1):
        line = grid.rows[row - 1]
        cells = {name: line[at] if 0 <= at < len(line) and line[at] != "" else None for name, at in places.items()}
        key = _key(cells.pop("key", None))
        if key or any(value is not None for value in cells.values()):
            yield AnswerRow(row, key, cells, columns)


def _header(grid: Grid, labels: Mapping[str, str], must: Sequence[str]) -> tuple[int, dict[str, int]] | None:
    words = {_plain(i18n.say(label, lang)): name for name, label in labels.items() for lang in i18n.LANGUAGES}
    words[_plain(KEY_HEADER)] = "key"
    for number, line in enumerate(grid.rows, 1):
        columns: dict[str, int] = {}
        for column, value in enumerate(line, 1):
            name = words.get(_plain(value)) if isinstance(value, str) else None
            if name is not None:
                columns.setdefault(name, column)
        if all(name in columns for name in must):
            return number, columns
    return None


def _key(value: CellValue) -> tuple[str, ...]:
    if not isinstance(value, str):
        return ()
    try:
        parts = json.loads(value)
    except ValueError:
        return ()  # a person typed over the key: the visible words say which row it is
    return tuple(str(part) for part in parts) if isinstance(parts, list) else ()


def _plain(text: str) -> str:
    return "".join(text.split()).casefold()
