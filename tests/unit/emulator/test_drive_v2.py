"""Drive v2, as gspread before 5.9 copies and shares with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    import gspread

    from sheets_sync.emulator.server import Server


def test_a_copy_answers_with_the_whole_file_and_is_named_after_its_original(
    call: Callable[..., Any], gc: gspread.Client, book: gspread.Spreadsheet, tab: gspread.Worksheet
) -> None:
    tab.update([["가"]])
    body = {"title": None, "mimeType": "application/vnd.google-apps.spreadsheet"}
    made = call("POST", f"/drive/v2/files/{book.id}/copy?supportsAllDrives=True", json=body).json()
    assert (made["kind"], made["title"], made["mimeType"]) == ("drive#file", "Copy of 시험", body["mimeType"])
    assert made["selfLink"] == f"https://www.googleapis.com/drive/v2/files/{made['id']}"
    assert set(made) == {
        *("kind", "id", "etag", "selfLink", "alternateLink", "embedLink", "iconLink", "title", "mimeType", "labels"),
        *("copyRequiresWriterPermission", "createdDate", "modifiedDate", "modifiedByMeDate", "lastViewedByMeDate"),
        *("markedViewedByMeDate", "version", "parents", "exportLinks", "userPermission", "fileSize", "quotaBytesUsed"),
        *("ownerNames", "owners", "lastModifyingUserName", "lastModifyingUser", "capabilities", "editable", "copyable"),
        *("writersCanShare", "shared", "explicitlyTrashed", "appDataContents", "spaces"),
    }
    assert gc.open_by_key(made["id"]).sheet1.acell("A1").value == "가"
    named = call(
        "POST", f"/drive/v2/files/{book.id}/copy", json={"title": "사본", "parents": [{"id": "folder"}]}
    ).json()
    assert (named["title"], [p["id"] for p in named["parents"]]) == ("사본", ["folder"])


def test_people_are_given_access_listed_and_removed(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    path = f"/drive/v2/files/{book.id}/permissions"
    asked = {"value": "a@example.com", "type": "user", "role": "reader", "withLink": False}
    made = call("POST", path + "?sendNotificationEmails=True&supportsAllDrives=true", json=asked).json()
    assert (made["emailAddress"], made["role"], made["type"], made["name"]) == ("a@example.com", "reader", "user", "a")
    everyone = call("POST", path, json={"value": None, "type": "anyone", "role": "writer", "withLink": True}).json()
    assert (everyone["id"], everyone["withLink"]) == ("anyoneWithLink", True)
    comments = {"value": "example.org", "type": "domain", "role": "reader", "additionalRoles": ["commenter"]}
    assert call("POST", path, json=comments).json()["additionalRoles"] == ["commenter"]
    assert call("DELETE", f"{path}/{made['id']}?supportsAllDrives=True").status_code == 204
    listed = call("GET", path).json()
    assert listed["kind"] == "drive#permissionList"
    assert [(p["type"], p["role"]) for p in listed["items"]] == [
        ("user", "owner"),
        ("anyone", "writer"),
        ("domain", "reader"),
    ]


def test_what_isnt_there_is_refused_as_drive_refuses(call: Callable[..., Any], book: gspread.Spreadsheet) -> None:
    missing = call("POST", "/drive/v2/files/nothing/copy", json={}).json()["error"]
    assert (missing["code"], missing["message"]) == (404, "File not found: nothing.")
    assert call("DELETE", f"/drive/v2/files/{book.id}/permissions/7").status_code == 404


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("GET", "/drive/v2/files/x"),
        ("POST", "/upload/drive/v3/files?uploadType=multipart"),
        ("PATCH", "/upload/drive/v3/files/x"),
        ("POST", "/batch/drive/v3"),
        ("POST", "/batch"),
        ("GET", "/drive/v3/files/x/revisions"),
    ],
)
def test_what_google_has_elsewhere_and_the_emulator_hasnt_says_so(
    server: Server, call: Callable[..., Any], verb: str, path: str
) -> None:
    answer = call(verb, path, data=b"--batch\n\n--batch--")
    named = f"The emulator does not implement {verb} {path.partition('?')[0]}."
    assert (answer.status_code, answer.json()["error"]["message"]) == (501, named)
    assert server.log[-1].status == 501
