"""``danggol sync --watch``: a cycle every poll, until it is asked to stop; the partner in hand is finished first.

A refresh a partner asks for is served at the next poll. In the quiet hours it rests. When a whole cycle fails (no
network, no sign-in) the wait grows, from one poll to `MAX_WAIT`, and falls back with the first cycle that works.
"""

from __future__ import annotations

import datetime as dt
import random
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.errors import DanggolError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheets_sync.cycle import CycleReport

MAX_WAIT: Final = 900.0
JITTER: Final = 0.1


def _no_rest() -> float:
    return 0.0


def rest_of(hours: tuple[dt.time, dt.time] | None, now: dt.datetime) -> float:
    """Seconds until the quiet hours end, over midnight too; 0 outside them.

    >>> night = dt.time(22), dt.time(7)
    >>> [rest_of(night, dt.datetime(2026, 11, 23, hour)) / 3600 for hour in (21, 22, 3, 7)]
    [0.0, 9.0, 4.0, 0.0]
    """
    if hours is None:
        return 0.0
    start, end = hours
    at = now.time().replace(tzinfo=None)
    inside = start <= at < end if start < end else at >= start or at < end
    if not inside:
        return 0.0
    over = now.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return ((over if over > now else over + dt.timedelta(days=1)) - now).total_seconds()


@dataclass(slots=True)
class Watch:
    """The loop. ``cycle`` runs one; ``told`` is called with its report or the error that stopped it.

    ``wait(seconds)`` sleeps and returns True once a stop is asked for. Both are given in tests.
    """

    cycle: Callable[[], CycleReport]
    told: Callable[[CycleReport | DanggolError], None]
    poll_seconds: float
    stop: threading.Event = field(default_factory=threading.Event)
    wait: Callable[[float], bool] | None = None
    spread: Callable[[], float] = random.random
    resting: Callable[[], float] = _no_rest  # seconds until the quiet hours are over, 0 outside them

    def run(self) -> int:
        """Cycle until stopped; the exit code of the last cycle. `UsageError` (a wrong set-up) ends it at once."""
        failures, code = 0, 0
        wait = self.wait or self.stop.wait
        while not self.stop.is_set():
            rest = self.resting()
            if rest:
                if wait(rest):
                    break
                continue
            try:
                report = self.cycle()
            except UsageError:
                raise
            except DanggolError as error:
                failures, code = failures + 1, error.exit_code
                self.told(error)
            else:
                failures, code = 0, report.exit_code
                self.told(report)
            if wait(self.pause(failures)):
                break
        return code

    def pause(self, failures: int) -> float:
        """Seconds until the next cycle: one poll, doubled for every failure in a row, a little spread.

        >>> watch = Watch(lambda: None, print, 60, spread=lambda: 0.5)
        >>> [watch.pause(n) for n in (0, 1, 2, 9)]
        [60.0, 120.0, 240.0, 900.0]
        """
        wait = min(self.poll_seconds * 2**failures, max(MAX_WAIT, self.poll_seconds))
        return float(wait * (1 + JITTER * (2 * self.spread() - 1)))


def only_news(told: Callable[[CycleReport | DanggolError], None]) -> Callable[[CycleReport | DanggolError], None]:
    """``told``, but for a cycle in which nothing happened but the trouble of the one before."""
    last: list[object] = [None]

    def tell(one: CycleReport | DanggolError) -> None:
        trouble = _trouble(one)
        if trouble is None or trouble != last[0]:
            told(one)
        last[0] = trouble

    return tell


def _trouble(one: CycleReport | DanggolError) -> object:
    """What went wrong, to be compared; None where anything else happened too."""
    if isinstance(one, DanggolError):
        return str(one)
    stuck = all(o.error or o.brake or o.postponed for o in one.outcomes) and bool(one.outcomes)
    if one.master_written or not stuck:
        return None
    return one.master_error, [(o.partner, o.error, o.brake, o.postponed) for o in one.outcomes]


@contextmanager
def stopping(stop: threading.Event) -> Iterator[None]:
    """While inside, Ctrl-C and a service's stop signal set the event; a second one ends the process at once."""

    def asked(_signal: int, _frame: object) -> None:
        if stop.is_set():
            raise KeyboardInterrupt
        stop.set()

    names = [n for n in ("SIGINT", "SIGTERM", "SIGBREAK") if hasattr(signal, n)]
    before = {name: signal.signal(getattr(signal, name), asked) for name in names}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(getattr(signal, name), handler)
