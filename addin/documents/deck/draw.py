"""A week's slide drawn with native, editable PowerPoint charts, and a fingerprint that tells a person's edit."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import Slide

    from addin.documents.deck.face import Face

#: Windows and Office on a Mac have it; a deck can't bring its own.
FONT: Final = "맑은 고딕"
#: The page everything is placed on, in inches.
WIDTH, HEIGHT = 13.333, 7.5
INK, GREY, BLUE, RED = "1F2937", "6B7280", "14599F", "C0392B"
TITLE: Final = "danggol week "
_CREATED: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_RIDS: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def new_presentation() -> Presentation:
    """A wide presentation without slides, its theme in a font that has Hangul."""
    import pptx
    from lxml import etree
    from pptx.opc.constants import RELATIONSHIP_TYPE
    from pptx.util import Inches

    presentation = pptx.Presentation()
    presentation.slide_width, presentation.slide_height = Inches(WIDTH), Inches(HEIGHT)
    theme = presentation.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(theme.blob)
    fonts = "//*[local-name()='majorFont' or local-name()='minorFont']"
    for font in root.xpath(
        f"{fonts}/*[local-name()='latin' or local-name()='ea'] | {fonts}/*[local-name()='font' and @script='Hang']"
    ):
        font.set("typeface", FONT)
    theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return presentation


def draw(slide: Slide, face: Face, width: int, height: int) -> None:
    """Put a week on a slide; what stands on it, but its notes, goes. ``width``, ``height``: the page in EMU."""
    _clear(slide)
    page = _Page(slide, width, height)
    page.text(TITLE + face.week, (0.5, 0.3, 12.3, 0.7), [face.title], 26, bold=True, title=True)
    if face.blank:
        page.text("danggol blank", (0.5, 1.1, 12.3, 0.5), [face.blank], 16, color=GREY)
        return
    page.text("danggol constraint", (0.5, 1.0, 12.3, 0.5), [face.headline], 20, bold=True, color=RED)
    page.text("danggol why", (0.5, 1.5, 12.3, 1.25), face.why, 12)
    page.text("danggol funnel title", (0.5, 2.8, 6.1, 0.35), face.heads[:1], 12, bold=True)
    page.bars("danggol funnel", (0.5, 3.1, 6.1, 3.6), face)
    page.text("danggol weeks title", (6.9, 2.8, 6.0, 0.35), face.heads[1:2], 12, bold=True)
    weeks = [week for week, *_ in face.history]
    counts = {face.series[0]: [n for _, n, _, _ in face.history], face.series[1]: [n for _, _, n, _ in face.history]}
    page.lines("danggol weeks", (6.9, 3.1, 6.0, 1.9), weeks, list(counts.items()), "#,##0", legend=True)
    page.text("danggol rate title", (6.9, 5.0, 6.0, 0.35), face.heads[2:], 12, bold=True)
    shares = [share for *_, share in face.history]
    page.lines("danggol rate", (6.9, 5.3, 6.0, 1.4), weeks, [(face.series[2], shares)], "0%", legend=False)
    page.text("danggol flags", (0.5, 6.8, 12.3, 0.45), [face.flags or ""], 12, color=GREY)


def fingerprint(slide: Slide) -> str:
    """A short hash of what a person sees and may edit: texts, looks, places, charts' data; not of how it is saved."""
    told: list[object] = []
    for shape in slide.shapes:
        told.append((shape.name, str(shape.shape_type), shape.left, shape.top, shape.width, shape.height))
        if shape.has_text_frame:
            told += [_runs(paragraph) for paragraph in shape.text_frame.paragraphs]
        if getattr(shape, "has_chart", False):
            for plot in shape.chart.plots:
                told.append([str(category) for category in plot.categories])
                told += [(series.name, [_number(v) for v in series.values]) for series in plot.series]
                told.append(type(plot).__name__)
    names = {child.tag.rpartition("}")[2] for child in slide._element} & {"timing", "transition"}
    told += [sorted(names), slide._element.get("show", "1") in ("0", "false")]
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _runs(paragraph: Any) -> list[tuple[object, ...]]:
    """A paragraph's texts with their looks; runs that look the same are one, however an editor cuts them."""
    found: list[tuple[object, ...]] = []
    for run in paragraph.runs:
        colour = run._r.xpath("./a:rPr/a:solidFill/a:srgbClr/@val")
        look = (run.font.size, bool(run.font.bold), bool(run.font.italic), tuple(colour))
        if found and found[-1][1:] == look:
            found[-1] = (f"{found[-1][0]}{run.text}", *look)
        else:
            found.append((run.text, *look))
    return found


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.9g}"


def _clear(slide: Slide) -> None:
    """Take everything of a slide away, with the charts only it had."""
    tree = slide.shapes._spTree
    for element in list(tree)[2:]:  # its own two properties stay
        for holder in element.iter("{*}chart"):
            slide.part.rels.pop(holder.get(_RIDS))
        tree.remove(element)


