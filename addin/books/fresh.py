"""What the last refresh of a book said that found nothing to write: as long as the file is the same, kept beside it."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from addin.books.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


def fresh_file(book: Path) -> Path:
    """Where it stands."""
    journal = Journal(book)
    return journal.folder / f"{journal.key}.fresh"


def load(book: Path) -> dict[str, Any] | None:
    """What is kept of the book as it is now; None where there is nothing, or it is of other bytes."""
    file = fresh_file(book)
    try:
        if not file.is_file():
            return None
        found = json.loads(file.read_bytes())
        if not isinstance(found, dict) or found.get("size") != book.stat().st_size:
            return None
        same = found.get("sha256") == hashlib.sha256(book.read_bytes()).hexdigest()
    except (OSError, ValueError):
        return None
    return found if same else None


def save(book: Path, sha256: str, said: dict[str, Any]) -> None:
    """Keep what was said of the file of this sum; where that can't be, the next refresh computes it anew."""
    with suppress(OSError):
        told = said | {"sha256": sha256, "size": book.stat().st_size}
        lay(fresh_file(book), [json.dumps(told, ensure_ascii=False).encode()])


def lay(file: Path, parts: Iterable[bytes]) -> None:
    """Put a file that only saves time beside a book, whole or not at all: in a folder that can't be written or on a
    full disk it is not kept.
    """
    temp = file.with_name(f"{file.name}.part")
    with suppress(OSError):
        try:
            with temp.open("wb") as out:
                out.writelines(parts)
            temp.replace(file)
        finally:
            temp.unlink(missing_ok=True)
