"""A partner's sheet as an .xlsx: drawn once by XlsxWriter, read back, and the plans that change it.

    의뢰    | 번호 (hidden) | 접수일시 | … | 방문일시 | … | 표시 | 본사 요청 |   sorted, filtered, typed into
    안내    how it works, the refresh box, the last sync, KPIs
    _hq     very hidden: danggol's own, as written last

The tabs are found by hidden names, so that renaming and moving them does no harm. Protection keeps headers and
danggol's tabs from accidents; every cell below a header stays open, for Excel sorts no range with a locked cell in it.
In a file the two lookup columns hold text that danggol writes by key: a file is only replaced if nobody changed it.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from addin.actions.partner_columns import book_cell, plain_cell
from addin.actions.views.parts import Say
from addin.books.edits import CLEAR, Edits
from addin.books.look import FLAG_FILL, FLAG_SYMBOL, STYLES
from addin.books.names import Names, cell_formula
from addin.books.package import Package
from addin.books.render import CHOICES_LIMIT, MADE, Formats
from addin.crm.grid import column_letter
from sheets_sync.layout import HQ_TAB, LAST_SYNC, REFRESH, REQUESTED_AT, SENTINEL
from sheets_sync.model import KEY, Hq, HqRow, KpiLine, PartnerRow, PartnerSheet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from addin.books.edits import EditValue
    from addin.books.read import Place, Snapshot
    from addin.crm.grid import Grid
    from sheets_sync.layout import Column, Layout
    from sheets_sync.model import Lead

#: Hidden names: the header cell of the key column, and the header of the KPIs on the guide.
ROWS_MARK: Final = "_danggol.sync.rows"
KPIS_MARK: Final = "_danggol.sync.kpis"
#: As far as filter, dropdowns and colours reach.
LAST_ROW: Final = 5_000
EMPTY_BOX, TICKED_BOX = "☐", "☑"
_SEARCHED = 30  # rows in which the header is looked for when its name is lost
_HQ_WIDTH = 6
_KPI_COLUMNS = ("name", "value", "target", "flag", "window")
GUIDE_IDS: Final = (
    *("how.1", "how.2", "how.3", "how.4", "how.5", "refresh", "last", "asks"),
    *(f"kpi.{name}" for name in _KPI_COLUMNS),
)
_TEXT_TYPES: Final = frozenset(("text", "id", "phone", "email", "brn", "category"))
_WIDTHS: Final = {"instant": 18, "money": 14, "phone": 16, "text": 30, "flag": 10}


# -- drawing -----------------------------------------------------------------------------------------------------------


def draw(layout: Layout, title: str) -> bytes:
    """A new partner's sheet. ``title`` stands on the guide."""
    import xlsxwriter

    buffer = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"author": "danggol", "created": MADE})
    say = Say(layout.lang)
    rows, guide, hq = (book.add_worksheet(name) for name in (layout.tab, layout.guide, HQ_TAB))
    _draw_rows(book, rows, layout)
    places = _draw_guide(book, guide, title, say)
    hq.write_string(0, 0, SENTINEL)
    hq.protect()
    hq.very_hidden()
    for name, (row, column) in places.items():
        if not name.startswith("_"):
            book.define_name(name, f"={cell_formula(layout.guide, row, column)}")
    book.close()
    package = Package(buffer.getvalue(), layout.tab)
    names = Names(package)
    names.set(ROWS_MARK, cell_formula(layout.tab, 1, 1 + [c.field for c in layout.columns].index(KEY)))
    names.set(KPIS_MARK, cell_formula(layout.guide, *places[KPIS_MARK]))
    names.save()
    whole = BytesIO()
    package.save(whole)
    return whole.getvalue()


