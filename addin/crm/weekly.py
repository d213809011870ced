"""The weekly rhythm of a funnel: every week with its constraint and what really changed; a complete week stays put.

A week counts what came in during it, and how far that got (cohorts, as ``funnel --by week`` and the deck count).
Once the week is over and old enough (`addin.crm.cohorts.ripening`), its numbers are closed: what was dated up to the
last Sunday then. Whatever is dated later is said as *late*; a closed number that counts differently today, because
rows were edited, deleted or entered afterwards, is a *correction* beside it and never rewrites it (seed 004: one
slide a week). Where a step has no date of its own, later progress and an edit look alike: such a week closes four
weeks after its end, and growth of such a step is late, not a correction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import date_of, day_of, last_closed_week, week_bounds, week_of_day
from addin.crm.cohorts import Week, changed, under_way
from addin.crm.constraint import MIN_SAMPLE, diagnose
from addin.crm.message import Message
from addin.crm.stats import xmr

if TYPE_CHECKING:
    from addin.crm.constraint import Constraint, Step, Transition
    from addin.crm.funnel import Funnel

#: Days after its end at which a week of a funnel with undated steps is closed (our assumption).
PATIENCE: Final = 28
#: Weeks a week's constraint may look back over until its sample is enough, as every growing window.
BACK: Final = 13

Counts = tuple[int | None, ...]
#: Week → the last day it counts → each week's counts as known then.
Recount = Callable[[Mapping[int, int]], Mapping[int, Counts]]


@dataclass(frozen=True, slots=True)
class ClosedWeek:
    """A week as it was closed: the last day counted, how many reached each step, what held it back.

    ``held`` is the transition's place or None; the verdict is over the last ``span`` weeks.
    """

    on: int
    reached: Counts
    verdict: str
    held: int | None
    span: int = 1


class Correction(NamedTuple):
    """A closed number that counts differently now: week, step's place, the number then and now, the day it was seen."""

    week: int
    step: int
    first: int
    now: int
    seen: int


@dataclass(frozen=True, slots=True)
class History:
    """What the book remembers of its closed weeks: the steps' names, the day it began, the weeks and corrections."""

    steps: tuple[str, ...]
    since: int
    weeks: Mapping[int, ClosedWeek] = field(default_factory=dict)
    corrections: tuple[Correction, ...] = ()


class Sign(NamedTuple):
    """A number outside its usual range, by XmR rule 1, 2 or 3: of a transition, or of what came in (None)."""

    transition: int | None
    rule: int
    low: bool
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Line:
    """One week as it is shown: closed numbers where it is closed, today's otherwise.

    ``on``     the last day counted; None while the week may still change.
    ``late``   how many reached each step since then.
    ``span``   the weeks its constraint looks at.
    """

    week: Week
    on: int | None
    late: tuple[int, ...]
    span: int = 1
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Rhythm:
    """The weeks, oldest first, what was corrected since they were closed, and what to remember."""

    lines: tuple[Line, ...]
    corrections: tuple[Correction, ...]
    history: History


def rolling(as_of: int) -> int:
    """How many weeks to look back over: a year of closed weeks, 52 or 53 as the ISO year has it, and the one under way.

    >>> import datetime as dt
    >>> from addin.crm.calendar import day_of
    >>> rolling(day_of(dt.date(2026, 11, 22))), rolling(day_of(dt.date(2026, 11, 20)))
    (52, 53)
    >>> rolling(day_of(dt.date(2027, 1, 3))), rolling(day_of(dt.date(2027, 11, 21)))
    (53, 53)
    """
    last = last_closed_week(as_of)
    year, number, _ = date_of(week_bounds(last)[0]).isocalendar()
    try:
        before = dt.date.fromisocalendar(year - 1, number, 1)
    except ValueError:  # the year before has no week 53
        before = dt.date.fromisocalendar(year - 1, 52, 1)
    return week_of_day(as_of) - week_of_day(day_of(before))


