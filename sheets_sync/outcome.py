"""What a cycle did: an outcome for each partner that was looked at, and what a brake says to people."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.i18n import say
from sheets_sync.model import BRAKES

if TYPE_CHECKING:
    from sheets_sync.model import Brake, Plan

#: Ids of the sentences made from a brake's kind.
BRAKE_IDS: Final = tuple(f"sync.brake.{kind}" for kind in BRAKES)


@dataclass(slots=True)
class Outcome:
    """What happened to one partner. ``plan`` None = it was not read; ``error`` a sentence.

    ``postponed``: its part of the master's write waits for the next cycle.
    """

    partner: str
    plan: Plan | None = None
    error: str = ""
    postponed: bool = False

    @property
    def brake(self) -> Brake | None:
        """Why it was stopped."""
        return self.plan.brake if self.plan else None


@dataclass(slots=True)
class CycleReport:
    """One cycle: an outcome for each partner that was not idle, and how many were.

    ``stopped``: asked to stop, so that the partners after the last outcome were not looked at.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    idle: int = 0
    master_written: bool = False
    master_error: str = ""
    dry_run: bool = False
    stopped: bool = False

    @property
    def exit_code(self) -> int:
        """4 where a brake stopped a partner, 1 where something failed, else 0."""
        if any(o.brake for o in self.outcomes):
            return 4
        return 1 if self.master_error or any(o.error for o in self.outcomes) else 0


def sentence(brake: Brake, partner: str) -> str:
    """Why a partner was stopped and what to do, in the user's language."""
    return say(f"sync.brake.{brake.kind}", partner=partner, count=brake.count, of=brake.of, what=brake.what)
