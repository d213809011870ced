"""What an install wrote, so that a diagnosis can compare and an uninstall take away exactly that."""

from __future__ import annotations

import base64
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
    ``conf``     the settings file; ``settings`` what we set in it; ``conf_after`` sha256 of the file we wrote;
                 ``conf_before`` the file as we found it, in base64 (None: there was none).
    """

    danggol: str
    xlwings: str
    files: dict[str, str]
    conf: str
    settings: dict[str, str]
    conf_after: str
    conf_before: str | None = None
    replaced: dict[str, str] = field(default_factory=dict)


def digest(data: bytes) -> str:
    """sha256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def packed(data: bytes | None) -> str | None:
    """Bytes as base64 text for a receipt."""
    return None if data is None else base64.b64encode(data).decode("ascii")


def unpacked(text: str | None) -> bytes | None:
    """The bytes of `packed`."""
    return None if text is None else base64.b64decode(text)


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
    text = json.dumps(asdict(receipt), indent=1)
    machine.write(receipt_file(machine), text.encode("utf-8"))
