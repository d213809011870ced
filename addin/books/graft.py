"""Moving a drawn tab into a person's workbook: its sheet with drawings, charts, notes and list, its formats and names.

`addin.books.render` draws the tab as a workbook of its own; here its sheet becomes one of the person's book. Texts go
inline (the shared list is never edited), formats are found again or appended, parts get free names. Drawing the same
tab again gives the same bytes under the same names, so what did not change is not written.
"""

from __future__ import annotations

import re
from dataclasses import replace as with_changes
from typing import TYPE_CHECKING

from addin.books.carry import Block, Carried, carry, merged
from addin.books.formulas import prune_chain
from addin.books.names import BLOCK, Names, quoted
from addin.books.ooxml import STRICT, TRANSITIONAL, quoted_attribute, relative, rels_name
from addin.books.package import Package
from addin.books.scan import rect
from addin.books.workbook import add_sheet, check_sheet_name, date_1904, drop_unused
from addin.crm.grid import column_letter
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.books.lastdrawn import LastDrawn
    from addin.books.package import Rel, SheetRef
    from addin.books.styles import StyleMap, Styles
    from addin.books.tab import Tab

_BUILT_IN = ("_xlnm._FilterDatabase", "_xlnm.Print_Titles", "_xlnm.Print_Area")
#: Parts a sheet owns, by relationship: the name a new one gets, under the workbook's folder.
_OWNED = {
    "drawing": "drawings/drawing{}.xml",
    "vmlDrawing": "drawings/vmlDrawing{}.vml",
    "comments": "comments{}.xml",
    "table": "tables/table{}.xml",
    "chart": "charts/chart{}.xml",
    "threadedComment": "threadedComments/threadedComment{}.xml",
    "printerSettings": "printerSettings/printerSettings{}.bin",
}
#: A zip of nothing.
_NO_ENTRIES = b"PK\5\6" + bytes(18)
_RELS_HEAD = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
)
_STYLED = re.compile(rb'(<col\s[^>]*?\bstyle=")(\d+)(")')
_DXF = re.compile(rb'(\b(?:dxfId|\w+DxfId)=")(\d+)(")')
_VIEWS = re.compile(rb"<sheetViews>.*?</sheetViews>", re.DOTALL)
_PANE = re.compile(rb"<pane\s[^>]*?/>")
_CODE_NAME = re.compile(rb'<sheetPr\s[^>]*?codeName=("[^"]*")')
_TABLE_ID = re.compile(rb'(<table\s[^>]*?\bid=")(\d+)(")')
_PERCENT = re.compile(rb'(<c:(?:gapWidth|gapDepth|overlap|lblOffset|holeSize) val="-?\d+)(")')


def graft_tab(
    package: Package, styles: Styles, tab: Tab, replace: str | None = None, last: LastDrawn | None = None
) -> None:
    """Put a tab into the book: where it says, or in place of the sheet called ``replace``.

    A replaced sheet keeps its name, place, id and visibility, and what people typed outside danggol's block. The caller
    saves ``styles``. ``last``: the book's tabs as they were drawn last, in a process that stays. Raises `BookRefused`
    for a name in use, and where a person's cell stands in the new block's way.
    """
    from addin.books.render import render_parts
    from addin.books.styles import StyleMap

    sheet = package.sheet(replace) if replace is not None else None
    if sheet is None:
        check_sheet_name(package, tab.name)
    elif sheet.kind != "worksheet":
        raise BookRefused("graft.not_a_sheet", where=sheet.name)
    else:
        tab = with_changes(tab, name=sheet.name)
    formats = StyleMap({}, {})

    def placed(drawn: bytes) -> Mapping[int, int]:
        nonlocal formats
        formats = styles.append_from(drawn) if last is None else last.looks(styles, drawn)
        return formats.xf

    draw = render_parts if last is None else last.parts
    parts = draw(tab, placed, date_1904=date_1904(package))
    _Graft(package, _Drawn(parts, tab.name), formats, tab, sheet).run()


class _Drawn(Package):
    """The parts of a drawn tab, which stand in no file."""

    def __init__(self, parts: Mapping[str, bytes], where: str) -> None:
        super().__init__(_NO_ENTRIES, where)
        self._changed.update(parts)
        self._lower.update({name.lower(): name for name in parts})


