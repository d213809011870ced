"""A won request → its inspection form: the agreed quote's lines, the defects, the photos; or why it can't be made.

Pure but for templates, logos and photos read beside the book and the quotes' ledger, which is only looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.addressee import EMAIL_HEADERS, customer_of
from addin.actions.inspection_photos import Photos
from addin.actions.outbox import file_name
from addin.actions.quote_sources import Draft, Sources
from addin.actions.team_tables import SITE_HEADERS, Row, TeamTables
from addin.crm.calendar import DAY, date_of, day_of
from addin.crm.inspection import (
    REMARK_HEADERS,
    REQUEST_HEADERS,
    Inspection,
    defect,
    defects_of,
    first_of,
    photo_paths,
    refusal,
    shots,
)
from addin.crm.message import Message, msg
from addin.crm.tax_invoice import Buyer
from addin.crm.text import spelling_key
from addin.errors import DanggolError
from addin.i18n import LANGUAGES, say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from addin.actions.views.quotes import Answer
    from addin.actions.workspace import Workspace
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.library import Library

#: Headers of what an invoice's form asks and no field holds.
OWNER_HEADERS: Final = ("대표자", "대표자명", "대표", "대표이사", "representative", "ceo")
ADDRESS_HEADERS: Final = ("사업장주소", "주소", "사업장소재지", "소재지", "address")
TYPE_HEADERS: Final = ("업태", "businesstype")
ITEM_HEADERS: Final = ("종목", "업종", "businessitem")
NUMBER_HEADERS: Final = ("사업자번호", "사업자등록번호", "사업자등록no", "businessno", "brn")
#: Ids a name is built for here.
IDS: Final = ("inspect.vat.excluded", "inspect.vat.included")
NAME_HEADERS: Final = ("상호", "회사명", "법인명", "company")


@dataclass(slots=True)
class Ready:
    """One request looked at: its form and the pictures in it, or the problem; ``notes`` for whoever sends it."""

    request: str
    where: str
    inspection: Inspection | None = None
    pictures: dict[str, bytes] = field(default_factory=dict)
    buyer: Buyer = field(default_factory=Buyer)
    refunded: bool = False
    notes: list[Message] = field(default_factory=list)
    problem: Message | None = None


class WorkDone:
    """The tables of one book, as an inspection form needs them."""

    def __init__(
        self, workspace: Workspace, beside: Path, library: Library, as_of: dt.date, photos: Path | None
    ) -> None:
        from addin.actions.partners import resolve
        from addin.actions.quote_tab import answers_of
        from addin.crm.request_flags import bound
        from addin.documents.quote.ledger import ledger_path, read_ledger

        self.workspace, self.beside, self.photos, self.as_of = workspace, beside, photos, day_of(as_of)
        self.tables = TeamTables(workspace, beside)
        self.sources = Sources(self.tables, library, as_of)
        frames = resolve(workspace).frames
        self._requests = bound(frames["requests"], workspace.settings, self.as_of, None)
        self.dated = "completed_at" in self._requests.columns
        self.rows: dict[str, list[Row]] = {
            name: frames[name].to_dicts() if name in frames else [] for name in ("defects", "activities", "customers")
        }
        found = read_ledger(ledger_path(workspace.snapshot.path))
        self.given: dict[str, list[QuoteRecord]] = {}
        for record in found[0] if found else ():
            self.given.setdefault(self.tables.request_of(record.source), []).append(record)
        self.answers: Mapping[str, Answer] = answers_of(workspace)

    def one(self, id: str) -> Row | None:
        """The request of an id, however spaced; the last of that id. None where there is none."""
        wanted = spelling_key(id)
        ids = self._requests["request_id"].to_list()
        at = next((n for n in range(len(ids) - 1, -1, -1) if ids[n] and spelling_key(ids[n]) == wanted), None)
        return None if at is None else self._requests.row(at, named=True)

    def ids(self) -> list[str]:
        """Every request's id."""
        return [id for id in self._requests["request_id"].to_list() if id]

    def finished(self, first: int, last: int) -> Iterator[Row]:
        """The requests that were won and completed in these days, in the order of the list."""
        import polars as pl

        field = "completed_at" if self.dated else "won_at"
        if field not in self._requests.columns:
            return
        meanwhile = (pl.col(field) >= first * DAY) & (pl.col(field) < (last + 1) * DAY)
        for row in self._requests.filter(meanwhile, pl.col("request_id").is_not_null()).iter_rows(named=True):
            if refusal(row, self.as_of, dated=self.dated) is None:
                yield row

    def ready(self, row: Row) -> Ready:
        """Everything a form of a request says; what is in the way is its ``problem``."""
        out = Ready(row["request_id"], f"{row['_sheet']}!{row['_row']}")
        out.problem = refusal(row, self.as_of, dated=self.dated)
        if out.problem is not None:
            out.where = self.tables.cell_of("requests", row, self._lacking(out.problem))
            return out
        agreed, listed = self._quote(row, out)
        draft = self.sources.of_work_done(row, agreed, listed)
        if draft.record is None:
            out.where, out.problem = draft.where, draft.problem
            return out
        try:
            self._fill(out, row, draft, quoted=agreed is not None or listed is not None)
        except DanggolError as error:
            out.problem = error.message
        return out

    def _fill(self, out: Ready, row: Row, draft: Draft, *, quoted: bool) -> None:
        assert draft.record is not None
        record, day = draft.record, self._finished_on(row)
        priced = quoted or row.get("amount") is not None
        if not priced:
            out.notes.append(msg("inspect.note.no_amount", request=out.request))
        elif not quoted:
            vat = msg(f"inspect.vat.{'included' if record.policy.included else 'excluded'}")
            out.notes.append(msg("inspect.note.no_quote", request=out.request, vat=vat))
        last = day if day is not None else self.as_of
        received = row.get("received_at")
        mine = defects_of(
            self.rows["defects"],
            row,
            record.recipient.get("site", ""),
            None if received is None else received // DAY,
            last,
            office=not row.get("customer"),
        )
        photos = self._photos(row, mine, out)
        out.pictures = {**draft.pictures, **{name: data for name, _, data in photos.found}}
        out.inspection = Inspection(
            out.request,
            None if day is None else date_of(day),
            record,
            worker=str(row.get("assignee") or ""),
            priced=priced,
            defects=tuple(defect(one, self.as_of) for one in mine),
            shots=shots((name, said) for name, said, _ in photos.found),
            missing=tuple(photos.missing),
            remark=first_of(row, REMARK_HEADERS),
        )
        out.buyer = self._buyer(row, record)
        out.refunded = bool(row.get("refund")) or row.get("refund__yes") is True

    def _finished_on(self, row: Row) -> int | None:
        at = row.get("completed_at") if self.dated else row.get("won_at")
        return at // DAY if isinstance(at, int) else None

    def _lacking(self, problem: Message) -> str:
        if problem.id == "inspect.not_done":
            return "completed_at"
        columns = self.workspace.mapping.table("requests")
        return "stage" if columns is not None and "stage" in columns.columns else "won_at"

    def _quote(self, row: Row, out: Ready) -> tuple[QuoteRecord | None, Row | None]:
        """The quote the work was done by: the one that was accepted, else the last that nobody refused; of the quotes
        given by danggol first, then of the team's own list."""
        from addin.actions.views.quotes import answer_of, is_accepted, is_refused

        given = self.given.get(row["request_id"], ())
        last = {record.source: record for record in given}
        said = {record.number: answer_of(record, self.answers) for record in given}
        accepted = [r for r in given if (a := said[r.number]) is not None and is_accepted(a.answer)]
        own = [r for r in self.tables.rows["quotes"] if r.get("request") == row["request_id"] and r.get("quote_id")]
        own_accepted = [r for r in own if is_accepted(r.get("status"))]
        accepted += [last[s] for r in own_accepted if (s := f"quote:{r['quote_id']}") in last and not accepted]
        if accepted:
            return accepted[-1], None
        with_lines = [r for r in own_accepted if self.tables.lines.get(r["quote_id"])]
        if with_lines:
            return None, with_lines[-1]
        standing = [r for r in last.values() if (a := said[r.number]) is None or not is_refused(a.answer)]
        if standing:
            number = str(standing[-1].number)
            out.notes.append(msg("inspect.note.unaccepted", request=out.request, number=number))
            return standing[-1], None
        rows = [r for r in own if not is_refused(r.get("status")) and self.tables.lines.get(r["quote_id"])]
        if rows:
            out.notes.append(msg("inspect.note.unaccepted", request=out.request, number=rows[-1]["quote_id"]))
            return None, rows[-1]
        return None, None

    # ---- photos

    def _photos(self, row: Row, defects: list[Mapping[str, object]], out: Ready) -> Photos:
        found = Photos(self.beside)
        rows: list[Mapping[str, object]] = [row, *self._activities(row), *defects]
        for at in rows:
            for path, moment in photo_paths(at):
                found.named(path, moment)
        found.folder(self._folder(row["request_id"]))
        out.notes += [msg("inspect.note.photo", request=out.request, value=n, why=why) for n, why in found.wrong]
        if found.count > found.most:
            note = msg("inspect.note.too_many_photos", request=out.request, count=found.count, most=found.most)
            out.notes.append(note)
        return found

    def _activities(self, row: Row) -> Iterator[Row]:
        id = spelling_key(row["request_id"])
        for one in self.rows["activities"]:
            named = one.get("request") or first_of(one, REQUEST_HEADERS)
            if named and spelling_key(str(named)) == id:
                yield one

    def _folder(self, request: str) -> Path | None:
        name = file_name(request, 120)
        if self.photos is not None:
            return own if (own := self.photos / name).is_dir() else self.photos
        names = (say("inspect.photo_folder", lang) for lang in LANGUAGES)
        return next((path for n in names if name and (path := self.beside / n / name).is_dir()), None)

    # ---- whom the invoice is for

    def _buyer(self, row: Row, record: QuoteRecord) -> Buyer:
        """The customer where the request names one, else the partner's office."""
        if row.get("customer"):
            person = self._headed("customers", customer_of(self.rows["customers"], row))
            row = self._headed("requests", row)
            number = first_of(row, NUMBER_HEADERS) or first_of(person, NUMBER_HEADERS)
            return _buyer((row, person), number, str(row["customer"]), first_of(row, SITE_HEADERS))
        partner = self._headed("partners", self.tables.partner_of(row))
        number = partner.get("business_no") or self._typed("partners", partner, "business_no")
        return _buyer((partner,), number, record.recipient.get("name", ""))

    def _headed(self, table: str, row: Row) -> Row:
        """A row that can be asked by the sheet's own headers too: 대표자 may be read as the contact."""
        match = self.workspace.mapping.table(table)
        fields = match.columns if match is not None else {}
        return row | {column.header: row[name] for name, column in fields.items() if name in row}

    def _typed(self, table: str, row: Row, name: str) -> str:
        """What stands in a cell that could not be read."""
        for fault in self.workspace.faults:
            if (fault.table, fault.field, fault.sheet, fault.row) == (table, name, row.get("_sheet"), row.get("_row")):
                return fault.fault.value
        return ""


def _buyer(rows: tuple[Row, ...], number: object, name: str, site: str = "") -> Buyer:
    def of(headers: tuple[str, ...]) -> str:
        return next((text for row in rows if (text := first_of(row, headers))), "")

    return Buyer(
        business_no=str(number or ""),
        name=of(NAME_HEADERS) or name,
        owner=of(OWNER_HEADERS),
        address=of(ADDRESS_HEADERS) or site,
        business_type=of(TYPE_HEADERS),
        business_item=of(ITEM_HEADERS),
        email=next((str(row["email"]) for row in rows if row.get("email")), "") or of(EMAIL_HEADERS),
    )
