"""What a sync remembers: one SQLite file beside the master (``.danggol/sync.sqlite``), crash-safe by write-ahead log.

Per partner: the agreed state (`Base`), noted *before* anything is written; the version probed before the last settled
read, and a digest of what the partner was shown; open reviews; a log of runs. Deleted, it is rebuilt by reading.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from addin.errors import SafetyBrake
from sheets_sync.model import Agreed, Base, Brake, Review

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

#: Seconds after which the lock of a sync that died is free again; a running one renews it.
LOCK_SECONDS: Final = 300
KEPT_RUNS: Final = 2_000
_SCHEMA = """
create table if not exists partner(
  name text primary key, base text not null default '{}', version text not null default '',
  shown text not null default '', master text not null default '', swept_at real not null default 0,
  synced_at text not null default '',
  error text not null default '', brake text not null default '', reviews text not null default '[]');
create table if not exists run(
  id integer primary key, at text not null, partner text not null, event text not null, detail text not null);
create table if not exists lock(only integer primary key check(only = 1), owner text not null, until real not null);
create table if not exists number(name text primary key, last integer not null);
"""


class SyncRunning(SafetyBrake):
    """Another sync holds the ledger; ``owner`` says which machine and process."""


class Settled(NamedTuple):
    """The sheet's version, a digest of what was shown, the master's version, and when the sheet was last read."""

    version: str = ""
    shown: str = ""
    master: str = ""
    swept_at: float = 0.0


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
    """The ledger of one master workbook. Every method is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(exist_ok=True)
        self.path = path
        self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Let the file go."""
        self._db.close()

    # -- what was agreed -----------------------------------------------------------------------------------------------

    def base(self, partner: str) -> Base:
        """The partner's agreed state; an empty one where it was never synced or the ledger was lost."""
        found = self._one(partner, "base")
        return _base(json.loads(found)) if found else Base()

    def begin(self, partner: str, base: Base, reviews: Sequence[Review]) -> None:
        """Note the new state before anything is written, all but the refresh request, which is not served yet."""
        kept = replace(base, refresh=self.base(partner).refresh)
        self._set(partner, base=_dumped(kept), reviews=_dumped_reviews(reviews), brake="", error="")

    def commit(self, partner: str, base: Base, settled: Settled, at: str) -> None:
        """Everything of this partner was written: the version probed before the read is settled."""
        self._set(partner, base=_dumped(base), synced_at=at, **settled._asdict())

    def same_master(self, partner: str, master: str) -> None:
        """The master changed, but nothing of what this partner is shown."""
        self._set(partner, master=master)

    def fail(self, partner: str, *, error: str = "", brake: Brake | None = None) -> None:
        """Note why a partner was left as it was; its version is forgotten, so that the next cycle reads it again."""
        self._set(partner, error=error, brake=brake.kind if brake else "", version="")

    def settled(self, partner: str) -> Settled:
        """What the last settled sync of a partner began from."""
        query = "select version, shown, master, swept_at from partner where name = ?"
        with closing(self._db.execute(query, [partner])) as rows:
            found = rows.fetchone()
        return Settled(*found) if found else Settled()

    def numbers(self, letter: str, day: str, second: int) -> Iterator[str]:
        """Keys nobody has: letter, day, running number. A number once given is never given again, used or not.

        The day's first number comes from the second of the day, so that a lost ledger does not begin again at 1.
        """
        name = f"{letter}{day}"
        while True:
            with closing(
                self._db.execute(
                    "insert into number values (?, ?) on conflict(name) do update set last = last + 1 returning last",
                    [name, second * 100 + 1],
                )
            ) as rows:
                last = rows.fetchone()[0]
            yield f"{name}-{last:04d}"

    # -- looking -------------------------------------------------------------------------------------------------------

    def status(self) -> list[Status]:
        """Every partner that was ever synced, by name."""
        query = "select name, synced_at, version, base, reviews, error, brake from partner order by name"
        with closing(self._db.execute(query)) as rows:
            found = list(rows)
        out = []
        for name, at, version, text, reviews, error, brake in found:
            states = _base(json.loads(text)).keys.values()
            deleted = sum(a.deleted for a in states)
            listed = tuple(Review(**one) for one in json.loads(reviews))
            out.append(Status(name, at, version, len(states) - deleted, deleted, listed, error, brake))
        return out

    def log(self, at: str, partner: str, event: str, **detail: Any) -> None:
        """One line of the run log; the oldest go."""
        with self._transaction():
            self._db.execute(
                "insert into run(at, partner, event, detail) values (?, ?, ?, ?)",
                [at, partner, event, json.dumps(detail, ensure_ascii=False)],
            )
            self._db.execute("delete from run where id <= (select max(id) from run) - ?", [KEPT_RUNS])

    def runs(self, partner: str = "", key: str = "") -> list[tuple[str, str, str, dict[str, Any]]]:
        """(at, partner, event, detail), newest first; of one partner, or those that name a key."""
        with closing(self._db.execute("select at, partner, event, detail from run order by id desc")) as rows:
            found = [(at, name, event, json.loads(detail)) for at, name, event, detail in rows]
        return [r for r in found if (not partner or r[1] == partner) and (not key or key in r[3].get("keys", ()))]

    # -- one sync at a time --------------------------------------------------------------------------------------------

    @contextmanager
    def lock(self, owner: str, now: float) -> Iterator[None]:
        """Hold the ledger; raises `SyncRunning` while another holds it and its lock has not run out."""
        with self._transaction():
            with closing(self._db.execute("select owner, until from lock")) as rows:
                held = rows.fetchone()
            if held and held[0] != owner and held[1] > now:
                raise SyncRunning("sync.running", where=self.path.name, value=held[0])
            self._db.execute("insert or replace into lock values (1, ?, ?)", [owner, now + LOCK_SECONDS])
        try:
            yield
        finally:
            self._db.execute("delete from lock where owner = ?", [owner])

    def renew(self, owner: str, now: float) -> None:
        """Say that the sync is still at work. `SyncRunning` where another took the lock over meanwhile."""
        done = self._db.execute("update lock set until = ? where owner = ?", [now + LOCK_SECONDS, owner])
        if done.rowcount != 1:
            raise SyncRunning("sync.lock_lost", where=self.path.name)

    # -- parts ---------------------------------------------------------------------------------------------------------

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _one(self, partner: str, column: str) -> str:
        with closing(self._db.execute(f"select {column} from partner where name = ?", [partner])) as rows:  # noqa: S608
            found = rows.fetchone()
        return found[0] if found else ""

    def _set(self, partner: str, **columns: Any) -> None:
        names = list(columns)
        marks = ", ".join("?" * (len(names) + 1))
        updates = ", ".join(f"{n} = excluded.{n}" for n in names)
        self._db.execute(
            f"insert into partner(name, {', '.join(names)}) values ({marks}) "  # noqa: S608 - our own column names
            f"on conflict(name) do update set {updates}",
            [partner, *columns.values()],
        )


def _dumped(base: Base) -> str:
    keys = {k: [dict(a.cells), a.deleted, dict(a.replaced)] for k, a in base.keys.items()}
    whole = {"header": base.header, "keys": keys, "issued": sorted(base.issued), "refresh": base.refresh}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":"))


def _base(stored: dict[str, Any]) -> Base:
    keys = {k: Agreed(cells, deleted, replaced) for k, (cells, deleted, replaced) in stored.get("keys", {}).items()}
    issued = frozenset(stored.get("issued", ()))
    return Base(tuple(stored.get("header", ())), keys, issued, stored.get("refresh", ""))


def _dumped_reviews(reviews: Sequence[Review]) -> str:
    return json.dumps([asdict(r) for r in reviews], ensure_ascii=False)
