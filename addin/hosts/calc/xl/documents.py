"""Books and Book: open, add, save and close Calc documents."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xlwings import base_classes

from addin.errors import BookError
from addin.hosts.calc.bridge_uno import properties, struct, uno_kind
from addin.hosts.calc.xl.guarded import Guarded
from addin.hosts.calc.xl.values import Formats

if TYPE_CHECKING:
    from collections.abc import Iterator

CALC = "com.sun.star.sheet.SpreadsheetDocument"
#: File suffix → LibreOffice's filter. PDF is only written.
FILTERS = {
    ".xlsx": "Calc MS Excel 2007 XML",
    ".xlsm": "Calc MS Excel 2007 VBA XML",
    ".xltx": "Calc MS Excel 2007 XML Template",
    ".xls": "MS Excel 97",
    ".ods": "calc8",
    ".csv": "Text - txt - csv (StarCalc)",
    ".pdf": "calc_pdf_Export",
}
REFUSALS = ("IOException", "ErrorCodeIOException", "IllegalArgumentException")
CSV_OPTIONS = "44,34,76,1"  # comma, double quote, UTF-8, from line 1


class Books(Guarded, base_classes.Books):
    """The Calc documents open in one LibreOffice."""

    app: Any = None

    def __init__(self, app: Any) -> None:
        self.app = app
        self.office = app.office
        self._recent: Any = None

    @property
    def api(self) -> Any:
        return self.office.desktop.Components

    @property
    def active(self) -> Any:
        """The book in front; in an office without windows the one activated, opened or added last."""
        books = list(self)
        current = self.office.desktop.CurrentComponent if self.office.process is None else self._recent
        for book in books:
            if current is not None and book.document == current:
                return book
        return books[-1] if books else None

    def recent(self, document: Any) -> None:
        """This document is the active one now."""
        self._recent = document

    def add(self) -> Book:
        return self._held(self.office.new_document(), "")

    def open(
        self,
        fullname: str,
        update_links: bool | None = None,
        read_only: bool | None = None,
        format: Any = None,
        password: str | None = None,
        *_: Any,
        **__: Any,
    ) -> Book:
        """Open a file as LibreOffice reads it, with the values stored in it. Raises BookError where it can't."""
        options: dict[str, Any] = {"UpdateDocMode": 3 if update_links else 0, "ReadOnly": bool(read_only)}
        if password:
            options["Password"] = password
        if fullname.lower().endswith(".csv"):
            options |= {"FilterName": FILTERS[".csv"], "FilterOptions": CSV_OPTIONS}
        try:
            document = self.office.load(Path(fullname).absolute().as_uri(), **options)
        except Exception as error:
            if uno_kind(error) in REFUSALS:  # a password is missing, the file can't be read
                raise BookError("calc.not_opened", where=fullname) from None
            raise
        if document is None or not document.supportsService(CALC):
            if document is not None:
                document.close(True)
            raise BookError("calc.not_opened", where=fullname)
        return self._held(document, fullname)

    def _held(self, document: Any, path: str) -> Book:
        self._recent = document
        return Book(self.app, document)

    def __call__(self, name_or_index: str | int) -> Book:
        books = list(self)
        if isinstance(name_or_index, int):
            if not 1 <= name_or_index <= len(books):
                raise KeyError(name_or_index)
            return books[name_or_index - 1]
        for book in books:
            if book.name.lower() == name_or_index.lower():
                return book
        raise KeyError(name_or_index)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __iter__(self) -> Iterator[Book]:
        books, parts = [], self.office.desktop.Components.createEnumeration()
        while parts.hasMoreElements():
            part = parts.nextElement()
            if hasattr(part, "supportsService") and part.supportsService(CALC):
                books.append(Book(self.app, part))
        return iter(books)


