"""The draft of the mail a quote goes out with: an .eml that opens ready to send. Nothing is sent from here."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from addin.documents.quote.face import face

if TYPE_CHECKING:
    from addin.crm.quote_record import QuoteRecord
    from addin.documents.library import Library


def quote_mail(record: QuoteRecord, library: Library, pdf: bytes) -> bytes:
    """The draft: the template's first line is its subject, the PDF is attached; the recipient is left to a person."""
    lines = library.render("sent.txt.j2", face(record)).strip().splitlines()
    mail = EmailMessage(policy=SMTP)
    mail["Subject"] = lines[0].strip() if lines else str(record.number)
    mail["X-Unsent"] = "1"
    mail.set_content("\n".join(lines[1:]).strip() + "\n", cte="base64")
    mail.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{record.number}.pdf")
    mail.set_boundary(f"danggol-{record.sha256[:24]}")
    return mail.as_bytes()
