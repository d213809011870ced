"""Regular expressions that are compiled when they are first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from collections.abc import Callable


def pattern(text: AnyStr, flags: int = 0) -> Callable[[], re.Pattern[AnyStr]]:
    """A pattern, compiled on its first call: compiling every one of ours takes as long as a small command's own work.

    For what a usual run doesn't meet, or meets rarely; in a long loop, call it once before.

    >>> number = pattern(r"\\d+")
    >>> number().findall("1 or 22"), number() is number()
    (['1', '22'], True)
    """
    return cache(lambda: re.compile(text, flags))
