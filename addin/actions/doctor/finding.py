"""What a check found: fine, wrong with its cure, or not to be told from here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from addin.i18n import say

if TYPE_CHECKING:
    from addin.crm.message import Message

Status = Literal["ok", "bad", "unknown"]
SYMBOLS: dict[Status, str] = {"ok": "✓", "bad": "✗", "unknown": "–"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of a diagnosis. ``cure`` says in one sentence what to do; None where there is nothing to do."""

    id: str
    status: Status
    message: Message
    cure: Message | None = None

    def to_json(self) -> dict[str, str | None]:
        """As scripts read it, in the language in force."""
        cure = None if self.cure is None else say(self.cure)
        return {"id": self.id, "status": self.status, "message": say(self.message), "cure": cure}


def ok(id: str, message: Message) -> Finding:
    """Fine."""
    return Finding(id, "ok", message)


def bad(id: str, message: Message, cure: Message) -> Finding:
    """Wrong, and how to mend it."""
    return Finding(id, "bad", message, cure)


def unknown(id: str, message: Message, cure: Message | None = None) -> Finding:
    """Can't be told from here, or is no fault but worth knowing."""
    return Finding(id, "unknown", message, cure)
