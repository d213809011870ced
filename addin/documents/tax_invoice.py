"""The fields of e-tax invoices as a file a person copies into 홈택스's form: .xlsx or .csv. Text stays text in both."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm.tax_invoice import COLUMNS, HEAD_ROW
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.tax_invoice import TaxLine, Value

FORMATS: Final = ("xlsx", "csv")
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_MONEY: Final = frozenset(n for n, name in enumerate(COLUMNS) if name.startswith(("공급가액", "세액", "단가")))


def tax_file(lines: Sequence[TaxLine], format: str, as_of: dt.date) -> bytes:
    """The file's bytes; same lines, same bytes. Heads stand in row 6 of the .xlsx, as in the form; the last column is
    ours: what to look at before issuing."""
    return _csv(lines) if format == "csv" else _xlsx(lines, as_of)


def _notes(line: TaxLine) -> str:
    return " / ".join(say(note) for note in line.notes)


def _csv(lines: Sequence[TaxLine]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*COLUMNS, say("tax.notes")])
    for line in lines:
        writer.writerow([*map(_cell, line.cells), _cell(_notes(line))])
    return out.getvalue().encode("utf-8-sig")


def _cell(value: Value) -> str:
    """A cell as a spreadsheet must take it: a text that looks like a formula is quoted."""
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _xlsx(lines: Sequence[TaxLine], as_of: dt.date) -> bytes:
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime.combine(as_of, dt.time())})
    sheet = book.add_worksheet(say("tax.sheet", "ko"))
    base = {"font_name": "맑은 고딕", "font_size": 10, "valign": "vcenter"}
    head = book.add_format(
        {**base, "bold": True, "text_wrap": True, "bg_color": "#EEF2F7", "border": 1, "align": "center"}
    )
    text = book.add_format({**base, "num_format": "@"})
    money = book.add_format({**base, "num_format": "#,##0"})
    number = book.add_format({**base, "num_format": "#,##0.###"})
    warn = book.add_format({**base, "text_wrap": True, "font_color": "#7A2500"})
    title = book.add_format({**base, "bold": True, "font_size": 13})
    sheet.write_string(0, 0, say("tax.title"), title)
    for at in (1, 2):
        sheet.write_string(at, 0, say(f"tax.how{at}"), book.add_format(base))
    for column, name in enumerate((*COLUMNS, say("tax.notes"))):
        sheet.write_string(HEAD_ROW - 1, column, name, head)
    sheet.set_row(HEAD_ROW - 1, 48)
    sheet.set_column(0, len(COLUMNS) - 1, 13)
    sheet.set_column(len(COLUMNS), len(COLUMNS), 70)
    for row, line in enumerate(lines, HEAD_ROW):
        for column, value in enumerate(line.cells):
            if isinstance(value, str):
                sheet.write_string(row, column, value, text)
            elif value is not None:
                sheet.write_number(row, column, float(value), money if column in _MONEY else number)
        if line.notes:
            sheet.write_string(row, len(COLUMNS), _notes(line), warn)
    sheet.freeze_panes(HEAD_ROW, 0)
    book.close()
    return buffer.getvalue()


#: Ids a name is built for here.
IDS: Final = ("tax.how1", "tax.how2")
