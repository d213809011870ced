"""A funnel from a team's rows or counts: how many reached each step, where the whole is held back, where items wait.

Counting is by `addin.crm.reach`, judging by `addin.crm.constraint`, waiting by `addin.crm.stays`; this module puts them
together, for all rows and for the groups of one column. The yield constraint (where most is lost) and the time
constraint (where items wait longest) stand side by side: on real records they differ.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from addin.crm.calendar import DAY, date_of, month_label, quarter_label, week_label, week_of, week_of_day
from addin.crm.cohorts import Week, ripening, weeks
from addin.crm.constraint import Constraint, Diagnosis, Label, Step, Transition, diagnose
from addin.crm.message import Message, Scalar, msg
from addin.crm.reach import Counting, depth, moment_column, outcome, recorded, satisfied, suspects
from addin.crm.settings import Settings
from addin.crm.stays import Stay, moves, stays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import polars as pl

    from addin.crm.funnel_steps import StepSpec

#: Periods a funnel may be grouped by: its rows' first instant decides.
PERIODS = ("week", "month", "quarter")


class Slowest(NamedTuple):
    """The time constraint: the transition with the longest median stay, in days."""

    start: Label
    end: Label
    median_days: float


@dataclass(frozen=True, slots=True)
class Funnel:
    """A funnel's numbers and verdicts.

    ``on_record``: rows that have each step on record themselves; where it grows, the step after is doubtful.
    ``stays`` stands beside ``diagnosis.transitions`` (None where a step has no date). ``weeks`` are cohorts of the
    first step's ISO week, oldest first, and ``ripe`` how old they must be (see `ripening`). ``undated`` rows have no
    first date and stand in no cohort.
    """

    diagnosis: Diagnosis
    on_record: tuple[int, ...]
    stays: tuple[Stay | None, ...]
    slowest: Slowest | None
    as_of: int | None
    counting: Counting = "any"
    weeks: tuple[Week, ...] = ()
    undated: int = 0
    ripe: tuple[float | None, ...] = ()
    notes: tuple[Message, ...] = ()

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps with how many reached each."""
        return self.diagnosis.steps

    @property
    def transitions(self) -> tuple[Transition, ...]:
        """From step to step."""
        return self.diagnosis.transitions

    @property
    def constraint(self) -> Constraint:
        """The step that holds the whole back."""
        return self.diagnosis.constraint


class Group(NamedTuple):
    """One group of ``--by``: its value (None = the cell is empty) and its funnel."""

    value: Scalar
    funnel: Funnel


def funnel(
    frame: pl.DataFrame,
    specs: Sequence[StepSpec],
    settings: Settings | None = None,
    *,
    as_of: int | None = None,
    counting: Counting = "any",
    cut: bool = False,
    cohorts: int = 52,
) -> Funnel:
    """The funnel of all rows.

    ``frame``: a records frame (docs/architecture.md), beside its fields a team's own columns where steps name them.
    ``as_of``: the day up to which open items have waited; by default the last day any step tells. With ``cut``, what
    is dated later has not happened. ``cohorts``: weeks of history, 0 for none.

    >>> import polars as pl
    >>> from addin.crm.funnel_steps import parse_steps
    >>> rows = pl.DataFrame({"phone": ["1", "2", "3", None], "state": ["won", "lost", None, "won"]})
    >>> steps = parse_steps(["전체=all", "연락=phone", "수주=state=Won"], {"phone": "phone", "state": "state"})
    >>> [step.count for step in funnel(rows, steps).steps]
    [4, 4, 2]
    """
    settings = settings or Settings()
    counted = _counted(frame, specs, settings, as_of, counting, cut)
    ripe = ripening(counted.frame, [moment_column(counted.frame, spec) for spec in specs]) if cohorts else ()
    return replace(
        counted.funnel(0, counted.rows),
        weeks=_cohorts(counted, cohorts, ripe) if cohorts else (),
        undated=counted.undated,
        ripe=ripe,
    )


