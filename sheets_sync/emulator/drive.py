"""Drive v3 around the spreadsheets: list, get, create, copy, update, delete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator import query
from sheets_sync.emulator.errors import ApiError, not_implemented

if TYPE_CHECKING:
    from datetime import datetime

    from sheets_sync.emulator.context import Context

ROOT = "0ADriveRootOfTheEmulator"
#: Roles from least to most.
RANK = {"reader": 1, "commenter": 2, "writer": 3, "fileOrganizer": 4, "organizer": 5, "owner": 6}


@dataclass(slots=True)
class Permission:
    """Who may do what: ``kind`` is user, group, domain or anyone; ``who`` an address or a domain.

    ``pending``: the file was offered to them; it is theirs once they accept.
    """

    id: str
    kind: str
    role: str
    who: str = ""
    pending: bool = False

    def json(self) -> dict[str, Any]:
        """The ``Permission``."""
        found: dict[str, Any] = {"kind": "drive#permission", "id": self.id, "type": self.kind, "role": self.role}
        if self.kind in {"user", "group"}:
            found |= {"emailAddress": self.who, "displayName": self.who.partition("@")[0]}
            found |= {"deleted": False, "pendingOwner": self.pending}
        elif self.kind == "domain":
            found |= {"domain": self.who, "displayName": self.who, "allowFileDiscovery": False}
        else:
            found["allowFileDiscovery"] = False
        return found


@dataclass(slots=True)
class File:
    """One file. ``version`` grows with every change and never falls."""

    id: str
    name: str
    mime: str
    owner: str
    created: datetime
    modified: datetime
    version: int = 1
    trashed: bool = False
    starred: bool = False
    parents: list[str] = field(default_factory=lambda: [ROOT])
    description: str = ""
    modifier: str = ""
    permissions: list[Permission] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)
    app_properties: dict[str, str] = field(default_factory=dict)

    def role(self, user: str) -> str | None:
        """The highest role this user has; `None`: the file isn't there for them."""
        found = ["owner"] if user == self.owner else []
        found += [
            p.role
            for p in self.permissions
            if (p.kind in {"user", "group"} and p.who.casefold() == user.casefold())
            or (p.kind == "domain" and user.casefold().endswith("@" + p.who.casefold()))
            or p.kind == "anyone"
        ]
        return max(found, key=lambda role: RANK.get(role, 0), default=None)

    def json(self, user: str) -> dict[str, Any]:
        """The whole ``File``; a mask chooses from it."""
        role = self.role(user) or "reader"
        writes, owns = RANK[role] >= 3, role == "owner"
        found: dict[str, Any] = {
            "kind": "drive#file",
            "id": self.id,
            "name": self.name,
            "mimeType": self.mime,
            "starred": self.starred,
            "trashed": self.trashed,
            "explicitlyTrashed": self.trashed,
            "parents": self.parents,
            "spaces": ["drive"],
            "version": str(self.version),
            "webViewLink": f"https://docs.google.com/spreadsheets/d/{self.id}/edit?usp=drivesdk",
            "createdTime": stamp(self.created),
            "modifiedTime": stamp(self.modified),
            "owners": [user_json(self.owner, user)],
            "lastModifyingUser": user_json(self.modifier or self.owner, user),
            "shared": len(self.permissions) > 1,
            "ownedByMe": self.owner == user,
            "capabilities": {
                "canEdit": writes,
                "canComment": RANK[role] >= 2,
                "canCopy": True,
                "canDelete": owns,
                "canTrash": owns,
                "canShare": writes,
                "canRename": writes,
                "canDownload": True,
                "canModifyContent": writes,
                "canReadRevisions": writes,
            },
            "writersCanShare": True,
            "permissionIds": [p.id for p in self.permissions],
        }
        if writes:
            found["permissions"] = [p.json() for p in self.permissions]
        kept = {"description": self.description, "properties": self.properties, "appProperties": self.app_properties}
        return found | {key: value for key, value in kept.items() if value}


def stamp(moment: datetime) -> str:
    """A time as Drive writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def user_json(address: str, me: str) -> dict[str, Any]:
    """The ``User``."""
    return {
        "kind": "drive#user",
        "displayName": address.partition("@")[0],
        "me": address == me,
        "permissionId": str(sum(ord(c) * 31**i for i, c in enumerate(address)) % 10**20).zfill(20),
        "emailAddress": address,
    }


def refusal(message: str = "The user does not have sufficient permissions for this file.") -> ApiError:
    """Drive's 403."""
    return ApiError(403, message, reason="insufficientFilePermissions")


def need(ctx: Context, file: File, role: str) -> None:
    """Raises Drive's 403 for a user with less than this role."""
    if RANK.get(file.role(ctx.user) or "", 0) < RANK[role]:
        raise refusal()


def _unreadable(value: str, name: str) -> ApiError:
    return ApiError(
        400, f"Invalid Value: {value}" if value else "Invalid Value", reason="invalid", location=("parameter", name)
    )


