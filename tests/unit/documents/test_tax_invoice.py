"""The file of tax invoices' fields: heads where the form has them, text that stays text, the same bytes again."""

from __future__ import annotations

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest

from addin.crm.message import msg
from addin.crm.tax_invoice import COLUMNS, HEAD_ROW, TaxLine
from addin.documents.tax_invoice import FORMATS, IDS, tax_file
from addin.i18n import LANGUAGES, known, say

DAY = dt.date(2026, 11, 21)
HOSTILE = '=HYPERLINK("http://x")'


def line(**cells: str | int | Decimal) -> TaxLine:
    return TaxLine("R-1", tuple(cells.get(name) for name in COLUMNS), (msg("tax.no_number"),))


MADE = line(**{"작성일자": "20261109", "공급받는자 상호": HOSTILE, "공급가액": 833_250, "수량1": Decimal("2.5")})


def test_the_workbook_has_its_heads_in_row_six_and_text_as_text() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(tax_file([MADE], "xlsx", DAY))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[HEAD_ROW]] == [*COLUMNS, say("tax.notes")]
    row = dict(zip(COLUMNS, sheet[HEAD_ROW + 1], strict=False))
    assert (row["공급받는자 상호"].value, row["공급받는자 상호"].data_type) == (HOSTILE, "s")
    assert (row["작성일자"].value, row["공급가액"].value, row["수량1"].value) == ("20261109", 833_250, 2.5)
    assert sheet.cell(HEAD_ROW + 1, len(COLUMNS) + 1).value == say("tax.no_number")


def test_the_csv_quotes_what_a_spreadsheet_would_calculate() -> None:
    data = tax_file([MADE], "csv", DAY)
    assert data.startswith(b"\xef\xbb\xbf")
    head, row = csv.reader(data.decode("utf-8-sig").splitlines())
    shown = dict(zip(head, row, strict=True))
    assert (shown["공급받는자 상호"], shown["공급가액"], shown["수량1"]) == (f"'{HOSTILE}", "833250", "2.5")


@pytest.mark.parametrize("format", FORMATS)
def test_the_same_lines_are_the_same_bytes(format: str) -> None:
    assert tax_file([MADE], format, DAY) == tax_file([MADE], format, DAY)


def test_words_are_in_the_catalogue() -> None:
    assert all(known(id, lang) for id in IDS for lang in LANGUAGES)
