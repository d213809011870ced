"""What a book remembers of its closed weeks, as one line of text in a cell of ours, and back."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import Any, Final

from addin.crm.calendar import date_of, day_of, week_label, week_of_label
from addin.crm.constraint import VERDICTS
from addin.crm.weekly import ClosedWeek, Correction, History

#: How the text begins, by which it is found wherever people moved it.
MARK: Final = '{"danggol.weeks":'
#: A cell holds no more; a history that would not fit forgets its oldest weeks.
LIMIT: Final = 32_000
_VERSION: Final = 1


def to_text(history: History) -> str:
    """The history as text: weeks and days as people write them, so that it can be read.

    >>> to_text(History(("접수", "수주"), 20_000, {2_900: ClosedWeek(20_300, (9, 4), "likely", 0)}))
    '{"danggol.weeks":1,"steps":["접수","수주"],"since":"2024-10-04","weeks":[["2025-W32","2025-07-31",[9,4],"likely",0,1]],"fixes":{}}'
    """
    text = _written(history)
    while len(text) > LIMIT and history.weeks:
        oldest = min(history.weeks)
        kept = {number: week for number, week in history.weeks.items() if number != oldest}
        fixes = tuple(fix for fix in history.corrections if fix.week != oldest)
        history = replace(history, weeks=kept, corrections=fixes)
        text = _written(history)
    return text


def _written(history: History) -> str:
    fixes: dict[str, list[tuple[int, int, str]]] = {}
    for fix in history.corrections:
        fixes.setdefault(week_label(fix.week), []).append((fix.step, fix.now, _day(fix.seen)))
    told = {
        "danggol.weeks": _VERSION,
        "steps": history.steps,
        "since": _day(history.since),
        "weeks": [
            [week_label(number), _day(week.on), week.reached, week.verdict, week.held, week.span]
            for number, week in sorted(history.weeks.items())
        ],
        "fixes": fixes,
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def from_text(text: str) -> History | None:
    """The history a text holds; None where it is none of ours, or somebody changed it."""
    if not text.startswith(MARK):
        return None
    try:
        told = json.loads(text)
        size = len(told["steps"])
        weeks = dict(_week(line, size) for line in told["weeks"])
        fixes = tuple(
            Correction(_number(label), step, weeks[_number(label)].reached[step] or 0, int(now), _days(seen))
            for label, lines in told["fixes"].items()
            for step, now, seen in lines
        )
        return History(tuple(map(str, told["steps"])), _days(told["since"]), weeks, fixes)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return None


def _week(line: Any, size: int) -> tuple[int, ClosedWeek]:
    label, on, reached, verdict, held, span = line
    whole = all(count is None or type(count) is int for count in reached)
    if len(reached) != size or not whole or verdict not in VERDICTS or type(span) is not int:
        raise ValueError(label)
    if held is not None and not 0 <= held < size - 1:
        raise ValueError(label)
    return _number(label), ClosedWeek(_days(on), tuple(reached), verdict, held, span)


def _number(label: str) -> int:
    week = week_of_label(label)
    if week is None:
        raise ValueError(label)
    return week


def _day(day: int) -> str:
    return date_of(day).isoformat()


def _days(text: str) -> int:
    return day_of(dt.date.fromisoformat(text))
