"""danggol's own clock: one moment for every process of a run, which can be set on or back."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys

import pytest

from addin.today import SEOUL, SHIFT, now, today


def test_the_tests_run_on_one_day_whatever_day_it_is_and_so_does_what_they_start() -> None:
    assert today() == dt.date(2026, 11, 20)
    code = "from addin.today import now; print(now().isoformat())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout
    assert dt.timedelta(0) <= now() - dt.datetime.fromisoformat(told.strip()) < dt.timedelta(minutes=5)


@pytest.mark.parametrize("shift", ["", "0"])
def test_untold_it_is_the_true_time_in_seoul(monkeypatch: pytest.MonkeyPatch, shift: str) -> None:
    monkeypatch.setenv(SHIFT, shift)
    before = dt.datetime.now(SEOUL)
    assert before <= now() <= dt.datetime.now(SEOUL)


def test_set_on_a_day_it_is_tomorrow_and_time_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SHIFT, str(float(os.environ[SHIFT]) + 86_400))
    first = now()
    assert today() == dt.date(2026, 11, 21)
    assert now() > first
