"""Drive around the spreadsheets: searches, versions, the bin, creation, and what ``spreadsheets.get`` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread


@pytest.fixture
def listed(call: Callable[..., Any]) -> Callable[..., Any]:
    def names(q: str = "", **more: Any) -> list[str]:
        reply = call("GET", "/drive/v3/files", params={"q": q, **more}).json()
        return [f["name"] for f in reply["files"]]

    return names


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("", ["나 둘", "가"]),
        ("name = '가'", ["가"]),
        ('name = "가" or name="나 둘"', ["나 둘", "가"]),
        ("name contains '둘'", ["나 둘"]),
        ("not name contains '둘'", ["가"]),
        ("mimeType='application/vnd.google-apps.spreadsheet' and trashed=false", ["나 둘", "가"]),
        ("trashed = true", []),
        ("'me' in owners and 'root' in parents", ["나 둘", "가"]),
        ('mimeType="application/vnd.google-apps.spreadsheet" and parents in "root"', ["나 둘", "가"]),
        ('parents in "folder"', []),
        ("modifiedTime > '2100-01-01T00:00:00Z'", []),
        ("(name != '가') and sharedWithMe = false", ["나 둘"]),
        ("mimeType != 'text/csv' and sharedWithMe", []),
    ],
)
def test_searches(gc: gspread.Client, listed: Callable[..., Any], q: str, found: list[str]) -> None:
    gc.create("가")
    gc.create("나 둘")
    assert listed(q) == found


@pytest.mark.parametrize(
    "q",
    [
        "name",
        "name =",
        "name ~ 'x'",
        "'x' in nowhere",
        "nowhere in 'x'",
        "parents = 'x'",
        "(name='x'",
        "trashed=maybe",
        "size > 3",
    ],
)
def test_a_search_nobody_can_read_is_refused(call: Callable[..., Any], q: str) -> None:
    assert call("GET", "/drive/v3/files", params={"q": q}).status_code == 400


def test_long_lists_come_in_pages(gc: gspread.Client, call: Callable[..., Any], listed: Callable[..., Any]) -> None:
    for i in range(5):
        gc.create(f"파일{i}")
    first = call("GET", "/drive/v3/files", params={"pageSize": 2, "orderBy": "name"}).json()
    assert [f["name"] for f in first["files"]] == ["파일0", "파일1"]
    assert listed(pageSize=9, orderBy="name desc", pageToken=first["nextPageToken"]) == ["파일2", "파일1", "파일0"]
    assert call("GET", "/drive/v3/files", params={"pageSize": 2000}).status_code == 400


def test_every_write_makes_a_new_version_and_no_read_does(call: Callable[..., Any], tab: gspread.Worksheet) -> None:
    path = f"/drive/v3/files/{tab.spreadsheet_id}?fields=version,modifiedTime,trashed"
    before = call("GET", path).json()
    assert set(before) == {"version", "modifiedTime", "trashed"}
    tab.get_all_values()
    assert call("GET", path).json() == before
    tab.update([["x"]])
    after = call("GET", path).json()
    assert int(after["version"]) > int(before["version"])
    assert after["modifiedTime"] > before["modifiedTime"]
    call("PUT", f"/v4/spreadsheets/{tab.spreadsheet_id}/values/ZZ1?valueInputOption=RAW", json={"values": [["x"]]})
    assert call("GET", path).json() == after


def test_without_a_mask_a_file_is_four_fields(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    assert call("GET", f"/drive/v3/files/{book.id}").json() == {
        "kind": "drive#file",
        "id": book.id,
        "name": "시험",
        "mimeType": "application/vnd.google-apps.spreadsheet",
    }


def test_a_file_is_renamed_binned_copied_and_deleted(
    call: Callable[..., Any], book: gspread.Spreadsheet, listed: Callable[..., Any]
) -> None:
    path = f"/drive/v3/files/{book.id}"
    call("PATCH", path, json={"name": "새 이름", "trashed": True})
    assert (listed("trashed = true"), book.fetch_sheet_metadata()["properties"]["title"]) == (["새 이름"], "새 이름")
    unnamed = call("POST", path + "/copy", json={"name": None}).json()
    assert unnamed["name"] == "Copy of 새 이름"
    call("DELETE", f"/drive/v3/files/{unnamed['id']}")
    copied = call("POST", path + "/copy", json={"name": "사본"}).json()
    assert listed("trashed = false") == ["사본"]
    answer = call("DELETE", f"/drive/v3/files/{copied['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert call("GET", f"/v4/spreadsheets/{copied['id']}").status_code == 404


def test_a_new_spreadsheet(call: Callable[..., Any]) -> None:
    reply = call("POST", "/v4/spreadsheets", json={"properties": {"title": "새것", "locale": "ko_KR"}}).json()
    assert reply["properties"]["title"] == "새것"
    assert reply["sheets"] == [
        {
            "properties": {
                "sheetId": 0,
                "title": "시트1",
                "index": 0,
                "sheetType": "GRID",
                "gridProperties": {"rowCount": 1000, "columnCount": 26},
            }
        }
    ]
    assert reply["spreadsheetUrl"] == f"https://docs.google.com/spreadsheets/d/{reply['spreadsheetId']}/edit"
    assert reply["properties"]["defaultFormat"]["textFormat"]["fontSize"] == 10
    assert len(reply["properties"]["spreadsheetTheme"]["themeColors"]) == 9


def test_a_spreadsheet_is_created_with_its_cells(call: Callable[..., Any]) -> None:
    data = [{"startRow": 1, "rowData": [{"values": [{"userEnteredValue": {"stringValue": "가"}}]}]}]
    sheets = [{"properties": {"title": "하나"}, "data": data}, {"properties": {"title": "둘"}}]
    id = call("POST", "/v4/spreadsheets", json={"sheets": sheets}).json()["spreadsheetId"]
    assert call("GET", f"/v4/spreadsheets/{id}/values/하나").json()["values"] == [[], ["가"]]
    wrong = {"sheets": [{"properties": {"title": "같음"}}, {"properties": {"title": "같음"}}]}
    assert call("POST", "/v4/spreadsheets", json=wrong).status_code == 400
    assert len(call("GET", "/drive/v3/files").json()["files"]) == 1


def test_grid_data_comes_with_a_mask_or_when_asked_and_only_for_the_ranges(
    whole: Callable[..., Any], tab: gspread.Worksheet
) -> None:
    tab.update([["a", 1], ["b", "=A1"]], raw=False)
    assert "data" not in whole()["sheets"][0]
    cell = whole(ranges="B2", includeGridData="true")["sheets"][0]["data"][0]
    assert (cell["startRow"], cell["startColumn"]) == (1, 1)
    found = cell["rowData"][0]["values"][0]
    assert found["userEnteredValue"] == {"formulaValue": "=A1"}
    assert (found["effectiveValue"], found["formattedValue"]) == ({"stringValue": "a"}, "a")
    assert (cell["rowMetadata"], cell["columnMetadata"]) == ([{"pixelSize": 21}], [{"pixelSize": 100}])
    assert found["effectiveFormat"]["textFormat"]["fontFamily"] == "Arial"
    masked = whole(ranges="A1:B1", fields="sheets(properties(title),data.rowData.values.formattedValue)")
    values = [{"formattedValue": "a"}, {"formattedValue": "1"}]
    assert masked == {"sheets": [{"properties": {"title": "Sheet1"}, "data": [{"rowData": [{"values": values}]}]}]}


def test_an_empty_mask_chooses_nothing_and_the_first_of_two_counts(call: Callable[..., Any]) -> None:
    assert call("GET", "/drive/v3/files?fields=").json() == {}
    assert call("GET", "/drive/v3/files?fields=kind&fields=files").json() == {"kind": "drive#fileList"}


def test_an_upload_answers_with_the_file_as_the_older_drive_shows_it(
    gc: gspread.Client, call: Callable[..., Any]
) -> None:
    book = gc.create("시험")
    path = f"/upload/drive/v2/files/{book.id}?uploadType=media&convert=True"
    reply = call("PUT", path, data="가,1", headers={"Content-Type": "text/csv"}).json()
    assert list(reply)[:4] == ["kind", "userPermission", "selfLink", "ownerNames"]
    assert list(reply["labels"]) == ["viewed", "restricted", "starred", "hidden", "trashed"]
    assert set(reply["exportLinks"].values()) == {
        f"https://docs.google.com/spreadsheets/export?id={book.id}&exportFormat={kind}"
        for kind in ("ods", "tsv", "pdf", "xlsx", "csv", "zip")
    }
    assert reply["parents"][0]["isRoot"]
    assert reply["lastModifyingUser"]["isAuthenticatedUser"]
    assert (reply["title"], reply["capabilities"]) == ("시험", {"canEdit": True, "canCopy": True})


def test_exports(call: Callable[..., Any], tab: gspread.Worksheet) -> None:
    tab.update([["a,b", 1]])
    path = f"/drive/v3/files/{tab.spreadsheet_id}/export"
    assert call("GET", path, params={"mimeType": "text/csv"}).content == b'"a,b",1'
    xlsx = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert call("GET", path, params={"mimeType": xlsx}).content.startswith(b"PK")
    assert call("GET", path, params={"mimeType": "application/pdf"}).status_code == 501
    assert call("GET", path, params={"mimeType": "image/png"}).status_code == 400


def test_a_file_moves_from_its_folder_to_another_but_lies_in_one(
    call: Callable[..., Any], book: gspread.Spreadsheet
) -> None:
    path = f"/drive/v3/files/{book.id}?fields=parents"
    moved = call("PATCH", path + "&addParents=folder&removeParents=root", json={}).json()
    assert moved == {"parents": ["folder"]}
    refused = call("PATCH", path + "&addParents=second", json={"name": "새"}).json()["error"]
    assert (refused["code"], refused["errors"][0]["reason"]) == (403, "cannotAddParent")
    assert call("GET", path + ",name").json() == {"name": "시험", "parents": ["folder"]}


def test_an_export_is_media(call: Callable[..., Any], book: gspread.Spreadsheet, tab: gspread.Worksheet) -> None:
    # google-api-python-client's export_media
    tab.update([["a1", "B2"]])
    answer = call("GET", f"/drive/v3/files/{book.id}/export?mimeType=text/csv&alt=media")
    assert (answer.content, answer.headers["Content-Type"]) == (b"a1,B2", "text/csv")
    assert answer.headers["Content-Disposition"] == "attachment"
