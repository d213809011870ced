"""The command line: words, exit codes, what goes where, and that asking for help costs nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from addin import cli
from addin.cli.options import called
from addin.i18n import say, use_language
from tests.messy.build import write
from tests.unit.cli.typed import run

ROOT = Path(__file__).resolve().parents[3]


def test_help_imports_nothing_heavy() -> None:
    heavy = (
        "polars",
        "pandas",
        "numpy",
        "lxml",
        "xlsxwriter",
        "python_calamine",
        "holidays",
        "rapidfuzz",
        "jinja2",
        "xlwings",
    )
    code = f"import sys, addin.cli; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("group", "commands"), cli.GROUPS.items())
def test_a_command_is_held_by_the_module_that_is_imported_for_it(group: str, commands: tuple[str, ...]) -> None:
    module, app = import_module(f"addin.cli.{group}"), cli.app
    held = [
        called(one) for one in app.registered_commands if one.callback and one.callback.__module__ == module.__name__
    ]
    held += [called(one) for one in app.registered_groups if one.typer_instance is getattr(module, "group", None)]
    assert sorted(held) == sorted(commands)


def test_a_command_alone_leaves_the_others_where_they_are() -> None:
    assert [called(one) for one in cli._application("doctor").registered_commands] == ["doctor"]
    assert [called(one) for one in cli._application("addin").registered_groups] == ["addin"]
    assert len(cli._application("no such command").registered_commands) > 20


def test_a_refresh_with_nothing_to_draw_imports_no_more_than_it_needs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = str(write("plain", tmp_path))
    assert run("refresh", book, capsys=capsys)[0] == 0
    needless = (
        *("xlsxwriter", "rapidfuzz", "holidays", "babel", "jinja2", "openpyxl", "pandas", "duckdb", "pptx", "xlwings"),
        *("asyncio", "sheets_sync", "addin.documents", "addin.hosts", "addin.functions", "addin.actions.sample"),
        *("addin.books.graft", "addin.books.live", "addin.books.render", "addin.cli.kit", "addin.cli.partners"),
    )
    code = f"""if True:
        import sys
        from addin.cli import main
        try:
            main(["refresh", {book!r}, "--dry-run", "--json"])
        except SystemExit as end:
            sys.stderr.write(str([end.code, [m for m in {needless!r} if m in sys.modules]]))
    """
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert json.loads(done.stdout)["edits"] == 0
    assert done.stderr == "[0, []]"


def test_a_reader_who_leaves_early_is_not_complained_about(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "addin.cli", "check", str(write("plain", tmp_path)), "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as done:
        assert done.stdout
        assert done.stderr
        done.stdout.close()
        assert done.stderr.read() == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize(
    "words", [["--help"], ["--version"], ["check", "BOOK", "--json"], ["rows", "BOOK", "requests"]]
)
@pytest.mark.parametrize("buffered", ["", "1"])
def test_what_can_not_be_written_is_one_sentence_and_exit_1(tmp_path: Path, words: list[str], buffered: str) -> None:
    book = str(write("plain", tmp_path))
    command = [sys.executable, "-m", "addin.cli", *(book if word == "BOOK" else word for word in words)]
    env = os.environ | {"PYTHONUNBUFFERED": buffered}
    with open("/dev/full", "w") as full:
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, env=env)
    assert (done.returncode, done.stderr) == (1, say("error.prefix", text=say("error.no_room")) + "\n")


def test_a_program_without_a_console_runs_commands_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as end:
        cli.main(["check", str(write("plain", tmp_path)), "--json"])
    assert end.value.code in (0, None)
    sys.stdout.close()
    sys.stderr.close()


def test_the_version_is_the_checkouts_own() -> None:
    done = subprocess.run([sys.executable, "-m", "addin.cli", "--version"], cwd=ROOT, capture_output=True, text=True)
    assert (
        done.stdout == f"danggol {tomllib.loads((ROOT / 'pyproject.toml').read_text('utf-8'))['project']['version']}\n"
    )


@pytest.mark.parametrize(("words", "code"), [(["kpi"], 2), (["check", "nowhere.xlsx"], 1), (["check", "--help"], 0)])
def test_a_command_leaves_with_its_code_and_all_its_words(words: list[str], code: int) -> None:
    done = subprocess.run([sys.executable, "-m", "addin.cli", *words], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code
    assert (done.stderr or done.stdout).endswith("\n")


def test_the_pages_made_from_the_code_are_up_to_date() -> None:
    done = subprocess.run([sys.executable, "scripts/docs.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_names_every_command() -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    names = [c.name or c.callback.__name__ for c in cli.app.registered_commands if c.callback]
    names += [
        f"{group.name} {c.name or c.callback.__name__}"
        for group in cli.app.registered_groups
        if group.typer_instance
        for c in group.typer_instance.registered_commands
        if c.callback
    ]
    assert [name for name in names if f"danggol {name}" not in readme] == []


def test_several_steps_may_follow_one_option(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = str(write("csv_utf8", tmp_path))
    words = ("--steps", "전체=all", "확인=confirmed_at", "수주=stage=수주|완료", "--json")
    code, out, _ = run("funnel", book, *words, capsys=capsys)
    assert code == 0
    assert [step["step"] for step in json.loads(out)["steps"]] == ["전체", "확인", "수주"]


def test_a_book_after_several_kpis_is_still_the_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = str(write("plain", tmp_path))
    code, out, _ = run("kpi", "--json", "--kpi", "RESP_10M", "SAMEDAY", book, capsys=capsys)
    assert code == 0
    assert {row["kpi"] for row in json.loads(out)} == {"RESP_10M", "SAMEDAY"}


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("rows", "{book}", "nonsense"), 2, "표는 없습니다"),
        (("rows", "{book}", "spend"), 1, "찾지 못했습니다"),
        (("kpi", "{book}", "--kpi", "DEPENDANCY"), 2, "DEPENDENCY"),
        (("kpi", "{book}", "--by", "partnr"), 2, "partner"),
        (("kpi", "{book}", "--from", "내일"), 2, "2026-11-20"),
        (("kpi", "{book}", "--from", "2026-02-01", "--to", "2026-01-01"), 2, "늦습니다"),
        (("kpi", "{book}", "--engine", "excel"), 2, "polars"),
        (("funnel", "{book}", "--steps", "가=all", "나=stagee"), 2, "stage"),
        (("adopt", "{book}", "--map", "partnr=업체명"), 2, "partner"),
        (("adopt", "{book}", "--map", "partner=없는머리글"), 2, "업체명"),
        (("refresh", "{book}", "--into", "x.xlsx"), 2, "csv"),
        (("undo", "{book}"), 1, "되돌릴"),
        (("rows", "nowhere.xlsx", "requests"), 1, "nowhere.xlsx"),
        (("log", "nowhere.xlsx"), 1, "nowhere.xlsx"),
        (("rows", "{book}", "requests", "--lang", "fr"), 2, "ko, en"),
    ],
)
def test_a_mistake_says_what_and_what_to_do(
    words: tuple[str, ...], code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = write("plain", tmp_path)
    before = book.read_bytes()
    found, out, err = run(*(w.format(book=book) for w in words), capsys=capsys)
    assert (found, out) == (code, "")
    assert says in err
    assert book.read_bytes() == before


def test_open_questions_end_with_3_and_are_written_into_the_book(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book = tmp_path / "질문.csv"
    book.write_text(
        "업체명,날짜,일자,금액,상태\n한빛,2026-10-01,2026-10-02,1000,수주\n두리,2026-10-03,2026-10-05,2000,취소\n",
        "utf-8",
    )
    into = tmp_path / "질문.xlsx"
    code, out, err = run("adopt", str(book), "--into", str(into), "--json", capsys=capsys)
    asked = json.loads(out)["questions"]
    assert code == 3
    assert asked
    assert "CRM_매핑" in err
    from addin.books.read import read_book

    grid = read_book(into).grid("CRM_매핑")
    assert grid is not None
    assert any(asked[0]["header"] in row for row in grid.rows)


def test_ctrl_c_in_the_middle_says_that_the_book_is_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def pressed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    book = write("plain", tmp_path)
    before = book.read_bytes()
    monkeypatch.setattr("addin.actions.refresh.refresh_book", pressed)
    assert run("refresh", str(book), capsys=capsys) == (1, "", "중단했습니다. 엑셀 파일은 온전합니다.\n")
    assert book.read_bytes() == before


def test_a_dry_run_prints_the_plan_and_leaves_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = write("plain", tmp_path)
    before = book.read_bytes()
    code, out, _ = run("refresh", str(book), "--dry-run", capsys=capsys)
    assert code == 0
    assert "CRM_대시보드" in out
    assert book.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [book.name]


def test_english_on_request_and_korean_otherwise(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = str(write("plain", tmp_path))
    _, korean, _ = run("check", book, capsys=capsys)
    _, english, _ = run("check", book, "--lang", "en", capsys=capsys)
    use_language(None)
    assert "잘못된 값이 없습니다" in korean
    assert "Nothing is wrong" in english


def test_a_book_adopted_in_english_keeps_english_tabs_whatever_the_messages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from addin.books.read import read_book

    book = write("plain", tmp_path)
    run("adopt", str(book), "--lang", "en", capsys=capsys)
    use_language(None)
    _, out, _ = run("refresh", str(book), "--lang", "ko", capsys=capsys)
    assert "썼습니다" in out
    tabs = read_book(book).tabs
    assert "CRM_Dashboard" in tabs
    assert "CRM_대시보드" not in tabs


def test_steps_count_any_list_that_has_the_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = tmp_path / "signups.csv"
    book.write_text("id,signup,activated,paid\n1,2026-01-01,2026-01-02,\n2,2026-01-03,,\n3,x,y,z\n", "utf-8")
    words = ("--steps", "가입=signup", "활성=activated", "유료=paid", "--json")
    code, out, _ = run("funnel", str(book), *words, capsys=capsys)
    assert code == 0
    assert [s["reached"] for s in json.loads(out)["steps"]] == [3, 2, 1]


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        ("고객공장", ["가입", "활성화", "유료"]),
        ("regulars", ["신청", "경험"]),
        ("제휴", ["기회 발견", "미팅", "실무자 접촉", "기획서 완성", "개발 구축", "QA 테스트", "현장 테스트"]),
    ],
)
def test_the_funnels_of_the_sources_are_asked_for_by_name(
    name: str, steps: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from addin.actions.sample import make_sample

    make_sample(tmp_path / "b.xlsx")
    code, out, _ = run("funnel", str(tmp_path / "b.xlsx"), "--steps", name, "--json", capsys=capsys)
    assert code == 0
    assert [step["step"] for step in json.loads(out)["steps"]] == steps