class Book(Guarded, base_classes.Book):
    """One Calc document."""

    app: Any = None

    def __init__(self, app: Any, document: Any) -> None:
        self.app = app
        self.office = app.office
        self.document = document
        self.formats = Formats(document)
        null = document.NullDate
        #: Day 0 of the document's dates.
        self.epoch = dt.datetime(null.Year, null.Month, null.Day)

    @property
    def api(self) -> Any:
        return self.document

    @property
    def sheets(self) -> Any:
        from addin.hosts.calc.xl.sheets import Sheets

        return Sheets(self)

    @property
    def names(self) -> Any:
        from addin.hosts.calc.xl.names import Names

        return Names(self)

    @property
    def name(self) -> str:
        """The file's name, or the title of a book never saved."""
        return Path(self.fullname).name if self.document.URL else str(self.document.Title)

    @property
    def fullname(self) -> str:
        """The path; of a book never saved its title, as in Excel."""
        import uno

        url = self.document.URL
        return str(uno.fileUrlToSystemPath(url)) if url.startswith("file:") else url or str(self.document.Title)

    def activate(self) -> None:
        self.app.books.recent(self.document)
        if self.app.visible:
            self.document.CurrentController.Frame.activate()

    def front(self, sheet: Any) -> None:
        """Show a (UNO) sheet. Each sheet keeps its own selection, as in Excel; Calc alone would forget it."""
        view = self.document.CurrentController
        before, kept = view.ActiveSheet, self.app.selections
        if before.Name == sheet.Name:
            return
        kept[self.document.RuntimeUID, before.Name] = view.Selection
        view.setActiveSheet(sheet)
        if (selection := kept.pop((self.document.RuntimeUID, sheet.Name), None)) is not None:
            view.select(selection)

    def close(self) -> None:
        """Close without saving."""
        for key in [key for key in self.app.selections if key[0] == self.document.RuntimeUID]:
            del self.app.selections[key]
        self.document.close(True)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        """Save in place, or as another file whose suffix says the format. Raises BookError where it can't."""
        if path is None and self.document.hasLocation():
            self._stored(self.document.store, self.fullname)
            return
        target = Path(path or f"{self.document.Title}.xlsx").absolute()
        if target.suffix.lower() not in FILTERS or target.suffix.lower() == ".pdf":
            raise BookError("calc.cannot_save_as", where=str(target), value=target.suffix)
        if not target.parent.is_dir():  # LibreOffice would make the folder
            raise BookError("calc.not_saved", where=str(target))
        options: dict[str, Any] = {"FilterName": FILTERS[target.suffix.lower()]}
        if target.suffix.lower() == ".csv":
            options["FilterOptions"] = CSV_OPTIONS
        if password:
            options |= _locked(target.suffix.lower(), password)
        self._stored(lambda: self.document.storeAsURL(target.as_uri(), properties(**options)), str(target))

    def to_pdf(self, path: str, quality: str | None = None) -> None:
        """The visible sheets as one PDF."""
        target = Path(path).absolute()
        self._stored(
            lambda: self.document.storeToURL(target.as_uri(), properties(FilterName=FILTERS[".pdf"])), str(target)
        )

    def _stored(self, store: Any, where: str) -> None:
        try:
            store()
        except Exception as error:
            if uno_kind(error) in REFUSALS:
                raise BookError("calc.not_saved", where=where) from None
            raise

    def script(self, name: str) -> str:
        """The URL of a Basic macro of this book, given as ``Sub``, ``Module.Sub`` or ``Library.Module.Sub``."""
        *path, sub = name.split(".")
        libraries = self.document.BasicLibraries
        for library in libraries.ElementNames:
            if len(path) == 2 and library != path[0]:
                continue
            modules = libraries.getByName(library)
            for module in modules.ElementNames:
                if path and module != path[-1]:
                    continue
                if re.search(
                    rf"(?im)^\s*(?:public\s+|private\s+)?(?:sub|function)\s+{re.escape(sub)}\b",
                    modules.getByName(module),
                ):
                    return f"vnd.sun.star.script:{library}.{module}.{sub}?language=Basic&location=document"
        raise KeyError(name)


def _locked(suffix: str, password: str) -> dict[str, Any]:
    """What encrypts a file of this kind. (For Excel's kinds a plain ``Password`` would be ignored.)"""
    import uno

    if suffix == ".ods":
        return {"Password": password}
    if suffix == ".csv":
        raise BookError("calc.cannot_save_as", where="", value=suffix)
    pairs = {"OOXPassword": password, "CryptoType": "Standard"}
    values = tuple(struct("com.sun.star.beans.NamedValue", Name=name, Value=value) for name, value in pairs.items())
    return {"EncryptionData": uno.Any("[]com.sun.star.beans.NamedValue", values)}