class _Graft:
    def __init__(self, package: Package, drawn: Package, formats: StyleMap, tab: Tab, sheet: SheetRef | None) -> None:
        self.package, self.drawn, self.formats, self.sheet = package, drawn, formats, sheet
        self.name, self.before, self.taken = tab.name, tab.before, tab.taken
        self.part = sheet.part if sheet else package.find_free(f"{package.folder}worksheets/sheet{{}}.xml")
        self.owned: dict[str, list[str]] = {}
        self.kept: list[Rel] = []

    def run(self) -> None:
        """Parts first, the sheet's place in the workbook last."""
        source = self.drawn.sheets[0].part
        xml = self._sheet(self.drawn.read(source))
        block = _reach(xml)
        carried = Carried()
        spent: list[str] = []
        if self.sheet:
            spent = self._take_stock()
            before = self.package.sheet_xml(self.part, self.name)
            carried = carry(before, self._block_before() or block, block, self.taken)
            xml = _keep_view(merged(xml, carried, self.name), before.head)
        self._relations(source, self.part)
        self._put(self.part, self._translated(xml))
        if self.sheet is None:
            self.sheet = add_sheet(self.package, self.name, self.part, self.before)
        drop_unused(self.package, spent)
        prune_chain(self.package, [(self.sheet.sheet_id, *cell) for cell in carried.lost_formulas])
        self._names(block)

    # ---- the sheet

    def _sheet(self, xml: bytes) -> bytes:
        """The generated sheet with this book's format numbers outside its cells, which have them already."""
        begin, end = xml.find(b"<sheetData"), max(xml.rfind(b"</sheetData>"), 0)
        head = _STYLED.sub(lambda m: m[1] + b"%d" % self.formats.xf[int(m[2])] + m[3], xml[:begin])
        return (head + xml[begin:end] + self._formatted(xml[end:])).replace(b' tabSelected="1"', b"", 1)

    def _formatted(self, xml: bytes) -> bytes:
        return _DXF.sub(lambda m: m[1] + b"%d" % self.formats.dxf[int(m[2])] + m[3], xml)

    def _block_before(self) -> Block | None:
        """The block written last time; None where its name was lost: then the new block was ours."""
        found = Names(self.package).get(BLOCK, self._index())
        area = rect(found.formula.rpartition("!")[2]) if found else None
        return (area[2], area[3]) if area else None

    def _index(self) -> int:
        return next(i for i, s in enumerate(self.package.sheets) if s.name.casefold() == self.name.casefold())

    # ---- parts

    def _take_stock(self) -> list[str]:
        """What the sheet leads to so far. Parts of the kinds we make are used again, other kinds stay related."""
        led: list[str] = []
        for rel in self.package.rels(self.part):
            if rel.external or not self.package.has(rel.target):
                continue
            if rel.kind not in _OWNED:
                self.kept.append(rel)
            elif not self._shared(rel.target):
                led.append(rel.target)
                self.owned.setdefault(rel.kind, []).append(rel.target)
                inner = [r for r in self.package.rels(rel.target) if not r.external]
                led += [r.target for r in inner]
                self.owned.setdefault("chart", []).extend(r.target for r in inner if r.kind == "chart")
        return led

    def _shared(self, part: str) -> bool:
        """Whether another sheet leads to the part too."""
        others = (s.part for s in self.package.sheets if s.part != self.part)
        return any(r.target == part for other in others for r in self.package.rels(other))

    def _name(self, kind: str) -> str:
        """A part's name: one the sheet owned, else a free one."""
        waiting = self.owned.get(kind)
        return waiting.pop(0) if waiting else self.package.find_free(self.package.folder + _OWNED[kind])

    def _relations(self, source: str, part: str) -> None:
        """Copy what a generated part leads to, and relate it under the same ids."""
        entries: list[tuple[str, str, str]] = []
        for rel in self.drawn.rels(source):
            target = self._name(rel.kind)
            data = self.drawn.read(rel.target)
            if rel.kind == "table":
                data = self._table(data, target)
            self._put(target, self._translated(self._formatted(data)))
            self._typed(target, self.drawn.content_type(rel.target))
            self._relations(rel.target, target)
            entries.append((rel.id, f"{self.package.ns.rel}/{rel.kind}", target))
        if part == self.part:
            entries += [(f"rIdKept{i}", rel.type, rel.target) for i, rel in enumerate(self.kept, 1)]
        self._relate(part, entries)

    def _relate(self, part: str, entries: list[tuple[str, str, str]]) -> None:
        name = self.package.resolve(rels_name(part)) or rels_name(part)
        if not entries:
            if self.package.has(name):
                self.package.drop(name)
            return
        q = quoted_attribute
        items = [
            f"<Relationship Id={q(rid)} Type={q(kind)} Target={q(relative(part, target))}/>"
            for rid, kind, target in entries
        ]
        self._put(name, _RELS_HEAD + "".join(items).encode() + b"</Relationships>")

    def _table(self, data: bytes, target: str) -> bytes:
        """A list's part with an id and a name no other list of the book has."""
        ids: set[int] = set()
        names = {n.name.casefold() for n in Names(self.package).all()}
        present = b""
        for part in self._tables():
            xml = self.package.read(part)
            if part == target:
                present = xml
                continue
            root = self.package.xml(part)
            ids.add(int(root.get("id", "0")))
            names |= {root.get("name", "").casefold(), root.get("displayName", "").casefold()}
        old = _TABLE_ID.search(present)
        number = int(old[2]) if old and int(old[2]) not in ids else max(ids, default=0) + 1
        data = _TABLE_ID.sub(rb"\g<1>%d\g<3>" % number, data, count=1)
        found = re.search(rb' displayName="([^"]*)"', data)
        wanted = name = found[1].decode() if found else ""
        again = 1
        while name.casefold() in names:
            again += 1
            name = f"{wanted}_{again}"
        return re.sub(
            rb' (name|displayName)="%b"' % re.escape(wanted.encode()), rb' \1="%b"' % name.encode(), data, count=2
        )

    def _tables(self) -> list[str]:
        found = (r for s in self.package.sheets for r in self.package.rels(s.part))
        return [r.target for r in found if r.kind == "table" and not r.external and self.package.has(r.target)]

    def _put(self, name: str, data: bytes) -> None:
        if not self.package.has(name) or self.package.read(name) != data:
            self.package.put(name, data)

    def _typed(self, part: str, content_type: str) -> None:
        if self.package.content_type(part) == content_type:
            return
        if part.endswith(".vml"):
            self.package.default_type("vml", content_type)
        else:
            self.package.content_type(part, content_type)

    def _translated(self, xml: bytes) -> bytes:
        """In the namespaces of the book; strict OOXML also writes percentages with their sign."""
        if not self.package.strict:
            return xml
        for name in ("main", "rel", "sheet_drawing", "chart", "drawing"):
            xml = xml.replace(b'"%b"' % getattr(TRANSITIONAL, name).encode(), b'"%b"' % getattr(STRICT, name).encode())
        return _PERCENT.sub(rb"\1%\2", xml)

    # ---- the workbook

    def _names(self, block: Block) -> None:
        """The names scoped to the tab: its filter and print titles as drawn, and the block danggol owns."""
        index = self._index()
        names = Names(self.package)
        drawn = {n.name: n for n in Names(self.drawn).all() if n.name in _BUILT_IN}
        if _BUILT_IN[0] not in drawn:
            names.remove(_BUILT_IN[0], index)
        for item in drawn.values():
            names.set(item.name, item.formula, item.hidden, index)
        reach = f"$A$1:${column_letter(max(block[1], 1))}${max(block[0], 1)}"
        names.set(BLOCK, f"{quoted(self.name)}!{reach}", True, index)
        names.save()


