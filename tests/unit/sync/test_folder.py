"""Partners' files on a shared folder: locks, conflict copies, clouds, and nothing of ours beside them."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from addin.books.edits import Edits
from addin.books.file import open_book
from addin.books.read import read_book
from addin.i18n import known
from sheets_sync.layout import HQ_TAB, LAST_SYNC, REFRESH, SENTINEL, layout_of
from sheets_sync.model import Hq, HqRow, KpiLine, Lead
from sheets_sync.ports import folder
from sheets_sync.ports.base import Busy, Gone, NoAccess, PortError, Unavailable
from sheets_sync.ports.folder import FolderPort
from sheets_sync.ports.workbook import GUIDE_IDS, TICKED_BOX

if TYPE_CHECKING:
    from pathlib import Path

LAYOUT = layout_of(["received_at", "customer", "phone"], ["visited_at", "stage", "note"],
                   choices={"stage": ["접수", "방문", "완료"]})  # fmt: skip
REF = "의뢰.xlsx"
LEADS = [Lead("R1", {"customer": "김하나", "received_at": "2026-11-03T14:00"}), Lead("R2", {"customer": "이"})]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared"


@pytest.fixture
def port(home: Path) -> FolderPort:
    made = FolderPort(home, home.parent / "journal")
    made.prepare(REF, LAYOUT, "한빛아파트")
    made.append(REF, LAYOUT, LEADS)
    return made


def edit(path: Path, sheet: str, row: int, column: int, value: Any, journal: Path) -> None:
    edits = Edits()
    edits.write(sheet, row, column, [[value]])
    open_book(path, journal=journal).apply(edits)


# -- what lies in the folder -------------------------------------------------------------------------------------------


def test_nothing_but_the_partner_s_file_ever_lies_in_the_shared_folder(port: FolderPort, home: Path) -> None:
    port.put_hq(REF, LAYOUT, Hq((HqRow("R1", "▲ 주의", "묻습니다"),)), "2026-11-22 10:00")
    assert [path.name for path in home.iterdir()] == [REF]
    assert any(path.suffix == ".bak" for path in (home.parent / "journal").iterdir())


def test_files_of_one_name_in_two_folders_keep_their_backups_apart(home: Path) -> None:
    port = FolderPort(home, home.parent / "journal")
    for name in ("한빛", "두리"):
        port.prepare(f"{name}/{REF}", LAYOUT, name)
        port.append(f"{name}/{REF}", LAYOUT, LEADS)
    assert sorted(path.name for path in (home.parent / "journal").iterdir()) == ["두리", "한빛"]


def test_a_file_may_not_lead_out_of_the_folder(port: FolderPort, home: Path) -> None:
    outside = home.parent / "secret.xlsx"
    shutil.copy(home / REF, outside)
    (home / "link.xlsx").symlink_to(outside)
    for ref in ("../secret.xlsx", str(outside), "link.xlsx", ""):
        with pytest.raises(PortError, match="밖"):
            port.read(ref, LAYOUT)


def test_a_name_a_mac_wrote_is_found(port: FolderPort, home: Path) -> None:
    (home / REF).rename(home / unicodedata.normalize("NFD", REF))
    assert len(port.read(REF, LAYOUT).rows) == 2
    assert port.probe([REF])


def test_a_new_sheet_is_named_after_its_partner(home: Path) -> None:
    port = FolderPort(home, home.parent / "journal")
    assert port.prepare("", LAYOUT, "한빛/2단지: 아파트") == "한빛_2단지_ 아파트.xlsx"


def test_a_file_of_somebody_else_s_is_not_touched(home: Path) -> None:
    from tests.unit.sync.masters import master

    before = master(home / REF).read_bytes()
    with pytest.raises(PortError, match="이미 있고"):
        FolderPort(home, home.parent / "journal").prepare(REF, LAYOUT, "한빛")
    assert (home / REF).read_bytes() == before


@pytest.mark.parametrize("gone", [False, True])
def test_sharing_again_mends_a_damaged_hq_and_touches_nothing_else(port: FolderPort, home: Path, gone: bool) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    if gone:
        del book[HQ_TAB]
    else:
        book[HQ_TAB]["A1"] = "지움"
    book.save(home / REF)
    rows = port.read(REF, LAYOUT).rows
    port.prepare(REF, LAYOUT, "한빛아파트")
    sheet = port.read(REF, LAYOUT)
    assert (sheet.sentinel, sheet.rows) == (SENTINEL, rows)


def test_a_sheet_without_its_list_is_not_laid_out_again_over_what_the_partner_had(port: FolderPort, home: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    del book["의뢰"]
    book.save(home / REF)
    with pytest.raises(PortError, match="이전 버전"):
        port.prepare(REF, LAYOUT, "한빛아파트")


# -- probing -----------------------------------------------------------------------------------------------------------


def test_a_file_whose_time_and_size_are_as_before_is_not_read_again(
    port: FolderPort, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = port.probe([REF])
    opened: list[Any] = []
    read = type(home).read_bytes
    monkeypatch.setattr(type(home), "read_bytes", lambda self: opened.append(self) or read(self))
    assert port.probe([REF]) == version
    assert opened == []
    os.utime(home / REF)  # touched, but the same
    assert port.probe([REF]) == version
    assert len(opened) == 1


def test_a_file_that_is_still_in_the_cloud_is_not_fetched_to_be_probed(
    port: FolderPort, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = FolderPort(port.root, port.journal)
    monkeypatch.setattr(folder, "_elsewhere", lambda _stat: True)
    monkeypatch.setattr(folder.hashlib, "sha256", lambda _data: pytest.fail("read"))
    assert fresh.probe([REF])[REF]


def test_a_file_icloud_has_taken_away_is_not_called_deleted(port: FolderPort, home: Path) -> None:
    (home / REF).rename(home / f".{REF}.icloud")
    with pytest.raises(Busy, match="내려받"):
        port.read(REF, LAYOUT)


def test_a_drive_that_is_not_connected_is_no_deletion_of_every_sheet(port: FolderPort, home: Path) -> None:
    home.rename(home.parent / "elsewhere")
    with pytest.raises(Unavailable, match="공유 폴더"):
        port.probe([REF])


# -- open elsewhere, changed, copied -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["~$의뢰.xlsx", ".~lock.의뢰.xlsx#"])
def test_a_file_that_is_open_is_read_but_not_written(port: FolderPort, home: Path, lock: str) -> None:
    (home / lock).touch()
    before = (home / REF).read_bytes()
    assert len(port.read(REF, LAYOUT).rows) == 2
    for act in (
        lambda: port.append(REF, LAYOUT, LEADS),
        lambda: port.put_hq(REF, LAYOUT, Hq(), "x"),
        lambda: port.check(REF, LAYOUT),
    ):
        with pytest.raises(Busy, match="열려"):
            act()
    assert (home / REF).read_bytes() == before


@pytest.mark.parametrize(
    "name",
    ["의뢰 (충돌).xlsx", "의뢰 (홍길동의 충돌 복사본 2026-11-22).xlsx", "의뢰 (conflicted copy 2026-11-22).xlsx",
     "의뢰.sync-conflict-20261122-101500-ABCDEF.xlsx", "의뢰-DESKTOP-1A2B3C.xlsx", "의뢰-사무실PC.xlsx",
     "의뢰 (1).xlsx", "의뢰 2.xlsx", "의뢰_Conflict.xlsx"],
)  # fmt: skip
def test_beside_a_conflict_copy_nothing_is_read_or_written_until_a_person_brought_them_together(
    port: FolderPort, home: Path, name: str
) -> None:
    shutil.copy(home / REF, home / name)
    for act in (lambda: port.read(REF, LAYOUT), lambda: port.append(REF, LAYOUT, LEADS)):
        with pytest.raises(Busy) as caught:
            act()
        assert name in str(caught.value)
    (home / name).unlink()
    assert len(port.read(REF, LAYOUT).rows) == 2


def test_another_partner_s_file_with_a_name_like_a_copy_s_is_none(port: FolderPort, home: Path) -> None:
    other = FolderPort(home, home.parent / "other")
    other.prepare("의뢰-두리.xlsx", LAYOUT, "두리")
    other.append("의뢰-두리.xlsx", LAYOUT, [Lead("R7", {})])
    (home / "의뢰-메모.xlsx").write_bytes(b"no workbook")
    (home / "의뢰서.xlsx").write_bytes(b"no workbook")
    assert len(port.read(REF, LAYOUT).rows) == 2


def test_a_file_saved_between_reading_and_writing_keeps_what_was_saved(
    port: FolderPort, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = folder.append_edits

    def meanwhile(*args: Any) -> Any:
        edit(home / REF, "의뢰", 2, 7, "급히 적음", home.parent / "person")
        return plan(*args)

    monkeypatch.setattr(folder, "append_edits", meanwhile)
    with pytest.raises(Busy, match="그사이"):
        port.append(REF, LAYOUT, [Lead("R3", {})])
    rows = port.read(REF, LAYOUT).rows
    assert [row.key for row in rows] == ["R1", "R2"]
    assert rows[0].cells["note"] == "급히 적음"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_read_only_file_says_so(port: FolderPort, home: Path) -> None:
    (home / REF).chmod(0o444)
    with pytest.raises(NoAccess):
        port.check(REF, LAYOUT)


def test_a_damaged_file_is_an_error_of_its_own(port: FolderPort, home: Path) -> None:
    (home / REF).write_bytes(b"PK\x03\x04 half a file")
    with pytest.raises(Exception, match="의뢰"):
        port.read(REF, LAYOUT)


@pytest.mark.parametrize("act", ["read", "check"])
def test_a_file_that_was_deleted_is_gone(port: FolderPort, home: Path, act: str) -> None:
    (home / REF).unlink()
    with pytest.raises(Gone):
        getattr(port, act)(REF, LAYOUT)


# -- the sheet itself --------------------------------------------------------------------------------------------------


def test_flag_and_ask_stand_in_the_row_they_belong_to_however_it_is_sorted(port: FolderPort, home: Path) -> None:
    hq = Hq((HqRow("R1", "▲ 주의", "묻습니다"), HqRow("R2", "● 위반", "또 묻습니다")))
    port.put_hq(REF, LAYOUT, hq, "2026-11-22 10:00")
    grid = read_book(home / REF).grid("의뢰")
    assert grid is not None
    for row, line in ((2, grid.rows[2]), (3, grid.rows[1])):  # the partner sorts, our columns are not taken along
        for column, value in enumerate(line[:7], 1):
            edit(home / REF, "의뢰", row, column, value or " ", home.parent / "person")
    port.put_hq(REF, LAYOUT, Hq((HqRow("R1", "● 위반", "이유"), HqRow("R2"))), "2026-11-22 10:01")
    shown = {row.key: (row.cells.get("flag"), row.cells.get("ask")) for row in port.read(REF, LAYOUT).rows}
    assert shown == {"R1": ("● 위반", "이유"), "R2": (None, None)}


def test_rows_the_partner_put_in_without_a_number_are_read_and_never_written(port: FolderPort, home: Path) -> None:
    edit(home / REF, "의뢰", 4, 3, "끼운 줄", home.parent / "person")
    port.append(REF, LAYOUT, [Lead("R3", {})])
    port.put_hq(REF, LAYOUT, Hq((HqRow("R1", "▲ 주의", "묻습니다"), HqRow("", "x", "y"))), "2026-11-22 10:00")
    row = port.read(REF, LAYOUT).rows[2]
    assert (row.row, row.key, dict(row.cells)) == (4, "", {"customer": "끼운 줄"})


def test_the_box_is_the_partner_s_and_any_change_of_it_is_seen(port: FolderPort, home: Path) -> None:
    before = port.read(REF, LAYOUT).refresh
    place = read_book(home / REF).names[REFRESH]
    edit(home / REF, *place, TICKED_BOX, home.parent / "person")
    port.put_hq(REF, LAYOUT, Hq(asks=("묻습니다",)), "2026-11-22 10:00")
    assert port.read(REF, LAYOUT).refresh == TICKED_BOX != before
    snapshot = read_book(home / REF)
    where = snapshot.names[LAST_SYNC]
    assert snapshot.grid(where.sheet).value(where.row, where.column) == "2026-11-22 10:00"  # type: ignore[union-attr]


def test_the_guide_shows_kpis_and_asks_and_forgets_old_ones(port: FolderPort, home: Path) -> None:
    line = KpiLine("당일 방문율", "72 % (n=25)", "90 % 이상", "● 위반", "2026-08-03 ~ 2026-11-01")
    port.put_hq(REF, LAYOUT, Hq((), (line,) * 5, ("하나", "둘", "셋")), "2026-11-22 10:00")
    port.put_hq(REF, LAYOUT, Hq((), (line,), ("넷",)), "2026-11-22 10:01")
    grid = read_book(home / REF).grid("안내")
    assert grid is not None
    found = [value for row in grid.rows for value in row]
    assert found.count("당일 방문율") == 1
    assert {"넷", "본사 요청"} <= set(found)
    assert not {"하나", "둘", "셋"} & set(found)


def test_tabs_may_be_renamed_and_moved_columns_too(port: FolderPort, home: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    book["의뢰"].title = "우리 의뢰"
    sheet = book["우리 의뢰"]
    for row in sheet.iter_rows(min_row=1, max_row=3):
        row[6].value, row[2].value = row[2].value, row[6].value  # 고객 and 비고 change places
    book.move_sheet("안내", -1)
    book.defined_names["_danggol.sync.rows"].attr_text = "'우리 의뢰'!$A$1"
    book.save(home / REF)
    sheet_read = port.read(REF, LAYOUT)
    assert [row.cells.get("customer") for row in sheet_read.rows] == ["김하나", "이"]
    port.append(REF, LAYOUT, [Lead("R3", {"customer": "박"})])
    assert [row.cells.get("customer") for row in port.read(REF, LAYOUT).rows] == ["김하나", "이", "박"]


def test_rows_a_filter_hides_are_read_like_the_others(port: FolderPort, home: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    book[LAYOUT.tab].row_dimensions[2].hidden = True
    book.save(home / REF)
    assert [row.key for row in port.read(REF, LAYOUT).rows] == ["R1", "R2"]


def test_a_formula_a_partner_types_is_what_it_shows_and_one_never_calculated_is_said(
    port: FolderPort, home: Path
) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    sheet = book[LAYOUT.tab]
    at = [cell.value for cell in sheet[1]].index("비고") + 1
    sheet.cell(2, at).value, sheet.cell(3, at).value = '="재방문 "&1+1', "=1+1"
    book.save(home / REF)
    with zipfile.ZipFile(home / REF) as found:
        parts = {name: found.read(name) for name in found.namelist()}
    shown = re.compile(rb'(<c r="[A-Z]+2"[^>]*)(><f>[^<]*</f>)<v ?(/>|></v>)')
    with zipfile.ZipFile(home / REF, "w") as made:  # as Excel saves it: with the text it shows
        for name, part in parts.items():
            made.writestr(name, shown.sub(r'\1 t="str"\2<v>재방문 2</v>'.encode(), part))
    assert [row.cells.get("note") for row in port.read(REF, LAYOUT).rows] == ["재방문 2", "#NOCACHE"]


def test_a_tab_that_was_deleted_is_no_empty_list(port: FolderPort, home: Path) -> None:
    import openpyxl

    book = openpyxl.load_workbook(home / REF)
    del book["의뢰"]
    book.save(home / REF)
    assert port.read(REF, LAYOUT).sentinel == ""


def test_protection_keeps_headers_and_hq_and_lets_the_partner_sort_filter_and_type(home: Path) -> None:
    import openpyxl

    FolderPort(home, home.parent / "journal").prepare(REF, LAYOUT, "한빛아파트")
    book = openpyxl.load_workbook(home / REF)
    rows, hq = book["의뢰"], book[HQ_TAB]
    assert rows.protection.sheet
    assert not rows.protection.sort  # openpyxl: False = allowed
    assert not rows.protection.autoFilter
    assert rows.protection.formatColumns  # the hidden number stays hidden
    assert rows["A1"].protection.locked
    assert rows.column_dimensions["A"].hidden
    assert all(not rows.column_dimensions[letter].protection.locked for letter in "ABCDEFGHI")
    assert hq.sheet_state == "veryHidden"
    assert hq.protection.sheet
    assert rows.auto_filter.ref == "A1:I5000"
    assert rows.data_validations.dataValidation[0].formula1 == '"접수,방문,완료"'
    assert not book["안내"][book.defined_names[REFRESH].attr_text.split("!")[1].replace("$", "")].protection.locked


def test_every_sentence_of_a_sheet_is_there() -> None:
    ids = [f"sync.book.{name}" for name in GUIDE_IDS]
    ids += [f"sync.folder.{n}" for n in ("no_folder", "other_file", "read_only", "outside", "not_here", "gone", "open")]
    ids += ["sync.folder.tab_gone"]
    ids += [f"sync.folder.{n}" for n in ("conflict", "changed", "full", "no_access", "system")]
    assert [id for id in ids for lang in ("ko", "en") if not known(id, lang)] == []
