"""Tabs → the bytes of an .xlsx, by XlsxWriter. The same tabs always give the same bytes.

Text stays text: nothing that begins with ``=``, looks like a number or like an address becomes one.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO
from math import isfinite
from typing import TYPE_CHECKING, Any

from addin.books.charts import fixed_range, native_chart
from addin.books.look import FONT, PAINTABLE, STYLES, default_style, lines, text_width
from addin.books.tab import Link, Tab, TabValue
from addin.crm.grid import cell_address
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

    from addin.books.drawnparts import Placed
    from addin.books.drawnsheet import DrawnSheet
    from addin.books.tab import Bars, Choices, Paint
    from addin.crm.grid import Rect

MADE = dt.datetime(2026, 1, 1)  # fixed: a file's date must not make two equal tabs differ
TEXT_LIMIT = 32_767
SHORT = TEXT_LIMIT // 2  # no text of so many characters is too long for a cell, however it is counted
LINK_LIMIT = 65_000
CHOICES_LIMIT = 255
_TABLE_NAME = re.compile(r"[^\W\d][\w.]{0,254}")
_LIKE_A_CELL = re.compile(r"[A-Za-z]{1,3}\d+|[RrCc]|[Rr]\d*[Cc]\d*")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_FONT = {"font_name": FONT, "font_size": 10, "font_scheme": "none"}  # no scheme: the person's theme stays out of it


def render(tabs: Sequence[Tab], *, date_1904: bool = False) -> bytes:
    """An .xlsx holding these tabs, in order.

    ``date_1904`` writes dates for a workbook that counts them from 1904.
    Raises `BookRefused` for text over 32,767 characters or a name Excel can't hold.

    >>> render([Tab.of_values("t", [["=1+1"]])])[:2]
    b'PK'
    """
    from addin.books.drawnsheet import DrawnSheet

    buffer = BytesIO()
    _draw(_workbook(buffer, DrawnSheet, date_1904), tabs)
    return buffer.getvalue()


def render_parts(tab: Tab, placed: Placed, *, date_1904: bool = False) -> dict[str, bytes]:
    """The parts of an .xlsx that holds this tab alone, by name, as they go into a person's book.

    Texts stand in their cells; ``placed`` is given styles.xml and tells each cell format's number in the book. Parts
    that only a workbook of its own needs (theme, properties) are left out. Raises as `render` does.
    """
    from addin.books.drawnparts import InlineSheet, Parts, Texts

    workbook = _workbook(BytesIO(), InlineSheet, date_1904)
    workbook.str_table = Texts()
    parts = Parts(placed)
    workbook._get_packager = lambda: parts  # XlsxWriter's own way to another packager
    _draw(workbook, [tab])
    return parts.parts


def _workbook(file: BytesIO, sheets: type[DrawnSheet], date_1904: bool) -> Workbook:
    import xlsxwriter

    workbook = xlsxwriter.Workbook(file, {**_OPTIONS, "default_format_properties": dict(_FONT), "date_1904": date_1904})
    workbook.worksheet_class = sheets
    workbook.set_properties({"author": "danggol", "created": MADE})
    return workbook


def _draw(workbook: Workbook, tabs: Sequence[Tab]) -> None:
    """Draw the tabs, and close the workbook."""
    from xlsxwriter.exceptions import XlsxWriterException

    formats = Formats(workbook)
    for tab in tabs:
        try:
            sheet = workbook.add_worksheet(tab.name)
        except XlsxWriterException as error:
            raise BookRefused("tab.bad_name", where=tab.name, value=tab.name) from error
        _write(workbook, sheet, tab, formats)
    workbook.close()


class Formats:
    """The workbook's formats by style name, made once each."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, str], Format] = {}

    def cell(self, style: str) -> Format:
        """The format of a cell style."""
        return self._made.get(("cell", style)) or self._make("cell", style, dict(STYLES[style]))

    def paint(self, style: str) -> Format:
        """What a conditional format may show of a style."""
        return self._make("paint", style, {k: v for k, v in STYLES[style].items() if k in PAINTABLE})

    def _make(self, kind: str, style: str, props: dict[str, Any]) -> Format:
        if (kind, style) not in self._made:
            self._made[kind, style] = self._workbook.add_format(props)
        return self._made[kind, style]


