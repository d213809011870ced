"""The gate runs every test: what a test needs is installed there, and a test that is skipped all the same fails."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
SKIPPED = """
import pytest

def test_by_a_call():
    pytest.skip("soffice is not installed")

@pytest.mark.skipif(True, reason="no systemd here")
def test_by_a_mark():
    pass

@pytest.fixture
def engine():
    pytest.skip("pyspark is not installed")

def test_by_a_fixture(engine):
    pass

@pytest.mark.skipif(True, reason="the administrator may write everywhere")
def test_that_no_gate_can_run():
    pass
"""


@pytest.mark.parametrize(("ci", "counted"), [("1", "1 failed, 1 skipped, 3 errors"), ("", "5 skipped")])
def test_in_ci_a_skipped_test_is_a_failure(ci: str, counted: str, tmp_path: Path) -> None:
    (tmp_path / "test_skipped.py").write_text(SKIPPED)
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_engine')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    command += ["--continue-on-collection-errors", str(tmp_path)]
    env = {**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=120)
    assert counted in done.stdout.splitlines()[-1]
    assert ("in CI nothing may be skipped: Skipped: no systemd here" in done.stdout) == bool(ci)


def test_every_program_a_test_asks_for_is_installed_by_the_gate() -> None:
    asked = {
        name
        for path in (ROOT / "tests").rglob("*.py")
        for name in re.findall(r'(?<!def )\bprogram\("([^"]+)"', path.read_text("utf-8"))
    }
    (checked,) = re.findall(r"for program in ([^;]+);", (ROOT / ".ci" / "run").read_text("utf-8"))
    assert {"soffice", "java", "node"} <= asked <= set(checked.split())
