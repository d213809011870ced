"""A week's slide, drawn: texts and native, editable charts at their places."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from xml.sax.saxutils import escape, quoteattr

from addin.documents.deck.charts import FONT, RED, Look, chart_part
from addin.documents.deck.marks import UNMARKED

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pptx.presentation import Presentation
    from pptx.slide import Slide

    from addin.documents.deck.face import Face

    Box = tuple[float, float, float, float]

#: The page everything is placed on, in inches.
WIDTH, HEIGHT = 13.333, 7.5
INK, GREY = "1F2937", "6B7280"
_RID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_SHAPE: Final = (
    '<p:sp xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:nvSpPr><p:cNvPr id="{id}" name={name}/>{what}'
    '</p:nvSpPr><p:spPr><a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{w}" cy="{h}"/></a:xfrm><a:prstGeom prst="rect">'
    '<a:avLst/></a:prstGeom><a:noFill/></p:spPr><p:txBody><a:bodyPr wrap="square" anchor="t"><a:noAutofit/></a:bodyPr>'
    "<a:lstStyle/>{paragraphs}</p:txBody></p:sp>"
)
#: The title of a slide is what screen readers and the outline read.
_TITLE: Final = '<p:cNvSpPr/><p:nvPr><p:ph type="title"/></p:nvPr>'
_TEXT: Final = '<p:cNvSpPr txBox="1"/><p:nvPr/>'
_LINE: Final = (
    '<a:p><a:pPr algn="l"/><a:r><a:rPr sz="{size}" b="{bold:d}"><a:solidFill><a:srgbClr val="{color}"/></a:solidFill>'
    '<a:latin typeface="{font}"/><a:ea typeface="{font}"/></a:rPr><a:t>{text}</a:t></a:r></a:p>'
)


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
    page.text("danggol title", (0.5, 0.3, 12.3, 0.7), [face.title], 26, bold=True, title=True)
    if face.blank:
        page.text(UNMARKED, (0.5, 1.1, 12.3, 0.5), [face.blank], 16, color=GREY)
        return
    page.text(UNMARKED, (0.5, 1.0, 12.3, 0.5), [face.headline], 20, bold=True, color=RED)
    page.text("danggol why", (0.5, 1.5, 12.3, 1.25), face.why, 12)
    page.text("danggol funnel title", (0.5, 2.8, 6.1, 0.35), face.heads[:1], 12, bold=True)
    funnel = [(face.heads[0], [count for _, count in face.funnel])]
    bars = Look("bars", "#,##0", worst=face.worst)
    page.chart("danggol funnel", (0.5, 3.1, 6.1, 3.6), bars, [label for label, _ in face.funnel], funnel)
    page.text("danggol weeks title", (6.9, 2.8, 6.0, 0.35), face.heads[1:2], 12, bold=True)
    weeks = [week for week, *_ in face.history]
    counts = [
        (face.series[0], [n for _, n, _, _ in face.history]),
        (face.series[1], [n for _, _, n, _ in face.history]),
    ]
    page.chart("danggol weeks", (6.9, 3.1, 6.0, 1.9), Look("lines", "#,##0", 2, legend=True), weeks, counts)
    page.text("danggol rate title", (6.9, 5.0, 6.0, 0.35), face.heads[2:], 12, bold=True)
    shares = [(face.series[2], [share for *_, share in face.history])]
    page.chart("danggol rate", (6.9, 5.3, 6.0, 1.4), Look("lines", "0%"), weeks, shares)
    page.text("danggol flags", (0.5, 6.8, 12.3, 0.45), [face.flags or ""], 12, color=GREY)


def _clear(slide: Slide) -> None:
    """Take everything of a slide away, with the charts only it had."""
    tree = slide.shapes._spTree
    for element in list(tree)[2:]:  # its own two properties stay
        for holder in element.iter("{*}chart"):
            slide.part.rels.pop(holder.get(_RID))
        tree.remove(element)


class _Page:
    """Places things on a slide, in inches of a wide page however large the deck's pages are."""

    def __init__(self, slide: Slide, width: int, height: int) -> None:
        self.slide, self.tree, self.across, self.down = slide, slide.shapes._spTree, width / WIDTH, height / HEIGHT
        self.id = 1

    def _box(self, box: Box) -> tuple[int, int, int, int]:
        self.id += 1
        x, y, w, h = box
        return round(x * self.across), round(y * self.down), round(w * self.across), round(h * self.down)

    def text(
        self, name: str, box: Box, lines: Iterable[str], size: int,
        *, bold: bool = False, color: str = INK, title: bool = False,
    ) -> None:  # fmt: skip
        """Lines of text, a paragraph each."""
        from pptx.oxml import parse_xml

        x, y, w, h = self._box(box)
        paragraphs = "".join(
            _LINE.format(size=size * 100, bold=bold, color=color, font=FONT, text=escape(line)) for line in lines
        )
        what = _TITLE if title else _TEXT
        shape = _SHAPE.format(
            id=self.id, name=quoteattr(name), what=what, x=x, y=y, w=w, h=h, paragraphs=paragraphs or "<a:p/>"
        )
        self.tree.append(parse_xml(shape))

    def chart(
        self, name: str, box: Box, look: Look, labels: Sequence[str],
        series: Sequence[tuple[str, Sequence[float | None]]],
    ) -> None:  # fmt: skip
        """A native chart."""
        from pptx.opc.constants import RELATIONSHIP_TYPE
        from pptx.oxml.shapes.graphfrm import CT_GraphicalObjectFrame

        x, y, w, h = self._box(box)
        part: Any = self.slide.part
        rid = part.relate_to(chart_part(part.package, look, labels, series), RELATIONSHIP_TYPE.CHART)
        self.tree.append(CT_GraphicalObjectFrame.new_chart_graphicFrame(self.id, name, rid, x, y, w, h))
