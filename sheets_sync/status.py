"""What a sync knows: every partner's state, everything about one request, and whether a set-up would work.

Only the ledger, the master and the sheets are read; nothing is written anywhere.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.books.lock import open_elsewhere
from addin.errors import DanggolError, UsageError
from addin.today import now
from sheets_sync.config import load_config
from sheets_sync.master import MasterFile
from sheets_sync.model import Brake
from sheets_sync.outcome import sentence
from sheets_sync.run import ledger_of, open_port

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sheets_sync.config import Config
    from sheets_sync.layout import Owner
    from sheets_sync.ledger import Ledger, Status
    from sheets_sync.master import OpenMaster
    from sheets_sync.model import Cell, MasterRow, Review
    from sheets_sync.ports.base import Port

#: Lines of the run log shown of a request.
RUNS_SHOWN: Final = 10
_ROW: Final = re.compile(r"(?:(.+)!)?[A-Z]{0,3}(\d+)", re.ASCII | re.DOTALL)


@dataclass(frozen=True, slots=True)
class PartnerStatus:
    """One configured partner. ``known`` None: never synced. ``trouble``: why it was left the last time, a sentence."""

    name: str
    ref: str
    known: Status | None
    trouble: str


@dataclass(frozen=True, slots=True)
class FieldState:
    """One field of a request: who writes it, what the partner's cell said when last read, what the master has.

    ``ours``: what danggol's own column of the master holds of the partner's; ``own``: head office's value.
    """

    field: str
    header: str
    owner: Owner
    partner: Cell
    own: Cell
    ours: Cell


@dataclass(frozen=True, slots=True)
class Explanation:
    """Everything known of one key.

    ``state``: ids of sentences; ``runs``: (when, event, what was filled in), newest first.
    """

    key: str
    partner: str
    state: tuple[str, ...]
    fields: tuple[FieldState, ...]
    flag: str
    ask: str
    reviews: tuple[Review, ...]
    runs: tuple[tuple[str, str, str], ...]


#: Ids of `Explanation.state`.
STATES: Final = (
    "sync.explain.never_read", "sync.explain.in_sheet", "sync.explain.deleted", "sync.explain.in_master",
    "sync.explain.not_in_master", "sync.explain.entry", "sync.explain.spare",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was tried. ``error`` "" = it works; ``what`` a partner's name, or an id of `PARTS`."""

    what: str
    error: str


#: What is tried besides the partners' sheets.
PARTS: Final = ("sync.check.master", "sync.check.ledger", "sync.check.port")


def partner_status(config: Path) -> list[PartnerStatus]:
    """Every configured partner: last sync, rows, open reviews, and what keeps it from being synced."""
    setup = load_config(config)
    with ledger_of(setup, create=False) as ledger:
        known = {one.name: one for one in ledger.status()}
        refs = {name: was.ref for name, was in ledger.settled().items()}
        out = []
        for partner in setup.partners:
            found = known.get(partner.name) if refs.get(partner.name) in ("", partner.ref) else None
            out.append(PartnerStatus(partner.name, partner.ref, found, _trouble(ledger, found)))
        return out


def _trouble(ledger: Ledger, known: Status | None) -> str:
    if known is None or not known.brake:
        return known.error if known else ""
    noted = next((detail for _, _, event, detail in ledger.runs(known.name) if event == "brake"), {})
    return sentence(Brake(**({"kind": known.brake} | noted)), known.name)


def explain(config: Path, row: str) -> list[Explanation]:
    """What is known of a request: its number, or where it stands in the master (``12``, ``의뢰!12``).

    One answer for each partner that knows it. `UsageError` where none does.
    """
    setup = load_config(config)
    with ledger_of(setup, create=False) as ledger:
        master = MasterFile(setup.master, setup.layout, give_ids=False).master
        key = _key(master, row)
        rows: dict[str, dict[str, MasterRow]] = {}
        troubled: list[DanggolError] = []
        for partner in setup.partners:
            try:
                rows[partner.name] = {one.key: one for one in master.rows(partner.name)}
            except DanggolError as error:  # a name the master doesn't have: the others can be explained
                troubled.append(error)
        out = [_explained(setup, ledger, master, name, key, found) for name, found in rows.items()]
    answers = [one for one in out if one is not None]
    if not answers:
        raise troubled[0] if troubled and not rows else UsageError("sync.explain.unknown", where=config.name, value=row)
    return answers


