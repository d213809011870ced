"""What all tests share: their day, goldens of what people see, rewritten by ``pytest --update-golden``."""

from __future__ import annotations

import datetime as dt
import gc
import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import hypothesis
import pytest

from addin.today import SEOUL, SHIFT

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

# A busy machine is no bug: how long one example takes says nothing about what it must hold.
hypothesis.settings.register_profile("danggol", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("danggol")

#: When every run of the tests begins, in every process of it, whatever day it is and however near midnight: a test
#: that is green today is green next year. DANGGOL_CLOCK_SHIFT=0 shows what the true day makes of them.
BEGINS = dt.datetime(2026, 11, 20, 10, tzinfo=SEOUL)
os.environ.setdefault(SHIFT, str((BEGINS - dt.datetime.now(SEOUL)).total_seconds()))

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
#: Why a test may be skipped in CI, which is a Linux run by root by day; any other skip there is a failure.
NOT_IN_CI = ("the administrator may write everywhere", "a night's work: DANGGOL_NIGHTLY=1")
GOLDEN = Path(__file__).parent / "golden"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI no test is passed over unseen: .ci/run installs whatever one needs."""
    return _seen((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Nor is a module."""
    return _seen((yield))


def _seen(report: Report) -> Report:
    if os.environ.get("CI") and report.outcome == "skipped" and not hasattr(report, "wasxfail"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not any(allowed in why for allowed in NOT_IN_CI):
            report.outcome, report.longrepr = "failed", f"in CI nothing may be skipped: {why}"
    return report


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files with what comes out now")


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test reads or writes what the user's danggol remembers, or depends on the user's language; what a command
    sets for its own short life (`addin.cli.main` looks for no garbage) ends with its test."""
    from addin.i18n import use_language

    monkeypatch.setenv("DANGGOL_HOME", str(tmp_path_factory.mktemp("home")))
    monkeypatch.delenv("DANGGOL_LANG", raising=False)
    use_language(None)
    yield
    gc.enable()
    use_language(None)


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """``golden("tabs/kpi.txt", text)``: the text is what the file says; ``--update-golden`` rewrites the file."""

    def check(name: str, text: str) -> None:
        path = GOLDEN / name
        text = text.rstrip("\n") + "\n"
        if request.config.getoption("--update-golden"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            return
        assert path.exists(), f"no golden {name}: run pytest --update-golden and look at it"
        assert text == path.read_text("utf-8"), f"{name} changed: look, then run pytest --update-golden"

    return check
