"""LibreOffice missing, dying, hanging or slow: one sentence within the time allowed, nothing left running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from addin.errors import DanggolError
from addin.hosts.calc import bridge_uno
from addin.hosts.calc import soffice as module
from addin.hosts.calc.bridge_uno import SofficeDied, SofficeMissing, SofficeSlow, find_soffice
from addin.hosts.calc.engine import calc_app
from addin.hosts.calc.soffice import Soffice

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")


def stub(folder: Path, script: str) -> Path:
    """A program named soffice that runs a shell script instead."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return program


def test_a_missing_libreoffice_says_where_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("DANGGOL_SOFFICE", raising=False)
    monkeypatch.setattr(bridge_uno, "_program_folders", lambda: iter([tmp_path]))
    with pytest.raises(SofficeMissing, match=r"libreoffice\.org"), calc_app():
        pass


def test_a_path_given_that_is_no_program_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGGOL_SOFFICE", str(tmp_path / "없음"))
    with pytest.raises(SofficeMissing, match="없음"):
        find_soffice()


@posix
def test_a_program_given_by_its_path_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGGOL_SOFFICE", str(stub(tmp_path, "true")))
    assert find_soffice() == str(tmp_path / "soffice")


@posix
def test_a_start_that_takes_too_long_is_given_up(soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DANGGOL_SOFFICE", str(stub(tmp_path, f"echo $$ > {tmp_path}/pid; sleep 600")))
    monkeypatch.setattr(module.tempfile, "tempdir", str(tmp_path))
    start = time.monotonic()
    with pytest.raises(SofficeSlow, match="1초"):
        Soffice.start(timeout=1)
    assert time.monotonic() - start < 10
    assert gone(int((tmp_path / "pid").read_text()))
    assert not list(tmp_path.glob("danggol-soffice-*"))


@posix
def test_a_program_that_ends_at_once_is_told_with_its_code(
    soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANGGOL_SOFFICE", str(stub(tmp_path, "exit 77")))
    with pytest.raises(SofficeDied, match="77"):
        Soffice.start(timeout=20)


@posix
def test_a_new_profile_may_ask_for_a_second_start(
    soffice: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = f'[ -e {tmp_path}/once ] && exec "{module._runnable(soffice)}" "$@"; touch {tmp_path}/once; exit 81'
    monkeypatch.setenv("DANGGOL_SOFFICE", str(stub(tmp_path, again)))
    with Soffice.start(timeout=120) as office:
        assert office.alive
    assert not office.alive


def test_an_office_killed_in_the_middle_is_a_sentence_and_leaves_nothing(soffice: str, tmp_path: Path) -> None:
    offices = []

    def work() -> None:
        with calc_app() as app:
            offices.append(app.impl.office)
            sheet = app.books.add().sheets[0]
            os.kill(app.pid, signal.SIGKILL)
            sheet["A1"].value = 1

    with pytest.raises(SofficeDied, match="꺼졌습니다") as raised:
        work()
    assert isinstance(raised.value, DanggolError)
    assert not offices[0].alive
    assert not offices[0].profile.exists()


@posix
def test_an_office_that_hangs_is_ended_after_the_time_allowed(soffice: str) -> None:
    stopped = []

    def work() -> None:
        with calc_app(call_timeout=1) as app:
            sheet = app.books.add().sheets[0]
            os.kill(app.pid, signal.SIGSTOP)
            stopped.extend([app.pid, time.monotonic()])
            sheet["A1"].value = 1

    with pytest.raises(SofficeSlow, match="1초"):
        work()
    assert time.monotonic() - stopped[1] < 10
    assert gone(stopped[0])


def test_the_office_ends_and_its_profile_goes_with_the_context(soffice: str) -> None:
    with calc_app() as app:
        pid, profile = app.pid, app.impl.office.profile
        app.books.add()
        assert profile.is_dir()
    assert gone(pid)
    assert not profile.exists()


def test_an_office_nobody_stopped_ends_with_the_program(soffice: str) -> None:
    code = "from addin.hosts.calc.soffice import Soffice; print(Soffice.start().pid)"
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=120, capture_output=True
    )
    assert gone(int(done.stdout))


def test_a_profile_of_ones_own_stays(soffice: str, tmp_path: Path) -> None:
    with calc_app(tmp_path / "프로필"):
        pass
    assert (tmp_path / "프로필" / "user").is_dir()


def test_two_offices_at_once_do_not_meet(calc: Any) -> None:
    with calc_app() as other:
        other.books.add()
        assert other.pid != calc.pid
        assert len(calc.books) == 0


def test_nothing_is_imported_before_an_office_is_asked_for() -> None:
    code = (
        "import sys, builtins; before = builtins.__import__\n"
        "import addin.hosts.calc.engine, addin.hosts.calc.soffice\n"
        "assert not {'uno', 'xlwings', 'pandas'} & set(sys.modules), sorted(sys.modules)\n"
        "assert builtins.__import__ is before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)


def test_uno_leaves_no_folder_on_the_path_and_no_hook_on_import(soffice: str) -> None:
    code = (
        "import sys, builtins; hook, path = builtins.__import__, list(sys.path)\n"
        "from addin.hosts.calc.bridge_uno import load_uno\n"
        "assert load_uno().__name__ == 'uno'\n"
        "assert (builtins.__import__, sys.path) == (hook, path)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2], timeout=60)


def gone(pid: int) -> bool:
    """Whether the process has ended, waiting a moment for it."""
    for _ in range(100):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False
