"""A refresh that can have nothing to do: the file is the very one a refresh found nothing to write in.

What that refresh said is kept (`addin.books.fresh`) under everything its answer depended on: the file's bytes and name,
the day asked for and today, the language, what was said with ``--map``, the program and what it computes with. (A book
whose tabs say it all is adopted: what is remembered of other books takes no part in it.) A refresh that wrote, has open
questions or met formulas of ours keeps nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.books import fresh
from addin.books.edits import Edits
from addin.i18n import language
from addin.today import today

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from addin.actions.refresh import Refreshed

_SAID: Final = ("constraint", "partners", "requests", "faults", "repairs")


class Unchanged:
    """What a refresh of this book is asked, told when it begins: midnight may pass before it ends."""

    def __init__(self, book: Path, as_of: dt.date | None, maps: Sequence[str]) -> None:
        self.book = book
        self.asked: list[object] = [book.name, str(as_of), str(today()), language(), *maps]

    def answer(self) -> Refreshed | None:
        """What a refresh would say, where one found nothing to write under the same circumstances."""
        from addin.actions.refresh import Refreshed

        said = fresh.load(self.book)
        if said is None or said.get("circumstances") != self._circumstances():
            return None
        as_of = dt.date.fromisoformat(said["as_of"]) if said["as_of"] else None
        known = {name: said[name] for name in (*_SAID, "sha256")}
        return Refreshed(self.book, Edits("refresh"), None, as_of, **known)

    def keep(self, done: Refreshed, sha256: str) -> None:
        """Keep what a refresh said of the file of this sum, where it wrote and asked nothing."""
        if done.edits or done.questions:
            return
        said: dict[str, Any] = {name: getattr(done, name) for name in _SAID}
        said |= {"as_of": str(done.as_of) if done.as_of else "", "circumstances": self._circumstances()}
        fresh.save(self.book, sha256, said)

    def _circumstances(self) -> str:
        return hashlib.sha256(json.dumps([self.asked, program()]).encode()).hexdigest()


@cache
def program() -> list[str]:
    """Which program this is: Python, what is installed beside it, and our own files by size and time."""
    folders = [folder for folder in sys.path if os.path.isdir(folder)]
    installed = [name for folder in folders for name in sorted(os.listdir(folder)) if name.endswith(".dist-info")]
    return [sys.version, *installed, *sorted(_files(Path(__file__).parents[1]))]


def _files(folder: str | Path) -> Iterator[str]:
    """The code and words below a folder."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir():
                yield from _files(entry.path)
            elif entry.name.endswith((".py", ".mo")):
                told = entry.stat()
                yield f"{entry.path} {told.st_size} {told.st_mtime_ns}"
