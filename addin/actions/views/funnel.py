"""The funnel tab: the steps and where the whole is held back, the last 52 weeks, and their chart."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, header_row, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, BAR_GREY, BAR_ORANGE, BLUE, SKY, VERMILION, fit_heights
from addin.books.tab import Bars, Chart, Series, Tab
from addin.crm.constraint import VERDICTS
from addin.crm.message import Message

if TYPE_CHECKING:
    import datetime as dt

    from addin.crm.cohorts import Week
    from addin.crm.constraint import Label, Transition
    from addin.crm.funnel import Funnel, Slowest

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
SURE_FALL: Final = 0.05


def funnel_tab(
    found: Funnel,
    say: Say,
    *,
    as_of: dt.date,
    window: tuple[dt.date, dt.date] | None = None,
    outcome: int = -1,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: the one sentence, the time constraint beside it, the steps, the chart, the weeks (oldest first).

    The chart draws the first step, the ``outcome`` step (an index; the won one) and the rate between them.
    """
    tab = new_tab("funnel", say, names)
    outcome %= max(len(found.steps), 1)
    notes = [say(note) for note in found.notes]
    if found.undated and found.weeks:
        notes.append(say("view.funnel.undated", n=found.undated))
    row = title(tab, say("view.funnel.title"), (spoken_window(say, as_of, window), *notes))
    wide = max(len(COLUMNS), len(found.steps) + 5 if found.weeks else 0)
    merged(tab, (row, 1, row, wide), say(found.constraint.why), "sentence")
    merged(tab, (row + 1, 1, row + 1, wide), slowest_text(say, found.slowest), "aside")
    tab.heights |= {row: 42, row + 1: 22}
    head = row + 3
    header_row(tab, head, COLUMNS, LABELS, say)
    tab.heights[head] = 34
    for i, name in enumerate(COLUMNS, 1):
        if name in NOTES:
            tab.notes[head, i] = say(NOTES[name])
    row = _steps(tab, head + 1, found, say)
    for column in range(len(COLUMNS) + 1, wide + 1):
        tab.widths[column] = 14
    tab.widths[wide] = 42
    if found.weeks:
        row = _weeks(tab, row + _CHART_ROWS + 2, found, say, outcome)
        tab.charts.append(_chart(tab, row - len(found.weeks), row - 1, found, say, outcome))
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


def _steps(tab: Tab, row: int, found: Funnel, say: Say) -> int:
    first = row
    chosen = found.constraint.index
    for i, step in enumerate(found.steps):
        tab.heights[row] = 21
        tab.put(row, 1, spoken(say, step.label), "strong")
        tab.put(row, 2, step.count, "number")
        if i == 0:
            for column in range(3, len(COLUMNS) + 1):
                tab.put(row, column, None, "cell")
        else:
            held = found.constraint.verdict if i - 1 == chosen else ""
            _transition(tab, row, found.transitions[i - 1], held, say)
        row += 1
    last = row - 1
    tab.bars.append(Bars((first, 2, last, 2), BAR_BLUE, 0, found.steps[0].count or None))
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


def _weeks(tab: Tab, row: int, found: Funnel, say: Say, outcome: int) -> int:
    steps = len(found.steps)
    row = section(tab, row, 1, max(len(COLUMNS), steps + 5), say("view.funnel.weeks", n=len(found.weeks)))
    heads = (
        say("view.funnel.h.week"),
        *(spoken(say, step.label) for step in found.steps),
        say(
            "view.funnel.h.through",
            start=spoken(say, found.steps[0].label),
            end=spoken(say, found.steps[outcome].label),
        ),
        say("view.funnel.h.constraint"),
        say("view.funnel.h.week_verdict"),
    )
    tab.line(row, 1, heads, "header")
    merged(tab, _change_rect(row, steps), say("view.funnel.h.change"), "header")
    tab.heights[row] = 34
    tab.repeat = (row, row)
    first = row + 1
    for week in found.weeks:
        row += 1
        _week(tab, row, week, steps, say, outcome)
    tab.bars.append(Bars((first, 2, row, 2), BAR_BLUE))
    return row + 1


def _change_rect(row: int, steps: int) -> tuple[int, int, int, int]:
    """The last column of the weeks reaches at least as far as the steps' list above."""
    return row, steps + 5, row, max(steps + 5, len(COLUMNS))


def _week(tab: Tab, row: int, week: Week, steps: int, say: Say, outcome: int) -> None:
    pale = "pale_" if week.open else ""
    held = week.constraint
    verdict = "open" if week.open else held.verdict
    where = week.transitions[held.index].label if held.index is not None and not week.open else None
    loud = "cell.breach" if verdict in ("confirmed", "acquisition") else f"{pale}cell"
    tab.put(row, 1, week.label, f"{pale}cell")
    tab.line(row, 2, week.reached, f"{pale}number")
    tab.put(row, steps + 2, through(week, outcome), f"{pale}percent")
    tab.put(row, steps + 3, say(where) if where else None, f"{pale}cell")
    tab.put(row, steps + 4, say(f"view.verdict.{verdict}"), loud)
    merged(tab, _change_rect(row, steps), _fall(week, say), f"{pale}cell")


def _fall(week: Week, say: Say) -> str | None:
    """The surest fall against the week before, where chance alone makes such a one in fewer than 5 of 100."""
    pairs = zip(week.transitions, week.changes, strict=True)
    falls = [(change.p, change, move) for move, change in pairs if change and change.p < SURE_FALL]
    if not falls or week.open:
        return None
    chance, change, move = min(falls, key=lambda fall: fall[0])
    return say(
        "view.funnel.fall", step=say(move.label), before=change.before, after=change.after, p=f"{ceil(chance * 100)}%"
    )


def through(week: Week, outcome: int) -> float | None:
    """A week's rate from the first step to the outcome; None while it is open, or where nobody came in."""
    came, reached = week.reached[0], week.reached[outcome]
    return None if week.open or not came or reached is None else reached / came


def _chart(tab: Tab, first: int, last: int, found: Funnel, say: Say, outcome: int) -> Chart:
    start, end = (spoken(say, found.steps[i].label) for i in (0, outcome))

    def values(column: int) -> tuple[int, int, int, int]:
        return first, column, last, column

    weeks = found.weeks
    return Chart(
        say("view.funnel.chart.title", n=len(weeks)),
        first - _CHART_ROWS - 2,
        1,
        values(1),
        (
            Series(start, values(2), SKY, "column", shown=tuple(w.reached[0] for w in weeks)),
            Series(end, values(outcome + 2), BLUE, "column", shown=tuple(w.reached[outcome] for w in weeks)),
            Series(
                say("view.funnel.chart.rate", start=start, end=end),
                values(len(found.steps) + 2),
                VERMILION,
                second=True,
                shown=tuple(through(w, outcome) for w in weeks),
            ),
        ),
        width=round(sum(width * 7 + 5 for width in tab.widths.values())),
        height=_CHART_ROWS * 20 - 16,
        sheet=tab.name,
        percent=True,
        labels=tuple(w.label for w in weeks),
    )
