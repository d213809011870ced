"""Draw the quote layout we ship, ``templates/quote/quote.xlsx``: a sheet as staff would draw it, with fields."""

from __future__ import annotations

from pathlib import Path

from layout import NAVY, RECIPIENT, Layout

TARGET = Path(__file__).resolve().parents[1] / "templates" / "quote" / "quote.xlsx"
WIDTHS = (9, 24, 19, 7, 9, 12, 14, 13, 17)
ABOUT = (
    ("견적번호", "{{ number }}"),
    ("견적일", "{{ issued }}"),
    ("유효기한", "{{ valid_until }}까지"),
    *RECIPIENT,
)
HEADS = ("No", "품명", "규격", "단위", "수량", "단가", "{{ amount_head }}", "세액", "비고")
FIELDS = ("no", "name", "spec", "unit", "quantity", "price")
TERMS = "단가는 부가세 {% if tax_included %}포함{% else %}별도{% endif %}입니다."


def main(target: Path = TARGET) -> None:
    """Write the layout."""
    page = Layout(target, "견적서", WIDTHS, "견  적  서")
    page.sides(3, ABOUT, (4, 4))
    ruled = {"font_size": 13, "bold": True, "top": 2, "bottom": 2, "border_color": NAVY}
    page.sheet.set_row(11, 28)
    page.span(11, 0, 5, "{{ letters }}", page.look(**ruled))
    page.span(11, 6, 8, "=G18", page.look(**ruled, align="right", num_format='"₩"#,##0" (부가세 포함)"'))
    page.heads(13, HEADS)
    page.fields(14, _fields("line"), page.line_looks)
    page.totals(15)
    page.line(18, None, TERMS, page.plain)
    page.line(20, None, "{% if options %}선택 품목 (합계에 들어 있지 않습니다){% endif %}", page.section)
    page.fields(21, _fields("option"), page.line_looks)
    page.sheet.write(23, 0, "결제 조건", page.section)
    page.line(24, 48, "{{ payment }}", page.words)
    page.sheet.write(25, 0, "A/S 조건", page.section)
    page.line(26, 48, "{{ service }}", page.words)
    page.close(13, 26)


def _fields(group: str) -> list[str]:
    told = [f"{{{{ {group}.{field} }}}}" for field in (*FIELDS, "note")]
    return [*told[:-1], "{{ live.supply }}", "{{ live.tax }}", told[-1]]


if __name__ == "__main__":
    main()
