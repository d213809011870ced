"""A funnel's steps: what a row must have to stand at each; typed by a person, by default, or shipped.

A step is every row (``all``), a field that is filled, or a field that holds one of some values.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.bindings import won_stages
from addin.crm.calendar import DAY
from addin.crm.engines import answers, is_scan
from addin.crm.message import Message, msg
from addin.crm.stages import PARTNER_STAGES, partner_stage_rank, stage_kind, stage_rank
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import polars as pl

    from addin.crm.constraint import Label
    from addin.crm.settings import Settings

ALL_WORDS = ("all", "전체", "*")
_ARROWS = ("→", "⇒", "->", "=>", ">", "›", "~")

#: Step labels the catalogue must have.
STEP_IDS = tuple(
    f"funnel.step.{name}"
    for name in (
        "received", "confirmed", "proposed", "visited", "won", "completed", "regular",
        "aware", "signup", "activated", "paid", "retained", "referred", "apply", "experience", "decide",
        *(f"partner{i}" for i in range(1, 9)),
    )
)  # fmt: skip


class StepError(ValueError):
    """A step that can't be understood; ``message`` says what and what was perhaps meant."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.id, dict(message.params))


@dataclass(frozen=True, slots=True)
class StepSpec:
    """One step: ``column`` None = every row; ``values`` empty = the cell is filled.

    ``at`` is the instant column that says when (None = the column itself where it holds instants).
    ``won`` replaces the test by the CRM's binding: a won stage, or ``won_at`` where no stage is told; a lost
    row then stands at no later step either. ``role`` as in `addin.crm.constraint.Step`.
    """

    label: Label
    column: str | None = None
    values: tuple[str, ...] = ()
    at: str | None = None
    won: bool = False
    role: str | None = None


def spoken(specs: Sequence[StepSpec], say: Callable[[Message], str]) -> tuple[StepSpec, ...]:
    """The same steps with our own labels turned into words, so that targets can be found by label."""
    return tuple(replace(spec, label=say(spec.label)) if isinstance(spec.label, Message) else spec for spec in specs)


def named_steps(text: str) -> list[str]:
    """The steps a text names, apart at its arrow.

    >>> named_steps("제안 -> 수주"), named_steps("수주"), named_steps("→")
    (['제안', '수주'], ['수주'], [])
    """
    arrow = next((arrow for arrow in _ARROWS if arrow in text), None)
    return [part.strip() for part in text.split(arrow) if part.strip()] if arrow else [text]


def parse_steps(texts: Iterable[str], columns: Mapping[str, str]) -> tuple[StepSpec, ...]:
    """``LABEL=FIELD_OR_HEADER[=V1|V2]`` each → steps; ``LABEL=all`` is every row.

    ``columns`` maps what a person may call a column (field id, its names, the sheet's header) to the frame's column.
    A text that is itself a column, or ``all``, is its own label. `StepError` on an unknown column (with the nearest),
    a label twice, or fewer than two steps.

    >>> steps = parse_steps(["전체=all", "수주=deal_stage=Won|Closed"], {"deal_stage": "stage"})
    >>> [(s.label, s.column, s.values) for s in steps]
    [('전체', None, ()), ('수주', 'stage', ('Won', 'Closed'))]
    """
    known = {header_key(name, brackets=True): column for name, column in reversed(list(columns.items()))}
    specs = [_parse(text, columns, known) for text in texts]
    if len(specs) < 2:
        raise StepError(msg("funnel.error.too_few", count=len(specs)))
    labels = [spec.label for spec in specs]
    twice = next((label for i, label in enumerate(labels) if label in labels[:i]), None)
    if twice is not None:
        raise StepError(msg("funnel.error.twice", label=twice))
    return tuple(specs)


def _parse(text: str, columns: Mapping[str, str], known: Mapping[str, str]) -> StepSpec:
    label, equals, rest = (part.strip() for part in text.partition("="))
    if equals and not (label and rest):
        raise StepError(msg("funnel.error.malformed", text=text))
    for name, condition in ((label, rest),) if not equals else ((label, rest), (text.strip(), text.strip())):
        spec = _condition(name, condition or name, columns, known)
        if spec is not None:
            return spec
    wanted = rest.partition("=")[0].strip() if equals else label
    near = difflib.get_close_matches(wanted, list(columns), n=1, cutoff=0.6)
    if near:
        raise StepError(msg("funnel.error.did_you_mean", column=wanted, near=near[0], text=text))
    raise StepError(msg("funnel.error.unknown", column=wanted, text=text, columns=", ".join(columns)))


