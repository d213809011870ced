"""The master's side: rows behind the choke point, fills in our own columns only, the two tabs, one write, one undo."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from addin.actions import results
from addin.actions.adopt import adopt_book
from addin.actions.refresh import refresh_book
from addin.actions.workspace import open_workspace
from addin.books import read
from addin.books.edits import Edits
from addin.books.file import open_book
from addin.books.read import read_book
from addin.books.undo import runs, undo
from addin.errors import BookError, BookLocked, DanggolError, UsageError
from addin.i18n import known, say
from sheets_sync.cycle import Changes
from sheets_sync.layout import layout_of
from sheets_sync.master import MasterFile, open_master
from sheets_sync.master_tabs import KIND_IDS, REVIEW_LABELS
from sheets_sync.model import Entry, Fill, Review
from tests.unit.sync.masters import HEADER, LATER, LAYOUT, ROWS, WHEN, column, master

if TYPE_CHECKING:
    from pathlib import Path

VISIT = Fill("R1", "visited_at", "2026-09-01T15:00")


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return master(tmp_path / "master.xlsx")


def write(book: Path, partner: str = "한빛", **changes: Any) -> bool:
    opened = open_master(book, LAYOUT)
    opened.rows(partner)
    return opened.apply({partner: Changes(**changes)}, LATER)


def edit(book: Path, row: int, column: int, *values: Any) -> None:
    """A person types."""
    edits = Edits()
    edits.write("접수", row, column, [list(values)])
    open_book(book).apply(edits)


def filled(book: Path, partner: str = "한빛") -> dict[str, Any]:
    return {row.key: dict(row.filled) for row in open_master(book, LAYOUT).rows(partner)}


# -- what a sync sees --------------------------------------------------------------------------------------------------


def test_each_partner_has_its_own_rows_under_the_ids_of_the_list(book: Path) -> None:
    opened = open_master(book, LAYOUT)
    assert opened.partners == ("두리", "한빛")
    assert [row.key for row in opened.rows("한빛")] == ["R1", "R3"]
    assert [row.key for row in opened.rows("두리")] == ["R2"]


@pytest.mark.parametrize("late", ["2026-09-04T10:30", "내일 오후"])
def test_a_very_long_book_shows_every_partner_the_same(book: Path, monkeypatch: pytest.MonkeyPatch, late: str) -> None:
    layout = layout_of(["received_at", "customer"], ["visited_at", "completed_at", "stage", "note"])
    opened = open_master(book, layout)
    seen = [Fill("R1", "visited_at", "2026-09-01T15:00"), Fill("R1", "note", "사진"), Fill("R1", "stage", "완료")]
    done = [Fill("R3", "visited_at", late), Fill("R3", "completed_at", "2026-09-05")]
    opened.rows("한빛")
    assert opened.apply({"한빛": Changes(fills=(*seen, *done))}, LATER)
    plain = open_master(book, layout)
    monkeypatch.setattr(read, "PACKED", 1)
    monkeypatch.setattr(results, "_AT_ONCE", 2)
    packed = open_master(book, layout)
    assert packed.rows("한빛")[1].filled == {"visited_at": late, "completed_at": "2026-09-05"}
    for partner in ("한빛", "두리"):
        assert (packed.rows(partner), packed.hq(partner)) == (plain.rows(partner), plain.hq(partner))
    assert packed.apply({"한빛": Changes(fills=(Fill("R1", "note", "다시"),))}, LATER)
    assert filled(book)["R1"]["note"] == "다시"


def test_a_list_without_numbers_gets_ours_before_anything_is_sent(tmp_path: Path) -> None:
    book = master(tmp_path / "m.xlsx", [row[1:] for row in ROWS], HEADER[1:])
    with pytest.raises(DanggolError, match=r"danggol adopt"):
        open_master(book, LAYOUT)
    source = MasterFile(book, LAYOUT, clock=lambda: WHEN)
    assert [row.key for row in source.master.rows("한빛")] == ["R261122-0001", "R261122-0003"]
    assert column(book, "접수", say("columns.id")) == ["R261122-0001", "R261122-0002", "R261122-0003"]
    assert [row.key for row in source.master.rows("한빛")] == ["R261122-0001", "R261122-0003"]


def test_a_dry_run_gives_no_ids(tmp_path: Path) -> None:
    book = master(tmp_path / "m.xlsx", [row[1:] for row in ROWS], HEADER[1:])
    before = book.read_bytes()
    with pytest.raises(DanggolError):
        _ = MasterFile(book, LAYOUT, give_ids=False).master
    assert book.read_bytes() == before


def test_an_id_that_stands_twice_or_not_at_all_is_nobody_s(tmp_path: Path) -> None:
    rows = [
        *ROWS,
        ["R3", "한빛", "2026-09-04 09:00", "최", *[None] * 7],
        [None, "한빛", "2026-09-05 09:00", *[None] * 8],
    ]
    book = master(tmp_path / "m.xlsx", rows)
    assert [row.key for row in open_master(book, LAYOUT).rows("한빛")] == ["R1"]
    write(book, fills=(Fill("R3", "note", "x"),))
    assert filled(book) == {"R1": {}}


def test_the_same_id_with_two_partners_fills_each_own_row(tmp_path: Path) -> None:
    book = master(tmp_path / "m.xlsx", [*ROWS, ["R1", "두리", "2026-09-04 09:00", "최", *[None] * 7]])
    write(book, "두리", fills=(Fill("R1", "note", "두리가 적음"),))
    assert column(book, "접수", "파트너 비고") == [None, None, None, "두리가 적음"]


def test_a_partner_goes_by_any_spelling_a_person_confirmed(tmp_path: Path) -> None:
    rows = [*ROWS, ["R4", "㈜한빛", "2026-09-04 09:00", "최", *[None] * 7]]
    book = master(tmp_path / "m.xlsx", rows)
    refresh_book(book)
    grid = read_book(book).grid("CRM_별칭")
    assert grid is not None
    row, at = next(
        (r, c) for r, line in enumerate(grid.rows, 1) for c, v in enumerate(line, 1) if v in ("㈜한빛", "한빛")
    )
    edits = Edits()
    edits.write("CRM_별칭", row, at + 3, [["같음"]])
    open_book(book).apply(edits)
    opened = open_master(book, LAYOUT)
    assert len(opened.rows("㈜한빛")) == 3
    with pytest.raises(UsageError, match="같은 파트너"):
        opened.rows("한빛")


def test_a_partner_nobody_knows_is_named_with_the_nearest_one(book: Path) -> None:
    with pytest.raises(UsageError, match="한빛"):
        open_master(book, LAYOUT).rows("한빛점")


def test_a_master_that_is_gone_or_has_no_requests_says_so(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="찾을 수 없습니다"):
        _ = MasterFile(tmp_path / "none.xlsx", LAYOUT).version
    with pytest.raises(DanggolError, match="requests"):
        open_master(master(tmp_path / "m.xlsx", [], ["메모"]), LAYOUT)


def test_the_book_is_opened_once_and_anew_when_it_changed(book: Path) -> None:
    source = MasterFile(book, LAYOUT)
    first, version = source.master, source.version
    assert source.master is first
    edit(book, 2, 4, "김둘")
    assert source.version != version
    assert source.master is not first
    assert source.master.rows("한빛")[0].given["customer"] == "김둘"


# -- what partners filled in -------------------------------------------------------------------------------------------


def test_a_fill_lands_in_our_own_column_and_nowhere_else(book: Path) -> None:
    before = [list(row) for row in read_book(book).grid("접수").rows]  # type: ignore[union-attr]
    assert write(book, fills=(VISIT, Fill("R3", "note", "=1+1")))
    after = [list(row) for row in read_book(book).grid("접수").rows]  # type: ignore[union-attr]
    assert [row[: len(HEADER)] for row in after] == before
    assert after[0][len(HEADER) :] == ["파트너 방문일시", "파트너 비고"]
    assert filled(book) == {"R1": {"visited_at": "2026-09-01T15:00"}, "R3": {"note": "=1+1"}}


def test_the_second_write_of_the_same_writes_nothing(book: Path) -> None:
    changes: dict[str, Any] = {
        "fills": (VISIT,),
        "entries": (Entry("N261122-0001", {"customer": "새 고객", "received_at": "2026-11-22T10:00"}),),
        "reviews": (Review("both", "R1", "stage", "완료", "접수", 2),),
    }
    assert write(book, **changes)
    before = book.read_bytes()
    assert not write(book, **changes)
    assert book.read_bytes() == before


@pytest.mark.parametrize(
    "cell", ["2026-11-03T14:00", "2026-11-03", "2026.11.3", "0012", "=A1", "완료 ", 3, 2.5, True, "1900-01-05"]
)
def test_what_was_written_is_read_back_as_it_was_typed(book: Path, cell: Any) -> None:
    write(book, fills=(Fill("R1", "note", cell),))
    assert filled(book)["R1"] == {"note": cell}


def test_rows_are_found_by_id_after_a_person_sorted_the_list(book: Path) -> None:
    write(book, fills=(VISIT, Fill("R3", "visited_at", "2026-09-03T11:00")))
    first, third = (read_book(book).grid("접수").rows[n] for n in (1, 3))  # type: ignore[union-attr]
    edit(book, 2, 1, *[v or None for v in third])
    edit(book, 4, 1, *[v or None for v in first])
    assert filled(book)["R1"] == {"visited_at": "2026-09-01T15:00"}
    write(book, fills=(Fill("R1", "visited_at", "2026-09-01T18:00"),))
    assert filled(book) == {"R1": {"visited_at": "2026-09-01T18:00"}, "R3": {"visited_at": "2026-09-03T11:00"}}


def test_a_blank_takes_our_cell_away(book: Path) -> None:
    write(book, fills=(VISIT,))
    write(book, fills=(Fill("R1", "visited_at", None),))
    assert filled(book)["R1"] == {}


def test_undo_takes_it_back(book: Path) -> None:
    adopt_book(book)
    before = book.read_bytes()
    write(book, fills=(VISIT,), entries=(Entry("N261122-0001", {"customer": "새"}),))
    assert runs(book)[-1].action == "sync"
    undo(book)
    assert book.read_bytes() == before


def test_where_there_is_no_room_beside_the_list_the_value_stands_in_the_review_list(tmp_path: Path) -> None:
    book = master(tmp_path / "m.xlsx", beside="접수")
    assert write(book, fills=(VISIT,))
    assert filled(book)["R1"] == {}
    assert {"적을 자리 없음", "2026-09-01 15:00"} <= {*words(book, "CRM_동기화")}
    assert not write(book, fills=(VISIT,))


def test_of_two_lists_side_by_side_each_row_keeps_its_own_cell(tmp_path: Path) -> None:
    right = [["R7", *ROWS[1][1:]], ["R8", *ROWS[0][1:]], ["R9", *ROWS[1][1:]]]
    rows = [[*a, *b] for a, b in zip(ROWS, right, strict=True)]
    book = master(tmp_path / "m.xlsx", rows, [*HEADER, *HEADER])
    assert set(filled(book)) == {"R1", "R3", "R8"}
    assert write(book, fills=(VISIT, Fill("R8", "note", "오른쪽")))
    assert filled(book) == {"R1": {}, "R3": {}, "R8": {"note": "오른쪽"}}
    assert "적을 자리 없음" in words(book, "CRM_동기화")


def test_a_text_no_cell_can_hold_is_listed_and_stops_nobody(book: Path) -> None:
    write(book, fills=(Fill("R1", "note", "가" * 40_000), Fill("R3", "note", "짧음")))
    assert filled(book) == {"R1": {}, "R3": {"note": "짧음"}}
    assert "너무 긴 글" in words(book, "CRM_동기화")


def test_a_book_that_changed_meanwhile_is_left_alone(book: Path) -> None:
    opened = open_master(book, LAYOUT)
    opened.rows("한빛")
    edit(book, 2, 4, "김둘")
    before = book.read_bytes()
    with pytest.raises(BookLocked):
        opened.apply({"한빛": Changes(fills=(VISIT,))}, WHEN)
    assert book.read_bytes() == before


def test_changes_planned_from_an_earlier_reading_are_not_written(book: Path) -> None:
    with pytest.raises(BookLocked):
        open_master(book, LAYOUT).apply({"한빛": Changes(fills=(VISIT,))}, WHEN)


# -- measures: a person's cell first, or the partner's -----------------------------------------------------------------


@pytest.mark.parametrize(("first", "stage"), [(None, ["접수", "수주", "수주"]), ("파트너", ["취소", "수주", "수주"])])
def test_the_settings_say_whose_cell_counts(book: Path, first: str | None, stage: list[str]) -> None:
    adopt_book(book)
    write(book, fills=(VISIT, Fill("R1", "stage", "취소")))
    if first:
        grid = read_book(book).grid("CRM_설정")
        assert grid is not None
        row = next(r for r, line in enumerate(grid.rows, 1) if "people.first_owner" in line)
        edits = Edits()
        edits.write("CRM_설정", row, 2, [[first]])
        open_book(book).apply(edits)
    frame = open_workspace(book).records["requests"].frame
    assert frame["stage"].to_list() == stage
    assert frame["visited_at__time"].to_list() == [True, False, None]  # where a person left it blank, the partner's


def test_a_column_of_a_partner_s_is_no_unknown_column_and_a_refresh_keeps_it(book: Path) -> None:
    write(book, fills=(VISIT, Fill("R3", "completed_at", "곧")))
    workspace = open_workspace(book)
    assert workspace.mapping.table("requests").unmatched == ()  # type: ignore[union-attr]
    assert not workspace.mapping.questions
    assert [(f.field, f.row, f.fault.value) for f in workspace.faults] == [("completed_at", 4, "곧")]
    refresh_book(book)
    assert filled(book) == {"R1": {"visited_at": "2026-09-01T15:00"}, "R3": {"completed_at": "곧"}}
    assert refresh_book(book).run is None


def test_a_partner_s_visit_before_the_request_is_a_fault_at_its_cell(book: Path) -> None:
    write(book, fills=(Fill("R1", "visited_at", "2026-08-01"),))
    assert [(f.field, f.row, f.fault.code) for f in open_workspace(book).faults] == [("visited_at", 2, "time_order")]


# -- the two tabs ------------------------------------------------------------------------------------------------------


def words(book: Path, tab: str) -> list[Any]:
    grid = read_book(book).grid(tab)
    return [value for row in (grid.rows if grid else ()) for value in row]


def test_new_entries_wait_in_a_tab_of_ours_and_are_known_next_time(book: Path) -> None:
    cells = {"customer": "새 고객", "received_at": "2026-11-22T10:00", "note": "=급", "event_at": "2026-12-01"}
    write(book, entries=(Entry("N261122-0001", cells),))
    assert open_master(book, LAYOUT).entries("한빛") == {"N261122-0001": cells}
    assert open_master(book, LAYOUT).entries("두리") == {}


def test_an_entry_that_was_emptied_goes_and_the_others_stay(book: Path) -> None:
    write(book, entries=(Entry("N261122-0001", {"note": "가"}), Entry("N261122-0002", {"note": "나"})))
    write(book, entries=(Entry("N261122-0001", {}),))
    assert open_master(book, LAYOUT).entries("한빛") == {"N261122-0002": {"note": "나"}}


def test_an_entry_taken_over_with_its_number_leaves_the_inbox_and_is_a_request_like_any_other(book: Path) -> None:
    write(book, entries=(Entry("N261122-0001", {"customer": "새 고객"}), Entry("N261122-0002", {"note": "나"})))
    edit(book, 5, 1, "N261122-0001", "한빛", "2026-11-22 10:00", "새 고객")
    assert [row.key for row in open_master(book, LAYOUT).rows("한빛")] == ["R1", "R3", "N261122-0001"]
    write(book)
    assert open_master(book, LAYOUT).entries("한빛") == {"N261122-0002": {"note": "나"}}


def test_the_review_list_of_one_partner_leaves_the_other_s_as_it_stands(book: Path) -> None:
    write(book, reviews=(Review("both", "R1", "stage", "완료", "접수", 2),))
    write(book, "두리", reviews=(Review("no_key", "", partner="끼워 넣은 줄", row=7),))
    found = words(book, "CRM_동기화")
    assert {"두 값이 다름", "번호 없는 줄", "끼워 넣은 줄", "완료", "접수"} <= set(found)
    write(book, reviews=())
    found = words(book, "CRM_동기화")
    assert "번호 없는 줄" in found
    assert "두 값이 다름" not in found


def test_a_person_s_tick_stays_with_its_line_until_the_values_change(book: Path) -> None:
    one, two = Review("both", "R1", "stage", "완료", "접수", 2), Review("deleted", "R3")
    write(book, reviews=(one, two))
    grid = read_book(book).grid("CRM_동기화")
    assert grid is not None
    row = next(r for r, line in enumerate(grid.rows, 1) if "두 값이 다름" in line)
    edits = Edits()
    edits.write("CRM_동기화", row, 1, [["✓ 김대리"]])
    open_book(book).apply(edits)
    write(book, reviews=(one, Review("unknown_key", "X", row=3), two))
    assert "✓ 김대리" in words(book, "CRM_동기화")
    write(book, reviews=(Review("both", "R1", "stage", "취소", "접수", 2), two))
    assert "✓ 김대리" not in words(book, "CRM_동기화")


def test_both_values_of_a_moment_read_as_people_write_it_and_a_tick_of_before_stays(book: Path) -> None:
    review = Review("both", "R1", "visited_at", "2026-11-24 10:00", "2026-11-18T10:00", 2)
    write(book, reviews=(review,))
    grid = read_book(book).grid("CRM_동기화")
    assert grid is not None
    row = next(r for r, line in enumerate(grid.rows, 1) if "두 값이 다름" in line)
    line = [str(value) for value in grid.rows[row - 1]]
    assert line[5:7] == ["2026-11-24 10:00", "2026-11-18 10:00"]
    edits = Edits()
    old = line[9].replace("2026-11-18 10:00", "2026-11-18T10:00")  # as danggol wrote it once
    edits.write("CRM_동기화", row, 1, [["✓", *[None] * 5, "2026-11-18T10:00", None, None, old]])
    open_book(book).apply(edits)
    write(book, reviews=(review,))
    assert {"✓", "2026-11-18 10:00"} <= {*words(book, "CRM_동기화")}
    assert "2026-11-18T10:00" not in words(book, "CRM_동기화")


def test_no_tab_is_made_for_nothing(book: Path) -> None:
    before = book.read_bytes()
    assert not write(book)
    assert book.read_bytes() == before


def test_a_person_s_note_in_the_way_of_the_list_is_not_written_over(book: Path) -> None:
    write(book, reviews=(Review("deleted", "R3"),))
    grid = read_book(book).grid("CRM_동기화")
    assert grid is not None
    edits = Edits()
    edits.write("CRM_동기화", len(grid.rows) + 2, 2, [["내 메모"]])
    open_book(book).apply(edits)
    write(book, reviews=tuple(Review("deleted", f"R{n}") for n in range(9)))
    assert "내 메모" in [*words(book, "CRM_동기화"), *words(book, "CRM_동기화 (2)")]


def test_every_kind_of_line_has_its_words() -> None:
    ids = (*KIND_IDS, *REVIEW_LABELS.values(), "columns.from", "log.action.sync")
    assert [id for id in ids for lang in ("ko", "en") if not known(id, lang)] == []


def test_a_layout_that_would_show_what_no_partner_is_shown_is_refused(book: Path) -> None:
    with pytest.raises(UsageError, match="보여 주지 않습니다"):
        MasterFile(book, layout_of(given=["cost"]))
