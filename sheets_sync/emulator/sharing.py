"""Drive v3: who may do what with a file, and what people say about it (comments)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.drive import RANK, File, Permission, need, refusal, stamp, user_json
from sheets_sync.emulator.errors import ApiError

if TYPE_CHECKING:
    from sheets_sync.emulator.context import Context


def list_permissions(ctx: Context, fileId: str, **given: Any) -> dict[str, Any]:  # noqa: N803
    """``permissions.list``."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "writer")
    return {"kind": "drive#permissionList", "permissions": [p.json() for p in file.permissions]}


def get_permission(ctx: Context, fileId: str, permissionId: str, **given: Any) -> dict[str, Any]:  # noqa: N803
    """``permissions.get``."""
    file = ctx.store.file(fileId, ctx.user)
    return permission_of(file, permissionId).json()


def permission_of(file: File, id: str) -> Permission:
    """The permission of this id on a file. Raises Drive's 404."""
    for known in file.permissions:
        if known.id == id:
            return known
    raise ApiError(404, f"Permission not found: {id}.", reason="notFound", location=("parameter", "permissionId"))


def create_permission(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``permissions.create``."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "writer")
    kind, role = body.get("type"), body.get("role")
    if kind not in {"user", "group", "domain", "anyone"}:
        raise ApiError(
            400, "The permission type field is required.", reason="required", location=("parameter", "permission.type")
        )
    if role not in RANK:
        raise ApiError(
            400, "The permission role field is required.", reason="required", location=("parameter", "permission.role")
        )
    who = body.get("emailAddress", "") if kind in {"user", "group"} else body.get("domain", "")
    if kind in {"user", "group"} and "@" not in who:
        raise ApiError(
            400,
            "The specified emailAddress is invalid or not applicable for the given permission type.",
            reason="invalidSharingRequest",
        )
    if role == "owner" and who != file.owner:
        need(ctx, file, "owner")
        _hand_over(file, who, given)
    made = ctx.store.share(file, str(kind), str(role), who)
    return made.json()


def update_permission(
    ctx: Context,
    fileId: str,  # noqa: N803
    permissionId: str,  # noqa: N803
    body: dict[str, Any],
    **given: Any,
) -> dict[str, Any]:
    """``permissions.update``."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "writer")
    permission = permission_of(file, permissionId)
    if body.get("role") == "owner" and permission.who != file.owner:
        if not (permission.pending and permission.who == ctx.user):
            need(ctx, file, "owner")
        _hand_over(file, permission.who, given)
    permission.role = body.get("role", permission.role)
    permission.pending = bool(body.get("pendingOwner", permission.pending)) and permission.role != "owner"
    return permission.json()


def _hand_over(file: File, who: str, given: dict[str, Any]) -> None:
    """Another owner; who had the file may write it from now on. Raises Drive's 403 where that wasn't asked for."""
    if not given.get("transferOwnership"):
        raise ApiError(
            403,
            "The transferOwnership parameter must be enabled when the permission role is 'owner'.",
            reason="forbidden",
            location=("parameter", "transferOwnership"),
        )
    for permission in file.permissions:
        if permission.role == "owner":
            permission.role = "writer"
    file.owner = who


def delete_permission(ctx: Context, fileId: str, permissionId: str, **given: Any) -> None:  # noqa: N803
    """``permissions.delete``; anyone may give up their own."""
    file = ctx.store.file(fileId, ctx.user)
    permission = permission_of(file, permissionId)
    if permission.who != ctx.user:
        need(ctx, file, "writer")
    if permission.role == "owner":
        raise refusal("The owner of a file cannot be removed.")
    file.permissions.remove(permission)


def list_comments(ctx: Context, fileId: str, **given: Any) -> dict[str, Any]:  # noqa: N803
    """``comments.list``."""
    return {"kind": "drive#commentList", "comments": ctx.store.file(fileId, ctx.user).comments}


def create_comment(ctx: Context, fileId: str, body: dict[str, Any], **given: Any) -> dict[str, Any]:  # noqa: N803
    """``comments.create``."""
    file = ctx.store.file(fileId, ctx.user)
    need(ctx, file, "commenter")
    now = stamp(ctx.now)
    made = {
        "kind": "drive#comment",
        "id": f"AAA{len(file.comments):08d}",
        "content": body.get("content", ""),
        "htmlContent": body.get("content", ""),
        "createdTime": now,
        "modifiedTime": now,
        "author": {k: v for k, v in user_json(ctx.user, ctx.user).items() if k != "emailAddress"},
        "deleted": False,
        "replies": [],
        **({"anchor": body["anchor"]} if "anchor" in body else {}),
    }
    file.comments.append(made)
    return made


METHODS = {
    "drive.permissions.list": list_permissions,
    "drive.permissions.get": get_permission,
    "drive.permissions.create": create_permission,
    "drive.permissions.update": update_permission,
    "drive.permissions.delete": delete_permission,
    "drive.comments.list": list_comments,
    "drive.comments.create": create_comment,
}
