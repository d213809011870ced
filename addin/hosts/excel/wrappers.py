"""Every spreadsheet function as an xlwings function ``CRM_<ID>``, and the VBA that xlwings' generator writes for it.

One making of them serves the COM server (`addin.hosts.excel.udfs`), the builder of the add-in and the tests: what
differs is only whose decorators are handed in.
"""

from __future__ import annotations

import inspect
import io
import keyword
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

from addin.crm.grid import CellError
from addin.functions import FUNCTIONS, call
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.functions import Function

PREFIX: Final = "CRM_"
MODULE: Final = "addin.hosts.excel.udfs"

#: Errors in cells reach Python as the texts xlwings knows (``err_to_str``), newer ones as the number COM uses.
ERRORS: Final = frozenset({"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"})
_COM_ERROR: Final = -2146828288
_NEWER: Final = {
    2043: "#GETTING_DATA",
    2045: "#SPILL!",
    2046: "#CONNECT!",
    2047: "#BLOCKED!",
    2048: "#UNKNOWN!",
    2049: "#FIELD!",
    2050: "#CALC!",
}

#: Words VBA keeps for itself ([MS-VBAL] 3.3.5.2, and LibreOffice's Basic besides) and xlwings' ``caller``: an
#: argument of that name gets an underscore.
_KEPT: Final = frozenset(
    """
    abs addressof and any array as base boolean byref byte byval call caller case circle close const currency date
    debug declare dim do doevents double each else elseif empty end enum eqv erase error event exit false fix for
    friend function get global gosub goto if imp implements in input int integer is lbound len let like lock long
    longlong loop lset me mod name new next not nothing null object on open option optional or paramarray preserve
    print private property pset public put raiseevent redim rem resume return rset scale seek select set sgn shared
    single spc static step stop string sub tab then to true type typeof ubound unlock until variant wend while with
    withevents write xor
    """.split()  # noqa: SIM905 -- a hundred quoted words would be no clearer
)


def formula_name(function: Function) -> str:
    """The name in Excel's formulas; VBA names hold no dot.

    >>> from addin.functions import FUNCTIONS
    >>> formula_name(FUNCTIONS["HHI"])
    'CRM_HHI'
    """
    return PREFIX + function.id


def argument_name(name: str) -> str:
    """An argument's name as VBA and Python both allow it.

    >>> argument_name("rows"), argument_name("to"), argument_name("from")
    ('rows', 'to_', 'from_')
    """
    return name + "_" if name in _KEPT or keyword.iskeyword(name) else name


def plain(function: Function) -> Callable[..., Any]:
    """The Python function behind ``CRM_<ID>``: Excel's cells in, what Excel can show out. It never raises for data."""

    def run(*args: Any) -> Any:
        return _shown(call(function.id, *map(_cells, args)))

    parameters = [
        inspect.Parameter(
            argument_name(argument.name),
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            default=None if argument.optional else inspect.Parameter.empty,
        )
        for argument in function.arguments
    ]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__name__ = run.__qualname__ = formula_name(function)
    run.__doc__ = say(function.summary)
    run.__module__ = MODULE
    return run


def functions_for(func: Callable[..., Any], arg: Callable[..., Any], **options: Any) -> dict[str, Callable[..., Any]]:
    """Every function by its formula name, decorated by xlwings' ``func`` and ``arg`` (``options`` for each)."""
    made = {}
    for function in FUNCTIONS.values():
        wrapped = plain(function)
        for argument in reversed(function.arguments):
            read = {"ndim": 2, "err_to_str": True, "doc": say(argument.help), **options}
            wrapped = arg(argument_name(argument.name), **read)(wrapped)
        made[formula_name(function)] = func(category="danggol", volatile=function.volatile)(wrapped)
    return made


def vba_wrappers() -> str:
    """The VBA module ``xlwings_udfs`` as xlwings' generator writes it; where Python can't be asked, in our words."""
    from addin.hosts.excel.stubs import xlwings_udfs

    text = io.StringIO()
    with xlwings_udfs() as udfs:
        namespace = SimpleNamespace(**functions_for(udfs.xlfunc, udfs.xlarg))
        udfs.generate_vba_wrapper(MODULE, namespace, text, SimpleNamespace(Name="danggol.xlam"))
    body = text.getvalue().replace("= Err.Description", "= DanggolWords.Trouble()")
    return '#Const App = "Microsoft Excel"\n' + body


def _cells(value: Any) -> Any:
    """What xlwings read: one cell as its value, a range as rows; error texts as errors."""
    if not isinstance(value, list | tuple):
        return _cell(value)
    rows = [[_cell(v) for v in row] if isinstance(row, list | tuple) else [_cell(row)] for row in value]
    return rows[0][0] if len(rows) == len(rows[0]) == 1 else rows


def _cell(value: Any) -> Any:
    if type(value) is str and value in ERRORS:
        return CellError(value)
    if type(value) is int and value - _COM_ERROR in _NEWER:
        return CellError(_NEWER[value - _COM_ERROR])
    return value


def _shown(value: Any) -> Any:
    """What Excel shows: an empty answer is an empty text, as an empty value would be drawn as 0."""
    if isinstance(value, list):
        return [[_one(v) for v in row] for row in value] or [[""]]
    return _one(value)


def _one(value: Any) -> Any:
    if value is None:
        return ""
    return value.code if isinstance(value, CellError) else value
