"""The workbook part: adding and removing sheets, calculation settings, the 1904 epoch."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.books.names import Names, parse_cell
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element

    from addin.books.package import Package, SheetRef

WORKSHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Children of <workbook> that may stand behind <calcPr> (ECMA-376 part 1, 18.2.27).
_AFTER_CALC = frozenset(
    ["oleSize", "customWorkbookViews", "pivotCaches", "smartTagPr", "smartTagTypes", "webPublishing",
     "fileRecoveryPr", "webPublishObjects", "extLst"]
)  # fmt: skip


def check_sheet_name(package: Package, name: str) -> None:
    """Refuse a name Excel would not take: empty, over 31 characters (UTF-16), ``[]:*?/\\``, quoted ends, in use."""
    where = package.where
    if not name or len(name.encode("utf-16-le")) // 2 > 31:
        raise BookRefused("book.sheet_name_long", where=where, value=name)
    if _FORBIDDEN.search(name) or name.startswith("'") or name.endswith("'") or name.casefold() == "history":
        raise BookRefused("book.sheet_name_bad", where=where, value=name)
    if package.sheet(name) is not None:
        raise BookRefused("book.sheet_name_used", where=where, value=name)


def add_sheet(package: Package, name: str, part: str, before: str = "") -> SheetRef:
    """Make a part that was `put` a worksheet of the book: content type, relationship, entry.

    It stands in front of the sheet called ``before``, else behind the last one; the book stays open where it was.
    """
    from lxml import etree

    check_sheet_name(package, name)
    package.content_type(part, WORKSHEET_TYPE)
    rid = package.add_rel(package.workbook_part, "worksheet", part)
    root = package.xml(package.workbook_part)
    main, rel = package.ns.main, package.ns.rel
    sheets = root.find(f"{{{main}}}sheets")
    assert sheets is not None
    number = max((int(s.get("sheetId", "0")) for s in sheets if isinstance(s.tag, str)), default=0) + 1
    attributes = {"name": name, "sheetId": str(number), f"{{{rel}}}id": rid}
    entry = etree.SubElement(sheets, f"{{{main}}}sheet", attributes, nsmap={"r": rel})
    at = next((i for i, s in enumerate(package.sheets) if before and s.name.casefold() == before.casefold()), None)
    if at is not None:
        next_rid = package.sheets[at].rid
        follower = next(s for s in sheets if isinstance(s.tag, str) and s.get(f"{{{rel}}}id") == next_rid)
        follower.addprevious(entry)
        _shift(root, main, at)
    package.put_xml(package.workbook_part, root)
    return next(s for s in package.sheets if s.rid == rid)


def _shift(root: _Element, main: str, at: int) -> None:
    """What the workbook tells by a sheet's number, where a sheet now stands in front of number ``at``."""
    for defined in root.iter(f"{{{main}}}definedName"):
        local = defined.get("localSheetId")
        if local is not None and int(local) >= at:
            defined.set("localSheetId", str(int(local) + 1))
    for view in root.iter(f"{{{main}}}workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            number = int(view.get(attribute, "0"))
            # The book stays open on its sheet; a first sheet on the left edge stays where the new one is seen.
            if number > at or (number == at and attribute == "activeTab"):
                view.set(attribute, str(number + 1))


def remove_sheet(package: Package, name: str) -> None:
    """Take a sheet away with every part only it used, the names scoped to it and hidden names that point into it."""
    sheets = package.sheets
    index, sheet = next((i, s) for i, s in enumerate(sheets) if s.name.casefold() == name.casefold())
    if not any(s.state == "visible" for s in sheets if s is not sheet):
        raise BookRefused("book.last_sheet", where=package.where, value=name)
    names = Names(package)
    for item in names.all():
        place = parse_cell(item.formula)
        if item.local == index or (item.hidden and place and place[0].casefold() == name.casefold()):
            names.remove(item.name, item.local)
    names.save()
    root = package.xml(package.workbook_part)
    main, rel = package.ns.main, package.ns.rel
    for entry in root.findall(f"{{{main}}}sheets/{{{main}}}sheet"):
        if entry.get(f"{{{rel}}}id") == sheet.rid:
            _parent(entry).remove(entry)
    for defined in root.iter(f"{{{main}}}definedName"):
        local = defined.get("localSheetId")
        if local is not None and int(local) > index:
            defined.set("localSheetId", str(int(local) - 1))
    for view in root.iter(f"{{{main}}}workbookView"):
        for attribute in ("activeTab", "firstSheet"):
            at = int(view.get(attribute, "0"))
            if at > index or at >= len(sheets) - 1:
                view.set(attribute, str(max(at - 1, 0)))
    package.put_xml(package.workbook_part, root)
    package.drop_rel(package.workbook_part, sheet.rid)
    drop_unused(package, [sheet.part])


def drop_unused(package: Package, parts: Iterable[str]) -> None:
    """Drop these parts and what they lead to, unless something else in the package still leads there."""
    reachable = _reachable(package, [""])
    for part in _reachable(package, parts) - reachable:
        if package.has(part):
            package.drop(part)


def _reachable(package: Package, start: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(start)
    while waiting:
        part = waiting.pop()
        if part not in seen:
            seen.add(part)
            waiting += [r.target for r in package.rels(part) if not r.external]
    return seen - {""}


def date_1904(package: Package) -> bool:
    """Whether the book counts days from 1904."""
    found = package.xml(package.workbook_part).find(f"{{{package.ns.main}}}workbookPr")
    return found is not None and found.get("date1904", "0") in ("1", "true")


def calculates_on_load(package: Package) -> bool:
    """Whether the book is calculated anyway when it is opened next."""
    found = package.xml(package.workbook_part).find(f"{{{package.ns.main}}}calcPr")
    return found is not None and found.get("fullCalcOnLoad") in ("1", "true")


def calculate_on_load(package: Package) -> None:
    """Ask for a full calculation when the book is opened next; calcPr is made where it is missing."""
    from lxml import etree

    root = package.xml(package.workbook_part)
    tag = f"{{{package.ns.main}}}calcPr"
    found = root.find(tag)
    if found is None:
        found = etree.Element(tag)
        after = (i for i, e in enumerate(root) if isinstance(e.tag, str) and e.tag.rsplit("}", 1)[-1] in _AFTER_CALC)
        root.insert(next(after, len(root)), found)
    if found.get("fullCalcOnLoad") not in ("1", "true"):
        found.set("fullCalcOnLoad", "1")
        package.put_xml(package.workbook_part, root)


def _parent(item: _Element) -> _Element:
    parent = item.getparent()
    assert parent is not None
    return parent
