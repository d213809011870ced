"""A folder, a master and a ``sync.toml``: what the commands do with real files."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from addin.errors import DanggolError, UsageError
from sheets_sync.config import load_config
from sheets_sync.emulator import start
from sheets_sync.ledger import Ledger, SyncRunning
from sheets_sync.outcome import CycleReport
from sheets_sync.run import ledger_path, share_partner, sync_once, sync_watch
from sheets_sync.service import service_file
from sheets_sync.show import (
    COUNT_IDS,
    EVENT_IDS,
    FIELD_HEADS,
    OWNER_IDS,
    STATUS_HEADS,
    show_checked,
    show_explained,
    show_report,
    show_service,
    show_shared,
    show_status,
    show_tick,
)  # fmt: skip
from sheets_sync.status import PARTS, STATES, check_setup, explain, partner_status
from tests.unit.sync.googles import port_at
from tests.unit.sync.masters import column, master, typed

if TYPE_CHECKING:
    from collections.abc import Callable

NOW = dt.datetime(2026, 11, 23, 9, 0)
CONFIG = """master = "본사.xlsx"
folder = "공유"
spare_rows = 2

[partners]
"한빛" = "한빛.xlsx"
"두리" = "두리.xlsx"
"""


def clock() -> dt.datetime:
    return NOW


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A master of two partners, an empty shared folder."""
    master(tmp_path / "본사.xlsx")
    (tmp_path / "공유").mkdir()
    path = tmp_path / "sync.toml"
    path.write_text(CONFIG, "utf-8")
    return path


@pytest.fixture
def shared(config: Path) -> Path:
    """Both sheets laid out, synced and settled."""
    for partner in ("한빛", "두리"):
        share_partner(config, partner, clock=clock)
    sync_once(config, clock=clock)
    return config


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_sharing_lays_a_sheet_out_and_brings_its_requests_and_no_other_partners(config: Path) -> None:
    found = share_partner(config, "한빛", clock=clock)
    assert (found.ref, found.line, found.report.exit_code) == ("한빛.xlsx", "", 0)
    assert [v for v in column(config.parent / "공유" / "한빛.xlsx", "의뢰", "번호") if str(v)[0] == "R"] == ["R1", "R3"]
    assert not (config.parent / "공유" / "두리.xlsx").exists()
    again = (config.parent / "공유" / "한빛.xlsx").read_bytes()
    share_partner(config, "한빛", clock=clock)
    assert (config.parent / "공유" / "한빛.xlsx").read_bytes() == again, "one that is laid out stays as it is"


def test_sharing_with_a_partner_that_is_not_in_the_file_says_the_line_it_needs(config: Path) -> None:
    config.write_text(CONFIG[: CONFIG.index("[partners]")], "utf-8")
    found = share_partner(config, "한빛", clock=clock)
    assert found.line == '"한빛" = "한빛.xlsx"'
    config.write_text(f"{config.read_text('utf-8')}[partners]\n{found.line}\n", "utf-8")
    assert load_config(config).partners[0].ref == "한빛.xlsx"
    assert sync_once(config, clock=clock).exit_code == 0


def test_a_sheet_that_was_lost_and_is_shared_again_gets_its_requests_again(shared: Path) -> None:
    (shared.parent / "공유" / "한빛.xlsx").unlink()
    assert sync_once(shared, clock=clock).exit_code == 1
    assert share_partner(shared, "한빛", clock=clock).report.exit_code == 0
    assert [v for v in column(shared.parent / "공유" / "한빛.xlsx", "의뢰", "번호") if str(v)[0] == "R"] == ["R1", "R3"]


def test_sharing_with_a_name_nobody_knows_makes_no_sheet(config: Path) -> None:
    with pytest.raises(UsageError):
        share_partner(config, "한빚", clock=clock)
    assert files(config.parent / "공유") == {}


