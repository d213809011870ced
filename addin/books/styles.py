"""styles.xml, append-only: what stands there keeps its index; formats we need are found again or added at the end.

Collections and their order after ECMA-376 part 1, 18.8.39 (CT_Stylesheet).
"""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from addin.books.ooxml import quoted_attribute
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.etree import _Element

    from addin.books.package import Package

STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
ORDER = (
    "numFmts", "fonts", "fills", "borders", "cellStyleXfs", "cellXfs", "cellStyles", "dxfs", "tableStyles", "colors",
    "extLst",
)  # fmt: skip
#: Excel's own limit of cell formats in one workbook.
MAX_FORMATS = 65_490
DATE_FORMAT = "yyyy-mm-dd"
DATETIME_FORMAT = "yyyy-mm-dd hh:mm"
_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)

_SEEDS = {
    "fonts": '<font><sz val="11"/><name val="Calibri"/><family val="2"/></font>',
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border><left/><right/><top/><bottom/><diagonal/></border>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "dxfs": "",
    "numFmts": "",
}

Key = tuple[str, tuple[tuple[str, str], ...], str, tuple["Key", ...]]


@dataclass(frozen=True, slots=True)
class StyleMap:
    """Where another workbook's cell formats (``xf``) and conditional formats (``dxf``) stand in this one."""

    xf: dict[int, int]
    dxf: dict[int, int]


