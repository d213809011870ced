"""Today in Korea: the only place that looks at a clock."""

from __future__ import annotations

import datetime as dt
import os

SEOUL = dt.timezone(dt.timedelta(hours=9), "KST")  # no daylight saving; Windows has no zone database
SHIFT = "DANGGOL_CLOCK_SHIFT"


def now() -> dt.datetime:
    """This moment in Seoul; ``DANGGOL_CLOCK_SHIFT`` sets danggol's clock that many seconds on, or back (-86400).

    Tests run at one moment whatever day it is, and an engineer sees what tomorrow's refresh will say; every process
    started from there agrees, and time goes on, so that runs keep their order.
    """
    return dt.datetime.now(SEOUL) + dt.timedelta(seconds=float(os.environ.get(SHIFT) or 0))


def today() -> dt.date:
    """Today in Seoul."""
    return now().date()