def _draw_rows(book: Workbook, sheet: Worksheet, layout: Layout) -> None:
    formats = Formats(book)
    header = formats.cell("header")
    ours = book.add_format({**STYLES["header"], "bg_color": "#7F7F7F"})
    theirs = book.add_format({**STYLES["header"], "font_color": "#5C4400", "bg_color": "#FFE08A"})
    last = column_letter(len(layout.columns))
    for at, column in enumerate(layout.columns):
        look: dict[str, Any] = {"locked": False, "valign": "vcenter", "font_name": "맑은 고딕", "font_size": 10}
        if column.owner in ("key", "hq", "partner") and column.type in _TEXT_TYPES:
            look["num_format"] = "@"  # a phone number keeps its zero
        if column.owner == "lookup" or column.type == "text":
            look["text_wrap"] = True
        hidden = {"hidden": True} if column.owner == "key" else {}
        sheet.set_column(at, at, _width(column), book.add_format(look), hidden)
        style = {"partner": theirs, "lookup": ours}.get(column.owner, header)
        sheet.write_string(0, at, column.header, style)
        if column.owner == "partner":
            _offer(sheet, at, column)
    sheet.set_row(0, 30)
    key = f"${column_letter(1 + [c.field for c in layout.columns].index(KEY))}2"
    paper = book.add_format({"bg_color": "#FFF8DB", "border": 1, "border_color": "#E3CF86"})
    blank = f'=AND(LEFT({key},1)="N",ISNUMBER(-MID({key},2,6)),MID({key},8,1)="-")'  # a row for a new request
    for at, column in enumerate(layout.columns):
        if column.owner in ("partner", "hq"):
            criteria = f'={key}<>""' if column.owner == "partner" else blank
            rule: dict[str, Any] = {"type": "formula", "criteria": criteria, "format": paper}
            sheet.conditional_format(1, at, LAST_ROW, at, rule)
    at = [c.field for c in layout.columns].index("flag")
    for flag in ("breach", "warn"):
        fill = book.add_format({"bg_color": f"#{FLAG_FILL[flag]}"})
        rule = {"type": "text", "criteria": "begins with", "value": FLAG_SYMBOL[flag], "format": fill}
        sheet.conditional_format(1, at, LAST_ROW, at, rule)
    sheet.autofilter(f"A1:{last}{LAST_ROW}")
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    allowed = ("sort", "autofilter", "format_cells", "format_rows", "delete_rows")
    sheet.protect("", dict.fromkeys(allowed, True))


def _offer(sheet: Worksheet, at: int, column: Column) -> None:
    """A dropdown where there are choices; what isn't in it may still be typed."""
    if column.choices and len(",".join(column.choices)) <= CHOICES_LIMIT:
        sheet.data_validation(
            1, at, LAST_ROW, at, {"validate": "list", "source": list(column.choices), "show_error": False}
        )


def _width(column: Column) -> float:
    return 46 if column.field == "ask" else 12 if column.field == "flag" else _WIDTHS.get(column.type, 16)


