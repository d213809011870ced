"""Read one list as one CRM table: the best one-to-one pairing of columns and fields, its reasons and questions."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.assign import best_pairs
from addin.crm.cells import is_ditto, merged_down
from addin.crm.clocks import find_clocks, is_clock
from addin.crm.fit import fit, gives_away, is_dates, proves
from addin.crm.grid import LongRows
from addin.crm.lexicon import WEAK
from addin.crm.mapping import ColumnMatch, Question, Region
from addin.crm.message import Message, msg
from addin.crm.naming import Named, fields_named_by, is_known
from addin.crm.shapes import CLOCK, NUMBER, Look, is_blank, look_at, spread
from addin.crm.tables import TABLES
from addin.crm.text import shown
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.crm.corrections import Said
    from addin.crm.grid import CellValue, Grid
    from addin.crm.tables import Field, Table

_SAMPLE = 200
_ACCEPT = 0.5
_TIE = 0.04
_BY_CONTENT = 0.55
_PIN = 1.5
_FEW = 3
#: Share of the headers that begin alike (``Deal - ``) before the beginning is looked past.
_ALIKE = 0.7
#: A column of stages that tells what was won goes before one that doesn't (Pipedrive's Status and Stage).
_NO_OUTCOME = 0.93

_PREFIX = re.compile(r"[^-:›|]{2,20}(?: - |: | \| )")

#: Fields worth a question when two columns claim them equally; for others the leftmost column is taken.
_ASKED_TYPES = frozenset(("instant", "money"))
_ASKED = frozenset(("stage", "partner", "customer", "request_id", "name"))
#: A table's name column holds each name once (a list of visits is no list of partners).
_MASTERS = {"partners": "name", "customers": "name", "price_list": "name"}
#: Header words that make a list another thing than this table.
_BARRED = {"price_list": frozenset(("수량", "qty", "quantity", "수량개"))}
#: Words for the day from which a house is empty until somebody moves in.
_EMPTY_FROM = ("잔금", "명도", "퇴거", "공실")
#: Messages of a reason, by how a header was recognised.
REASONS = ("map.reason.word", "map.reason.group", "map.reason.near", "map.reason.typo", "map.reason.weak",
           "map.reason.content", "map.reason.first", "map.reason.person", "map.reason.argument",
           "map.reason.remembered", "map.reason.with_time", "map.reason.unit")  # fmt: skip


@dataclass(slots=True)
class Columns:
    """The columns of a group of lists with the same headers: header text → what its values look like, examples."""

    sheet: str
    header_row: int
    headers: list[str]
    looks: dict[str, Look]
    examples: dict[str, tuple[str, ...]]
    clocks: frozenset[str] = frozenset()  # over times of day


@dataclass(slots=True)
class Reading:
    """A list read as one table.

    ``score`` sums what the pairs say about the table; ``evidence`` only what plain words say; ``complete`` =
    it has what the table needs; ``named`` = the sheet's name or title says so.
    """

    table: Table
    pairs: dict[str, str] = field(default_factory=dict)  # field id → header
    clocks: dict[str, str] = field(default_factory=dict)  # date field id → header of its time of day
    matches: list[ColumnMatch] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    score: float = 0.0
    evidence: float = 0.0
    complete: bool = False
    named: bool = False


def sample_columns(regions: Sequence[Region], by_name: Mapping[str, Grid]) -> Columns:
    """Look at about 200 values of every column, spread over all the regions."""
    headers = [h.text for h in regions[0].headers]
    share = max(20, _SAMPLE // len(regions))
    values: dict[str, list[CellValue]] = {h: [] for h in headers}
    for region in regions:
        grid = by_name[region.sheet]
        at = {h.text: h.column for h in region.headers}
        rows = spread(region.rows, share)
        merged = merged_down(grid, region.rows, at.values()) if grid.merged else {}
        if isinstance(grid.rows, LongRows):
            grid.rows.ahead([row - 1 for row in rows])
        lines = list(zip_longest(*(grid.rows[row - 1] for row in rows)))
        for header in headers:
            if header in at:
                over, place = merged.get(at[header]), at[header] - 1 - grid.let_go
                values[header] += _sampled(
                    grid.column(at[header], [over.get(r, r) for r in rows]) if over
                    else lines[place] if place < len(lines) else [None] * len(rows)
                )  # fmt: skip
    examples = {h: _examples(vs) for h, vs in values.items()}
    first = regions[0]
    looks = {h: look_at(vs) for h, vs in values.items()}
    clocks = frozenset(h for h, vs in values.items() if looks[h].share(CLOCK, NUMBER) > 0.2 and is_clock(vs))
    return Columns(first.sheet, first.header_last, headers, looks, examples, clocks)


def _sampled(cells: Sequence[CellValue]) -> list[CellValue]:
    """A column's cells as the sample sees them: a ditto mark says nothing of its own, nor does an empty text."""
    dumb = {v for v in set(cells) if type(v) is str and (not v or (len(v) < 8 and is_ditto(v)))}
    return [None if value in dumb else value for value in cells] if dumb else list(cells)


