"""A tab's `Chart` as an XlsxWriter chart: columns and lines over the same weeks, a second axis, Korean fonts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from addin.books.look import FONT, LINE, NAVY, PALE_INK
from addin.crm.grid import column_letter

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.chart import Chart as NativeChart

    from addin.books.tab import Chart, Series
    from addin.crm.grid import Rect

_LABEL = {"name": FONT, "size": 8, "color": f"#{PALE_INK}"}
_WEEKS_SHOWN = 13  # about this many labels under a chart, whatever its length


def native_chart(workbook: Workbook, chart: Chart, tab_name: str) -> NativeChart:
    """The native chart; references carry the sheet's name, gaps in the data stay gaps.

    Columns stand on the left axis; beside columns all lines share one axis (the right one if any asks for it).
    """
    sheet = chart.sheet or tab_name
    columns = [s for s in chart.series if s.kind == "column"]
    lines = [s for s in chart.series if s.kind != "column"]
    if not columns or not lines:
        native = _plot(workbook, chart, sheet, "column" if columns else "line", columns or lines)
        _dress(native, native, chart)
        return native
    native = _plot(workbook, chart, sheet, "column", columns)
    second = any(one.second for one in lines)
    above = _plot(workbook, chart, sheet, "line", [replace(one, second=second) for one in lines])
    native.combine(above)
    _dress(native, above, chart)
    return native


def _plot(workbook: Workbook, chart: Chart, sheet: str, kind: str, series: list[Series]) -> NativeChart:
    native = workbook.add_chart({"type": kind})
    for one in series:
        colour = f"#{one.color}"
        options: dict[str, Any] = {
            "name": one.name,
            "categories": _reference(sheet, chart.categories),
            "values": _reference(sheet, one.values),
            "y2_axis": one.second,
        }
        if chart.labels:
            options["categories_data"] = list(chart.labels)
        if one.shown:
            options["values_data"] = ["" if value is None else value for value in one.shown]
        if kind == "column":
            options |= {"fill": {"color": colour}, "border": {"none": True}, "gap": 40}
        else:
            options |= {"line": {"color": colour, "width": 2.25}, "marker": {"type": "none"}}
        native.add_series(options)
    return native


def _dress(native: NativeChart, above: NativeChart, chart: Chart) -> None:
    seconds = any(series.second for series in chart.series)
    count = chart.categories[2] - chart.categories[0] + chart.categories[3] - chart.categories[1] + 1
    interval = max(1, round(count / _WEEKS_SHOWN))
    share: dict[str, Any] = {"num_format": "0%", "min": 0, "max": 1}
    whole: dict[str, Any] = {"num_format": "#,##0", "min": 0}
    native.set_title({"name": chart.title, "name_font": {"name": FONT, "size": 11, "bold": True, "color": f"#{NAVY}"}})
    native.set_x_axis(
        {
            "num_font": _LABEL | {"rotation": -45},
            "interval_unit": interval,
            "interval_tick": interval,
            "line": {"color": f"#{LINE}"},
            "major_tick_mark": "none",
        }
    )
    left = share if chart.percent and not seconds else whole
    native.set_y_axis(
        left
        | {
            "num_font": _LABEL,
            "line": {"none": True},
            "major_gridlines": {"visible": True, "line": {"color": "#E8EAED"}},
        }
    )
    if seconds:
        above.set_y2_axis((share if chart.percent else whole) | {"num_font": _LABEL, "line": {"none": True}})
    native.set_legend({"position": "bottom", "font": _LABEL})
    native.set_chartarea({"border": {"color": f"#{LINE}"}})
    native.show_blanks_as("gap")
    native.set_size({"width": chart.width, "height": chart.height})


def _reference(sheet: str, rect: Rect) -> str:
    quoted = sheet.replace("'", "''")
    return f"='{quoted}'!{fixed_range(rect)}"


def fixed_range(rect: Rect) -> str:
    """(2, 1, 5, 3) → '$A$2:$C$5'."""
    first_row, first, last_row, last = rect
    return f"${column_letter(first)}${first_row}:${column_letter(last)}${last_row}"
