"""Partners' sheets on Google: what is asked of it, how often, and what partners' own doings change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sheets_sync.emulator import start
from sheets_sync.emulator.errors import ApiError
from sheets_sync.layout import LAST_SYNC, REFRESH, REQUESTED_AT, SENTINEL, layout_of
from sheets_sync.model import Hq, HqRow, KpiLine, Lead
from sheets_sync.ports import google, google_layout
from sheets_sync.ports.base import Gone, NoAccess, PortError
from sheets_sync.ports.google_layout import GUIDE_ID, HQ_ID, TAB_ID, hq_batches, hq_rows
from tests.unit.sync.googles import LAYOUT, port_at, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets_sync.emulator.server import Server
    from sheets_sync.ports.google import GooglePort

LEADS = [Lead("R1", {"customer": "김하나", "phone": "010-1234-5678"}), Lead("N261122-001", {})]
HQ = Hq(
    (HqRow("R1", "● 위반", "사진을 올려 주세요"), HqRow("N261122-001")),
    (KpiLine("응답", "9분", "10분", "", "1주"),),
    ("전화",),
)


@pytest.fixture
def sheet() -> Iterator[tuple[Server, GooglePort, str]]:
    with prepared() as found:
        yield found


# -- cost --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sheets", "pages"), [(1, 1), (50, 1), (1000, 1), (1001, 2)])
def test_an_idle_cycle_costs_a_drive_request_a_thousand_sheets_and_nothing_of_sheets(sheets: int, pages: int) -> None:
    with start() as server:
        refs = [server.create(f"파트너{n}") for n in range(sheets)]
        port = port_at(server)
        assert set(port.probe(refs)) == set(refs)
        assert (server.kinds["Drive"], server.kinds["Read"], server.kinds["Write"]) == (pages, 0, 0)


def test_other_files_of_the_same_account_cost_no_page_once_all_are_found(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    for n in range(2500):
        server.create(f"남의 것 {n}")
    server.partner(ref, tab=LAYOUT.tab).type("J2", "방금")  # changed last: on the first page
    assert list(port.probe([ref])) == [ref]
    assert server.count("files.list") == 1


def test_a_read_an_append_and_a_write_of_hq_are_one_request_each(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.read(ref, LAYOUT)
    assert (server.kinds["Read"], server.kinds["Write"]) == (1, 0)
    port.append(ref, LAYOUT, LEADS * 100)
    assert (server.kinds["Read"], server.kinds["Write"]) == (1, 1)
    port.put_hq(ref, LAYOUT, HQ, "2026-11-22 09:00")
    assert (server.kinds["Read"], server.kinds["Write"]) == (1, 2)


def test_preparing_twice_sends_nothing_the_second_time(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.prepare(ref, LAYOUT, "한빛아파트")
    assert server.kinds["Write"] == 0


def test_much_goes_in_several_bodies_below_two_megabytes(
    sheet: tuple[Server, GooglePort, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port, ref = sheet
    monkeypatch.setattr(google, "LARGEST", 4_000)
    many = [Lead(f"R{n}", {"customer": "가" * 50}) for n in range(40)]
    port.append(ref, LAYOUT, many)
    hq = Hq(tuple(HqRow(f"R{n}", "", "나" * 40) for n in range(40)))
    port.put_hq(ref, LAYOUT, hq, "")
    read = port.read(ref, LAYOUT)
    assert [row.key for row in read.rows] == [lead.key for lead in many]
    assert read.hq == hq
    assert server.kinds["Write"] > 6


def test_only_the_last_body_clears_what_stood_below() -> None:
    batches = hq_batches(hq_rows(Hq(tuple(HqRow(f"R{n}") for n in range(30))), "", LAYOUT), 1_500)
    ends = [b[-1]["updateCells"]["range"].get("endRowIndex") for b in batches]
    assert len(ends) > 2
    assert ends[-1] is None
    assert None not in ends[:-1]


# -- what the partner sees ---------------------------------------------------------------------------------------------


def test_the_partner_sees_flag_and_ask_beside_the_row_and_the_guide_shows_the_rest(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    port.put_hq(ref, LAYOUT, HQ, "2026-11-22 09:00")
    rows = server.partner(ref, tab=LAYOUT.tab).rows()
    assert rows[0] == [c.header for c in LAYOUT.columns]
    assert rows[1][-2:] == ["● 위반", "사진을 올려 주세요"]
    guide = [cell for line in server.partner(ref, tab=LAYOUT.guide).rows() for cell in line]
    assert {"한빛아파트", "2026-11-22 09:00", "응답", "9분", "전화"} <= set(guide)


def test_flags_stay_with_their_rows_after_sorting_and_after_rows_put_below_the_header(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, [Lead("R1", {"customer": "나"}), Lead("R2", {"customer": "가"})])
    port.put_hq(ref, LAYOUT, Hq((HqRow("R1", "● 하나"), HqRow("R2", "▲ 둘"))), "")
    partner = server.partner(ref, tab=LAYOUT.tab)
    partner.insert_rows(2, 3)
    partner.sort("고객")
    shown = {row[0]: row[-2] for row in partner.rows()[1:] if row[0]}
    assert shown == {"R1": "● 하나", "R2": "▲ 둘"}
    assert partner.rows()[1][0] == "R2"


def test_the_checkbox_is_never_written_and_every_change_of_it_is_a_request(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    seen = [port.read(ref, LAYOUT).refresh]
    for on in (True, False, True):
        server.partner(ref).check(REFRESH, on)
        port.put_hq(ref, LAYOUT, HQ, "2026-11-22 09:00")
        port.prepare(ref, LAYOUT, "한빛아파트")
        seen.append(port.read(ref, LAYOUT).refresh)
    assert seen == ["", "True", "", "True"]
    server.partner(ref, tab=LAYOUT.guide).type("C11", "2026-11-22 09:00:05.123 · kim@example.com")
    assert port.read(ref, LAYOUT).refresh == "True 2026-11-22 09:00:05.123 · kim@example.com"


def test_a_partner_can_type_and_sort_but_not_change_headers_guide_or_hq() -> None:
    with start() as server:
        ref = server.create("한빛")
        server.share(ref, "kim@example.com")
        port = port_at(server)
        port.prepare(ref, LAYOUT, "한빛아파트")
        port.append(ref, LAYOUT, LEADS)
        kim = server.partner(ref, "kim@example.com", LAYOUT.tab)
        kim.type("J2", "다녀옴")
        kim.sort("고객")
        for tab, cell in ((LAYOUT.tab, "J1"), (LAYOUT.guide, "B2"), ("_hq", "A1"), (LAYOUT.guide, "C10")):
            with pytest.raises(ApiError, match="protected"):
                server.partner(ref, "kim@example.com", tab).type(cell, "내 것")
        server.partner(ref, "kim@example.com").check(REFRESH)
        assert port.read(ref, LAYOUT).refresh == "True"


def test_the_service_account_may_still_write_what_it_locked() -> None:
    with start() as server:
        ref = server.create("한빛")
        server.users.tokens = {"robot": "robot@x.iam.gserviceaccount.com", "token": server.users.owner}
        server.share(ref, "robot@x.iam.gserviceaccount.com")
        port = port_at(server, "robot@x.iam.gserviceaccount.com", "robot")
        port.prepare(ref, LAYOUT, "한빛아파트")
        port.append(ref, LAYOUT, LEADS)
        port.put_hq(ref, LAYOUT, HQ, "")
        assert port.read(ref, LAYOUT).hq == HQ
        port.check(ref, LAYOUT)


# -- what partners do --------------------------------------------------------------------------------------------------


def test_a_renamed_tab_is_found_by_its_id_at_two_requests_once(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    server.partner(ref, tab=LAYOUT.tab).rename_tab("9월 의뢰")
    server.log.clear()
    assert [row.key for row in port.read(ref, LAYOUT).rows] == ["R1", "N261122-001"]
    assert server.kinds["Read"] == 3
    port.append(ref, LAYOUT, [Lead("R2", {})])
    assert [row.key for row in port.read(ref, LAYOUT).rows] == ["R1", "N261122-001", "R2"]
    assert server.kinds["Read"] == 4
    server.partner(ref, tab="9월 의뢰").rename_tab("10월")
    assert len(port.read(ref, LAYOUT).rows) == 3


def test_a_tab_that_is_gone_reads_as_no_sheet_at_all_and_is_never_written_to(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    server.partner(ref, tab=LAYOUT.tab).delete_tab()
    found = port.read(ref, LAYOUT)
    assert (found.header, found.sentinel) == ((), "")
    with pytest.raises(Gone, match=LAYOUT.tab):
        port.append(ref, LAYOUT, LEADS)


def test_a_lost_hq_tab_or_name_is_seen_and_said(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    server.partner(ref, tab="_hq").delete_tab()
    assert port.read(ref, LAYOUT).sentinel == ""
    with pytest.raises(Gone):
        port.put_hq(ref, LAYOUT, HQ, "")
    port.prepare(ref, LAYOUT, "한빛아파트")
    port.put_hq(ref, LAYOUT, HQ, "")
    assert port.read(ref, LAYOUT).hq == HQ
    names = server.store.books[ref].named
    names.pop(next(id for id, (name, _, _) in names.items() if name == REFRESH))
    assert port.read(ref, LAYOUT).sentinel == SENTINEL


def test_rows_above_the_header_and_moved_columns_change_nothing(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    partner = server.partner(ref, tab=LAYOUT.tab)
    partner.insert_rows(1, 2)
    partner.insert_columns(3)
    partner.move_columns(11, 2)
    partner.type("D5", "내 메모")  # the inserted column, no column of ours
    before = {row.key: row.cells for row in port.read(ref, LAYOUT).rows}
    assert before["R1"] == LEADS[0].cells
    port.append(ref, LAYOUT, [Lead("R2", {"customer": "이", "phone": "02-1"})])
    after = {row.key: row.cells for row in port.read(ref, LAYOUT).rows}
    assert after == {**before, "R2": {"customer": "이", "phone": "02-1"}}


def test_appended_rows_never_land_on_a_row_a_partner_typed_after_a_gap(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    server.partner(ref, tab=LAYOUT.tab).paste("J6", [["내 줄"], ["또 한 줄"]])
    port.append(ref, LAYOUT, [Lead(f"R{n}", {"customer": "이"}) for n in range(2, 9)])
    rows = port.read(ref, LAYOUT).rows
    assert [row.key for row in rows] == ["R1", "N261122-001", "", "", *(f"R{n}" for n in range(2, 9))]
    assert [row.cells["note"] for row in rows if not row.key] == ["내 줄", "또 한 줄"]


def test_a_formula_a_partner_types_is_what_it_shows_and_rows_a_filter_hides_are_read(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, [Lead("R1", {"customer": "김"}), Lead("R2", {"customer": "이"})])
    at = chr(64 + len(LAYOUT.columns) - 2)
    server.partner(ref, tab=LAYOUT.tab).type(f"{at}2", '="재방문 "&1+1')
    hidden = {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}}
    hidden |= {"properties": {"hiddenByUser": True}, "fields": "hiddenByUser"}
    port.client.batch_update(ref, {"requests": [{"updateDimensionProperties": hidden}]})
    found = port.read(ref, LAYOUT)
    assert [(row.key, row.cells.get("note")) for row in found.rows] == [("R1", "재방문 2"), ("R2", None)]


def test_dates_are_typed_by_their_column_and_numbers_elsewhere_stay_numbers(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    partner = server.partner(ref, tab=LAYOUT.tab)
    partner.type("G2", "2026-11-03 14:00")
    partner.type("H2", "2026-11-04")
    partner.type("J2", "0012")
    cells = port.read(ref, LAYOUT).rows[0].cells
    assert (cells["visited_at"], cells["completed_at"], cells["note"]) == ("2026-11-03T14:00", "2026-11-04", "0012")


def test_five_thousand_pasted_rows_are_read_in_one_request(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    server.partner(ref, tab=LAYOUT.tab).paste("C2", [["고객", "010-0000-0000"]] * 5000)
    assert len(port.read(ref, LAYOUT).rows) == 5000
    assert server.kinds["Read"] == 1


# -- laying out --------------------------------------------------------------------------------------------------------


def test_a_sheet_with_the_partners_own_tabs_keeps_them() -> None:
    with start() as server:
        ref = server.create("한빛")
        server.partner(ref).paste("A1", [["우리 표", "값"], ["가", "1"]])
        before = server.partner(ref, tab="시트1").rows()
        port_at(server).prepare(ref, LAYOUT, "한빛아파트")
        tabs = [s.title for s in server.store.books[ref].sheets]
        assert [title for title in tabs if title != "_hq"] == [LAYOUT.tab, LAYOUT.guide, "시트1"]
        assert server.partner(ref, tab="시트1").rows() == before


@pytest.mark.parametrize("name", [LAYOUT.tab, LAYOUT.guide, "_hq"])
def test_a_tab_of_somebody_elses_with_our_name_is_refused_before_anything_is_written(name: str) -> None:
    with start() as server:
        ref = server.create("한빛")
        server.partner(ref).rename_tab(name)
        with pytest.raises(PortError, match=name):
            port_at(server).prepare(ref, LAYOUT, "한빛아파트")
        assert server.kinds["Write"] == 0


def test_names_widths_and_the_hidden_key_are_in_place(sheet: tuple[Server, GooglePort, str]) -> None:
    _, port, ref = sheet
    meta = port.client.spreadsheets_get(ref, {})
    assert {n["name"] for n in meta["namedRanges"]} == {REFRESH, REQUESTED_AT, LAST_SYNC, google_layout.ROWS}
    assert [s["properties"]["sheetId"] for s in meta["sheets"]][:2] == [TAB_ID, GUIDE_ID]
    hidden = [s["properties"]["sheetId"] for s in meta["sheets"] if s["properties"].get("hidden")]
    assert hidden == [HQ_ID]
    data = port.client.spreadsheets_get(
        ref, {"ranges": "의뢰!A1:J2", "fields": "sheets(properties,data(columnMetadata,rowData.values.dataValidation))"}
    )
    tab = data["sheets"][0]
    assert tab["properties"]["gridProperties"]["frozenRowCount"] == 1
    assert [c.get("hiddenByUser", False) for c in tab["data"][0]["columnMetadata"]][:2] == [True, False]
    rule = tab["data"][0]["rowData"][1]["values"][8]["dataValidation"]
    assert [v["userEnteredValue"] for v in rule["condition"]["values"]] == ["접수", "완료"]
    assert not rule.get("strict")  # what isn't in the list may be typed


def test_a_new_field_comes_to_the_right_of_everything_a_partner_added(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    port.append(ref, LAYOUT, LEADS)
    partner = server.partner(ref, tab=LAYOUT.tab)
    partner.insert_columns(13)
    partner.type("M1", "내 열")
    wider = layout_of(filled=("visited_at", "completed_at", "stage", "note", "amount"), spare=3)
    port.prepare(ref, wider, "한빛아파트")
    header = port.read(ref, wider).header
    assert header[12:] == ("", "amount")
    assert [row.key for row in port.read(ref, wider).rows] == ["R1", "N261122-001"]


def test_without_a_sheet_it_says_with_whom_to_share_a_new_one() -> None:
    with start() as server, pytest.raises(PortError, match="robot@x"):
        port_at(server, "robot@x").prepare("", LAYOUT, "한빛아파트")


def test_the_words_are_korean_or_english_as_the_layout_says() -> None:
    with start() as server:
        ref = server.create("Hanbit", locale="en_US")
        layout = layout_of(lang="en")
        port = port_at(server)
        port.prepare(ref, layout, "Hanbit")
        shown = " ".join(c for line in server.partner(ref, tab=layout.guide).rows() for c in line)
        assert "Ask for a refresh" in shown
        assert not any("가" <= letter <= "힣" for letter in shown)
        port.append(ref, layout, LEADS)
        port.put_hq(ref, layout, HQ, "")
        assert server.partner(ref, tab=layout.tab).rows()[1][-2] == "● 위반"


# -- gone, binned, read only -------------------------------------------------------------------------------------------


def test_a_sheet_in_the_bin_or_no_longer_shared_is_left_out_of_the_probe(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    server.partner(ref).trash()
    assert port.probe([ref]) == {}
    with pytest.raises(Gone):
        port.check(ref, LAYOUT)
    server.partner(ref).trash(gone=False)
    assert list(port.probe([ref])) == [ref]


def test_a_sheet_the_list_is_late_with_is_asked_for_by_itself(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    file = server.store.files[ref]
    file.owner, file.permissions = "someone@example.com", []
    server.store.share(file, "anyone", "writer", "")  # by a link: no list shows it
    assert list(port.probe([ref])) == [ref]
    assert server.count("files.get") == 1


def test_checking_tells_a_sheet_that_can_only_be_read() -> None:
    with start() as server:
        ref = server.create("한빛")
        port_at(server).prepare(ref, LAYOUT, "한빛아파트")
        server.users.tokens = {"robot": "robot@x", "token": server.users.owner}
        server.share(ref, "robot@x", "reader")
        with pytest.raises(NoAccess, match="robot@x"):
            port_at(server, "robot@x", "robot").check(ref, LAYOUT)
