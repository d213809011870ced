"""A funnel as JSON: the shape people script against (``danggol funnel --json``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from addin.crm.calendar import date_of
from addin.crm.constraint import Label, Transition, finite
from addin.crm.message import Message, Scalar, msg

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from addin.crm.funnel import Funnel, Group
    from addin.crm.stays import Stay


def to_json(funnel: Funnel, say: Callable[[Message], str]) -> dict[str, Any]:
    """The contract's shape; rates to six places, infinite lifts as null. ``say`` turns messages into words."""

    def text(label: Label | None) -> str | None:
        return say(label) if isinstance(label, Message) else label

    found = funnel.constraint
    slow = funnel.slowest
    return {
        "steps": [
            {"step": text(step.label), "reached": step.count, "recorded": seen}
            for step, seen in zip(funnel.steps, funnel.on_record, strict=True)
        ],
        "transitions": [
            _transition_json(move, stay, text) for move, stay in zip(funnel.transitions, funnel.stays, strict=True)
        ],
        "constraint": {
            "from": text(found.start),
            "to": text(found.end),
            "verdict": found.verdict,
            "co": [say(label) for label in found.co],
            "why": say(found.why),
            "probability": _round(found.probability),
            "lift": _round(finite(found.lift)),
            "sample_needed": found.sample_needed,
        },
        "slowest": slow and {"from": text(slow.start), "to": text(slow.end), "median_days": _round(slow.median_days)},
        "as_of": date_of(funnel.as_of).isoformat() if funnel.as_of is not None else None,
        "notes": [say(note) for note in funnel.notes],
    }


def groups_json(by: str, groups: Sequence[Group], say: Callable[[Message], str]) -> dict[str, Any]:
    """The contract's shape with ``--by``; rows without a value stand under ``(미지정)``."""

    def name(value: Scalar) -> Scalar:
        return say(msg("funnel.unassigned")) if value is None else value

    return {"by": by, "groups": [{"by": {by: name(group.value)}, **to_json(group.funnel, say)} for group in groups]}


def _transition_json(
    move: Transition, stay: Stay | None, text: Callable[[Label | None], str | None]
) -> Mapping[str, Any]:
    return {
        "from": text(move.start),
        "to": text(move.end),
        "entered": move.entered,
        "passed": move.passed,
        "rate": _round(move.rate),
        "ci95": [_round(end) for end in move.ci95] if move.ci95 else None,
        "lost": move.lost,
        "target": move.target,
        "lift": _round(finite(move.lift)),
        "p_worst": _round(move.p_worst),
        "median_days": _round(move.median_days),
        "status": move.status,
        "role": move.role,
        "sample_needed": move.sample_needed,
        "open": stay.open if stay else None,
        "ageing": _round(stay.ageing) if stay else None,
        "negative": stay.negative if stay else None,
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 6)
