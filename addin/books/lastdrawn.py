"""Tabs as they were drawn last, for a process that stays: where only values changed, only those cells are drawn anew.

What a tab's parts are depends on the tab and on the numbers of its formats alone (`addin.books.render`), so nothing of
the book is taken on trust: a tab that is otherwise the same has the same parts but for its changed cells.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, fields
from math import isfinite
from typing import TYPE_CHECKING, Final

from addin.books.render import SHORT, cell_text, render_parts
from addin.books.tab import Tab
from addin.crm.grid import cell_address

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.books.drawnparts import Placed
    from addin.books.styles import StyleMap, Styles
    from addin.books.tab import Link, TabValue
    from addin.crm.grid import Rect

    Place = tuple[int, int]

#: Tabs of more cells are drawn whole each time.
MOST_CELLS: Final = 100_000
#: Sets of formats that are remembered for a book.
MOST_LOOKS: Final = 64
#: What is no part of a tab's form: cells and charts, which are told apart, and where it goes in the book.
_ELSEWHERE: Final = ("cells", "styles", "charts", "taken", "before", "marker")
_FORM: Final = tuple(field.name for field in fields(Tab) if field.name not in _ELSEWHERE)
_STYLE = re.compile(rb' s="\d+"')


class LastDrawn:
    """What was drawn of one book's tabs, and where their formats stand in it."""

    def __init__(self) -> None:
        self._tabs: dict[str, _Drawn] = {}
        self._looks: dict[bytes, StyleMap] = {}
        self._of: bytes | None = None

    def looks(self, styles: Styles, drawn: bytes) -> StyleMap:
        """`Styles.append_from`, looked up once for the very same two: nothing was appended then, nothing would be."""
        now = styles.saved
        if now is None:
            return styles.append_from(drawn)
        if now != self._of or len(self._looks) >= MOST_LOOKS:
            self._of, self._looks = now, {}
        found = self._looks.get(drawn)
        if found is None:
            found = styles.append_from(drawn)
            if styles.saved is not None:
                self._looks[drawn] = found
        return found

    def parts(self, tab: Tab, placed: Placed, *, date_1904: bool = False) -> dict[str, bytes]:
        """`render_parts`, by changing what was drawn of the tab before where only plain values are others."""
        last = self._tabs.get(tab.marker)
        found = last.again(tab, placed, date_1904) if last is not None else None
        if found is None:
            found = _drawn(tab, placed, date_1904)
        if tab.marker and len(tab.cells) <= MOST_CELLS:
            self._tabs[tab.marker] = found
        return dict(found.parts)


@dataclass(slots=True)
class _Drawn:
    """One tab as drawn: what it was, and what came of it."""

    form: str
    charts: str
    cells: dict[Place, TabValue | Link]
    styles: dict[Place, str]
    date_1904: bool
    looks: bytes
    numbers: Mapping[int, int]
    parts: dict[str, bytes]

    def again(self, tab: Tab, placed: Placed, date_1904: bool) -> _Drawn | None:
        """The same tab with other values; None where more than that differs."""
        if (date_1904, tab.styles, _form(tab)) != (self.date_1904, self.styles, self.form):
            return None
        changed = self._changed(tab)
        if changed is None or placed(self.looks) != self.numbers:
            return None
        (sheet,) = (name for name in self.parts if name.startswith("xl/worksheets/sheet"))
        xml = _with_cells(self.parts[sheet], changed)
        if xml is None:
            return None
        parts, charts = self.parts | {sheet: xml}, repr(tab.charts)
        if charts != self.charts or any(_within(place, _shown(tab)) for place in changed):
            parts |= _charts(tab, date_1904)
        return _Drawn(self.form, charts, dict(tab.cells), self.styles, date_1904, self.looks, self.numbers, parts)

    def _changed(self, tab: Tab) -> dict[Place, bytes] | None:
        """What changed cells hold now, as XML; None where one is more than a value, or is told elsewhere too."""
        if tab.cells.keys() != self.cells.keys():
            return None
        out: dict[Place, bytes] = {}
        merged = [rect for rect in tab.merges if rect[:2] != rect[2:]]
        corners = {rect[:2] for rect in merged}
        for place, value in tab.cells.items():
            old = self.cells[place]
            if old is value or (type(old) is type(value) and old == value and (value or str(old) == str(value))):
                continue
            inside = _inside(tab, place, value) if _inside(tab, place, old) is not None else None
            header = tab.table is not None and place[0] == 1
            if inside is None or header or (place not in corners and _within(place, merged)):
                return None
            out[place] = inside
        return out


