"""Defined names of a workbook: read, set, remove; and the one-cell references among them."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element

    from addin.books.package import Package

#: Children of <workbook> that stand before <definedNames> (ECMA-376 part 1, 18.2.27).
_BEFORE = frozenset(
    ["fileVersion", "fileSharing", "workbookPr", "AlternateContent", "revisionPtr", "absPath", "workbookProtection",
     "bookViews", "sheets", "functionGroups", "externalReferences"]
)  # fmt: skip
_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!\[\]]+))!\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LAST_ROW = re.compile(r"!(?:\$?[A-Z]+\$?\d+:)?\$?[A-Z]+\$?(\d+)$")
#: Our hidden names begin so; one of them points at the header cell of every column that is ours.
PREFIX = "_danggol."
#: A hidden name scoped to the tab: the block danggol wrote last. Excel moves it along when people insert rows.
BLOCK = "_danggol.block"
MAX_ROW, MAX_COLUMN = 1_048_576, 16_384


class Name(NamedTuple):
    """A defined name. ``local`` is the 0-based sheet index it is scoped to, None for the whole book."""

    name: str
    formula: str
    hidden: bool = False
    local: int | None = None


class Names:
    """The defined names of one package; `save` puts the workbook part back, only if something changed.

    Names don't tell upper from lower case.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._dirty = False

    @cached_property
    def _root(self) -> _Element:
        return self.package.xml(self.package.workbook_part)

    @property
    def _q(self) -> str:
        return f"{{{self.package.ns.main}}}"

    def _items(self) -> list[_Element]:
        return list(self._root.iterfind(f"{self._q}definedNames/{self._q}definedName"))

    def _find(self, name: str, local: int | None) -> _Element | None:
        key = name.casefold()
        scope = None if local is None else str(local)
        found = (e for e in self._items() if e.get("name", "").casefold() == key and e.get("localSheetId") == scope)
        return next(found, None)

    def all(self) -> list[Name]:
        """Every name, in order."""
        return [_name(item) for item in self._items()]

    def get(self, name: str, local: int | None = None) -> Name | None:
        """One name, of the book or of the tab at place ``local`` (from 0); None where there is none of that scope."""
        item = self._find(name, local)
        return None if item is None else _name(item)

    def set(self, name: str, formula: str, hidden: bool = True, local: int | None = None) -> None:
        """Define a name of the book, or of the tab at place ``local`` (from 0), or point it elsewhere."""
        from lxml import etree

        item = self._find(name, local)
        if item is None:
            home = self._root.find(f"{self._q}definedNames")
            if home is None:
                home = etree.Element(f"{self._q}definedNames")
                places = [i for i, e in enumerate(self._root) if isinstance(e.tag, str) and _local(e.tag) in _BEFORE]
                self._root.insert(places[-1] + 1 if places else 0, home)
            item = etree.SubElement(home, f"{self._q}definedName", name=name)
            if local is not None:
                item.set("localSheetId", str(local))
            if hidden:
                item.set("hidden", "1")
        elif item.text == formula:
            return
        item.text = formula
        self._dirty = True

    def remove(self, name: str, local: int | None = None) -> None:
        """Take a name away; the collection goes with its last one."""
        item = self._find(name, local)
        if item is None:
            return
        home = item.getparent()
        assert home is not None
        home.remove(item)
        if not len(home):
            self._root.remove(home)
        self._dirty = True

    def save(self) -> None:
        """Put the workbook part back, if a name changed."""
        if self._dirty:
            self.package.put_xml(self.package.workbook_part, self._root)
        self._dirty = False


def drawn_rows(names: Names, tabs: Sequence[str]) -> dict[str, int]:
    """Tab → the last row danggol wrote on it, for the tabs that say so; what stands below is a person's."""
    out: dict[str, int] = {}
    for item in names.all():
        last = _LAST_ROW.search(item.formula) if item.name == BLOCK else None
        if last is not None and item.local is not None and item.local < len(tabs):
            out[tabs[item.local]] = int(last[1])
    return out


def marked_columns(names: Names, sheet: str) -> set[int]:
    """The columns of a sheet one of our names points at (some programs forget that they are hidden)."""
    places = (parse_cell(name.formula) for name in names.all() if name.name.startswith(PREFIX))
    return {place[2] for place in places if place and place[0].casefold() == sheet.casefold()}


def _name(item: _Element) -> Name:
    local = item.get("localSheetId")
    hidden = item.get("hidden") in ("1", "true")
    return Name(item.get("name", ""), item.text or "", hidden, None if local is None else int(local))


def _local(tag: str) -> str:
    return tag.rsplit("}", 1)[-1]


@lru_cache(maxsize=4096)
def column_number(letters: str) -> int:
    """'A' → 1, 'AB' → 28.

    >>> column_number("XFD")
    16384
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def quoted(sheet: str) -> str:
    """A sheet's name as it stands in a formula.

    >>> quoted("Sam's")
    "'Sam''s'"
    """
    return "'" + sheet.replace("'", "''") + "'"


def cell_formula(sheet: str, row: int, column: int) -> str:
    """What a name that points at one cell says.

    >>> cell_formula("접수", 4, 14)
    "'접수'!$N$4"
    """
    return f"{quoted(sheet)}!${column_letter(column)}${row}"


def parse_cell(formula: str) -> tuple[str, int, int] | None:
    """The sheet, row and column a name points at; None where it is not one cell of this book.

    >>> parse_cell("'접수'!$N$4"), parse_cell("Sheet1!A1"), parse_cell("'접수'!$N$4:$N$5"), parse_cell("#REF!")
    (('접수', 4, 14), ('Sheet1', 1, 1), None, None)
    """
    found = _CELL.fullmatch(formula.strip().lstrip("="))
    if found is None:
        return None
    sheet = found[1].replace("''", "'") if found[1] else found[2]
    row, column = int(found[4]), column_number(found[3])
    if not 1 <= row <= MAX_ROW or column > MAX_COLUMN or "[" in sheet:
        return None
    return sheet, row, column
