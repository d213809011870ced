"""The demo's other sheets: partners, spend, activities, customers, and what danggol must leave alone."""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

from addin.actions.sample import candidates, clerk, meetings, regulars
from addin.actions.sample import defects as reported
from addin.actions.sample import trials as tried
from addin.actions.sample.cast import CLUSTERS, PARTNERS, SERVICES, STAFF, Partner
from addin.actions.sample.story import SEED, Story

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from addin.actions.sample.looks import Looks

STAGES = ("접수", "확인", "방문", "견적", "수주", "완료", "실주", "취소")


def _heads(spec: str) -> list[tuple[str, str, float]]:
    """Headers from ``name|look|width; …``."""
    return [(name, look, float(width)) for name, look, width in (part.split("|") for part in spec.split("; "))]


def _table(
    sheet: Worksheet,
    looks: Looks,
    top: int,
    left: int,
    headers: Sequence[tuple[str, str, float]],
    rows: Sequence[Sequence[clerk.Cell]],
) -> int:
    """A plain list: (name, look, width) headers in the 0-based row ``top``; gives the row below the last."""
    for at, (name, _look, width) in enumerate(headers, left):
        sheet.set_column(at, at, width)
        sheet.write_string(top, at, name, looks["header"])
    for row, line in enumerate(rows, top + 1):
        for at, (value, (_name, look, _width)) in enumerate(zip(line, headers, strict=True), left):
            looks.put(sheet, row, at, value, look)
    return top + 1 + len(rows)


