"""A range of rows with its header → measures, by the very path of ``danggol kpi``; the last few ranges are remembered.

Thirty ``KPI(…)`` cells over one range read it once: a range is known again by its values (and their types, as
TRUE equals 1 and is no amount), together with the settings, the spellings and the day it was measured by.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import is_
from typing import TYPE_CHECKING, Any

from addin.functions.registry import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.column_memo import ColumnMemo
    from addin.crm.grid import CellValue, Grid, Objects
    from addin.crm.kpi_values import KpiValue
    from addin.crm.mapping import Mapping as BookMapping
    from addin.crm.mapping import TableMatch
    from addin.crm.measures import Measures
    from addin.crm.records import Records
    from addin.crm.settings import Settings
    from addin.functions.registry import Context, Rows

_KEPT = 4
_NO_NUMBERS = frozenset((str, dt.datetime, dt.date, type(None)))
_SHORT = 10_000  # rows of a list whose results are kept: those of longer ones weigh too much


@dataclass(slots=True)
class Measured:
    """Measures of one range, and what a person may call its requests' columns; answers given are kept."""

    measures: Measures
    names: Mapping[str, str]
    _given: dict[tuple[Any, ...], list[KpiValue]] = field(default_factory=dict)

    def compute(
        self,
        ids: Sequence[str] | None,
        *,
        by: str | None = None,
        start: dt.date | None = None,
        end: dt.date | None = None,
        whole: bool = False,
    ) -> list[KpiValue]:
        """`Measures.compute`, once a question."""
        asked = (None if ids is None else tuple(ids), by, start, end, whole)
        if asked not in self._given:
            self._given[asked] = self.measures.compute(ids, by=by, start=start, end=end, whole=whole)
        return self._given[asked]


class _Column:
    """A column's cells as they stood. An array: whatever looks for garbage walks through every cell of a list."""

    def __init__(self, cells: Objects) -> None:
        self.cells = cells
        self._numbers: bool | None = None

    def holds(self, cells: list[CellValue]) -> bool:
        """Whether these are the same cells: equal ones, and numbers of equal types, for TRUE equals 1."""
        own: list[CellValue] = self.cells.tolist()
        if own != cells:
            return False
        if self._numbers is None:
            self._numbers = not _NO_NUMBERS.issuperset(map(type, own))
        return not self._numbers or all(map(is_, own, cells)) or list(map(type, own)) == list(map(type, cells))


def _turned(rows: Rows, width: int) -> Iterable[Objects]:
    """The columns of rows that are equally long: views of one array, which is filled in one walk through them."""
    import numpy as np

    flat = np.fromiter(chain.from_iterable(rows), dtype=object, count=len(rows) * width)
    return flat.reshape(len(rows), width).T


class _Cells:
    """A range's cells as they stood; columns that another range ``before`` held, too, are the very same."""

    def __init__(self, rows: Rows, before: Sequence[_Cells]) -> None:
        import numpy as np

        self._widths = list(map(len, rows))
        width = max(self._widths, default=0)
        if width > min(self._widths, default=0):
            rows = [[*row, *[None] * (width - len(row))] for row in rows]
        alike = [other.columns for other in before if other._widths == self._widths]
        if not alike:
            self.columns: list[_Column] = list(map(_Column, _turned(rows, width)))
            return
        self.columns = []
        for at, cells in enumerate(zip(*rows, strict=True) if width else ()):
            own = list(cells)
            known = (column for column in dict.fromkeys(columns[at] for columns in alike) if column.holds(own))
            self.columns.append(next(known, None) or _Column(np.fromiter(own, dtype=object, count=len(own))))

    def same_as(self, other: _Cells) -> bool:
        """Whether the other range, which this one has been laid beside, holds the same."""
        return self._widths == other._widths and all(map(is_, self.columns, other.columns))


@dataclass(slots=True)
class _Entry:
    """A remembered reading: the range's cells, what it was measured by, and the measures.

    ``handed`` is the very list that was read: a formula over many partners asks with it again and again.
    """

    handed: Rows
    cells: _Cells
    settings: Settings
    aliases: dict[str, str]
    today: dt.date
    found: Measured

    def measured_by(self, settings: Settings, aliases: dict[str, str], today: dt.date) -> bool:
        """Whether it was measured by these."""
        return self.settings is settings and self.today == today and self.aliases == aliases


_remembered: list[_Entry] = []
_columns: list[ColumnMemo] = []
_results: list[Any] = []


