"""A program without our functions shows what `danggol refresh` stored: LibreOffice, as a person without the add-in."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.refresh import refresh_book
from addin.functions import call
from tests.programs import office_saves

if TYPE_CHECKING:
    from pathlib import Path

CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"


def test_libreoffice_shows_the_stored_values(tmp_path: Path) -> None:
    steps, counts = ["인식", "가입", "활성화"], [1000, 100, 30]
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in zip(steps, counts, strict=True):
        sheet.append(row)
    sheet["D1"], sheet["D2"] = "=CRM_BOTTLENECK(A1:A3,B1:B3)", '=IF(B1>0,[1]!CRM_LIFT(A1:A3,B1:B3,A2),"-")'
    sheet["D3"] = "=D2*2"
    workbook.save(tmp_path / "책.xlsx")
    refresh_book(tmp_path / "책.xlsx")
    office_saves(CSV, tmp_path / "out", tmp_path / "책.xlsx")
    with next((tmp_path / "out").glob("*.csv")).open(encoding="utf-8") as file:
        shown = [row[3] for row in csv.reader(file)][:3]
    rows, column = [[step] for step in steps], [[count] for count in counts]
    lift = call("LIFT", rows, column, "가입")
    assert shown[0] == call("BOTTLENECK", rows, column)
    assert [float(value) for value in shown[1:]] == pytest.approx([lift, lift * 2])
