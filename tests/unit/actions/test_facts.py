"""A book's facts as files: replaced whole, never counted twice; and every way to point at many books."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from addin.actions import facts as module
from addin.actions.facts import export_facts, part_name, read_facts
from addin.actions.kpi import KpiResult, kpis_of
from addin.actions.rows import rows_of, write_rows
from addin.actions.sources import find_sources
from addin.errors import BookError, UsageError

HEAD = "접수번호,업체명,고객,접수일시,확인일시,수주일,금액,클레임\n"
GANGNAM = HEAD + "R1,한빛,김,2026-10-05 09:00,2026-10-05 09:05,2026-10-06,100000,N\nR2,은하,이,2026-11-02,,,,\n"
SEOCHO = HEAD + "R1,한빛,박,2026-10-07 09:00,2026-10-07 10:05,2026-10-08,300000,Y\n"


@pytest.fixture
def branches(tmp_path: Path) -> Path:
    folder = tmp_path / "지점"
    folder.mkdir()
    (folder / "강남.csv").write_text(GANGNAM, "utf-8")
    (folder / "서초.csv").write_text(SEOCHO, "utf-8")
    return folder


def _values(result: KpiResult, *kpis: str) -> dict[tuple[str, str], tuple[float | None, float | None]]:
    return {
        (row["kpi"], "/".join(row["by"].values())): (row["numerator"], row["denominator"])
        for row in result.to_json()
        if not kpis or row["kpi"] in kpis
    }


@pytest.mark.parametrize("by", ["partner", "month", None])
def test_facts_of_two_branches_give_the_numbers_of_their_rows(branches: Path, tmp_path: Path, by: str | None) -> None:
    for book in sorted(branches.iterdir()):
        export_facts(book, tmp_path / "facts")
    kpis = ["CLAIM_RATE", "DEPENDENCY", "RESP_10M", "VOLATILITY"]
    from_facts = kpis_of(tmp_path / "facts", kpis=kpis, by=by)
    assert _values(from_facts) == _values(kpis_of(branches, kpis=kpis, by=by))
    assert _values(kpis_of(tmp_path / "facts", kpis=["CLAIM_RATE"]))["CLAIM_RATE", ""] == (1, 2)


def test_facts_are_partitioned_by_partner_and_month(branches: Path, tmp_path: Path) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    folders = {str(p.parent.relative_to(tmp_path / "facts")) for p in (tmp_path / "facts").rglob("*.parquet")}
    assert {"partner=한빛/month=2026-10", "partner=은하/month=2026-11"} <= {f.replace("\\", "/") for f in folders}


def test_exporting_again_replaces_and_never_adds(branches: Path, tmp_path: Path) -> None:
    book, out = branches / "강남.csv", tmp_path / "facts"
    export_facts(book, out)
    before = sorted(out.rglob("*.parquet"))
    export_facts(book, out)
    assert sorted(out.rglob("*.parquet")) == before
    book.write_text(GANGNAM.replace("100000", "700000"), "utf-8")
    export_facts(book, out)
    assert _values(kpis_of(out, kpis=["DEPENDENCY"]))["DEPENDENCY", "한빛"] == (700000, 700000)


def test_a_crash_while_exporting_leaves_the_export_before(
    branches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    book, out = branches / "강남.csv", tmp_path / "facts"
    export_facts(book, out)
    book.write_text(GANGNAM.replace("100000", "700000"), "utf-8")
    real, calls = module._put, []

    def dying(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        real(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "_put", dying)
    with pytest.raises(KeyboardInterrupt):
        export_facts(book, out)
    assert _values(kpis_of(out, kpis=["DEPENDENCY"]))["DEPENDENCY", "한빛"] == (100000, 100000)


def test_two_books_of_one_name_need_names_of_their_own(branches: Path, tmp_path: Path) -> None:
    out, other = tmp_path / "facts", tmp_path / "서초" / "강남.csv"
    other.parent.mkdir()
    other.write_text(SEOCHO, "utf-8")
    export_facts(branches / "강남.csv", out)
    with pytest.raises(UsageError, match="--branch"):
        export_facts(other, out)
    export_facts(other, out, branch="서초")
    assert {one.branch for one in read_facts(sorted(out.rglob("*.parquet")), out)} == {"강남", "서초"}


def test_a_store_that_lacks_a_file_is_refused(branches: Path, tmp_path: Path) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    next((tmp_path / "facts" / "partner=한빛").rglob("*.parquet")).unlink()
    with pytest.raises(BookError, match="강남"):
        kpis_of(tmp_path / "facts")


@pytest.mark.parametrize("pattern", ["*.parquet", "*/*/*.parquet", "**/*.parquet"])
def test_a_pattern_for_all_of_a_store_is_the_store(branches: Path, tmp_path: Path, pattern: str) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    assert kpis_of(tmp_path / "facts" / pattern).values
    next((tmp_path / "facts").glob("partner=한빛/*/*.parquet")).unlink()
    with pytest.raises(BookError, match="강남"):
        kpis_of(tmp_path / "facts" / pattern)
    assert kpis_of(tmp_path / "facts" / "partner=*" / "*" / "*.parquet").values  # chosen, whatever is missing


def test_a_damaged_fact_file_is_named(branches: Path, tmp_path: Path) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    path = next((tmp_path / "facts").glob("partner=한빛/*/*.parquet"))
    whole = bytearray(path.read_bytes())
    whole[4:400] = b"\xff" * 396
    path.write_bytes(whole)
    with pytest.raises(BookError, match=path.name):
        kpis_of(tmp_path / "facts")


def test_facts_of_another_version_are_refused(branches: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    monkeypatch.setattr("addin.crm.fact_store.VERSION", 2)
    with pytest.raises(BookError, match="다시 내보내세요"):
        kpis_of(tmp_path / "facts")


@pytest.mark.parametrize(
    "name", ["a/b", "a\\b", "..", "x=1", "CON", "한빛 (주)", "a" * 300, "한" * 300, "😀", "a\nb", "%", " 앞", "끝."]
)
def test_any_partner_name_makes_a_safe_folder_of_its_own(name: str, tmp_path: Path) -> None:
    made = part_name(name)
    assert not set('<>:"/\\|?*=\n') & set(made)
    assert made not in (".", "..")
    assert made == made.strip(" .")
    assert len(made.encode()) <= 200
    (tmp_path / f"partner={made}").mkdir()
    assert part_name(name + "다른") != made


def test_rows_in_parquet_give_the_numbers_of_the_book(branches: Path, tmp_path: Path) -> None:
    out = tmp_path / "rows"
    out.mkdir()
    for book in sorted(branches.iterdir()):
        write_rows(rows_of(book, "requests"), out / f"{book.stem}.parquet")
    assert kpis_of(Path(f"{out}/*.parquet")).to_json() == kpis_of(branches).to_json()


def test_a_customer_number_counts_within_its_own_book(tmp_path: Path) -> None:
    import openpyxl

    for branch in ("가", "나"):
        book = openpyxl.Workbook()
        sheet = book.active
        assert sheet is not None
        sheet.title = "고객"
        people = (["고객번호", "고객명", "가입일"], ["C1", f"김{branch}", "2026-01-05"], ["C2", "이", "2026-01-06"])
        for row in people:
            sheet.append(row)
        asked = book.create_sheet("접수")
        for row in (
            ["접수번호", "업체명", "고객번호", "접수일", "수주일", "금액"],
            ["R1", "한빛", "C1", "2026-01-05", "2026-01-06", 1000],
            ["R2", "한빛", "C2", "2026-01-07", "2026-01-08", 1000],
        ):
            asked.append(row)
        book.save(tmp_path / f"{branch}.xlsx")
    united = kpis_of(tmp_path, kpis=["REVISIT_RATE"], as_of="2026-12-31").to_json()
    assert next(row for row in united if row["by"] == {})["denominator"] == 4


def test_what_a_person_points_at(branches: Path, tmp_path: Path) -> None:
    (branches / "~$강남.xlsx").write_bytes(b"")
    (branches / "메모.txt").write_text("-")
    both = [branches / "강남.csv", branches / "서초.csv"]
    assert find_sources(branches) == both
    assert find_sources(branches / "*.csv") == both
    assert find_sources(branches / "강남.csv") == both[:1]
    assert find_sources(tmp_path / "없다.xlsx") == [tmp_path / "없다.xlsx"]
    for nothing in (tmp_path / "*.xlsx", tmp_path):
        with pytest.raises(BookError, match=r"\.parquet"):
            find_sources(nothing)


def test_facts_and_rows_are_not_mixed(branches: Path, tmp_path: Path) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    write_rows(
        rows_of(branches / "서초.csv", "requests"), tmp_path / "facts" / "partner=한빛" / "month=2026-10" / "r.parquet"
    )
    with pytest.raises(BookError, match="섞여"):
        kpis_of(tmp_path / "facts")


def test_a_page_that_cant_be_read_says_what_to_do(branches: Path, tmp_path: Path) -> None:
    export_facts(branches / "강남.csv", tmp_path / "facts")
    page = next((tmp_path / "facts" / "_branches").glob("*.json"))
    page.write_text(json.dumps({"branch": "강남"}), "utf-8")
    with pytest.raises(BookError, match="danggol facts"):
        kpis_of(tmp_path / "facts")
