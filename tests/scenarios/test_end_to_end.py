"""The whole job as a person does it, on the demo's messy workbook: adopt, refresh, look, undo."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from addin.actions.sample import AS_OF, make_sample
from addin.actions.sample.clerk import SLIPS
from addin.actions.sample.story import Story, tell
from addin.i18n import known
from tests.messy.build import HOSTILE, write
from tests.messy.hostile import excel_lock

ROOT = Path(__file__).resolve().parents[2]
OURS = {"CRM_매핑", "CRM_설정", "CRM_KPI", "CRM_퍼널", "CRM_점검", "CRM_대시보드", "CRM_기록"}
#: Parts that have to know of a new tab, a style or a column; all others must come through as they are.
PACKAGE_PARTS = {
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/styles.xml",
    "docProps/app.xml",
}
#: Sheets danggol has no business in.
LEFT_ALONE = ("월별 현황", "가격표", "재고", "_코드")


@dataclass(frozen=True)
class Done:
    """A finished command."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)


def danggol(*words: str | Path) -> Done:
    """The command line as a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "DANGGOL_LANG": "ko"}
    command = [sys.executable, "-m", "addin.cli", *map(str, words)]
    done = subprocess.run(command, capture_output=True, env=environment, encoding="utf-8", timeout=120)
    assert "Traceback" not in done.stderr, done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def parts(book: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(book) as package:
        return {name: package.read(name) for name in package.namelist()}


def sheet_parts(book: Path) -> dict[str, str]:
    """Sheet name → part name."""
    has = parts(book)
    targets = dict(
        re.findall(r'<Relationship Id="(\w+)"[^>]*Target="([^"]+)"', has["xl/_rels/workbook.xml.rels"].decode())
    )
    tabs = re.findall(r'<sheet name="([^"]+)"[^>]*r:id="(\w+)"', has["xl/workbook.xml"].decode())
    return {name: "xl/" + targets[rid] for name, rid in tabs}


def cells(xml: bytes) -> dict[bytes, bytes]:
    """Address → the cell as it stands in the sheet's XML."""
    return {m[1]: m[0] for m in re.finditer(rb'<c r="([A-Z]+\d+)"[^>]*?(?:/>|>.*?</c>)', xml, re.DOTALL)}


@dataclass(frozen=True)
class Stages:
    """The same workbook: as the clerk left it, adopted, refreshed; and what the commands said."""

    original: Path
    adopted: Path
    refreshed: Path
    book: Path
    adopt: Done
    refresh: Done