def test_a_second_sync_writes_nothing_and_a_third_reads_nothing(shared: Path) -> None:
    before = files(shared.parent / "공유"), (shared.parent / "본사.xlsx").read_bytes()
    assert sync_once(shared, clock=clock).idle == 2
    assert (files(shared.parent / "공유"), (shared.parent / "본사.xlsx").read_bytes()) == before


def test_what_a_partner_types_lands_in_danggols_own_column_of_the_master(shared: Path) -> None:
    typed(shared.parent / "공유" / "한빛.xlsx", load_config(shared).layout, {"R3": {"stage": "완료", "note": "끝"}})
    report = sync_once(shared, clock=clock)
    assert report.exit_code == 0
    assert column(shared.parent / "본사.xlsx", "접수", "진행상태") == ["접수", "수주", "수주"]
    assert column(shared.parent / "본사.xlsx", "접수", "파트너 진행상태") == [None, None, "완료"]
    assert column(shared.parent / "본사.xlsx", "접수", "파트너 비고") == [None, None, "끝"]


def test_a_dry_run_leaves_no_trace_anywhere(config: Path, shared: Path) -> None:
    typed(shared.parent / "공유" / "한빛.xlsx", load_config(shared).layout, {"R3": {"stage": "완료"}})
    before = {k: v for k, v in files(shared.parent).items() if not k.endswith(("-wal", "-shm"))}
    report = sync_once(shared, dry_run=True, clock=clock)
    assert [len(o.plan.fills) for o in report.outcomes if o.plan] == [1]
    assert {k: v for k, v in files(shared.parent).items() if not k.endswith(("-wal", "-shm"))} == before


def test_a_dry_run_before_the_first_sync_makes_no_ledger(config: Path) -> None:
    share_partner(config, "한빛", clock=clock)
    ledger_path(config.parent / "본사.xlsx").unlink()
    sync_once(config, dry_run=True, clock=clock)
    assert not ledger_path(config.parent / "본사.xlsx").exists()


def test_two_masters_in_one_folder_have_a_ledger_each(tmp_path: Path) -> None:
    assert ledger_path(tmp_path / "가.xlsx") != ledger_path(tmp_path / "나.xlsx")
    assert ledger_path(tmp_path / "가.xlsx").parent == tmp_path / ".danggol"


def test_a_second_sync_at_the_same_time_is_told_and_does_nothing(shared: Path) -> None:
    ledger = Ledger(ledger_path(shared.parent / "본사.xlsx"))
    with ledger.lock("다른PC:1", NOW.timestamp()), pytest.raises(SyncRunning) as error:
        sync_once(shared, clock=clock)
    assert "다른PC:1" in str(error.value)
    ledger.close()


def test_letting_go_of_a_brake_needs_a_partner_of_the_file(shared: Path) -> None:
    with pytest.raises(UsageError) as error:
        sync_once(shared, accept=["한빚"], clock=clock)
    assert "한빛" in str(error.value)


def test_a_master_that_is_gone_stops_before_anything_is_made(config: Path) -> None:
    (config.parent / "본사.xlsx").unlink()
    with pytest.raises(DanggolError):
        sync_once(config, clock=clock)
    assert sorted(p.name for p in config.parent.iterdir()) == ["sync.toml", "공유"]


def test_a_watch_serves_until_it_is_stopped(shared: Path) -> None:
    stop, told = threading.Event(), list[CycleReport | DanggolError]()
    layout = load_config(shared).layout

    def wait(_: float) -> bool:
        if len(told) == 1:
            typed(shared.parent / "공유" / "두리.xlsx", layout, {"R2": {"note": "전화함"}})
        elif len(told) == 3:
            stop.set()
        return stop.is_set()

    assert sync_watch(shared, told.append, clock=clock, stop=stop, wait=wait) == 0
    assert next(one.idle for one in told if isinstance(one, CycleReport)) == 2
    assert column(shared.parent / "본사.xlsx", "접수", "파트너 비고") == [None, "전화함", None]


