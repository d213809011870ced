"""xlwings Lite (Python inside Excel's task pane, Pyodide): the same functions, registered with its own decorators.

In the workbook's ``main.py``, once danggol stands in its ``requirements.txt``::

    import xlwings
    from addin.hosts.lite import functions

    globals().update(functions(xlwings))

Nothing heavy is needed to import it; a function whose package is missing there says which one in its cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


def functions(xlwings: Any) -> dict[str, Callable[..., Any]]:
    """Every function by its formula name (``CRM_HHI``), decorated by the ``func`` and ``arg`` of this ``xlwings``."""
    from addin.hosts.excel.wrappers import functions_for

    return functions_for(xlwings.func, xlwings.arg)