def partners(book: Workbook, looks: Looks) -> None:
    """The partner list, from C5, under a title."""
    rng = random.Random(SEED)
    sheet = book.add_worksheet("파트너")
    sheet.set_tab_color("#C55A11")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 1, 1.5)
    sheet.set_row(1, 28)
    sheet.set_row(4, 34)
    sheet.write(1, 2, "제휴 파트너 명단", looks["title"])
    sheet.write(2, 2, "분기마다 갱신 / SLA는 계약서 기준", looks["small"])
    headers = _heads(
        "코드|center|7; 파트너명|text|27; 클러스터|center|14; 지역|center|9; 세대수|money|9; "
        "제휴단계|center|12; 계약일|day|12; 우리 담당|center|10; 담당자|center|13; 연락처|phone|15; "
        "이메일|text|24; 사업자번호|center|14; SLA(분)|center|8; 당일방문\n목표|percent|10; "
        "월 목표\n(건)|center|8; 우리 이익|text|24; 파트너 이익|text|32; 상태|center|8; 비고|text|18; 최종승인일|day|12"
    )
    rows = [_partner(rng, n, p) for n, p in enumerate(PARTNERS)]
    end = _table(sheet, looks, 4, 2, headers, rows)
    sheet.write(end + 1, 2, "※ 후보 파트너는 계약 전까지 목표를 적지 않음", looks["small"])
    sheet.write_comment(4, 14, "계약서의 확인 시한(분)", {"author": "운영팀"})
    sheet.freeze_panes(5, 4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def _partner(rng: random.Random, n: int, p: Partner) -> list[clerk.Cell]:
    """One line of the partner list."""
    signed = dt.date(2025, 3, 4) + dt.timedelta(26 * n) if p.weight else None
    phone = clerk.phone(rng, f"010-0{n:03d}-{1000 + 77 * n}") if p.contact else None
    mail = f"p{n + 1:02d}@partner.example.com" if p.contact else None
    same_day = 0.9 if p.sla else None
    note = "11월 중 미팅 예정" if p.stage == "미팅" else None
    place: list[clerk.Cell] = [p.code, p.name, p.cluster, p.region, p.households, p.stage, clerk.day(rng, signed, 0.7)]
    people: list[clerk.Cell] = [STAFF[n % len(STAFF)], p.contact or None, phone, mail, p.business_no or None]
    return [
        *place,
        *people,
        p.sla,
        same_day,
        p.goal,
        p.ours or None,
        p.theirs or None,
        p.status,
        note,
        meetings.approved(p, signed),
    ]


def spend(book: Workbook, looks: Looks, story: Story) -> None:
    """What was spent on partners and advertising, with a total below."""
    rng = random.Random(SEED + 1)
    sheet = book.add_worksheet("비용")
    sheet.write(0, 0, "제휴·광고 비용", looks["title"])
    headers = _heads("지출일|day|13; 파트너|text|27; 항목|text|18; 금액|money|13; 비고|text|16")
    rows = [
        [clerk.day(rng, d), who or None, item, clerk.money(rng, amount, 0.9), None]
        for d, who, item, amount in story.spend
    ]
    end = _table(sheet, looks, 2, 0, headers, rows)
    sheet.write_string(end, 0, "총계", looks["total"])
    for at in (1, 2, 4):
        sheet.write_blank(end, at, None, looks["total"])
    total = sum(line[3] for line in rows if isinstance(line[3], int))
    sheet.write_formula(end, 3, f"=SUM(D4:D{end})", looks["total_money"], total)
    sheet.freeze_panes(3, 0)


def prospects(book: Workbook, looks: Looks, story: Story) -> None:
    """Who might become a partner: another list, of the same kind as the first."""
    sheet = book.add_worksheet("제휴후보")
    sheet.set_tab_color("#C55A11")
    sheet.write(0, 0, "제휴 후보 명단", looks["title"])
    _table(sheet, looks, 2, 0, _heads(candidates.HEADERS), candidates.rows(story))
    sheet.freeze_panes(3, 1)


def activities(book: Workbook, looks: Looks, story: Story) -> None:
    """Who spoke with which partner, and what comes next."""
    sheet = book.add_worksheet("활동")
    sheet.write(0, 0, "파트너 활동 기록", looks["title"])
    headers = _heads("활동일|day|13; 파트너|text|27; 구분|center|8; 내용|text|26; 담당|center|9; 다음 일정|day|13")
    lines = sorted([*story.activities, *meetings.rows(story.as_of)], key=lambda line: line[0])
    _table(sheet, looks, 2, 0, headers, lines)
    sheet.freeze_panes(3, 0)


def customers(book: Workbook, looks: Looks, story: Story) -> None:
    """The regulars: who joined, who left again."""
    sheet = book.add_worksheet("고객")
    sheet.write(0, 0, "단골 고객", looks["title"])
    _table(sheet, looks, 2, 0, _heads(regulars.HEADERS), regulars.rows(story))


def prices(book: Workbook, looks: Looks) -> None:
    """The price list."""
    sheet = book.add_worksheet("가격표")
    sheet.write(0, 0, "표준 가격표 (부가세 별도)", looks["title"])
    headers = _heads("코드|center|8; 서비스명|text|18; 규격|text|22; 단위|center|7; 단가|money|13; 과세|center|8")
    _table(sheet, looks, 2, 0, headers, [[s.code, s.name, s.spec, s.unit, s.price, "과세"] for s in SERVICES])


def defects(book: Workbook, looks: Looks, story: Story) -> None:
    """What the offices found in their common areas."""
    sheet = book.add_worksheet("하자")
    sheet.write(0, 0, "하자 접수 대장", looks["title"])
    _table(sheet, looks, 2, 0, _heads(reported.HEADERS), [*reported.rows(story.as_of)])
    sheet.freeze_panes(3, 0)


def trials(book: Workbook, looks: Looks, story: Story) -> None:
    """What the team has tried against its weak step."""
    sheet = book.add_worksheet("실험")
    sheet.write(0, 0, "병목 실험 기록", looks["title"])
    _table(sheet, looks, 2, 0, _heads(tried.HEADERS), tried.rows(story.as_of))
    sheet.freeze_panes(3, 0)


def stock(book: Workbook, looks: Looks) -> None:
    """What lies in the store room: no business of a CRM."""
    rng = random.Random(SEED + 3)
    sheet = book.add_worksheet("재고")
    sheet.write(0, 0, "자재 재고 (매주 금요일 실사)", looks["title"])
    headers = _heads(
        "품목|text|20; 규격|text|14; 현재고|money|9; 입고|money|8; 출고|money|8; 최소수량|money|10; 보관위치|center|10"
    )
    goods = "주방 수전|LED 방등|2구 콘센트|바이오 실리콘|줄눈제|방문 손잡이|방충망 롤러|실크 벽지|세면대 폽업"
    rows: list[list[clerk.Cell]] = []
    for name in goods.split("|"):
        amounts = (rng.randint(0, 40), rng.randint(0, 20), rng.randint(0, 20), 5)
        rows.append([name, rng.choice(("일반형", "고급형")), *amounts, f"{rng.choice('ABC')}-{rng.randint(1, 9)}"])
    end = _table(sheet, looks, 2, 0, headers, rows)
    low = {"type": "cell", "criteria": "<", "value": 5, "format": looks["alarm"]}
    sheet.conditional_format(3, 2, end - 1, 2, low)


def codes(book: Workbook, looks: Looks) -> None:
    """The hidden sheet behind the dropdowns."""
    sheet = book.add_worksheet("_코드")
    sheet.write_column(0, 0, ("진행상태", *STAGES))
    sheet.write_column(0, 2, ("군", *CLUSTERS))
    sheet.hide()


def overview(book: Workbook, sheet: Worksheet, looks: Looks, story: Story, months: Sequence[Counter[str]]) -> None:
    """Requests per partner and month by COUNTIF, a native chart over it, and the button the team is used to."""
    active = [p for p in PARTNERS if p.weight]
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 1.5)
    sheet.set_column(1, 1, 28)
    sheet.set_column(2, 14, 7.5)
    sheet.set_row(0, 30)
    sheet.write(0, 1, "월별 접수 현황", looks["title"])
    sheet.write(1, 1, f"기준일 {story.as_of:%Y-%m-%d}", looks["small"])
    sheet.insert_button("M1", {"macro": "새로고침", "caption": "새로고침", "width": 96, "height": 30})
    sheet.write(3, 1, "파트너", looks["header"])
    for at, (year, month) in enumerate(story.months, 2):
        sheet.write(3, at, f"{year % 100}.{month:02d}", looks["header"])
    sheet.write(3, 14, "합계", looks["header"])
    for row, p in enumerate(active, 4):
        sheet.write(row, 1, p.name, looks["text"])
        for at, (when, counts) in enumerate(zip(story.months, months, strict=True), 2):
            formula = f"=COUNTIF('{Story.tab(*when)}'!$E$6:$E$400,$B{row + 1})"
            sheet.write_formula(row, at, formula, looks["money"], counts[p.name])
        sheet.write_formula(
            row, 14, f"=SUM(C{row + 1}:N{row + 1})", looks["total_money"], sum(c[p.name] for c in months)
        )
    bottom = 4 + len(active)
    sheet.write(bottom, 1, "합계", looks["total"])
    for at in range(2, 15):
        letter = chr(65 + at)
        per = [sum(c[p.name] for c in months[at - 2 : at - 1] or months) for p in active]
        sheet.write_formula(bottom, at, f"=SUM({letter}5:{letter}{bottom})", looks["total_money"], sum(per))
    chart = book.add_chart({"type": "column", "subtype": "stacked"})
    for row in range(4, bottom):
        chart.add_series(
            {
                "name": [sheet.name, row, 1],
                "categories": [sheet.name, 3, 2, 3, 13],
                "values": [sheet.name, row, 2, row, 13],
            }
        )
    chart.set_title({"name": "파트너별 월 접수 건수", "name_font": {"name": "맑은 고딕", "size": 12}})
    chart.set_legend({"position": "right", "font": {"name": "맑은 고딕", "size": 8}})
    chart.set_size({"width": 900, "height": 340})
    sheet.insert_chart(bottom + 2, 1, chart)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
