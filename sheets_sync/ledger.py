"""What a sync remembers: one SQLite file beside the master (``.danggol/sync.sqlite``), crash-safe by write-ahead log.

Per partner: the agreed state (`Base`), noted *before* anything is written; the version probed before the last settled
read, and a digest of what the partner was shown; open reviews; a log of runs. Deleted or damaged, it is rebuilt by
reading: a damaged file is set aside, not overwritten.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.books.lock import locked
from addin.errors import BookLocked, DanggolError, SafetyBrake
from sheets_sync.model import Agreed, Base, Brake, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

#: Seconds after which the lock of a sync that died is free again; a running one renews it.
LOCK_SECONDS: Final = 300
KEPT_RUNS: Final = 2_000
BLOCK: Final = 20
#: Of the tables below. A ledger of another version is set aside and rebuilt by reading.
VERSION: Final = 1
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_SCHEMA = f"""
begin immediate;
create table if not exists partner(
  name text primary key, ref text not null default '', base text not null default '{{}}',
  version text not null default '', shown text not null default '', master text not null default '',
  swept_at real not null default 0, synced_at text not null default '',
  error text not null default '', brake text not null default '', reviews text not null default '[]');
create table if not exists run(
  id integer primary key, at text not null, partner text not null, event text not null, detail text not null);
create table if not exists lock(only integer primary key check(only = 1), owner text not null, until real not null);
create table if not exists number(name text primary key, last integer not null);
pragma user_version = {VERSION};
commit;
"""


class SyncRunning(SafetyBrake):
    """Another sync holds the ledger; ``owner`` says which machine and process."""


class LedgerError(DanggolError):
    """The ledger can't be read or written: disk full, no permission, held for too long. Nothing is lost."""