def measured(rows: Rows, context: Context) -> Measured:
    """The measures of a range. `Problem` where there is no header row, or no list of ours is recognised in it."""
    settings, today, aliases = context.chosen(), context.day(), dict(context.aliases)
    last = _remembered[0] if _remembered else None
    if last and last.handed is rows and last.measured_by(settings, aliases, today):
        return last.found
    cells = _Cells(rows, [entry.cells for entry in _remembered])
    for place, entry in enumerate(_remembered):
        if entry.measured_by(settings, aliases, today) and cells.same_as(entry.cells):
            _remembered.insert(0, replace(_remembered.pop(place), handed=rows))
            return entry.found
    found = _measured(rows, [column.cells for column in cells.columns], settings, aliases, today)
    _remembered.insert(0, _Entry(rows, cells, settings, aliases, today, found))
    del _remembered[_KEPT:]
    return found


def forget() -> None:
    """Let the remembered ranges go."""
    _remembered.clear()
    _columns.clear()
    _results.clear()


def _memo(match: TableMatch, grids: Mapping[str, Grid]) -> ColumnMemo:
    """The columns of this very list as they were last read: a person changes one cell at a time."""
    from addin.crm.column_memo import ColumnMemo

    found = next((memo for memo in _columns if memo.fits(match, grids)), None) or ColumnMemo()
    _columns[:] = [found, *(memo for memo in _columns if memo is not found)][: 2 * _KEPT]
    return found


def _measured(
    rows: Rows, columns: Sequence[Objects], settings: Settings, aliases: dict[str, str], today: dt.date
) -> Measured:
    from addin.crm.calendar import date_of
    from addin.crm.corrections import AsRequests
    from addin.crm.funnel_steps import StepError
    from addin.crm.grid import Grid
    from addin.crm.headers import propose
    from addin.crm.kept_facts import KeptFacts
    from addin.crm.measures import Measures
    from addin.crm.records import build_records
    from addin.crm.team import column_names, steps_told

    grid = Grid("-", rows, columns=columns)
    mapping = propose([grid])
    if not mapping.tables:
        mapping = propose([grid], corrections=[AsRequests(grid.name)])
    if not mapping.tables:
        raise Problem("fn.error.no_list", value=f"{len(rows)}×{max(map(len, rows), default=0)}")
    known = {"stage": (*settings.won_words, *settings.lost_words)}
    frames: dict[str, pl.DataFrame] = {}
    names: dict[str, str] = {}
    steps: tuple[Any, ...] = ()
    marks: dict[str, object] = {}
    for match in mapping.tables:
        memo = _memo(match, {grid.name: grid})
        records, _ = build_records(
            match, {grid.name: grid}, known=known, extra=match.unmatched, memo=memo, doubted=False
        )  # fmt: skip
        frames[match.table] = records.frame
        if match.table == "requests":
            marks = _marks(records, mapping, aliases)
            names = column_names(match, records)
            try:
                steps = steps_told(settings.steps, records, names, settings)
            except StepError as error:
                raise Problem("error.steps", detail=error.message) from error
    _resolve(frames, aliases)
    kept = KeptFacts(marks, _results)
    measures = Measures(frames, settings, steps=steps, kept=kept)
    if measures.span is None or date_of(measures.span[1]) > today:
        measures = Measures(frames, settings, as_of=today, steps=steps, kept=kept)
    return Measured(measures, names)


def _marks(records: Records, mapping: BookMapping, aliases: Mapping[str, str]) -> dict[str, object]:
    """What stands for the columns of a short list of requests; who a partner is, its list tells, too."""
    from addin.crm.bindings import OWNER_SUFFIX

    if len(records) > _SHORT or any(name.endswith(OWNER_SUFFIX) for name in records.frame.columns):
        return {}
    marks = dict(records.marks)
    if "partner" in marks:
        told = marks["partner"], marks.get("cluster"), dict(aliases)
        marks["partner"] = told if mapping.table("partners") is None else None
    return marks


def _resolve(frames: dict[str, pl.DataFrame], aliases: Mapping[str, str]) -> None:
    """Partners as keys in every table that names them, as `addin.actions.partners` does for a workbook."""
    import polars as pl

    from addin.crm.partners import with_keys

    listed = frames.get("partners")
    empty = pl.DataFrame(schema={"partner": pl.String})
    if listed is not None or "requests" in frames:
        requests, partners = with_keys(frames.get("requests", empty), listed, aliases)
        if "requests" in frames:
            frames["requests"] = requests
        if partners is not None:
            frames["partners"] = partners
    for table in ("spend", "activities"):
        frame = frames.get(table)
        if frame is not None and "partner" in frame.columns:
            keyed, _ = with_keys(frame, listed, aliases)
            frames[table] = keyed.with_columns(partner=pl.col("partner_key")).drop("partner_key")