def _write(workbook: Workbook, sheet: DrawnSheet, tab: Tab, formats: Formats) -> None:
    for column, width in sorted(tab.widths.items()):
        sheet.set_column(column - 1, column - 1, width, None, {"hidden": True} if width == 0 else {})
    for row, height in sorted(tab.heights.items()):
        sheet.set_row(row - 1, height)
    _cells(sheet, tab, formats)
    for (row, column), note in sorted(tab.notes.items()):
        sheet.write_comment(row - 1, column - 1, cell_text(note, tab, (row, column)), _note_box(note))
    for bars in tab.bars:
        sheet.conditional_format(*_zero(bars.rect), _bars(bars))
    for paint in tab.paints:
        sheet.conditional_format(*_zero(paint.rect), _paint(paint, formats))
    for choices in tab.choices:
        sheet.data_validation(*_zero(choices.rect), _choices(choices, tab))
    for chart in tab.charts:
        sheet.insert_chart(chart.row - 1, chart.column - 1, native_chart(workbook, chart, tab.name))
    if tab.table is not None:
        _list_object(sheet, tab, formats)
    elif tab.filter:
        sheet.autofilter(*_zero(tab.filter))
    _page(sheet, tab)


def _cells(sheet: DrawnSheet, tab: Tab, formats: Formats) -> None:
    inside: set[tuple[int, int]] = set()
    for rect in tab.merges:
        r1, c1, r2, c2 = rect
        if (r1, c1) == (r2, c2):
            continue
        style = tab.styles.get((r1, c1)) or default_style(tab.cells.get((r1, c1)))
        sheet.merge_range(*_zero(rect), "", formats.cell(style))
        inside |= {(r, c) for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)} - {(r1, c1)}
    people = {(r, c) for r1, c1, r2, c2 in tab.people for r in range(r1, r2 + 1) for c in range(c1, c2 + 1)}
    places = sorted([place for place in {**tab.cells, **tab.styles, **dict.fromkeys(people)} if place not in inside])
    if not places:
        return
    columns = [column for _, column in places]
    if not sheet.reach(places[0][0] - 1, min(columns) - 1, places[-1][0] - 1, max(columns) - 1):
        raise BookRefused("book.outside_sheet", where=tab.name, value=cell_address(places[-1][0], max(columns)))
    value_at, style_at = tab.cells.get, tab.styles.get
    looks: dict[str, Format] = {}
    links = 0
    for place in places:
        row, column = place
        value = value_at(place)
        style = style_at(place) or ("input" if place in people else default_style(value))
        look = looks.get(style)
        if look is None:
            look = looks[style] = formats.cell(style)
        if value is None or value == "":
            sheet.put_blank(row - 1, column - 1, look)
        elif type(value) is str and len(value) <= SHORT:
            sheet.put_text(row - 1, column - 1, cell_text(value, tab, place), look)
        elif (type(value) is int or type(value) is float) and isfinite(value):
            sheet.put_number(row - 1, column - 1, value, look)
        elif isinstance(value, Link):
            links += 1
            if links > LINK_LIMIT:  # a sheet holds 65,530 links; beyond, the words alone
                value = value.text
            _cell(sheet, tab, row, column, value, look)
        else:
            _cell(sheet, tab, row, column, value, look)


def _cell(sheet: DrawnSheet, tab: Tab, row: int, column: int, value: TabValue | Link, look: Format) -> None:
    """A cell of the rarer kinds, as XlsxWriter checks and writes it."""
    place = (row - 1, column - 1)
    if isinstance(value, Link):
        target = value.sheet.replace("'", "''")
        sheet.write_url(*place, f"internal:'{target}'!{value.cell}", look, cell_text(value.text, tab, (row, column)))
    elif isinstance(value, bool):
        sheet.write_boolean(*place, value, look)
    elif isinstance(value, int | float | Decimal):
        sheet.write_number(*place, value, look)
    elif isinstance(value, dt.date):
        sheet.write_datetime(*place, value, look)
    else:
        sheet.write_string(*place, cell_text(str(value), tab, (row, column)), look)


def cell_text(text: str, tab: Tab, place: tuple[int, int]) -> str:
    """Text as a file can hold it: half a surrogate pair becomes the replacement character."""
    if len(text) > TEXT_LIMIT:
        raise BookRefused("tab.text_too_long", where=f"{tab.name}!{cell_address(*place)}", value=text[:40])
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode()
    return text


