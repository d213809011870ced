"""One function, two names: Excel's ``CRM_NAME`` and Calc's ``CRM.NAME``, put right when a book is opened.

How it was chosen, on LibreOffice 7.4 with real files:

- a compatibility name (``XCompatibilityNames``) is never asked for while an .xlsx is read: the cell is #NAME?.
  It is declared all the same: later versions read it;
- a display name like ``CRM_X`` is lost in the same way: formulas of a file are matched with ``service.method`` only;
- a Basic library with the plain names answers, at 170–260 µs a call before any work, and only once it is loaded;
- replacing in the sheet's own search also changes texts, and leaves array formulas out;
- so formulas are renamed **as the book is loaded**: one block read per stretch of formulas, and only cells that name
  one of our functions are written. The book doesn't count as changed by it, and there is nothing to undo.

Excel stores a function of an add-in as ``[1]!CRM_NAME(…)`` with a link to the .xlam; those are renamed as well.
What Calc saves holds ``CRM.NAME``, in .xlsx too: Excel shows the saved value until it reckons anew.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_FORMULA_CELLS: Final = 16  # com.sun.star.sheet.CellFlags.FORMULA
_TEXT = r'"(?:[^"]|"")*"'
_LINK = r"(?:'[^']*danggol\.xlam'[#!]\$?|danggol\.xlam!|\[\d+\]!\$?|_xludf\.)?"
_EXCEL = re.compile(rf"({_TEXT})|(?<![\w.]){_LINK}CRM_([A-Z][A-Z0-9_]*)(?=\s*\()|('(?:[^']|'')*')", re.IGNORECASE)
_CALC = re.compile(rf"({_TEXT})|(?<![\w.])CRM\.([A-Z][A-Z0-9_]*)(?=\s*\()|('(?:[^']|'')*')", re.IGNORECASE)


def calc_names(formula: str, known: Collection[str]) -> str:
    """A formula with Excel's names of our functions as Calc's; texts, sheet names and others' functions stay.

    >>> calc_names('=[1]!CRM_HHI(A1:A3;B1:B3)&crm_phone(C1)&"CRM_HHI("&CRM_OURS(1)', {"HHI", "PHONE"})
    '=CRM.HHI(A1:A3;B1:B3)&CRM.PHONE(C1)&"CRM_HHI("&CRM_OURS(1)'
    """

    def rename(found: re.Match[str]) -> str:
        name = (found[2] or "").upper()
        return f"CRM.{name}" if name in known else found[0]

    return _EXCEL.sub(rename, formula)


def _names_any(formula: str, functions: Collection[str]) -> bool:
    return any((found[2] or "").upper() in functions for found in _CALC.finditer(formula))


def rename_document(document: Any, known: Collection[str], fresh: Collection[str] = ()) -> int:
    """Rename Excel's names in an open Calc document; how many formulas were written.

    ``fresh``: functions whose answer depends on today; their formulas are written again, so that a saved D-3 isn't
    shown next week. The document doesn't count as changed by any of this.
    """
    changed = document.isModified()
    document.UndoManager.lock()
    try:
        return sum(_rename_sheet(document.Sheets.getByIndex(i), known, fresh) for i in range(document.Sheets.Count))
    finally:
        document.UndoManager.unlock()
        if not changed and document.isModified():
            document.setModified(False)


def _rename_sheet(sheet: Any, known: Collection[str], fresh: Collection[str]) -> int:
    count = 0
    for place in sheet.queryContentCells(_FORMULA_CELLS).RangeAddresses:
        block = sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, place.EndRow)
        for down, row in enumerate(block.getFormulaArray()):
            for across, formula in enumerate(row):
                if "CRM" not in formula.upper():
                    continue
                new = calc_names(formula, known)
                if new != formula or _names_any(new, fresh):
                    count += _put(sheet, place.StartColumn + across, place.StartRow + down, new)
    return count


def _put(sheet: Any, column: int, row: int, formula: str) -> bool:
    """Write a formula; one of an array formula is written once, for its whole range."""
    cell = sheet.getCellByPosition(column, row)
    if not cell.getArrayFormula():
        cell.setFormula(formula)
        return True
    cursor = sheet.createCursorByRange(cell)
    cursor.collapseToCurrentArray()
    place = cursor.RangeAddress
    if (place.StartColumn, place.StartRow) != (column, row):
        return False
    whole = sheet.getCellRangeByPosition(place.StartColumn, place.StartRow, place.EndColumn, place.EndRow)
    whole.setArrayFormula(formula.strip("{}"))
    return True