def rhythm(
    found: Funnel, *, as_of: int, before: History | None = None, recount: Recount | None = None, dated: bool = True
) -> Rhythm:
    """The weeks of a funnel beside what was remembered of them.

    ``recount`` counts weeks as known at a day; without it they count as they stand. ``dated``: every step has a date.
    A history of other steps is no history: it begins anew.
    """
    size, names = len(found.steps), step_names(found.steps)
    last = last_closed_week(as_of)
    sunday = week_bounds(last)[1]
    known = before if before is not None and before.steps == names else History(names, sunday)
    shown = {week.week: week for week in found.weeks}
    if not shown:
        return Rhythm((), (), known)
    end = max(shown)
    start = end - rolling(as_of) + 1
    begin = min([*shown, *(week for week in known.weeks if start <= week <= end)])
    nothing = Week(0, (0,) * size, *_judged(found.steps, (0,) * size), True, (None,) * (size - 1))
    every = [shown.get(number) or replace(nothing, week=number) for number in range(begin, end + 1)]
    ready = [w.week for w in every if w.week not in known.weeks and _complete(w, size, last, sunday, found.ripe, dated)]
    days = {w.week: known.weeks[w.week].on for w in every if w.week in known.weeks} | dict.fromkeys(ready, sunday)
    counted = recount(days) if recount else {w.week: w.reached for w in every if w.week in days}
    corrections: list[Correction] = []
    lines: list[Line] = []
    closed = {week: kept for week, kept in known.weeks.items() if week > end}
    corrections += [fix for fix in known.corrections if fix.week > end]
    for week in every:
        number = week.week
        kept, now = known.weeks.get(number), counted.get(number, week.reached)
        if number not in days:
            lines.append(_line(lines, found.steps, week, None, week.reached, None, week.reached))
            continue
        reached = kept.reached if kept else now
        fixed = _corrections(number, reached, now, known.corrections, as_of, dated)
        corrections += fixed
        wrong = {fix.step for fix in fixed}
        base = tuple(now[i] if i in wrong else reached[i] for i in range(size))
        line = _line(lines, found.steps, week, days[number], reached, kept, base)
        lines.append(line)
        held = line.week.constraint
        closed[number] = kept or ClosedWeek(days[number], now, held.verdict, held.index, line.span)
    history = History(names, known.since, closed, tuple(corrections))
    return Rhythm(_signed(lines), tuple(fix for fix in corrections if fix.week <= end), history)


def as_closed(weeks: Sequence[Week], steps: Sequence[Step], history: History | None) -> tuple[Week, ...]:
    """The weeks with the numbers the book closed them with; those it does not remember as they count today."""
    if history is None or history.steps != step_names(steps):
        return tuple(weeks)
    found: list[Week] = []
    for week in weeks:
        kept = history.weeks.get(week.week)
        if kept is not None and kept.reached != week.reached:
            moves, constraint = _judged(steps, kept.reached)
            week = replace(week, reached=kept.reached, transitions=moves, constraint=constraint, closed=True)
        past = found[-1] if found else None
        changes = tuple(changed(past.transitions[i] if past else None, move) for i, move in enumerate(week.transitions))
        found.append(replace(week, changes=changes))
    return tuple(found)


def step_names(steps: Sequence[Step]) -> tuple[str, ...]:
    """The steps' names, which tell one funnel from another: words as they are, ours by their id."""
    return tuple(step.label.id if isinstance(step.label, Message) else step.label for step in steps)


def _complete(week: Week, size: int, last: int, sunday: int, ripe: Sequence[float | None], dated: bool) -> bool:
    """Whether a week is over and everything in it has had its time, as of the last Sunday."""
    if week.week > last or under_way(week.week, size, last, sunday, ripe):
        return False
    return dated or sunday - week_bounds(week.week)[1] >= PATIENCE


def _judged(steps: Sequence[Step], counts: Counts) -> tuple[tuple[Transition, ...], Constraint]:
    judged = diagnose([replace(step, count=count) for step, count in zip(steps, counts, strict=True)])
    return judged.transitions, judged.constraint


