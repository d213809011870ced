"""A report's files: which formats there are, and the bytes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.documents.library import Library

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMATS: Final = ("pdf", "html", "eml")


def make(shown: Mapping[str, Any], format: str, beside: Path | None) -> bytes:
    """The bytes of one format of `addin.documents.report.face.face`; same input, same bytes.

    ``beside``: the workbook's folder, where the team's own templates lie. ``eml`` is the mail's draft with the PDF.

    Raises `DocumentFault` (Typst is missing, a letter has no glyph) or `TemplateFault`; nothing is written.
    """
    if format == "pdf":
        from addin.documents.typst import compile_pdf

        return compile_pdf("report/report.typ", shown)
    if format == "html":
        from markupsafe import Markup

        # Our own drawings are markup; every other text is escaped by the sandbox.
        drawn = [{**trend, "svg": Markup(trend["svg"])} for trend in shown["trends"]]  # noqa: S704
        return Library("report", beside).render("report.html.j2", {**shown, "trends": drawn}, html=True).encode()
    if format == "eml":
        from addin.documents.mail import draft

        text = Library("mail", beside).render(f"report_sent.{shown['lang']}.txt.j2", shown)
        name = f"{shown['iso']} {shown['word']['title']}.pdf"
        return draft(
            text, to=shown["email"], sender=shown["sender_email"], attached=[(name, make(shown, "pdf", beside))]
        )
    raise ValueError(format)
