"""Native, editable PowerPoint charts: each look is built once by python-pptx and copied with its own numbers."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.documents.deck.workbook import chart_workbook

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Windows and Office on a Mac have it; a deck can't bring its own.
FONT: Final = "맑은 고딕"
BLUE, RED = "14599F", "C0392B"
_SHARE: Final = "0%"


@dataclass(frozen=True, slots=True)
class Look:
    """How a chart looks: bars from the top, ``worst`` in red; or lines over weeks, a missing week a gap."""

    kind: Literal["bars", "lines"]
    number_format: str
    series: int = 1
    legend: bool = False
    worst: int | None = None


def chart_part(
    package: Any, look: Look, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]
) -> Any:
    """A chart of a package, with the workbook its numbers are edited in."""
    from pptx.chart.xmlwriter import SeriesXmlRewriterFactory
    from pptx.opc.constants import CONTENT_TYPE
    from pptx.parts.chart import ChartPart

    space = deepcopy(_prototype(look))
    SeriesXmlRewriterFactory(_type(look), _data(look, labels, series)).replace_series_data(space)
    part = ChartPart(package.next_partname(ChartPart.partname_template), CONTENT_TYPE.DML_CHART, package, space)
    part.chart_workbook.update_from_xlsx_blob(chart_workbook(labels, series, look.number_format))
    return part


def _data(look: Look, labels: Sequence[str], series: Sequence[tuple[str, Sequence[float | None]]]) -> Any:
    from pptx.chart.data import CategoryChartData

    data = CategoryChartData(number_format=look.number_format)
    data.categories = labels
    for label, values in series:
        data.add_series(label, values)
    return data


def _type(look: Look) -> Any:
    from pptx.enum.chart import XL_CHART_TYPE

    return XL_CHART_TYPE.BAR_CLUSTERED if look.kind == "bars" else XL_CHART_TYPE.LINE_MARKERS


@lru_cache(maxsize=64)
def _prototype(look: Look) -> Any:
    """The chart's XML with invented numbers, as many as the look needs."""
    from pptx.chart.chart import Chart
    from pptx.oxml import parse_xml
    from pptx.util import Pt

    count = 1 + (look.worst or 0)
    space = parse_xml(_data(look, ["-"] * count, [("-", [1] * count)] * look.series).xml_bytes(_type(look)))
    chart = Chart(space, None)
    chart.has_title = False
    chart.font.size = Pt(11)
    (_bars if look.kind == "bars" else _lines)(chart, look)
    for properties in space.iter("{*}defRPr"):
        fonts(properties)
    return space


def _bars(chart: Any, look: Look) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_TICK_LABEL_POSITION

    chart.has_legend = False
    plot = chart.plots[0]
    plot.gap_width, plot.has_data_labels = 35, True
    chart.category_axis.reverse_order = True
    chart.category_axis.format.line.color.rgb = RGBColor.from_string("D1D5DB")
    chart.value_axis.minimum_scale = 0
    chart.value_axis.has_major_gridlines = False
    chart.value_axis.tick_label_position = XL_TICK_LABEL_POSITION.NONE
    chart.value_axis.format.line.fill.background()
    series = plot.series[0]
    series.format.fill.solid()
    series.format.fill.fore_color.rgb = RGBColor.from_string(BLUE)
    if look.worst is not None:
        fill = series.points[look.worst].format.fill
        fill.solid()
        fill.fore_color.rgb = RGBColor.from_string(RED)


def _lines(chart: Any, look: Look) -> None:
    from pptx.dml.color import RGBColor
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_MARKER_STYLE
    from pptx.util import Pt

    chart.has_legend = look.legend
    if look.legend:
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
    chart.value_axis.minimum_scale = 0
    chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E5E7EB")
    chart.value_axis.format.line.fill.background()
    chart.value_axis.tick_labels.number_format = look.number_format
    chart.value_axis.tick_labels.number_format_is_linked = False
    if look.number_format == _SHARE:
        chart.value_axis.maximum_scale, chart.value_axis.major_unit = 1, 0.5
    for line, color in zip(chart.plots[0].series, (BLUE, RED), strict=False):
        line.smooth = False
        line.format.line.color.rgb = RGBColor.from_string(color)
        line.format.line.width = Pt(2)
        line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 5
        line.marker.format.fill.solid()
        line.marker.format.fill.fore_color.rgb = RGBColor.from_string(color)
        line.marker.format.line.color.rgb = RGBColor.from_string(color)


def fonts(properties: Any) -> None:
    """Set Latin and East Asian letters to one font: without the second, Hangul falls to whatever is there."""
    from pptx.oxml.ns import qn

    for tag in ("a:latin", "a:ea"):
        for old in properties.findall(qn(tag)):
            properties.remove(old)
    after = [child.tag for child in properties]
    place = len(after)
    for i, tag in enumerate(after):
        if tag.rpartition("}")[2] in ("cs", "sym", "hlinkClick", "hlinkMouseOver", "rtl", "extLst"):
            place = i
            break
    for offset, tag in enumerate(("a:latin", "a:ea")):
        properties.insert(place + offset, properties.makeelement(qn(tag), {"typeface": FONT}))
