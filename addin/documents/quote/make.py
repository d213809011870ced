"""A quote's files: which formats there are, and the bytes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.documents.quote.face import face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.crm.quote_record import QuoteRecord
    from addin.documents.library import Library

FORMATS: Final = ("pdf", "html", "xlsx", "eml")


def make(record: QuoteRecord, format: str, pictures: Mapping[str, bytes], library: Library) -> bytes:
    """The bytes of one format. ``pictures``: our_logo, their_logo, seal → checked bytes.

    Raises `DocumentFault`, `TemplateFault` or `PictureFault`; nothing is written.
    """
    if format == "pdf":
        from addin.documents.typst import compile_pdf

        return compile_pdf("quote/quote.typ", face(record), pictures)
    if format == "html":
        from addin.documents.images import data_uri

        uris = {name: data_uri(data) for name, data in pictures.items()}
        return library.render("quote.html.j2", {**face(record), "images": uris}, html=True).encode()
    if format == "xlsx":
        from addin.documents.quote.xlsx import quote_xlsx

        return quote_xlsx(record, library.file("quote.xlsx"), pictures)
    if format == "eml":
        from addin.documents.quote.mail import quote_mail

        return quote_mail(record, library, make(record, "pdf", pictures, library))
    raise ValueError(format)
