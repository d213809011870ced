"""The funnel tab: the steps and where the whole is held back, the last 52 weeks, and their chart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, header_row, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, BAR_GREY, BAR_ORANGE, BLUE, SKY, VERMILION, fit_heights
from addin.books.tab import Bars, Chart, Series, Tab
from addin.crm.constraint import VERDICTS
from addin.crm.message import Message

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.crm.constraint import Diagnosis, Label, Transition

COLUMNS: Final = {
    "step": 20,
    "reached": 12,
    "rate": 13,
    "ci": 14,
    "lost": 10,
    "target": 10,
    "lift": 12,
    "worst": 13,
    "days": 12,
    "verdict": 26,
}
LABELS: Final = {name: f"view.funnel.h.{name}" for name in COLUMNS}
NOTES: Final = {
    name: f"view.funnel.note.{name}" for name in ("reached", "rate", "ci", "target", "lift", "worst", "days")
}
VERDICT_IDS: Final = tuple(f"view.verdict.{verdict}" for verdict in (*VERDICTS, "open"))
#: How loudly a verdict is said: a flag of `addin.books.look`.
VERDICT_FLAG: Final = {
    "confirmed": "breach",
    "likely": "warn",
    "undecided": "warn",
    "data_check": "warn",
    "acquisition": "breach",
    "none": "ok",
    "small_sample": "small_sample",
    "no_data": "no_data",
    "open": "small_sample",
}
_CHART_ROWS = 17


@dataclass(frozen=True, slots=True)
class WeekLine:
    """One ISO week of the funnel: how many of its cohort reached each step, and that week's constraint.

    ``rate`` is outcome step ÷ first; None while the cohort is ``open`` or empty.
    """

    label: str
    reached: tuple[int | None, ...]
    rate: float | None = None
    constraint: Message | None = None
    verdict: str = "no_data"
    open: bool = False


@dataclass(frozen=True, slots=True)
class Slowest:
    """The time constraint: where items wait longest, median days (open items censored)."""

    start: Label
    end: Label
    median_days: float


def funnel_tab(
    diagnosis: Diagnosis,
    weeks: Sequence[WeekLine],
    say: Say,
    *,
    as_of: dt.date,
    window: tuple[dt.date, dt.date] | None = None,
    slowest: Slowest | None = None,
    outcome: int = -1,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab. Weeks come oldest first.

    The chart draws the first step, the ``outcome`` step (an index; the won one) and the rate between them.
    """
    outcome %= max(len(diagnosis.steps), 1)
    tab = new_tab("funnel", say, names)
    wide = max(len(COLUMNS), len(diagnosis.steps) + 4)
    head = title(tab, say("view.funnel.title"), (spoken_window(say, as_of, window),)) + 3
    merged(tab, (head - 3, 1, head - 3, len(COLUMNS)), say(diagnosis.constraint.why), "sentence")
    merged(tab, (head - 2, 1, head - 2, len(COLUMNS)), slowest_text(say, slowest), "aside")
    tab.heights[head - 3], tab.heights[head - 2] = 42, 22
    header_row(tab, head, COLUMNS, LABELS, say)
    tab.heights[head] = 34
    for i, name in enumerate(COLUMNS, 1):
        if name in NOTES:
            tab.notes[head, i] = say(NOTES[name])
    row = _steps(tab, head + 1, diagnosis, say)
    if weeks:
        row = _weeks(tab, row + _CHART_ROWS + 2, diagnosis, weeks, say)
        tab.charts.append(_chart(tab, row - len(weeks), row - 1, diagnosis, weeks, say, outcome))
    for column in range(len(COLUMNS) + 1, wide + 1):
        tab.widths[column] = 14
    tab.freeze = (2, 2)
    fit_heights(tab, head)
    return tab


def spoken_window(say: Say, as_of: dt.date, window: tuple[dt.date, dt.date] | None) -> str:
    """As of when, over which days."""
    if window is None:
        return say("view.as_of", day=as_of.isoformat())
    return say("view.as_of_window", day=as_of.isoformat(), start=window[0].isoformat(), end=window[1].isoformat())


def slowest_text(say: Say, slowest: Slowest | None) -> str:
    """The time constraint in one sentence."""
    if slowest is None:
        return say("view.funnel.no_slowest")
    return say(
        "view.funnel.slowest",
        start=spoken(say, slowest.start),
        end=spoken(say, slowest.end),
        days=round(slowest.median_days, 1),
    )


def spoken(say: Say, label: Label) -> str:
    """A step's name: the team's own word as it is, ours from the catalogue."""
    return say(label) if isinstance(label, Message) else label


