"""A case's files: which formats there are, and the bytes of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from addin.documents.library import Library

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FORMATS: Final = ("pdf", "xlsx", "html")


def make(shown: Mapping[str, Any], format: str, beside: Path | None) -> bytes:
    """The bytes of one format of `addin.documents.case.face.face`; same input, same bytes.

    ``beside``: the workbook's folder, where the team's own templates lie. Raises `DocumentFault` (Typst is missing, a
    letter has no glyph) or `TemplateFault`; nothing is written.
    """
    if format == "pdf":
        from addin.documents.typst import compile_pdf

        return compile_pdf("case/case.typ", shown)
    if format == "xlsx":
        from addin.documents.case.xlsx import case_xlsx

        return case_xlsx(shown)
    if format == "html":
        return Library("case", beside).render("case.html.j2", shown, html=True).encode()
    raise ValueError(format)
