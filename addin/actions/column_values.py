"""Texts beside people's rows: only what differs from what stands there is written, in as few blocks as can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from operator import sub
from typing import TYPE_CHECKING, Final

from addin.crm.grid import LongRows

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

    from addin.actions.columns import Placed
    from addin.books.edits import Edits, EditValue
    from addin.crm.grid import Grid

_BRIDGE: Final = 200  # cells left alone inside one block


def put_values(
    edits: Edits,
    grid: Grid,
    placed: Placed,
    rows: Sequence[int],
    texts: Sequence[str] | pl.Series,
    colors: Mapping[str, str] | None = None,
) -> int:
    """Write a text beside each row where another stands there, in as few blocks as can be; returns how many cells.

    ``colors`` gives a text its background; a cell whose text changes to one without a colour loses ours.
    """
    if placed.new and rows and rows[-1] - rows[0] + 1 == len(rows):
        return _put_fresh(edits, placed, rows[0], _listed(texts), colors)
    changed = _changed(grid, placed, rows, texts)
    for block in blocks(changed):
        first, last = block[0][0], block[-1][0]
        if last - first + 1 == len(block):
            values: list[tuple[EditValue]] = list(zip([value for _, value in block], strict=True))
        else:
            here = dict(block)
            values = [(here.get(row),) for row in range(first, last + 1)]
        shades: dict[int, str | None] | None = None
        if colors is not None:
            if placed.new:
                shades = {row: shade for row, text in block if isinstance(text, str) and (shade := colors.get(text))}
            else:
                shades = {row: colors.get(value) if isinstance(value, str) else None for row, value in block}
        edits.write(placed.sheet, first, placed.column, values, marker=placed.marker, colors=shades)
    return len(changed)


def _changed(
    grid: Grid, placed: Placed, rows: Sequence[int], texts: Sequence[str] | pl.Series
) -> list[tuple[int, EditValue]]:
    """Rows beside which another text stands, and theirs."""
    from addin.books.edits import CLEAR

    if placed.new:
        return [(row, text) for row, text in zip(rows, _listed(texts), strict=True) if text]
    if not isinstance(texts, Sequence) and (kept := _kept_texts(grid, placed.column, rows)) is not None:
        return [(rows[at], texts[at] or CLEAR) for at in (texts != kept).arg_true().to_list()]
    return [
        (row, text or CLEAR)
        for row, text, there in zip(rows, _listed(texts), grid.column(placed.column, rows), strict=True)
        if text != (there or "")
    ]


def _listed(texts: Sequence[str] | pl.Series) -> Sequence[str]:
    return texts if isinstance(texts, Sequence) else texts.to_list()


def _kept_texts(grid: Grid, column: int, rows: Sequence[int]) -> pl.Series | None:
    """What stands beside rows one under the other as one column of texts, blanks as ''; None where that is not how they
    are kept, or something else than texts stands there.
    """
    if not isinstance(grid.rows, LongRows) or not rows or rows[-1] - rows[0] + 1 != len(rows):
        return None
    taken = grid.rows.column(column - 1 - grid.let_go, rows[0] - 1, rows[-1])
    return taken[str].fill_null("") if taken is not None and taken.keys() == {str} else None


def _put_fresh(edits: Edits, placed: Placed, first: int, texts: Sequence[str], colors: Mapping[str, str] | None) -> int:
    """Texts down a new column from a row on, without looking at each cell of a long one."""
    filled: Sequence[int] = range(len(texts)) if all(texts) else [i for i, text in enumerate(texts) if text]
    for run in blocks_of(filled):
        start, stop = run[0], run[-1] + 1
        part = texts[start:stop]
        values = list(zip(part if stop - start == len(run) else [text or None for text in part], strict=True))
        shades: dict[int, str | None] | None = None
        if colors is not None:
            shades = {row: colors[text] for row, text in enumerate(part, first + start) if text in colors}
        edits.write(placed.sheet, first + start, placed.column, values, marker=placed.marker, colors=shades)
    return len(filled)


def blocks(cells: Sequence[tuple[int, EditValue]]) -> list[Sequence[tuple[int, EditValue]]]:
    """Cells down one column, cut where a long stretch of others lies between.

    >>> blocks([(5, "a"), (7, "b"), (900, "c")])
    [[(5, 'a'), (7, 'b')], [(900, 'c')]]
    """
    at = 0
    out: list[Sequence[tuple[int, EditValue]]] = []
    for run in blocks_of([row for row, _ in cells]):
        out.append(cells[at : at + len(run)])
        at += len(run)
    return out


def blocks_of(rows: Sequence[int]) -> list[Sequence[int]]:
    """Rising numbers, cut where a long stretch lies between two of them."""
    if rows and rows[-1] - rows[0] + 1 == len(rows):
        return [rows]
    cuts = [i for i, step in enumerate(map(sub, rows[1:], rows), 1) if step > _BRIDGE]
    return [rows[i:j] for i, j in pairwise([0, *cuts, len(rows)]) if j > i]
