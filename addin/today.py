"""Today in Korea: the only place that looks at a clock."""

from __future__ import annotations

import datetime as dt

SEOUL = dt.timezone(dt.timedelta(hours=9), "KST")  # no daylight saving; Windows has no zone database


def now() -> dt.datetime:
    """This moment in Seoul."""
    return dt.datetime.now(SEOUL)


def today() -> dt.date:
    """Today in Seoul."""
    return now().date()
