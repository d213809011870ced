"""An inspection form's files: which formats there are, and the bytes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.crm.inspection import Inspection
from addin.crm.quote_record import QuoteRecord
from addin.crm.vat import Policy
from addin.documents.inspection.face import face

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from addin.documents.library import Library

FORMATS: Final = ("pdf", "html", "xlsx")


def make(inspection: Inspection, format: str, pictures: Mapping[str, bytes], library: Library) -> bytes:
    """The bytes of one format; same input, same bytes.

    ``pictures``: our_logo, their_logo, seal and the photos the form's shots name → checked bytes. ``library`` is that
    of ``inspection``. Raises `DocumentFault`, `TemplateFault` or `PictureFault`; nothing is written.
    """
    if format == "pdf":
        from addin.documents.typst import compile_pdf

        return compile_pdf("inspection/inspection.typ", face(inspection), pictures)
    if format == "html":
        from addin.documents.images import data_uri

        uris = {name: data_uri(data) for name, data in pictures.items()}
        return library.render("inspection.html.j2", {**face(inspection), "images": uris}, html=True).encode()
    if format == "xlsx":
        from addin.documents.inspection.xlsx import inspection_xlsx

        return inspection_xlsx(inspection, library.file("inspection.xlsx"), pictures)
    raise ValueError(format)


def blank(
    issued: dt.date, supplier: Mapping[str, str], recipient: Mapping[str, str], service: tuple[str, ...] = ()
) -> Inspection:
    """A form with nothing filled in but the two sides and the A/S terms, to be completed with a pen."""
    record = QuoteRecord("", issued, issued, Policy(), (), supplier=supplier, recipient=recipient, service=service)
    return Inspection("", None, record, priced=False)