@pytest.fixture(scope="module", autouse=True)
def _own_memory(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANGGOL_HOME", str(tmp_path_factory.mktemp("home")))
        yield


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(AS_OF)


@pytest.fixture(scope="module")
def stages(tmp_path_factory: pytest.TempPathFactory) -> Stages:
    folder = tmp_path_factory.mktemp("work")
    book = folder / "파트너관리.xlsx"
    make_sample(book)
    original = Path(shutil.copy(book, folder / "original.copy"))
    adopt = danggol("adopt", book, "--json")
    adopted = Path(shutil.copy(book, folder / "adopted.copy"))
    refresh = danggol("refresh", book, "--as-of", str(AS_OF))
    refreshed = Path(shutil.copy(book, folder / "refreshed.copy"))
    return Stages(original, adopted, refreshed, book, adopt, refresh)


def test_adopt_finds_the_requests_of_twelve_monthly_tabs_as_one_table(stages: Stages, story: Story) -> None:
    assert stages.adopt.code in (0, 3), stages.adopt.err
    tables = {t["table"]: t for t in stages.adopt.data["tables"]}
    requests = tables["requests"]
    assert requests["sheets"] == [Story.tab(*m) for m in story.months]
    assert requests["rows"] == len(story.requests)
    assert requests["header_row"] == 5
    found = {field: match["header"] for field, match in requests["columns"].items()}
    assert found["partner"] in {"파트너", "업체명"}
    assert found["received_at"] == "접수 › 일시"
    assert found["confirmed_at"] == "처리 › 확인일시"
    assert found["visited_at"] == "처리 › 방문일시"
    assert found["won_at"] == "처리 › 수주일"
    assert found["stage"] == "진행상태"
    assert found["amount"] == "금액(원) › 공급가액"
    assert tables["partners"]["sheets"] == ["파트너", "제휴후보"]
    assert tables["spend"]["sheets"] == ["비용"]


def test_cross_tabs_and_stock_lists_are_left_alone(stages: Stages) -> None:
    mapped = {sheet for table in stages.adopt.data["tables"] for sheet in table["sheets"]}
    assert not mapped & {"월별 현황", "재고", "_코드"}


def test_refresh_adds_its_tabs_and_keeps_every_tab_of_the_person(stages: Stages) -> None:
    assert stages.refresh.code == 0, stages.refresh.err
    before, after = list(sheet_parts(stages.original)), list(sheet_parts(stages.refreshed))
    assert [name for name in after if name not in OURS and not name.startswith("CRM_")] == before
    assert set(after) >= OURS


def test_charts_button_comments_and_strings_are_byte_for_byte_as_they_were(stages: Stages) -> None:
    before, after = parts(stages.original), parts(stages.refreshed)
    sheets = set(sheet_parts(stages.original).values())
    for name, body in before.items():
        if name not in PACKAGE_PARTS | sheets:
            assert after[name] == body, name
    for sheet in LEFT_ALONE:
        part = sheet_parts(stages.original)[sheet]
        assert after[part] == before[part], sheet


def test_every_cell_a_person_typed_is_as_it_was(stages: Stages) -> None:
    before, after = parts(stages.original), parts(stages.refreshed)
    for sheet, part in sheet_parts(stages.original).items():
        mine, now = cells(before[part]), cells(after[part])
        assert {a: c for a, c in mine.items() if now.get(a) != c} == {}, sheet
        assert len(mine) > 5


def test_flags_stand_beside_the_persons_last_column(stages: Stages) -> None:
    before, after = parts(stages.original), parts(stages.refreshed)
    part = sheet_parts(stages.original)["2026년 11월"]
    new = cells(after[part]).keys() - cells(before[part]).keys()
    columns = {re.sub(rb"\d", b"", address) for address in new}
    assert b"AG" in columns  # the table ends in AF
    assert len([a for a in new if a.startswith(b"AG")]) >= 90


def test_refreshing_twice_writes_nothing_the_second_time(stages: Stages) -> None:
    journal = stages.book.parent / ".danggol"
    runs = sorted(journal.iterdir())
    again = danggol("refresh", stages.book, "--as-of", str(AS_OF))
    assert again.code == 0
    assert stages.book.read_bytes() == stages.refreshed.read_bytes()
    assert sorted(p for p in journal.iterdir() if p.suffix != ".fresh") == runs  # no run, only "nothing to do" noted


def test_undo_takes_refresh_and_then_adopt_back_byte_for_byte(tmp_path: Path) -> None:
    book = tmp_path / "파트너관리.xlsx"
    make_sample(book)
    original = book.read_bytes()
    danggol("adopt", book)
    adopted = book.read_bytes()
    danggol("refresh", book, "--as-of", str(AS_OF))
    assert len({original, adopted, book.read_bytes()}) == 3
    assert danggol("undo", book).code == 0
    assert book.read_bytes() == adopted
    (run,) = (line["run"] for line in danggol("log", book, "--json").data if line["action"] == "adopt")
    assert danggol("undo", book, run).code == 0
    assert book.read_bytes() == original


@pytest.mark.parametrize("command", ["adopt", "refresh"])
def test_a_dry_run_writes_nothing_at_all(command: str, stages: Stages, tmp_path: Path) -> None:
    book = Path(shutil.copy(stages.adopted if command == "refresh" else stages.original, tmp_path / "b.xlsx"))
    before = book.read_bytes()
    assert danggol(command, book, "--dry-run").code in (0, 3)
    assert book.read_bytes() == before
    assert list(tmp_path.iterdir()) == [book]


def test_rows_are_all_there_and_phones_have_their_zero_again(stages: Stages, story: Story) -> None:
    rows = danggol("rows", stages.book, "requests", "--json").data
    assert len(rows) == len(story.requests)
    assert {row["phone"][0] for row in rows if row["phone"]} == {"0"}
    assert {row["_sheet"] for row in rows} == {Story.tab(*m) for m in story.months}


def test_the_funnel_names_the_step_from_quote_to_order(stages: Stages, story: Story) -> None:
    funnel = danggol("funnel", stages.book, "--as-of", str(AS_OF), "--json").data
    won = sum(r.won is not None for r in story.requests)
    (order,) = (step for step in funnel["transitions"] if step["to"] == "수주")
    assert abs(order["passed"] - won) <= len(SLIPS)
    assert (funnel["constraint"]["from"], funnel["constraint"]["to"]) == ("제안", "수주")
    assert funnel["constraint"]["verdict"] == "confirmed"


def test_one_partner_is_over_30_percent_and_is_a_breach(stages: Stages) -> None:
    shares = danggol("kpi", stages.book, "--kpi", "DEPENDENCY", "--by", "partner", "--as-of", str(AS_OF), "--json").data
    breaches = {line["by"]["partner"]: line["value"] for line in shares if line["flag"] == "breach"}
    assert list(breaches) == ["㈜한빛"]
    assert 0.3 < breaches["㈜한빛"] < 0.42


def test_check_finds_every_slip_of_the_clerk(stages: Stages) -> None:
    faults = danggol("check", stages.book, "--json").data
    values = {str(fault["value"]) for fault in faults}
    slips = {v for v in SLIPS.values() if isinstance(v, str) and v == v.strip()}  # "실주 " is read as meant
    assert slips <= {v.strip() for v in values}
    for fault in faults:
        assert fault["sheet"]
        assert fault["fix"]


def test_the_tabs_hold_no_unfilled_words(stages: Stages) -> None:
    book = CalamineWorkbook.from_path(str(stages.book))
    for name in OURS:
        for line in book.get_sheet_by_name(name).to_python():
            for cell in line:
                assert not (isinstance(cell, str) and cell) or not (known(cell) or re.search(r"\{\w+\}", cell)), (
                    name,
                    cell,
                )


def test_a_workbook_open_in_excel_is_refused_and_untouched(stages: Stages, tmp_path: Path) -> None:
    book = Path(shutil.copy(stages.original, tmp_path / "b.xlsx"))
    excel_lock(book)
    before = book.read_bytes()
    done = danggol("adopt", book)
    assert done.code == 1
    assert "b.xlsx" in done.err
    assert book.read_bytes() == before


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_with_a_sentence_and_untouched(name: str, tmp_path: Path) -> None:
    book = write(name, tmp_path)
    before = book.read_bytes()
    done = danggol("adopt", book)
    assert done.code == 1
    assert done.err.strip()
    assert done.out == ""
    assert book.read_bytes() == before
    assert list(tmp_path.iterdir()) == [book]


def test_a_csv_is_read_and_never_written(tmp_path: Path) -> None:
    book = write("csv_cp949", tmp_path)
    before = book.read_bytes()
    assert len(danggol("rows", book, "requests", "--json").data) == 6
    assert danggol("refresh", book).code == 2
    assert danggol("refresh", book, "--into", tmp_path / "new.xlsx").code == 0
    assert book.read_bytes() == before
    assert zipfile.is_zipfile(tmp_path / "new.xlsx")


def test_an_unknown_field_in_map_is_a_usage_error_that_names_the_nearest(stages: Stages) -> None:
    done = danggol("rows", stages.book, "requests", "--map", "partnr=업체명")
    assert done.code == 2
    assert "partner" in done.err
