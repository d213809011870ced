"""A kept block that changed, run by run: the rows of runs that are as they were are taken over, the others parsed."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.books.blocks import next_behind
from addin.books.celltable import Stretch, stacked, to_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    import polars as pl

    from addin.books.blocks import Block

#: Rows of a run; a block holds twenty.
RUN: Final = 250
_ROW = re.compile(rb'<row r="(\d{1,7})"')


class Run(NamedTuple):
    """Some rows of a sheet's XML: where it begins and ends, its first row, and its sum."""

    start: int
    end: int
    row: int
    sum: str

    @property
    def number(self) -> int:
        """Which run of the sheet it is, from 0."""
        return (self.row - 1) // RUN


#: By number, how many bytes the runs of a sheet were and their sums.
Known = Mapping[int, tuple[int, str]]


class Seen(NamedTuple):
    """A sheet's XML as it was, and where in it the runs that are known begin, by number."""

    xml: bytes
    starts: Mapping[int, int]

    def at(self, number: int, length: int) -> memoryview | None:
        """A run as it was."""
        start = self.starts.get(number)
        return None if start is None else memoryview(self.xml)[start : start + length]


def runs_in(
    xml: bytes, start: int, end: int, known: Known = MappingProxyType({}), seen: Seen | None = None
) -> list[Run]:
    """The runs between two places of a sheet's XML; rows ``RUN``, 2 × ``RUN`` … end one. One that is ``known`` is as
    long as it was: where it ends need not be looked for; of one that is ``seen`` to be as it was the sum is.

    >>> rows = b'<row r="250"/><row r="251"/>'
    >>> [(run.start, run.row, run.number) for run in runs_in(rows, 0, len(rows))]
    [(0, 250, 0), (14, 251, 1)]
    """
    view, out, at = memoryview(xml), list[Run](), start
    while at < end and (first := _ROW.match(xml, at, end)):
        row = int(first[1])
        number = (row - 1) // RUN
        length, before = known.get(number, (0, ""))
        stop, found = at + length, ""
        if length > 0 and (stop == end or _begins_behind(xml, stop, end, number)):
            was = None if seen is None else seen.at(number, length)
            if was is None:
                found = hashlib.sha256(view[at:stop]).hexdigest()
            elif xml.startswith(was, at):
                found = before
        if not found or found != before:
            stop = next_behind(xml, at, end, number * RUN + RUN)
            stop = end if stop < 0 else stop
            found = hashlib.sha256(view[at:stop]).hexdigest()
        out.append(Run(at, stop, row, found))
        at = stop
    return out


def _begins_behind(xml: bytes, at: int, end: int, number: int) -> bool:
    """Whether a row behind a run begins at a place."""
    found = _ROW.match(xml, at, end) if at < end else None
    return found is not None and (int(found[1]) - 1) // RUN > number


def sum_of(runs: Sequence[Run]) -> str:
    """The sum of a block, told by its runs'."""
    return hashlib.sha256("".join(run.sum for run in runs).encode()).hexdigest()


class Changed(NamedTuple):
    """A block as it is now: its XML, its runs, and what is known of it: the first row and how many rows the block
    before had, these rows (where they stand apart), the numbers of the runs that are as they were.
    """

    xml: bytes
    runs: list[Run]
    first: int
    height: int
    before: pl.DataFrame | None
    known: frozenset[int]

    @classmethod
    def of(
        cls, xml: bytes, runs: list[Run], first: int, before: pl.DataFrame | None, sums: Collection[str], high: int = 0
    ) -> Changed:
        """A block beside the one before, which began with row ``first``, was ``high`` rows high where these don't stand
        apart, and whose runs had these sums.
        """
        height = high if before is None else before.height
        known = frozenset(run.number for run in runs if run.sum in sums) if height else frozenset()
        worth = 2 * len(known) >= len(runs)
        return cls(xml, runs, first, height, before if worth else None, known if worth else frozenset())

    @property
    def fresh(self) -> list[bytes]:
        """The XML to be parsed: of each run that is new, or of all the block."""
        if not self.known:
            return [self.xml]
        begin = self.runs[0].start
        return [self.xml[run.start - begin : run.end - begin] for run in self.runs if run.number not in self.known]

    def stretches(self, parsed: Sequence[Block]) -> list[Stretch] | None:
        """Its rows in order, ``parsed`` being `fresh`; None where a cell can't be kept."""
        blocks = iter(parsed)
        out: list[Stretch] = []
        for run in self.runs if self.known else [None]:
            if run is not None and run.number in self.known:
                low = max(run.number * RUN + 1 - self.first, 0)
                high = min(run.number * RUN + RUN - self.first + 1, self.height)
                out.append(Stretch(self.first + low, high - low, None))
                continue
            block = next(blocks)
            table = to_table(block.rows) if block.rows else None
            if table is not None:
                out.append(Stretch(block.first, table.height, table))
            elif block.rows:
                return None
        return [stretch for stretch in out if stretch.height > 0]

    def table(self, parsed: Sequence[Block]) -> tuple[int, pl.DataFrame | None] | None:
        """The block's first row of cells and its rows, ``parsed`` being `fresh`; None where a cell can't be kept."""
        found = self.stretches(parsed)
        if not found:
            return None if found is None else (1, None)
        parts: list[tuple[int, pl.DataFrame]] = []
        for first, height, own in found:
            before = self.before if own is None else own
            if before is not None:
                parts.append((first, before.slice(first - self.first, height) if own is None else own))
        return parts[0][0], stacked(parts, parts[0][0])
