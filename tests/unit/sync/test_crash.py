"""A sync killed anywhere: two cycles later everything is as if nothing had happened (promise 7)."""

from __future__ import annotations

import itertools
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

from addin.errors import BookLocked, DanggolError
from sheets_sync.ports.memory import Crash
from tests.unit.sync.crashes import another, killable, restart

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.unit.sync.world import World

NIGHTLY = bool(os.environ.get("DANGGOL_NIGHTLY"))
PARTNERS = ("한빛", "샛별")


def settled(folder: Path) -> World:
    """Two partners at work: one request with a stage, one without, one new entry."""
    world = killable(folder, PARTNERS)
    for key in ("R1", "R2", "R3"):
        world.lead(key, f"일 {key}")
    world.lead("S1", partner="샛별")
    world.sync()
    world.row("R1")["stage"] = "예약"
    _spare(world)["note"] = "옥상"
    world.touch()
    world.sync()
    world.sync()
    return world


def unsynced(folder: Path) -> World:
    """Two partners whose sheets are laid out and empty."""
    world = killable(folder, PARTNERS)
    for key in ("R1", "R2"):
        world.lead(key, f"일 {key}")
    world.lead("S1", partner="샛별")
    return world


def both_sides(world: World) -> None:
    """Everything at once: filled, changed, deleted, entered, without a number; new, flagged, changed."""
    sheet = world.port.sheets["한빛"]
    world.row("R1")["stage"] = "완료"
    sheet.rows.remove(world.row("R2"))
    _spare(world)["service"] = "방수"
    sheet.rows.append({"key": None, "note": "급해요"})
    sheet.refresh = "TRUE"
    world.row("S1", "샛별")["note"] = "전화함"
    world.lead("R4", "전기")
    world.lead("S2", "누수", "샛별")
    world.master.flags["R1"] = "● 위반"
    world.master.rows_by["한빛"]["R3"] = {"service": "타일"}


def nothing(world: World) -> None:
    """Nobody does anything."""


def more(world: World) -> None:
    """The partner goes on before the next sync."""
    row = next((r for r in world.port.sheets["한빛"].rows if r.get("key") == "R1"), None)
    if row is not None:
        row["stage"] = "취소"
    world.touch()


def _spare(world: World) -> dict[str, Any]:
    rows = world.port.sheets["한빛"].rows
    return next(r for r in rows if str(r["key"]).startswith("N") and len(r) == 1)


def told(world: World) -> dict[str, Any]:
    """Both sides, but for the numbers of rows nobody has filled in yet."""
    sheets, master = world.port.sheets, world.master
    rows = {who: [r for r in sheet.rows if not _blank(r)] for who, sheet in sheets.items()}
    return {
        "rows": {who: sorted(map(str, found)) for who, found in rows.items()},
        "blank": {who: sum(map(_blank, sheet.rows)) for who, sheet in sheets.items()},
        "hq": {who: sorted(str(r) for r in sheet.hq.rows if r.key[0] != "N") for who, sheet in sheets.items()},
        "filled": master.filled,
        "entered": master.entered,
        "reviews": {who: sorted((r.kind, r.key, r.field) for r in found) for who, found in master.reviews.items()},
    }


def _blank(row: dict[str, Any]) -> bool:
    return str(row.get("key") or "").startswith("N") and len(row) == 1


def finish(world: World) -> dict[str, Any]:
    """Two cycles in which nothing goes wrong; a third one has nothing to do."""
    restart(world)
    for _ in range(2):
        assert world.sync().exit_code == 0
    assert world.sync().idle == len(PARTNERS)
    return told(world)


CASES = {
    "the first sync": (unsynced, nothing, nothing),
    "changes on both sides": (settled, both_sides, nothing),
    "the partner goes on": (settled, both_sides, more),
}


@pytest.mark.parametrize("case", CASES)
def test_a_sync_killed_at_any_boundary_loses_nothing(case: str, tmp_path: Path) -> None:
    begin, edits, then = CASES[case]
    start = begin(tmp_path / "start")
    edits(start)
    wanted = _undisturbed(tmp_path, start, then)
    for at in itertools.count():
        world = another(start, tmp_path / str(at))
        line = restart(world, at)
        try:
            world.sync()
        except Crash:
            then(world)
            assert finish(world) == wanted, f"killed {line.crossed[-1]}"
        else:
            assert at > 20
            break


@pytest.mark.skipif(not NIGHTLY, reason="a night's work: DANGGOL_NIGHTLY=1")
def test_two_syncs_killed_one_after_the_other_lose_nothing(tmp_path: Path) -> None:
    start = settled(tmp_path / "start")
    both_sides(start)
    wanted = _undisturbed(tmp_path, start, nothing)
    for first in range(100):
        for second in range(100):
            world = another(start, tmp_path / f"{first}.{second}")
            lines = []
            for at in (first, second):
                lines.append(restart(world, at))
                with suppress(Crash):
                    world.sync()
            if not lines[1].dead:
                break
            assert finish(world) == wanted, [line.crossed[-1] for line in lines]


@pytest.mark.parametrize("fault", ["before", "after"])
@pytest.mark.parametrize("case", CASES)
def test_a_request_that_fails_anywhere_loses_nothing(case: str, fault: str, tmp_path: Path) -> None:
    begin, edits, then = CASES[case]
    start = begin(tmp_path / "start")
    edits(start)
    wanted = _undisturbed(tmp_path, start, then)
    for at in itertools.count():
        world = another(start, tmp_path / str(at))
        world.port.faults = [""] * at + [fault]
        with suppress(DanggolError):
            world.sync()
        if world.port.faults:
            assert at > 6
            break
        then(world)
        assert finish(world) == wanted, f"{fault} request {at}"


def test_a_partner_whose_sheet_fails_stops_none_of_the_others(tmp_path: Path) -> None:
    world = settled(tmp_path / "one")
    both_sides(world)
    world.port.faults = ["", "before"]
    report = world.sync()
    assert (report.exit_code, [bool(o.error) for o in report.outcomes]) == (1, [True, False])
    assert world.master.filled["S1"] == {"note": "전화함"}


@pytest.mark.parametrize("times", [1, 3])
def test_a_master_that_stays_locked_while_the_partner_goes_on_takes_the_last_word(times: int, tmp_path: Path) -> None:
    world = settled(tmp_path / "one")
    for value in ("완료", "취소", "보류")[:times]:
        world.row("R1")["stage"] = value
        world.master.fail = [BookLocked("book.open_elsewhere", where="b.xlsx")]
        assert world.sync().exit_code == 1
        assert world.master.filled["R1"] == {"stage": "예약"}
    assert world.sync().exit_code == 0
    assert world.master.filled["R1"] == {"stage": value}
    assert "한빛" not in world.master.reviews


def _undisturbed(folder: Path, start: World, then: Callable[[World], None]) -> dict[str, Any]:
    world = another(start, folder / "undisturbed")
    world.sync()
    then(world)
    return finish(world)
