"""What a week's slide shows, as text and numbers: the constraint, its funnel, the weeks before it.

Weekly because a month is slow and a day is noise (seed 004: 52 slides a year).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import date_of, week_bounds, week_label
from addin.crm.constraint import Constraint, diagnose, guess_roles
from addin.crm.flags import FLAGS, SYMBOLS
from addin.crm.message import Message
from addin.crm.stats import xmr
from addin.documents.report.face import Voice, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from addin.crm.cohorts import Week
    from addin.crm.constraint import Step
    from addin.crm.flags import Flag

#: Weeks of history on a slide, the slide's own week the last.
BACK: Final = 12
#: Every id a name is built for here.
IDS: Final = (
    *(
        f"view.verdict.{verdict}"
        for verdict in (
            *("confirmed", "likely", "undecided", "small_sample", "data_check"),
            *("none", "acquisition", "no_data", "open"),
        )
    ),
    *(f"view.flag.{flag}" for flag in FLAGS),
)


@dataclass(frozen=True, slots=True)
class Face:
    """One slide. A week without numbers (not begun, or before the first record) has a title and ``blank`` only.

    ``funnel``: label and count a step, ``worst`` the place of the constraint's end. ``history``: week, first step's
    count, last step's, their share (None while the week is under way). ``flags``: None where they aren't known.
    """

    week: str
    title: str
    blank: str = ""
    headline: str = ""
    why: tuple[str, ...] = ()
    heads: tuple[str, str, str] = ("", "", "")
    funnel: tuple[tuple[str, int], ...] = ()
    worst: int | None = None
    series: tuple[str, str, str] = ("", "", "")
    history: tuple[tuple[str, int, int, float | None], ...] = ()
    flags: str | None = None

    @property
    def key(self) -> str:
        """A short hash of everything but the flags."""
        return _short([getattr(self, field.name) for field in fields(self) if field.name != "flags"])

    @property
    def flags_key(self) -> str:
        """A short hash of the flags."""
        return _short(self.flags)


def _short(value: object) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()[:12]


def iso_weeks(year: int) -> range:
    """The ISO weeks of a year as indexes: 52, or 53 in long years.

    >>> len(iso_weeks(2025)), len(iso_weeks(2026))
    (52, 53)
    """
    import datetime as dt

    from addin.crm.calendar import day_of, week_of_day

    first, after = (week_of_day(day_of(dt.date.fromisocalendar(y, 1, 1))) for y in (year, year + 1))
    return range(first, after)


def faces(
    wanted: Iterable[int], weeks: Sequence[Week], steps: Sequence[Step], as_of: int, lang: str
) -> dict[int, Face]:
    """The slides of the wanted weeks. ``weeks``: cohorts in a row, `BACK` older than the first wanted where known."""
    say = Voice(lang)
    place = {week.week: i for i, week in enumerate(weeks)}
    return {week: _face(week, place.get(week), weeks, steps, as_of, say) for week in wanted}


def flags_line(found: Iterable[Flag], as_of: int, lang: str) -> str:
    """How many partners stand at which flag, worst first.

    >>> flags_line(["ok", "breach", "ok"], 20778, "en")
    'Partners as of 2026-11-21: ● breach 1, ✓ ok 2'
    """
    say = Voice(lang)
    counts = Counter(found)
    told = [f"{SYMBOLS[flag]} {say(f'view.flag.{flag}')} {counts[flag]:,}" for flag in FLAGS if counts[flag]]
    return say("deck.flags", day=date_of(as_of).isoformat(), flags=", ".join(told) or "–")


def _face(week: int, at: int | None, weeks: Sequence[Week], steps: Sequence[Step], as_of: int, say: Voice) -> Face:
    first, last = week_bounds(week)
    label = week_label(week)
    title = say("deck.title", week=label, first=date_of(first).isoformat(), last=date_of(last).isoformat())
    if at is None or first > as_of:
        return Face(label, title, blank=say("deck.future" if first > as_of else "deck.nothing"))
    now, past = weeks[at], weeks[max(at - BACK + 1, 0) : at + 1]
    names = tuple(_label(step.label, say) for step in steps)
    end = _last(steps)
    history = tuple(_point(each, end) for each in past)
    worst = now.constraint.index
    return Face(
        label,
        title,
        headline=_headline(now.constraint, say),
        why=tuple(_why(now, past, steps, history, say)),
        heads=(say("deck.funnel"), say("deck.history", n=BACK), say("deck.rate", start=names[0], end=names[end])),
        funnel=tuple((name, count or 0) for name, count in zip(names, now.reached, strict=True)),
        worst=None if worst is None else worst + 1,
        series=(names[0], names[end], say("deck.share")),
        history=history,
    )


def _label(label: str | Message, say: Voice) -> str:
    return plain(say(label) if isinstance(label, Message) else label, 40)


def _last(steps: Sequence[Step]) -> int:
    """The place of the last step that is not the loop (추천)."""
    guessed = guess_roles([step.label for step in steps])
    loop = (steps[-1].role or guessed[-1]) == "loop"
    return len(steps) - 2 if loop and len(steps) > 2 else len(steps) - 1


def _point(week: Week, end: int) -> tuple[str, int, int, float | None]:
    first, last = week.reached[0] or 0, week.reached[end] or 0
    share = last / first if first and not week.open else None
    return week.label.partition("-")[2], first, last, share


def _headline(found: Constraint, say: Voice) -> str:
    verdict = say(f"view.verdict.{found.verdict}")
    if found.start is not None and found.end is not None:
        move = f"{_label(found.start, say)}→{_label(found.end, say)}"
        return say("deck.constraint", move=move, verdict=verdict)
    return say("deck.no_constraint", verdict=verdict)


def _why(
    now: Week,
    past: Sequence[Week],
    steps: Sequence[Step],
    history: Sequence[tuple[str, int, int, float | None]],
    say: Voice,
) -> list[str]:
    """The week's sentence; where that isn't enough, the complete weeks' together; what stands out."""
    told = [say(now.constraint.why)]
    over = [week for week in past if not week.open]
    unsure = now.open or now.constraint.verdict in ("small_sample", "undecided", "no_data")
    if unsure and len(over) > 1:
        sums = [sum(week.reached[i] or 0 for week in over) for i in range(len(steps))]
        together = diagnose([replace(step, count=count) for step, count in zip(steps, sums, strict=True)]).constraint
        told.append(say("deck.together", n=len(over), first=over[0].label, last=over[-1].label, why=together.why))
    if now.open:
        told.append(say("deck.under_way"))
    shares = [share for _, _, _, share in history if share is not None]
    chart = xmr(shares) if history[-1][3] is not None else None
    if chart and any(signal.index == len(shares) - 1 for signal in chart.signals):
        told.append(say("deck.signal"))
    return told