def _note_box(note: str) -> dict[str, Any]:
    """A note's box just large enough for its text."""
    width = min(max(text_width(note) * 7 + 24, 140), 380)
    return {
        "author": "danggol",
        "width": width,
        "height": lines(note, (width - 16) / 7) * 18 + 16,
        "font_name": FONT,
        "font_size": 9,
        "color": "#FFFFF4",
    }


def _bars(bars: Bars) -> dict[str, Any]:
    options: dict[str, Any] = {
        "type": "data_bar",
        "data_bar_2010": True,
        "bar_solid": True,
        "bar_color": f"#{bars.color}",
        "bar_no_border": True,
        "bar_negative_color_same": True,
        "bar_axis_position": "none",
        "min_length": 0,
        "max_length": 100,
    }
    if bars.low is not None:
        options |= {"min_type": "num", "min_value": bars.low}
    if bars.high is not None:
        options |= {"max_type": "num", "max_value": bars.high}
    return options


def _paint(paint: Paint, formats: Formats) -> dict[str, Any]:
    quoted = paint.text.replace('"', '""')
    return {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": formats.paint(paint.style)}


def _choices(choices: Choices, tab: Tab) -> dict[str, Any]:
    options: list[str] | str = list(choices.options)
    if choices.source is not None:
        options = "=" + fixed_range(choices.source)
    elif len(",".join(choices.options)) > CHOICES_LIMIT or any("," in option for option in choices.options):
        raise BookRefused("tab.choices_too_long", where=f"{tab.name}!{cell_address(*choices.rect[:2])}")
    return {
        "validate": "list",
        "source": options,
        "ignore_blank": True,
        "show_error": choices.strict,
        "error_type": "stop",
    }


def _list_object(sheet: DrawnSheet, tab: Tab, formats: Formats) -> None:
    """The whole block from A1 as a ListObject; header texts are made unique, as Excel demands."""
    if not _TABLE_NAME.fullmatch(tab.table or "") or _LIKE_A_CELL.fullmatch(tab.table or ""):
        raise BookRefused("tab.bad_table_name", where=tab.name, value=tab.table or "")
    last_row, last_column = tab.last
    seen: set[str] = set()
    columns = []
    for column in range(1, last_column + 1):
        value = tab.cells.get((1, column))
        held = value.text if isinstance(value, Link) else "" if value is None else str(value)
        wanted = cell_text(held, tab, (1, column)) or f"#{column}"
        name, again = wanted, 1
        while name.casefold() in seen:
            again += 1
            name = f"{wanted} ({again})"
        seen.add(name.casefold())
        columns.append({"header": name, "header_format": formats.cell("header")})
    options = {"name": tab.table, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(last_row, 2) - 1, max(last_column, 1) - 1, options)


def _page(sheet: DrawnSheet, tab: Tab) -> None:
    if tab.freeze:
        sheet.freeze_panes(tab.freeze[0] - 1, tab.freeze[1] - 1)
    if not tab.gridlines:
        sheet.hide_gridlines(2)
    if tab.landscape:
        sheet.set_landscape()
    if tab.tab_color:
        sheet.set_tab_color(f"#{tab.tab_color}")
    if tab.repeat:
        sheet.repeat_rows(tab.repeat[0] - 1, tab.repeat[1] - 1)
    sheet.set_zoom(tab.zoom)
    sheet.set_paper(9)  # A4
    if tab.print_scale:
        sheet.set_print_scale(tab.print_scale)
        sheet.set_v_pagebreaks(list(tab.breaks))
    else:
        sheet.fit_to_pages(1, tab.pages_tall)
    if tab.row_breaks:
        sheet.set_h_pagebreaks(list(tab.row_breaks))
    if tab.repeat_columns:
        sheet.repeat_columns(0, tab.repeat_columns - 1)
    sheet.center_horizontally()
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.set_footer(f'&L&"{FONT}"&8&A&R&"{FONT}"&8&P / &N')


def _zero(rect: Rect) -> Rect:
    r1, c1, r2, c2 = rect
    return r1 - 1, c1 - 1, r2 - 1, c2 - 1
