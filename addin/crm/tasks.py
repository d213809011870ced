"""What to do next, and why: one task a cause, each with an owner, a due time, a reason and the cell it is about.

A task's id is made of its kind and what it is about, so working it out twice gives one task. Nothing here remembers
anything: a task is there as long as its cause is, and what a person marked is laid over it by its id.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, iso_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from addin.crm.message import Message

#: Every kind, the most pressing first where two are due at once; ``task.<kind>`` is its name.
KINDS: Final = (
    "first_answer",  # seed 000: 접수 10분 확인 · seed 002: an answer within 24 hours
    "event_d7",  # seed 000: 잔금일 D-7 notice with a standard quote
    "empty_house",  # seed 000: 입주 전 점검, the job is done while the house is empty
    "reproposal",  # seed 002: another proposal within 24 hours where there is no decision
    "lead_time",  # seed 002: requests come 7–8 days before the event
    "ladder_suspension",  # seed 000: the last rung of the ladder needs a person's yes
    "ladder_ride_along",  # seed 000: the second
    "ladder_training",  # seed 000: the first
    "quote_expiring",  # a standing quote: D-7, D-1
    "silence",  # seed 002: no news for four weeks
    "lost_reason",  # seed 002: the reason a request was lost is always recorded
    "dependency",  # seed 000: over 30 % of revenue, keep substitutes ready
    "field_test",  # seed 001: the first ten customers' complaints before launch
    "stage_evidence",  # seed 001: a stage has its evidence
    "approval",  # seed 001: the final approval is the decision makers'
    "one_sided",  # seed 001: both sides' benefit
    "demo_day",  # seed 000: a café's weekly repair demo
    "monthly_report",  # seed 000: one report a month to the management office
    "experiment",  # seed 004: an experiment that ended is judged
)
KIND_IDS: Final = tuple(f"task.{kind}" for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do.

    ``about``  what it is about: a request's, partner's, quote's key; with ``kind`` its id.
    ``due``    minutes since 1970 in Korea; ``timed`` False where only the day counts.
    ``owner``  "" where nobody is named.
    ``sheet``, ``row``, ``column``  the cell to look at, that of ``table``'s ``field``; sheet "" where there is none.
    """

    kind: str
    about: str
    due: int
    reason: Message
    timed: bool = False
    owner: str = ""
    partner: str = ""
    request: str = ""
    sheet: str = ""
    row: int = 0
    table: str = ""
    field: str = ""
    column: int = 0

    @property
    def id(self) -> str:
        """The same for the same cause, run after run."""
        return f"{self.kind}:{self.about}"

    @property
    def due_day(self) -> int:
        """The day it is due."""
        return self.due // DAY

    @property
    def due_text(self) -> str:
        """The due time as people read it.

        >>> from addin.crm.message import msg
        >>> Task("silence", "한빛", 20_000 * DAY + 600, msg("x")).due_text
        '2024-10-04'
        """
        return iso_text(self.due, self.timed).replace("T", " ")


def in_order(tasks: Iterable[Task], today: int) -> list[Task]:
    """What is due today first, then what is overdue, then what comes.

    Today's by the most pressing kind; overdue ones kind by kind, the most pressing first, and of a kind the latest
    first, which can still be mended; what comes by its day.

    >>> from addin.crm.message import msg
    >>> def due(kind: str, day: int) -> Task:
    ...     return Task(kind, f"{day}", day * DAY, msg("x"))
    >>> lost = [due("lost_reason", 2), due("lost_reason", 9)]
    >>> found = [*lost, due("silence", 11), due("silence", 3), due("silence", 10)]
    >>> [(task.kind, task.due_day) for task in in_order(found, 10)]
    [('silence', 10), ('silence', 3), ('lost_reason', 9), ('lost_reason', 2), ('silence', 11)]
    """
    place = {kind: i for i, kind in enumerate(KINDS)}

    def rank(task: Task) -> tuple[int, int, int, int, str]:
        day, kind = task.due_day, place[task.kind]
        if day < today:
            return 1, kind, -day, task.due, task.id
        return (0, kind, day, task.due, task.id) if day == today else (2, day, kind, task.due, task.id)

    return sorted(tasks, key=rank)
