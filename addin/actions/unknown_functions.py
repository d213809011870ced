"""Formulas that call a ``CRM_`` function which is none: they stay empty, so the cell and the nearest name are told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.books.formulatext import called
from addin.crm.fault import Fault, PlacedFault
from addin.crm.grid import CellError, cell_address
from addin.crm.message import msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from addin.books.formulacells import FormulaCell

CODE = "unknown_function"


def unknown_functions(cells: Iterable[FormulaCell]) -> Iterator[PlacedFault]:
    """A fault for each formula that calls no function of ours by a name like ours; one with a value is another's."""
    from addin.functions import FUNCTIONS, nearest

    for cell in cells:
        name = next((id for id in called(cell.text) if id not in FUNCTIONS), None)
        if name is None or not (cell.stored in (None, "") or isinstance(cell.stored, CellError)):
            continue
        near = nearest(name)
        known = f"CRM_{near}" if near else None
        fix = msg("fault.unknown_function.fix", near=known) if near else msg("fault.unknown_function.fix_none")
        fault = Fault(CODE, f"CRM_{name}", msg("fault.unknown_function.expected"), fix, suggestion=known)
        yield PlacedFault(cell.sheet, cell.row, cell.column, "", "", fault)


def told(fault: PlacedFault) -> dict[str, str | None]:
    """The cell, the name that stands there, the nearest."""
    cell = f"{fault.sheet}!{cell_address(fault.row, fault.column)}"
    return {"cell": cell, "function": fault.fault.value, "near": fault.fault.suggestion}
