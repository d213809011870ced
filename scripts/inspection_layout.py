"""Draw the inspection form's layout we ship, ``templates/inspection/inspection.xlsx``, with fields."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter

TARGET = Path(__file__).resolve().parents[1] / "templates" / "inspection" / "inspection.xlsx"
FONT, NAVY, PALE, RULE = "맑은 고딕", "#1F3A5F", "#EEF2F7", "#8A94A0"
WIDTHS = (9, 24, 16, 7, 8, 12, 13, 11, 15, 7)
SIDES = (
    ("접수번호", "{{ request }}", "등록번호", "{{ supplier.business_no }}"),
    ("견적번호", "{{ number }}", "상호", "{{ supplier.name }}"),
    ("완료일", "{{ completed }}", "대표자", "{{ supplier.owner }} (인)"),
    ("수신", "{{ recipient.name }} {{ recipient.honorific }}", "주소", "{{ supplier.address }}"),
    ("연락처", "{{ recipient.phone }}", "업태·종목", "{{ supplier.business_type }} · {{ supplier.business_item }}"),
    ("현장", "{{ recipient.site }}", "전화", "{{ supplier.phone }}"),
    ("작업명", "{{ title }}", "이메일", "{{ supplier.email }}"),
)
HEADS = ("No", "작업 항목", "규격", "단위", "수량", "단가", "{{ amount_head }}", "세액", "비고", "확인")
ROW = ("{{ line.no }}", "{{ line.name }}", "{{ line.spec }}", "{{ line.unit }}", "{{ line.quantity }}",
       "{{ line.price }}", "{{ live.supply }}", "{{ live.tax }}", "{{ line.note }}", "□")  # fmt: skip
#: First column, last column, head, field.
DEFECT = ((0, 0, "번호", "{{ defect.number }}"), (1, 1, "내용", "{{ defect.text }}"),
          (2, 4, "위치", "{{ defect.place }}"), (5, 5, "발견일", "{{ defect.found }}"),
          (6, 6, "보수일", "{{ defect.fixed }}"),
          (7, 8, "상태", "{{ defect.state }}"), (9, 9, "확인", "□"))  # fmt: skip
LAST = len(WIDTHS) - 1


def main() -> None:
    """Write the layout."""
    book = xlsxwriter.Workbook(str(TARGET))
    sheet = book.add_worksheet("검수확인서")
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
    section = book.add_format({**base, "bold": True, "font_color": NAVY})
    words = book.add_format({**base, "text_wrap": True, "valign": "top"})
    box = book.add_format({**boxed, "text_wrap": True, "valign": "top", "indent": 1})
    agree = book.add_format({**base, "align": "center", "font_size": 11})
    looks = (center, cell, cell, center, number, money, money, money, cell, center)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width, plain)
    sheet.set_row(0, 30)
    sheet.write(0, 0, "{{ our_logo }}", plain)
    sheet.write(0, 8, "{{ their_logo }}", plain)
    sheet.set_row(1, 36)
    sheet.merge_range(1, 0, 1, LAST, "검수확인서", title)
    for at, (left, left_text, right, right_text) in enumerate(SIDES, 3):
        sheet.set_row(at, 20)
        sheet.write(at, 0, left, lab)
        sheet.merge_range(at, 1, at, 3, left_text, cell)
        sheet.merge_range(at, 4, at, 5, right, lab)
        if right == "대표자":
            sheet.merge_range(at, 6, at, 8, right_text, cell)
            sheet.write(at, LAST, "{{ seal }}", cell)
        else:
            sheet.merge_range(at, 6, at, LAST, right_text, cell)
    sheet.write(11, 0, "작업 내용", section)
    sheet.set_row(12, 22)
    for column, text in enumerate(HEADS):
        sheet.write(12, column, text, head)
    sheet.set_row(13, 20)
    for column, (text, look) in enumerate(zip(ROW, looks, strict=True)):
        sheet.write(13, column, text, look)
    for at, (text, field) in enumerate((("공급가액", "supply"), ("부가세", "tax"), ("합계", "total")), 14):
        sheet.set_row(at, 20)
        sheet.merge_range(at, 0, at, 5, text, band)
        sheet.merge_range(at, 6, at, 7, f"{{{{ live.{field} }}}}", strong)
        sheet.merge_range(at, 8, at, LAST, None, cell)
    sheet.write(18, 0, "하자", section)
    for at, look in ((19, head), (20, center)):
        sheet.set_row(at, 22)
        for first, last, name, field in DEFECT:
            text = name if look is head else field
            shown = cell if first in (1, 2) and look is center else look
            if first == last:
                sheet.write(at, first, text, shown)
            else:
                sheet.merge_range(at, first, at, last, text, shown)
    sheet.merge_range(21, 0, 21, LAST, "{% if not defects %}기록된 하자가 없습니다.{% endif %}", plain)
    sheet.write(22, 0, "특이 사항", section)
    sheet.set_row(23, 44)
    sheet.merge_range(23, 0, 23, LAST, "{{ remark }}", box)
    sheet.write(24, 0, "A/S 조건", section)
    sheet.set_row(25, 44)
    sheet.merge_range(25, 0, 25, LAST, "{{ service }}", words)
    sheet.set_row(27, 24)
    sheet.merge_range(27, 0, 27, LAST, "위 작업이 끝났음을 확인합니다.          년        월        일", agree)
    sheet.set_row(28, 34)
    sheet.write(28, 0, "{{ signer }}", lab)
    sheet.merge_range(28, 1, 28, 3, "{{ recipient.name }}                    (서명 또는 인)", cell)
    sheet.merge_range(28, 4, 28, 5, "작업자", lab)
    worker = "{% if worker %}{{ worker }}{% else %}{{ supplier.name }}{% endif %}                    (서명 또는 인)"
    sheet.merge_range(28, 6, 28, LAST, worker, cell)
    sheet.print_area(0, 0, 28, LAST)
    sheet.repeat_rows(12)
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(0.4, 0.4, 0.5, 0.6)
    sheet.set_footer("&R&P / &N")
    sheet.hide_gridlines(2)
    book.close()


if __name__ == "__main__":
    main()
