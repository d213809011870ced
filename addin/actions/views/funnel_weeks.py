"""The weeks of the funnel tab: each week's numbers, where it was held back, what really changed, what was corrected."""

from __future__ import annotations

from itertools import pairwise
from math import ceil
from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, merged, section, step_text
from addin.books.look import BAR_BLUE, BLUE, SKY, VERMILION
from addin.books.tab import Bars, Chart, Series
from addin.crm.calendar import date_of, week_label
from addin.crm.weekly_text import MARK, from_text, to_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.books.tab import Tab
    from addin.crm.grid import Grid
    from addin.crm.weekly import Correction, History, Line, Rhythm, Sign

CHART_ROWS: Final = 17
SURE_FALL: Final = 0.05
#: Corrections shown at most, newest weeks first; the rest are counted.
MOST: Final = 60
#: Signs said of one week at most.
SAID: Final = 2
SIGN_IDS: Final = tuple(f"view.funnel.sign.{rule}.{way}" for rule in (1, 2, 3) for way in ("low", "high"))
#: Columns after the steps and their rates: their widths where the steps' list above sets none.
_AFTER: Final = {"through": 10, "constraint": 14, "verdict": 15, "state": 17, "change": 34}
#: The first column right of the steps' list above: what is hidden stands no further left.
_FREE: Final = 11
_FIXES: Final = ("week", "step", "first", "now", "difference", "seen")
_NOTED: Final = ("verdict", "state", "change")
#: Words with a name put together, so that a test can check the catalogue has them.
WORDS: Final = (*(f"view.funnel.fix.{name}" for name in _FIXES), *(f"view.funnel.note.week_{name}" for name in _NOTED))


def columns_of(steps: int) -> dict[str, int]:
    """Where the columns after the steps stand, for a funnel of so many steps: the rates only where there are several.

    >>> columns_of(3)
    {'rates': 5, 'through': 7, 'constraint': 8, 'verdict': 9, 'state': 10, 'change': 11, 'key': 12}
    >>> columns_of(2)["key"]
    11
    """
    rates = steps - 1 if steps > 2 else 0
    start = steps + 2
    after = {name: start + rates + i for i, name in enumerate(_AFTER)}
    return {"rates": start, **after, "key": max(after["change"] + 1, _FREE)}


def draw_weeks(tab: Tab, row: int, found: Rhythm, labels: Sequence[str], say: Say, outcome: int) -> int:
    """The chart at ``row``, the weeks below it, oldest first, and the corrections; returns the next free row.

    ``labels``: the steps' names; ``outcome``: the step whose share of the first is drawn. What the book remembers of
    its weeks stands in a hidden cell beside their header.
    """
    at = columns_of(len(labels))
    for name, width in _AFTER.items():
        tab.widths[at[name]] = max(tab.widths.get(at[name], 0), width)
    for column in range(1, at["through"]):
        tab.widths.setdefault(column, 10)
    tab.widths[at["key"]] = 0
    chart_at, row = row, row + CHART_ROWS
    since = date_of(found.history.since).isoformat()
    row = section(tab, row, 1, at["change"], say("view.funnel.weeks", n=len(found.lines), since=since))
    _heads(tab, row, at, labels, say, outcome)
    tab.put(row, at["key"], to_text(found.history), "key")
    first = row + 1
    for line in found.lines:
        row += 1
        _week(tab, row, at, line, labels, say, outcome)
    tab.bars.append(Bars((first, 2, row, 2), BAR_BLUE))
    tab.charts.append(_chart(tab, chart_at, (first, row), at, found.lines, labels, say, outcome))
    return _corrections(tab, row + 1, found.corrections, labels, say) if found.corrections else row + 1


def parse_history(grid: Grid) -> History | None:
    """What the tab remembers of its closed weeks, wherever it was moved to; None where there is nothing, or no more."""
    for line in grid.rows:
        for value in line:
            if isinstance(value, str) and value.startswith(MARK):
                return from_text(value)
    return None


def through(line: Line, outcome: int) -> float | None:
    """A week's rate from the first step to the outcome; None while it is open, or where nobody came in."""
    came, reached = line.week.reached[0], line.week.reached[outcome]
    return None if line.week.open or not came or reached is None else reached / came


def _heads(tab: Tab, row: int, at: dict[str, int], labels: Sequence[str], say: Say, outcome: int) -> None:
    tab.line(row, 1, (say("view.funnel.h.week"), *labels), "header")
    if at["through"] > at["rates"]:
        moves = [say("constraint.transition", start=a, end=b) for a, b in pairwise(labels)]
        tab.line(row, at["rates"], [step_text(move) for move in moves], "header")
    tab.put(row, at["through"], step_text(say("view.funnel.h.through", start=labels[0], end=labels[outcome])), "header")
    for name in ("constraint", "verdict", "state", "change"):
        id = "week_verdict" if name == "verdict" else name
        tab.put(row, at[name], say(f"view.funnel.h.{id}"), "header")
    for name in _NOTED:
        tab.notes[row, at[name]] = say(f"view.funnel.note.week_{name}")
    tab.heights[row] = 46
    tab.repeat = (row, row)


