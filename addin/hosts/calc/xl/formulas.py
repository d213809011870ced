"""A formula as Excel writes it, and as LibreOffice's programming interface does: separators and sheet names.

=========================  =========================
Excel                      LibreOffice
=========================  =========================
``=SUM(A1,B2)``            ``=SUM(A1;B2)``
``={1,2;3,4}``             ``={1;2|3;4}``
``='9월 접수'!A1``          ``=$'9월 접수'.A1``
=========================  =========================

Text in quotes is left alone. A formula is text here: nothing is evaluated, names keep their case.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.names import column_number
from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = r'"(?:[^"]|"")*"'
_QUOTED = r"'(?:[^']|'')*'"
_EXCEL = re.compile(rf"({_TEXT})|({_QUOTED}|[^\W\d][\w.]*)!|([,;{{}}])")
_CELL = r"(?=\$?(?:[A-Za-z]{1,3}(?:\$?\d+|:)|\d+:|#REF!))"
_CALC = re.compile(rf"({_TEXT})|(?<![\w.$])\$?({_QUOTED}|[^\W\d]\w*)\.{_CELL}|([|;{{}}])")


def to_calc(formula: str) -> str:
    """Excel's text → LibreOffice's.

    >>> to_calc('=IF(A1>1,"a,b",SUM(Data!A1:B2,{1,2;3,4}))')
    '=IF(A1>1;"a,b";SUM($Data.A1:B2;{1;2|3;4}))'
    """
    return _retold(_EXCEL, formula, "${}.", {",": ";", ";": ";"}, {",": ";", ";": "|"})


def to_excel(formula: str) -> str:
    """LibreOffice's text → Excel's.

    >>> to_excel("=SUM($'9월 접수'.A1;B2)")
    "=SUM('9월 접수'!A1,B2)"
    """
    return _retold(_CALC, formula, "{}!", {";": ",", "|": "|"}, {";": ",", "|": ";"})


def _retold(
    parts: re.Pattern[str], formula: str, sheet_of: str, marks: Mapping[str, str], in_braces: Mapping[str, str]
) -> str:
    """The formula with its sheets and separators retold; those within ``{}`` have marks of their own."""
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        text, sheet, mark = found.groups()
        if text is not None:
            return str(text)
        if sheet is not None:
            return sheet_of.format(sheet)
        depth += {"{": 1, "}": -1}.get(mark, 0)
        return (in_braces if depth else marks).get(mark, mark)

    return parts.sub(one, formula)


_REFERENCE = re.compile(
    rf"({_TEXT}|{_QUOTED})"
    r"|(?<![\w.])(\$?)([A-Za-z]{1,3})(\$?)(\d{1,7})(?![\w.(!])"
    r"|(?<![\w.])(\$?)([A-Za-z]{1,3}):(\$?)([A-Za-z]{1,3})(?![\w.(!])"
    r"|(?<![\w.$:])(\$?)(\d{1,7}):(\$?)(\d{1,7})(?![\w.(!:])"
)


def moved(formula: str, rows: int, columns: int) -> str:
    """Excel's formula copied so many rows down and columns right: relative references move, ``$`` ones stay.

    >>> moved("=A1*$B$2+SUM('1월 A1'!C3:C$9)", 1, 2)
    "=C2*$B$2+SUM('1월 A1'!E4:E$9)"
    >>> moved("=SUM(A:$B,1:$2)", 1, 1)
    '=SUM(B:$B,2:$2)'
    """

    def letters(fixed: str, name: str) -> str:
        return f"{fixed}{name if fixed else column_letter(column_number(name) + columns)}"

    def number(fixed: str, row: str) -> str:
        return f"{fixed}{row if fixed else int(row) + rows}"

    def one(found: re.Match[str]) -> str:
        text, c, column, r, row, c1, first, c2, last, r1, top, r2, bottom = found.groups()
        if text is not None:
            return text
        if column:
            return letters(c, column) + number(r, row)
        if first:
            return f"{letters(c1, first)}:{letters(c2, last)}"
        return f"{number(r1, top)}:{number(r2, bottom)}"

    return _REFERENCE.sub(one, formula)
