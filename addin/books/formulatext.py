"""Formulas as text: calls of our functions, however a program spelled them, and a copied formula's moved references.

Excel writes ``CRM_HHI(``, ``_xludf.CRM_HHI(``, ``danggol.xlam!CRM_HHI(``, ``'C:\\…\\danggol.xlam'!CRM_HHI(`` or
``[1]!CRM_HHI(`` for one and the same function, LibreOffice ``CRM.HHI(``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.names import MAX_COLUMN, MAX_ROW, column_number
from addin.crm.grid import column_letter
from addin.crm.lazy import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

_CALL = pattern(
    r"""("(?:[^"]|"")*")|"""
    r"""(?<![\w.\]!])(?:(?:'(?:[^']|'')*'|[^\s"'(),;+\-*/^&=<>{}!]+)!)?(?:_xl\w+\.)*(CRM[_.](\w+))(?=\s*\()|"""
    r"""('(?:[^']|'')*')""",
    re.IGNORECASE,
)
_CELL = pattern(r"(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})")
_COLUMN = pattern(r"(\$?)([A-Za-z]{1,3})")
_ROW = pattern(r"(\$?)(\d{1,7})")
#: What a reference moved off the sheet becomes.
LOST = "#REF!"


def called(formula: str) -> Iterator[str]:
    """The functions of ours a formula calls, in capitals without the prefix.

    >>> list(called("IF(A1>0,[1]!CRM_HHI(A1:A9,B1:B9),_xludf.crm_phone(C1))&\\"CRM_X(\\"")), list(called("MYCRM_X(1)"))
    (['HHI', 'PHONE'], [])
    """
    for found in _CALL().finditer(formula):
        if found[2]:
            yield found[3].upper()


def plain(formula: str) -> str:
    """The formula with every call of ours spelled ``CRM_NAME(``.

    >>> plain("'C:\\\\a b\\\\danggol.xlam'!CRM_HHI(A1)+CRM.DDAY('CRM_X(1)'!A1)")
    "CRM_HHI(A1)+CRM_DDAY('CRM_X(1)'!A1)"
    """
    return _CALL().sub(lambda found: f"CRM_{found[3].upper()}" if found[2] else found[0], formula)


def moved(reference: str, rows: int, columns: int) -> str:
    """A reference of a formula copied so far down and right: what has no ``$`` moves along.

    >>> moved("$A1:B$2", 3, 1), moved("접수!A:A", 1, 1), moved("'a'!1:2", 1, 1), moved("A1", -1, 0)
    ('$A4:C$2', '접수!B:B', "'a'!2:3", '#REF!')
    """
    sheet, mark, area = reference.rpartition("!")
    ends = area.split(":")
    for kind, move in ((_CELL(), _cell), (_COLUMN(), _column), (_ROW(), _row)):
        if (kind is _CELL() or len(ends) == 2) and all(kind.fullmatch(end) for end in ends):
            new = [move(kind.fullmatch(end), rows, columns) for end in ends]
            return f"{sheet}{mark}{LOST if LOST in new else ':'.join(new)}"
    return reference


def _cell(found: re.Match[str] | None, rows: int, columns: int) -> str:
    assert found is not None
    column, row = _shifted(found[1], column_number(found[2]), columns), _shifted(found[3], int(found[4]), rows)
    inside = 1 <= column <= MAX_COLUMN and 1 <= row <= MAX_ROW
    return f"{found[1]}{column_letter(column)}{found[3]}{row}" if inside else LOST


def _column(found: re.Match[str] | None, _rows: int, columns: int) -> str:
    assert found is not None
    column = _shifted(found[1], column_number(found[2]), columns)
    return f"{found[1]}{column_letter(column)}" if 1 <= column <= MAX_COLUMN else LOST


def _row(found: re.Match[str] | None, rows: int, _columns: int) -> str:
    assert found is not None
    row = _shifted(found[1], int(found[2]), rows)
    return f"{found[1]}{row}" if 1 <= row <= MAX_ROW else LOST


def _shifted(fixed: str, place: int, by: int) -> int:
    return place if fixed else place + by
