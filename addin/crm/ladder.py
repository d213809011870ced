"""The ladder: what follows a week of bad quality, one rung at a time, and how one comes down again.

seed 000: over the threshold → 교육 → 현장동행 → 일시 중단. The last rung is only proposed: it needs a person's yes.
A week without enough cases says nothing; four clean weeks in a row step down one rung (our assumption).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.crm.flags import Flag

Rung = Literal["none", "training", "ride_along", "suspension"]
RUNGS: Final[tuple[Rung, ...]] = ("none", "training", "ride_along", "suspension")
CLEAN_WEEKS: Final = 4
#: Ids of the rungs' names, so that a test can check the catalogue has them.
NAMES = (*(f"ladder.{rung}" for rung in RUNGS), "ladder.suspension_approved")


@dataclass(frozen=True, slots=True)
class State:
    """Where somebody stands: the rung, clean weeks in a row since, and whether a person approved the suspension."""

    rung: Rung = "none"
    clean: int = 0
    approved: bool = False

    @property
    def name(self) -> Message:
        """The rung's name; an unapproved suspension says that it waits for a person."""
        return msg("ladder.suspension_approved" if self.approved else f"ladder.{self.rung}")


def step(state: State, flag: Flag) -> State:
    """One closed week: a breach steps up, the fourth clean week in a row steps down, too few cases change nothing.

    A warning neither steps up nor counts as clean.

    >>> step(State(), "breach").rung, step(State("training", clean=3), "ok").rung, step(State("training", 3), "warn")
    ('training', 'none', State(rung='training', clean=0, approved=False))
    """
    if flag in ("small_sample", "no_data"):
        return state
    place = RUNGS.index(state.rung)
    if flag == "breach":
        return replace(state, rung=RUNGS[min(place + 1, len(RUNGS) - 1)], clean=0)
    if flag == "warn" or place == 0:
        return replace(state, clean=0)
    if state.clean + 1 < CLEAN_WEEKS:
        return replace(state, clean=state.clean + 1)
    return State(RUNGS[place - 1])


def climb(flags: Iterable[Flag], state: State | None = None) -> State:
    """Weeks from the oldest to the newest, one step each.

    >>> climb(["breach", "small_sample", "breach"]).rung
    'ride_along'
    """
    state = state or State()
    for flag in flags:
        state = step(state, flag)
    return state
