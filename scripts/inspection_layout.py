"""Draw the inspection form's layout we ship, ``templates/inspection/inspection.xlsx``, with fields."""

from __future__ import annotations

from pathlib import Path

from layout import RECIPIENT, Layout

TARGET = Path(__file__).resolve().parents[1] / "templates" / "inspection" / "inspection.xlsx"
WIDTHS = (9, 24, 16, 7, 8, 12, 13, 11, 15, 7)
ABOUT = (
    ("접수번호", "{{ request }}"),
    ("견적번호", "{{ number }}"),
    ("완료일", "{{ completed }}"),
    *RECIPIENT,
)
HEADS = ("No", "작업 항목", "규격", "단위", "수량", "단가", "{{ amount_head }}", "세액", "비고", "확인")
ROW = ("{{ line.no }}", "{{ line.name }}", "{{ line.spec }}", "{{ line.unit }}", "{{ line.quantity }}",
       "{{ line.price }}", "{{ live.supply }}", "{{ live.tax }}", "{{ line.note }}", "□")  # fmt: skip
#: First column, last column, head, field.
DEFECT = ((0, 0, "번호", "{{ defect.number }}"), (1, 1, "내용", "{{ defect.text }}"),
          (2, 4, "위치", "{{ defect.place }}"), (5, 5, "발견일", "{{ defect.found }}"),
          (6, 6, "보수일", "{{ defect.fixed }}"),
          (7, 8, "상태", "{{ defect.state }}"), (9, 9, "확인", "□"))  # fmt: skip
SIGNED = "위 작업이 끝났음을 확인합니다.          년        월        일"
WORKER = "{% if worker %}{{ worker }}{% else %}{{ supplier.name }}{% endif %}                    (서명 또는 인)"


def main(target: Path = TARGET) -> None:
    """Write the layout."""
    page = Layout(target, "검수확인서", WIDTHS, "검수확인서")
    page.sides(3, ABOUT, (4, 5))
    page.sheet.write(11, 0, "작업 내용", page.section)
    page.heads(12, HEADS)
    page.fields(13, ROW, (*page.line_looks, page.center))
    page.totals(14)
    page.sheet.write(18, 0, "하자", page.section)
    for row in (19, 20):
        page.sheet.set_row(row, 22)
    for first, last, name, _ in DEFECT:
        page.span(19, first, last, name, page.head)
    for first, last, _, field in DEFECT:
        page.span(20, first, last, field, page.cell if first in (1, 2) else page.center)
    page.line(21, None, "{% if not defects %}기록된 하자가 없습니다.{% endif %}", page.plain)
    page.sheet.write(22, 0, "특이 사항", page.section)
    page.line(23, 44, "{{ remark }}", page.box)
    page.sheet.write(24, 0, "A/S 조건", page.section)
    page.line(25, 44, "{{ service }}", page.words)
    page.line(27, 24, SIGNED, page.look(align="center", font_size=11))
    page.sheet.set_row(28, 34)
    page.sheet.write(28, 0, "{{ signer }}", page.label)
    page.span(28, 1, 3, "{{ recipient.name }}                    (서명 또는 인)", page.cell)
    page.span(28, 4, 5, "작업자", page.label)
    page.span(28, 6, page.last, WORKER, page.cell)
    page.close(12, 28)


if __name__ == "__main__":
    main()
