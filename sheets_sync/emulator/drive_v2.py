"""Drive v2: the upload every gspread imports a CSV with, and what gspread before 5.9 copied and shared with.

There is no document of v2 here: its requests aren't checked field by field, its fields stand as recorded sessions show.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from sheets_sync.emulator import drive, sharing
from sheets_sync.emulator.discovery import Method
from sheets_sync.emulator.drive import RANK, ROOT, stamp, user_json
from sheets_sync.emulator.errors import not_implemented

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context
    from sheets_sync.emulator.drive import File, Permission

_FOLDERS: Final = "https://www.googleapis.com/drive/v2/files"
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
    link, page = f"{_FOLDERS}/{file.id}", f"https://docs.google.com/spreadsheets/d/{file.id}"
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
                "parentLink": f"{_FOLDERS}/{p}",
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


def copy_file(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``files.copy``."""
    asked = {"name": body["title"]} if body.get("title") else {}
    folders = {"parents": [folder["id"] for folder in body["parents"]]} if body.get("parents") else {}
    made = drive.copy_file(ctx, fileId, asked | folders)
    found = file_json(ctx.store.files[made["id"]], ctx.user)
    del found["thumbnailLink"]  # a copy just made has no picture yet
    return found


def list_permissions(ctx: Context, fileId: str, **given: Any) -> dict[str, Any]:  # noqa: N803
    """``permissions.list``."""
    found = sharing.list_permissions(ctx, fileId)["permissions"]
    file = ctx.store.files[fileId]
    return {
        "kind": "drive#permissionList",
        "etag": f'"{file.version}"',
        "selfLink": f"{_FOLDERS}/{fileId}/permissions",
        "items": [_permission(file, sharing.permission_of(file, one["id"])) for one in found],
    }


def insert_permission(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``permissions.insert``: whom ``value`` names; a commenter is a reader with a further role."""
    role = "commenter" if "commenter" in (body.get("additionalRoles") or []) else body.get("role")
    who = "domain" if body.get("type") == "domain" else "emailAddress"
    asked = {"type": body.get("type"), "role": role, who: body.get("value") or ""}
    made = sharing.create_permission(ctx, fileId, asked)
    file = ctx.store.files[fileId]
    return _permission(file, sharing.permission_of(file, made["id"]))


def _permission(file: File, given: Permission) -> dict[str, Any]:
    found: dict[str, Any] = {
        "kind": "drive#permission",
        "etag": f'"{given.id}{given.role}"',
        "id": given.id,
        "selfLink": f"{_FOLDERS}/{file.id}/permissions/{given.id}",
    }
    if given.kind in {"user", "group"}:
        found |= {"name": given.who.partition("@")[0], "emailAddress": given.who}
    if given.kind != "anyone":
        found["domain"] = given.who.rpartition("@")[2]
    found["role"] = "reader" if given.role == "commenter" else given.role
    if given.role == "commenter":
        found["additionalRoles"] = ["commenter"]
    found["type"] = given.kind
    if given.kind in {"user", "group"}:
        found |= {"deleted": False, "pendingOwner": given.pending}
    else:
        found["withLink"] = True
    return found


def _method(name: str, verb: str, path: str) -> Method:
    return Method(f"drive.v2.{name}", "drive", verb, re.compile(path), {}, "", "")


def not_here(verb: str, path: str) -> Method:
    """What Google has at this path and the emulator hasn't: batches over HTTP, other uploads, the rest of Drive."""
    return Method(f"{verb} {path}", "drive", verb, re.compile(re.escape(path)), {}, "", "")


def check_here(method: Method) -> None:
    """Raises our 501 for what `not_here` stands for, whatever it was sent."""
    if " " in method.id:
        raise not_implemented(method.id)


_FILE = "/drive/v2/files/(?P<fileId>[^/]+)"
#: The upload: whatever is sent takes the place of what the file holds.
UPLOAD: Final = _method("files.update", "PUT", "/upload" + _FILE)
METHODS: Final = (
    UPLOAD,
    _method("files.copy", "POST", _FILE + "/copy"),
    _method("permissions.list", "GET", _FILE + "/permissions"),
    _method("permissions.insert", "POST", _FILE + "/permissions"),
    _method("permissions.delete", "DELETE", _FILE + "/permissions/(?P<permissionId>[^/]+)"),
)
CALLS: Final[dict[str, Any]] = {
    "drive.v2.files.copy": copy_file,
    "drive.v2.permissions.list": list_permissions,
    "drive.v2.permissions.insert": insert_permission,
    "drive.v2.permissions.delete": sharing.delete_permission,
}
