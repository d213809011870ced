"""A request or a row of the quotes' list → what is to be quoted: lines, recipient, terms; or why it can't be.

Pure but for templates and logos read beside the book. A person's own price in ``견적품목`` wins over the price list.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from addin.actions.meant import no_such
from addin.actions.quote_lines import NotQuotable, QuoteLines
from addin.actions.team_tables import Row, TeamTables, tier_of
from addin.crm.calendar import DAY, date_of
from addin.crm.message import Message, msg
from addin.crm.quote_record import QuoteRecord, label
from addin.crm.quoting import Line, QuoteTooLarge, expires
from addin.crm.stages import LOST_WORDS, WON_WORDS
from addin.crm.text import spelling_key
from addin.crm.words import header_key
from addin.errors import DanggolError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from addin.crm.vat import Policy
    from addin.documents.library import Library

TERMS: Final = ("payment.txt.j2", "service.txt.j2")


#: A record without a number, and its pictures.
Framed = tuple[QuoteRecord, dict[str, bytes]]


@dataclass(slots=True)
class Draft:
    """One thing to be quoted: its record without a number and its pictures, or the problem and where it stands."""

    source: str
    record: QuoteRecord | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    problem: Message | None = None
    where: str = ""
    sheet: str = ""
    row: int = 0


class Sources:
    """What there is to be quoted in one book."""

    def __init__(self, tables: TeamTables, library: Library, as_of: dt.date, *, renew: bool = False) -> None:
        self.tables, self.library, self.as_of, self.renew = tables, library, as_of, renew
        self.settings, self.lines = tables.settings, QuoteLines(tables)

    def chosen(self, request: str | None, quote: str | None) -> Iterator[Draft]:
        """The draft of one request or quote, or all that are open. `UsageError` where there is none of that id."""
        if quote is not None:
            yield self._draft(f"quote:{quote}", self._row("quotes", "quote_id", quote))
        elif request is not None:
            row = self._row("requests", "request_id", request)
            quotes = self.tables.rows["quotes"]
            mine = [q for q in quotes if q.get("request") == row.get("request_id") and q.get("quote_id")]
            if mine:
                yield self._draft(f"quote:{mine[-1]['quote_id']}", mine[-1])
            else:
                yield self._draft(f"request:{row['request_id']}", row)
        else:
            yield from self._open()

    def _open(self) -> Iterator[Draft]:
        quoted = [row for row in self.tables.rows["quotes"] if row.get("quote_id")]
        for row in quoted:
            if not _decided(row.get("status")):
                yield self._draft(f"quote:{row['quote_id']}", row)
        known = {row.get("request") for row in quoted}
        for row in self.tables.rows["requests"]:
            id = row.get("request_id")
            if id and id not in known and row.get("service") and row.get("won_at") is None and not _closed(row):
                yield self._draft(f"request:{id}", row)

    def _row(self, table: str, key: str, id: str) -> Row:
        wanted = spelling_key(id)
        found = [row for row in self.tables.rows[table] if row.get(key) and spelling_key(row[key]) == wanted]
        if not found:
            ids = [row[key] for row in self.tables.rows[table] if row.get(key)]
            raise no_such(table, id, ids)
        return found[-1]

    def _draft(self, source: str, row: Row) -> Draft:
        return self._drafted(source, row, lambda: self._record(source, row))

    def _drafted(self, source: str, row: Row, record: Callable[[], Framed]) -> Draft:
        """What is made of a row, or the problem and its cell."""
        draft = Draft(source, sheet=row["_sheet"], row=row["_row"], where=f"{row['_sheet']}!{row['_row']}")
        try:
            draft.record, draft.pictures = record()
        except NotQuotable as problem:
            draft.where, draft.problem = problem.where, problem.message
        except QuoteTooLarge:
            draft.problem = msg("quote.too_large")
        except DanggolError as error:
            draft.problem = error.message
        return draft

    def _record(self, source: str, row: Row) -> Framed:
        from_list = source.startswith("quote:")
        asked = self.tables.requests.get(row.get("request"), {}) if from_list else row
        tier = tier_of(self.tables.partner_of(row))
        lines = self.lines.listed(row, tier) if from_list else ()
        return self._framed(source, row, lines or self.lines.service(asked or row, tier), self.settings.policy)

    def of_work_done(self, row: Row, agreed: QuoteRecord | None, listed: Row | None) -> Draft:
        """A won request's work: the lines of the quote that was given (``agreed``), else of the team's own list
        (``listed``), else the service at the request's amount; both sides as they are today. A record without a price
        has a single line of 0."""
        source = f"request:{row['request_id']}"
        return self._drafted(source, row, lambda: self._work_done(source, row, agreed, listed))

    def _work_done(self, source: str, row: Row, agreed: QuoteRecord | None, listed: Row | None) -> Framed:
        lines = agreed.lines if agreed else ()
        if listed is not None and not lines:
            lines = self.lines.listed(listed, tier_of(self.tables.partner_of(listed)))
        lines = lines or (Line(label(row.get("service") or row["request_id"]), price=row.get("amount") or 0),)
        record, pictures = self._framed(source, row, lines, agreed.policy if agreed else self.settings.policy)
        if agreed:
            record = replace(record, number=agreed.number, price_list=agreed.price_list)
            if agreed.service:
                record = replace(record, payment=agreed.payment, service=agreed.service)
        return record, pictures

    def _framed(self, source: str, row: Row, lines: Sequence[Line], policy: Policy) -> Framed:
        """Lines with everything around them: both sides, days, terms, pictures."""
        from_list = source.startswith("quote:")
        asked = self.tables.requests.get(row.get("request"), {}) if from_list else row
        recipient = self.tables.recipient_of(row, asked)
        pictures = self.tables.pictures(recipient["partner"] or recipient["name"])
        dated = from_list and not self.renew
        issued = (_day(row.get("issued_at")) if dated else None) or self.as_of
        until = _day(row.get("valid_until")) if dated else None
        supplier = {name: label(text) for name, text in self.tables.company().items()}
        record = QuoteRecord(
            source=source,
            issued=issued,
            valid_until=until or expires(issued, self.settings.valid_days),
            policy=policy,
            lines=tuple(lines),
            title=label(asked.get("service") or ""),
            supplier=supplier,
            recipient=recipient,
            pictures={name: _sha(data) for name, data in pictures.items()},
            price_list=self.tables.prices.version if self.tables.prices.items else "",
            tier=tier_of(self.tables.partner_of(row)),
            terms=self.library.sha256(*TERMS),
        )
        data = self._terms_data(record)
        payment, service = (self.library.lines(name, data) for name in TERMS)
        return replace(record, payment=payment, service=service), pictures

    def _terms_data(self, record: QuoteRecord) -> dict[str, Any]:
        from addin.documents.quote.face import face

        whole = face(record)
        names = ("supplier", "recipient", "title", "issued", "valid_until", "total", "supply", "tax")
        return {name: whole[name] for name in names}


def _sha(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def _day(minutes: int | None) -> dt.date | None:
    return None if minutes is None else date_of(minutes // DAY)


def _decided(status: str | None) -> bool:
    from addin.actions.views.quotes import DECIDED

    return status is not None and spelling_key(status) in DECIDED


def _closed(row: Mapping[str, Any]) -> bool:
    stage = row.get("stage")
    return stage is not None and header_key(stage) in {header_key(w) for w in (*WON_WORDS, *LOST_WORDS)}
