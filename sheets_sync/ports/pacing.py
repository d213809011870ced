"""How often we may ask, how long we wait before asking again, and when we give up.

Google allows a user 60 reads and 60 writes a minute (a service account is one user). No 60 seconds of ours see more
than 80 % of that. A wait before asking again is Google's ``Retry-After`` where it says one, else a full jitter: any
time up to a ceiling that doubles.
"""

from __future__ import annotations

import random
import time
from collections import deque
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: Requests a minute and a user, reads and writes alike.
QUOTA: Final = 60
#: What we take of it.
SHARE: Final = 0.8
#: One request gets this many seconds in all, waiting included.
DEADLINE: Final = 300.0
FIRST_WAIT: Final = 1.0
LONGEST_WAIT: Final = 64.0

Kind = Literal["read", "write", "drive"]


class TooLate(Exception):
    """The deadline would pass before the next try."""


@dataclass(slots=True)
class TokenBucket:
    """At most `SHARE` of ``quota`` in any minute, evenly but for a burst of as many as the rest.

    >>> bucket = TokenBucket(quota=60, clock=lambda: 0.0)
    >>> waits = [bucket.wait() for _ in range(49)]
    >>> waits[11], waits[12], waits[47], waits[48]
    (0.0, 1.25, 45.0, 60.0)
    """

    quota: int = QUOTA
    clock: Callable[[], float] = time.monotonic
    _tokens: float = field(init=False)
    _at: float = field(init=False)
    _sent: deque[float] = field(init=False)  # when the last ones went out, or are going to

    def __post_init__(self) -> None:
        self._tokens, self._at = self._room, self.clock()
        self._sent = deque(maxlen=self._most)

    @property
    def _most(self) -> int:
        return max(1, int(self.quota * SHARE))

    @property
    def _room(self) -> float:
        return max(1.0, self.quota - self._most)

    def wait(self) -> float:
        """Take a token; the seconds to wait before the request may go out."""
        now, rate = self.clock(), self._most / 60
        self._tokens = min(self._room, self._tokens + (now - self._at) * rate) - 1
        self._at = now
        turn = now + max(0.0, -self._tokens) / rate
        if len(self._sent) == self._most:
            turn = max(turn, self._sent[0] + 60)
        self._sent.append(turn)
        return round(turn - now, 9)


@dataclass(slots=True)
class Pacing:
    """The two buckets, the clock and the chance. ``slept`` adds up the seconds waited."""

    quota: int = QUOTA
    deadline: float = DEADLINE
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    rng: random.Random = field(default_factory=random.Random)
    slept: float = 0.0
    _buckets: dict[str, TokenBucket] = field(init=False)

    def __post_init__(self) -> None:
        self._buckets = {kind: TokenBucket(self.quota, self.clock) for kind in ("read", "write")}

    def begin(self) -> Tries:
        """A request begins: its deadline runs from here."""
        return Tries(self, self.clock() + self.deadline)

    def pause(self, seconds: float) -> None:
        """Wait."""
        if seconds > 0:
            self.slept += seconds
            self.sleep(seconds)

    def turn(self, kind: Kind) -> float:
        """Seconds until a request of this kind may go out. Drive's own quota is far away: never any."""
        bucket = self._buckets.get(kind)
        return bucket.wait() if bucket else 0.0


@dataclass(slots=True)
class Tries:
    """The tries of one request."""

    pacing: Pacing
    until: float
    count: int = 0

    @property
    def left(self) -> float:
        """Seconds to the deadline."""
        return self.until - self.pacing.clock()

    def take(self, kind: Kind) -> None:
        """Wait for this request's turn. Being far down the queue is no failure: the deadline moves along."""
        seconds = self.pacing.turn(kind)
        self.until += seconds
        self.pacing.pause(seconds)

    def again(self, after: float | None) -> None:
        """Wait before the next try: ``after`` seconds where the server said so, else a full jitter.

        Raises `TooLate` where the deadline would pass.
        """
        ceiling = min(LONGEST_WAIT, FIRST_WAIT * 2**self.count)
        self.count += 1
        jitter = self.pacing.rng.uniform(0, ceiling)
        seconds = jitter if after is None else after + min(jitter, 1.0)  # not everybody at the same second
        if seconds >= self.left:
            raise TooLate
        self.pacing.pause(seconds)


def retry_after(headers: Mapping[str, str]) -> float | None:
    """``Retry-After`` in seconds: a number, or a date measured by the server's own clock, not ours.

    >>> retry_after({"Retry-After": "7"}), retry_after({"Retry-After": "soon"}), retry_after({})
    (7.0, None, None)
    >>> retry_after({"Date": "Sun, 22 Nov 2026 00:00:00 GMT", "Retry-After": "Sun, 22 Nov 2026 00:00:30 GMT"})
    30.0
    """
    said = headers.get("Retry-After", "").strip()
    if said.isascii() and said.isdigit():
        return float(said)
    try:
        then, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("Date", ""))
        return max(0.0, (then - now).total_seconds())
    except (ValueError, TypeError):
        return None
