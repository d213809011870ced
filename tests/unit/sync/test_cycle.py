"""What a cycle costs and whom it leaves alone: counted, never timed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.errors import BookLocked, DanggolError, UsageError
from addin.i18n import say
from sheets_sync.cycle import SWEEP_SECONDS, SWEEPS, Cycle, PartnerSetup
from sheets_sync.ledger import Ledger, LedgerError, SyncRunning
from sheets_sync.outcome import BRAKE_IDS
from sheets_sync.ports.base import Busy, NotSignedIn, Unavailable
from tests.unit.sync.world import LAYOUT, NOON, MemoryMaster, World

if TYPE_CHECKING:
    from pathlib import Path

    from sheets_sync.ledger import Settled
    from sheets_sync.model import MasterRow


def many(tmp_path: Path, n: int) -> World:
    world = World(tmp_path, partners=tuple(f"파트너{i}" for i in range(n)))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    world.sync()
    world.sync()
    world.port.calls.clear()
    return world


@pytest.mark.parametrize("n", [1, 50, 1_000])
def test_an_idle_cycle_is_one_probe_and_nothing_else(tmp_path: Path, n: int) -> None:
    world = many(tmp_path, n)
    writes = world.master.writes
    assert world.sync().idle == n
    assert world.port.calls == {"probe": 1}
    assert world.master.writes == writes


def test_an_idle_cycle_does_not_even_open_the_master(world: World) -> None:
    class Closed:
        version = world.master.version

        @property
        def master(self) -> object:
            raise AssertionError("opened")

    world.sync()
    world.master, kept = Closed(), world.master  # type: ignore[assignment]
    world.master.version = kept.version  # type: ignore[misc]
    assert world.sync().idle == 1


@pytest.mark.parametrize(("n", "k"), [(1, 1), (50, 3), (300, 5)])
def test_k_changed_partners_are_k_reads_and_no_write_where_nothing_is_to_be_told(
    tmp_path: Path, n: int, k: int
) -> None:
    world = many(tmp_path, n)
    for name in world.partners[:k]:
        world.row(f"R-{name}", name)["stage"] = "완료"
    writes = world.master.writes
    world.sync()
    assert world.port.calls == {"probe": 1, "read": k}
    assert world.master.writes == writes + 1  # one write for all of them


def test_new_leads_are_one_append_and_one_write_a_partner(tmp_path: Path) -> None:
    world = many(tmp_path, 20)
    for name in world.partners[:4]:
        world.lead(f"N-{name}", partner=name)
    world.sync()
    assert world.port.calls == {"probe": 1, "read": 4, "append": 4, "put_hq": 4}


def test_a_quiet_sheet_is_read_in_full_after_a_while_and_only_some_in_one_cycle(tmp_path: Path) -> None:
    world = many(tmp_path, SWEEPS + 5)
    world.minute += SWEEP_SECONDS // 60
    world.sync()
    assert world.port.calls["read"] == SWEEPS
    world.sync()
    assert world.port.calls["read"] == SWEEPS + 5, "those read longest ago come first"
    world.sync()
    assert world.port.calls["read"] == SWEEPS + 5


def test_a_clock_that_went_back_does_not_stop_the_sweeps(world: World) -> None:
    world.minute += 10_000
    world.sync(sweep=True)
    world.minute -= 5_000
    world.port.calls.clear()
    world.sync()
    assert world.port.calls["read"] == 1


def test_one_partners_trouble_leaves_the_others_synced(tmp_path: Path) -> None:
    world = World(tmp_path, partners=("가", "나", "다"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    del world.port.sheets["나"]
    report = world.sync()
    assert [(o.partner, bool(o.error)) for o in report.outcomes] == [("가", False), ("나", True), ("다", False)]
    assert report.exit_code == 1
    assert [len(world.rows(name)) for name in ("가", "다")] == [1, 1]


def test_a_name_the_master_does_not_know_is_that_partners_trouble_only(tmp_path: Path) -> None:
    world = World(tmp_path, partners=("가", "나"))
    world.lead("R1", partner="나")

    class Master(MemoryMaster):
        def rows(self, partner: str) -> list[MasterRow]:
            if partner == "가":
                raise UsageError("sync.no_such_partner", value=partner, near="나")
            return super().rows(partner)

    world.master = Master(world.master.rows_by)
    report = world.sync()
    assert [o.partner for o in report.outcomes if o.error] == ["가"]
    assert len(world.rows("나")) == 1


def test_a_brake_stops_one_partner_with_exit_code_4_and_writes_nothing_for_it(tmp_path: Path) -> None:
    world = World(tmp_path, partners=("가", "나"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    world.port.sheets["가"].sentinel = ""
    report = world.sync()
    assert report.exit_code == 4
    assert world.port.sheets["가"].rows == []
    assert len(world.rows("나")) == 1
    assert world.ledger is not None
    assert [s.brake for s in world.ledger.status()] == ["sentinel", ""]
    world.sync()
    assert len([r for r in world.ledger.runs("가") if r[2] == "brake"]) == 1, "the same trouble is one line"


def test_a_brake_a_person_let_go_of_lets_the_partner_on(tmp_path: Path) -> None:
    world = World(tmp_path)
    for i in range(6):
        world.lead(f"R{i}")
    world.sync()
    world.sync()
    world.port.sheets["한빛"].rows = world.port.sheets["한빛"].rows[:1]
    world.touch()
    assert world.sync().exit_code == 4
    assert world.sync(accept=("한빛",)).exit_code == 0
    assert len(world.rows()) == 1, "what the partner deleted stays deleted"


def test_a_master_that_is_open_elsewhere_postpones_and_loses_nothing(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.master.fail = [BookLocked("book.open_elsewhere", where="본사.xlsx", value="~$본사.xlsx")] * 3
    for _ in range(3):
        report = world.sync()
        assert (report.exit_code, [o.postponed for o in report.outcomes]) == (1, [True])
    assert world.ledger is not None
    assert [r[2] for r in world.ledger.runs()].count("postponed") == 1
    assert "본사.xlsx" in world.ledger.status()[0].error
    assert world.sync().exit_code == 0
    assert world.master.filled == {"R1": {"stage": "완료"}}
    assert world.ledger.status()[0].error == ""


def test_what_a_person_has_to_look_at_reaches_the_master_after_it_was_open(world: World) -> None:
    world.port.sheets["한빛"].rows.append({"key": None, "note": "번호 없는 줄"})
    world.touch()
    world.master.fail = [BookLocked("book.open_elsewhere", where="b", value="l")]
    world.sync()
    world.sync()
    assert [r.kind for r in world.master.reviews["한빛"]] == ["no_key"]


def test_a_sheet_open_at_the_partners_still_gives_what_was_typed(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.lead("R3")
    port, append = world.port, world.port.append

    def busy(*_: object) -> None:
        raise Busy("sync.folder.open", where="한빛.xlsx", value="~$한빛.xlsx")

    port.append = busy  # type: ignore[method-assign]
    report = world.sync()
    assert report.exit_code == 1
    assert world.master.filled == {"R1": {"stage": "완료"}}
    port.append = append  # type: ignore[method-assign]
    assert world.sync().exit_code == 0
    assert [r["key"] for r in world.rows()] == ["R1", "R2", "R3"]


def test_a_refresh_that_could_not_be_served_is_served_later(world: World) -> None:
    sheet = world.port.sheets["한빛"]
    sheet.refresh = "TRUE"
    world.touch()
    world.port.faults = ["", "", "before"]  # probe, read, put_hq
    assert world.sync().exit_code == 1
    before = sheet.synced_at
    assert world.sync().exit_code == 0
    assert sheet.synced_at != before


def test_a_refresh_is_served_within_one_poll_even_if_nothing_else_changed(world: World) -> None:
    sheet = world.port.sheets["한빛"]
    world.sync()
    before = sheet.synced_at
    sheet.refresh = "FALSE 2026-11-23 12:34"
    world.touch()
    world.sync()
    assert sheet.synced_at != before
    assert sheet.refresh == "FALSE 2026-11-23 12:34", "the checkbox is the partner's"


def test_a_dry_run_writes_nothing_anywhere_and_needs_no_lock(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.lead("R3")
    assert world.ledger is not None
    before = (world.master.version, world.port.sheets["한빛"].version, list(world.ledger._db.iterdump()))
    with world.ledger.lock("other:1", 0):
        report = world.sync(dry_run=True)
    assert [(len(o.plan.leads), len(o.plan.fills)) for o in report.outcomes if o.plan] == [(1, 1)]
    assert (world.master.version, world.port.sheets["한빛"].version, list(world.ledger._db.iterdump())) == before


def test_no_sign_in_stops_the_cycle_but_keeps_what_was_done(tmp_path: Path) -> None:
    world = World(tmp_path, partners=("가", "나", "다"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    world.sync()
    world.sync()
    world.row("R-가", "가")["stage"] = "완료"
    world.touch("나")
    read = world.port.read

    def signed_out(ref: str, layout: object) -> object:
        if ref == "나":
            raise NotSignedIn("sync.gone", where="", value="")
        return read(ref, layout)  # type: ignore[arg-type]

    world.port.read = signed_out  # type: ignore[method-assign, assignment]
    with pytest.raises(NotSignedIn):
        world.sync()
    assert world.master.filled == {"R-가": {"stage": "완료"}}


def test_without_a_network_the_cycle_ends_after_a_few_partners(tmp_path: Path) -> None:
    world = World(tmp_path, partners=tuple("가나다라마바사"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    world.port.faults = ["", "before", "before", "before", "before"]  # probe, three reads, the second probe
    with pytest.raises(Unavailable):
        world.sync()
    assert world.port.calls == {"probe": 2, "read": 3}
    world.port.calls.clear()
    world.port.faults = ["", "before", "before", "before"]  # three bad ones, but the others can be reached
    report = world.sync()
    assert [bool(o.error) for o in report.outcomes] == [True] * 3 + [False] * 4


def test_a_sync_that_lost_its_lock_stops_and_settles_nothing(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    assert world.ledger is not None
    ledger, read = world.ledger, world.port.read

    def slow(ref: str, layout: object) -> object:
        ledger._do("update lock set owner = 'other:1'")
        return read(ref, layout)  # type: ignore[arg-type]

    world.port.read = slow  # type: ignore[method-assign, assignment]
    with pytest.raises(SyncRunning):
        world.sync()
    assert world.master.filled == {}
    ledger._do("delete from lock")
    world.port.read = read  # type: ignore[method-assign]
    world.sync()
    assert world.master.filled == {"R1": {"stage": "완료"}}


def test_the_lock_is_renewed_by_the_time_that_really_passed(world: World) -> None:
    assert world.ledger is not None
    ticks = iter(range(0, 100_000, 200))
    seen: list[float] = []
    ledger = world.ledger
    renew = ledger.renew
    ledger.renew = lambda owner, now: (seen.append(now), renew(owner, now))[1]  # type: ignore[method-assign]
    cycle = Cycle([PartnerSetup("한빛", "한빛")], LAYOUT, world.port, ledger, "pc:1", seconds=lambda: next(ticks))
    cycle.run(world.master, NOON, sweep=True)
    assert seen == [NOON.timestamp() + 200]


def test_a_stop_finishes_the_partner_in_hand(tmp_path: Path) -> None:
    world = World(tmp_path, partners=("가", "나", "다"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    assert world.ledger is not None
    asked = iter([False, True])
    setups = [PartnerSetup(name, name) for name in world.partners]
    cycle = Cycle(setups, LAYOUT, world.port, world.ledger, "pc:1", stopping=lambda: next(asked))
    report = cycle.run(world.master, NOON)
    assert (report.stopped, [o.partner for o in report.outcomes]) == (True, ["가"])
    settled: dict[str, Settled] = dict(world.ledger.settled())
    assert settled["가"].version
    assert set(settled) == {"가"}


def test_a_partner_with_a_new_sheet_begins_anew_instead_of_missing_every_row(world: World) -> None:
    assert world.ledger is not None
    world.port.prepare("새 시트", LAYOUT, "한빛")
    cycle = Cycle([PartnerSetup("한빛", "새 시트")], LAYOUT, world.port, world.ledger, "pc:1")
    dry = cycle.run(world.master, NOON, dry_run=True)
    assert [len([lead for lead in o.plan.leads if lead.cells]) for o in dry.outcomes if o.plan] == [2]
    report = cycle.run(world.master, NOON)
    assert report.exit_code == 0
    assert [r["key"] for r in world.rows("새 시트")] == ["R1", "R2"]


def test_a_lost_ledger_appends_nothing_again_and_gives_no_number_twice(world: World) -> None:
    before = [dict(r) for r in world.port.sheets["한빛"].rows]
    assert world.ledger is not None
    world.ledger.close()
    world.ledger.path.unlink()
    world.minute = 0  # even in the minute the numbers were given
    world.ledger = Ledger(world.ledger.path)
    for key in [r["key"] for r in before if str(r["key"]).startswith("N")]:
        world.row(str(key))["note"] = "적음"
    world.sync()
    world.sync()
    keys = [r["key"] for r in world.port.sheets["한빛"].rows]
    assert len(keys) == len(set(keys))
    assert len(keys) == len(before) + LAYOUT.spare


def test_the_master_gone_stops_everything_before_anything_is_sent(world: World) -> None:
    class Gone:
        @property
        def version(self) -> str:
            raise DanggolError("sync.master.gone", where="본사.xlsx", value="")

    world.port.calls.clear()
    world.master = Gone()  # type: ignore[assignment]
    with pytest.raises(DanggolError):
        world.sync()
    assert world.port.calls == {}


@pytest.mark.parametrize("id", BRAKE_IDS)
def test_every_brake_has_its_sentence(id: str) -> None:
    assert say(id, "ko", partner="p", count=1, of=2, what="w") != id


@pytest.mark.parametrize("when", ["read", "append"])
def test_a_master_that_is_saved_while_a_sync_runs_is_looked_at_again(world: World, when: str) -> None:
    method = getattr(world.port, when)

    def meanwhile(*given: object) -> object:
        world.master.kpi = "70%"
        setattr(world.port, when, method)
        return method(*given)

    world.lead("R3")
    setattr(world.port, when, meanwhile)
    world.sync()
    world.sync()
    assert world.port.sheets["한빛"].hq.kpis[0].value == "70%"


def test_only_partners_in_a_row_that_cannot_be_reached_are_a_reason_to_probe_again(tmp_path: Path) -> None:
    world = World(tmp_path, partners=tuple("가나다라마바"))
    for name in world.partners:
        world.lead(f"R-{name}", partner=name)
    fine = ["", "", ""]  # read, append, put_hq
    world.port.faults = ["", "before", *fine, "before", *fine, "before", *fine]
    report = world.sync()
    assert [bool(o.error) for o in report.outcomes] == [True, False] * 3
    assert world.port.calls["probe"] == 1


def test_a_change_for_one_partner_is_looked_at_once_for_the_others(tmp_path: Path) -> None:
    world = many(tmp_path, 3)
    world.master.flags["R-파트너0"] = "주의"
    assert world.sync().idle == 2
    assert world.ledger is not None
    assert len({was.master for was in world.ledger.settled().values()}) == 1
    assert world.port.calls == {"probe": 1, "read": 1, "put_hq": 1}


def test_a_disk_that_is_full_stops_the_sync_before_it_writes_to_a_partner(world: World) -> None:
    for i in range(200):
        world.lead(f"L{i}", "도배 " * 50)
    assert world.ledger is not None
    before = [dict(row) for row in world.port.sheets["한빛"].rows]
    world.row("R1")["stage"] = "완료" * 5_000
    (pages,) = world.ledger._do("pragma page_count")[0]
    world.ledger._do(f"pragma max_page_count = {pages}")
    with pytest.raises(LedgerError):
        world.sync()
    assert len(world.port.sheets["한빛"].rows) == len(before)
    assert world.master.filled == {}
    world.ledger._do("pragma max_page_count = 1000000")
    assert world.sync().exit_code == 0
    assert len(world.rows()) == 202
