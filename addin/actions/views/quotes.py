"""The tab of quotes: every revision given, what waits for approval, and people's own answers beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.actions.views.answers import read_rows
from addin.actions.views.beside import Columns
from addin.actions.views.parts import Say, new_tab, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Tab
from addin.crm.amounts import MONEY_SCALE
from addin.crm.quoting import QuoteNumber, parse_quote_number
from addin.crm.text import spelling_key

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.crm.grid import CellValue, Grid
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.quote.ledger import Waiting

#: Column ids and widths, in order. ``answer``, ``why``, ``approve`` and ``memo`` belong to people.
COLUMNS: Final = {
    "number": 18,
    "state": 26,
    "source": 16,
    "partner": 24,
    "to": 20,
    "issued": 12,
    "until": 12,
    "supply": 14,
    "tax": 13,
    "total": 14,
    "discount": 10,
    "margin": 10,
    "answer": 11,
    "why": 26,
    "approve": 14,
    "memo": 30,
    "prices": 13,
    "hash": 15,
}
LABELS: Final = {name: f"view.quotes.h.{name}" for name in COLUMNS}
#: What a person may answer, and the words teams use for it.
ANSWERS: Final = ("view.quotes.sent", "view.quotes.accepted", "view.quotes.refused")
_SENT: Final = frozenset(map(spelling_key, ("발송", "보냄", "발송완료", "sent")))
_ACCEPTED: Final = frozenset(map(spelling_key, ("수락", "승낙", "계약", "수주", "accepted", "won")))
_REFUSED: Final = frozenset(map(spelling_key, ("거절", "반려", "취소", "실주", "refused", "rejected", "lost")))
DECIDED: Final = _ACCEPTED | _REFUSED
#: Ids of `state`, listed so that a test finds each in the catalogue.
STATES: Final = tuple(
    f"quote.state.{name}"
    for name in ("made", "sent", "accepted", "refused", "no_reason", "expired", "replaced", "waiting")
)
REASONS: Final = ("quote.over.discount", "quote.over.margin")
_LINES: Final = Columns(
    COLUMNS, LABELS, theirs=("answer", "why", "approve", "memo"), must=("number", "state", "answer")
)
_AT: Final = _LINES.at


@dataclass(frozen=True, slots=True)
class Answer:
    """What people wrote beside one quote, as typed; ``number`` and ``source`` as the line says."""

    answer: CellValue = None
    why: CellValue = None
    approve: CellValue = None
    memo: CellValue = None
    number: QuoteNumber | None = None
    source: str = ""
    row: int = 0
    until: str = ""
    partner: str = ""
    state: str = ""


def state_of(record: QuoteRecord, answer: Answer | None, as_of: dt.date, *, replaced: bool) -> str:
    """The message id of a quote's state: a person's answer first, then the calendar."""
    word = spelling_key(str(answer.answer)) if answer and answer.answer is not None else ""
    if is_accepted(word):
        return "quote.state.accepted"
    if is_refused(word):
        return "quote.state.refused" if answer and answer.why not in (None, "") else "quote.state.no_reason"
    if replaced:
        return "quote.state.replaced"
    if as_of > record.valid_until:
        return "quote.state.expired"
    return "quote.state.sent" if word in _SENT else "quote.state.made"


def is_accepted(word: CellValue) -> bool:
    """Whether a person's word beside a quote says it was accepted."""
    return word is not None and spelling_key(str(word)) in _ACCEPTED


def is_refused(word: CellValue) -> bool:
    """Whether a person's word beside a quote says it was refused."""
    return word is not None and spelling_key(str(word)) in _REFUSED


def is_open(answer: Answer) -> bool:
    """Whether nobody has written yet that the quote was accepted or refused."""
    return answer.answer is None or spelling_key(str(answer.answer)) not in DECIDED


def quote_tab(
    records: Sequence[QuoteRecord],
    waiting: Sequence[Waiting],
    answers: Mapping[str, Answer],
    as_of: dt.date,
    say: Say,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: what waits first, then the quotes, newest number first."""
    tab = new_tab("quotes", say, names)
    head = title(tab, say("view.quotes.title"), (say("view.quotes.how"), say("view.quotes.approve")))
    _LINES.header(tab, head, say)
    row = head
    for one in waiting:
        row += 1
        reasons = ", ".join(say(f"quote.over.{reason}") for reason in one.reasons)
        _line(tab, row, one.record, f"{say('quote.state.waiting')} ({reasons})", "cell.warn")
        _LINES.put_theirs(tab, row, (one.id, one.record.source), answers.get(one.id))
    last = {record.source: record.number for record in records}
    for record in reversed(records):
        row += 1
        answer = answer_of(record, answers)
        state = state_of(record, answer, as_of, replaced=last[record.source] != record.number)
        text = say(state) + (say("quote.state.approved", by=record.approved) if record.approved else "")
        look = {"quote.state.expired": "cell.warn", "quote.state.no_reason": "cell.warn"}.get(state, "cell")
        _line(tab, row, record, text, look)
        _LINES.put_theirs(tab, row, (str(record.number), record.source), answer)
    rect = (head + 1, _AT["answer"], max(row, head + 1), _AT["answer"])
    tab.choices.append(Choices(rect, tuple(say(id) for id in ANSWERS)))
    if row > head:
        tab.filter = (head, 1, row, len(COLUMNS))
    tab.freeze = (head + 1, _AT["source"])
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def answer_of(record: QuoteRecord, answers: Mapping[str, Answer]) -> Answer | None:
    """What people wrote beside a quote, also while it waited for approval."""
    return answers.get(str(record.number)) or answers.get(f"{record.source}#{record.content[:12]}")


def parse_quote_tab(grid: Grid) -> dict[str, Answer]:
    """Every line of the tab by its key, wherever people moved it: a quote's number, or the id of what waits."""
    out: dict[str, Answer] = {}
    for line in read_rows(grid, LABELS, _LINES.must):
        if len(line.key) == 2:
            answer, why, approve, memo = (line.cells.get(name) for name in _LINES.theirs)
            number = parse_quote_number(line.key[0])
            until, partner, state = (line.text(name) for name in ("until", "partner", "state"))
            out[line.key[0]] = Answer(answer, why, approve, memo, number, line.key[1], line.row, until, partner, state)
    return out


def _line(tab: Tab, row: int, record: QuoteRecord, state: str, look: str) -> None:
    counted = record.counted
    tab.put(row, _AT["number"], str(record.number) if record.number else None, "strong")
    tab.put(row, _AT["state"], state, look)
    tab.put(row, _AT["source"], record.source.partition(":")[2], "cell")
    tab.put(row, _AT["partner"], record.recipient.get("partner") or None, "cell")
    tab.put(row, _AT["to"], record.recipient.get("name") or None, "cell")
    tab.put(row, _AT["issued"], record.issued.isoformat(), "cell")
    tab.put(row, _AT["until"], record.valid_until.isoformat(), "cell")
    for name, amount in zip(("supply", "tax", "total"), counted.sums, strict=True):
        tab.put(row, _AT[name], amount / MONEY_SCALE, "money")
    for name, share in (("discount", counted.discount), ("margin", counted.margin)):
        tab.put(row, _AT[name], None if share is None else round(float(share), 4), "percent")
    tab.put(row, _AT["prices"], record.price_list or None, "cell")
    tab.put(row, _AT["hash"], record.sha256[:12] if record.number else None, "cell")
