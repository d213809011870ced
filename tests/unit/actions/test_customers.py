"""The tabs of regulars and of unit economics: what they say, and that what people typed stays with the customer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest

from addin import i18n
from addin.actions.kpi import kpis_of
from addin.actions.refresh import refresh_book
from addin.actions.views import economics, names
from addin.actions.views import regulars as view
from addin.actions.views.parts import Say
from addin.actions.views.regulars import Mark, parse_regulars_tab, regulars_tab
from addin.books import Edits, open_book
from addin.books.look import STYLES
from addin.books.read import read_book
from addin.books.render import render
from addin.crm.bindings import prepare
from addin.crm.calendar import day_of
from addin.crm.cohort_value import triangle
from addin.crm.message import msg
from addin.crm.people import people
from addin.crm.personas import personas
from addin.crm.regulars import Regulars, regular_product, regulars
from addin.crm.settings import Settings
from addin.crm.unit_economics import unit_economics
from tests.unit.actions.test_views import grid_of, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from addin.books.tab import Tab

AS_OF = dt.date(2026, 11, 20)


def minutes(text: str | None) -> int | None:
    return None if text is None else day_of(dt.date.fromisoformat(text)) * 1440


def prepared(settings: Settings) -> Any:
    """Six customers: two to invite, one in trouble, one long ago, a member who left, a regular."""
    rows = [
        ("가온", "2026-11-16", 300_000, "도배", None, None, None),
        ("가온", "2026-09-01", 120_000, "전등", None, None, "오전 방문"),
        ("새봄", "2026-11-10", 90_000, "도배", None, True, None),
        ("온유", "2026-11-12", 50_000, "수전", True, None, None),
        ("예솔", "2026-01-12", 70_000, "도배", None, None, None),
        ("이든", "2025-10-12", 400_000, "정기 청소", None, None, None),
        ("이든", "2026-10-12", 450_000, "전등", None, None, None),
        ("떠남", "2026-08-30", 10_000, "전등", None, None, None),
    ]
    frame = pl.DataFrame(
        {
            "customer": [r[0] for r in rows],
            "partner": ["한빛"] * len(rows),
            "received_at": [minutes(r[1]) for r in rows],
            "won_at": [minutes(r[1]) for r in rows],
            "amount": [r[2] * 100 for r in rows],
            "service": [r[3] for r in rows],
            "claim": pl.Series([r[4] for r in rows], dtype=pl.Boolean),
            "discount_asked": pl.Series([r[5] for r in rows], dtype=pl.Boolean),
            "note": pl.Series([r[6] for r in rows], dtype=pl.String),
        }
    )
    return prepare(frame, settings, day_of(AS_OF), CUSTOMERS)


CUSTOMERS = pl.DataFrame(
    {
        "name": ["이든", "떠남", "가온"],
        "persona": ["관리소장", "신혼", "신혼"],
        "joined_at": [minutes("2026-11-03"), minutes("2026-09-01"), None],
        "left_at": [None, minutes("2026-11-12"), None],
        "preference": [None, None, "친환경 자재"],
    }
)


def tiny(**own: Any) -> Regulars:
    settings = Settings(**own)
    bound = prepared(settings)
    found = regulars(people(bound, settings, CUSTOMERS), bound, settings)
    assert found is not None
    return found


def regular(say: Say, marks: dict[str, Mark] | None = None) -> Tab:
    off = [msg("flag.field", ko="추천인", en="Referrer")]
    advice = regular_product(Settings())
    return regulars_tab(tiny(), say, AS_OF, link="https://example.com/join", advice=advice, off=off, marks=marks)


def money(say: Say) -> Tab:
    steps: list[tuple[Any, int | None]] = [("접수", 10), ("견적", 4), ("수주", 8)]
    units = unit_economics(steps, 2, spend=900_000_00, net=1_490_000_00, orders=8, margin=Decimal(1))
    notes = [msg("economics.cac", cac="150,000", new=6)]
    grown = triangle(prepared(Settings()), Settings())
    return economics.economics_tab(units, grown, personas(tiny().lines), say, AS_OF, notes=notes)


TABS: dict[str, Callable[[Say], Tab]] = {"regulars": regular, "economics": money}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("key", list(TABS))
def test_a_tab_says_what_it_said_before(key: str, lang: str, golden: Callable[[str, str], None]) -> None:
    golden(f"tabs/{key}.{lang}.txt", told(TABS[key](Say(lang))))


@pytest.mark.parametrize("key", list(TABS))
def test_a_tab_has_its_name_mark_and_known_styles_and_can_be_drawn(key: str) -> None:
    tab = TABS[key](Say("ko"))
    assert (tab.name, tab.marker) == (names.NAMES["ko"][key], f"_danggol.tab.{key}")
    assert set(tab.styles.values()) <= set(STYLES)
    assert render([tab])[:2] == b"PK"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_word_chosen_by_name_is_in_the_catalogue(lang: str) -> None:
    used = [
        *view.LABELS.values(),
        *view.POOL_LABELS,
        *view.GROUP_IDS,
        *economics.STEP_LABELS,
        *economics.PERSONA_LABELS,
    ]
    assert [id for id in used if not i18n.known(id, lang)] == []


def texts(tab: Tab) -> list[str]:
    return [str(v) for _, v in sorted(tab.cells.items())]


def test_what_a_person_typed_is_found_again_after_the_lines_were_sorted() -> None:
    key = tiny().people[0].key
    tab = regular(Say("ko"), {key: Mark("2026-11-21", "전화로 안내")})
    lines: list[list[object]] = [list(row) for row in grid_of(tab).rows]
    head = next(i for i, line in enumerate(lines) if "메모" in line)
    lines[head + 1 :] = reversed(lines[head + 1 :])
    found = parse_regulars_tab(grid_of(tab, lines))
    assert {k: (m.invited, m.memo) for k, m in found.items()} == {key: ("2026-11-21", "전화로 안내")}


def test_an_invitation_somebody_sent_is_no_longer_to_do() -> None:
    key = tiny().people[0].key
    said = texts(regular(Say("ko"), {key: Mark(invited=dt.datetime(2026, 11, 19))}))
    assert said.count("초대하기") == texts(regular(Say("ko"))).count("초대하기") - 1


def test_a_memo_on_a_customer_who_is_gone_stands_below_as_it_was() -> None:
    mark = Mark(None, "이사 감", {"name": "옛손님", "partner": "샛별"})
    assert {"목록에서 빠진 고객의 메모", "옛손님", "이사 감"} <= set(texts(regular(Say("ko"), {"010-0000-0000": mark})))


def test_without_a_pool_it_says_which_column_begins_one() -> None:
    found = replace(tiny(), weeks=[], members=0)
    assert any("아직 단골 풀 기록이 없어요" in text for text in texts(regulars_tab(found, Say("ko"), AS_OF)))


def test_a_young_cohort_is_not_yet_and_never_zero() -> None:
    tab = money(Say("ko"))
    young = [tab.styles[place] for place, value in tab.cells.items() if value == "아직"]
    assert young
    assert set(young) == {"unripe"}


# -- a whole book ------------------------------------------------------------------------------------------------------


def book(path: Path, customers: bool = True) -> Path:
    """Requests and, if wanted, a customer list with memberships."""
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    sheet.title = "접수"
    sheet.append(
        ["접수번호", "업체명", *(["고객명", "휴대폰"] if customers else []), "서비스", "접수일", "수주일", "금액"]
    )
    for i in range(24):
        day = dt.date(2026, 6 + i % 5, 2 + i)
        who = [f"고객{i % 8}", f"010-1234-000{i % 8}"] if customers else []
        sheet.append([f"R{i:03}", "한빛", *who, ("도배", "전등")[i % 2], day, day, 100_000 + i])
    if customers:
        people = file.create_sheet("고객")
        people.append(["고객명", "휴대폰", "구분", "가입일", "선호사항"])
        people.append(["고객1", "010-1234-0001", "맞춤", dt.date(2026, 10, 20), "오전"])
        people.append(["고객2", "010-1234-0002", "맞춤", dt.date(2026, 10, 27), None])
    file.save(path)
    return path


def test_the_acquisition_cost_is_the_kpis_and_the_step_costs_come_from_the_same_spend(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx")
    file = openpyxl.load_workbook(path)
    spend = file.create_sheet("비용")
    spend.append(["지출일", "항목", "금액"])
    for month in (6, 8, 10):
        spend.append([dt.date(2026, month, 5), "광고", 160_000])
    file.save(path)
    refresh_book(path, as_of="2026-11-20")
    cac = kpis_of(path, kpis=["CAC"], as_of="2026-11-20").values[0]
    grid = read_book(path).grid("CRM_수익")
    assert grid is not None
    said = [str(cell) for row in grid.rows for cell in row if cell]
    assert cac.value == 60_000
    assert f"고객획득비(CAC): 처음 산 고객 {cac.n}명, 1명당 60,000원" in said
    first = next(row for row in grid.rows if row[0] == "접수")
    assert (first[1], first[3]) == (24, 20_000)


def test_refresh_draws_both_tabs_and_a_second_run_writes_nothing(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx")
    assert {"CRM_단골", "CRM_수익"} <= set(refresh_book(path, as_of="2026-11-20").tabs)
    assert refresh_book(path, as_of="2026-11-20").run is None


def test_where_customers_cannot_be_told_apart_there_is_no_such_tab(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx", customers=False)
    assert not {"CRM_단골", "CRM_수익"} & set(refresh_book(path, as_of="2026-11-20").tabs)


def test_a_memo_survives_the_next_refresh(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx")
    refresh_book(path, as_of="2026-11-20")
    grid = read_book(path).grid("CRM_단골")
    assert grid is not None
    head = next(i for i, row in enumerate(grid.rows, 1) if "메모" in row)
    memo, name = list(grid.rows[head - 1]).index("메모") + 1, grid.value(head + 2, 1)
    edits = Edits()
    edits.write("CRM_단골", head + 2, memo - 1, [["2026-11-21", "다음 주 전화"]])
    open_book(path).apply(edits)
    refresh_book(path, as_of="2026-11-27")
    grid = read_book(path).grid("CRM_단골")
    assert grid is not None
    line = next(row for row in grid.rows if "다음 주 전화" in row)
    assert line[0] == name
