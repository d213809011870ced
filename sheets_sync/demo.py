"""``danggol demo``'s last part: three partners' sheets, in a shared folder and on a local Google, with a conflict.

The demo book's copy is the master. Each partner gets a sheet; one fills rows in, says something else than head office
about a request, types a row without a number and takes on a job of its own. Nothing leaves this machine.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from addin.actions.progress import Step, quiet
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sheets_sync.cycle import PartnerSetup
    from sheets_sync.layout import Layout
    from sheets_sync.outcome import CycleReport
    from sheets_sync.ports.base import Port

PARTNERS: Final = ("둥지부동산", "새봄공인중개사", "솔내음마을 3단지 관리사무소")
MASTER: Final = "본사.xlsx"
SHARED: Final = "공유"
_CONFIG: Final = 'master = "{master}"\nport = "folder"\nfolder = "{shared}"\nspare_rows = 5\n\n[partners]\n{lines}\n'


def sync_demo(book: Path, folder: Path, step: Step = quiet) -> str:
    """Sync three partners of a refreshed demo book below ``folder``; the lines to print."""
    from sheets_sync.config import load_config

    shutil.rmtree(folder, ignore_errors=True)
    (folder / SHARED).mkdir(parents=True)
    shutil.copyfile(book, folder / MASTER)
    config = folder / "sync.toml"
    lines = "\n".join(f'"{name}" = "{name}.xlsx"' for name in PARTNERS)
    config.write_text(_CONFIG.format(master=MASTER, shared=SHARED, lines=lines), "utf-8")
    step("sync.demo.folder", 0.1)
    told = _in_folder(config)
    step("sync.demo.google", 0.6)
    with TemporaryDirectory(prefix="danggol-") as aside:  # its partners typed nothing: not for this master to tell
        other = Path(shutil.copyfile(book, Path(aside) / MASTER))
        requests, idle, agreed = _on_google(other, load_config(config).layout)
    review = _review_tab(folder / MASTER)
    rows = [
        say("sync.demo.title"),
        say("sync.demo.folder_done", count=len(PARTNERS), folder=str((folder / SHARED).resolve())),
        say("sync.demo.took", fills=told.fills, entries=told.entries, reviews=told.reviews),
        say("sync.demo.look", tab=review, book=str((folder / MASTER).resolve())),
        say("sync.demo.google_done", requests=requests, idle=idle, same=agreed),
        say("sync.demo.again", config=str(config.resolve())),
    ]
    return "\n".join(["", *rows, ""])


class _Told:
    """What came from the partners."""

    def __init__(self, report: CycleReport) -> None:
        plans = [o.plan for o in report.outcomes if o.plan is not None]
        self.fills = sum(len(p.fills) for p in plans)
        self.entries = sum(len(p.entries) for p in plans)
        self.reviews = sum(len(p.reviews) for p in plans)


def _in_folder(config: Path) -> _Told:
    from addin.today import now
    from sheets_sync.config import load_config
    from sheets_sync.run import opened

    setup = load_config(config)
    with opened(setup) as (cycle, source):
        for partner in setup.partners:
            cycle.port.prepare(partner.ref, setup.layout, partner.name)
        cycle.run(source, now())
        assert setup.folder is not None
        _partner_types(setup.folder / setup.partners[0].ref, setup.layout)
        told = _Told(cycle.run(source, now()))
        cycle.run(source, now())
    return told


def _partner_types(path: Path, layout: Layout) -> None:
    """What a partner does in its own file: fills in, contradicts, adds a row without a number and a job of its own."""
    from addin.books.edits import Edits
    from addin.books.file import open_book
    from addin.books.read import read_book
    from sheets_sync.ports.workbook import find_rows

    snapshot = read_book(path)
    found = find_rows(snapshot, layout)
    assert found is not None
    at, keys = found.columns(), found.keys()
    told = [row for row, key in keys.items() if not key.startswith("N")]
    spare = [row for row, key in keys.items() if key.startswith("N")]
    edits, tab = Edits("partner"), found.grid.name

    def type(row: int, field: str, text: str) -> None:
        edits.write(tab, row, at[field], [[text]])

    type(told[-1], "visited_at", "2026-11-24 10:00")
    type(told[-1], "note", say("sync.demo.note", layout.lang))
    type(told[0], "stage", say("sync.demo.stage", layout.lang))
    type(spare[0], "service", say("sync.demo.service", layout.lang))
    type(max(keys) + 1, "note", say("sync.demo.no_number", layout.lang))
    open_book(path, journal=path.parent.parent / ".partner").apply(edits)
    shutil.rmtree(path.parent.parent / ".partner", ignore_errors=True)


def _on_google(master: Path, layout: Layout) -> tuple[int, int, int]:
    """The same over HTTP with gspread: (requests of the first sync, of an idle one, rows that then stand there)."""
    from google.oauth2.credentials import Credentials

    from addin.today import now
    from sheets_sync.cycle import Cycle, PartnerSetup
    from sheets_sync.emulator import start
    from sheets_sync.ledger import Ledger
    from sheets_sync.master import MasterFile
    from sheets_sync.ports.auth import Account
    from sheets_sync.ports.google import GooglePort

    with start() as server:
        account = Account(Credentials(token="demo"), server.users.owner)  # type: ignore[no-untyped-call]  # noqa: S106
        port = GooglePort(account, base_url=server.url)
        setups = [PartnerSetup(name, port.prepare(server.create(name), layout, name)) for name in PARTNERS]
        ledger = Ledger(master.with_suffix(".sqlite"))
        try:
            cycle = Cycle(setups, layout, port, ledger, "demo")
            source = MasterFile(master, layout)
            before = server.count()
            cycle.run(source, now())
            first = server.count() - before
            cycle.run(source, now())
            before = server.count()
            cycle.run(source, now())
            idle = server.count() - before
            rows = _rows_there(port, setups, layout)
        finally:
            ledger.close()
    return first, idle, rows


def _rows_there(port: Port, setups: Sequence[PartnerSetup], layout: Layout) -> int:
    sheets = [port.read(setup.ref, layout) for setup in setups]
    return sum(bool(row.key) and not row.key.startswith("N") for sheet in sheets for row in sheet.rows)


def _review_tab(master: Path) -> str:
    from addin.actions.ours import find_ours
    from addin.books.read import read_book

    return find_ours(read_book(master).names).tabs.get("sync", "–")
