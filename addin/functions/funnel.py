"""Funnel and constraint: what got how far, which step holds the whole back, how sure that is, what lifting it gains."""

from __future__ import annotations

import difflib
import math
from functools import lru_cache
from typing import TYPE_CHECKING

from addin.crm.calendar import DAY, minutes_of
from addin.crm.constraint import Diagnosis, Step, Transition, diagnose
from addin.crm.message import msg
from addin.crm.stats import sample_needed as needed
from addin.crm.survival import median_stay
from addin.crm.throughput import Line
from addin.crm.throughput import lift as gained
from addin.crm.throughput import line as line_of
from addin.crm.words import header_key
from addin.functions.ranges import Block, rows_of
from addin.functions.registry import Example, Problem, function
from addin.functions.vectors import count, moment, number, share, side_by_side, text, told

if TYPE_CHECKING:
    from addin.functions.registry import Answer, Cell, Context, Range

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
LINE_HEADS = ("name", "capacity", "finished", "load", "gain")


def diagnosed(steps: Range, counts: Range, targets: Range, roles: Range, sure: bool = True) -> Diagnosis:
    """A funnel judged by its counts. ``targets`` stand beside the step they lead into; what a person types chooses.

    Formulas over one range (its name, why, how sure) judge it once.
    """
    blocks = [rows if isinstance(rows, Block) else rows_of(rows) for rows in (steps, counts, targets, roles)]
    cells = tuple(tuple(map(tuple, rows)) for rows in blocks)
    types = tuple(type(v) for rows in cells for row in rows for v in row)  # TRUE equals 1 and is no count
    return _diagnosed(cells, types, tuple(rows.given for rows in blocks), sure)


@lru_cache(maxsize=256)
def _diagnosed(
    cells: tuple[tuple[tuple[Cell, ...], ...], ...], _types: tuple[type, ...], given: tuple[int, ...], sure: bool
) -> Diagnosis:
    names_of = ("steps", "counts", "targets", "roles")
    ranges: dict[str, Range] = {
        name: Block(map(list, rows), length) for name, rows, length in zip(names_of, cells, given, strict=True)
    }
    lists = side_by_side(ranges, ("counts", "targets"))
    names, size = lists["steps"], len(lists["steps"])
    wanted, parts = lists["targets"] or [None] * size, lists["roles"] or [None] * size
    found = []
    for name, reached, target, role in zip(names, lists["counts"], wanted, parts, strict=True):
        goal = share(target, "targets")
        found.append(Step(text(name) or "–", count(reached, "counts"), goal, goal is not None, _role(role)))
    return diagnose(found, sure=sure)


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
    judged = diagnosed(steps, counts, targets, [])
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
    judged = diagnosed(steps, counts, targets, roles, sure=False)
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


@function("funnel", example=Example(_SEED, 0.5013))
def bottleneck_p(steps: Range, counts: Range, targets: Range = None, roles: Range = None) -> Answer:  # type: ignore[assignment]
    """The probability that the named step really is the constraint."""
    found = diagnosed(steps, counts, targets, roles).constraint
    return found.why if found.probability is None else found.probability


@function("funnel", spills=True, example=Example(_SEED, [["가입→활성화"], ["활성화→유료"]]))
def bottlenecks(steps: Range, counts: Range, targets: Range = None, roles: Range = None) -> Answer:  # type: ignore[assignment]
    """The constraint and those within 2 % of it, a row each."""
    judged = diagnosed(steps, counts, targets, roles, sure=False)
    found = judged.constraint
    if found.index is None:
        return [[found.why]]
    return [[judged.transitions[found.index].label], *([other] for other in found.co)]


@function("funnel", example=Example((*_SEED, "활성화"), 2.3333))
def lift(steps: Range, counts: Range, step: Cell, target: Cell = None) -> Answer:
    """What the whole gains by bringing the way into a step to its target (100 % where none is given)."""
    judged = diagnosed(steps, counts, [], [], sure=False)
    names = [str(s.label) for s in judged.steps]
    wanted = text(step) or ""
    place = _place(wanted, names)
    if place == 0:
        raise Problem("fn.error.first_step", value=wanted)
    rate = judged.transitions[place - 1].rate
    if rate is None:
        return judged.constraint.why
    return _finite(gained([rate], 0, share(target, "target") or 1.0))


