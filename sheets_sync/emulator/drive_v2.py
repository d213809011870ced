"""The ``File`` of Drive v2, which an upload answers with: its fields in the order recorded sessions show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.drive import RANK, ROOT, stamp, user_json

if TYPE_CHECKING:
    from sheets_sync.emulator.drive import File

#: What a spreadsheet can be exported as, with the word its links use; in the order the service lists them.
EXPORTS = {
    "application/x-vnd.oasis.opendocument.spreadsheet": "ods",
    "text/tab-separated-values": "tsv",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "application/zip": "zip",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def file_json(file: File, user: str) -> dict[str, Any]:
    """The ``File`` as this user sees it."""
    folders = "https://www.googleapis.com/drive/v2/files"
    link, page = f"{folders}/{file.id}", f"https://docs.google.com/spreadsheets/d/{file.id}"
    writes = RANK[file.role(user) or "reader"] >= 3
    owner, modifier = _user(file.owner, user), _user(file.modifier or file.owner, user)
    return {
        "kind": "drive#file",
        "userPermission": {
            "id": "me",
            "type": "user",
            "role": file.role(user),
            "kind": "drive#permission",
            "selfLink": f"{link}/permissions/me",
            "etag": f'"me{file.version}"',
            "pendingOwner": False,
        },
        "selfLink": link,
        "ownerNames": [owner["displayName"]],
        "lastModifyingUserName": modifier["displayName"],
        "editable": writes,
        "writersCanShare": True,
        "mimeType": file.mime,
        "exportLinks": {
            mime: f"https://docs.google.com/spreadsheets/export?id={file.id}&exportFormat={kind}"
            for mime, kind in EXPORTS.items()
        },
        "parents": [
            {
                "selfLink": f"{link}/parents/{p}",
                "id": p,
                "isRoot": p == ROOT,
                "kind": "drive#parentReference",
                "parentLink": f"{folders}/{p}",
            }
            for p in file.parents
        ],
        "thumbnailLink": f"https://docs.google.com/feeds/vt?gd=true&id={file.id}&v={file.version}&sz=s220",
        "appDataContents": False,
        "iconLink": f"https://drive-thirdparty.googleusercontent.com/16/type/{file.mime}",
        "shared": len(file.permissions) > 1,
        "lastModifyingUser": modifier,
        "owners": [owner],
        "copyable": True,
        "etag": f'"{file.version}"',
        "alternateLink": f"{page}/edit?usp=drivesdk",
        "embedLink": f"{page}/htmlembed",
        "fileSize": "1024",
        "copyRequiresWriterPermission": False,
        "spaces": ["drive"],
        "id": file.id,
        "title": file.name,
        "labels": {
            "viewed": True,
            "restricted": False,
            "starred": file.starred,
            "hidden": False,
            "trashed": file.trashed,
        },
        "explicitlyTrashed": file.trashed,
        "createdDate": stamp(file.created),
        "modifiedDate": stamp(file.modified),
        "modifiedByMeDate": stamp(file.modified),
        "lastViewedByMeDate": stamp(file.modified),
        "markedViewedByMeDate": "1970-01-01T00:00:00.000Z",
        "quotaBytesUsed": "1024",
        "version": str(file.version),
        "capabilities": {"canEdit": writes, "canCopy": True},
    }


def _user(address: str, me: str) -> dict[str, Any]:
    found = user_json(address, me)
    return {
        "displayName": found["displayName"],
        "kind": found["kind"],
        "isAuthenticatedUser": found["me"],
        "permissionId": found["permissionId"],
        "emailAddress": address,
        "picture": {"url": "https://lh3.googleusercontent.com/a/default-user=s64"},
    }
