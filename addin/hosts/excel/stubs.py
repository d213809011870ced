"""xlwings' function generator where there is no Windows: pywin32's modules are stood in for while it is imported.

xlwings can be imported everywhere, `xlwings.udfs` only beside pywin32, though writing VBA text needs nothing of it.
"""

from __future__ import annotations

import importlib
import sys
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_STANDINS: Final = ("pythoncom", "pywintypes", "win32com", "win32com.client")


class ComError(Exception):
    """Stands for ``pywintypes.com_error``."""


@contextmanager
def xlwings_udfs() -> Iterator[Any]:
    """`xlwings.udfs`, with stand-ins for pywin32 where that is missing; the module table is put back afterwards."""
    import xlwings

    if sys.platform == "win32":
        yield importlib.import_module("xlwings.udfs")
        return
    touched = (*_STANDINS, "xlwings.udfs")
    before = {name: sys.modules.get(name) for name in touched}
    attribute = vars(xlwings).get("udfs")
    sys.modules.update(_standins())
    sys.modules.pop("xlwings.udfs", None)
    try:
        yield importlib.import_module("xlwings.udfs")
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
        if attribute is None:
            vars(xlwings).pop("udfs", None)
        else:
            vars(xlwings)["udfs"] = attribute


def _standins() -> dict[str, ModuleType]:
    modules: dict[str, Any] = {name: ModuleType(name) for name in _STANDINS}
    modules["pythoncom"].CoInitialize = lambda *_: None
    modules["pywintypes"].com_error = ComError
    modules["pywintypes"].TimeType = type("TimeType", (), {})
    modules["win32com.client"].Dispatch = lambda found, *_, **__: found
    modules["win32com"].client = modules["win32com.client"]
    return modules
