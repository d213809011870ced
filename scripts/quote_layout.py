"""Draw the quote layout we ship, ``templates/quote/quote.xlsx``: a sheet as staff would draw it, with fields."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

TARGET = Path(__file__).resolve().parents[1] / "templates" / "quote" / "quote.xlsx"
FONT, NAVY, PALE, RULE = "맑은 고딕", "#1F3A5F", "#EEF2F7", "#8A94A0"
WIDTHS = (9, 24, 19, 7, 9, 12, 14, 13, 17)
SIDES = (
    ("견적번호", "{{ number }}", "등록번호", "{{ supplier.business_no }}"),
    ("견적일", "{{ issued }}", "상호", "{{ supplier.name }}"),
    ("유효기한", "{{ valid_until }}까지", "대표자", "{{ supplier.owner }} (인)"),
    ("수신", "{{ recipient.name }} {{ recipient.honorific }}", "주소", "{{ supplier.address }}"),
    ("연락처", "{{ recipient.phone }}", "업태·종목", "{{ supplier.business_type }} · {{ supplier.business_item }}"),
    ("현장", "{{ recipient.site }}", "전화", "{{ supplier.phone }}"),
    ("작업명", "{{ title }}", "이메일", "{{ supplier.email }}"),
)
HEADS = ("No", "품명", "규격", "단위", "수량", "단가", "{{ amount_head }}", "세액", "비고")
ROW = ("no", "name", "spec", "unit", "quantity", "price", "", "", "note")


def main() -> None:
    """Write the layout."""
    book = xlsxwriter.Workbook(str(TARGET))
    sheet = book.add_worksheet("견적서")
    base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"}
    boxed = {**base, "border": 1, "border_color": RULE}
    plain = book.add_format(base)
    title = book.add_format({**base, "font_size": 22, "bold": True, "align": "center", "font_color": NAVY})
    lab = book.add_format({**boxed, "bold": True, "bg_color": PALE, "font_color": NAVY})
    cell = book.add_format({**boxed, "text_wrap": True, "indent": 1})
    head = book.add_format({**boxed, "bold": True, "bg_color": NAVY, "font_color": "#FFFFFF", "align": "center"})
    center = book.add_format({**boxed, "align": "center"})
    number = book.add_format({**boxed, "num_format": "#,##0.###;-#,##0.###", "align": "right", "indent": 1})
    money = book.add_format({**boxed, "num_format": "#,##0", "align": "right", "indent": 1})
    strong = book.add_format({**boxed, "num_format": "#,##0", "align": "right", "indent": 1, "bold": True})
    band = book.add_format({**boxed, "bold": True, "bg_color": PALE, "font_color": NAVY, "align": "center"})
    big = book.add_format({**base, "font_size": 13, "bold": True, "top": 2, "bottom": 2, "border_color": NAVY})
    won = book.add_format({
        **base, "font_size": 13, "bold": True, "top": 2, "bottom": 2, "border_color": NAVY, "align": "right",
        "num_format": '"₩"#,##0" (부가세 포함)"',
    })  # fmt: skip
    section = book.add_format({**base, "bold": True, "font_color": NAVY})
    words = book.add_format({**base, "text_wrap": True, "valign": "top"})
    looks = (center, cell, cell, center, number, money, money, money, cell)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, plain)
    sheet.set_row(0, 30)
    sheet.write(0, 0, "{{ our_logo }}", plain)
    sheet.write(0, 8, "{{ their_logo }}", plain)
    sheet.set_row(1, 36)
    sheet.merge_range(1, 0, 1, 8, "견  적  서", title)
    for at, (left, left_text, right, right_text) in enumerate(SIDES, 3):
        sheet.set_row(at, 20)
        sheet.write(at, 0, left, lab)
        sheet.merge_range(at, 1, at, 3, left_text, cell)
        sheet.write(at, 4, right, lab)
        if right == "대표자":
            sheet.merge_range(at, 5, at, 7, right_text, cell)
            sheet.write(at, 8, "{{ seal }}", cell)
        else:
            sheet.merge_range(at, 5, at, 8, right_text, cell)
    sheet.set_row(11, 28)
    sheet.merge_range(11, 0, 11, 5, "{{ letters }}", big)
    sheet.merge_range(11, 6, 11, 8, "=G18", won)
    sheet.set_row(13, 22)
    for column, text in enumerate(HEADS):
        sheet.write(13, column, text, head)
    _row(sheet, 14, "line", looks)
    for at, (text, field) in enumerate((("공급가액", "supply"), ("부가세", "tax"), ("합계", "total")), 15):
        sheet.set_row(at, 20)
        sheet.merge_range(at, 0, at, 5, text, band)
        sheet.merge_range(at, 6, at, 7, f"{{{{ live.{field} }}}}", strong)
        sheet.write(at, 8, None, cell)
    sheet.merge_range(18, 0, 18, 8, "단가는 부가세 {% if tax_included %}포함{% else %}별도{% endif %}입니다.", plain)
    sheet.merge_range(20, 0, 20, 8, "{% if options %}선택 품목 (합계에 들어 있지 않습니다){% endif %}", section)
    _row(sheet, 21, "option", looks)
    sheet.write(23, 0, "결제 조건", section)
    sheet.set_row(24, 48)
    sheet.merge_range(24, 0, 24, 8, "{{ payment }}", words)
    sheet.write(25, 0, "A/S 조건", section)
    sheet.set_row(26, 48)
    sheet.merge_range(26, 0, 26, 8, "{{ service }}", words)
    sheet.print_area(0, 0, 26, 8)
    sheet.repeat_rows(13)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&R&P / &N")
    sheet.hide_gridlines(2)
    book.close()


def _row(sheet: xlsxwriter.worksheet.Worksheet, at: int, group: str, looks: tuple[object, ...]) -> None:
    sheet.set_row(at, 20)
    for column, (field, look) in enumerate(zip(ROW, looks, strict=True)):
        text = f"{{{{ {group}.{field} }}}}" if field else ("{{ live.supply }}", "{{ live.tax }}")[column - 6]
        sheet.write(at, column, text, look)


if __name__ == "__main__":
    main()
