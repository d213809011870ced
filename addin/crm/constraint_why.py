"""The one sentence that says why: which step, how many are lost there, what lifting it gains, how sure."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.constraint import Label, Transition

#: Every id a name is built for here, so that a test can look for it in the catalogue.
IDS = (
    "constraint.count.item", "constraint.count.person",
    *(f"constraint.why.{name}" for name in (
        "confirmed", "likely", "undecided", "undecided_needed", "small_sample", "data_check", "data_check_rest",
        "none_targets", "none_full", "acquisition", "no_data", "no_candidate", "open",
    )),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """Builds the sentence; ``unit`` is what the funnel counts: ``person`` (명) or ``item`` (건)."""

    unit: str = "item"

    def no_data(self) -> Message:
        """Nothing to judge."""
        return msg("constraint.why.no_data")

    def acquisition(self, first: Label) -> Message:
        """The first step is empty: the constraint is getting anyone in at all."""
        return msg("constraint.why.acquisition", step=first)

    def none(self, targets: bool) -> Message:
        """Every candidate meets its target, or loses nobody."""
        return msg("constraint.why.none_targets" if targets else "constraint.why.none_full")

    def no_candidate(self, bad: Sequence[Transition], under_way: bool) -> Message:
        """No step can be judged, and what stands in the way."""
        if bad:
            return self._check(bad)
        return msg("constraint.why.open" if under_way else "constraint.why.no_candidate")

    def why(
        self, verdict: str, move: Transition, co: tuple[Message, ...], needed: int | None, bad: Sequence[Transition]
    ) -> Message:
        """The sentence for a verdict that names a step."""
        if verdict == "small_sample":
            return msg(
                "constraint.why.small_sample",
                step=move.label,
                entered=self._count(move.entered),
                minimum=self._count(30),
            )
        loss = msg("constraint.loss", step=move.label, entered=self._count(move.entered), lost=self._count(move.lost))
        if verdict == "data_check":
            if not move.lost:
                return self._check(bad)
            return msg("constraint.why.data_check_rest", check=self._check(bad), loss=loss, gain=self._gain(move))
        percent = 100 * (move.p_worst or 0.0)
        sure = msg("constraint.sure_co", percent=percent, co=co) if co else msg("constraint.sure", percent=percent)
        if verdict == "undecided" and needed is not None and needed > (move.entered or 0):
            return msg(
                "constraint.why.undecided_needed",
                loss=loss,
                gain=self._gain(move),
                sure=sure,
                needed=self._count(needed),
            )
        return msg(f"constraint.why.{verdict}", loss=loss, gain=self._gain(move), sure=sure)

    def _gain(self, move: Transition) -> Message:
        lift = move.lift or 0.0
        if math.isinf(lift):
            return msg("constraint.gain.zero")
        if move.reference < 1:
            return msg("constraint.gain.target", target=100 * move.reference, times=1 + lift)
        return msg("constraint.gain.full", times=1 + lift)

    def _check(self, bad: Sequence[Transition]) -> Message:
        return msg("constraint.why.data_check", steps=tuple(move.label for move in bad))

    def _count(self, count: int | None) -> Message:
        return msg(f"constraint.count.{self.unit}", count=count or 0)
