"""Who did which job: the story's troubles shared out evenly, until one technician's last weeks go badly.

The ladder (교육 → 현장동행 → 일시 중단) looks at who did the work; so that the demo shows one person climbing it and
not everybody by turns, late visits, slow confirmations and claims go round among the staff, and in the last weeks most
of them to one.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING, Final

from addin.actions.sample.cast import STAFF

if TYPE_CHECKING:
    from addin.actions.sample.story import Request, Story

#: The technician whose weeks go badly, for how many days, and the share of the troubles that is his.
WEAK: Final = STAFF[-1]
DAYS: Final = 44
SHARE: Final = 0.75
_SEED: Final = 20261139


def share_out(story: Story) -> None:
    """Name the technician of every request; nothing else of the story changes."""
    rng = random.Random(_SEED)
    turns = dict.fromkeys(("visit", "answer", "claim"), 0)
    since = story.as_of - dt.timedelta(DAYS)
    for request in story.requests:
        trouble = _trouble(request)
        if trouble is None:
            request.staff = rng.choice(STAFF)
        elif request.received.date() > since and rng.random() < SHARE:
            request.staff = WEAK
        else:
            request.staff = STAFF[turns[trouble] % len(STAFF)]
            turns[trouble] += 1


def _trouble(request: Request) -> str | None:
    """What went wrong with a request, if anything did."""
    if request.claim or request.rework or request.refund:
        return "claim"
    if request.visited and request.visited.date() > request.received.date():
        return "visit"
    waited = request.confirmed and request.confirmed - request.received
    return "answer" if waited and waited > dt.timedelta(minutes=10) else None
