"""What a cycle did: an outcome for each partner that was looked at, and what a brake says to people."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from addin.i18n import say
from sheets_sync.model import BRAKES, KEY, Base, Hq, Lead

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sheets_sync.model import Brake, Cell, Plan

#: Ids of the sentences made from a brake's kind.
BRAKE_IDS: Final = tuple(f"sync.brake.{kind}" for kind in BRAKES)


#: Stands for what an appended row held.
_WRITTEN: Final[Mapping[str, Cell]] = {KEY: None}


@dataclass(slots=True)
class Outcome:
    """What happened to one partner. ``plan`` None = it was not read; ``error`` a sentence.

    The plan is that of `told`: a thousand partners' agreed cells are not kept until the end of a cycle.
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


def told(plan: Plan) -> Plan:
    """A plan once the partner's side of it was written: what is left to do and to tell, without what was agreed, shown
    and appended.

    >>> from sheets_sync.model import Agreed, Plan
    >>> left = told(Plan(Base(keys={"R1": Agreed({})}), leads=(Lead("R2", {"service": "도배"}), Lead("N1", {}))))
    >>> [(lead.key, bool(lead.cells)) for lead in left.leads], len(left.base.keys)
    ([('R2', True), ('N1', False)], 0)
    """
    leads = tuple(Lead(lead.key, _WRITTEN) if lead.cells else lead for lead in plan.leads)
    return replace(plan, base=Base(refresh=plan.base.refresh), leads=leads, hq=None if plan.hq is None else Hq())


def sentence(brake: Brake, partner: str) -> str:
    """Why a partner was stopped and what to do, in the user's language."""
    return say(f"sync.brake.{brake.kind}", partner=partner, count=brake.count, of=brake.of, what=brake.what)
