"""The experiments of a team against its constraint: which step each attacks, and what it did to it.

seed 004: identify → root cause → solution → test → double down, each a row of an experiment log, with before and after.
Before and after are counted from the requests themselves (`addin.crm.before_after`); what a person wrote into their own
before, after and verdict is shown beside and never touched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from addin.crm.before_after import WEEK, Comparison, judge, windows
from addin.crm.calendar import DAY
from addin.crm.funnel_steps import named_steps
from addin.crm.message import Message, msg
from addin.crm.passing import Passing
from addin.crm.settings import Settings
from addin.crm.stage_days import STEPS as STAGE_STEPS
from addin.crm.stage_days import attacked_stage
from addin.crm.stages import partner_stage_rank, stage_rank
from addin.crm.weekly import PATIENCE
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import polars as pl

    from addin.crm.constraint import Constraint
    from addin.crm.funnel_steps import StepSpec

#: The five steps of breaking a constraint (seed 004).
STEPS: Final = ("identify", "cause", "solution", "test", "double_down")
STATES: Final = ("done", "now", "open")
#: What may be suggested; ``wait``: nothing can be said yet, ``none``: it can't be counted.
SUGGESTIONS: Final = ("double_down", "drop", "keep", "wait", "none")
#: Every sentence of why.
WHY_IDS: Final = (
    *(f"experiment.why.{reason}" for reason in ("better", "worse", "flat", "unsure", "unsure_now", "empty", "overlap")),
    *(f"experiment.why.{reason}" for reason in ("no_step", "no_match", "partner", "not_begun", "too_early", "no_past")),
    "experiment.why.backwards",
)
NOTE_IDS: Final = tuple(
    f"experiment.note.{name}" for name in ("elsewhere", "one_of", "another_before", "own_differs", "by_activities")
)
_RATE_OFF: Final = 0.05  # a person's own rate further away than this is pointed out


@dataclass(frozen=True, slots=True)
class Trial:
    """One experiment of the list.

    ``transition``  the place of the transition it attacks, None where its step isn't one of the funnel's.
    ``started``, ``ended``  day indexes; ``own_*`` what the person wrote. ``progress``: a state for each of `STEPS`.
    ``compared``    None where nothing can be compared; ``within``: the days each request was given to get through
    (None: the step has no date, so each has had four weeks or more).
    ``suggestion``  one of `SUGGESTIONS`, ``why`` in one sentence, ``notes``: what else to mind.
    ``of_partners``: it attacks a stage of the partnerships, and ``transition`` is one of theirs.
    """

    number: str
    sheet: str
    row: int
    step: str
    transition: int | None
    cause: str
    solution: str
    started: int | None
    ended: int | None
    own_before: float | None
    own_after: float | None
    own_verdict: str
    progress: tuple[str, ...]
    suggestion: str
    why: Message
    compared: Comparison | None = None
    within: int | None = None
    notes: tuple[Message, ...] = ()
    of_partners: bool = False


def attacked(step: str, labels: Sequence[str]) -> int | None:
    """The transition a step cell names: ``제안→수주``, or one step, which is the way into it (the first: out of it).

    Other words for a step count too (견적 for 제안).

    >>> labels = ["접수", "제안", "수주"]
    >>> [attacked(text, labels) for text in ("제안→수주", "견적 > 계약", "수주", "접수", "청소")]
    [1, 1, 1, 0, None]
    """
    parts = named_steps(step)
    places = [_place(part, labels) for part in parts]
    if len(parts) == 2:
        first, second = places
        return first if first is not None and second is not None and second == first + 1 else None
    if len(parts) != 1 or places[0] is None or len(labels) < 2:
        return None
    return max(places[0] - 1, 0)


def _place(text: str, labels: Sequence[str]) -> int | None:
    wanted, rank = header_key(text), stage_rank(text)
    for i, label in enumerate(labels):
        if header_key(label) == wanted:
            return i
    ranked = [i for i, label in enumerate(labels) if rank is not None and stage_rank(label) == rank]
    return ranked[0] if ranked else None


def experiments(
    listed: pl.DataFrame,
    requests: pl.DataFrame,
    specs: Sequence[StepSpec],
    settings: Settings | None = None,
    *,
    as_of: int,
    constraint: Constraint | None = None,
    stages: pl.DataFrame | None = None,
    stage_steps: Sequence[StepSpec] = STAGE_STEPS,
) -> list[Trial]:
    """Every experiment of the list, the last begun first.

    ``listed``: the records frame of the table ``experiments``; ``requests`` that of the requests, ``specs`` the steps
    with spoken labels; ``as_of`` a day index; ``constraint``: today's, where the past tells none of its own;
    ``stages``: the partnerships' days (`addin.crm.stage_days.stage_days`), for what attacks one of their stages, and
    ``stage_steps`` those stages with spoken labels.
    """
    settings = settings or Settings()
    labels = [str(spec.label) for spec in specs]
    read = [_read(row, labels) for row in listed.iter_rows(named=True)]
    if stages is not None and stages.height:
        read = [_of_partners(trial, _known(stages, stage_steps)) for trial in read]
    wanted = {trial.transition for trial in read if trial.transition is not None and not trial.of_partners}
    counts = Passing(requests, specs, settings, sorted(wanted)) if wanted else None
    moves = {trial.transition for trial in read if trial.transition is not None and trial.of_partners}
    passed = Passing(stages, stage_steps, settings, sorted(moves)) if stages is not None and moves else None
    told = [
        _trial(trial, read, [str(spec.label) for spec in stage_steps], passed, settings, as_of, None)
        if trial.of_partners
        else _trial(trial, read, labels, counts, settings, as_of, constraint)
        for trial in read
    ]
    return sorted(told, key=lambda trial: (-(trial.started or 0), trial.sheet, trial.row))


def _read(row: Mapping[str, object], labels: Sequence[str]) -> Trial:
    """A line of the list, before anything is counted."""

    def text(field: str) -> str:
        return str(row.get(field) or "").strip()

    def day(field: str) -> int | None:
        value = row.get(field)
        return value // DAY if isinstance(value, int) else None

    def share(field: str) -> float | None:
        value = row.get(field)
        if not isinstance(value, int | float):
            return None
        return value / 100 if 1 < value <= 100 else float(value)

    sheet, number, step = str(row["_sheet"]), int(str(row["_row"])), text("step")
    return Trial(
        number=text("experiment_id") or f"{sheet}!{number}",
        sheet=sheet,
        row=number,
        step=step,
        transition=attacked(step, labels) if step else None,
        cause=text("cause"),
        solution=text("solution"),
        started=day("started_at"),
        ended=day("ended_at"),
        own_before=share("before"),
        own_after=share("after"),
        own_verdict=text("verdict"),
        progress=(),
        suggestion="none",
        why=msg("experiment.why.no_step"),
    )


def _known(stages: pl.DataFrame, steps: Sequence[StepSpec]) -> list[int]:
    """The steps any partner has a day of."""
    return [i for i, spec in enumerate(steps) if spec.column and stages[spec.column].is_not_null().any()]


def _of_partners(trial: Trial, known: Sequence[int]) -> Trial:
    """An experiment on a stage of the partnerships, told as one where days tell who came there, and who went on."""
    move = attacked_stage(trial.step) if trial.step and trial.transition is None else None
    told = move is not None and move + 1 in known and known[0] <= move
    return replace(trial, transition=move, of_partners=True) if told else trial


def _trial(
    trial: Trial,
    listed: Sequence[Trial],
    labels: Sequence[str],
    counts: Passing | None,
    settings: Settings,
    as_of: int,
    constraint: Constraint | None,
) -> Trial:
    move, start, end = trial.transition, trial.started, trial.ended
    begun = start is not None and start <= as_of
    suggestion, why = "wait", msg("experiment.why.not_begun")
    compared: Comparison | None = None
    within: int | None = None
    notes: list[Message] = []
    others = _others(trial, listed, as_of)
    if move is None or counts is None:
        suggestion, why = "none", _unknown(trial.step, labels)
    elif start is not None and end is not None and end < start:
        suggestion, why = "none", msg("experiment.why.backwards")
    elif start is not None and begun:
        within = counts.within(move)
        until = as_of - 1 - (PATIENCE if within is None else within)
        spans = windows(start, end, until, counts.first_day(move, until))
        if spans is not None:
            before, after = (counts.count(move, span) for span in spans)
            compared = judge(before, after, float(settings.experiment_gain))
            suggestion, why = compared.verdict, _why(compared, end is None or end > as_of)
            together = [other.number for other in others if _meet(other, start, after.last, as_of)]
            earlier = [
                other.number
                for other in others
                if other.number not in together and _meet(other, before.first, start - 1, as_of)
            ]
            if together:
                suggestion, why = "keep", msg("experiment.why.overlap", others=", ".join(together))
            if earlier:
                notes.append(msg("experiment.note.another_before", others=", ".join(earlier)))
            notes += _own_differs(trial, compared)
        else:
            past = start - counts.first_day(move, until) < WEEK
            why = msg("experiment.why.no_past") if past else msg("experiment.why.too_early", days=_left(start, until))
    if trial.of_partners and compared is not None:
        notes.append(msg("experiment.note.by_activities"))
    if move is not None and counts is not None:
        notes = _elsewhere(move, labels, counts, start, begun, as_of, constraint) + notes
    return replace(
        trial,
        progress=_progress(trial, begun, as_of, compared),
        suggestion=suggestion,
        why=why,
        compared=compared,
        within=within,
        notes=tuple(notes),
    )


def _left(start: int, until: int) -> int:
    """Days until the first whole week after the start has had its time."""
    return max(start + WEEK - 1 - until, 1)


def _others(trial: Trial, listed: Sequence[Trial], as_of: int) -> list[Trial]:
    """The other experiments on the same transition that have begun."""
    return [
        other
        for other in listed
        if other is not trial
        and (other.transition, other.of_partners) == (trial.transition, trial.of_partners)
        and other.started is not None
        and other.started <= as_of
    ]


def _meet(other: Trial, first: int, last: int, as_of: int) -> bool:
    """Whether an experiment ran on any of these days."""
    assert other.started is not None
    return other.started <= last and first <= (as_of if other.ended is None else other.ended)


def _unknown(step: str, labels: Sequence[str]) -> Message:
    if not step:
        return msg("experiment.why.no_step")
    if partner_stage_rank(step.rsplit("→", maxsplit=1)[-1].strip()) is not None:
        return msg("experiment.why.partner", step=step)
    return msg("experiment.why.no_match", step=step, steps="→".join(labels))


def _why(found: Comparison, running: bool) -> Message:
    if found.reason == "empty":
        return msg("experiment.why.empty", before=found.before.entered, after=found.after.entered)
    low, high = found.ci95 or (0.0, 0.0)
    numbers = {
        "before": 100 * (found.before.rate or 0.0),
        "after": 100 * (found.after.rate or 0.0),
        "change": 100 * (found.change or 0.0),
        "low": 100 * low,
        "high": 100 * high,
        "worth": 100 * found.worth,
        "chance": 100 * (found.p or 0.0),
    }
    if found.reason == "unsure" and found.needed is not None:
        weeks = found.weeks_needed or 0
        return msg("experiment.why.unsure", needed=found.needed, weeks=weeks, **numbers)
    reason = "unsure_now" if found.reason == "unsure" else found.reason
    return msg(f"experiment.why.{reason}", **numbers)


def _own_differs(trial: Trial, compared: Comparison) -> list[Message]:
    """A rate the person wrote that the rows don't bear out."""
    pairs = ((trial.own_before, compared.before.rate), (trial.own_after, compared.after.rate))
    off = [(own, rate) for own, rate in pairs if own is not None and rate is not None and abs(own - rate) > _RATE_OFF]
    if not off:
        return []
    return [msg("experiment.note.own_differs")]