def _steps(tab: Tab, row: int, diagnosis: Diagnosis, say: Say) -> int:
    first = row
    chosen = diagnosis.constraint.index
    for i, step in enumerate(diagnosis.steps):
        tab.heights[row] = 21
        tab.put(row, 1, spoken(say, step.label), "strong")
        tab.put(row, 2, step.count, "number")
        if i == 0:
            for column in range(3, len(COLUMNS) + 1):
                tab.put(row, column, None, "cell")
        else:
            held = diagnosis.constraint.verdict if i - 1 == chosen else ""
            _transition(tab, row, diagnosis.transitions[i - 1], held, say)
        row += 1
    last = row - 1
    tab.bars.append(Bars((first, 2, last, 2), BAR_BLUE, 0, diagnosis.steps[0].count or None))
    if last > first:
        tab.bars.append(Bars((first + 1, 3, last, 3), BAR_GREY, 0, 1))
        tab.bars.append(Bars((first + 1, 8, last, 8), BAR_ORANGE, 0, 1))
    return row


def _transition(tab: Tab, row: int, move: Transition, verdict: str, say: Say) -> None:
    lift = move.lift
    interval = f"{move.ci95[0]:.0%} – {move.ci95[1]:.0%}" if move.ci95 else None
    tab.put(row, 3, move.rate, "percent")
    tab.put(row, 4, interval, "center")
    tab.put(row, 5, move.lost, "number")
    tab.put(row, 6, move.target, "share")
    tab.put(row, 7, None if lift is None else "∞" if lift == float("inf") else 1 + lift, "times")
    tab.put(row, 8, move.p_worst, "share")
    tab.put(row, 9, move.median_days, "decimal1")
    if verdict:
        flag = VERDICT_FLAG[verdict]
        tab.put(row, 10, say("view.funnel.here", verdict=say(f"view.verdict.{verdict}")), f"wrap.{flag}")
        tab.styles[row, 1], tab.styles[row, 3] = f"cell.{flag}", f"percent.{flag}"
    elif move.status == "ok":
        tab.put(row, 10, None, "cell")
    else:
        tab.put(row, 10, say(f"view.move.{move.status}"), "pale_cell")


#: What stands beside a transition that cannot be judged like the rest.
MOVE_IDS: Final = tuple(f"view.move.{s}" for s in ("small_sample", "no_input", "non_monotone", "missing", "open"))


def _weeks(tab: Tab, row: int, diagnosis: Diagnosis, weeks: Sequence[WeekLine], say: Say) -> int:
    steps = len(diagnosis.steps)
    row = section(tab, row, 1, max(len(COLUMNS), steps + 4), say("view.funnel.weeks", n=len(weeks)))
    heads = (
        say("view.funnel.h.week"),
        *(spoken(say, step.label) for step in diagnosis.steps),
        say("view.funnel.h.through"),
        say("view.funnel.h.constraint"),
        say("view.funnel.h.week_verdict"),
    )
    tab.line(row, 1, heads, "header")
    tab.heights[row] = 24
    for line in weeks:
        row += 1
        pale = "pale_" if line.open else ""
        verdict = "open" if line.open else line.verdict
        loud = "cell.breach" if verdict in ("confirmed", "acquisition") else f"{pale}cell"
        tab.put(row, 1, line.label, f"{pale}cell")
        tab.line(row, 2, line.reached, f"{pale}number")
        tab.put(row, steps + 2, line.rate, f"{pale}percent")
        tab.put(row, steps + 3, say(line.constraint) if line.constraint else None, f"{pale}cell")
        tab.put(row, steps + 4, say(f"view.verdict.{verdict}"), loud)
    tab.bars.append(Bars((row - len(weeks) + 1, 2, row, 2), BAR_BLUE))
    return row + 1


def _chart(
    tab: Tab, first: int, last: int, diagnosis: Diagnosis, weeks: Sequence[WeekLine], say: Say, outcome: int
) -> Chart:
    start, end = (spoken(say, diagnosis.steps[i].label) for i in (0, outcome))
    into = say("view.funnel.chart.rate", start=start, end=end)

    def values(column: int) -> tuple[int, int, int, int]:
        return first, column, last, column

    return Chart(
        say("view.funnel.chart.title", n=len(weeks)),
        first - _CHART_ROWS - 2,
        1,
        values(1),
        (
            Series(start, values(2), SKY, "column", shown=tuple(w.reached[0] for w in weeks)),
            Series(end, values(outcome + 2), BLUE, "column", shown=tuple(w.reached[outcome] for w in weeks)),
            Series(into, values(len(diagnosis.steps) + 2), VERMILION, second=True, shown=tuple(w.rate for w in weeks)),
        ),
        width=round(sum(width * 7 + 5 for width in COLUMNS.values())),
        height=_CHART_ROWS * 20 - 16,
        sheet=tab.name,
        percent=True,
        labels=tuple(w.label for w in weeks),
    )
