"""Signs of a real change in a series of weeks, as against noise: what raises a flag where there is no target.

seed 004: look weekly, where a day is noise. Only the bad side is a sign: a rate out of its limits upwards is good news.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.stats import xmr

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.catalogue_types import Direction, Sign

#: Closed weeks a chart looks at (our assumption).
CHART_WEEKS = 26
_MONTH = 4  # weeks


def chart_signs(weekly: Sequence[float], direction: Direction) -> frozenset[Sign] | None:
    """What the XmR chart says of the last week, its limits drawn from the weeks before; None where they are too few.

    >>> weeks = [.30, .32, .28, .31, .29, .33, .30, .27, .31]
    >>> chart_signs([*weeks, .18], "higher"), chart_signs([*weeks, .44], "higher"), chart_signs(weeks[:6], "higher")
    (frozenset({'xmr_limits'}), frozenset(), None)
    """
    chart = xmr(weekly, base=len(weekly) - 1) if len(weekly) > 1 else None
    if chart is None:
        return None
    bad = weekly[-1] < chart.mean if direction == "higher" else weekly[-1] > chart.mean
    seen = {signal.rule for signal in chart.signals if signal.index == len(weekly) - 1 and bad}
    named: dict[int, Sign] = {1: "xmr_limits", 2: "xmr_run"}
    return frozenset(sign for rule, sign in named.items() if rule in seen)


def falling_signs(changes: Sequence[int]) -> frozenset[Sign]:
    """Whether there was a net loss in the last week, and in each of the last four.

    >>> sorted(falling_signs([3, -1])), sorted(falling_signs([-1, -2, -1, -3])), sorted(falling_signs([-1, 0]))
    (['falling'], ['falling', 'falling_month'], [])
    """
    found: set[Sign] = set()
    if changes and changes[-1] < 0:
        found.add("falling")
        if len(changes) >= _MONTH and all(change < 0 for change in changes[-_MONTH:]):
            found.add("falling_month")
    return frozenset(found)
