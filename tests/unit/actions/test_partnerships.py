"""Partnerships and quarterly tiers as tabs: what they say, whose cells are whose, nothing written twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from addin.actions.refresh import refresh_book
from addin.actions.tabs import names_of, partner_places, partner_tabs
from addin.actions.views import names, partnerships, tiers
from addin.actions.views.tiers import Decision, Replacement, TierLine, Tiers, parse_tiers_tab, tiers_tab
from addin.actions.workspace import open_workspace
from addin.books import Edits, open_book
from addin.books.look import STYLES
from addin.books.read import read_book
from addin.books.render import render
from addin.books.tab import Link, Tab
from addin.crm.grid import Grid
from addin.crm.tiers import PARTS, Flip, Weights
from addin.i18n import LANGUAGES, known
from tests.unit.actions.test_views import told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

from addin.actions.views.parts import Say

KO = Say("ko")
AS_OF = "2026-11-20"
HEAD = (
    *("업체명", "클러스터", "세대수", "월회전", "제휴단계", "단계변경일", "계약일", "우리 이익", "파트너 이익", "상태"),
    *("제휴 이유", "예상 월매출", "예상 공수(일)", "단계 증빙"),
)
ESTATE, CAFE = "아파트 단지", "카페·공유오피스"
RUNNING = [
    (f"{name} 관리사무소", ESTATE, 900, None, "운영", None, "2025-01-02", "물량", "보고서", "운영")
    for name in ("한빛", "샛별", "새봄", "해솔")
]
CASE = ("우리 단지 옆", 6_000_000, 10, "제안서 10/2")
ON_THEIR_WAY = [
    ("별빛 관리사무소", ESTATE, 1200, 30, "실무자 접촉", "2026-11-01", None, "물량", "할인", "후보", *CASE),
    ("누리 관리사무소", ESTATE, 250, 15, "미팅", "2026-08-01", None, "물량", None, "후보"),
    ("도담 관리사무소", ESTATE, None, None, "기회 발견", None, None, None, None, "후보"),
    ("이음 오피스", CAFE, None, 700, "개발 구축", "2026-10-10", None, "소개", "관리", "진행"),
    *[(f"{n} 카페", CAFE, None, 100 + n, "미팅", f"2026-11-{n:02d}", None, None, None, "후보") for n in range(1, 6)],
]


def team(path: Path, orders: dict[str, int] | None = None) -> Path:
    """A workbook with partners on their way and running ones, each with some orders of 100,000 in August."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "파트너"
    sheet.append(HEAD)
    for line in [*RUNNING, *ON_THEIR_WAY]:
        sheet.append(list(line))
    sheet = book.create_sheet("접수")
    sheet.append(["접수번호", "업체명", "고객명", "접수일시", "수주일", "진행상태", "금액", "클레임"])
    number = 0
    for name, count in (orders or {"한빛": 24, "샛별": 22, "새봄": 6, "해솔": 3, "헷빛": 1}).items():
        for i in range(count):
            number += 1
            day = dt.datetime(2026, 8, 1 + i, 10)
            claim = "Y" if name == "샛별" and i < 5 else None
            sheet.append([f"R{number}", f"{name} 관리사무소", f"고객{number}", day, day, "수주", 100_000, claim])
    book.create_sheet("메모").append(["기준", dt.datetime(2026, 11, 20)])
    book.save(path)
    return path


def tabs_of(book: Path) -> dict[str, Tab]:
    from addin.actions.dates import parse_day
    from addin.actions.results import results_of

    workspace = open_workspace(book)
    results = results_of(workspace, as_of=parse_day(AS_OF, "--as-of"))
    drawn = partner_tabs(workspace, results, names_of(workspace), partner_places(workspace, results))
    return {tab.marker.rpartition(".")[2]: tab for tab in drawn}


def words(tab: Tab) -> list[str]:
    return [v.text if isinstance(v, Link) else str(v) for _, v in sorted(tab.cells.items())]