def _examples(values: Sequence[CellValue]) -> tuple[str, ...]:
    out: dict[str, None] = {}
    for value in values:
        if not is_blank(value):
            out[shown(value)] = None
        if len(out) == 3:
            break
    return tuple(out)


def read_as(table: Table, columns: Columns, said: Said, sheets: Sequence[str], titles: Sequence[str]) -> Reading:
    """Pair a list's columns with a table's fields; people's words are pinned, the rest is the best total.

    Of a table nobody named that can't be complete there is nothing to say: an empty reading.
    """
    pins = {h: (f, by) for h, (t, f, by) in said.columns.items() if t in ("", table.id) and (not f or table.field(f))}
    barred = {f for t, f in said.unmapped if t in ("", table.id)}
    heard = _heard(tuple(columns.headers))
    names = _named(table, columns, heard, pins, barred)
    if said.table != table.id and not _may_be(table, {f for f, _ in (*names, *pins.values())}):
        return Reading(table)
    scores = _scores(table, columns, names, pins)
    pairs = best_pairs(scores)
    _only_name(pairs, scores, names, pins, barred)
    _only_day(pairs, scores, names, pins)
    reading = Reading(table)
    order = {h: i for i, h in enumerate(columns.headers)}
    for field_ in table.fields:
        header = pairs.get(field_.id)
        if header is None:
            continue
        rivals = _rivals(field_, header, scores, pairs, columns, pins)
        if rivals and _worth_asking(field_):
            _ask(reading, field_, sorted((header, *rivals), key=order.__getitem__), columns, pairs)
            continue
        if rivals:
            header = min((header, *rivals), key=order.__getitem__)
        reading.pairs[field_.id] = header
        reading.matches.append(_match(field_, header, names, scores, columns, pins, bool(rivals)))
    free = columns.clocks - set(pins) - set(reading.pairs.values())
    reading.clocks = find_clocks(table, reading.pairs, columns.headers, columns.looks, free) if free else {}
    reading.matches = [
        replace(m, reason=msg("map.reason.with_time", reason=m.reason, header=reading.clocks[m.field]))
        if m.field in reading.clocks
        else m
        for m in reading.matches
    ]
    _ask_unknown_dates(reading, columns, heard, names, pins)
    _weigh(reading, table, columns, names, pins, sheets, titles)
    return reading


def _may_be(table: Table, told: set[str]) -> bool:
    """Whether a list may have all that a table needs, by the fields its columns speak for.

    What `_only_name`, `_only_day` and `_ask_unknown_dates` may make of them counts, too.
    """
    first_day = next((f.id for f in table.fields if f.type == "instant"), "")
    return all(not group.isdisjoint((*told, "customer", "event_at", first_day)) for group in table.needs)


def _only_name(
    pairs: dict[str, str], scores: dict[str, dict[str, float]], names: dict[tuple[str, str], Named],
    pins: Mapping[str, tuple[str, str]], barred: set[str],
) -> None:  # fmt: skip
    """Where only those who use are named (수령인), they are the customers."""
    header = pairs.get("user")
    if header is not None and header not in pins and "customer" not in pairs and "customer" not in barred:
        pairs["customer"] = pairs.pop("user")
        scores["customer"][header] = scores["user"][header]
        names["customer", header] = names["user", header]


def _only_day(
    pairs: dict[str, str], scores: dict[str, dict[str, float]], names: dict[tuple[str, str], Named],
    pins: Mapping[str, tuple[str, str]],
) -> None:  # fmt: skip
    """Where no day is told from which the house is empty (잔금일), the day of moving in is the day of the event."""
    header, event = pairs.get("move_in_at"), pairs.get("event_at")
    if header is None or header in pins or event in pins or any(word in (event or "") for word in _EMPTY_FROM):
        return
    pairs["event_at"] = pairs.pop("move_in_at")
    scores["event_at"].setdefault(header, scores["move_in_at"][header])
    names.setdefault(("event_at", header), names["move_in_at", header])