def _line(
    before: Sequence[Line],
    steps: Sequence[Step],
    week: Week,
    on: int | None,
    reached: Counts,
    kept: ClosedWeek | None,
    base: Counts,
) -> Line:
    """A week with the numbers it is shown with, against the line before it; what came later is over ``base``."""
    late = tuple(max((a or 0) - (b or 0), 0) for a, b in zip(week.reached, base, strict=True))
    if reached != week.reached or (on is not None and week.open):
        moves, constraint = _judged(steps, reached)
        week = replace(week, reached=reached, transitions=moves, constraint=constraint, closed=True)
    span = 1
    if kept is not None:
        span, verdict, held = kept.span, kept.verdict, kept.held
        week = replace(week, constraint=_told(week.constraint, steps, verdict, held))
    elif not week.open:
        span, together = _grown([*(line.week for line in before), week], steps)
        verdict, held = (together or week.constraint).verdict, (together or week.constraint).index
        week = replace(week, constraint=_told(week.constraint, steps, verdict, held))
    past = before[-1].week if before else None
    changes = tuple(changed(past.transitions[i] if past else None, move) for i, move in enumerate(week.transitions))
    return Line(replace(week, changes=changes), on, late, span)


def _told(own: Constraint, steps: Sequence[Step], verdict: str, held: int | None) -> Constraint:
    """The constraint as it is said of a week: what is remembered of it, no more."""
    start, end = (steps[held].label, steps[held + 1].label) if held is not None else (None, None)
    return replace(own, verdict=verdict, index=held, start=start, end=end, co=(), probability=None)


def _grown(weeks: Sequence[Week], steps: Sequence[Step]) -> tuple[int, Constraint | None]:
    """The last weeks together, as few as it takes until every step's input is enough; None where one week is."""
    if len(steps) < 2:
        return 1, None
    total = [0] * len(steps)
    span = 0
    for week in reversed(weeks[-BACK:]):
        if week.open:
            break
        total = [have + (count or 0) for have, count in zip(total, week.reached, strict=True)]
        span += 1
        if min(total[:-1]) >= MIN_SAMPLE:
            break
    return (span, _judged(steps, tuple(total))[1]) if span > 1 else (1, None)


def _corrections(
    week: int, first: Counts, now: Counts, known: Sequence[Correction], as_of: int, dated: bool
) -> list[Correction]:
    found = []
    for step, (then, count) in enumerate(zip(first, now, strict=True)):
        a, b = then or 0, count or 0
        if a == b or (not dated and step and b > a):
            continue
        seen = next((fix.seen for fix in known if fix[:4] == (week, step, a, b)), as_of)
        found.append(Correction(week, step, a, b, seen))
    return found


def _signed(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with what is outside its usual range, looking at complete weeks only; a run is told where it shows."""
    signs: dict[int, list[Sign]] = {}
    told = [i for i, line in enumerate(lines) if line.week.closed]
    came = [float(lines[i].week.reached[0] or 0) for i in told]
    series: list[tuple[int | None, list[int], list[float]]] = [(None, told, came)]
    for move in range(len(lines[0].week.transitions) if lines else 0):
        rates = [(i, line.week.transitions[move].rate) for i, line in enumerate(lines) if not line.week.open]
        known = [(i, rate) for i, rate in rates if rate is not None]
        series.append((move, [i for i, _ in known], [rate for _, rate in known]))
    for transition, places, values in series:
        chart = xmr(values)
        if chart is None:
            continue
        seen: set[tuple[int, int, bool]] = set()
        for signal in chart.signals:
            value = values[signal.index]
            low = value < chart.mean
            seen.add((signal.index, signal.rule, low))
            goes_on = signal.rule > 1 and (signal.index - 1, signal.rule, low) in seen
            full = transition is not None and value >= 1  # all passed: no rate can be usual and higher
            if not goes_on and not full:
                sign = Sign(transition, signal.rule, low, chart.lower, chart.upper)
                signs.setdefault(places[signal.index], []).append(sign)
    return tuple(replace(line, signs=tuple(signs.get(i, ()))) for i, line in enumerate(lines))