def lines(tab: Tab, first: str) -> list[list[Any]]:
    """The rows whose first or second cell is this name, as values."""

    def text(value: object) -> object:
        return value.text if isinstance(value, Link) else value

    rows = [[text(tab.cells.get((r, c))) for c in range(1, tab.last[1] + 1)] for r in range(1, tab.last[0] + 1)]
    return [row for row in rows if first in row[:2]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tab]:
    return tabs_of(team(tmp_path_factory.mktemp("team") / "b.xlsx"))


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("key", ["partnerships", "tiers"])
def test_a_tab_says_what_it_said_before(
    key: str, lang: str, tmp_path: Path, golden: Callable[[str, str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANGGOL_LANG", lang)
    golden(f"tabs/{key}.{lang}.txt", told(tabs_of(team(tmp_path / "b.xlsx"))[key]))


@pytest.mark.parametrize("key", ["partnerships", "tiers"])
def test_a_tab_has_its_name_mark_and_known_styles_and_can_be_drawn(drawn: dict[str, Tab], key: str) -> None:
    tab = drawn[key]
    assert (tab.name, tab.marker) == (names.NAMES["ko"][key], f"_danggol.tab.{key}")
    assert set(tab.styles.values()) <= set(STYLES)
    assert render([tab])[:2] == b"PK"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_word_chosen_by_name_is_in_the_catalogue(lang: str) -> None:
    used = (
        *(*partnerships.LABELS, *partnerships.BENEFITS, *tiers.LABELS.values(), *tiers.TIER_IDS, *tiers.ADOPT),
        *(*tiers.CHANGES, *tiers.PART_IDS, *tiers.IF_LABELS),
    )
    assert [id for id in used if not known(id, lang)] == []


def test_the_seven_stages_count_who_reached_each_and_who_is_there(drawn: dict[str, Tab]) -> None:
    (found,) = lines(drawn["partnerships"], "개발 구축")[:1]
    assert found[1] == 5  # four run, one is being built
    assert found[4] == 1


def test_who_waits_too_long_lacks_evidence_or_a_benefit_stands_out(drawn: dict[str, Tab]) -> None:
    (waits, *_) = lines(drawn["partnerships"], "누리 관리사무소")
    assert waits[3] == 111
    assert "● 위반" in waits
    assert "상대 이익 없음" in waits
    assert "기록 없음: 제안서를 보냄" in waits


def test_the_internal_case_is_told_in_one_line(drawn: dict[str, Tab]) -> None:
    (found, *_) = lines(drawn["partnerships"], "별빛 관리사무소")
    assert found[8:10] == [6_000_000, 600_000]  # revenue a month, and for each day of effort
    assert found[11] == "우리 단지 옆"


def test_candidates_show_their_points_and_two_pilots_a_cluster(drawn: dict[str, Tab]) -> None:
    tab = drawn["partnerships"]
    scores = {
        name: lines(tab, name)[-1] for name in ("별빛 관리사무소", "누리 관리사무소", "도담 관리사무소", "5 카페")
    }
    assert scores["별빛 관리사무소"][3:9] == [100, 30, 30, 20, 20, "파일럿"]
    assert scores["누리 관리사무소"][3:9] == [65, 30, 15, 10, 10, "파일럿"]
    assert "250세대는 500세대의 50%" in str(scores["누리 관리사무소"][10])
    assert "세대수가 비어 있어 0점" in str(scores["도담 관리사무소"][10])
    assert [line[8] for n in (5, 4) for line in lines(tab, f"{n} 카페")[-1:]] == ["파일럿", None]  # one is being built


def test_the_quarter_s_tiers_and_what_hangs_on_those_to_be_replaced(drawn: dict[str, Tab]) -> None:
    tab = drawn["tiers"]
    tier = {name: lines(tab, f"{name} 관리사무소")[0][3] for name in ("한빛", "샛별", "새봄", "해솔")}
    assert tier == {"한빛": "확대", "샛별": "확대", "새봄": "교체", "해솔": "교체"}
    assert any("교체 2곳에 분기 매출의 16.4%, 의뢰 9건이 걸려 있어요." in text for text in words(tab))
    (gone,) = lines(tab, "새봄 관리사무소")[1:]
    assert gone[3] == 600_000
    assert str(gone[10]).startswith("별빛 관리사무소 (100), 누리 관리사무소 (65)")
    assert any("명단에 없는 이름 1개는 순위에서 뺐어요: 헷빛 관리사무소" in text for text in words(tab))


def a_line(partner: str, tier: str = "replace", **more: Any) -> TierLine:
    points = dict.fromkeys(PARTS, 50.0)
    return TierLine(partner, "", 50.0, 1, tier, points, 100.0, None, 0.1, 30, **more)


def a_page(*told: TierLine, **more: Any) -> Tiers:
    weights = {part: Weights().part(part) for part in PARTS}
    days = dt.date(2026, 7, 1), dt.date(2026, 9, 30)
    counts = Counter(line.tier for line in told)
    return Tiers("2026-Q3", days, told[: tiers.MOST], counts, weights, **more)


def test_last_in_two_quarters_is_said_loudly() -> None:
    twice = a_line("가", before="replace")
    one = Replacement("가", 100.0, 0.5, 3, 0.4, ())
    tab = tiers_tab(a_page(twice, a_line("나", "keep", before="expand"), replacements=[one], twice=1), KO)
    assert lines(tab, "가")[0][5] == "두 분기 이어 하위"
    assert lines(tab, "나")[0][5] == "▼ 내려감"
    assert any("그중 1곳은 두 분기 이어서 하위예요." in text for text in words(tab))
    assert "대신할 후보가 없어요. 먼저 후보를 찾아 주세요" in words(tab)


def test_whose_tier_hangs_on_a_weight_is_told() -> None:
    flip = Flip("가", "revenue", -(Weights().quality / 2), "replace", "keep")
    tab = tiers_tab(a_page(a_line("가"), flips=[flip]), KO)
    assert {"매출의 몫 -10%p", "가: 교체 → 유지"} <= set(words(tab))


def grid(tab: Tab) -> Grid:
    rows = [[tab.cells.get((r, c)) for c in range(1, tab.last[1] + 1)] for r in range(1, tab.last[0] + 1)]
    return Grid(tab.name, [[v.text if isinstance(v, Link) else v for v in row] for row in rows])  # type: ignore[misc]


def test_what_people_decided_stays_when_the_quarter_or_the_partner_is_gone() -> None:
    said = {
        ("2026-Q3", "가"): Decision("예", "유지", "이번만", "교체"),
        ("2026-Q2", "가"): Decision("아니요", "확대", None, "유지"),
        ("2026-Q3", "없어진 곳"): Decision(None, None, "통화함", "교체"),
    }
    tab = tiers_tab(a_page(a_line("가"), decisions=said), KO)
    again = parse_tiers_tab(grid(tab))
    assert again == said
    assert parse_tiers_tab(grid(tiers_tab(a_page(a_line("가"), decisions=again), Say("en")))).keys() == said.keys()


def test_more_than_the_tab_holds_are_counted_and_their_decisions_kept() -> None:
    many = [a_line(f"p{i:03d}", "keep") for i in range(tiers.MOST + 3)]
    said = {("2026-Q3", many[-1].partner): Decision("예", None, None, "유지")}
    tab = tiers_tab(a_page(*many, decisions=said), KO)
    assert "밑에 3곳이 더 있어요 (확대 0, 유지 3, 교체 0)" in words(tab)
    assert parse_tiers_tab(grid(tab)) == said


def test_decisions_survive_refreshes_and_a_second_one_writes_nothing(tmp_path: Path) -> None:
    book = team(tmp_path / "b.xlsx")
    refresh_book(book, as_of=AS_OF)
    before = read_book(book).grid("CRM_등급")
    assert before is not None
    row = next(r for r in range(1, len(before.rows) + 1) if before.value(r, 2) == "해솔 관리사무소")
    edits = Edits()
    edits.write("CRM_등급", row, list(tiers.COLUMNS).index("adopt") + 1, [["아니요", "유지", "12월까지 지켜봄"]])
    open_book(book).apply(edits)
    assert refresh_book(book, as_of=AS_OF).run is None
    refresh_book(book, as_of="2027-01-05")  # the quarter has moved on
    after = read_book(book).grid("CRM_등급")
    assert after is not None
    assert parse_tiers_tab(after) == {
        ("2026-Q3", "해솔 관리사무소"): Decision("아니요", "유지", "12월까지 지켜봄", "교체")
    }
    assert refresh_book(book, as_of="2027-01-05").run is None


def test_a_team_without_stages_or_partners_has_neither_tab(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["접수번호", "고객명", "접수일시", "진행상태", "금액"])
    sheet.append(["R1", "김고객", dt.datetime(2026, 8, 1, 9), "수주", 1000])
    book.save(tmp_path / "b.xlsx")
    assert tabs_of(tmp_path / "b.xlsx") == {}


def approving(path: Path) -> Path:
    """The team's book with approvals of two partners, a café's demos, and who met whom."""
    book = openpyxl.load_workbook(team(path))
    sheet = book["파트너"]
    row = sheet.max_row + 1
    for at, value in enumerate(("물든 카페", CAFE, None, None, "운영", "2026-09-01", None, "소개", "할인", "운영"), 1):
        sheet.cell(row, at, value)
    sheet.cell(1, len(HEAD) + 1, "최종 승인일")
    sheet.cell(2, len(HEAD) + 1, "2026-08-20")
    acts = book.create_sheet("활동")
    acts.append(["활동일", "파트너", "활동유형", "활동내용", "다음일정"])
    for line in (
        ("2026-11-05", "물든 카페", "데모", "미니 수리 데모", None),
        ("2026-11-12", "물든 카페", "데모", "미니 수리 데모", None),
        ("2026-10-01", "누리 관리사무소", "미팅", "실무자 미팅", None),
        ("2026-10-05", "별빛 관리사무소", "미팅", "의사결정권자 미팅", None),
        ("2026-10-12", "별빛 관리사무소", "미팅", "실무자 협의", None),
    ):
        acts.append(list(line))
    book["접수"].append(["R900", "물든 카페", "김가온", "2026-11-12 14:00", None, "접수", None, None])
    book.save(path)
    return path


def test_who_lacks_the_approval_and_met_in_the_wrong_order_stands_in_the_tab(tmp_path: Path) -> None:
    tab = tabs_of(approving(tmp_path / "b.xlsx"))["partnerships"]
    told = words(tab)
    assert KO("view.partnerships.approvals_on", given=1, first="2026-08-20", n=1) in told
    assert KO("view.partnerships.unapproved") in told
    assert KO("view.partnerships.met_workers", workers="2026-10-01") in told
    assert sum(KO("view.partnerships.h.approved") == text for text in told) == 1
    assert set(tab.styles.values()) <= set(STYLES)


def test_a_cafes_demos_and_what_they_brought_stand_in_the_tab(tmp_path: Path) -> None:
    book = approving(tmp_path / "b.xlsx")
    tab = tabs_of(book)["partnerships"]
    demos = [row for row in lines(tab, "물든 카페") if dt.date(2026, 11, 12) in row]
    assert demos[0][:8] == ["물든 카페", CAFE, dt.date(2026, 11, 12), 2, 1, 1, 0, dt.date(2026, 11, 19)]
    assert demos[0][8] == KO("view.partnerships.demo.late", days=1)
    refresh_book(book, as_of=AS_OF)
    before = book.read_bytes()
    refresh_book(book, as_of=AS_OF)
    assert book.read_bytes() == before


def test_without_demos_there_is_no_list_of_them(drawn: dict[str, Tab]) -> None:
    assert KO("view.partnerships.demos") not in words(drawn["partnerships"])
    assert KO("view.partnerships.approvals_off") in words(drawn["partnerships"])