def _elsewhere(
    move: int,
    labels: Sequence[str],
    counts: Passing,
    start: int | None,
    begun: bool,
    as_of: int,
    constraint: Constraint | None,
) -> list[Message]:
    """Whether the attacked step was the constraint: in the weeks before it began, else today."""
    day = start if start is not None and begun else as_of
    then = counts.constraint(day)
    if then is None or then.index is None:
        then = constraint
    if then is None or then.index is None or then.index == move:
        return []
    held = msg("constraint.transition", start=labels[then.index], end=labels[then.index + 1])
    own = msg("constraint.transition", start=labels[move], end=labels[move + 1])
    if own in then.co or then.verdict in ("undecided", "small_sample"):
        return [msg("experiment.note.one_of", step=held)]
    return [msg("experiment.note.elsewhere", step=held)]


def _progress(trial: Trial, begun: bool, as_of: int, compared: Comparison | None) -> tuple[str, ...]:
    """Where it stands on the way of five: everything before the first gap is done, the gap is what is next."""
    over = trial.ended is not None and trial.ended <= as_of
    done = (
        trial.transition is not None,
        bool(trial.cause),
        bool(trial.solution),
        begun and (over or bool(trial.own_verdict)) and (compared is not None or bool(trial.own_verdict)),
        bool(trial.own_verdict),
    )
    gap = next((i for i, yes in enumerate(done) if not yes), len(done))
    return tuple("done" if yes else "now" if i == gap else "open" for i, yes in enumerate(done))