def _draw_guide(book: Workbook, sheet: Worksheet, title: str, say: Say) -> dict[str, tuple[int, int]]:
    """The guide; gives where its named cells are, 1-based."""
    formats = Formats(book)
    sheet.hide_gridlines(2)
    for at, width in enumerate((3, 30, 18, 18, 14, 28)):
        sheet.set_column(at, at, width)
    sheet.write_string(1, 1, title, formats.cell("title"))
    row = 3
    for line in ("how.1", "how.2", "how.3", "how.4", "how.5"):
        sheet.merge_range(row, 1, row, 5, say(f"sync.book.{line}"), formats.cell("text"))
        sheet.set_row(row, 32)
        row += 1
    row += 1
    box = book.add_format({**STYLES["input"], "locked": False, "font_size": 16, "align": "center"})
    sheet.write_string(row, 1, say("sync.book.refresh"), formats.cell("strong"))
    sheet.write_string(row, 2, EMPTY_BOX, box)
    sheet.data_validation(row, 2, row, 2, {"validate": "list", "source": [EMPTY_BOX, TICKED_BOX]})
    sheet.write_string(row + 1, 1, say("sync.book.last"), formats.cell("strong"))
    sheet.write_blank(row + 1, 2, None, formats.cell("cell"))
    places = {REFRESH: (row + 1, 3), LAST_SYNC: (row + 2, 3), REQUESTED_AT: (row + 2, 4)}
    row += 3
    for at, name in enumerate(_KPI_COLUMNS, 1):
        sheet.write_string(row, at, say(f"sync.book.kpi.{name}"), formats.cell("header"))
    places[KPIS_MARK] = (row + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect()
    return places


# -- reading -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rows:
    """Where the partner's table stands: its sheet, the 1-based header row, the field of each column ("" = none)."""

    grid: Grid
    head: int
    header: tuple[str, ...]

    def columns(self) -> dict[str, int]:
        """Field → 1-based column; of two columns of a name the first."""
        out: dict[str, int] = {}
        for at, field in enumerate(self.header, 1):
            if field:
                out.setdefault(field, at)
        return out

    def keys(self) -> dict[int, str]:
        """1-based row → its key, of the rows that have one."""
        column = self.columns().get(KEY)
        if column is None:
            return {}
        found = ((row, self.grid.value(row, column)) for row in range(self.head + 1, len(self.grid.rows) + 1))
        return {row: str(plain_cell(value)).strip() for row, value in found if value is not None}


def find_rows(snapshot: Snapshot, layout: Layout) -> Rows | None:
    """The partner's table: by its hidden name, else by the tab's name and the key's header. None: the tab is gone."""
    place: Place | None = snapshot.names.get(ROWS_MARK)
    grid = snapshot.grid(place.sheet if place else layout.tab) or snapshot.grid(layout.tab)
    if grid is None:
        return None
    heads = [row for row in range(1, _SEARCHED + 1) if KEY in layout.fields(_line(grid, row))]
    named = place.row if place and place.sheet == grid.name else 1
    head = named if named in heads or not heads else heads[0]
    return Rows(grid, head, layout.fields(_line(grid, head)))


def _line(grid: Grid, row: int) -> Sequence[object]:
    return [grid.value(row, column) for column in range(1, grid.width + 1)]


def parse(snapshot: Snapshot, layout: Layout, version: str) -> PartnerSheet:
    """A partner's sheet as read. A tab that is gone gives an empty sheet without sentinel: the brake stops it."""
    found = find_rows(snapshot, layout)
    hq = snapshot.grid(HQ_TAB)
    sentinel = str(hq.value(1, 1) or "") if hq else ""
    if found is None:
        return PartnerSheet((), (), Hq(), "", "", version)
    columns = {at: field for at, field in enumerate(found.header, 1) if field and field != KEY}
    keys = found.keys()
    rows = []
    for row in range(found.head + 1, len(found.grid.rows) + 1):
        cells = {
            field: plain_cell(value, found.grid.has_time(row, at))
            for at, field in columns.items()
            if (value := found.grid.value(row, at)) is not None
        }
        if cells or row in keys:
            rows.append(PartnerRow(row, keys.get(row, ""), cells))
    refresh = " ".join(str(_named(snapshot, name) or "") for name in (REFRESH, REQUESTED_AT)).strip()
    return PartnerSheet(found.header, tuple(rows), _parse_hq(hq), sentinel, refresh, version)


def _named(snapshot: Snapshot, name: str) -> object:
    place = snapshot.names.get(name)
    grid = snapshot.grid(place.sheet) if place else None
    return grid.value(place.row, place.column) if grid and place else None


def _parse_hq(grid: Grid | None) -> Hq:
    rows, kpis, asks = [], [], []
    for row in range(2, len(grid.rows) + 1) if grid else ():
        assert grid is not None
        kind, *cells = (str(grid.value(row, column) or "") for column in range(1, _HQ_WIDTH + 1))
        match kind:
            case "row":
                rows.append(HqRow(*cells[:3]))
            case "kpi":
                kpis.append(KpiLine(*cells[:5]))
            case "ask":
                asks.append(cells[0])
    return Hq(tuple(rows), tuple(kpis), tuple(asks))


# -- changing ----------------------------------------------------------------------------------------------------------


def append_edits(snapshot: Snapshot, layout: Layout, leads: Sequence[Lead]) -> Edits:
    """Rows below everything that stands in the partner's tab; only the cells a lead has, and its key."""
    edits, found = Edits("sync"), find_rows(snapshot, layout)
    if found is None:
        return edits
    columns = found.columns()
    first = max(found.head, len(found.grid.rows)) + 1
    width = max(columns.values(), default=0)
    block: list[list[EditValue]] = []
    for lead in leads:
        line: list[EditValue] = [None] * width
        for field, cell in {KEY: lead.key, **lead.cells}.items():
            if field in columns:
                line[columns[field] - 1] = book_cell(cell)
        block.append(line)
    if block:
        edits.write(found.grid.name, first, 1, block)
    return edits


def hq_edits(snapshot: Snapshot, layout: Layout, hq: Hq, synced_at: str) -> Edits:
    """``_hq`` as a whole, the guide's KPIs and time, and each row's own flag and ask by its key."""
    edits = Edits("sync")
    _whole(edits, snapshot, HQ_TAB, 2, 1, _hq_lines(hq), _HQ_WIDTH)
    place = snapshot.names.get(KPIS_MARK)
    if place is not None:
        _whole(edits, snapshot, place.sheet, place.row + 1, place.column, _guide_lines(hq, Say(layout.lang)),
               len(_KPI_COLUMNS))  # fmt: skip
    place = snapshot.names.get(LAST_SYNC)
    if place is not None and snapshot.grid(place.sheet) is not None:
        edits.write(place.sheet, place.row, place.column, [[synced_at]])
    found = find_rows(snapshot, layout)
    if found is not None:
        _beside(edits, found, {row.key: row for row in hq.rows})
    return edits


def _hq_lines(hq: Hq) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [("row", row.key, row.flag, row.ask) for row in hq.rows]
    lines += [("kpi", *(getattr(kpi, name) for name in _KPI_COLUMNS)) for kpi in hq.kpis]
    return [*lines, *(("ask", ask) for ask in hq.asks)]


def _guide_lines(hq: Hq, say: Say) -> list[tuple[str, ...]]:
    lines: list[tuple[str, ...]] = [tuple(getattr(kpi, name) for name in _KPI_COLUMNS) for kpi in hq.kpis]
    if hq.asks:
        lines += [(), (say("sync.book.asks"),), *((ask,) for ask in hq.asks)]
    return lines


def _whole(
    edits: Edits, snapshot: Snapshot, sheet: str, row: int, column: int, lines: Sequence[Sequence[str]], width: int
) -> None:
    """Write a block that is all ours down to the end of its sheet; what stood below goes."""
    grid = snapshot.grid(sheet)
    if grid is None:
        return
    rows = max(len(lines), len(grid.rows) - row + 1)
    block: list[list[EditValue]] = []
    for n in range(rows):
        line = lines[n] if n < len(lines) else ()
        wanted = [line[c] if c < len(line) else "" for c in range(width)]
        there = [grid.value(row + n, column + c) for c in range(width)]
        block.append([None if (now or "") == text else text or CLEAR for text, now in zip(wanted, there, strict=True)])
    if any(value is not None for line in block for value in line):
        edits.write(grid.name, row, column, block)


def _beside(edits: Edits, found: Rows, rows: Mapping[str, HqRow]) -> None:
    columns, keys = found.columns(), found.keys()
    for field in ("flag", "ask"):
        at = columns.get(field)
        if at is None or not keys:
            continue
        first, last = min(keys), max(keys)
        block: list[list[EditValue]] = []
        for row in range(first, last + 1):
            told = rows.get(keys.get(row, ""))
            text = getattr(told, field) if told else ""
            now = found.grid.value(row, at)
            leave = row not in keys or (now or "") == text
            block.append([None if leave else text or CLEAR])
        if any(line[0] is not None for line in block):
            edits.write(found.grid.name, first, at, block)


def make(path: Path, layout: Layout, title: str) -> None:
    """Write a new sheet where no file is. Raises `FileExistsError` where there is one, `OSError` as the system does."""
    data = draw(layout, title)
    with path.open("xb") as file:
        file.write(data)
