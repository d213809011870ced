"""Where a kind of document finds its templates: the team's own copy beside the workbook first, then the shipped one."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from addin.documents.sandbox import render
from addin.errors import DanggolError
from addin.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

#: The folder beside a workbook that holds the team's own templates.
OWN: Final = "danggol-templates"
SIZE_LIMIT: Final = 20_000_000


class Library:
    """The templates of one kind (``quote``) for a workbook in ``beside``; None: the shipped ones only.

    >>> Library("quote", None).file("quote.typ").name
    'quote.typ'
    """

    def __init__(self, kind: str, beside: Path | None) -> None:
        self.kind = kind
        self.own = beside / OWN / kind if beside is not None else None

    def file(self, name: str) -> Path:
        """The path of one template."""
        if self.own is not None and (own := self.own / name).is_file():
            return own
        return resource("templates", self.kind, name)

    def text(self, name: str) -> str | None:
        """The text of one template, None where there is none."""
        try:
            path = self.file(name)
        except FileNotFoundError:
            return None
        if path.stat().st_size > SIZE_LIMIT:
            raise DanggolError("doc.template.long", where=str(path))
        return path.read_text("utf-8-sig", errors="replace")

    def render(self, name: str, data: Mapping[str, Any], *, html: bool = False) -> str:
        """A template with its data, in the sandbox."""
        return render(name, data, self.text, html=html)

    def lines(self, name: str, data: Mapping[str, Any]) -> tuple[str, ...]:
        """A text block, a sentence a line; blank lines are left out."""
        return tuple(line.strip() for line in self.render(name, data).splitlines() if line.strip())

    def sha256(self, *names: str) -> str:
        """The hash of templates' texts."""
        return hashlib.sha256("\0".join(self.text(name) or "" for name in names).encode()).hexdigest()
