"""Who asks, and of which server: passed to everything that answers a request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from sheets_sync.emulator.drive import File
    from sheets_sync.emulator.store import Store


@dataclass(frozen=True, slots=True)
class Context:
    """One request: the store it is asked of, the user's address, the moment."""

    store: Store
    user: str
    now: datetime
    file: File | None = None

    @property
    def owns(self) -> bool:
        """Whether the user owns the spreadsheet: protection never stops its owner."""
        return self.file is None or self.file.owner == self.user
