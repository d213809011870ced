"""What Excel's formulas call: xlwings' COM server imports this module (``UDF_MODULES``) and finds ``CRM_<ID>`` in it.

Only functions: nothing here opens a book or keeps hold of Excel, so no Excel is left running behind a closed window.
"""

from __future__ import annotations

from typing import Any

import xlwings as xw
from xlwings.expansion import Expander

from addin.hosts.excel.wrappers import functions_for

#: A range with more rows than this is asked how far its sheet is used, before its cells are fetched.
LONG = 5000


class WithinUsed(Expander):
    """Cuts ``A:A`` to the rows in use: a whole column is a million cells, and nearly all are empty."""

    def expand(self, rng: Any) -> Any:
        """The part of the range that reaches the sheet's last used row (at least one row)."""
        rows, columns = rng.shape
        if rows <= LONG:
            return rng
        last = rng.sheet.used_range.last_cell.row
        return rng.resize(max(1, min(rows, last - rng.row + 1)), columns)


globals().update(functions_for(xw.func, xw.arg, expand=WithinUsed()))