class _Page:
    """Places things on a slide, in inches of a wide page however large the deck's pages are."""

    def __init__(self, slide: Slide, width: int, height: int) -> None:
        self.slide, self.across, self.down = slide, width / WIDTH, height / HEIGHT

    def box(self, box: tuple[float, float, float, float]) -> tuple[int, int, int, int]:
        x, y, w, h = box
        return round(x * self.across), round(y * self.down), round(w * self.across), round(h * self.down)

    def text(
        self,
        name: str,
        box: tuple[float, float, float, float],
        lines: Any,
        size: int,
        *,
        bold: bool = False,
        color: str = INK,
        title: bool = False,
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
        from pptx.util import Pt

        shape = self.slide.shapes.add_textbox(*self.box(box))
        shape.name = name
        if title:
            # The title of a slide is what screen readers and the outline read.
            placed = shape._element.nvSpPr.find("{*}nvPr")
            placed.append(placed.makeelement(_tag("p:ph"), {"type": "title"}))
            shape._element.nvSpPr.find("{*}cNvSpPr").attrib.pop("txBox", None)
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size, frame.vertical_anchor = True, MSO_AUTO_SIZE.NONE, MSO_ANCHOR.TOP
        for i, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if i == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = line
            run.font.size, run.font.bold, run.font.color.rgb = Pt(size), bold, RGBColor.from_string(color)
            _fonts(run._r.get_or_add_rPr())

    def bars(self, name: str, box: tuple[float, float, float, float], face: Face) -> None:
        """The week's funnel, the first step on top, the constraint's step in red."""
        from pptx.chart.data import CategoryChartData
        from pptx.dml.color import RGBColor
        from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION

        data = CategoryChartData(number_format="#,##0")
        data.categories = [label for label, _ in face.funnel]
        data.add_series(face.heads[0], [count for _, count in face.funnel])
        chart = self._chart(name, box, XL_CHART_TYPE.BAR_CLUSTERED, data)
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
        if face.worst is not None:
            fill = series.points[face.worst].format.fill
            fill.solid()
            fill.fore_color.rgb = RGBColor.from_string(RED)

    def lines(
        self,
        name: str,
        box: tuple[float, float, float, float],
        weeks: list[str],
        series: list[tuple[str, Any]],
        number_format: str,
        *,
        legend: bool,
    ) -> None:
        """Lines over weeks; a week without a value is a gap."""
        from pptx.chart.data import CategoryChartData
        from pptx.dml.color import RGBColor
        from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION, XL_MARKER_STYLE
        from pptx.util import Pt

        data = CategoryChartData(number_format=number_format)
        data.categories = weeks
        for label, values in series:
            data.add_series(label, values)
        chart = self._chart(name, box, XL_CHART_TYPE.LINE_MARKERS, data)
        chart.has_legend = legend
        if legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.RIGHT, False
        chart.value_axis.minimum_scale = 0
        chart.value_axis.major_gridlines.format.line.color.rgb = RGBColor.from_string("E5E7EB")
        chart.value_axis.format.line.fill.background()
        chart.value_axis.tick_labels.number_format = number_format
        chart.value_axis.tick_labels.number_format_is_linked = False
        if number_format == "0%":
            chart.value_axis.maximum_scale, chart.value_axis.major_unit = 1, 0.5
        for line, color in zip(chart.plots[0].series, (BLUE, RED), strict=False):
            line.smooth = False
            line.format.line.color.rgb = RGBColor.from_string(color)
            line.format.line.width = Pt(2)
            line.marker.style, line.marker.size = XL_MARKER_STYLE.CIRCLE, 5
            line.marker.format.fill.solid()
            line.marker.format.fill.fore_color.rgb = RGBColor.from_string(color)
            line.marker.format.line.color.rgb = RGBColor.from_string(color)

    def _chart(self, name: str, box: tuple[float, float, float, float], kind: Any, data: Any) -> Any:
        from pptx.util import Pt

        frame = self.slide.shapes.add_chart(kind, *self.box(box), data)
        frame.name = name
        chart = frame.chart
        chart.has_title = False
        chart.font.size = Pt(11)
        for properties in chart._chartSpace.iter("{*}defRPr"):
            _fonts(properties)
        book = chart.part.chart_workbook
        book.update_from_xlsx_blob(_undated(book.xlsx_part.blob))
        return chart


def _fonts(properties: Any) -> None:
    """Set Latin and East Asian letters to one font: without the second, Hangul falls to whatever is there."""
    for tag in ("a:latin", "a:ea"):
        for old in properties.findall(_tag(tag)):
            properties.remove(old)
    after = [child.tag for child in properties]
    place = len(after)
    for i, tag in enumerate(after):
        if tag.rpartition("}")[2] in ("cs", "sym", "hlinkClick", "hlinkMouseOver", "rtl", "extLst"):
            place = i
            break
    for offset, tag in enumerate(("a:latin", "a:ea")):
        properties.insert(place + offset, properties.makeelement(_tag(tag), {"typeface": FONT}))


def _tag(name: str) -> str:
    from pptx.oxml.ns import qn

    return str(qn(name))


def _undated(workbook: bytes) -> bytes:
    """A chart's workbook without the hour it was made in: same numbers, same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            data = old.read(info)
            if info.filename == "docProps/core.xml":
                data = _CREATED.sub(rb"\g<1>2000-01-01T00:00:00Z", data)
            entry = zipfile.ZipInfo(info.filename)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, data, compresslevel=1)
    return out.getvalue()
