"""Funnel and constraint: what got how far, which step holds the whole back, how sure that is, what lifting it gains."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from addin.crm.constraint import Diagnosis, Step, Transition, diagnose
from addin.crm.message import msg
from addin.crm.words import header_key
from addin.functions.registry import Example, Problem, function
from addin.functions.vectors import count, share, side_by_side, text

if TYPE_CHECKING:
    from addin.functions.registry import Answer, Cell, Range

_STEPS = [["인식"], ["가입"], ["활성화"], ["유료"], ["유지"], ["추천"]]
_COUNTS = [[1000], [100], [30], [9], [6], [1]]
_SEED = (_STEPS, _COUNTS)  # seed 004
_ROLES = {
    header_key(word): role
    for role, words in (
        ("feed", ("feed", "유입", "공급")),
        ("core", ("core", "핵심", "본류")),
        ("loop", ("loop", "추천", "순환")),
    )
    for word in words
}
HEADS = ("step", "reached", "rate", "lost", "lift", "p_worst")


def diagnosed(steps: Range, counts: Range, targets: Range = (), roles: Range = ()) -> Diagnosis:  # type: ignore[assignment]
    """A funnel judged by its counts. ``targets`` stand beside the step they lead into; what a person types chooses."""
    lists = side_by_side({"steps": steps, "counts": counts, "targets": targets, "roles": roles}, ("counts", "targets"))
    names, rest = lists["steps"], len(lists["steps"])
    wanted, parts = lists["targets"] or [None] * rest, lists["roles"] or [None] * rest
    found = []
    for name, number, target, role in zip(names, lists["counts"], wanted, parts, strict=True):
        goal = share(target, "targets")
        found.append(Step(text(name) or "–", count(number, "counts"), goal, goal is not None, _role(role)))
    return diagnose(found)


def _role(value: Cell) -> str | None:
    word = text(value)
    if word is None:
        return None
    role = _ROLES.get(header_key(word))
    if role is None:
        raise Problem("fn.error.role", value=word)
    return role


@function(
    "funnel",
    spills=True,
    example=Example(
        (_STEPS[:4], _COUNTS[:4]),
        [
            ["단계", "도달", "전환율", "이탈", "끌어올리면 느는 몫", "가장 약할 확률"],
            ["인식", 1000, None, None, None, None],
            ["가입", 100, 0.1, 900, 9.0, None],
            ["활성화", 30, 0.3, 70, 2.3333, 0.5066],
            ["유료", 9, 0.3, 21, 2.3333, 0.4934],
        ],
    ),
)
def funnel(steps: Range, counts: Range, targets: Range = None) -> Answer:  # type: ignore[assignment]
    """Step, reached, rate from the step before, lost, lift, P(worst)."""
    judged = diagnosed(steps, counts, targets)
    table: list[list[object]] = [[msg(f"fn.funnel.{name}") for name in HEADS]]
    moves: list[Transition | None] = [None, *judged.transitions]
    for step, move in zip(judged.steps, moves, strict=False):
        row = [None] * 4 if move is None else [move.rate, move.lost, _finite(move.lift), move.p_worst]
        table.append([step.label, step.count, *row])
    return table


def _finite(lift: float | None) -> float | str | None:
    return "∞" if lift is not None and math.isinf(lift) else lift


@function("funnel", example=Example(_SEED, "가입→활성화"))
def bottleneck(steps: Range, counts: Range, targets: Range = None, roles: Range = None) -> Answer:  # type: ignore[assignment]
    """The constraint's name; where there is none, why."""
    judged = diagnosed(steps, counts, targets, roles)
    found = judged.constraint
    return found.why if found.index is None else judged.transitions[found.index].label


@function(
    "funnel",
    example=Example(
        _SEED,
        "가입→활성화에서 100건 중 70건이 빠집니다. 이 단계를 끝까지 올리면 전체가 3.3배가 됩니다. "
        "(확실함 50 %, 활성화→유료도 후보)",
    ),
)
def bottleneck_why(steps: Range, counts: Range, targets: Range = None, roles: Range = None) -> Answer:  # type: ignore[assignment]
    """One sentence with the numbers."""
    return diagnosed(steps, counts, targets, roles).constraint.why
