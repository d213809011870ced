"""How a week's slide is found again, and told from one a person edited, whichever program saved the file.

The mark is the slide's own name and, as LibreOffice drops that one, the name of the shape under the title. Without
both, a title that is still ours names the week, and the slide is a person's.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pptx.slide import Slide

_NAME: Final = re.compile(r"danggol (\d{4}-W\d\d) ([0-9a-f]{12}) ([0-9a-f]{12}) ([0-9a-f]{12})")
#: A title of ours in any language: the week, its Monday, its Sunday.
_TITLE: Final = re.compile(r"(\d{4}-W\d\d)\b.*?(\d{4}-\d\d-\d\d)\D+(\d{4}-\d\d-\d\d)")
#: The shape that carries the mark until it has one.
UNMARKED: Final = "danggol mark"
#: Programs round places to a hundredth of a millimetre; what moved by less than a point was not moved.
_POINT: Final = 12700
_A: Final = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_P: Final = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
_C: Final = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_RID: Final = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Mark(NamedTuple):
    """A week's mark: what the slide looked like when we wrote it, and the keys of what it shows."""

    week: str
    print: str = ""
    key: str = ""
    flags: str = ""

    def __str__(self) -> str:
        return f"danggol {self.week} {self.print} {self.key} {self.flags}"


def mark_of(slide: Slide) -> Mark | None:
    """A slide's mark; one with a week alone where only the title tells it; None for a slide that is none of ours."""
    named = [shape.get("name", "") for shape in slide._element.iter(f"{_P}cNvPr")]
    for name in (slide._element.cSld.get("name", ""), *named):
        if found := _NAME.fullmatch(name):
            return Mark(*found.groups())
    for shape in slide._element.iter(f"{_P}sp"):
        if shape.find(f"{_P}nvSpPr/{_P}nvPr/{_P}ph") is not None and (week := _week(_text(shape))):
            return Mark(week)
    return None


def write_mark(slide: Slide, mark: Mark) -> None:
    """Put a mark on a slide."""
    slide._element.cSld.set("name", str(mark))
    for properties in slide._element.iter(f"{_P}cNvPr"):
        if properties.get("name") == UNMARKED or _NAME.fullmatch(properties.get("name", "")):
            properties.set("name", str(mark))


def fingerprint(slide: Slide) -> str:
    """A short hash of what a person sees and may edit: texts, looks, places, charts' data; not of how it is saved."""
    told: list[object] = [_shape(slide, element) for element in list(slide.shapes._spTree)[2:]]
    root = slide._element
    told.append(any(True for _ in root.iter(f"{_P}spTgt")))
    told.append(any(len(transition) for transition in root.iter(f"{_P}transition")))
    told.append(root.get("show", "1") in ("0", "false"))
    return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


def _week(text: str) -> str:
    """The week of a title of ours.

    >>> _week("2026-W30 주간 성과 (2026-07-20 ~ 2026-07-26)"), _week("2026-W30 회의 (2026-01-01 ~ 2026-01-02)")
    ('2026-W30', '')
    """
    from addin.crm.calendar import date_of, week_bounds, week_of_label

    found = _TITLE.match(text)
    week = week_of_label(found[1]) if found else None
    if found is None or week is None:
        return ""
    bounds = [date_of(day).isoformat() for day in week_bounds(week)]
    return found[1] if [found[2], found[3]] == bounds else ""


def _text(element: Any) -> str:
    return "".join(part.text or "" for part in element.iter(f"{_A}t"))


def _shape(slide: Slide, element: Any) -> tuple[object, ...]:
    """One shape: kind, name, place, texts, the numbers of its chart."""
    properties = next(element.iter(f"{_P}cNvPr"), None)
    name = "" if properties is None else properties.get("name", "")
    if next(element.iter(f"{_P}ph"), None) is not None:
        name = "title"  # LibreOffice names placeholders itself
    elif name == UNMARKED or _NAME.fullmatch(name):
        name = UNMARKED
    place = next(element.iter(f"{_A}xfrm", f"{_P}xfrm"), None)
    box: tuple[object, ...] = ()
    if place is not None:
        ends = [end.get(axis, "0") for end, axes in zip(place, ("xy", ("cx", "cy")), strict=False) for axis in axes]
        box = (*(round(int(end) / _POINT) for end in ends), place.get("rot", "0"))
    texts = [runs for runs in map(_runs, element.iter(f"{_A}p")) if runs]
    charts = [_chart(slide, holder.get(_RID)) for holder in element.iter(f"{_C}chart")]
    return element.tag.rpartition("}")[2], name, box, texts, charts


def _runs(paragraph: Any) -> list[tuple[object, ...]]:
    """A paragraph's texts with their looks; runs that look the same are one, however an editor cuts them."""
    found: list[tuple[object, ...]] = []
    for run in paragraph.iter(f"{_A}r", f"{_A}fld", f"{_A}br"):
        text = "\n" if run.tag == f"{_A}br" else _text(run)
        look = _look(run.find(f"{_A}rPr"))
        if not text:
            continue
        if found and found[-1][1:] == look:
            found[-1] = (f"{found[-1][0]}{text}", *look)
        else:
            found.append((text, *look))
    return found


def _look(properties: Any) -> tuple[object, ...]:
    if properties is None:
        return (None, False, False, "")
    color = properties.find(f"{_A}solidFill/{_A}srgbClr")
    bold, italic = (properties.get(name, "0") in ("1", "true") for name in "bi")
    return properties.get("sz"), bold, italic, "" if color is None else color.get("val", "").upper()


def _chart(slide: Slide, rid: str | None) -> list[object]:
    """A chart's kinds, labels, series and numbers, and texts written into it."""
    if rid not in slide.part.rels:
        return []
    space = slide.part.related_part(rid)._element
    return [_text(title) for title in space.iter(f"{_C}title")] + list(_plots(space))


def _plots(space: Any) -> Iterator[object]:
    for plot in space.iterfind(f"{_C}chart/{_C}plotArea/*"):
        series = plot.findall(f"{_C}ser")
        if series:
            labels = _points(series[0].find(f"{_C}cat"))
            yield plot.tag.rpartition("}")[2], list(labels.values())
        for one in series:
            name = "".join(_points(one.find(f"{_C}tx")).values())
            yield name, {at: _number(text) for at, text in _points(one.find(f"{_C}val")).items()}


def _points(element: Any) -> dict[int, str]:
    """The cached points of a reference: place → text."""
    if element is None:
        return {}
    return {int(point.get("idx", "0")): point.findtext(f"{_C}v") or "" for point in element.iter(f"{_C}pt")}


def _number(text: str) -> str:
    try:
        return f"{float(text):.9g}"
    except ValueError:
        return text