def funnel_by(
    frame: pl.DataFrame,
    specs: Sequence[StepSpec],
    by: str,
    settings: Settings | None = None,
    *,
    as_of: int | None = None,
    counting: Counting = "any",
    cut: bool = False,
) -> tuple[Group, ...]:
    """A funnel for each value of a column, the largest group first; ``week``, ``month``, ``quarter`` in time order."""
    import polars as pl

    settings = settings or Settings()
    column, labels = _grouping(frame, specs, by)
    values = column.unique(maintain_order=True)
    codes = pl.DataFrame({"_by": values}).with_row_index("_group").with_columns(pl.col("_group").cast(pl.Int64))
    grouped = frame.with_columns(_by=column).join(codes, on="_by", how="left", nulls_equal=True, maintain_order="left")
    counted = _counted(grouped, specs, settings, as_of, counting, cut)
    sizes = dict(counted.frame.group_by("_group").len().iter_rows())
    order = sorted(sizes, key=lambda group: (-sizes[group], group))
    if by in PERIODS and by not in frame.columns:
        order = sorted(sizes, key=lambda group: (values[group] is None, values[group]))
    return tuple(Group(labels(values[group]), counted.funnel(group, sizes[group])) for group in order)


# -- counting ----------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Counted:
    """A frame with ``_depth``, ``_group`` and ``_lost``, and what its groups share."""

    frame: pl.DataFrame
    specs: Sequence[StepSpec]
    settings: Settings
    as_of: int | None
    counting: Counting
    depths: dict[int, list[int]]
    on_record: dict[int, list[int]]
    stays: dict[tuple[int, int], Stay]
    first: str | None
    notes: tuple[Message, ...]

    @property
    def rows(self) -> int:
        """All rows."""
        return self.frame.height

    @property
    def undated(self) -> int:
        """Rows without a first date."""
        return self.frame[self.first].null_count() if self.first else self.rows

    def steps(self, counts: Sequence[int | None]) -> tuple[Step, ...]:
        """The funnel's steps with some counts."""
        return with_targets(
            counts, [spec.label for spec in self.specs], [spec.role for spec in self.specs], self.settings
        )

    def funnel(self, group: int, rows: int) -> Funnel:
        """The funnel of one group."""
        size = len(self.specs)
        on_record = self.on_record.get(group, [0] * size)
        counts = reached(self.depths.get(group, [0] * (size + 1)))
        waits = tuple(self.stays.get((group, i)) for i in range(max(size - 1, 0)))
        judged = diagnose(self.steps(counts), suspects=suspects(on_record))
        timed = tuple(
            replace(move, median_days=stay.median if stay else None)
            for move, stay in zip(judged.transitions, waits, strict=True)
        )
        known = [move for move in timed if move.median_days is not None]
        slow = max(known, key=lambda move: move.median_days or 0.0, default=None)
        return Funnel(
            diagnosis=replace(judged, transitions=timed),
            on_record=tuple(on_record),
            stays=waits,
            slowest=Slowest(slow.start, slow.end, slow.median_days) if slow and slow.median_days is not None else None,
            as_of=self.as_of,
            counting=self.counting,
            notes=self.notes,
        )


def reached(depths: Sequence[int]) -> list[int]:
    """Rows by depth (0 … steps) → how many reached each step.

    >>> reached([1, 5, 3, 2])
    [10, 5, 2]
    """
    counts, total = [], 0
    for rows in reversed(depths[1:]):
        total += rows
        counts.append(total)
    return counts[::-1]


def _counted(
    frame: pl.DataFrame,
    specs: Sequence[StepSpec],
    settings: Settings,
    as_of: int | None,
    counting: Counting,
    cut: bool,
) -> _Counted:
    import polars as pl

    until = (as_of + 1) * DAY if cut and as_of is not None else None
    moments = [moment_column(frame, spec) for spec in specs]
    if as_of is None:
        as_of = _last_day(frame, [column for column in moments if column])
    if "_group" not in frame.columns:
        frame = frame.with_columns(_group=pl.lit(0, dtype=pl.Int64))
    tests = satisfied(frame, specs, settings, until)
    marks = [f"_step{i}" for i in range(len(specs))]
    seen = [f"_seen{i}" for i in range(len(specs))]
    keep = {*filter(None, moments), *(f"{column}__time" for column in moments if column), "completed_at"}
    held = [pl.col(column) for column in sorted(keep & set(frame.columns))]
    lost = outcome(frame, settings)[1]
    marked = frame.select("_group", *held, _lost=lost, **dict(zip(marks, tests, strict=True)))
    mark_columns = [pl.col(mark) for mark in marks]
    on_record = recorded(specs, mark_columns)
    counted = marked.select(
        "_group",
        "_lost",
        *held,
        _depth=depth(mark_columns if counting == "any" else on_record, counting),
        **dict(zip(seen, on_record, strict=True)),
    )
    depths: dict[int, list[int]] = {}
    for group, far, rows in counted.group_by("_group", "_depth").len().iter_rows():
        depths.setdefault(group, [0] * (len(specs) + 1))[far] = rows
    totals = counted.group_by("_group").agg(pl.col(seen).sum())
    timed = moves(frame, specs)
    return _Counted(
        frame=counted,
        specs=specs,
        settings=settings,
        as_of=as_of,
        counting=counting,
        depths=depths,
        on_record={row[0]: list(row[1:]) for row in totals.iter_rows()},
        stays=stays(counted, timed, as_of) if as_of is not None else {},
        first=moments[0] if moments else None,
        notes=_absent_values(frame, specs, marked, marks),
    )


