"""Dates people give on a command line, and today in Korea: the only place that looks at a clock."""

from __future__ import annotations

import datetime as dt

from addin.errors import UsageError

SEOUL = dt.timezone(dt.timedelta(hours=9), "KST")  # no daylight saving; Windows has no zone database


def now() -> dt.datetime:
    """This moment in Seoul."""
    return dt.datetime.now(SEOUL)


def today() -> dt.date:
    """Today in Seoul."""
    return now().date()


def parse_day(text: str | None, option: str) -> dt.date | None:
    """A day as ``2026-11-20`` (also 2026.11.20, 2026/11/20, 20261120). `UsageError` where it is no date.

    >>> parse_day("2026.11.20", "--as-of")
    datetime.date(2026, 11, 20)
    """
    if text is None:
        return None
    parts = text.strip().replace(".", "-").replace("/", "-")
    try:
        return dt.date.fromisoformat(parts)
    except ValueError:
        raise UsageError("error.bad_day", where=option, value=text) from None
