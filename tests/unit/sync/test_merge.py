"""One writer per cell: what a sync does with every change on either side, in the users' words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.errors import BookLocked
from addin.i18n import LANGUAGES, known
from sheets_sync.layout import SENTINEL, layout_of
from sheets_sync.merge import NAMED, plan
from sheets_sync.model import (
    BRAKES,
    KINDS,
    Agreed,
    Base,
    Fill,
    Hq,
    MasterRow,
    PartnerRow,
    PartnerSheet,
    Review,
)  # fmt: skip
from tests.unit.sync.world import QuickLedger, World

if TYPE_CHECKING:
    from pathlib import Path


def kinds(world: World) -> list[tuple[str, str]]:
    """What stands in the review list: (kind, key)."""
    return [(r.kind, r.key) for r in world.master.reviews.get("한빛", ())]


def test_a_new_request_appears_at_the_bottom_with_what_the_partner_may_see(world: World) -> None:
    world.lead("R3", "전기")
    world.sync()
    assert world.rows()[-1] == {"key": "R3", "service": "전기"}


def test_what_the_partner_fills_in_reaches_our_own_columns_of_the_master(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.sync()
    assert world.master.filled == {"R1": {"stage": "완료"}}


def test_what_the_partner_empties_is_emptied_there_too(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.sync()
    world.row("R1")["stage"] = None
    world.sync()
    assert world.master.filled == {"R1": {"stage": None}}


def test_head_offices_change_of_a_given_cell_is_said_beside_it_and_not_written_over_it(world: World) -> None:
    world.master.rows_by["한빛"]["R1"]["service"] = "타일"
    world.sync()
    assert world.row("R1")["service"] == "도배"
    assert [r.ask for r in world.port.sheets["한빛"].hq.rows if r.key == "R1"] == ["본사에서 바뀐 서비스: 타일"]


def test_a_partner_reads_a_moment_as_people_write_it() -> None:
    layout = layout_of(["received_at"], ["visited_at"])
    sheet = PartnerSheet(("key", "received_at", "visited_at"), (PartnerRow(2, "R1", {"visited_at": "11/24 10시"}),),
                         Hq(), SENTINEL)  # fmt: skip
    master = MasterRow("R1", {"received_at": "2026-11-17T09:30"}, own={"visited_at": "2026-11-18T10:00"})
    base = Base(("key", "received_at", "visited_at"))
    made = plan(base, [master], sheet, layout, Hq(), entries={}, fresh_keys=iter(()))
    assert made.hq is not None
    (row,) = made.hq.rows
    assert row.ask.endswith("2026-11-18 10:00")
    assert "2026-11-17 09:30" in row.ask


def test_both_sides_values_stand_in_the_review_list_and_nobodys_is_overwritten(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.master.own["R1"] = {"stage": "취소"}
    world.sync()
    (review,) = world.master.reviews["한빛"]
    assert (review.kind, review.partner, review.master) == ("both", "완료", "취소")
    assert world.row("R1")["stage"] == "완료"
    assert world.master.own["R1"]["stage"] == "취소"


def test_a_master_that_was_sorted_is_no_news(world: World) -> None:
    rows = world.master.rows_by["한빛"]
    world.master.rows_by["한빛"] = dict(reversed(rows.items()))
    assert world.sync().idle == 1
    world.touch()
    plan = world.sync().outcomes[0].plan
    assert plan is not None
    assert plan.idle


def test_a_flag_of_head_office_shows_beside_its_row(world: World) -> None:
    world.master.flags["R2"] = "● 위반"
    world.sync()
    assert {r.key: r.flag for r in world.port.sheets["한빛"].hq.rows}["R2"] == "● 위반"


def test_a_row_the_partner_deleted_is_neither_resurrected_nor_dropped_silently(world: World) -> None:
    world.port.sheets["한빛"].rows.remove(world.row("R1"))
    for _ in range(3):
        world.sync()
    assert "R1" not in [r["key"] for r in world.rows()]
    assert ("deleted", "R1") in kinds(world)
    assert "R1" in world.master.rows_by["한빛"]


def test_a_row_that_comes_back_by_undo_is_read_again(world: World) -> None:
    row = world.row("R1")
    world.port.sheets["한빛"].rows.remove(row)
    world.sync()
    world.port.sheets["한빛"].rows.append(row | {"stage": "완료"})
    world.touch()
    world.sync()
    assert kinds(world) == []
    assert world.master.filled["R1"] == {"stage": "완료"}


def test_a_row_typed_without_a_number_goes_to_the_review_list_and_is_never_written_to(world: World) -> None:
    world.port.sheets["한빛"].rows.append({"key": None, "stage": "?", "note": "급해요"})
    world.touch()
    world.sync()
    assert kinds(world) == [("no_key", "")]
    assert world.port.sheets["한빛"].rows[-1] == {"key": None, "stage": "?", "note": "급해요"}


def test_a_spare_row_a_partner_fills_in_is_a_new_entry_with_a_number_of_its_own(world: World) -> None:
    spare = next(r for r in world.port.sheets["한빛"].rows if str(r["key"]).startswith("N"))
    spare |= {"service": "방수", "note": "옥상"}
    world.touch()
    world.sync()
    assert world.master.entered["한빛"] == {spare["key"]: {"service": "방수", "note": "옥상"}}
    spare["note"] = "옥상 2층"
    world.touch()
    world.sync()
    assert world.master.entered["한빛"] == {spare["key"]: {"service": "방수", "note": "옥상 2층"}}


def test_spare_rows_are_given_again_before_they_run_out(world: World) -> None:
    for row in world.port.sheets["한빛"].rows:
        if str(row["key"]).startswith("N"):
            row["note"] = "새 일"
    world.touch()
    world.sync()
    blank = [r for r in world.port.sheets["한빛"].rows if str(r["key"]).startswith("N") and len(r) == 1]
    assert len(blank) == 2


def test_a_copied_row_is_reported_and_taken_only_while_both_say_the_same(world: World) -> None:
    row = world.row("R1")
    row["stage"] = "예약"
    world.port.sheets["한빛"].rows.append(dict(row))
    world.sync()
    assert kinds(world) == [("duplicate_key", "R1")]
    assert world.master.filled["R1"] == {"stage": "예약"}
    row["stage"] = "완료"
    world.touch()
    world.sync()
    assert kinds(world) == [("duplicate_key", "R1")]
    assert world.master.filled["R1"] == {"stage": "예약"}


def test_a_number_nobody_gave_is_reported(world: World) -> None:
    world.row("R1")["key"] = "R1-고침"
    world.sync()
    assert kinds(world) == [("deleted", "R1"), ("unknown_key", "R1-고침")]


def test_sorting_and_moving_columns_changes_nothing(world: World) -> None:
    sheet = world.port.sheets["한빛"]
    world.row("R2")["stage"] = "완료"
    sheet.rows.reverse()
    sheet.header.reverse()
    world.sync()
    assert world.master.filled == {"R2": {"stage": "완료"}}
    assert kinds(world) == []


def test_a_request_given_to_another_partner_leaves_the_first_sheet_as_it_is_and_says_so(tmp_path: Path) -> None:
    world = World(tmp_path, ("한빛", "샛별"))
    world.lead("R1")
    world.sync()
    world.sync()
    world.row("R1")["note"] = "내 메모"
    world.sync()
    world.master.rows_by["샛별"] = {"R1": world.master.rows_by["한빛"].pop("R1")}
    world.sync()
    assert world.row("R1")["note"] == "내 메모"
    assert kinds(world) == [("left_master", "R1")]
    assert [r["key"] for r in world.rows("샛별")] == ["R1"]


def test_what_the_new_partner_of_a_request_fills_in_takes_the_place_of_the_former_ones(tmp_path: Path) -> None:
    world = World(tmp_path, ("한빛", "샛별"))
    world.lead("R1")
    world.lead("S1", partner="샛별")
    world.sync()
    world.row("R1")["stage"] = "취소"
    world.sync()
    world.sync()
    world.master.rows_by["샛별"]["R1"] = world.master.rows_by["한빛"].pop("R1")
    world.sync()
    world.sync()
    assert world.master.filled["R1"] == {"stage": None}  # nobody says so any more
    world.row("R1", "샛별")["stage"] = "완료"
    world.sync()
    assert world.master.filled["R1"] == {"stage": "완료"}
    assert "샛별" not in world.master.reviews
    assert (world.row("R1")["stage"], kinds(world)) == ("취소", [("left_master", "R1")])


@pytest.mark.parametrize("meanwhile", ["copy", "delete", "leaves"])
def test_a_write_to_the_master_that_was_put_off_is_ours_whatever_the_partner_does_meanwhile(
    world: World, meanwhile: str
) -> None:
    sheet = world.port.sheets["한빛"]
    row = world.row("R1")
    row["stage"] = "예약"
    world.sync()
    row["stage"] = "완료"
    world.master.fail = [BookLocked("book.open_elsewhere", where="b.xlsx")] * 2
    world.touch()
    world.sync()
    given = world.master.rows_by["한빛"]["R1"]
    if meanwhile == "copy":
        sheet.rows.append({**row, "stage": "취소"})
    elif meanwhile == "delete":
        sheet.rows.remove(row)
    else:
        del world.master.rows_by["한빛"]["R1"]
    world.touch()
    world.sync()
    if meanwhile == "copy":
        sheet.rows.pop()
    elif meanwhile == "delete":
        sheet.rows.append(row)
    else:
        world.master.rows_by["한빛"]["R1"] = given
    world.touch()
    world.sync()
    assert (world.master.filled["R1"], kinds(world)) == ({"stage": "완료"}, [])


def test_a_copied_row_of_a_new_entry_is_reported_and_taken_only_while_both_say_the_same(world: World) -> None:
    spare = next(r for r in world.port.sheets["한빛"].rows if str(r["key"]).startswith("N"))
    spare["note"] = "옥상"
    world.port.sheets["한빛"].rows.append(dict(spare))
    world.touch()
    world.sync()
    assert kinds(world) == [("duplicate_key", spare["key"])]
    spare["note"] = "지하"
    world.touch()
    world.sync()
    assert kinds(world) == [("duplicate_key", spare["key"])]
    assert world.master.entered["한빛"] == {spare["key"]: {"note": "옥상"}}


@pytest.mark.parametrize(("key", "kind"), [("", "no_key"), ("X{}", "unknown_key")])
def test_a_paste_of_thousands_is_named_in_a_few_lines(world: World, key: str, kind: str) -> None:
    rows = world.port.sheets["한빛"].rows
    first = len(rows) + 2
    rows += [{"key": key.format(i), "note": f"줄 {i}"} for i in range(5_000)]
    world.touch()
    world.sync()
    found = world.master.reviews["한빛"]
    assert [r.row for r in found] == list(range(first, first + NAMED + 1))
    assert {r.kind for r in found} == {kind}
    assert found[-1].partner == "이런 줄이 4980줄 더 있습니다"


def test_a_value_that_is_not_what_its_column_expects_is_taken_as_typed_and_named(tmp_path: Path) -> None:
    layout = layout_of(["service"], ["visited_at"], spare=0)
    sheet = PartnerSheet(
        tuple(c.field for c in layout.columns), (PartnerRow(2, "R1", {"visited_at": "내일쯤"}),), Hq(), SENTINEL
    )
    base = Base(("key",), {"R1": Agreed({})})
    made = plan(base, [MasterRow("R1", {})], sheet, layout, Hq(), entries={}, fresh_keys=iter(()))
    assert made.fills == (Fill("R1", "visited_at", "내일쯤"),)
    assert made.reviews == (Review("bad_value", "R1", "visited_at", "내일쯤", None, 2),)


def test_what_someone_typed_over_our_column_of_the_master_is_kept_and_reported(world: World) -> None:
    world.row("R1")["stage"] = "예약"
    world.sync()
    world.master.filled["R1"]["stage"] = "손으로 고침"
    world.row("R1")["stage"] = "완료"
    world.sync()
    assert world.master.filled["R1"]["stage"] == "손으로 고침"
    assert kinds(world) == [("edited_master", "R1")]
    world.master.filled["R1"]["stage"] = None  # emptied: ours again
    world.touch()
    world.sync()
    assert world.master.filled["R1"]["stage"] == "완료"


def test_a_master_that_is_open_elsewhere_postpones_and_loses_nothing(world: World) -> None:
    world.row("R1")["stage"] = "완료"
    world.master.fail.append(BookLocked("book.open_elsewhere", where="b.xlsx"))
    report = world.sync()
    assert (report.exit_code, report.outcomes[0].postponed, world.master.filled) == (1, True, {})
    assert world.sync().exit_code == 0
    assert world.master.filled == {"R1": {"stage": "완료"}}


def test_the_checkbox_is_a_request_whenever_it_changes_and_is_never_written(world: World) -> None:
    sheet = world.port.sheets["한빛"]
    for box in ("TRUE", "FALSE"):
        sheet.refresh = box
        world.touch()
        before = sheet.synced_at
        assert world.sync().outcomes[0].plan.requested  # type: ignore[union-attr]
        assert sheet.synced_at != before
        assert sheet.refresh == box
    world.sync()
    assert world.sync().idle == 1


def test_an_idle_cycle_probes_once_and_writes_nothing(world: World) -> None:
    world.sync()
    world.port.calls.clear()
    writes = world.master.writes
    assert world.sync().idle == 1
    assert world.port.calls == {"probe": 1}
    assert world.master.writes == writes


def test_a_changed_kpi_is_pushed_by_itself(world: World) -> None:
    world.master.kpi = "80%"
    world.sync()
    assert world.port.sheets["한빛"].hq.kpis[0].value == "80%"


def test_a_dry_run_writes_nothing_anywhere(world: World) -> None:
    world.lead("R3")
    world.row("R1")["stage"] = "완료"
    before = (world.port.sheets["한빛"].version, world.master.version)
    report = world.sync(dry_run=True)
    assert report.outcomes[0].plan is not None
    assert (len(report.outcomes[0].plan.leads), len(report.outcomes[0].plan.fills)) == (1, 1)
    assert (world.port.sheets["한빛"].version, world.master.version) == before


def test_a_lost_ledger_is_rebuilt_by_reading_and_resurrects_nothing(world: World) -> None:
    world.row("R1")["stage"] = "예약"
    world.sync()
    world.port.sheets["한빛"].rows.remove(world.row("R2"))
    world.sync()
    (world.folder / "new").mkdir()
    fresh = World(world.folder / "new", (), world.master, world.port)
    fresh.partners = ("한빛",)
    before = [dict(r) for r in world.port.sheets["한빛"].rows]
    for _ in range(3):
        fresh.sync()
    assert world.port.sheets["한빛"].rows == before
    assert kinds(fresh) == [("deleted", "R2")]


def test_a_ledger_older_than_the_sheets_resurrects_nothing_and_overwrites_nobody(world: World) -> None:
    assert world.ledger is not None
    world.row("R1")["stage"] = "예약"
    world.sync()
    world.ledger.close()
    path = world.ledger.path
    old = path.read_bytes()
    world.ledger = QuickLedger(path)
    world.lead("R3")
    world.sync()
    spare = next(r for r in world.port.sheets["한빛"].rows if str(r["key"]).startswith("N"))
    spare["note"] = "옥상"
    world.row("R1")["stage"] = "완료"
    world.port.sheets["한빛"].rows.remove(world.row("R2"))
    world.sync()
    world.sync()
    world.ledger.close()
    path.write_bytes(old)  # restored from a backup
    world.ledger = QuickLedger(path)
    rows = [dict(row) for row in world.port.sheets["한빛"].rows]
    filled, entered = dict(world.master.filled), dict(world.master.entered)
    for _ in range(3):
        assert world.sync().exit_code == 0
    assert world.port.sheets["한빛"].rows == rows
    assert (world.master.filled, world.master.entered) == (filled, entered)
    assert kinds(world) == [("deleted", "R2")]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_sync_says_has_its_words(lang: str) -> None:
    ids = [f"sync.brake.{kind}" for kind in BRAKES] + [f"sync.tab.{kind}" for kind in KINDS]
    ids += ["sync.ask.own", "sync.ask.changed", "sync.progress", "sync.review.more"]
    assert [id for id in ids if not known(id, lang)] == []
    assert len(set(KINDS)) == len(KINDS)
