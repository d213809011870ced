"""Which step holds the whole back, how sure that is, and what lifting it would gain.

A funnel's throughput is the first step's count times every conversion (`addin.crm.throughput`), so bringing
conversion p to its reference multiplies the whole by reference ÷ p. The constraint is the step where that is most;
within 2 % of the best the one that loses most items, then the earliest (seed 004: "모든 시스템에는 하나의 제약").

The reference is the target a *person* set, else 100 %: a target that is our assumption colours a flag and
chooses nothing. The feed (인식, 유입 …) and the loop (추천) are diagnosed, but no candidates without such a target.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from addin.crm.constraint_why import Words
from addin.crm.message import Message, msg
from addin.crm.stats import p_worst, sample_needed, wilson
from addin.crm.throughput import lift

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

#: A step's name: a team's own word, or one of ours still to be said.
Label = str | Message

MIN_SAMPLE = 30
TIE = 0.02
CONFIRMED, LIKELY = 0.8, 0.5

#: ``ok`` small_sample = fewer than 30 entered · no_input = none entered · non_monotone = more passed than
#: entered · missing = a count is not known · open = the cohort is still under way.
STATUSES = ("ok", "small_sample", "no_input", "non_monotone", "missing", "open")
VERDICTS = (
    "confirmed", "likely", "undecided", "small_sample", "data_check", "none", "acquisition", "no_data",
)  # fmt: skip
ROLES = ("feed", "core", "loop")

_FEED_WORDS = (
    "인식",
    "인지",
    "노출",
    "도달",
    "방문",
    "유입",
    "트래픽",
    "aware",
    "impression",
    "traffic",
    "visit",
    "acqui",
)
_LOOP_WORDS = ("추천", "소개", "바이럴", "referral", "refer", "recommend", "viral")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a funnel: its name and how many reached it (None = not known).

    ``target`` is the wanted conversion from the step before into this one, in (0, 1]; ``target_by_person``
    tells a target somebody set from one we assume. ``role``: ``feed`` makes the conversion out of this step the
    feed, ``loop`` the conversion into it the loop; None = `guess_roles` decides by name.
    """

    label: Label
    count: int | None
    target: float | None = None
    target_by_person: bool = False
    role: str | None = None

    def __post_init__(self) -> None:
        if self.target is not None and not 0 < self.target <= 1:
            raise ValueError(f"a target lies between 0 and 1, not {self.target}")


@dataclass(frozen=True, slots=True)
class Transition:
    """From one step to the next. Null is never 0: without input there is no rate.

    ``lift`` is what the whole gains with this conversion at its reference (2.33 = the whole grows 3.33 times;
    infinite where nothing passes). ``p_worst`` is set for candidates. ``sample_needed`` counts the items it takes
    to tell the rate from its target. ``median_days`` is Kaplan–Meier's, open items censored.
    """

    start: Label
    end: Label
    entered: int | None
    passed: int | None
    rate: float | None
    ci95: tuple[float, float] | None
    lost: int | None
    target: float | None
    lift: float | None
    status: str
    role: str = "core"
    candidate: bool = False
    reference: float = 1.0
    p_worst: float | None = None
    sample_needed: int | None = None
    median_days: float | None = None

    @property
    def attained(self) -> float:
        """Rate ÷ reference; the smallest is the constraint."""
        return (self.rate or 0.0) / self.reference

    @property
    def label(self) -> Message:
        """``가입→활성화``."""
        return msg("constraint.transition", start=self.start, end=self.end)


@dataclass(frozen=True, slots=True)
class Constraint:
    """The verdict: which transition (``index`` into the transitions; None = none), how sure, and why in a sentence.

    ``co`` are the others within 2 % of it. On ``acquisition`` only ``end`` is set: the first step.
    """

    verdict: str
    why: Message
    start: Label | None = None
    end: Label | None = None
    index: int | None = None
    co: tuple[Message, ...] = ()
    probability: float | None = None
    lift: float | None = None
    sample_needed: int | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A funnel's transitions and its constraint."""

    steps: tuple[Step, ...]
    transitions: tuple[Transition, ...]
    constraint: Constraint


def guess_roles(labels: Sequence[Label]) -> tuple[str | None, ...]:
    """Roles by name: a first step called 인식, 방문, awareness … is the feed, a last one 추천, referral … the loop.

    No role is guessed where that would leave no step to choose from.

    >>> guess_roles(["인식", "가입", "활성화", "추천"])
    ('feed', None, None, 'loop')
    >>> guess_roles(["방문", "가입"])
    (None, None)
    """
    roles: list[str | None] = [None] * len(labels)
    if len(labels) > 1:
        roles[0] = "feed" if _named(labels[0], _FEED_WORDS) else None
        roles[-1] = "loop" if _named(labels[-1], _LOOP_WORDS) else None
    core = len(labels) - 1 - sum(role is not None for role in roles)
    return tuple(roles) if core > 0 else (None,) * len(labels)


def diagnose(
    steps: Sequence[Step],
    *,
    suspects: Collection[int] = (),
    open_ones: Collection[int] = (),
    unit: str = "item",
    sure: bool = True,
) -> Diagnosis:
    """Judge a funnel by its counts.

    ``suspects`` are transitions whose records contradict each other (they count as non_monotone), ``open_ones``
    those whose cohort is still under way; neither can be the constraint. ``unit``: ``person`` or ``item`` (the words).
    Without ``sure`` no probability is worked out: which step it is does not depend on it, how sure one is does.

    >>> counts = dict(인식=1000, 가입=100, 활성화=30, 유료=9, 유지=6, 추천=1)
    >>> found = diagnose([Step(name, count) for name, count in counts.items()]).constraint
    >>> found.start, found.end, found.verdict, round(found.lift, 2), round(found.probability, 2)
    ('가입', '활성화', 'likely', 2.33, 0.5)
    """
    kinds = tuple(type(step.count) for step in steps)  # 1.0 equals 1 and reads otherwise
    asked = tuple(steps), kinds, frozenset(suspects), frozenset(open_ones), unit, sure
    spoken = all(isinstance(step.label, str) for step in steps)
    return _judged(*asked) if spoken else _judged.__wrapped__(*asked)


