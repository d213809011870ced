"""A sheet that was probably hurt by accident stops its own partner, touches nothing, and lets the others go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from addin.i18n import LANGUAGES, use_language
from sheets_sync.model import BRAKES, Brake
from sheets_sync.outcome import sentence
from tests.unit.sync.world import World

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheets_sync.ports.memory import MemorySheet


def _empty(sheet: MemorySheet) -> None:
    sheet.rows.clear()


def _all_changed(sheet: MemorySheet) -> None:
    for row in sheet.rows:
        row["stage"] = "?"


def _no_sentinel(sheet: MemorySheet) -> None:
    sheet.sentinel = ""


def _renamed(sheet: MemorySheet) -> None:
    sheet.header[sheet.header.index("stage")] = ""


def _twice(sheet: MemorySheet) -> None:
    sheet.header.append("stage")


def _all_but_the_numbers_sorted(sheet: MemorySheet) -> None:
    keys = [row["key"] for row in sheet.rows]
    sheet.rows[:3] = [sheet.rows[1], sheet.rows[2], sheet.rows[0]]
    for row, key in zip(sheet.rows, keys, strict=True):
        row["key"] = key


@pytest.fixture
def two(tmp_path: Path) -> World:
    """한빛 with twelve requests it filled in, 샛별 with one."""
    made = World(tmp_path, ("한빛", "샛별"))
    for i in range(12):
        made.lead(f"R{i}", f"일 {i}")
    made.lead("S1", partner="샛별")
    made.sync()
    for i in range(12):
        made.row(f"R{i}")["stage"] = "예약"
    made.sync()
    made.sync()
    return made


@pytest.mark.parametrize(
    ("hurt", "kind"),
    [
        (_empty, "rows_gone"),
        (_all_changed, "all_changed"),
        (_no_sentinel, "sentinel"),
        (_renamed, "header"),
        (_twice, "header"),
        (_all_but_the_numbers_sorted, "mixed"),
    ],
)
def test_a_brake_stops_one_partner_with_exit_code_4_and_touches_nothing(
    two: World, hurt: Callable[[MemorySheet], None], kind: str
) -> None:
    hurt(two.port.sheets["한빛"])
    two.touch()
    two.lead("R99")
    two.lead("S2", partner="샛별")
    filled = {key: dict(cells) for key, cells in two.master.filled.items()}
    rows = [dict(row) for row in two.port.sheets["한빛"].rows]
    report = two.sync()
    found = {o.partner: o.brake.kind for o in report.outcomes if o.brake}
    assert (report.exit_code, found) == (4, {"한빛": kind})
    assert {key: dict(cells) for key, cells in two.master.filled.items()} == filled
    assert two.port.sheets["한빛"].rows == rows
    assert [r["key"] for r in two.rows("샛별")] == ["S1", "S2"]
    assert two.sync().exit_code == 4  # it stays stopped until somebody looks


@pytest.mark.parametrize("kind", BRAKES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_to_be_typed_can_be_copied_whole_also_for_a_name_of_two_words(kind: str, lang: str) -> None:
    use_language(lang)
    said = sentence(Brake(kind, 3, 4, "단계"), "솔내음마을 3단지")
    use_language(None)
    typed = re.findall("`([^`]*)`", said)
    assert len(typed) == (kind != "header")
    assert all(re.fullmatch(r'danggol (share|sync) --(partner|accept) "솔내음마을 3단지"', line) for line in typed)


def test_a_person_who_looked_lets_it_go_on(two: World) -> None:
    del two.port.sheets["한빛"].rows[:8]
    two.touch()
    assert two.sync().exit_code == 4
    assert two.sync(accept=("한빛",)).exit_code == 0
    assert two.sync().exit_code == 0
    assert sum(r.kind == "deleted" for r in two.master.reviews["한빛"]) == 8


def test_filling_in_every_blank_is_a_days_work_and_no_brake(tmp_path: Path) -> None:
    world = World(tmp_path)
    for i in range(12):
        world.lead(f"R{i}")
    world.sync()
    world.sync()
    for i in range(12):
        world.row(f"R{i}")["stage"] = "완료"
    assert world.sync().exit_code == 0


def test_half_of_the_rows_gone_is_allowed_one_more_is_not(two: World) -> None:
    del two.port.sheets["한빛"].rows[:6]
    two.touch()
    assert two.sync().exit_code == 0


def test_a_row_nobody_filled_in_is_no_witness_that_the_others_are_right(two: World) -> None:
    two.lead("R12", "일 12")
    two.sync()
    two.sync()
    for i in range(12):
        two.row(f"R{i}")["stage"] = "?"
    two.touch()
    assert [o.brake.kind for o in two.sync().outcomes if o.brake] == ["all_changed"]


def test_new_entries_are_rows_too_a_sheet_emptied_of_them_stops(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.sync()
    for _ in range(5):
        for row in world.port.sheets["한빛"].rows:
            row.setdefault("service", "방수")
        world.touch()
        world.sync()
    kept = dict(world.master.entered["한빛"])
    assert len(kept) == 10
    for row in world.port.sheets["한빛"].rows:
        row.pop("service", None)
    world.touch()
    assert [o.brake.kind for o in world.sync().outcomes if o.brake] == ["all_changed"]
    world.port.sheets["한빛"].rows.clear()
    world.touch()
    assert [o.brake.kind for o in world.sync().outcomes if o.brake] == ["rows_gone"]
    assert world.master.entered["한빛"] == kept


def test_requests_that_were_given_the_same_are_never_called_mixed_up(tmp_path: Path) -> None:
    world = World(tmp_path)
    for i in range(6):
        world.lead(f"R{i}", "도배" if i % 2 else "누수")
    world.sync()
    world.sync()
    for i in range(6):
        world.row(f"R{i}")["service"] = "누수" if i % 2 else "도배"
    assert world.sync().exit_code == 0
