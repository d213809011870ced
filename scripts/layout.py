"""What the forms we ship as Excel layouts are drawn with: one sheet, its looks, the parts every form has."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

FONT, NAVY, PALE, RULE = "맑은 고딕", "#1F3A5F", "#EEF2F7", "#8A94A0"
TOTALS = (("공급가액", "supply"), ("부가세", "tax"), ("합계", "total"))
#: Who sends a form, beside what it is about: the right half of `Layout.sides`.
SUPPLIER = (
    ("등록번호", "{{ supplier.business_no }}"),
    ("상호", "{{ supplier.name }}"),
    ("대표자", "{{ supplier.owner }} (인)"),
    ("주소", "{{ supplier.address }}"),
    ("업태·종목", "{{ supplier.business_type }} · {{ supplier.business_item }}"),
    ("전화", "{{ supplier.phone }}"),
    ("이메일", "{{ supplier.email }}"),
)
#: Whom it is for: the last lines of the left half.
RECIPIENT = (
    ("수신", "{{ recipient.name }} {{ recipient.honorific }}"),
    ("연락처", "{{ recipient.phone }}"),
    ("현장", "{{ recipient.site }}"),
    ("작업명", "{{ title }}"),
)
_BASE = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
_BOXED = {**_BASE, "border": 1, "border_color": RULE}
_RIGHT = {**_BOXED, "align": "right", "indent": 1}


class Layout:
    """A sheet of A4 with both logos and a title; rows and columns count from 0, as XlsxWriter's."""

    def __init__(self, target: Path, name: str, widths: Sequence[int], title: str) -> None:
        self._book = xlsxwriter.Workbook(str(target))
        self.sheet = self._book.add_worksheet(name)
        self.last = len(widths) - 1
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width, self.plain)
        self.sheet.set_row(0, 30)
        self.sheet.write(0, 0, "{{ our_logo }}", self.plain)
        self.sheet.write(0, 8, "{{ their_logo }}", self.plain)
        big = self.look(_BASE, font_size=22, bold=True, align="center", font_color=NAVY)
        self.line(1, 36, title, big)

    def look(self, base: dict[str, Any] = _BASE, **more: Any) -> Any:
        """A format."""
        return self._book.add_format({**base, **more})

    @cached_property
    def plain(self) -> Any:
        """Text without a border."""
        return self.look()

    @cached_property
    def section(self) -> Any:
        """The heading of a part."""
        return self.look(bold=True, font_color=NAVY)

    @cached_property
    def words(self) -> Any:
        """Lines of text without a border."""
        return self.look(text_wrap=True, valign="top")

    @cached_property
    def label(self) -> Any:
        """What a cell beside it is."""
        return self.look(_BOXED, bold=True, bg_color=PALE, font_color=NAVY)

    @cached_property
    def cell(self) -> Any:
        """Text in a box."""
        return self.look(_BOXED, text_wrap=True, indent=1)

    @cached_property
    def box(self) -> Any:
        """Lines of text in a box."""
        return self.look(_BOXED, text_wrap=True, valign="top", indent=1)

    @cached_property
    def head(self) -> Any:
        """A column's head."""
        return self.look(_BOXED, bold=True, bg_color=NAVY, font_color="#FFFFFF", align="center")

    @cached_property
    def center(self) -> Any:
        """A short text in a box."""
        return self.look(_BOXED, align="center")

    @cached_property
    def number(self) -> Any:
        """A quantity."""
        return self.look(_RIGHT, num_format="#,##0.###;-#,##0.###")

    @cached_property
    def money(self) -> Any:
        """An amount."""
        return self.look(_RIGHT, num_format="#,##0")

    @cached_property
    def line_looks(self) -> tuple[Any, ...]:
        """The looks of a line's cells: number, name, specification, unit, quantity, price, amount, tax, note."""
        center, cell, money = self.center, self.cell, self.money
        return center, cell, cell, center, self.number, money, money, money, cell

    def span(self, row: int, first: int, last: int, text: str | None, look: Any) -> None:
        """One cell over some columns."""
        if first == last:
            self.sheet.write(row, first, text, look)
        else:
            self.sheet.merge_range(row, first, row, last, text, look)

    def line(self, row: int, height: int | None, text: str, look: Any) -> None:
        """One cell over the whole width."""
        if height is not None:
            self.sheet.set_row(row, height)
        self.span(row, 0, self.last, text, look)

    def sides(self, row: int, about: Iterable[tuple[str, str]], label: tuple[int, int]) -> None:
        """Two columns of labels and values: what the form is about, and `SUPPLIER`, labelled in columns ``label``.

        The seal stands beside the owner's name.
        """
        for at, ((left, left_text), (right, right_text)) in enumerate(zip(about, SUPPLIER, strict=True), row):
            self.sheet.set_row(at, 20)
            self.sheet.write(at, 0, left, self.label)
            self.span(at, 1, 3, left_text, self.cell)
            self.span(at, *label, right, self.label)
            if right == "대표자":
                self.span(at, label[1] + 1, self.last - 1, right_text, self.cell)
                self.sheet.write(at, self.last, "{{ seal }}", self.cell)
            else:
                self.span(at, label[1] + 1, self.last, right_text, self.cell)

    def heads(self, row: int, texts: Iterable[str]) -> None:
        """The heads of the lines."""
        self.sheet.set_row(row, 22)
        for column, text in enumerate(texts):
            self.sheet.write(row, column, text, self.head)

    def fields(self, row: int, texts: Iterable[str], looks: Iterable[Any]) -> None:
        """One line of fields, which the filler repeats."""
        self.sheet.set_row(row, 20)
        for column, (text, look) in enumerate(zip(texts, looks, strict=True)):
            self.sheet.write(row, column, text, look)

    def totals(self, row: int) -> None:
        """Supply, tax and total under the lines, as formulas over them."""
        band = self.look(_BOXED, bold=True, bg_color=PALE, font_color=NAVY, align="center")
        strong = self.look(_RIGHT, num_format="#,##0", bold=True)
        for at, (text, field) in enumerate(TOTALS, row):
            self.sheet.set_row(at, 20)
            self.span(at, 0, 5, text, band)
            self.span(at, 6, 7, f"{{{{ live.{field} }}}}", strong)
            self.span(at, 8, self.last, None, self.cell)

    def close(self, heads: int, last_row: int) -> None:
        """Set the page up, with the heads on every sheet of paper, and write the file."""
        sheet = self.sheet
        sheet.print_area(0, 0, last_row, self.last)
        sheet.repeat_rows(heads)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        sheet.set_footer("&R&P / &N")
        sheet.hide_gridlines(2)
        self._book.close()