def _place(wanted: str, names: list[str]) -> int:
    """A step by its name, or by ``가입→활성화``. `Problem` with the nearest name."""
    wanted = wanted.rpartition("→")[2].strip() or wanted
    keys = [header_key(name) for name in names]
    if header_key(wanted) in keys:
        return keys.index(header_key(wanted))
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    raise Problem("fn.error.unknown_step", value=wanted, near=near[0] if near else ", ".join(names))


@function("funnel", example=Example((0.3, 0.45), 65), helps={"target": "rate_target"})
def sample_needed(rate: Cell, target: Cell) -> Answer:
    """Cases needed to tell a rate from a higher target; empty where it is no lower."""
    return needed(share(rate, "rate") or 0.0, share(target, "target") or 0.0)


_LINE = ([["A"], ["B"], ["C"], ["D"], ["E"]], [[100], [80], [30], [90], [70]])  # seed 004, an hour


def _line(names: Range, capacities: Range, yields: Range) -> Line:
    lists = side_by_side({"names": names, "capacities": capacities, "yields": yields}, ("capacities", "yields"))
    amounts = [number(value, "capacities") for value in lists["capacities"]]
    if any(amount is None or amount < 0 for amount in amounts):
        raise Problem("fn.error.capacity", value=", ".join("–" if a is None else f"{a:g}" for a in amounts))
    shares = [_yield(value) for value in lists["yields"]] or None
    return line_of([text(name) or "–" for name in lists["names"]], [amount or 0.0 for amount in amounts], shares)


def _yield(value: Cell) -> float:
    found = number(value, "yields")
    return 1.0 if found is None else share(value, "yields") or 0.0


@function("funnel", example=Example(_LINE, 30))
def throughput(names: Range, capacities: Range, yields: Range = None) -> Answer:  # type: ignore[assignment]
    """What a line of steps lets through: its slowest machine's pace."""
    return _line(names, capacities, yields).throughput


@function("funnel", example=Example(_LINE, "C"))
def slowest(names: Range, capacities: Range, yields: Range = None) -> Answer:  # type: ignore[assignment]
    """The slowest machine of a line."""
    return _line(names, capacities, yields).slowest


@function(
    "funnel",
    spills=True,
    example=Example(
        _LINE,
        [
            ["기계", "능력", "완성품 기준", "부하", "이것만 늘리면"],
            ["A", 100, 100, 0.3, 0],
            ["B", 80, 80, 0.375, 0],
            ["C", 30, 30, 1, 40],
            ["D", 90, 90, 0.3333, 0],
            ["E", 70, 70, 0.4286, 0],
        ],
    ),
)
def line(names: Range, capacities: Range, yields: Range = None) -> Answer:  # type: ignore[assignment]
    """Each machine: capacity, that in finished pieces, its load, what relaxing it alone gains."""
    found = _line(names, capacities, yields)
    heads = [msg(f"fn.line.{name}") for name in LINE_HEADS]
    return [heads, *([m.name, m.capacity, m.finished, m.load, _finite(m.gain)] for m in found.machines)]


@function(
    "funnel",
    blank=("left",),
    volatile=True,
    example=Example(
        (
            [["2026-11-02"], ["2026-11-02"], ["2026-11-03"], ["2026-11-05"]],
            [["2026-11-03"], ["2026-11-06"], ["2026-11-08"], [None]],
            "2026-11-20",
        ),
        4.0,
    ),
)
def stage_days(entered: Range, left: Range, as_of: Cell = None, *, context: Context) -> Answer:
    """The median days items stay in a step (Kaplan–Meier): open ones count as still waiting on ``as_of``."""
    lists = side_by_side({"entered": entered, "left": left}, (), dated=("entered", "left"))
    outs = lists["left"] or [None] * len(lists["entered"])
    pairs = [
        (start, moment(out, "left"))
        for value, out in zip(lists["entered"], outs, strict=True)
        if (start := moment(value, "entered")) is not None
    ]
    if not pairs:
        return None
    last = max(found.minutes for pair in pairs for found in pair if found)
    day = moment(as_of, "as_of")
    until = day.minutes + (0 if day.has_time else DAY) if day else min(last, minutes_of(context.day()) + DAY)
    stays, closed = [], []
    for start, out in pairs:
        end = out.minutes if out and out.minutes <= until else None
        if end is not None and end < start.minutes:
            raise Problem("fn.error.before", value=told(out) if out else "", first=told(start))
        if end is None and start.minutes > until:
            continue
        stays.append((until if end is None else end) - start.minutes)
        closed.append(end is not None)
    found = median_stay(stays, closed)
    return msg("fn.stage_days.open") if found is None else found / DAY