def _drawn(tab: Tab, placed: Placed, date_1904: bool) -> _Drawn:
    looks, numbers = b"", dict[int, int]()

    def noted(found: bytes) -> Mapping[int, int]:
        nonlocal looks, numbers
        looks, numbers = found, dict(placed(found))
        return numbers

    parts = render_parts(tab, noted, date_1904=date_1904)
    cells, styles = dict(tab.cells), dict(tab.styles)
    return _Drawn(_form(tab), repr(tab.charts), cells, styles, date_1904, looks, numbers, parts)


def _form(tab: Tab) -> str:
    """All that a tab is but for its cells and what its charts show, told to the last type."""
    charts = [(chart.row, chart.column, chart.width, chart.height) for chart in tab.charts]
    return repr([charts, *(getattr(tab, name) for name in _FORM)])


def _shown(tab: Tab) -> list[Rect]:
    """The areas of a tab that its own charts show."""
    own = [chart for chart in tab.charts if chart.sheet in ("", tab.name)]
    return [rect for chart in own for rect in (chart.categories, *(series.values for series in chart.series))]


def _within(place: Place, areas: Sequence[Rect]) -> bool:
    row, column = place
    return any(r1 <= row <= r2 and c1 <= column <= c2 for r1, c1, r2, c2 in areas)


def _charts(tab: Tab, date_1904: bool) -> dict[str, bytes]:
    """The charts of a tab, drawn with no more of it than they show."""
    shown = _shown(tab)
    cells = {place: value for place, value in tab.cells.items() if _within(place, shown)}
    styles = {place: style for place, style in tab.styles.items() if _within(place, shown)}
    merges, people = (tab.merges, tab.people) if shown else ([], [])
    bare = Tab(tab.name, cells, styles, merges=merges, charts=tab.charts, people=people)
    parts = render_parts(bare, lambda _: defaultdict(int), date_1904=date_1904)
    return {name: data for name, data in parts.items() if name.startswith("xl/charts/")}


def _inside(tab: Tab, place: Place, value: object) -> bytes | None:
    """What follows a cell's format in its XML, for a text or a number; None for anything else."""
    if type(value) is str and len(value) <= SHORT:
        from addin.books.drawnparts import text_xml

        told = text_xml(cell_text(value, tab, place))
        return f' t="inlineStr"><is>{told}</is></c>'.encode() if value else b"/>"
    if (type(value) is int or type(value) is float) and isfinite(value):
        return f"><v>{value:.16G}</v></c>".encode()
    return None


def _with_cells(xml: bytes, changed: Mapping[Place, bytes]) -> bytes | None:
    """The sheet with other values in some cells, whose formats stay; None where one isn't found."""
    out: list[bytes | memoryview] = []
    view, at = memoryview(xml), 0
    for place in sorted(changed):
        opening = b'<c r="%b"' % cell_address(*place).encode()
        start = xml.find(opening, at)
        end = xml.find(b">", start) + 1
        if start < 0 or not end:
            return None
        style = _STYLE.search(xml, start, end)
        out += (view[at:start], opening, style[0] if style else b"", changed[place])
        at = end if xml.startswith(b"/>", end - 2) else xml.find(b"</c>", end) + 4
    return b"".join([*out, view[at:]])