class _Heard(NamedTuple):
    """What a header says by its words alone: by table the fields it names, and whether it is a word we know."""

    fields: Mapping[str, Mapping[str, Named]]
    known: bool


@lru_cache(maxsize=256)
def _heard(headers: tuple[str, ...]) -> dict[str, _Heard]:
    """What a list's headers say, whatever table it is."""
    beginning = _beginning(headers)
    out = {}
    for header in headers:
        bare = _bare(header, beginning)
        fields: dict[str, dict[str, Named]] = {}
        for (table, field_), named in (fields_named_by(_bare(header, "")) or fields_named_by(bare)).items():
            fields.setdefault(table, {})[field_] = named
        out[header] = _Heard(fields, is_known(bare))
    return out


def _named(
    table: Table, columns: Columns, heard: Mapping[str, _Heard], pins: Mapping[str, tuple[str, str]], barred: set[str]
) -> dict[tuple[str, str], Named]:
    """(field id, header) → what the header's words say, before content has its say."""
    out: dict[tuple[str, str], Named] = {}
    alone: dict[str, list[str]] = {}
    taken = {f for f, _ in pins.values() if f}
    for header in columns.headers:
        if header in pins:
            continue
        for field_id, named in heard[header].fields.get(table.id, {}).items():
            if field_id not in barred and field_id not in taken:
                out[field_id, header] = named
        betrayed = None if heard[header].known else gives_away(columns.looks[header])
        if betrayed and table.field(betrayed) and betrayed not in barred | taken:
            alone.setdefault(betrayed, []).append(header)
    for field_id, headers in alone.items():
        if len(headers) == 1:
            out.setdefault((field_id, headers[0]), Named(_BY_CONTENT, "content", ""))
    return out


def _bare(header: str, beginning: str) -> str:
    """A header without the `` (2)`` that tells it from its double, and without what all headers begin with."""
    text, _, number = header.rpartition(" (")
    text = text if text and number[:-1].isdigit() and number.endswith(")") else header
    return text.removeprefix(beginning) or text


def _beginning(headers: Sequence[str]) -> str:
    """What most headers of an export begin with: ``Deal - ``."""
    starts = Counter(match[0] for h in headers if (match := _PREFIX.match(h)))
    for start, count in starts.most_common(1):
        if count >= max(_FEW, _ALIKE * len(headers)):
            return start
    return ""


def _part_of_another(word: str, key: str) -> bool:
    return any(word in other != word and other in key for other in _sheet_words())


@cache
def _sheet_words() -> tuple[str, ...]:
    return tuple(header_key(word) for table in TABLES for word in table.sheet_words)


def _scores(
    table: Table, columns: Columns, names: Mapping[tuple[str, str], Named], pins: Mapping[str, tuple[str, str]]
) -> dict[str, dict[str, float]]:
    out: dict[str, dict[str, float]] = {f.id: {} for f in table.fields}
    for (field_id, header), named in names.items():
        field_ = table.field(field_id)
        assert field_ is not None
        look = columns.looks[header]
        score = named.score * fit(field_, look)
        general = named.score <= WEAK and named.how not in ("typo", "content")
        if field_id == "stage" and look.filled >= _FEW and (look.stages < 0.5 or not look.outcomes):
            score *= _NO_OUTCOME
        if (general or (named.how == "typo" and field_.type != "text")) and not proves(field_, look):
            continue
        if score >= _ACCEPT:
            out[field_id][header] = score
    for header, (field_id, _) in pins.items():
        if field_id:
            out[field_id] = {header: _PIN}
    return out


def _rivals(
    field_: Field, header: str, scores: Mapping[str, Mapping[str, float]], pairs: Mapping[str, str], columns: Columns,
    pins: Mapping[str, tuple[str, str]],
) -> list[str]:  # fmt: skip
    """Other columns that claim the field as well as the chosen one and serve no other field."""
    if header in pins:
        return []
    line = scores[field_.id]
    used = set(pairs.values())
    fill = columns.looks[header].filled
    return [
        h for h, s in line.items()
        if h not in used and s >= line[header] - _TIE and columns.looks[h].filled >= 0.2 * fill
    ]  # fmt: skip


def _worth_asking(field_: Field) -> bool:
    return field_.type in _ASKED_TYPES or field_.id in _ASKED