def _week(tab: Tab, row: int, at: dict[str, int], line: Line, labels: Sequence[str], say: Say, outcome: int) -> None:
    week, held = line.week, line.week.constraint
    pale = "pale_" if week.open else ""
    low = {sign.transition: sign.low for sign in line.signs}
    tab.put(row, 1, week.label, f"{pale}cell")
    tab.line(row, 2, week.reached, f"{pale}number")
    if None in low and not pale:
        tab.styles[row, 2] = "number.warn" if low[None] else "number.ok"
    if at["through"] > at["rates"]:
        for i, move in enumerate(week.transitions):
            look = "percent" if i not in low else "percent.warn" if low[i] else "percent.ok"
            shown = move.rate if move.status != "open" else None
            tab.put(row, at["rates"] + i, shown, f"{pale}percent" if pale else look)
    tab.put(row, at["through"], through(line, outcome), f"{pale}percent")
    verdict = "open" if week.open else held.verdict
    where = week.transitions[held.index].label if held.index is not None and not week.open else None
    told = say(f"view.verdict.{verdict}")
    if line.span > 1:
        told = say("view.funnel.span", verdict=told, n=line.span)
    tab.put(row, at["constraint"], say(where) if where else None, f"{pale}cell")
    tab.put(row, at["verdict"], told, "wrap" if verdict in ("confirmed", "acquisition") else f"{pale}wrap")
    tab.put(row, at["state"], _state(line, labels, say, outcome), f"{pale}wrap")
    tab.put(row, at["change"], _change(line, labels, say), f"{pale}wrap")


def _state(line: Line, labels: Sequence[str], say: Say, outcome: int) -> str | None:
    """Whether the week's numbers are closed, since when, and what came later."""
    if line.on is None:
        return None if line.week.open else say("view.funnel.not_closed")
    day = date_of(line.on).isoformat()
    if line.late[outcome]:
        return say("view.funnel.closed_late", day=day, step=labels[outcome], n=line.late[outcome])
    return say("view.funnel.closed", day=day)


def _change(line: Line, labels: Sequence[str], say: Say) -> str | None:
    """What is no mere noise: the surest fall against the week before, and numbers outside their usual range."""
    if line.week.open:
        return None
    told = []
    pairs = zip(line.week.transitions, line.week.changes, strict=True)
    falls = [(change.p, change, move) for move, change in pairs if change and change.p < SURE_FALL]
    if falls:
        chance, change, move = min(falls, key=lambda fall: fall[0])
        after, p = change.after, f"{ceil(chance * 100)}%"
        told.append(say("view.funnel.fall", step=say(move.label), before=change.before, after=after, p=p))
    told += [_sign(sign, labels, say) for sign in sorted(line.signs, key=lambda sign: sign.rule)[:SAID]]
    return " · ".join(told) or None


def _sign(sign: Sign, labels: Sequence[str], say: Say) -> str:
    if sign.transition is None:
        what, low, high = labels[0], f"{max(sign.lower, 0):.0f}", f"{sign.upper:.0f}"
    else:
        what = say("constraint.transition", start=labels[sign.transition], end=labels[sign.transition + 1])
        low, high = f"{max(sign.lower, 0):.0%}", f"{min(sign.upper, 1):.0%}"
    way = "low" if sign.low else "high"
    return say(f"view.funnel.sign.{sign.rule}.{way}", what=what, lower=low, upper=high)


def _corrections(tab: Tab, row: int, fixes: Sequence[Correction], labels: Sequence[str], say: Say) -> int:
    """The closed numbers that count differently today, the newest weeks first."""
    row = section(tab, row + 1, 1, 8, say("view.funnel.corrections", n=len(fixes)))
    for column, name in enumerate(_FIXES, 1):
        _span(tab, row, column, say(f"view.funnel.fix.{name}"), "header")
    tab.heights[row] = 24
    shown = sorted(fixes, key=lambda fix: (-fix.week, fix.step))
    for fix in shown[:MOST]:
        row += 1
        difference = f"{fix.now - fix.first:+,}"
        start: tuple[str | int, ...] = (week_label(fix.week), labels[fix.step], fix.first, fix.now)
        values = (*start, difference, date_of(fix.seen).isoformat())
        looks = ("cell", "cell", "number", "number", "center", "center")
        for column, (value, look) in enumerate(zip(values, looks, strict=True), 1):
            _span(tab, row, column, value, look)
    if len(shown) > MOST:
        row += 1
        tab.put(row, 1, say("view.funnel.more_corrections", n=len(shown) - MOST), "subtitle")
    return row + 1


def _span(tab: Tab, row: int, column: int, value: str | int, style: str) -> None:
    """A cell; the last column, which holds a day, is wider."""
    merged(tab, (row, column, row, 8 if column == len(_FIXES) else column), value, style)


def _chart(
    tab: Tab,
    row: int,
    rows: tuple[int, int],
    at: dict[str, int],
    lines: Sequence[Line],
    labels: Sequence[str],
    say: Say,
    outcome: int,
) -> Chart:
    start, end = labels[0], labels[outcome]

    def values(column: int) -> tuple[int, int, int, int]:
        return rows[0], column, rows[1], column

    return Chart(
        say("view.funnel.chart.title", n=len(lines)),
        row,
        1,
        values(1),
        (
            Series(start, values(2), SKY, "column", shown=tuple(line.week.reached[0] for line in lines)),
            Series(end, values(outcome + 2), BLUE, "column", shown=tuple(line.week.reached[outcome] for line in lines)),
            Series(
                say("view.funnel.chart.rate", start=start, end=end),
                values(at["through"]),
                VERMILION,
                second=True,
                shown=tuple(through(line, outcome) for line in lines),
            ),
        ),
        width=round(sum(tab.widths.get(column, 0) * 7 + 5 for column in range(1, at["key"]))),
        height=CHART_ROWS * 20 - 16,
        sheet=tab.name,
        percent=True,
        labels=tuple(line.week.label for line in lines),
    )
