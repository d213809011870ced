"""What ``danggol sync`` and ``danggol share`` do: a configuration becomes port, ledger and master, put to work."""

from __future__ import annotations

import difflib
import os
import platform
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.progress import Step, quiet
from addin.books.journal import Journal
from addin.errors import UsageError
from addin.i18n import say
from addin.today import now
from sheets_sync.config import load_config
from sheets_sync.cycle import Cycle, PartnerSetup
from sheets_sync.ledger import Ledger
from sheets_sync.master import LiveMaster, MasterFile
from sheets_sync.watch import Watch, only_news, rest_of, stopping

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Collection, Iterator

    from addin.errors import DanggolError
    from sheets_sync.config import Config
    from sheets_sync.cycle import CycleReport
    from sheets_sync.ports.base import Port

#: The configuration the button looks for beside the workbook.
CONFIG_NAME: Final = "sync.toml"


@dataclass(frozen=True, slots=True)
class Shared:
    """A partner's sheet, laid out. ``line``: what has to stand in ``sync.toml``, "" where it stands there already."""

    partner: str
    ref: str
    line: str
    report: CycleReport


def sync_once(
    config: Path,
    *,
    dry_run: bool = False,
    accept: Collection[str] = (),
    sweep: bool = False,
    step: Step = quiet,
    port: Port | None = None,
    clock: Callable[[], dt.datetime] = now,
) -> CycleReport:
    """One cycle over every partner. ``accept``: partners whose brake a person let go of; ``sweep``: read them all.

    Raises `ConfigError`, `SyncRunning`, and what stops every partner: no sign-in, no network, no master.
    """
    setup = load_config(config)
    check_known(setup, accept)
    with opened(setup, dry_run=dry_run, port=port, clock=clock) as (cycle, source):
        return replace(cycle, accept=accept, step=step).run(source, clock(), dry_run=dry_run, sweep=sweep)


def sync_watch(
    config: Path,
    told: Callable[[CycleReport | DanggolError], None],
    *,
    step: Step = quiet,
    port: Port | None = None,
    clock: Callable[[], dt.datetime] = now,
    stop: threading.Event | None = None,
    wait: Callable[[float], bool] | None = None,
) -> int:
    """A cycle every poll until Ctrl-C, a service's stop signal or ``stop``; the exit code of the last one.

    The partner in hand is finished and settled first. ``told`` gets each report, or the error that ended a cycle; the
    same trouble in every cycle is told once.
    """
    setup, stop = load_config(config), stop or threading.Event()
    with stopping(stop), opened(setup, port=port, clock=clock) as (cycle, source):
        cycle = replace(cycle, step=step, stopping=stop.is_set)
        return Watch(
            lambda: cycle.run(source, clock()),
            only_news(told),
            setup.poll_seconds,
            stop=stop,
            wait=wait,
            resting=lambda: rest_of(setup.quiet_hours, clock()),
        ).run()


def share_partner(
    config: Path,
    partner: str,
    *,
    step: Step = quiet,
    port: Port | None = None,
    clock: Callable[[], dt.datetime] = now,
) -> Shared:
    """Lay out a partner's sheet (one that is laid out stays as it is) and bring its requests to it.

    ``partner`` need not stand in the configuration yet: the line it needs there is in the answer.
    """
    setup = load_config(config, partners_wanted=False)
    known = next((p for p in setup.partners if p.name == partner), None)
    with opened(setup, port=port, clock=clock) as (cycle, source):
        source.master.rows(partner)  # a name nobody knows is said before a sheet is made
        there = known is not None and known.ref in cycle.port.probe([known.ref])
        ref = cycle.port.prepare(known.ref if known else "", setup.layout, partner)
        taken = next((p.name for p in setup.partners if p.ref.casefold() == ref.casefold() and p != known), None)
        if taken is not None:
            raise UsageError("sync.config.shared", where=partner, value=ref, other=taken)
        if known is not None and not there:
            cycle.ledger.forget(partner)  # the sheet was lost: what stood there is no row the partner deleted
        ours = replace(cycle, partners=[PartnerSetup(partner, ref)], step=step)
        report = ours.run(source, clock())
    same = known is not None and known.ref == ref
    return Shared(partner, ref, "" if same else f"{_toml(partner)} = {_toml(ref)}", report)


