"""Reading and writing a workbook without harming it: ``open_book(path).apply(edits)``."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from addin.books.edits import CLEAR, Edits
    from addin.books.file import open_book

__all__ = ["CLEAR", "Edits", "open_book"]
_HOMES = {"CLEAR": "addin.books.edits", "Edits": "addin.books.edits", "open_book": "addin.books.file"}


def __getattr__(name: str) -> Any:
    """Import on first use, so that naming this package costs nothing."""
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(name)
