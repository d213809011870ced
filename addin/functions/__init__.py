"""Spreadsheet functions, declared once: Excel's ``CRM_NAME``, Calc's ``CRM.NAME`` and the reference come from here.

A function that asks for cells also takes ranges in their place and answers cell by cell (``maps``): one name to
remember instead of a second one for columns. Those whose answer is always a table say so (``spills``). Either way a
list of lists is rows to spill, anything else one cell.

>>> from addin.functions import FUNCTIONS, call
>>> FUNCTIONS["PHONE"].maps, FUNCTIONS["FUNNEL"].spills
(True, True)
"""

from __future__ import annotations

from addin.functions import calendar as _calendar
from addin.functions import data as _data
from addin.functions import funnel as _funnel
from addin.functions import kpi as _kpi
from addin.functions import quote as _quote
from addin.functions.calling import call, nearest, usage
from addin.functions.registry import Argument, Context, Example, Function, Problem, collected

FUNCTIONS: dict[str, Function] = collected()

__all__ = ["FUNCTIONS", "Argument", "Context", "Example", "Function", "Problem", "call", "nearest", "usage"]

_ = (_funnel, _kpi, _calendar, _quote, _data)
