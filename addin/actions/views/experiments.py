"""The tab of experiments: which step each attacks, before and after with its uncertainty, and what is suggested.

The team's own list keeps every word a person wrote; this tab only leads to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.views.parts import Say, clip, merged, new_tab, title
from addin.books.look import BAR_BLUE, BAR_GREY, fit_heights
from addin.books.tab import Bars, Link, Tab
from addin.crm.calendar import date_of
from addin.crm.experiments import STEPS, SUGGESTIONS
from addin.crm.grid import cell_address
from addin.crm.message import Message, msg

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.crm.before_after import Window
    from addin.crm.experiments import Trial

SHOWN: Final = 200
_COLUMNS: Final = {
    "number": 10.0, "step": 18.0, "progress": 12.0, "what": 34.0, "span": 24.0, "before": 11.0, "after": 11.0,
    "change": 16.0, "suggestion": 14.0, "why": 60.0, "own": 18.0,
}  # fmt: skip
LABELS: Final = tuple(f"view.experiments.h.{name}" for name in _COLUMNS)
SUGGESTION_IDS: Final = tuple(f"experiment.suggestion.{name}" for name in SUGGESTIONS)
STEP_IDS: Final = tuple(f"experiment.step.{name}" for name in STEPS)
_FLAG: Final = {"double_down": "ok", "drop": "breach", "keep": "warn", "wait": "small_sample", "none": "no_data"}
_MARK: Final = {"done": "●", "now": "◐", "open": "○"}


def experiments_tab(
    trials: Sequence[Trial],
    say: Say,
    *,
    as_of: dt.date,
    constraint: Message | None = None,
    columns: dict[str, int] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab; ``constraint``: the funnel's one sentence; ``columns``: the list's sheet → the column to lead to."""
    tab = new_tab("experiments", say, names)
    last = len(_COLUMNS)
    way = " → ".join(f"{i} {say(id)}" for i, id in enumerate(STEP_IDS, 1))
    under = [say("view.as_of", day=as_of.isoformat()), say("view.experiments.way", way=way)]
    if len(trials) > SHOWN:
        under.append(say("view.experiments.more", n=len(trials) - SHOWN))
    row = title(tab, say("view.experiments.title"), under)
    if constraint is not None:
        merged(tab, (row, 1, row, last), say(constraint), "sentence")
        row += 1
    merged(tab, (row, 1, row, last), say("view.experiments.how"), "aside")
    head = row = row + 2
    for column, (label, width) in enumerate(zip(LABELS, _COLUMNS.values(), strict=True), 1):
        tab.put(head, column, say(label), "header")
        tab.widths[column] = width
    tab.heights[head] = 34
    for trial in trials[:SHOWN]:
        row += 1
        _line(tab, row, trial, say, columns or {})
    if row > head:
        tab.bars.append(Bars((head + 1, 6, row, 6), BAR_GREY, 0, 1))
        tab.bars.append(Bars((head + 1, 7, row, 7), BAR_BLUE, 0, 1))
    tab.freeze = (head + 1, 3)
    tab.repeat = (head, head)
    fit_heights(tab, 3)
    return tab


def beside_funnel(trials: Sequence[Trial], most: int = 3) -> tuple[Message, ...]:
    """A line an experiment for the funnel's tab: those no person has judged yet, the last begun first."""
    lines = []
    open_ones = [t for t in trials if not t.own_verdict and t.transition is not None and not t.of_partners]
    for trial in open_ones[:most]:
        found = trial.compared
        what = msg(f"experiment.suggestion.{trial.suggestion}")
        if found is None or found.before.rate is None or found.after.rate is None:
            lines.append(msg("view.experiments.beside", number=trial.number, step=trial.step, what=what))
        else:
            before, after = 100 * found.before.rate, 100 * found.after.rate
            told = msg(
                "view.experiments.beside_rates",
                number=trial.number,
                step=trial.step,
                before=before,
                after=after,
                what=what,
            )
            lines.append(told)
    return tuple(lines)


def _line(tab: Tab, row: int, trial: Trial, say: Say, columns: dict[str, int]) -> None:
    found = trial.compared
    cell = cell_address(trial.row, columns.get(trial.sheet, 1))
    tab.put(row, 1, Link(trial.number, trial.sheet, cell), "link")
    tab.put(row, 2, trial.step or None, "wrap")
    tab.put(row, 3, "".join(_MARK[state] for state in trial.progress), "center")
    gap = next((i for i, state in enumerate(trial.progress) if state == "now"), None)
    if gap is not None:
        tab.notes[row, 3] = say("view.experiments.next", step=say(STEP_IDS[gap]))
    tab.put(row, 4, clip("\n".join(part for part in (trial.cause, trial.solution) if part)) or None, "small")
    if found is None:
        started = date_of(trial.started).isoformat() if trial.started is not None else ""
        tab.put(row, 5, started or None, "small")
        for column in (6, 7, 8):
            tab.put(row, column, None, "cell")
    else:
        spans = say("view.experiments.spans", before=_days(found.before), after=_days(found.after))
        tab.put(row, 5, spans, "small")
        for column, window in ((6, found.before), (7, found.after)):
            tab.put(row, column, window.rate, "percent")
            tab.notes[row, column] = say("view.experiments.counts", passed=window.passed, entered=window.entered)
        tab.put(row, 8, _change(trial, say), "wrap")
    tab.put(row, 9, say(f"experiment.suggestion.{trial.suggestion}"), f"center.{_FLAG[trial.suggestion]}")
    tab.put(row, 10, " ".join(say(message) for message in (trial.why, *trial.notes)), "wrap")
    tab.put(row, 11, _own(trial, say) or None, "small")


def _days(window: Window) -> str:
    return f"{date_of(window.first):%y-%m-%d} – {date_of(window.last):%y-%m-%d}"


def _change(trial: Trial, say: Say) -> str | None:
    found = trial.compared
    if found is None or found.change is None or found.ci95 is None:
        return None
    low, high = found.ci95
    return say("view.experiments.change", change=100 * found.change, low=100 * low, high=100 * high)


def _own(trial: Trial, say: Say) -> str:
    """What the person wrote: before → after, verdict."""
    rates = [f"{own:.0%}" if own is not None else "–" for own in (trial.own_before, trial.own_after)]
    told = " → ".join(rates) if rates != ["–", "–"] else ""
    verdict = say("view.experiments.own", verdict=clip(trial.own_verdict, 30)) if trial.own_verdict else ""
    return "\n".join(part for part in (told, verdict) if part)
