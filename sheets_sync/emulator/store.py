"""All files of the emulated Drive, the spreadsheets among them, and what numbers and ids are given out."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sheets_sync.emulator.context import Context
from sheets_sync.emulator.drive import File, Permission
from sheets_sync.emulator.errors import file_not_found, forbidden, not_found
from sheets_sync.emulator.state import Book, Sheet

if TYPE_CHECKING:
    from collections.abc import Callable

OWNER = "owner@example.com"
MIME = "application/vnd.google-apps.spreadsheet"
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Store:
    """Files by id. ``seed`` makes ids the same every time; ``clock`` is when things happen."""

    def __init__(self, *, seed: int = 0, clock: Callable[[], datetime] | None = None) -> None:
        self.files: dict[str, File] = {}
        self.books: dict[str, Book] = {}
        self._chance = random.Random(seed)  # noqa: S311 - ids, not secrets
        self._clock = clock or (lambda: datetime.now(UTC))
        self._last = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        """The time, never the same twice: two changes have two times."""
        self._last = max(self._clock(), self._last + timedelta(milliseconds=1))
        return self._last

    def number(self) -> int:
        """An id as tabs and ranges have."""
        return self._chance.randrange(1, 2**31 - 1)

    def id(self) -> str:
        """An id as files have."""
        return "1" + "".join(self._chance.choice(_ALPHABET) for _ in range(43))

    def context(self, user: str, file: File | None = None) -> Context:
        """A request of this user."""
        return Context(self, user, self.now(), file)

    def create(
        self, title: str, owner: str, *, locale: str = "en_US", zone: str = "Etc/GMT", tabs: bool = True, id: str = ""
    ) -> tuple[File, Book]:
        """A new spreadsheet with one empty tab."""
        from sheets_sync.emulator.batch.tabs import tab_word

        now = self.now()
        file = File(id or self.id(), title, MIME, owner, now, now)
        file.permissions.append(Permission(self._permission_id(), "user", "owner", owner))
        book = Book(file.id, title, locale, zone)
        if tabs:
            book.sheets.append(Sheet(0, f"{tab_word(locale)}1"))
        self.files[file.id] = file
        self.books[file.id] = book
        return file, book

    def _permission_id(self) -> str:
        return "".join(self._chance.choice("0123456789") for _ in range(20))

    def share(self, file: File, kind: str, role: str, who: str) -> Permission:
        """Give a user, group, domain or anyone a role on a file."""
        for permission in file.permissions:
            if (permission.kind, permission.who) == (kind, who):
                permission.role = role
                return permission
        made = Permission("anyoneWithLink" if kind == "anyone" else self._permission_id(), kind, role, who)
        file.permissions.append(made)
        return made

    def book(self, id: str, user: str, *, write: bool) -> tuple[File, Book]:
        """A spreadsheet this user may read, or write. Raises Sheets' 404 and 403."""
        file = self.files.get(id)
        if file is None or id not in self.books:
            raise not_found()
        role = file.role(user)
        if role is None or (write and role not in {"owner", "organizer", "fileOrganizer", "writer"}):
            raise forbidden()
        return file, self.books[id]

    def file(self, id: str, user: str) -> File:
        """A file this user may see. Raises Drive's 404: what isn't shared isn't there."""
        file = self.files.get(id)
        if file is None or file.role(user) is None:
            raise file_not_found(id)
        return file

    def touch(self, file: File, user: str) -> None:
        """A file changed: a new version and time."""
        file.version += 1
        file.modified = self.now()
        file.modifier = user

    def copy(self, source: File, title: str, user: str) -> File:
        """A copy of a spreadsheet, owned by this user."""
        file, book = self.create(title, user, tabs=False)
        copied = self.books[source.id].copy()
        copied.id, copied.title = book.id, title
        self.books[file.id] = copied
        return file