class Styles:
    """The cell formats of one package. `save` puts the part back, only if something was added.

    An index outside the book's formats counts as format 0, as Excel reads it.
    """

    def __init__(self, package: Package) -> None:
        self.package = package
        self._lists: dict[str, list[_Element]] = {}
        self._known: dict[str, dict[Key, int]] = {}
        self._fills: dict[tuple[int, str | None], int] = {}
        self._formats: dict[tuple[int, str], int] = {}
        self._dirty = False

    @cached_property
    def part(self) -> str | None:
        """The styles part's name; None where the book has none."""
        rel = self.package.rel(self.package.workbook_part, "styles")
        return rel.target if rel and self.package.has(rel.target) else None

    @cached_property
    def root(self) -> _Element:
        """The styleSheet element."""
        from lxml import etree

        if self.part:
            return self.package.xml(self.part)
        main = self.package.ns.main
        return etree.Element(f"{{{main}}}styleSheet", nsmap={None: main})

    @property
    def _q(self) -> str:
        tag = str(self.root.tag)
        return tag[: tag.index("}") + 1]

    def with_fill(self, xf: int, rgb: str | None) -> int:
        """The format ``xf`` (its place in cellXfs) with a solid background ``RRGGBB`` or the one `fill_xml` gave; None
        takes the fill away."""
        found = self._fills.get((xf, rgb))
        if found is None:
            fill = 0 if rgb is None else self._add("fills", self._element(rgb) if rgb[:1] == "<" else self._solid(rgb))
            found = self._fills[xf, rgb] = self._derived(xf, fillId=str(fill), applyFill="1")
        return found

    def fill_xml(self, xf: int) -> str | None:
        """A format's background as XML without namespaces; None for no fill.

        Solid fills read alike whoever saved them, so that two of them can be compared.
        """
        item = self._item("fills", self._attribute(xf, "fillId"))
        if item is None:
            return None
        pattern = item.find(f"{self._q}patternFill")
        if pattern is not None and pattern.get("patternType", "none") == "none":
            return None
        return _bare_xml(item)

    def with_format(self, xf: int, code: str) -> int:
        """The format ``xf`` with another number format."""
        found = self._formats.get((xf, code))
        if found is None:
            found = self._derived(xf, numFmtId=str(self._format_id(code)), applyNumberFormat="1")
            self._formats[xf, code] = found
        return found

    def is_date(self, xf: int) -> bool:
        """Whether numbers in this format show as dates or times."""
        number = self._attribute(xf, "numFmtId")
        code = self._codes.get(number)
        if code is None:
            return number in _BUILTIN_DATES
        return is_date_format(code)

    @cached_property
    def _codes(self) -> dict[int, str]:
        items = self.root.iterfind(f"{self._q}numFmts/{self._q}numFmt")
        return {int(i.get("numFmtId", "0")): i.get("formatCode", "") for i in items}

    def append_from(self, other: bytes) -> StyleMap:
        """Bring the formats of a generated workbook's styles.xml in: what this book has already is used again.

        Named styles are not carried over; their looks are.
        """
        from addin.books.ooxml import parse

        root = parse(other, part="styles.xml")
        q = str(root.tag)[: str(root.tag).index("}") + 1]

        def items(tag: str) -> list[_Element]:
            found = root.find(f"{q}{tag}")
            return [] if found is None else [e for e in found if isinstance(e.tag, str)]

        codes = {i.get("numFmtId", "0"): i.get("formatCode", "") for i in items("numFmts")}
        moved = {tag: [self._moved(tag, e) for e in items(tag)] for tag in ("fonts", "fills", "borders")}
        xfs: dict[int, int] = {}
        for index, item in enumerate(items("cellXfs")):
            changes: dict[str, str] = {}
            for name, tag in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders")):
                places = moved[tag]
                number = int(item.get(name, "0"))
                changes[name] = str(places[number] if number < len(places) else 0)
            code = codes.get(item.get("numFmtId", "0"))
            if code is not None:
                changes["numFmtId"] = str(self._format_id(code))
            changes["xfId"] = "0"
            for flag in ("applyFont", "applyFill", "applyBorder", "applyNumberFormat"):
                changes[flag] = "1"
            xfs[index] = self._moved("cellXfs", item, changes)
        dxfs: dict[int, int] = {}
        for index, item in enumerate(items("dxfs")):
            dxf = self._mine(item)
            for number_format in dxf.iterfind(f"{self._q}numFmt"):
                number_format.set("numFmtId", str(self._format_id(number_format.get("formatCode", "General"))))
            dxfs[index] = self._add("dxfs", dxf)
        return StyleMap(xfs, dxfs)

    @property
    def saved(self) -> bytes | None:
        """The part as it stands, where nothing was added to it since; None where there is none."""
        return self.package.read(self.part) if self.part and not self._dirty else None

    def save(self) -> None:
        """Put the part back into the package, if anything was added; a missing one is made and related."""
        if not self._dirty:
            return
        package = self.package
        part = self.part or package.find_free(f"{package.folder}styles{{}}.xml").replace("styles1.xml", "styles.xml")
        package.put_xml(part, self.root)
        if self.part is None:
            package.add_rel(package.workbook_part, "styles", part)
            package.content_type(part, STYLES_TYPE)
            self.part = part
        self._dirty = False

    # ---- how

    def _list(self, tag: str) -> list[_Element]:
        """The entries of a collection, by index; none where it is missing."""
        found = self._lists.get(tag)
        if found is None:
            collection = self.root.find(f"{self._q}{tag}")
            found = self._lists[tag] = [] if collection is None else _items(collection)
        return found

    def _collection(self, tag: str) -> _Element:
        """The collection, made where it is missing and never without the entries Excel takes for granted."""
        from lxml import etree

        found = self.root.find(f"{self._q}{tag}")
        if found is None:
            found = etree.Element(f"{self._q}{tag}")
            rank = ORDER.index(tag)
            before = [e for e in self.root if isinstance(e.tag, str) and _rank(e.tag) < rank]
            self.root.insert(self.root.index(before[-1]) + 1 if before else 0, found)
            self._dirty = True
        entries = self._list(tag)
        seeds = list(etree.fromstring(f"<x>{_SEEDS[tag]}</x>"))
        for seed in seeds[len(entries) :]:
            entries.append(self._mine(seed))
            found.append(entries[-1])
            found.set("count", str(len(entries)))
            self._dirty = True
        return found

    def _item(self, tag: str, index: int) -> _Element | None:
        entries = self._list(tag)
        return entries[index] if 0 <= index < len(entries) else None

    def _attribute(self, xf: int, name: str) -> int:
        item = self._item("cellXfs", xf)
        if item is None:
            item = self._item("cellXfs", 0)
        return 0 if item is None else int(item.get(name, "0"))

    def _derived(self, xf: int, **changes: str) -> int:
        self._collection("cellXfs")
        base = self._item("cellXfs", xf)
        new = copy.deepcopy(self._list("cellXfs")[0] if base is None else base)
        for name, value in changes.items():
            new.set(name, value)
        return self._add("cellXfs", new)

    def _moved(self, tag: str, item: _Element, changes: Mapping[str, str] | None = None) -> int:
        """The index of an entry equal to one of another book with some attributes changed, else of its copy."""
        name, attributes, text, children = _key(item)
        if changes:
            attributes = tuple(sorted({**dict(attributes), **changes}.items()))
        found = self._indexed(tag).get((name, attributes, text, children))
        if found is None:
            copied = self._mine(item)
            for attribute, value in (changes or {}).items():
                copied.set(attribute, value)
            found = self._add(tag, copied)
        return found

    def _indexed(self, tag: str) -> dict[Key, int]:
        """The first index of every entry of a collection by what it says."""
        known = self._known.get(tag)
        if known is None:
            self._collection(tag)
            known = self._known[tag] = {}
            for index, present in enumerate(self._list(tag)):
                known.setdefault(_key(present), index)
        return known

    def _add(self, tag: str, item: _Element) -> int:
        """The index of an equal entry, else of this one, appended."""
        known, key = self._indexed(tag), _key(item)
        if key in known:
            return known[key]
        collection, entries = self._collection(tag), self._list(tag)
        if len(entries) >= MAX_FORMATS:
            raise BookRefused("book.too_many_formats", where=self.package.where, value=str(len(entries)))
        known[key] = len(entries)
        entries.append(item)
        collection.append(item)
        collection.set("count", str(len(entries)))
        self._dirty = True
        return known[key]

    def _format_id(self, code: str) -> int:
        from lxml import etree

        for number, present in self._codes.items():
            if present == code:
                return number
        number = max([163, *self._codes]) + 1
        collection, entries = self._collection("numFmts"), self._list("numFmts")
        entries.append(etree.SubElement(collection, f"{self._q}numFmt", numFmtId=str(number), formatCode=code))
        collection.set("count", str(len(entries)))
        self._codes[number] = code
        self._dirty = True
        return number

    def _solid(self, rgb: str) -> _Element:
        if not re.fullmatch(r"[0-9A-Fa-f]{6}", rgb):
            raise BookRefused("book.bad_color", where=self.package.where, value=rgb)
        color = f'<fgColor rgb="FF{rgb.upper()}"/><bgColor indexed="64"/>'
        return self._element(f'<fill><patternFill patternType="solid">{color}</patternFill></fill>')

    def _element(self, xml: str) -> _Element:
        from addin.books.ooxml import parse

        return self._mine(parse(xml.encode()))

    def _mine(self, item: _Element) -> _Element:
        """A copy in this book's main namespace."""
        from lxml import etree

        tag = str(item.tag)
        main = self._q[1:-1]
        copied: _Element = etree.Element(f"{self._q}{tag.rsplit('}', 1)[-1]}", dict(item.attrib), nsmap={None: main})
        copied.text = item.text if item.text and item.text.strip() else None
        for child in item:
            if isinstance(child.tag, str):
                copied.append(self._mine(child))
        return copied


