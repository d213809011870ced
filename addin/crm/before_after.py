"""Before and after a change: two windows of one length, the difference with its uncertainty, and what to do about it.

seed 004 breaks a constraint by identify → root cause → solution → test → double down. The test here is two rates: those
who entered the step in whole weeks just before the change, and as many days from the change on, each given the same
number of days to get through (`addin.crm.experiments`).
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from addin.crm.stats import Z95, compare, wilson

WEEK: Final = 7
#: Weeks at most on either side: the house's growing window; beyond it seasons are compared, not the change.
LONGEST: Final = 13
ALPHA: Final = 0.05
_POWER: Final = 0.841621  # 80 %
VERDICTS: Final = ("double_down", "drop", "keep")


class Window(NamedTuple):
    """Days (both included, day indexes), how many entered the step then, and how many of them passed it."""

    first: int
    last: int
    entered: int = 0
    passed: int = 0

    @property
    def days(self) -> int:
        """Its length."""
        return self.last - self.first + 1

    @property
    def rate(self) -> float | None:
        """Passed ÷ entered; None where nobody entered."""
        return self.passed / self.entered if self.entered else None


class Comparison(NamedTuple):
    """Two windows side by side.

    ``change``  rate after − rate before, ``ci95`` its 95 % interval (Newcombe, from both Wilson intervals).
    ``p``       two-sided: how easily chance alone makes so large a difference; ``test``: ``z`` or ``fisher``.
    ``needed``  items more on the smaller side to see a change of ``worth``; None where there are enough.
    ``verdict`` one of `VERDICTS`, ``reason`` why: ``better``, ``worse``, ``flat`` (no gain worth it), ``unsure``,
    ``empty``.
    """

    before: Window
    after: Window
    worth: float
    verdict: str
    reason: str
    change: float | None = None
    ci95: tuple[float, float] | None = None
    p: float | None = None
    test: str = ""
    needed: int | None = None

    @property
    def weeks_needed(self) -> int | None:
        """Weeks until then at the pace since the change."""
        if self.needed is None or not self.after.entered:
            return None
        return math.ceil(self.needed / (self.after.entered / self.after.days * WEEK))


def windows(start: int, end: int | None, until: int, first_day: int) -> tuple[Window, Window] | None:
    """The days before and from ``start`` on that are compared; None where it is too early, or nothing was before.

    Whole weeks counted from the start, so both sides have the same weekdays; a change that lasted less than a week has
    its own few days. ``until``: the last day that has had its time; ``first_day``: the first that has data.

    >>> [(w.first, w.last) for w in windows(100, None, 124, 0)], windows(100, None, 105, 0)
    ([(79, 99), (100, 120)], None)
    >>> [(w.first, w.last) for w in windows(100, 102, 124, 0)]
    [(97, 99), (100, 102)]
    """
    last = until if end is None else min(end, until)
    days = min(last - start + 1, start - first_day, LONGEST * WEEK)
    short = end is not None and end <= until and end - start + 1 < WEEK
    days = days if short else days // WEEK * WEEK
    if days < 1:
        return None
    return Window(start - days, start - 1), Window(start, start + days - 1)


def judge(before: Window, after: Window, worth: float = 0.1) -> Comparison:
    """Compare two windows. ``worth``: the smallest gain that is worth the effort, as a share.

    Double down where the rate rose and chance makes that in fewer than 5 of 100 cases; drop where it fell likewise, or
    where the interval ends below ``worth``; else keep testing.

    >>> found = judge(Window(0, 27, 100, 30), Window(28, 55, 100, 48))
    >>> found.verdict, round(found.change, 2), [round(end, 2) for end in found.ci95], found.test, round(found.p, 3)
    ('double_down', 0.18, [0.04, 0.31], 'z', 0.009)
    >>> found = judge(Window(0, 6, 10, 3), Window(7, 13, 12, 5))
    >>> found.verdict, found.reason, found.test, found.needed, found.weeks_needed
    ('keep', 'unsure', 'fisher', 346, 29)
    """
    fall = compare(before.passed, before.entered, after.passed, after.entered)
    rise = compare(after.passed, after.entered, before.passed, before.entered)
    if fall is None or rise is None:
        return Comparison(before, after, worth, "keep", "empty")
    change = fall.after - fall.before
    p = min(2 * min(fall.p, rise.p), 1.0)
    low, high = difference(before, after)
    needed = None
    if p <= ALPHA and change:
        verdict, reason = ("double_down", "better") if change > 0 else ("drop", "worse")
    elif high < worth:
        verdict, reason = "drop", "flat"
    else:
        verdict, reason = "keep", "unsure"
        needed = _more(before, after, worth)
    return Comparison(before, after, worth, verdict, reason, change, (low, high), p, fall.test, needed)


def difference(before: Window, after: Window) -> tuple[float, float]:
    """The 95 % interval of rate after − rate before: Newcombe's, which needs no large sample and stays in [−1, 1]."""
    old, new = (wilson(side.passed, side.entered) or (0.0, 1.0) for side in (before, after))
    p, q = before.passed / before.entered, after.passed / after.entered
    return (
        (q - p) - math.sqrt((q - new[0]) ** 2 + (old[1] - p) ** 2),
        (q - p) + math.sqrt((new[1] - q) ** 2 + (p - old[0]) ** 2),
    )


def sample_each(rate: float, other: float) -> int | None:
    """Items each side needs to tell two rates (shares, 0.3 for 30 %) apart; None where they are equal.

    Two-sided 5 %, power 80 %.

    >>> sample_each(0.30, 0.40), sample_each(0.3, 0.3)
    (356, None)
    """
    if rate == other:
        return None
    middle = (rate + other) / 2
    spread = Z95 * math.sqrt(2 * middle * (1 - middle)) + _POWER * math.sqrt(rate * (1 - rate) + other * (1 - other))
    return max(math.ceil((spread / (rate - other)) ** 2), 1)


def _more(before: Window, after: Window, worth: float) -> int | None:
    """Items the smaller side still lacks: for a gain of ``worth``, and where that is reached for the gain there is."""
    old, new = before.passed / before.entered, after.passed / after.entered
    have = min(before.entered, after.entered)
    for other in (min(old + worth, 1.0), new):
        each = sample_each(old, other)
        if each is not None and each > have:
            return each - have
    return None