def sync_open(book: Any) -> str:
    """The button: one cycle with the workbook that is open as the master, by the ``sync.toml`` in its folder.

    ``book``: an xlwings Book or a `LiveBook`. Returns one sentence; raises `DanggolError`.
    """
    from addin.actions.open import live
    from sheets_sync.show import summary

    opened_book = live(book)
    path = opened_book.path
    setup = load_config(path.parent / CONFIG_NAME)
    if setup.master.resolve() != path.resolve():
        raise UsageError("sync.other_master", where=CONFIG_NAME, value=setup.master.name, open=path.name)

    def step(id: str, _share: float) -> None:
        opened_book.host.status(say(id))

    with ledger_of(setup, create=True) as ledger:
        owner = f"{platform.node()}:{os.getpid()}"
        cycle = Cycle(setup.partners, setup.layout, open_port(setup, consent=True), ledger, owner, step=step)
        return summary(cycle.run(LiveMaster(opened_book, setup.layout), now()))


def check_known(config: Config, partners: Collection[str]) -> None:
    """`UsageError` for a partner the configuration doesn't have."""
    names = [p.name for p in config.partners]
    for name in partners:
        if name not in names:
            near = next(iter(difflib.get_close_matches(name, names, n=1, cutoff=0.4)), "–")
            raise UsageError("sync.no_such_partner", where=config.path.name, value=name, near=near)


def ledger_path(master: Path) -> Path:
    """Where a master's ledger is: beside it, with its backups; another master in the folder has its own."""
    journal = Journal(master)
    return journal.folder / f"{journal.key}.sync.sqlite"


@contextmanager
def ledger_of(config: Config, *, create: bool) -> Iterator[Ledger]:
    """The ledger of a configuration's master; an empty one that leaves nothing behind where there is none yet."""
    path = ledger_path(config.master)
    if create or path.exists():
        ledger = Ledger(path)
        try:
            yield ledger
        finally:
            ledger.close()
        return
    with tempfile.TemporaryDirectory(prefix="danggol-") as folder:
        ledger = Ledger(Path(folder) / path.name)
        try:
            yield ledger
        finally:
            ledger.close()


@contextmanager
def opened(
    config: Config,
    *,
    dry_run: bool = False,
    port: Port | None = None,
    clock: Callable[[], dt.datetime] = now,
) -> Iterator[tuple[Cycle, MasterFile]]:
    """A cycle over a configuration's partners, and its master. ``port``: another one than the configuration names."""
    source = MasterFile(config.master, config.layout, give_ids=not dry_run, clock=clock)
    source.version  # noqa: B018 - a master that isn't there is said before anything is made beside it
    with ledger_of(config, create=not dry_run) as ledger:
        owner = f"{platform.node()}:{os.getpid()}"
        yield Cycle(config.partners, config.layout, port or open_port(config), ledger, owner), source


def open_port(config: Config, *, consent: bool = False) -> Port:
    """The port a configuration names. `NotSignedIn` without a usable account.

    ``consent``: somebody sits at this machine and may sign in to Google in its browser.
    """
    if config.port == "folder":
        from sheets_sync.ports.folder import FolderPort

        assert config.folder is not None
        return FolderPort(config.folder, Journal(config.master).folder / "partners")
    from sheets_sync.ports.auth import browser_flow, sign_in
    from sheets_sync.ports.google import GooglePort

    flow = browser_flow if consent else None
    return GooglePort(sign_in(config.credentials, project=config.path.resolve().parent, flow=flow))


def _toml(text: str) -> str:
    """A text as TOML writes it.

    >>> print(_toml('한빛 "본점"'))
    "한빛 \\"본점\\""
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'
