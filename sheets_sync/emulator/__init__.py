"""Google Sheets v4 and the part of Drive v3 around it, on this machine: for tests, the demo and trying things out.

``start()`` gives a running `Server`; ``python -m sheets_sync.emulator`` runs one by itself. Everything is in memory.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sheets_sync.emulator.server import Server


def start(port: int = 0, **options: Any) -> Server:
    """Start an emulator; ``with start() as server: …``. Options: those of `Server`; no ``quota``, none kept."""
    from sheets_sync.emulator.server import Server  # local: the CLI's help must stay fast

    return Server(port, **options)
