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
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        text, sheet, mark = found.groups()
        if text is not None:
            return text
        if sheet is not None:
            return f"${sheet}."
        depth += {"{": 1, "}": -1}.get(mark, 0)
        return {",": ";", ";": "|" if depth else ";"}.get(mark, mark)

    return _EXCEL.sub(one, formula)


def to_excel(formula: str) -> str:
    """LibreOffice's text → Excel's.

    >>> to_excel("=SUM($'9월 접수'.A1;B2)")
    "=SUM('9월 접수'!A1,B2)"
    """
    depth = 0

    def one(found: re.Match[str]) -> str:
        nonlocal depth
        text, sheet, mark = found.groups()
        if text is not None:
            return text
        if sheet is not None:
            return f"{sheet}!"
        depth += {"{": 1, "}": -1}.get(mark, 0)
        return {";": ",", "|": ";" if depth else "|"}.get(mark, mark)

    return _CALC.sub(one, formula)