def _condition(label: str, text: str, columns: Mapping[str, str], known: Mapping[str, str]) -> StepSpec | None:
    """``FIELD[=V1|V2]`` as a step; the field may itself hold ``=``, so the longest name that fits is taken."""
    if text.casefold() in ALL_WORDS:
        return StepSpec(label)
    pieces = text.split("=")
    for take in range(len(pieces), 0, -1):
        name, rest = "=".join(pieces[:take]).strip(), "=".join(pieces[take:])
        column = columns.get(name) or known.get(header_key(name, brackets=True))
        if column:
            return StepSpec(label, column, tuple(value.strip() for value in rest.split("|") if value.strip()))
    return None


# -- steps by default --------------------------------------------------------------------------------------------------

_DATED = (("confirmed", "confirmed_at"), ("proposed", "proposed_at"), ("visited", "visited_at"))
_WON, _COMPLETED = 4, 5  # ranks of `addin.crm.stages.REQUEST_STAGES`


def default_steps(
    columns: Collection[str], stages: Mapping[str, int], won: Collection[str] = ()
) -> tuple[StepSpec, ...]:
    """The steps of a team that named none, from the fields there are; one step where there are too few.

    ``columns``: the frame's; ``stages``: how often each stage word occurs; ``won``: words the team itself calls won.
    With dates: 접수 (every row) → 확인 → 제안 → 방문 → 수주 → 완료 → 단골, those with a column. With only a stage
    column: its words, in the vocabulary's order.

    >>> [s.label.id for s in default_steps({"received_at", "visited_at", "stage"}, {"수주": 3, "취소": 1})]
    ['funnel.step.received', 'funnel.step.visited', 'funnel.step.won']
    >>> [s.label for s in default_steps({"stage"}, {"Engaging": 5, "Won": 2, "Prospecting": 4, "Lost": 9})]
    ['Prospecting', 'Engaging', 'Won']
    """
    if not {"won_at", "completed_at", "membership_at", *(column for _, column in _DATED)} & set(columns):
        return _staged_steps(columns, stages, won)
    staged = any(word in won or stage_kind(word) for word in stages)
    ranks = {stage_rank(word) for word in stages}
    # A pipeline told by stages has one closing date, the day it was won; 완료 apart from 수주 is a step of its own.
    completes = "completed_at" in columns and (not staged or "won_at" in columns or {_WON, _COMPLETED} <= ranks)
    closing = [column for column in ("won_at", "completed_at") if column in columns]
    steps = [_first(columns, msg("funnel.step.received"))]
    steps += [StepSpec(msg(f"funnel.step.{name}"), column) for name, column in _DATED if column in columns]
    if staged or "won_at" in columns:
        at = closing[0] if closing and not (completes and closing[0] == "completed_at") else None
        steps.append(StepSpec(msg("funnel.step.won"), "stage" if staged else "won_at", at=at, won=True))
    if completes:
        steps.append(StepSpec(msg("funnel.step.completed"), "completed_at"))
    if "membership_at" in columns:
        steps.append(StepSpec(msg("funnel.step.regular"), "membership_at"))
    return tuple(steps)


def steps_of(frame: pl.DataFrame | pl.LazyFrame, settings: Settings) -> tuple[StepSpec, ...]:
    """The steps by default for these rows (`default_steps`).

    A team that visits before it proposes has its visits first: the order more rows follow is taken (by days, as one
    of the two often has no time), else the step more often on record comes first.
    """
    import polars as pl

    rows, scan = frame.lazy(), is_scan(frame)
    names = rows.collect_schema().names()
    stages: dict[str, int] = {}
    if isinstance(frame, pl.DataFrame) and "stage" in names:
        stages = dict(frame["stage"].drop_nulls().value_counts().iter_rows())
    elif "stage" in names:
        counted = rows.filter(pl.col("stage").is_not_null()).group_by("stage").len()
        stages = dict(answers([counted], scan=scan)[0].iter_rows())
    steps = list(default_steps(names, stages, won_stages(stages, settings)))
    columns = [step.column for step in steps]
    if "proposed_at" in columns and "visited_at" in columns:
        proposed, visited = pl.col("proposed_at"), pl.col("visited_at")
        days = proposed // DAY - visited // DAY
        sums = rows.select(
            after=(days > 0).sum(), visited=visited.count(), before=(days < 0).sum(), proposed=proposed.count()
        )
        after, visits, before, proposals = answers([sums], scan=scan)[0].row(0)
        if (after, visits) > (before, proposals):
            i, j = columns.index("proposed_at"), columns.index("visited_at")
            steps[i], steps[j] = steps[j], steps[i]
    return tuple(steps)