def test_a_new_day_is_a_reason_to_look_at_the_master_again(shared: Path) -> None:
    ledger = Ledger(ledger_path(shared.parent / "본사.xlsx"))
    before = ledger.settled()["한빛"].master
    sync_once(shared, clock=lambda: NOW + dt.timedelta(days=1))
    assert ledger.settled()["한빛"].master != before
    ledger.close()


def test_google_is_served_the_same_way_and_an_idle_sync_is_one_request(config: Path) -> None:
    with start() as server:
        refs = [server.create(name) for name in ("한빛", "두리")]
        text = CONFIG.replace('folder = "공유"', 'port = "google"')
        config.write_text(text.replace("한빛.xlsx", refs[0]).replace("두리.xlsx", refs[1]), "utf-8")
        port = port_at(server)
        for partner in ("한빛", "두리"):
            assert share_partner(config, partner, port=port, clock=clock).report.exit_code == 0
        sync_once(config, port=port, clock=clock)
        server.log.clear()
        assert sync_once(config, port=port, clock=clock).idle == 2
        assert len(server.log) == 1
        assert [row.key for row in port.read(refs[0], load_config(config).layout).rows][:2] == ["R1", "R3"]
        assert not any(one.error for one in check_setup(config, port=port, clock=clock))
        port.client.session.close()


# -- looking -----------------------------------------------------------------------------------------------------------


def test_the_texts_of_a_days_work(shared: Path, golden: Callable[[str, str], None]) -> None:
    layout = load_config(shared).layout
    partner = shared.parent / "공유" / "한빛.xlsx"
    spare = next(v for v in column(partner, "의뢰", "번호") if str(v).startswith("N"))
    typed(partner, layout, {"R1": {"stage": "완료", "visited_at": "내일쯤"}, spare: {"service": "방수"}})
    out = ["$ sync --dry-run\n", show_report(sync_once(shared, dry_run=True, clock=clock))]
    out += ["$ sync\n", show_report(sync_once(shared, clock=clock))]
    out += ["$ sync\n", show_report(sync_once(shared, clock=clock))]
    out += ["$ sync\n", show_report(sync_once(shared, clock=clock))]
    os.remove(shared.parent / "공유" / "두리.xlsx")
    out += ["$ sync\n", show_report(sync_once(shared, clock=clock))]
    out += ["$ sync --status\n", show_status(partner_status(shared))]
    out += ["$ sync --explain R1\n", show_explained(explain(shared, "R1"))]
    out += ["$ sync --explain 4\n", show_explained(explain(shared, "4"))]
    out += [f"$ sync --explain {spare}\n", show_explained(explain(shared, spare))]
    out += ["$ sync --check\n", show_checked(check_setup(shared, clock=clock))]
    out += ["$ share --partner 두리\n", show_shared(share_partner(shared, "두리", clock=clock))]
    out += ["$ sync --install\n", show_service(service_file(Path("/srv/sync.toml"), "linux", "python"))]
    golden("sync/day.txt", "".join(out).replace(spare, "N261123-…"))


def test_the_status_before_the_first_sync_says_never_and_makes_nothing(config: Path) -> None:
    found = partner_status(config)
    assert [(one.name, one.known, one.trouble) for one in found] == [("한빛", None, ""), ("두리", None, "")]
    assert not (config.parent / ".danggol").exists()
    assert show_status(found).count("–") >= 4


def test_a_brake_says_in_the_status_what_to_do(shared: Path) -> None:
    from addin.books.edits import Edits
    from addin.books.file import open_book

    path = shared.parent / "공유" / "한빛.xlsx"
    edits = Edits()
    edits.write("의뢰", 1, 1, [["바뀐 제목"]])
    open_book(path, journal=shared.parent / "j").apply(edits)
    assert sync_once(shared, clock=clock).exit_code == 4
    (one, _) = partner_status(shared)
    assert "번호" in one.trouble
    assert "header" not in one.trouble


