"""Dates people give on a command line, and today in Korea."""

from __future__ import annotations

import datetime as dt

from addin.errors import UsageError
from addin.today import SEOUL, now, today

__all__ = ["SEOUL", "now", "parse_day", "today"]


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
