"""The demo's workbook: a messy Korean partner list such as a clerk keeps, written from an invented year.

``make_sample(path)`` writes the same bytes for the same ``as_of`` everywhere.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: The last day of the sample's year.
AS_OF = dt.date(2026, 11, 20)


def make_sample(path: Path, *, as_of: dt.date = AS_OF) -> None:
    """Write the workbook: 11 partners, 1,640 requests over twelve monthly tabs, spend, activities, prices, stock.

    ``as_of`` is the last day that has data. Needs XlsxWriter; takes about two seconds.
    """
    from addin.actions.sample.sheets import write_book
    from addin.actions.sample.story import tell

    write_book(path, tell(as_of))