def _first(columns: Collection[str], label: Label) -> StepSpec:
    return StepSpec(label, at="received_at" if "received_at" in columns else None)


def _staged_steps(columns: Collection[str], stages: Mapping[str, int], won: Collection[str]) -> tuple[StepSpec, ...]:
    """Every row, then the known stages in order, each called as the team most often writes it."""
    words: dict[int, list[str]] = {}
    for word in sorted(stages, key=lambda word: (-stages[word], word)):
        rank = stage_rank(word)
        if rank is None and word in won:
            rank = _WON
        if rank is not None:
            words.setdefault(rank, []).append(word)
    received = words.pop(0, None)
    first = _first(columns, received[0] if received else msg("funnel.step.received"))
    return (first, *(StepSpec(words[rank][0], "stage", tuple(words[rank])) for rank in sorted(words)))


# -- shipped funnels ---------------------------------------------------------------------------------------------------


class Shipped(NamedTuple):
    """A step of a shipped funnel: label id, role, and the request columns that may tell it, best first."""

    name: str
    columns: tuple[str, ...] = ()
    role: str | None = None

    @property
    def label(self) -> Message:
        """The step's name."""
        return msg(f"funnel.step.{self.name}")


#: seed 004: the customer factory (Acquire → Activate → Revenue → Retain → Referral). Its first step has no rows of its
#: own (visitors: the table 단계수), nor has its last.
CUSTOMER_FACTORY = (
    Shipped("aware", role="feed"),
    Shipped("signup", ("received_at",)),
    Shipped("activated", ("visited_at", "proposed_at", "confirmed_at")),
    Shipped("paid", ("won_at",)),
    Shipped("retained", ("membership_at",)),
    Shipped("referred", role="loop"),
)

#: seed 003: 신청 > 경험 > 결정 > 단골; the default decision is joining the membership, and who joins counts as 단골.
REGULARS = (
    Shipped("apply", ("received_at",)),
    Shipped("experience", ("completed_at", "visited_at")),
    Shipped("decide", ("membership_at",)),
    Shipped("regular", ("membership_at",)),
)

FUNNELS: dict[str, tuple[Shipped, ...]] = {"customer_factory": CUSTOMER_FACTORY, "regulars": REGULARS}


#: What people may call a shipped funnel; ``partnership`` is counted over the partners (`partnership_steps`).
_SHIPPED_NAMES = {
    "customer_factory": "customer_factory", "고객공장": "customer_factory",
    "regulars": "regulars", "단골": "regulars",
    "partnership": "partnership", "제휴": "partnership",
}  # fmt: skip


def shipped_name(texts: Sequence[str]) -> str | None:
    """The shipped funnel one text names, None where it names none.

    >>> shipped_name(["고객 공장"]), shipped_name(["접수=all", "수주=stage=수주"])
    ('customer_factory', None)
    """
    return _SHIPPED_NAMES.get(header_key(texts[0])) if len(texts) == 1 else None


def bind_funnel(name: str, columns: Collection[str]) -> tuple[StepSpec, ...]:
    """A shipped funnel's steps that these columns can tell; of two told by the same column the first is kept.

    >>> [s.label.id for s in bind_funnel("regulars", {"received_at", "visited_at", "membership_at"})]
    ['funnel.step.apply', 'funnel.step.experience', 'funnel.step.decide']
    """
    steps: list[StepSpec] = []
    for step in FUNNELS[name]:
        column = next((column for column in step.columns if column in columns), None)
        if column and column not in [spec.column for spec in steps]:
            steps.append(StepSpec(step.label, column, role=step.role))
    return tuple(steps)


def partnership_steps(stages: Iterable[str]) -> tuple[StepSpec, ...]:
    """seed 001: a partnership's seven stages, for a frame whose column ``stage`` holds these words.

    Every partner on the list is an opportunity found. 운영 (running) has passed all seven; how far one that was
    stopped (중단) had come nobody wrote down, so it stands at the first.

    >>> [s.values for s in partnership_steps(["미팅", "QA테스트", "운영", "중단"])][4:]
    [('개발 구축',), ('QA 테스트', 'QA테스트'), ('현장 테스트', '운영')]
    """
    last = 6
    words: list[list[str]] = [[stage] for stage in PARTNER_STAGES[: last + 1]]
    for word in stages:
        rank = partner_stage_rank(word)
        if rank is not None and rank <= last + 1 and word not in words[min(rank, last)]:
            words[min(rank, last)].append(word)
    first, *rest = (msg(f"funnel.step.partner{i}") for i in range(1, last + 2))
    return (StepSpec(first), *(StepSpec(label, "stage", tuple(words[i])) for i, label in enumerate(rest, 1)))