def is_date_format(code: str) -> bool:
    """Whether a number format's code shows a date or a time.

    >>> [is_date_format(c) for c in ('yyyy"년"', '[h]:mm', '0.00', '#,##0"d"', '[Red]0')]
    [True, True, False, False, False]
    """
    if _ELAPSED.search(code):
        return True
    plain = _NOT_FORMAT.sub("", code.split(";", 1)[0]).lower().replace("general", "")
    return any(letter in plain for letter in "ymdhs")


def _rank(tag: str) -> int:
    name = tag.rsplit("}", 1)[-1]
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _items(collection: _Element) -> list[_Element]:
    return [e for e in collection if isinstance(e.tag, str)]


def _key(item: _Element) -> Key:
    children = tuple(_key(e) for e in item if isinstance(e.tag, str))
    attributes = tuple(sorted((str(k), str(v)) for k, v in item.attrib.items()))
    return str(item.tag).rsplit("}", 1)[-1], attributes, (item.text or "").strip(), children


def _bare_xml(item: _Element) -> str:
    name, attributes, _, children = _key(item)
    if name == "patternFill" and ("patternType", "solid") in attributes:
        children = tuple(c for c in children if c[0] == "fgColor")
    return _xml((name, attributes, "", children)) if name != "fill" else _fill_xml(item)


def _fill_xml(item: _Element) -> str:
    return "<fill>" + "".join(_bare_xml(e) for e in item if isinstance(e.tag, str)) + "</fill>"


def _xml(key: Key) -> str:
    name, attributes, _, children = key
    inside = "".join(_xml(child) for child in children)
    head = name + "".join(f" {k}={quoted_attribute(v)}" for k, v in attributes)
    return f"<{head}>{inside}</{name}>" if inside else f"<{head}/>"