def _key(master: OpenMaster, row: str) -> str:
    """A request's number: as given, or of the row of the master it stands in."""
    frame: Any = master.workspace.records["requests"].frame
    place = _ROW.fullmatch(row.strip())
    if row in frame["request_id"].to_list() or place is None:
        return row.strip()
    sheet, number = place[1], int(place[2])
    for id, at, line in frame.select("request_id", "_sheet", "_row").rows():
        if line == number and sheet in (None, at) and id is not None:
            return str(id)
    return row.strip()


def _explained(
    config: Config, ledger: Ledger, master: OpenMaster, partner: str, key: str, rows: Mapping[str, MasterRow]
) -> Explanation | None:
    base, row, entry = ledger.base(partner), rows.get(key), master.entries(partner).get(key)
    agreed = base.keys.get(key)
    spare = key in base.issued and entry is None and row is None
    if agreed is None and row is None and entry is None and not spare:
        return None
    state = ["sync.explain.in_master" if row else "sync.explain.not_in_master"]
    if entry is not None and row is None:
        state = ["sync.explain.entry"]
    if spare:
        state = ["sync.explain.spare"]
    elif agreed is None and entry is None:
        state.append("sync.explain.never_read")
    elif agreed is not None:
        state.append("sync.explain.deleted" if agreed.deleted else "sync.explain.in_sheet")
    there = dict(agreed.cells) if agreed else dict(entry or {})
    fields = tuple(
        FieldState(
            column.field,
            column.header,
            column.owner,
            there.get(column.field),
            (row.given | row.own).get(column.field) if row else None,  # type: ignore[operator]
            row.filled.get(column.field) if row else (entry or {}).get(column.field),
        )
        for column in config.layout.of("hq", "partner")
    )
    reviews = tuple(review for review in ledger.reviews(partner) if review.key == key)
    headers = {column.field: column.header for column in config.layout.columns}
    runs = tuple((at, event, _filled(detail, key, headers)) for at, _, event, detail in ledger.runs(partner, key))
    flag, ask = (row.flag, row.ask) if row else ("", "")
    return Explanation(key, partner, tuple(state), fields, flag, ask, reviews, runs[:RUNS_SHOWN])


def _filled(detail: Mapping[str, Any], key: str, headers: Mapping[str, str]) -> str:
    """What one run of the log filled in for a key: ``진행상태 = 완료``."""
    found = [(field, value) for one, field, value in detail.get("filled", ()) if one == key]
    return ", ".join(f"{headers.get(field, field)} = {'–' if value is None else value}" for field, value in found)


def check_setup(config: Path, *, port: Port | None = None, clock: Callable[[], dt.datetime] = now) -> list[Checked]:
    """Try everything a sync needs, without writing: master, ledger, sign-in, every partner's name and sheet."""
    setup = load_config(config)
    out = []

    def tried(what: str, act: Callable[[], object]) -> bool:
        try:
            act()
        except DanggolError as error:
            out.append(Checked(what, str(error)))
            return False
        out.append(Checked(what, ""))
        return True

    def ledger() -> None:
        with ledger_of(setup, create=False) as found:
            found.status()

    tried("sync.check.ledger", ledger)
    doors: list[Port] = [port] if port else []
    tried("sync.check.port", lambda: None if doors else doors.append(open_port(setup, consent=sys.stdin.isatty())))
    masters: list[OpenMaster] = []
    source = MasterFile(setup.master, setup.layout, give_ids=False, clock=clock)
    if tried("sync.check.master", lambda: masters.append(_writable(setup, source.master))):
        for partner in setup.partners:

            def sheet(name: str = partner.name, ref: str = partner.ref) -> None:
                masters[0].rows(name)
                if doors:
                    doors[0].check(ref, setup.layout)

            tried(partner.name, sheet)
    return out


def _writable(config: Config, master: OpenMaster) -> OpenMaster:
    """The master, which is read; `DanggolError` where it could not be written now."""
    if (lock := open_elsewhere(config.master)) is not None:
        raise DanggolError("sync.check.open", where=config.master.name, value=lock.name)
    for path in (config.master, config.master.parent):
        if not os.access(path, os.W_OK):
            raise DanggolError("book.read_only", where=path.name)
    return master