def _absent_values(
    frame: pl.DataFrame, specs: Sequence[StepSpec], marked: pl.DataFrame, marks: Sequence[str]
) -> tuple[Message, ...]:
    """A step no row stands at although values were named: most likely a typo, so say which values there are."""
    notes = []
    for spec, mark in zip(specs, marks, strict=True):
        if spec.values and spec.column and not marked[mark].any():
            some = frame[spec.column].drop_nulls().value_counts(sort=True).head(5)[spec.column]
            there = ", ".join(str(value) for value in some)
            notes.append(msg("funnel.note.absent", step=spec.label, values="|".join(spec.values), there=there))
    return tuple(notes)


def _last_day(frame: pl.DataFrame, columns: Sequence[str]) -> int | None:
    days = [frame[column].max() for column in columns]
    known = [day for day in days if isinstance(day, int)]
    return max(known) // DAY if known else None


def with_targets(
    counts: Sequence[int | None], labels: Sequence[Label], roles: Sequence[str | None], settings: Settings
) -> tuple[Step, ...]:
    """Steps with the targets the team set for the way into each (a target in the settings is always a person's)."""
    found = []
    for i, (label, count) in enumerate(zip(labels, counts, strict=True)):
        before = labels[i - 1] if i else None
        named = isinstance(before, str) and isinstance(label, str)
        target = settings.step_target(str(before), str(label)) if named else None
        share = float(target) if target is not None else None
        found.append(Step(label, count, share, target_by_person=share is not None, role=roles[i]))
    return tuple(found)


# -- groups and weeks --------------------------------------------------------------------------------------------------


def _grouping(frame: pl.DataFrame, specs: Sequence[StepSpec], by: str) -> tuple[pl.Series, Callable[[Any], Scalar]]:
    """The column to group by, and how its values read."""
    import polars as pl

    if by in frame.columns:
        if f"{by}__time" in frame.columns:
            return frame[by] // DAY, lambda day: None if day is None else date_of(day).isoformat()
        return frame[by], lambda value: value
    first = moment_column(frame, specs[0]) if specs else None
    if by not in PERIODS or first is None:
        raise KeyError(by)
    if by == "week":
        return week_of(frame[first]), lambda week: None if week is None else week_label(week)
    date = pl.from_epoch((frame[first] // DAY).cast(pl.Int32), time_unit="d")
    month = date.dt.year().cast(pl.Int64) * 12 + date.dt.month().cast(pl.Int64) - 1
    if by == "month":
        return month, lambda value: None if value is None else month_label(value)
    return month // 3, lambda value: None if value is None else quarter_label(value)


def _cohorts(counted: _Counted, limit: int, ripe: Sequence[float | None]) -> tuple[Week, ...]:
    """Cohorts by the ISO week of the first step, up to the week of ``as_of``."""
    import polars as pl

    if counted.first is None or counted.as_of is None:
        return ()
    last = week_of_day(counted.as_of)
    week = week_of(pl.col(counted.first))
    sizes = (
        counted.frame.lazy()
        .select("_depth", week=week)
        .filter(pl.col("week") <= last)
        .group_by("week", "_depth")
        .len()
        .collect()
    )
    by_week: dict[int, list[int]] = {}
    for number, far, rows in sizes.iter_rows():
        by_week.setdefault(number, [0] * (len(counted.specs) + 1))[far] = rows
    return weeks(
        {number: tuple(reached(depths)) for number, depths in by_week.items()},
        counted.steps([None] * len(counted.specs)),
        last=last,
        limit=limit,
        as_of=counted.as_of,
        ripe=ripe,
    )