@lru_cache(maxsize=1024)  # the weeks of a funnel are judged again and again
def _judged(
    steps: tuple[Step, ...],
    _kinds: tuple[type, ...],
    suspects: frozenset[int],
    open_ones: frozenset[int],
    unit: str,
    sure: bool,
) -> Diagnosis:
    roles = [step.role for step in steps]
    if not any(roles):
        roles = list(guess_roles([step.label for step in steps]))
    moves = [
        _transition(before, after, _role(roles[i], roles[i + 1]), i in suspects, i in open_ones)
        for i, (before, after) in enumerate(pairwise(steps))
    ]
    candidates = [i for i, move in enumerate(moves) if move.candidate]
    if candidates and sure:
        chances = p_worst(
            tuple((moves[i].passed or 0, moves[i].entered or 0) for i in candidates),
            tuple(moves[i].reference if moves[i].reference != 1 else None for i in candidates),
        )
        for i, chance in zip(candidates, chances, strict=True):
            moves[i] = replace(moves[i], p_worst=chance)
    return Diagnosis(steps, tuple(moves), _verdict(steps, moves, candidates, Words(unit)))


def _verdict(steps: Sequence[Step], moves: list[Transition], candidates: list[int], words: Words) -> Constraint:
    if not moves or steps[0].count is None:
        return Constraint("no_data", words.no_data())
    if steps[0].count == 0:
        return Constraint("acquisition", words.acquisition(steps[0].label), end=steps[0].label)
    bad = [move for move in moves if move.status in ("non_monotone", "missing")]
    if not candidates:
        verdict = "data_check" if bad else "no_data"
        return Constraint(verdict, words.no_candidate(bad, any(move.status == "open" for move in moves)))
    worst = min(moves[i].attained for i in candidates)
    if worst >= 1 and not bad:
        return Constraint("none", words.none(any(moves[i].reference < 1 for i in candidates)))
    tied = [i for i in candidates if moves[i].attained <= worst * (1 + TIE)]
    chosen = max(tied, key=lambda i: (moves[i].lost or 0, -i))
    move = moves[chosen]
    chance = move.p_worst or 0.0
    if bad:
        verdict = "data_check"
    elif move.status == "small_sample":
        verdict = "small_sample"
    else:
        verdict = "confirmed" if chance >= CONFIRMED else "likely" if chance >= LIKELY else "undecided"
    co = tuple(moves[i].label for i in tied if i != chosen)
    needed = _needed(moves, candidates, chosen, bool(co))
    return Constraint(
        verdict=verdict,
        why=words.why(verdict, move, co, needed, bad),
        start=move.start,
        end=move.end,
        index=chosen,
        co=co,
        probability=chance,
        lift=move.lift,
        sample_needed=needed,
    )


def _needed(moves: list[Transition], candidates: list[int], chosen: int, tie: bool) -> int | None:
    """Items to tell the chosen step from its target, else from the next worst; at least 30. None on a tie."""
    move = moves[chosen]
    needed = move.sample_needed
    if needed is None and not tie:
        rivals = [moves[i].attained for i in candidates if i != chosen]
        ahead = min((rate for rate in rivals if rate > move.attained * (1 + TIE)), default=None)
        needed = None if ahead is None else sample_needed(move.rate or 0.0, min(ahead * move.reference, 1.0))
    return None if needed is None else max(needed, MIN_SAMPLE)


def _transition(before: Step, after: Step, role: str, suspect: bool, under_way: bool) -> Transition:
    entered, passed = before.count, after.count
    if entered is None or passed is None:
        status = "missing"
    elif entered == 0 and passed == 0:
        status = "no_input"
    elif passed > entered or suspect:
        status = "non_monotone"
    elif under_way:
        status = "open"
    else:
        status = "ok" if entered >= MIN_SAMPLE else "small_sample"
    known = entered is not None and passed is not None and 0 < entered >= passed and status != "non_monotone"
    rate = passed / entered if known and entered and passed is not None else None
    reference = after.target if after.target is not None and after.target_by_person else 1.0
    return Transition(
        start=before.label,
        end=after.label,
        entered=entered,
        passed=passed,
        rate=rate,
        ci95=wilson(passed, entered) if rate is not None and entered and passed is not None else None,
        lost=entered - passed if rate is not None and entered is not None and passed is not None else None,
        target=after.target,
        lift=lift([rate], 0, reference) if rate is not None else None,
        status=status,
        role=role,
        candidate=status in ("ok", "small_sample")
        and (role == "core" or (after.target_by_person and after.target is not None)),
        reference=reference,
        sample_needed=sample_needed(rate, after.target) if rate is not None and after.target is not None else None,
    )


def _role(before: str | None, after: str | None) -> str:
    return "feed" if before == "feed" else "loop" if after == "loop" else "core"


def _named(label: Label, words: tuple[str, ...]) -> bool:
    text = (label.id if isinstance(label, Message) else label).casefold()
    return any(word in text for word in words)


def finite(value: float | None) -> float | None:
    """For JSON, which knows no infinity: infinite → None."""
    return None if value is None or math.isinf(value) else value
