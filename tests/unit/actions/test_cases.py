"""Cases worth showing, up-selling and users in the tabs and on the command line."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import openpyxl
import polars as pl
import pytest

from addin import i18n
from addin.actions.cases import CustomerList, customers_of, show_customers
from addin.actions.refresh import refresh_book
from addin.actions.views import cases as view
from addin.actions.views import names, upsell
from addin.actions.views.cases import cases_tab
from addin.actions.views.economics import economics_tab
from addin.actions.views.parts import Say
from addin.actions.views.regulars import regulars_tab
from addin.books.look import STYLES
from addin.books.read import read_book
from addin.books.render import render
from addin.books.tab import Link
from addin.crm.best_cases import BestCases, best_cases
from addin.crm.bindings import prepare
from addin.crm.calendar import day_of
from addin.crm.people import people
from addin.crm.regulars import Regulars, regulars
from addin.crm.settings import Settings
from tests.unit.actions.test_views import told
from tests.unit.crm.conftest import frame_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from addin.books.tab import Tab

AS_OF = dt.date(2026, 11, 20)
CUSTOMERS = pl.DataFrame(
    {"name": ["총무", "김대리"], "persona": ["총무", "직원"], "preference": [None, "채식"]},
)


def order(who: str, day: str, amount: int, user: str | None = None, **more: Any) -> dict[str, Any]:
    row = {"customer": who, "partner": "한빛", "service": "도시락", "user": user, "satisfaction": None, "note": None}
    return {**row, "received_at": day, "won_at": day, "amount": amount, **more}


ROWS = [
    order("총무", "2026-06-01", 60_000, "김대리", satisfaction=5, note="사진 있음"),
    order("총무", "2026-07-01", 60_000, "김대리"),
    order("총무", "2026-08-01", 60_000, "박사원"),
    order("새봄", "2026-06-01", 100_000),
    order("새봄", "2026-09-01", 150_000, satisfaction=5),
    order("온유", "2026-09-01", 100_000, satisfaction=3),
    order("이든", "2026-09-01", 100_000, service="행사", satisfaction=5),
    order("가온", "2026-09-02", 110_000),
]


def both(rows: list[dict[str, Any]] = ROWS) -> tuple[Regulars, BestCases]:
    settings = Settings()
    prepared = prepare(frame_of(rows), settings, day_of(AS_OF), CUSTOMERS)
    lines = people(prepared, settings, CUSTOMERS)
    found = regulars(lines, prepared, settings, (), CUSTOMERS)
    assert found is not None
    return found, best_cases(prepared, lines, settings, CUSTOMERS)


def shown(say: Say) -> Tab:
    settings = Settings()
    least, most = settings.best_satisfaction, settings.best_cases
    return cases_tab(both()[1], say, AS_OF, lambda case: f"H{case.row}", least=least, most=most)


def block(say: Say) -> Tab:
    return economics_tab(None, None, [], say, AS_OF, upsell=both()[0].upsell)


TABS: dict[str, Callable[[Say], Tab]] = {"cases": shown, "upsell": block}


@pytest.mark.parametrize("lang", ["ko", "en"])
@pytest.mark.parametrize("key", list(TABS))
def test_a_tab_says_what_it_said_before(key: str, lang: str, golden: Callable[[str, str], None]) -> None:
    golden(f"tabs/{key}.{lang}.txt", told(TABS[key](Say(lang))))


def test_the_tab_has_its_name_mark_and_known_styles_and_can_be_drawn() -> None:
    tab = shown(Say("ko"))
    assert (tab.name, tab.marker) == (names.NAMES["ko"]["cases"], "_danggol.tab.cases")
    assert set(tab.styles.values()) <= set(STYLES)
    assert render([tab])[:2] == b"PK"


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_word_chosen_by_name_is_in_the_catalogue(lang: str) -> None:
    used = [*view.LABELS.values(), *view.KIND_IDS, *upsell.LABELS]
    assert [id for id in used if not i18n.known(id, lang)] == []


def test_each_case_leads_to_its_row() -> None:
    links = [value for value in shown(Say("ko")).cells.values() if isinstance(value, Link)]
    assert {(link.sheet, link.cell) for link in links} == {("접수", "H2"), ("접수", "H6"), ("접수", "H8")}


def test_what_no_case_tells_has_no_column() -> None:
    rows = [{k: v for k, v in row.items() if k not in ("user", "note")} | {"claim": None} for row in ROWS]
    tab = cases_tab(both(rows)[1], Say("ko"), AS_OF, lambda _: "A1", least=Settings().best_satisfaction, most=3)
    assert not {"이용자", "비고"} & set(tab.cells.values())


def test_where_the_photos_of_a_case_are_stands_beside_it() -> None:
    rows = [row | {"사진링크": "사진/1.jpg"} for row in ROWS]
    tab = cases_tab(both(rows)[1], Say("ko"), AS_OF, lambda _: "A1", least=Settings().best_satisfaction, most=3)
    assert {"사진·후기", "사진/1.jpg"} <= set(tab.cells.values())
    assert "사진·후기" not in shown(Say("ko")).cells.values()


def test_a_customers_line_names_who_uses_what_it_buys_and_what_it_could_pay_more_for() -> None:
    tab = regulars_tab(both()[0], Say("ko"), AS_OF)
    said = [text for text in tab.cells.values() if isinstance(text, str)]
    assert any("이용: 김대리 2번 (선호: 채식), 박사원 1번" in text for text in said)
    assert any("도시락 3번에 평균 60,000원을 냈고" in text for text in said)
    assert any("같은 서비스를 다시 산 2건 가운데 1건은" in text and "표본이 적어" in text for text in said)


# -- a whole book ------------------------------------------------------------------------------------------------------

HEADERS = {
    "customer": "고객명",
    "partner": "업체명",
    "service": "서비스",
    "user": "실이용자",
    "satisfaction": "만족도",
    "note": "비고",
    "received_at": "접수일",
    "won_at": "수주일",
    "amount": "금액",
}


def book(path: Path, *without: str) -> Path:
    file = openpyxl.Workbook()
    sheet = file.active
    assert sheet is not None
    sheet.title = "접수"
    kept = {field: header for field, header in HEADERS.items() if field not in without}
    sheet.append([*kept.values()])
    for row in ROWS:
        sheet.append([row[field] for field in kept])
    listed = file.create_sheet("고객")
    listed.append(["고객명", "페르소나", "선호사항", "연락처"])
    listed.append(["총무", "총무", None, "010-1234-0001"])
    listed.append(["김대리", "직원", "채식", "010-1234-0002"])
    file.save(path)
    return path


def test_refresh_draws_the_tab_and_a_second_run_writes_nothing(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx")
    assert "CRM_사례" in refresh_book(path, as_of="2026-11-20").tabs
    grid = read_book(path).grid("CRM_사례")
    assert grid is not None
    assert any("접수!C2" in row for row in grid.rows)
    assert refresh_book(path, as_of="2026-11-20").run is None


def test_where_nothing_tells_how_a_job_went_there_is_no_such_tab(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx", "satisfaction", "user")
    assert "CRM_사례" not in refresh_book(path, as_of="2026-11-20").tabs


def test_the_command_gives_cases_and_up_selling_as_data(tmp_path: Path) -> None:
    found = customers_of(book(tmp_path / "고객.xlsx"), as_of="2026-11-20").to_json()
    first = found["cases"][0]
    assert (first["of"], first["customer"], first["user"], first["persona"]) == ("도시락", "총무", "김대리", "직원")
    assert (first["satisfaction"], first["scale"], first["done"], first["link"]) == (5, 5, "2026-06-01", "접수!C2")
    assert {key: found["upsell"][key] for key in ("could", "did", "rate", "small_sample")} == {
        "could": 2,
        "did": 1,
        "rate": 0.5,
        "small_sample": True,
    }
    (candidate,) = found["upsell"]["candidates"]
    assert (candidate["customer"], candidate["usual"], candidate["others"]) == ("총무", 60_000, 3)


def test_what_the_command_says_reads_as_the_tabs_do(tmp_path: Path) -> None:
    text = show_customers(customers_of(book(tmp_path / "고객.xlsx"), as_of="2026-11-20"))
    assert "만족도 5/5 (+2) · 그 뒤 다시 이용 (+1)" in text
    assert "- 총무: 더 좋은 구성 권하기: 도시락 3번에 평균 60,000원" in text
    assert "50.0% (표본부족)" in text


def test_without_cases_up_selling_or_customers_it_says_what_is_missing(tmp_path: Path) -> None:
    path = book(tmp_path / "고객.xlsx", "satisfaction", "user", "amount")
    text = show_customers(customers_of(path, as_of="2026-11-20"))
    assert i18n.say("show.customers.no_cases") in text
    assert i18n.say("show.customers.no_upsell") in text
    unbought = customers_of(book(tmp_path / "접수만.xlsx", "won_at", "amount"), as_of="2026-11-20")
    assert (unbought.known, unbought.cases.cases) == (True, ())
    assert not customers_of(book(tmp_path / "고객 없음.xlsx", "customer", "user"), as_of="2026-11-20").known
    assert show_customers(CustomerList(known=False)).strip() == i18n.say("show.customers.nobody")