def _ask(reading: Reading, field_: Field, headers: Sequence[str], columns: Columns, pairs: Mapping[str, str]) -> None:
    """Two columns, one field: both are asked about, neither is taken."""
    kin = [f.id for f in reading.table.fields if f.type == "instant" == field_.type and f.id not in pairs]
    kin += [f.id for f in reading.table.fields if field_.id == "customer" and f.id == "user" and f.id not in pairs]
    for header in headers:
        reading.questions.append(
            Question(
                sheet=columns.sheet,
                header=header,
                candidates=(field_.id, *kin),
                reason=msg("map.question.rivals", headers=", ".join(headers)),
                table=reading.table.id,
                examples=columns.examples[header],
                header_row=columns.header_row,
            )
        )


def _ask_unknown_dates(
    reading: Reading, columns: Columns, heard: Mapping[str, _Heard], names: Mapping[tuple[str, str], Named],
    pins: Mapping[str, tuple[str, str]],
) -> None:  # fmt: skip
    """A column of dates under a header that says nothing, while no date of the table is known yet."""
    instants = [f.id for f in reading.table.fields if f.type == "instant"]
    if reading.questions or not instants or any(f in reading.pairs for f in instants):
        return
    for header in columns.headers:
        unread = header not in pins and not heard[header].known and not any(h == header for _, h in names)
        if unread and is_dates(columns.looks[header]):
            reading.questions.append(
                Question(
                    sheet=columns.sheet,
                    header=header,
                    candidates=tuple(instants),
                    reason=msg("map.question.dates", header=header),
                    table=reading.table.id,
                    examples=columns.examples[header],
                    header_row=columns.header_row,
                )
            )


def _match(
    field_: Field, header: str, names: Mapping[tuple[str, str], Named], scores: Mapping[str, Mapping[str, float]],
    columns: Columns, pins: Mapping[str, tuple[str, str]], first_of_many: bool,
) -> ColumnMatch:  # fmt: skip
    if header in pins:
        by = pins[header][1]
        return ColumnMatch(field_.id, header, 1.0, msg(f"map.reason.{by}"), columns.examples[header], by)
    sure = round(min(scores[field_.id][header], 0.7 if first_of_many else 0.99), 2)
    reason = msg("map.reason.first") if first_of_many else _reason(header, names[field_.id, header], columns)
    return ColumnMatch(field_.id, header, sure, reason, columns.examples[header])


def _reason(header: str, named: Named, columns: Columns) -> Message:
    if named.how == "typo":
        return msg("map.reason.typo", word=named.word, likeness=round(named.likeness))
    if named.how == "content":
        return msg("map.reason.content", filled=columns.looks[header].filled)
    if named.score <= WEAK:
        return msg("map.reason.weak", word=named.word)
    return msg(f"map.reason.{named.how}", word=named.word)


def _weigh(
    reading: Reading, table: Table, columns: Columns, names: Mapping[tuple[str, str], Named],
    pins: Mapping[str, tuple[str, str]], sheets: Sequence[str], titles: Sequence[str],
) -> None:  # fmt: skip
    """How much the list is this table: what its columns say, the sheet's name, and whether names stand once each."""
    asked = {q.candidates[0] for q in reading.questions}
    have = set(reading.pairs) | asked
    reading.complete = all(have & group for group in table.needs)
    for match in reading.matches:
        field_ = table.field(match.field)
        assert field_ is not None
        reading.score += field_.weight * match.confidence
        if match.header in pins or names[match.field, match.header].score > 0.8:
            reading.evidence += field_.weight * match.confidence
    reading.score += sum(1.0 for _ in asked)
    reading.evidence += sum(1.0 for _ in asked)
    bonus = max(_name_bonus(table, sheets), 0.7 * _name_bonus(table, titles))
    reading.named = bonus > 0
    reading.score += bonus
    if any(header_key(h.split(" › ")[-1]) in _BARRED.get(table.id, ()) for h in columns.headers):
        reading.complete = False
    master = reading.pairs.get(_MASTERS.get(table.id, ""))
    if master is not None and columns.looks[master].filled >= _FEW:
        distinct = columns.looks[master].distinct
        sure = columns.looks[master].filled >= 5
        reading.score += 2.0 if sure and distinct >= 0.95 else -4.0 if distinct < 0.8 else 0.0


def _name_bonus(table: Table, texts: Sequence[str]) -> float:
    """What a sheet's name says for a table: 하자접수대장 speaks for defects, and not for 접수 too."""
    keys = [header_key(t, brackets=True) for t in texts if t]
    words = [(header_key(word), key) for key in keys for word in table.sheet_words]
    hits = [len(w) for w, key in words if w and w in key and not _part_of_another(w, key)]
    return 2.0 + 0.3 * min(max(hits), 6) if hits else 0.0
