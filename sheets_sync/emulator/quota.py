"""Google's limits: 300 reads and 300 writes a minute a project, 60 and 60 a user; a batch counts as one."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sheets_sync.emulator.errors import out_of_quota

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(slots=True)
class Quota:
    """Requests of the last minute. ``clock`` counts seconds."""

    project: int = 300
    user: int = 60
    clock: Callable[[], float] = time.monotonic
    _taken: dict[tuple[str, str], deque[float]] = field(default_factory=dict)

    def take(self, kind: str, user: str) -> None:
        """Count one ``Read`` or ``Write``. Raises the 429 where the minute is used up; a refused one isn't counted."""
        now = self.clock()
        limits = (((kind, ""), self.project, False), ((kind, user), self.user, True))
        for key, limit, per_user in limits:
            window = self._taken.setdefault(key, deque())
            while window and window[0] <= now - 60:
                window.popleft()
            if len(window) >= limit:
                raise out_of_quota(kind, per_user=per_user, limit=limit)
        for key, _, _ in limits:
            self._taken[key].append(now)
