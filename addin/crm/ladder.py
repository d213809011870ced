"""The ladder: what follows a week of bad quality, one rung at a time, and how one comes down again.

seed 000: over the threshold → 교육 → 현장동행 → 일시 중단. The order is the source's, the timings are our assumption
(settings): a breach puts somebody on 교육; another within four weeks of coming onto a rung leads to the next; a later
one holds the rung and starts its four weeks anew. Four clean weeks in a row lead one rung down. A week without
enough cases moves nobody. The last rung is only proposed: it needs a person's yes, one for each time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from addin.crm.message import Message, msg

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from addin.crm.flags import Flag

Rung = Literal["none", "training", "ride_along", "suspension"]
RUNGS: Final[tuple[Rung, ...]] = ("none", "training", "ride_along", "suspension")
#: Ids of the rungs' names, so that a test can check the catalogue has them.
NAMES = (*(f"ladder.{rung}" for rung in RUNGS), "ladder.suspension_approved")


class Rules(NamedTuple):
    """Weeks (our assumption): within ``again`` of a rung a breach leads up; ``clean`` in a row lead down."""

    again: int = 4
    clean: int = 4


RULES: Final = Rules()


class State(NamedTuple):
    """Where somebody stands after a week.

    ``since``   the week that led onto this rung, ``clock`` the one its four weeks count from.
    ``clean``   clean weeks in a row so far.
    ``asked``   the week that proposed a suspension, while it is proposed, approved or was declined.
    """

    rung: Rung = "none"
    since: int | None = None
    clock: int = 0
    clean: int = 0
    asked: int | None = None
    approved: bool = False

    @property
    def name(self) -> Message:
        """The rung's name; an unapproved suspension says that it waits for a person."""
        return msg("ladder.suspension_approved" if self.approved else f"ladder.{self.rung}")

    @property
    def declined(self) -> bool:
        """Whether a person said no to a suspension."""
        return self.asked is not None and self.rung != "suspension"


GROUND: Final = State()


def step(state: State, flag: Flag, week: int, answers: Mapping[int, bool] | None = None, rules: Rules = RULES) -> State:
    """One closed week. ``answers``: the week that proposed a suspension → a person's yes or no.

    A warning neither leads up nor counts as clean.

    >>> up = step(State(), "breach", 1)
    >>> up.rung, step(up, "breach", 5).rung, step(up, "breach", 6).rung
    ('training', 'ride_along', 'training')
    """
    if flag in ("small_sample", "no_data"):
        return state
    if flag == "breach":
        return _worse(state, week, answers, rules)
    clean = 0 if flag == "warn" or state.rung == "none" else state.clean + 1
    if clean < rules.clean:
        return state if clean == state.clean else state._replace(clean=clean)
    lower = RUNGS[RUNGS.index(state.rung) - 1]
    return GROUND if lower == "none" else State(lower, week, week)


def _worse(state: State, week: int, answers: Mapping[int, bool] | None, rules: Rules) -> State:
    rung, since, clock, _, asked, approved = state
    if rung == "suspension" or (rung != "none" and week - clock > rules.again):
        return State(rung, since, week, 0, asked, approved)
    if rung != "ride_along":
        return State("training" if rung == "none" else "ride_along", week, week)
    answer = answers.get(week) if answers else None
    if answer is False:
        return State(rung, since, week, asked=week)
    return State("suspension", week, week, asked=week, approved=bool(answer))


def climb(
    weeks: Iterable[tuple[int, Flag]],
    answers: Mapping[int, bool] | None = None,
    rules: Rules = RULES,
    state: State = GROUND,
) -> State:
    """Closed weeks from the oldest to the newest, one step each; weeks left out had no case.

    >>> climb([(1, "breach"), (2, "small_sample"), (3, "breach")]).rung
    'ride_along'
    """
    for week, flag in weeks:
        state = step(state, flag, week, answers, rules)
    return state