def test_the_place_of_a_request_in_the_master_names_it(shared: Path) -> None:
    assert [one.key for one in explain(shared, "접수!2")] == ["R1"]
    assert [(one.key, one.partner) for one in explain(shared, "3")] == [("R2", "두리")]
    with pytest.raises(UsageError):
        explain(shared, "접수!99")
    with pytest.raises(UsageError):
        explain(shared, "R999")


def test_a_check_tries_everything_and_names_what_is_wrong(shared: Path) -> None:
    assert not any(one.error for one in check_setup(shared, clock=clock))
    (shared.parent / "~$본사.xlsx").write_text("")
    shared.write_text(CONFIG + '"없는곳" = "x.xlsx"\n', "utf-8")
    before = files(shared.parent)
    found = {one.what: one.error for one in check_setup(shared, clock=clock)}
    assert "~$본사.xlsx" in found["sync.check.master"]
    (shared.parent / "~$본사.xlsx").unlink()
    found = {one.what: one.error for one in check_setup(shared, clock=clock)}
    assert "없는곳" in found["없는곳"]
    assert found["한빛"] == ""
    assert {k: v for k, v in files(shared.parent).items() if "sqlite-" not in k} == {
        k: v for k, v in before.items() if "sqlite-" not in k and "~$" not in k
    }


def test_a_watch_says_nothing_where_nothing_happened() -> None:
    assert show_tick(CycleReport(idle=3)) == ""
    assert show_tick(DanggolError("sync.lock_lost", where="x")) != ""
    assert show_report(CycleReport()) != ""


@pytest.mark.parametrize(
    "id",
    [*STATES, *PARTS, *OWNER_IDS, *EVENT_IDS, *COUNT_IDS, *(f"sync.show.h.{h}" for h in (*STATUS_HEADS, *FIELD_HEADS))],
)
def test_every_word_is_in_the_catalogue(id: str) -> None:
    from addin.i18n import say

    assert say(id, "ko", n=1) != id
    assert say(id, "en", n=1) != id


# -- killed ------------------------------------------------------------------------------------------------------------

_KILLED = """
import os, sys
from pathlib import Path
at, after = int(sys.argv[2]), sys.argv[3] == "after"
seen = 0
def dying(real):
    def act(*given, **named):
        global seen
        seen += 1
        if seen == at and not after:
            os.kill(os.getpid(), 9)
        done = real(*given, **named)
        if seen == at:
            os.kill(os.getpid(), 9)
        return done
    return act
os.replace, os.fsync = dying(os.replace), dying(os.fsync)
from sheets_sync.run import sync_once
sync_once(Path(sys.argv[1]))
print(seen)
"""
NIGHTLY = bool(os.environ.get("DANGGOL_NIGHTLY"))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
@pytest.mark.parametrize("when", ["before", "after"])
def test_killed_while_files_are_replaced_nothing_is_lost_and_nothing_stands_twice(shared: Path, when: str) -> None:
    layout, folder = load_config(shared).layout, shared.parent

    def sync(at: int) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _KILLED, str(shared), str(at), when]
        return subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=Path(__file__).parents[3])

    def work(n: int) -> None:
        typed(folder / "공유" / "한빛.xlsx", layout, {"R1": {"note": f"메모 {n}"}})
        typed(folder / "공유" / "두리.xlsx", layout, {"R2": {"note": f"메모 {n}"}})

    work(0)
    whole = sync(0)
    assert whole.returncode == 0, whole.stderr
    boundaries = int(whole.stdout)
    assert boundaries >= 3
    for at in range(1, boundaries + 1) if NIGHTLY else [boundaries if when == "before" else boundaries // 2]:
        work(at)
        assert sync(at).returncode == -9
        assert sync_once(shared).exit_code == 0
        assert sync_once(shared).exit_code == 0
        assert column(folder / "본사.xlsx", "접수", "파트너 비고")[:2] == [f"메모 {at}", f"메모 {at}"]
        keys = [v for v in column(folder / "공유" / "한빛.xlsx", "의뢰", "번호") if str(v).startswith("R")]
        assert sorted(keys) == ["R1", "R3"]
        assert not list(folder.glob("*.tmp"))
