"""Photos named in a list or lying in a folder, gathered for an inspection form; the reason where one can't be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.inspection import Marked, marked
from addin.crm.message import Message, msg
from addin.crm.quote_record import label

if TYPE_CHECKING:
    from pathlib import Path


class Photos:
    """Photos being gathered: each file once, those that can't be shown with the reason."""

    def __init__(self, beside: Path) -> None:
        from addin.documents.photos import MOST

        self.beside, self.most = beside.resolve(), MOST
        self.found: list[tuple[str, Marked, bytes]] = []
        self.wrong: list[tuple[str, Message]] = []
        self.missing: list[str] = []
        self.count = 0
        self._seen: set[Path] = set()

    def named(self, text: str, moment: str) -> None:
        """A path out of a cell, which must lead into the book's own folder; a word (``O``, ``있음``) is no path.

        Another machine's path is refused unseen: to look at it would tell that machine who we are.
        """
        text = label(text).replace("\\", "/")
        try:
            path = (self.beside / text).resolve() if not text.startswith("//") else self.beside.parent
            inside = path.is_relative_to(self.beside)
            folder = inside and path.is_dir()
            if "/" not in text and not _is_photo(path) and not (inside and path.exists()):
                return
        except (OSError, ValueError):
            inside = folder = False
            path = self.beside
        if not inside:
            self._fail(text, msg("doc.image.outside", where=text))
        elif folder:
            self.folder(path)
        else:
            self._take(path, moment)

    def folder(self, folder: Path | None) -> None:
        """Every photo of a folder, by name."""
        try:
            paths = sorted(folder.iterdir()) if folder is not None else []
        except OSError as error:
            self._fail(str(folder), msg("inspect.photo_not_read", value=error.strerror or ""))
            return
        for path in paths:
            if _is_photo(path) and not path.name.startswith(".") and path.is_file():
                self._take(path, "")

    def _take(self, path: Path, moment: str) -> None:
        from addin.documents.images import PictureFault
        from addin.documents.photos import read_photo

        if path.resolve() in self._seen:
            return
        self._seen.add(path.resolve())
        self.count += 1
        if self.count > self.most:
            return
        try:
            data = read_photo(path)
        except PictureFault as fault:
            missing = fault.message.id == "doc.image.missing"
            self._fail(path.name, msg("inspect.photo_not_there") if missing else fault.message)
            return
        said = marked(path.name)
        self.found.append((f"photo{self.count}", said._replace(moment=moment or said.moment), data))

    def _fail(self, name: str, why: Message) -> None:
        self.missing.append(name)
        self.wrong.append((name, why))


def _is_photo(path: Path) -> bool:
    from addin.documents.photos import ENDINGS

    return path.suffix.casefold() in ENDINGS
