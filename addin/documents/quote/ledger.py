"""The quotes a book has given: numbers without gaps, every revision frozen, in one SQLite file beside the book.

Whoever numbers holds the file from the first look to the last write, so two people never get one number; what fails in
between gives its number back.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from addin.crm.quote_record import QuoteRecord
from addin.crm.quoting import QuoteNumber, next_number
from addin.errors import BookError, BookLocked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WAIT: Final = 30.0  # seconds for someone else who is numbering
_TABLES: Final = (
    """CREATE TABLE IF NOT EXISTS quotes (year INTEGER, running INTEGER, revision INTEGER, source TEXT NOT NULL,
       content TEXT NOT NULL, sha256 TEXT NOT NULL, record TEXT NOT NULL, PRIMARY KEY (year, running, revision))""",
    """CREATE TABLE IF NOT EXISTS waiting (source TEXT PRIMARY KEY, content TEXT NOT NULL, reasons TEXT NOT NULL,
       record TEXT NOT NULL)""",
    "CREATE TABLE IF NOT EXISTS pictures (sha256 TEXT PRIMARY KEY, data BLOB NOT NULL)",
)


class FrozenChanged(BookError):
    """A frozen quote no longer has the hash it was given: someone edited the file."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A quote beyond the limits, waiting for a person's approval. ``reasons``: ``discount``, ``margin``."""

    record: QuoteRecord
    reasons: tuple[str, ...]

    @property
    def id(self) -> str:
        """Names this content of this quote: what was approved can't be changed afterwards."""
        return f"{self.record.source}#{self.record.content[:12]}"


class Ledger:
    """The open ledger; see `open_ledger`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def all(self) -> list[QuoteRecord]:
        """Every revision ever given, oldest number first. `FrozenChanged` where one was edited."""
        found = self._db.execute("SELECT record, sha256 FROM quotes ORDER BY year, running, revision").fetchall()
        return [_thawed(record, sha256) for record, sha256 in found]

    def latest(self, source: str) -> QuoteRecord | None:
        """The last revision made from a source."""
        found = self._db.execute(
            """SELECT record, sha256 FROM quotes WHERE source = ?
               ORDER BY year DESC, running DESC, revision DESC LIMIT 1""",
            (source,),
        ).fetchone()
        return _thawed(*found) if found else None

    def number(self, record: QuoteRecord, known: Sequence[tuple[str, QuoteNumber]] = ()) -> QuoteNumber:
        """The number this record would get: the next revision of its source, else the next of the year.

        ``known``: sources and numbers seen in the book itself, for a ledger that was lost.
        """
        mine = [*self._db.execute("SELECT source, year, running, revision FROM quotes").fetchall()]
        taken = [(source, QuoteNumber(*number)) for source, *number in mine] + list(known)
        before = [number for source, number in taken if source == record.source]
        if before:
            last = max(before)
            return last._replace(revision=last.revision + 1)
        return next_number(record.issued.year, [number for _, number in taken])

    def add(self, record: QuoteRecord) -> None:
        """Freeze a numbered record."""
        assert record.number is not None
        text = json.dumps(record.to_json(), ensure_ascii=False, sort_keys=True)
        self._db.execute(
            "INSERT INTO quotes VALUES (?, ?, ?, ?, ?, ?, ?)",
            (*record.number, record.source, record.content, record.sha256, text),
        )
        self._db.execute("DELETE FROM waiting WHERE source = ?", (record.source,))

    def wait(self, waiting: Waiting) -> None:
        """Remember a quote that needs approval; a changed one takes the older one's place."""
        text = json.dumps(waiting.record.to_json(), ensure_ascii=False, sort_keys=True)
        self._db.execute(
            "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?)",
            (waiting.record.source, waiting.record.content, ",".join(waiting.reasons), text),
        )

    def waiting(self) -> list[Waiting]:
        """What waits for approval."""
        found = self._db.execute("SELECT record, reasons FROM waiting ORDER BY source").fetchall()
        return [Waiting(QuoteRecord.from_json(json.loads(r)), tuple(reasons.split(","))) for r, reasons in found]

    def keep_picture(self, sha256: str, data: bytes) -> None:
        """Keep a logo or seal as it was when the quote was given."""
        self._db.execute("INSERT OR IGNORE INTO pictures VALUES (?, ?)", (sha256, data))

    def picture(self, sha256: str) -> bytes | None:
        """A picture kept."""
        found = self._db.execute("SELECT data FROM pictures WHERE sha256 = ?", (sha256,)).fetchone()
        return found[0] if found else None


def _thawed(text: str, sha256: str) -> QuoteRecord:
    record = QuoteRecord.from_json(json.loads(text))
    if record.sha256 != sha256:
        raise FrozenChanged("quote.frozen_changed", where=str(record.number), value=record.sha256[:12])
    return record


def ledger_path(book: Path) -> Path:
    """Where a book's ledger stands."""
    return book.parent / ".danggol" / f"{book.name}.quotes.sqlite"


@contextmanager
def open_ledger(path: Path, wait: float = WAIT) -> Iterator[Ledger]:
    """Hold the ledger; what is written is kept only if the block ends well.

    `BookLocked`: someone else has been numbering all the while. `BookError`: the file can't be used.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None)
    except (OSError, sqlite3.Error) as error:
        raise BookError("quote.ledger_unusable", where=str(path), value=str(error)) from error
    try:
        _begin(connection, path)
        yield Ledger(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    finally:
        connection.close()


def read_ledger(path: Path) -> tuple[list[QuoteRecord], list[Waiting]] | None:
    """Everything in a ledger, without holding it; None where there is none. `BookError`: the file can't be used."""
    if not path.exists():
        return None
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT)
        try:
            ledger = Ledger(connection)
            return ledger.all(), ledger.waiting()
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BookError("quote.ledger_unusable", where=str(path), value=str(error)) from error


def read_pictures(path: Path, record: QuoteRecord) -> dict[str, bytes]:
    """The logos and the seal of a record as they were when it was given, without holding the ledger."""
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=WAIT)
        try:
            ledger = Ledger(connection)
            found = {name: ledger.picture(sha256) for name, sha256 in record.pictures.items()}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise BookError("quote.ledger_unusable", where=str(path), value=str(error)) from error
    return {name: data for name, data in found.items() if data is not None}


def _begin(connection: sqlite3.Connection, path: Path) -> None:
    try:
        connection.execute("BEGIN IMMEDIATE")
        for table in _TABLES:
            connection.execute(table)
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            raise BookLocked("quote.numbering_busy", where=path.name) from error
        raise BookError("quote.ledger_unusable", where=str(path), value=str(error)) from error
    except sqlite3.DatabaseError as error:
        raise BookError("quote.ledger_unusable", where=str(path), value=str(error)) from error
