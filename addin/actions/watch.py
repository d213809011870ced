"""``danggol refresh BOOK --watch``: the book is refreshed at once, and again each time somebody saved it.

Shared folders tell nobody that a file changed, so it is looked at every second: at its time and size first, and only
where these differ at its bytes. What we wrote ourselves is no news. A file that is being saved is left alone until it
rests; one that is open in another program waits until it is closed; what goes wrong is said once, and tried again.
Midnight is news too: tasks and silences count from today.
"""

from __future__ import annotations

import gc
import hashlib
import os
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.actions.dates import now
from addin.books.lock import open_elsewhere
from addin.crm.message import Message, msg
from addin.errors import BookLocked, DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from addin.actions.refresh import Refreshed

#: Seconds between two looks, and until a file that was just saved is looked at again.
POLL: Final = 1.0
REST: Final = 0.3
#: Seconds after which the bytes are looked at once more: times of files may stand still for two.
AGAIN: Final = 3.0
#: Seconds a file may be away before it is said: programs save under another name first.
AWAY: Final = 5.0
#: Failures in a row that pass without a word, where they may be those of a file that is being saved.
PATIENT: Final = 2
#: A wait doubles with every failure, up to so many seconds.
MAX_WAIT: Final = 300.0
#: Why it was refreshed.
WHY: Final = ("start", "saved", "day")
REASONS: Final = tuple(f"watch.why.{why}" for why in WHY)
OPEN: Final = "watch.open"


class Sight(NamedTuple):
    """What is seen of a file without reading it."""

    time: int
    size: int
    number: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One refresh: why (`WHY`), what it did, when it ended and the seconds it took."""

    why: str
    done: Refreshed
    at: dt.datetime
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """What ``refresh --json`` says, and when, why and how long."""
        told = {"at": self.at.replace(tzinfo=None).isoformat(timespec="seconds"), "why": self.why}
        return told | {"seconds": round(self.seconds, 2)} | self.done.to_json()

    def line(self) -> str:
        """One line for people."""
        what = say(msg("watch.wrote", tabs=", ".join(self.done.tabs))) if self.done.run else say("watch.same")
        why = say(f"watch.why.{self.why}")
        return say(msg("watch.line", at=f"{self.at:%H:%M:%S}", why=why, what=what, seconds=round(self.seconds, 1)))


def sight(book: Path) -> Sight | None:
    """A file as it is seen now; None where there is none, or the folder can't be reached."""
    try:
        told = os.stat(book)
    except OSError:
        return None
    return Sight(told.st_mtime_ns, told.st_size, told.st_ino)


def sum_of(book: Path) -> str:
    """The SHA-256 of a file's bytes; nothing where it can't be read just now."""
    try:
        with book.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


@dataclass(slots=True)
class Watch:
    """The loop. ``refresh`` does it once; ``told`` is called with each `Turn`, and with what people should know.

    All that is outside of it is given in tests: the day, how one waits, the clock (seconds, rising), and how a file is
    seen and summed.
    """

    book: Path
    refresh: Callable[[], Refreshed]
    told: Callable[[Turn | Message], None]
    day: Callable[[], object]
    wait: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    seen: Callable[[Path], Sight | None] = sight
    sum: Callable[[Path], str] = sum_of
    _sight: Sight | None = None
    _moving: bool = False  # it was another at the last look: being saved, perhaps
    _gone: float | None = None  # since when there is no file
    _sum: str = ""  # of the file as the last refresh left it
    _sums: list[float] = field(default_factory=list)  # when its bytes are looked at, whatever is seen
    _day: object = None  # of the last refresh
    _why: str = ""  # what a refresh is to be done for
    _from: float = 0.0  # and when at the earliest
    _failed: int = 0
    _said: dict[str, Message] = field(default_factory=dict)  # the trouble people know of, by kind

    def run(self) -> None:
        """Refresh, then stay until interrupted. `UsageError`, or a file that isn't there, ends it at the start."""
        self._turn("start")
        while True:
            self.wait(REST if self._moving else POLL)
            self.look()

    def look(self) -> None:
        """One look at the file, and a refresh where there is something new."""
        at, seen = self.clock(), self.seen(self.book)
        if seen is None:
            self._missing(at)
            return
        self._gone = None
        if seen != self._sight:
            self._sight, self._moving = seen, True
            return
        if self._moving:
            self._moving, self._sums, self._from, self._failed = False, [at, at + AGAIN], at, 0
            self._said = {id: said for id, said in self._said.items() if id == OPEN}
        if not self._why and self._sums and at >= self._sums[0]:
            self._sums.pop(0)
            self._why = "saved" if self.sum(self.book) != self._sum else ""
        if not self._why and self.day() != self._day:
            self._why = "day"
        if self._why and at >= self._from:
            self._turn(self._why)

    def _missing(self, at: float) -> None:
        self._sight, self._moving = None, False
        self._gone = at if self._gone is None else self._gone
        if at - self._gone >= AWAY:
            self._say(msg("watch.gone", where=self.book.name))

    def _turn(self, why: str) -> None:
        first, self._why = self._day is None, why
        if open_elsewhere(self.book) is not None:
            self._say(msg(OPEN, where=self.book.name))
            return
        self._said.pop(OPEN, None)
        start, day = self.clock(), self.day()
        try:
            done = self.refresh()
        except (DanggolError, OSError) as error:
            if first and (isinstance(error, UsageError) or self.seen(self.book) is None):
                raise
            self._trouble(error)
            return
        end = self.clock()
        self._sum, self._sums, self._day, self._why, self._failed = done.sha256, [end + AGAIN], day, "", 0
        self._said.clear()
        self.told(Turn(why, done, now(), end - start))

    def _trouble(self, error: DanggolError | OSError) -> None:
        """Said once, unless it may pass by itself; tried again, less and less often."""
        self._failed += 1
        self._from = self.clock() + min(POLL * 2**self._failed, MAX_WAIT)
        if isinstance(error, BookLocked) and open_elsewhere(self.book) is not None:
            self._say(msg(OPEN, where=self.book.name))
        elif not _may_pass(error) or self._failed > PATIENT:
            self._say(msg("watch.trouble", text=str(error)))

    def _say(self, what: Message) -> None:
        if self._said.get(what.id) != what:
            self._said[what.id] = what
            self.told(what)


def _may_pass(error: DanggolError | OSError) -> bool:
    """Whether it may only be that the file is being saved: not whole, not readable, another by the end."""
    return not isinstance(error, DanggolError) or isinstance(error, BookLocked) or error.message.id.startswith("guard.")


def watch_book(
    book: Path, told: Callable[[Turn | Message], None], *, as_of: str | None = None, maps: Sequence[str] = ()
) -> None:
    """Refresh a book each time it was saved, until interrupted; one time remembers what the one before worked out.

    With ``as_of`` midnight changes nothing. Garbage, which a command doesn't look for, is collected after each refresh;
    what is there after the first (modules, mostly) stays, and is not looked through again.
    """
    from addin.actions.progress import bar
    from addin.actions.refresh import refresh_book
    from addin.actions.session import Session
    from addin.today import today

    session = Session()

    def refresh() -> Refreshed:
        with bar() as step:
            return refresh_book(book, as_of=as_of, maps=maps, step=step, session=session)

    def tell(what: Turn | Message) -> None:
        told(what)
        gc.collect()
        if isinstance(what, Turn) and what.why == "start":
            gc.freeze()

    try:
        Watch(book, refresh, tell, (lambda: as_of) if as_of else today).run()
    finally:
        gc.unfreeze()
        session.close()