def list_files(ctx: Context, **given: Any) -> dict[str, Any]:
    """``files.list``: what the user owns and what is shared with them by name or domain."""
    size = given.get("pageSize", 100)
    if not 1 <= size <= 1000:
        raise ApiError(
            400,
            f"Invalid value '{size}'. Values must be within the range: [1, 1000]",
            reason="invalidParameter",
            location=("parameter", "pageSize"),
        )
    try:
        fits = query.compiled(given.get("q", ""))
    except query.BadQuery:
        raise ApiError(400, "Invalid Value", reason="invalid", location=("parameter", "q")) from None
    found = [f for f in ctx.store.files.values() if _listed(f, ctx.user) and fits(f, ctx.user)]
    _ordered(found, given.get("orderBy", ""))
    start = _page(given.get("pageToken", ""))
    page = found[start : start + size]
    reply: dict[str, Any] = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        reply["nextPageToken"] = f"~!!~{start + size}"
    reply["files"] = [f.json(ctx.user) for f in page]
    return reply


def _listed(file: File, user: str) -> bool:
    return file.owner == user or any(
        (p.kind in {"user", "group"} and p.who.casefold() == user.casefold())
        or (p.kind == "domain" and user.casefold().endswith("@" + p.who.casefold()))
        for p in file.permissions
    )


#: What ``orderBy`` may name, and the field it means; "" where no two spreadsheets here differ.
_ORDERS = {
    "createdTime": "created",
    "folder": "",
    "modifiedByMeTime": "modified",
    "modifiedTime": "modified",
    "name": "name",
    "name_natural": "name",
    "quotaBytesUsed": "",
    "recency": "modified",
    "sharedWithMeTime": "",
    "starred": "starred",
    "viewedByMeTime": "modified",
}


def _ordered(files: list[File], order: str) -> None:
    files.sort(key=lambda f: f.modified, reverse=True)
    for part in reversed([p for p in order.split(",") if p]):
        name, _, way = part.strip().partition(" ")
        if name not in _ORDERS or way not in {"", "desc"}:
            raise _unreadable("", "orderBy")
        if key := _ORDERS[name]:
            files.sort(key=lambda f: getattr(f, key), reverse=way == "desc")


def _page(token: str) -> int:
    if not token:
        return 0
    try:
        return int(token.removeprefix("~!!~"))
    except ValueError:
        raise _unreadable("", "pageToken") from None


def get_file(ctx: Context, fileId: str, **given: Any) -> dict[str, Any]:  # noqa: N803 - Google's own name
    """``files.get``."""
    return ctx.store.file(fileId, ctx.user).json(ctx.user)


def create_file(ctx: Context, body: dict[str, Any], **given: Any) -> dict[str, Any]:
    """``files.create``: spreadsheets only."""
    from sheets_sync.emulator.store import MIME

    if body.get("mimeType", MIME) != MIME:
        raise not_implemented(f"files of type {body['mimeType']}")
    file, _ = ctx.store.create(body.get("name", "Untitled"), ctx.user)
    _describe(file, body)
    return file.json(ctx.user)


def _describe(file: File, body: dict[str, Any]) -> None:
    file.parents = list(body.get("parents") or file.parents)
    file.description = body.get("description", file.description)
    file.starred = bool(body.get("starred", file.starred))
    file.properties = {**file.properties, **(body.get("properties") or {})}
    file.app_properties = {**file.app_properties, **(body.get("appProperties") or {})}


def copy_file(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``files.copy``."""
    source = ctx.store.file(fileId, ctx.user)
    made = ctx.store.copy(source, body.get("name", f"Copy of {source.name}"), ctx.user)
    _describe(made, body)
    return made.json(ctx.user)


def update_file(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``files.update``: name, bin, folders, properties."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "owner" if "trashed" in body else "writer")
    gone, new = (_folders(given.get(key, "")) for key in ("removeParents", "addParents"))
    parents = [folder for folder in file.parents if folder not in gone + new] + new
    if len(parents) > max(1, len(file.parents)):
        raise ApiError(403, "Increasing the number of parents is not allowed", reason="cannotAddParent")
    if "trashed" in body:
        file.trashed = bool(body["trashed"])
    if "name" in body:
        file.name = body["name"]
        ctx.store.books[file.id].title = body["name"]
    file.parents = parents
    _describe(file, body)
    ctx.store.touch(file, ctx.user)
    return file.json(ctx.user)


def _folders(given: str) -> list[str]:
    return [ROOT if folder == "root" else folder for folder in given.split(",") if folder]


def delete_file(ctx: Context, fileId: str, **given: Any) -> None:  # noqa: N803
    """``files.delete``: for good."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "owner")
    del ctx.store.files[fileId]
    ctx.store.books.pop(fileId, None)


def about(ctx: Context, **given: Any) -> dict[str, Any]:
    """``about.get``: who is asking."""
    return {"kind": "drive#about", "user": user_json(ctx.user, ctx.user)}


#: What each method answers with when no mask is given.
DEFAULT_FIELDS = {
    "drive.files.get": "kind,id,name,mimeType",
    "drive.files.create": "kind,id,name,mimeType",
    "drive.files.copy": "kind,id,name,mimeType",
    "drive.files.update": "kind,id,name,mimeType",
    "drive.files.list": "kind,nextPageToken,incompleteSearch,files(kind,id,name,mimeType)",
    "drive.permissions.list": "kind,nextPageToken,permissions(kind,id,type,role)",
    "drive.permissions.get": "kind,id,type,role",
    "drive.permissions.create": "kind,id,type,role",
    "drive.permissions.update": "kind,id,type,role",
}
METHODS = {
    "drive.about.get": about,
    "drive.files.list": list_files,
    "drive.files.get": get_file,
    "drive.files.create": create_file,
    "drive.files.copy": copy_file,
    "drive.files.update": update_file,
    "drive.files.delete": delete_file,
}