def _reach(xml: bytes) -> Block:
    """The last row and column of a generated sheet."""
    found = re.search(rb'<dimension ref="([^"]*)"', xml)
    area = rect(found[1].decode()) if found else None
    return (area[2], area[3]) if area else (0, 0)


def _keep_view(xml: bytes, old_head: bytes) -> bytes:
    """The new sheet with the old one's code name, and with its view (zoom, selection) where the panes are the same."""
    code = _CODE_NAME.search(old_head)
    if code and b"<sheetPr" in xml:
        xml = xml.replace(b"<sheetPr", b"<sheetPr codeName=" + code[1], 1)
    elif code:
        xml = xml.replace(b"<dimension", b"<sheetPr codeName=" + code[1] + b"/><dimension", 1)
    old, new = _VIEWS.search(old_head), _VIEWS.search(xml)
    if old is None or new is None:
        return xml
    same = [tuple(sorted(_attributes(v[0]))) for v in (old, new)]
    if same[0] == same[1]:
        return xml.replace(new[0], old[0], 1)
    if b'tabSelected="1"' in old[0]:
        return xml.replace(b"<sheetView ", b'<sheetView tabSelected="1" ', 1)
    return xml


def _attributes(views: bytes) -> list[bytes]:
    """The split of a view's panes, to compare."""
    pane = _PANE.search(views)
    return re.findall(rb'(?:xSplit|ySplit|state)="[^"]*"', pane[0]) if pane else []
