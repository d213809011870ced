"""A request → what a letter about it tells: whom it is for, the day, the quote that stands, what else could be had."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.actions.addressee import email_of
from addin.actions.team_tables import Row, TeamTables, tier_of
from addin.crm.alternatives import alternatives
from addin.crm.calendar import DAY, date_of, day_of
from addin.crm.message import Message, msg
from addin.crm.text import spelling_key
from addin.errors import DanggolError

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from addin.actions.results import Results
    from addin.actions.workspace import Workspace
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.letters import Letter

_NEEDED: Final = ("event_at", "proposed_at", "service", "customer", "phone", "_won", "_lost", "_done")


class Correspondence:
    """The tables of one book, as letters need them."""

    def __init__(self, workspace: Workspace, results: Results, beside: Path, as_of: dt.date) -> None:
        from addin.crm.request_flags import bound
        from addin.documents.library import Library
        from addin.documents.quote.ledger import ledger_path, read_ledger

        self.workspace, self.as_of = workspace, as_of
        self.library, self.quotes = Library("mail", beside), Library("quote", beside)
        self.tables = TeamTables(workspace, beside)
        frames = results.resolved.frames
        self._frame = bound(frames["requests"], workspace.settings, day_of(as_of), frames.get("activities"))
        self._ids = {spelling_key(id): id for id in self._frame["request_id"].drop_nulls().to_list()}
        self.customers: list[Row] = frames["customers"].to_dicts() if "customers" in frames else []
        self.ledger = ledger_path(workspace.snapshot.path)
        found = read_ledger(self.ledger)
        self.given: dict[str, QuoteRecord] = {}
        for record in found[0] if found else ():
            self.given[self.tables.request_of(record.source)] = record

    def ids(self) -> list[str]:
        """Every request's id."""
        return list(self._ids.values())

    def known(self, text: str) -> str | None:
        """The request's id a person means, None where there is none."""
        return self._ids.get(spelling_key(text))

    def letter(self, kind: str, id: str) -> Letter | Message:
        """The letter of a kind about a request; or why there is none."""
        from addin.documents.letters import Letter

        row = self._row(id)
        day = day_of(self.as_of)
        event, proposed = (row[f] // DAY if row.get(f) is not None else None for f in ("event_at", "proposed_at"))
        if kind != "quote" and (row["_lost"] or row["_won"] == 1 or row["_done"]):
            return msg("mail.closed", value=id)
        if kind == "d7" and (event is None or event < day):
            return msg("mail.no_event", value=id)
        if kind == "reproposal" and (proposed is None or proposed > day):
            return msg("mail.not_proposed", value=id)
        quote = self._standing(id)
        if kind == "quote" and quote is None:
            return msg("mail.no_quote", value=id)
        return Letter(
            kind=kind,
            request=id,
            service=str(row.get("service") or ""),
            sender=self.tables.company(),
            recipient=self.tables.recipient_of(row),
            office=not row.get("customer"),
            event=None if event is None else date_of(event),
            left=None if event is None else event - day,
            proposed=None if proposed is None else date_of(proposed),
            quote=quote,
            tax_included=self.tables.settings.policy.included,
            others=self._others(row, quote) if kind == "reproposal" else (),
        )

    def text(self, letter: Letter) -> str:
        """The letter with its subject in the first line."""
        if letter.kind == "quote":
            from addin.documents.quote.face import face

            assert letter.quote is not None
            return self.quotes.render("sent.txt.j2", face(letter.quote))
        from addin.documents.letters import letter_text

        return letter_text(letter, self.library, self.workspace.lang)

    def address(self, id: str) -> str:
        """Where the letter goes to, "" where nobody wrote it down or it is no address."""
        from addin.documents.mail import is_address

        row = self._row(id)
        found = email_of(self.customers, row, self.tables.partner_of(row)).strip()
        return found if is_address(found) else ""

    def attachment(self, letter: Letter) -> tuple[list[tuple[str, bytes]], Message | None]:
        """The quote's PDF as a file to attach, or why it can't be made."""
        from addin.documents.quote.ledger import read_pictures
        from addin.documents.quote.make import make

        if letter.quote is None:
            return [], None
        try:
            pictures = read_pictures(self.ledger, letter.quote)
            return [(f"{letter.quote.number}.pdf", make(letter.quote, "pdf", pictures, self.quotes))], None
        except DanggolError as error:
            return [], error.message

    def _row(self, id: str) -> Row:
        import polars as pl

        rows: list[dict[str, Any]] = self._frame.filter(pl.col("request_id") == id).to_dicts()
        return {**dict.fromkeys(_NEEDED), **rows[-1]}

    def _standing(self, id: str) -> QuoteRecord | None:
        """The last quote given for a request, unless it has run out."""
        record = self.given.get(id)
        return record if record is not None and self.as_of <= record.valid_until else None

    def _others(self, row: Row, quote: QuoteRecord | None) -> Sequence[tuple[Any, int]]:
        """Items near to those asked for, at the partner's price."""
        prices, tier = self.tables.prices, tier_of(self.tables.partner_of(row))
        asked = [wanted.text for wanted in prices.wanted(str(row.get("service") or ""))]
        asked += [text for line in (quote.lines if quote else ()) for text in (line.name, line.code) if text]
        near = alternatives(prices, [text for text in asked if text])
        priced = ((item, prices.price_for(item, tier, self.tables.discounts)) for item in near)
        return [(item, price) for item, price in priced if price]
