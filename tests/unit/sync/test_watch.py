"""The watch: one cycle a poll, longer waits when nothing works, rest in the quiet hours, a stop that loses nothing."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from typing import TYPE_CHECKING

import pytest

from addin.errors import DanggolError, UsageError
from sheets_sync.outcome import CycleReport, Outcome
from sheets_sync.ports.base import Unavailable
from sheets_sync.watch import MAX_WAIT, Watch, only_news, rest_of, stopping

if TYPE_CHECKING:
    from collections.abc import Callable


def watched(
    cycles: list[CycleReport | DanggolError], *, resting: Callable[[], float] | None = None
) -> tuple[list[float], list[CycleReport | DanggolError], int]:
    """The waits, what was told and the exit code of a watch that is stopped when the cycles are used up."""
    waits: list[float] = []
    told: list[CycleReport | DanggolError] = []
    left = list(cycles)

    def cycle() -> CycleReport:
        one = left.pop(0)
        if isinstance(one, DanggolError):
            raise one
        return one

    def wait(seconds: float) -> bool:
        waits.append(seconds)
        return not left

    watch = Watch(cycle, told.append, 60, wait=wait, spread=lambda: 0.5)
    if resting:
        watch.resting = resting
    return waits, told, watch.run()


def test_a_cycle_every_poll_until_it_is_stopped() -> None:
    waits, told, code = watched([CycleReport(), CycleReport(), CycleReport()])
    assert (waits, len(told), code) == ([60, 60, 60], 3, 0)


def test_failures_in_a_row_wait_longer_and_one_success_ends_that() -> None:
    down = Unavailable("sync.unavailable", where="")
    waits, told, code = watched([down, down, down, CycleReport(), down])
    assert waits == [120, 240, 480, 60, 120]
    assert (told[0], code) == (down, 1)
    assert watched([down] * 9)[0][-1] == MAX_WAIT


def test_a_wrong_set_up_ends_the_watch_at_once() -> None:
    with pytest.raises(UsageError):
        watched([UsageError("sync.no_such_partner", value="x", near="y")])


def test_waits_are_spread_so_that_many_machines_do_not_ask_at_once() -> None:
    watch = Watch(CycleReport, lambda _: None, 60)
    assert all(54 <= watch.pause(0) <= 66 for _ in range(100))
    assert len({watch.pause(0) for _ in range(100)}) > 50


def test_in_the_quiet_hours_it_rests_and_goes_on_after_them() -> None:
    rests = iter([3600.0, 0.0, 0.0])
    waits, told, _ = watched([CycleReport(), CycleReport()], resting=lambda: next(rests))
    assert waits == [3600, 60, 60]
    assert len(told) == 2


def test_a_stop_while_it_rests_ends_the_watch() -> None:
    watch = Watch(CycleReport, pytest.fail, 60, wait=lambda _: True, resting=lambda: 60.0)
    assert watch.run() == 0


def test_the_same_trouble_in_every_cycle_is_told_once() -> None:
    def stuck(text: str) -> CycleReport:
        return CycleReport([Outcome("한빛", error=text)])

    down, told = Unavailable("sync.unavailable", where=""), list[CycleReport | DanggolError]()
    tell = only_news(told.append)
    quiet = CycleReport(idle=2)
    for one in (down, down, quiet, down, stuck("없음"), stuck("없음"), stuck("잠김"), quiet, quiet):
        tell(one)
    assert [str(one) if isinstance(one, DanggolError) else [o.error for o in one.outcomes] for one in told] == [
        str(down), [], str(down), ["없음"], ["잠김"], [], [],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "hours"), [("21:59", 0), ("22:00", 9), ("23:30", 7.5), ("00:00", 7), ("06:59", 1 / 60), ("07:00", 0)]
)
def test_the_quiet_hours_go_over_midnight(at: str, hours: float) -> None:
    now = dt.datetime.fromisoformat(f"2026-11-23T{at}:00+09:00")
    assert rest_of((dt.time(22), dt.time(7)), now) == pytest.approx(hours * 3600)


def test_the_quiet_hours_of_one_day() -> None:
    noon = dt.datetime(2026, 11, 23, 12, 30)
    assert rest_of((dt.time(12), dt.time(13)), noon) == 1800
    assert rest_of((dt.time(13), dt.time(14)), noon) == 0
    assert rest_of(None, noon) == 0


@pytest.mark.skipif(os.name == "nt", reason="os.kill on Windows ends the process itself")
def test_a_signal_asks_to_stop_and_a_second_one_ends_at_once() -> None:
    stop = threading.Event()
    before = signal.getsignal(signal.SIGTERM)
    with stopping(stop):
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop.is_set()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) == before
