"""Data: names, phones, amounts and dates read from messy text as ``danggol rows`` reads them."""

from __future__ import annotations

import datetime as dt
import difflib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from addin.crm.amounts import parse_amount
from addin.crm.best_match import Names
from addin.crm.calendar import DAY, date_of
from addin.crm.clean import clean_column
from addin.crm.contact import parse_brn, parse_email, parse_phone
from addin.crm.dedupe import bare_name
from addin.crm.message import Message, msg
from addin.crm.stages import (
    PARTNER_STAGES,
    REQUEST_STAGES,
    partner_stage_rank,
    stage_kind,
    stage_rank,
)
from addin.crm.tables import REQUESTS
from addin.crm.text import shown, tidy
from addin.crm.words import header_key
from addin.functions.ranges import WHOLE_COLUMN, Block
from addin.functions.registry import Example, Problem, function
from addin.functions.vectors import money
from addin.functions.vectors import text as tidied

if TYPE_CHECKING:
    from addin.crm.reading import Reading
    from addin.functions.registry import Answer, Cell, Context, Range

_NAMES = [["㈜한빛 인테리어"], ["샛별부동산 강남점"], ["샛별부동산 서초점"]]


def read(reading: Reading[Any]) -> Answer:
    """A reading's value; where there is none for sure, what to do about the cell."""
    if reading.value is None and reading.fault is not None and not reading.fault.repair:
        return reading.fault.fix
    return reading.value


# -- names -------------------------------------------------------------------------------------------------------------


@function("data", example=Example(("주식회사  한빛",), "한빛"))
def partner_name(text: Cell, *, context: Context) -> Answer:
    """A partner's name without legal form and odd spaces; a spelling a person confirmed as another's gives that."""
    name = tidied(text) or ""
    for known, master in context.aliases.items():
        if tidy(known) == name:
            return master
    return bare_name(name)


@lru_cache(maxsize=8)
def _index(names: tuple[str, ...]) -> Names:
    return Names(names)


def _names(names: Range) -> Names:
    return _index(tuple(found for row in names for value in row if (found := tidied(value))))


@function(
    "data", whole=True, example=Example(("한빛인테리어", _NAMES), "㈜한빛 인테리어"), helps={"text": "match_text"}
)
def match_name(text: Cell, names: Range) -> Answer:
    """The name in a list that a text most likely means; empty where none is like it."""
    index = _names(names)
    return [index.best(wanted).name if (wanted := _plain(value)) else None for value in _cells(text)]


@function(
    "data",
    spills=True,
    example=Example(
        ([["한빛인테리어"], ["샛별부동상 강남점"], ["두리카페"]], _NAMES),
        [
            ["㈜한빛 인테리어", 98.0, "띄어쓰기나 법인 표기만 다름"],
            ["샛별부동산 강남점", 86.1, "글자가 비슷함"],
            [None, 0.0, "비슷한 이름 없음"],
        ],
    ),
)
def match_names(texts: Range, names: Range) -> Answer:
    """For each text the best name, how sure in per cent, and why."""
    index = _names(names)
    table: list[list[object]] = []
    for row in texts:
        wanted = _plain(row[0])
        found = index.best(wanted) if wanted else None
        table.append([None] * 3 if found is None else [found.name, found.score, msg(f"match.reason.{found.reason}")])
    given = texts.given if isinstance(texts, Block) else 0
    return table + [[None] * 3 for _ in range(given - len(table))] if given < WHOLE_COLUMN else table


def _cells(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _plain(value: Cell) -> str | None:
    """Text for looking up; an error cell is as good as blank."""
    try:
        return tidied(value)
    except Problem:
        return None


# -- cells -------------------------------------------------------------------------------------------------------------


@function("data", example=Example((1012345678.0,), "010-1234-5678"))
def phone(text: Cell) -> Answer:
    """A phone number in its Korean form."""
    return read(parse_phone(text))


@function("data", example=Example(("120-81-47521",), True))
def brn_ok(text: Cell) -> Answer:
    """Whether a 사업자등록번호 has ten digits that pass the check."""
    found = parse_brn(text)
    return None if found.fault is not None and found.fault.repair else found.value is not None


@function(
    "data",
    example=Example(("kim@naver,com",), "이메일 주소로 읽을 수 없습니다. kim@example.com처럼 하나만 적어 주세요."),
)
def email(text: Cell) -> Answer:
    """An e-mail address, or what is wrong with it."""
    return read(parse_email(text))


@function("data", example=Example(("120만원",), 1200000))
def amount(text: Cell) -> Answer:
    """An amount as a number."""
    found = parse_amount(text)
    return read(found) if found.value is None else money(found.value)


@function("data", whole=True, example=Example(("2024년 3월 5일 오후 3:20",), dt.datetime(2024, 3, 5, 15, 20)))
def date_of_(text: Cell) -> Answer:
    """A date (and time) as a date; a whole column proves whether day or month comes first."""
    cells = _cells(text)
    field = REQUESTS.field("received_at")
    assert field is not None
    column = clean_column(field, cells)
    faults = {i: fault.fix for i, fault in column.faults if not fault.repair}
    times = column.times or [None] * len(cells)
    return [
        faults.get(i) if minutes is None else _date(minutes, bool(times[i])) for i, minutes in enumerate(column.values)
    ]


def _date(minutes: int, has_time: bool) -> dt.date:
    day, minute = divmod(minutes, DAY)
    date = date_of(day)
    return dt.datetime(date.year, date.month, date.day, minute // 60, minute % 60) if has_time else date


# -- stages ------------------------------------------------------------------------------------------------------------

_STEPS = tuple(REQUEST_STAGES)
_PARTNERSHIP = frozenset(header_key(word) for word in ("파트너", "파트너십", "제휴", "partners", "partnership"))
_REQUEST = frozenset(header_key(word) for word in ("의뢰", "요청", "requests", "request"))


@function("data", example=Example(("Closed Won",), "수주"))
def stage(text: Cell, funnel: Range = None) -> Answer:  # type: ignore[assignment]
    """A stage by its usual name; with a team's own list of stages, the one of them that is meant."""
    word = tidied(text) or ""
    own = [found for row in funnel or () for value in row if (found := tidied(value))]
    if len(own) == 1 and header_key(own[0]) in _PARTNERSHIP:
        rank = partner_stage_rank(word)
        return PARTNER_STAGES[rank] if rank is not None else _unknown(word, PARTNER_STAGES)
    if own and not (len(own) == 1 and header_key(own[0]) in _REQUEST):
        return _own_stage(word, own)
    return _usual(word) or _unknown(word, [w for words in REQUEST_STAGES.values() for w in words[:3]])


def _usual(word: str) -> Message | None:
    rank = stage_rank(word)
    if rank is not None:
        return msg(f"funnel.step.{_STEPS[rank]}")
    kind = stage_kind(word)
    if kind == "lost":
        return msg("fn.stage.lost")
    return msg("fn.stage.hold") if kind == "open" else None


def _own_stage(word: str, own: list[str]) -> str:
    """One of the team's own stages: the same word, else the same meaning, else a slip of it."""
    key = header_key(word)
    for name in own:
        if header_key(name) == key:
            return name
    meaning = _usual(word)
    alike = [name for name in own if meaning is not None and _usual(name) == meaning]
    near = alike[:1] or difflib.get_close_matches(word, own, n=1, cutoff=0.7)
    return near[0] if near else _unknown(word, own)


def _unknown(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    raise Problem("fn.error.unknown_stage", value=shown(word), near=near[0] if near else "–")
