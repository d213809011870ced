"""The sync as a button: partners' sheets are a plug-in, found by its name, so that nothing here imports it."""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final

#: Module and function that sync the workbook that is open (an xlwings Book) and answer with one sentence.
PLUGIN: Final = ("sheets_sync.run", "sync_open")


def sync_open(book: Any) -> str:
    """Bring partners' sheets and the open master together, by the ``sync.toml`` in its folder."""
    module, name = PLUGIN
    return str(getattr(import_module(module), name)(book))
