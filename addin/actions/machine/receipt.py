"""What an install wrote, so that a diagnosis can compare and an uninstall take away exactly that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from addin.actions.machine.port import Machine

NAME = "excel-addin.json"


@dataclass(frozen=True, slots=True)
class Receipt:
    """One install.

    ``files``    path → sha256 of what we put there (the add-in; on a Mac the AppleScript too).
    ``replaced`` path → where the copy of somebody else's file that stood there is kept.
    ``conf``     the settings file; ``conf_before`` its text as we found it (None: there was none); ``settings`` ours.
    """

    danggol: str
    xlwings: str
    files: dict[str, str]
    conf: str
    settings: dict[str, str]
    conf_before: str | None = None
    replaced: dict[str, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    """sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def receipt_file(machine: Machine) -> str:
    """Where the receipt lies: in danggol's own folder."""
    return machine.join(machine.data, NAME)


def load_receipt(machine: Machine) -> Receipt | None:
    """What the last install did; None where there was none, or its note can't be read."""
    try:
        return Receipt(**json.loads(machine.read(receipt_file(machine)).decode("utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def save_receipt(machine: Machine, receipt: Receipt) -> None:
    """Write the receipt in one step."""
    text = json.dumps(asdict(receipt), ensure_ascii=False, indent=1)
    machine.write(receipt_file(machine), text.encode("utf-8"))
