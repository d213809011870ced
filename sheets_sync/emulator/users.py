"""Who may ask: any token is the owner, unless a file says who is who.

The file: ``{"tokens": {"TOKEN": "a@example.com"}, "share": [{"title": "파트너*", "with": "a@example.com", "role":
"writer"}], "no_storage": ["robot@example.com"]}``. ``share`` is applied to every spreadsheet as it is created;
``no_storage`` can't create files, as service accounts can't.
"""

from __future__ import annotations

import fnmatch
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sheets_sync.emulator.errors import ApiError, unauthenticated, unregistered

if TYPE_CHECKING:
    from pathlib import Path

    from sheets_sync.emulator.drive import File
    from sheets_sync.emulator.store import Store


@dataclass(slots=True)
class Users:
    """Addresses by token; `None`: every token is the owner's."""

    owner: str
    tokens: dict[str, str] | None = None
    shares: list[dict[str, str]] = field(default_factory=list)
    no_storage: frozenset[str] = frozenset()

    def who(self, header: str, verb: str = "GET", *, method: str = "", key: str = "") -> str:
        """The user of an ``Authorization`` header; ``""``, nobody, where only an API key came: it reads what is public.

        A header of one word is the token itself: recordings keep no more of it. Raises the 401; without a token and
        a key a GET is a 403.
        """
        *scheme, token = header.split() or [""]
        if [word.lower() for word in scheme] not in ([], ["bearer"]) or token.lower() in {"", "bearer"}:
            if key and verb == "GET":
                return ""
            if verb == "GET":
                raise unregistered()
            raise unauthenticated(missing=True, method=method, key=bool(key))
        if self.tokens is None:
            return self.owner
        if token not in self.tokens:
            raise unauthenticated(missing=False, method=method)
        return self.tokens[token]

    def token_of(self, account: str) -> str:
        """The token this account signs in with; "": it has none. Without a file of users it is its own address."""
        if self.tokens is None:
            return account
        return next((token for token, address in self.tokens.items() if address == account), "")

    def created(self, store: Store, file: File) -> None:
        """Share a new file as the file of users says."""
        for share in self.shares:
            if fnmatch.fnmatchcase(file.name, share.get("title", "*")):
                store.share(file, "user", share.get("role", "writer"), share["with"])

    def check_storage(self, user: str) -> None:
        """Raises Drive's 403 for an account without storage."""
        if user in self.no_storage:
            raise ApiError(
                403,
                "The user's Drive storage quota has been exceeded.",
                reason="storageQuotaExceeded",
                domain="usageLimits",
            )


def load(path: Path, owner: str) -> Users:
    """The users of a file."""
    given: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return Users(owner, given.get("tokens", {}), given.get("share", []), frozenset(given.get("no_storage", [])))
