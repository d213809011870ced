"""Cell formats of the demo's workbook, by name, and writing one cell as it was typed."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from addin.actions.sample.clerk import Cell

_BODY: dict[str, Any] = {
    "font_name": "맑은 고딕",
    "font_size": 10,
    "border": 1,
    "border_color": "#BFBFBF",
    "valign": "vcenter",
}
_HEAD: dict[str, Any] = {**_BODY, "bold": True, "align": "center", "text_wrap": True}
_TOTAL: dict[str, Any] = {**_BODY, "bold": True, "bg_color": "#FFF2CC", "top": 6}
_FREE: dict[str, Any] = {"font_name": "맑은 고딕", "valign": "vcenter"}

_LOOKS: dict[str, dict[str, Any]] = {
    "title": {**_FREE, "font_size": 16, "bold": True, "font_color": "#1F3864"},
    "small": {**_FREE, "font_size": 9, "font_color": "#7F7F7F"},
    "stamp": {**_FREE, "font_size": 9, "border": 1, "align": "center"},
    "group": {**_HEAD, "bg_color": "#1F4E79", "font_color": "#FFFFFF"},
    "header": {**_HEAD, "bg_color": "#D6E3F0"},
    "text": _BODY,
    "plain": {**_BODY, "num_format": "0"},
    "center": {**_BODY, "align": "center"},
    "phone": {**_BODY, "align": "center", "num_format": "@"},
    "moment": {**_BODY, "align": "center", "num_format": "yyyy-mm-dd hh:mm"},
    "day": {**_BODY, "align": "center", "num_format": "yyyy-mm-dd"},
    "money": {**_BODY, "num_format": "#,##0"},
    "percent": {**_BODY, "num_format": "0%", "align": "center"},
    "formula": {**_BODY, "align": "center", "font_color": "#7F7F7F"},
    "formula_money": {**_BODY, "font_color": "#7F7F7F", "num_format": "#,##0"},
    "pause": {
        **_FREE,
        "font_size": 9,
        "italic": True,
        "align": "center",
        "font_color": "#7F7F7F",
        "bg_color": "#F2F2F2",
    },
    "total": {**_TOTAL, "align": "center"},
    "total_money": {**_TOTAL, "num_format": "#,##0"},
    "wrap": {**_BODY, "text_wrap": True},
    "done": {"bg_color": "#E2EFDA", "font_color": "#375623"},
    "lost": {"bg_color": "#EDEDED", "font_color": "#7F7F7F"},
    "alarm": {"bg_color": "#FCE4D6", "font_color": "#C00000"},
}


class Looks:
    """The formats of one workbook, made when first asked for."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}

    def __getitem__(self, name: str) -> Format:
        if name not in self._made:
            self._made[name] = self._book.add_format(_LOOKS[name])
        return self._made[name]

    def put(self, sheet: Worksheet, row: int, column: int, value: Cell, look: str) -> None:
        """One 0-based cell; a phone typed as a number takes the number format Excel would give it."""
        if value is None:
            sheet.write_blank(row, column, None, self[look])
        elif isinstance(value, dt.date):
            sheet.write_datetime(row, column, value, self[look])
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self["plain" if look == "phone" else look])
        else:
            sheet.write_string(row, column, value, self[look])