class Settled(NamedTuple):
    """What the last settled sync of a partner began from.

    The sheet's version, a digest of what was shown, the master's version, when the sheet was last read, and which
    sheet it was.
    """

    version: str = ""
    shown: str = ""
    master: str = ""
    swept_at: float = 0.0
    ref: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of one partner. ``synced_at`` "" = never."""

    name: str
    synced_at: str
    version: str
    rows: int
    deleted: int
    reviews: tuple[Review, ...]
    error: str
    brake: str


class Ledger:
    """The ledger of one master workbook. Every method is one transaction; all raise `LedgerError`.

    ``aside``: where a damaged ledger was put when this one was opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.aside: Path | None = None
        self._known: tuple[str, Base] | None = None  # the partner read last, and its state
        try:
            path.parent.mkdir(exist_ok=True)
            try:
                self._db = _open(path)
            except _UnusableError:
                self.aside = _set_aside(path)
                self._db = _open(path)
        except (sqlite3.Error, OSError) as error:
            raise LedgerError("sync.ledger.failed", where=str(path), value=str(error)) from error

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    # -- what was agreed -----------------------------------------------------------------------------------------------

    def base(self, partner: str) -> Base:
        """The partner's agreed state; an empty one where it was never synced or the ledger was lost."""
        found = self._one(partner, "base")
        base = _base(json.loads(found)) if found else Base()
        self._known = (partner, base)
        return base

    def elsewhere(self, partner: str, keys: Sequence[str]) -> Mapping[str, Sequence[Agreed]]:
        """What was agreed of these keys with other partners: of requests that changed hands."""
        query = "select base from partner where name <> ? and instr(base, ?)"
        out: dict[str, list[Agreed]] = {}
        for key in keys:
            for (text,) in self._do(query, [partner, f"{json.dumps(key, ensure_ascii=False)}:"]):
                if (agreed := _base(json.loads(text)).keys.get(key)) is not None:
                    out.setdefault(key, []).append(agreed)
        return out

    def meet(self, partner: str, ref: str) -> None:
        """A partner with another sheet than before begins anew: what was agreed was of the other sheet."""
        with self._transaction():
            if self._one(partner, "ref") != ref:
                self._do("delete from partner where name = ? and ref not in ('', ?)", [partner, ref])
                self._set(partner, ref=ref)

    def forget(self, partner: str) -> None:
        """Nothing is agreed with this partner: its sheet is a new one. The log stays."""
        self._known = None
        self._do("delete from partner where name = ?", [partner])

    def begin(self, partner: str, base: Base, reviews: Sequence[Review]) -> None:
        """Note the new state before anything is written, all but the refresh request, which is not served yet."""
        was = self._known[1] if self._known and self._known[0] == partner else self.base(partner)
        kept = replace(base, refresh=was.refresh)
        self._known = None
        self._set(partner, base=_dumped(kept), reviews=_dumped_reviews(reviews))

    def commit(self, partner: str, refresh: str, settled: Settled, at: str, error: str = "") -> None:
        """Everything `begin` noted of this partner was written: the version probed before the read is settled, and the
        refresh request served.

        ``error``: why the master's side was not, with a ``settled`` without a version.
        """
        columns: dict[str, Any] = settled._asdict() | {"error": error, "brake": ""}
        end = f'"refresh":{json.dumps(refresh, ensure_ascii=False)}}}'
        if not self._do("select 1 from partner where name = ? and substr(base, -length(?)) = ?", [partner, end, end]):
            columns["base"] = _dumped(replace(self.base(partner), refresh=refresh))
            self._known = None
        self._set(partner, synced_at=at, **columns)

    def same_master(self, partner: str, master: str) -> None:
        """The master changed, but nothing of what this partner is shown."""
        self._set(partner, master=master)

    def fail(self, partner: str, *, error: str = "", brake: Brake | None = None) -> bool:
        """Note why a partner was left as it was; its version is forgotten, so that the next cycle reads it again.

        True where that is news.
        """
        kind = brake.kind if brake else ""
        known = self._do("select error, brake from partner where name = ?", [partner])
        self._set(partner, error=error, brake=kind, version="")
        return known != [(error, kind)]

    def settled(self) -> Mapping[str, Settled]:
        """What the last settled sync of each partner began from."""
        found = self._do("select name, version, shown, master, swept_at, ref from partner")
        return {name: Settled(*rest) for name, *rest in found}

    def reviews(self, partner: str) -> tuple[Review, ...]:
        """What the last sync that read the partner wanted a person to look at."""
        found = self._one(partner, "reviews")
        return tuple(Review(**one) for one in json.loads(found)) if found else ()

    def numbers(self, letter: str, day: str, second: int) -> Iterator[str]:
        """Keys nobody has: letter, day, running number. A number once given is never given again, used or not; they are
        taken `BLOCK` at a time.

        The day's first number comes from the second of the day, so that a lost ledger does not begin again at 1.
        """
        name = f"{letter}{day}"
        while True:
            query = "insert into number values (?, ?) on conflict(name) do update set last = last + ? returning last"
            last = self._do(query, [name, second * 100 + BLOCK, BLOCK])[0][0]
            yield from (f"{name}-{number:04d}" for number in range(last - BLOCK + 1, last + 1))

    # -- looking -------------------------------------------------------------------------------------------------------

    def status(self) -> list[Status]:
        """Every partner that was ever synced, by name."""
        query = "select name, synced_at, version, base, reviews, error, brake from partner order by name"
        out = []
        for name, at, version, text, reviews, error, brake in self._do(query):
            states = _base(json.loads(text)).keys.values()
            deleted = sum(a.deleted for a in states)
            listed = tuple(Review(**one) for one in json.loads(reviews))
            out.append(Status(name, at, version, len(states) - deleted, deleted, listed, error, brake))
        return out

    def log(self, at: str, partner: str, event: str, **detail: Any) -> None:
        """One line of the run log; the oldest go."""
        with self._transaction():
            line = [at, partner, event, json.dumps(detail, ensure_ascii=False)]
            self._do("insert into run(at, partner, event, detail) values (?, ?, ?, ?)", line)
            self._do("delete from run where id <= (select max(id) from run) - ?", [KEPT_RUNS])

    def runs(self, partner: str = "", key: str = "") -> list[tuple[str, str, str, dict[str, Any]]]:
        """(at, partner, event, detail), newest first; of one partner, or those that name a key."""
        rows = self._do("select at, partner, event, detail from run order by id desc")
        found = [(at, name, event, json.loads(detail)) for at, name, event, detail in rows]
        return [r for r in found if (not partner or r[1] == partner) and (not key or key in r[3].get("keys", ()))]

    # -- one sync at a time --------------------------------------------------------------------------------------------

    @contextmanager
    def lock(self, owner: str, now: float) -> Iterator[None]:
        """Hold the ledger; raises `SyncRunning` while another holds it. ``owner``: ``machine:process``.

        On one machine the system tells, and lets go of a process that was killed; another machine's lock is free once
        it has not been renewed for `LOCK_SECONDS`. One that lies further ahead was made by a wrong clock.
        """
        with ExitStack() as stack:
            try:
                stack.enter_context(locked(self.path, self.path.with_suffix(".lock")))
            except BookLocked as error:
                raise self._running() from error
            with self._transaction():
                held = self._do("select owner, until from lock")
                if held and _machine(held[0][0]) != _machine(owner) and now < held[0][1] <= now + 2 * LOCK_SECONDS:
                    raise self._running()
                self._do("insert or replace into lock values (1, ?, ?)", [owner, now + LOCK_SECONDS])
            try:
                yield
            finally:
                self._do("delete from lock where owner = ?", [owner])

    def renew(self, owner: str, now: float) -> None:
        """Say that the sync is still at work at ``now``, a Unix time in seconds. `SyncRunning` where another took the
        lock over meanwhile."""
        query = "update lock set until = ? where owner = ? returning owner"
        if not self._do(query, [now + LOCK_SECONDS, owner]):
            raise SyncRunning("sync.lock_lost", where=self.path.name)

    def _running(self) -> SyncRunning:
        held = self._do("select owner from lock")
        return SyncRunning("sync.running", where=self.path.name, value=held[0][0] if held else "–")

    # -- parts ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._do("begin immediate")
        try:
            yield
        except BaseException:
            with suppress(LedgerError):  # what went wrong first is what is told
                self._do("rollback")
            raise
        self._do("commit")

    def _do(self, query: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every statement runs here."""
        try:
            with closing(self._db.execute(query, values)) as rows:
                return rows.fetchall()
        except sqlite3.Error as error:
            raise LedgerError("sync.ledger.failed", where=str(self.path), value=str(error)) from error

    def _one(self, partner: str, column: str) -> str:
        found = self._do(f"select {column} from partner where name = ?", [partner])  # noqa: S608 - our own column names
        return found[0][0] if found else ""

    def _set(self, partner: str, **columns: Any) -> None:
        names = list(columns)
        marks = ", ".join("?" * (len(names) + 1))
        updates = ", ".join(f"{n} = excluded.{n}" for n in names)
        self._do(
            f"insert into partner(name, {', '.join(names)}) values ({marks}) "  # noqa: S608 - our own column names
            f"on conflict(name) do update set {updates}",
            [partner, *columns.values()],
        )


class _UnusableError(Exception):
    """No ledger of ours: damaged, or of another version."""


def _open(path: Path) -> sqlite3.Connection:
    """The database with its tables, as `VERSION` has them."""
    db = sqlite3.connect(path, isolation_level=None, timeout=30)
    try:
        db.execute("pragma journal_mode = wal")
        db.execute("pragma synchronous = full")
        if _is_new(db):
            db.executescript(_SCHEMA)
    except BaseException as error:
        db.close()
        if isinstance(error, sqlite3.DatabaseError) and error.sqlite_errorcode in _DAMAGED:
            raise _UnusableError from error
        raise
    return db


def _is_new(db: sqlite3.Connection) -> bool:
    """Whether nothing is in it yet. `_UnusableError` for a ledger of another version."""
    with closing(db.execute("pragma user_version")) as rows:
        (version,) = rows.fetchone()
    if version not in (0, VERSION):
        raise _UnusableError
    return bool(version == 0)


def _set_aside(path: Path) -> Path:
    """Put a ledger that can't be used beside, with its write-ahead log; nothing is deleted."""
    number = 1
    while (aside := path.with_name(f"{path.name}.old{number}")).exists():
        number += 1
    path.replace(aside)
    for tail in ("-wal", "-shm"):
        log = path.with_name(path.name + tail)
        if log.exists():
            log.replace(aside.with_name(aside.name + tail))
    return aside


def _machine(owner: str) -> str:
    return owner.rpartition(":")[0] or owner


def _dumped(base: Base) -> str:
    whole = {"header": base.header, "keys": base.keys, "issued": sorted(base.issued)}  # `Agreed` as a list of its parts
    whole["refresh"] = base.refresh  # the last one: `Ledger.commit` looks for it there
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _base(stored: dict[str, Any]) -> Base:
    keys = {k: Agreed(*parts) for k, parts in stored.get("keys", {}).items()}
    issued = frozenset(stored.get("issued", ()))
    return Base(tuple(stored.get("header", ())), keys, issued, stored.get("refresh", ""))


def _dumped_reviews(reviews: Sequence[Review]) -> str:
    return json.dumps([asdict(r) for r in reviews], ensure_ascii=False)
