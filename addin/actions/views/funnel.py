"""The funnel tab: the steps and where the whole is held back; below them the year's weeks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.funnel_weeks import columns_of, draw_weeks
from addin.actions.views.parts import Say, header_row, merged, new_tab, title
from addin.books.look import BAR_BLUE, BAR_GREY, BAR_ORANGE, fit_heights
from addin.books.tab import Bars, Tab
from addin.crm.calendar import day_of
from addin.crm.constraint import VERDICTS
from addin.crm.message import Message
from addin.crm.weekly import rhythm

if TYPE_CHECKING:
    import datetime as dt

    from addin.crm.constraint import Label, Transition
    from addin.crm.funnel import Funnel, Slowest
    from addin.crm.weekly import Rhythm

COLUMNS: Final = {
    "step": 17,
    "reached": 10,
    "rate": 11,
    "ci": 12,
    "lost": 8,
    "target": 8,
    "lift": 11,
    "worst": 11,
    "days": 10,
    "verdict": 16,
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


def funnel_tab(
    found: Funnel,
    say: Say,
    *,
    as_of: dt.date,
    window: tuple[dt.date, dt.date] | None = None,
    outcome: int = -1,
    told: Rhythm | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: the one sentence, the time constraint beside it, the steps, the chart, the weeks (oldest first).

    The chart draws the first step, the ``outcome`` step (an index; the won one) and the rate between them. ``told``:
    the weeks with what the book remembers of them; without it they are as they count today.
    """
    tab = new_tab("funnel", say, names)
    outcome %= max(len(found.steps), 1)
    notes = [say(note) for note in found.notes]
    if found.undated and found.weeks:
        notes.append(say("view.funnel.undated", n=found.undated))
    row = title(tab, say("view.funnel.title"), (spoken_window(say, as_of, window), *notes))
    told = told or rhythm(found, as_of=day_of(as_of))
    wide = max(len(COLUMNS), columns_of(len(found.steps))["change"] if told.lines else 0)
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
    if told.lines:
        draw_weeks(tab, row + 2, told, [spoken(say, step.label) for step in found.steps], say, outcome)
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
