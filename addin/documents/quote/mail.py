"""The letter a quote goes out with, as a draft with the PDF attached. Nothing is sent from here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.documents.mail import draft
from addin.documents.quote.face import face

if TYPE_CHECKING:
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.library import Library


def quote_mail(record: QuoteRecord, library: Library, pdf: bytes, to: str = "") -> bytes:
    """The draft; where the book has no address for the recipient it is left to a person."""
    letter = library.render("sent.txt.j2", face(record))
    sender = record.supplier.get("email", "")
    return draft(letter, to=to, sender=sender, attached=[(f"{record.number}.pdf", pdf)])
