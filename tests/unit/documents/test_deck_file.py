"""A slide a week in one file: an edited one is kept, none is doubled, whichever program saved the file meanwhile."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pptx
import pytest

from addin.documents.deck.file import Done, put
from addin.documents.deck.marks import fingerprint, mark_of
from tests.unit.documents.decks import blank, face, resaved

if TYPE_CHECKING:
    from collections.abc import Callable


def deck(data: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(data))


def saved(presentation: Any) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def made(*weeks: int) -> bytes:
    done = put([face(week) for week in weeks])
    assert done.data is not None
    return done.data


def weeks(data: bytes) -> list[str]:
    return [mark.week for slide in deck(data).slides if (mark := mark_of(slide))]


@pytest.mark.parametrize("again", [lambda data: data, lambda data: saved(deck(data)), resaved])
def test_a_slide_nobody_edited_stays_ours_whichever_program_saved_it(again: Callable[[bytes], bytes]) -> None:
    first = put([face(40), blank(53)])
    assert first.data is not None
    data = again(first.data)
    for slide in deck(data).slides:
        mark = mark_of(slide)
        assert mark is not None
        assert fingerprint(slide) == mark.print
    assert put([face(40), blank(53)], data).same == ["2026-W40", "2026-W53"]
    later = put([face(40, headline="병목: 접수→제안 (확실)"), face(41)], data)
    assert later.written == ["2026-W40", "2026-W41"]
    assert later.data is not None
    assert weeks(later.data) == ["2026-W40", "2026-W41", "2026-W53"]


def _title(slide: Any) -> None:
    slide.shapes.title.text_frame.paragraphs[0].runs[0].text = "우리 제목"


def _moved(slide: Any) -> None:
    slide.shapes[2].left += 200_000


def _number(slide: Any) -> None:
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    chart._chartSpace.xpath(".//c:val//c:v")[0].text = "999"


def _note_on_it(slide: Any) -> None:
    slide.shapes.add_textbox(0, 0, 100_000, 100_000).text_frame.text = "메모"


def _gone(slide: Any) -> None:
    shape = slide.shapes[3]._element
    shape.getparent().remove(shape)


def _color(slide: Any) -> None:
    slide.shapes[1]._element.xpath(".//a:srgbClr")[0].set("val", "00FF00")


def _bold(slide: Any) -> None:
    slide.shapes[2].text_frame.paragraphs[0].runs[0].font.bold = True


def _hidden(slide: Any) -> None:
    slide._element.set("show", "0")


def _chart_title(slide: Any) -> None:
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    chart.has_title = True
    chart.chart_title.text_frame.text = "우리 차트"


EDITS = (_title, _moved, _number, _note_on_it, _gone, _color, _bold, _hidden, _chart_title)


@pytest.mark.parametrize("again", [lambda data: data, resaved], ids=["as saved", "by LibreOffice"])
@pytest.mark.parametrize("edit", EDITS)
def test_whatever_a_person_changes_makes_the_slide_theirs(
    edit: Callable[[Any], None], again: Callable[[bytes], bytes]
) -> None:
    presentation = deck(made(40, 41))
    edit(presentation.slides[0])
    data = again(saved(presentation))
    done = put([face(40, headline="새로"), face(41, headline="새로")], data)
    assert (done.kept, done.written) == (["2026-W40"], ["2026-W41"])
    assert done.data is not None
    assert len(deck(done.data).slides) == 2


def test_a_slide_whose_marks_are_all_gone_is_known_by_its_title_and_never_doubled() -> None:
    title = "2026-W40 주간 성과 (2026-09-28 ~ 2026-10-04)"
    presentation = deck(put([face(40, title=title)]).data or b"")
    slide = presentation.slides[0]
    slide._element.cSld.attrib.pop("name")
    for shape in slide.shapes:
        shape.name = "x"
    done = put([face(40, title=title, headline="새로")], saved(presentation))
    assert (done.kept, done.written, done.data) == (["2026-W40"], [], None)


def test_a_persons_own_slide_about_a_week_is_not_taken_for_ours() -> None:
    presentation = deck(made(41))
    slide = presentation.slides.add_slide(presentation.slide_layouts[5])
    slide.shapes.title.text_frame.text = "2026-W40 회의록 (2026-01-01 ~ 2026-01-02)"
    done = put([face(40)], saved(presentation))
    assert done.written == ["2026-W40"]
    assert done.data is not None
    assert len(deck(done.data).slides) == 3


def test_of_two_slides_of_a_week_the_one_nobody_edited_is_written() -> None:
    from copy import deepcopy

    presentation = deck(made(40))
    first = presentation.slides[0]
    copy = presentation.slides.add_slide(first.slide_layout)
    for shape in list(copy.shapes):
        shape._element.getparent().remove(shape._element)
    for element in list(first.shapes._spTree)[2:]:
        if not element.xpath(".//c:chart"):
            copy.shapes._spTree.append(deepcopy(element))
    done = put([face(40, headline="새로")], saved(presentation))
    assert (done.written, done.kept) == (["2026-W40"], [])


@pytest.mark.parametrize("name", ["{{ 7*7 }}", '#read("/etc/passwd")', "<script>&", '=HYPERLINK("x")', "쀍 漢字"])
def test_names_of_steps_are_only_text(name: str) -> None:
    done: Done = put([face(40, title=name, funnel=((name, 3), ("b", 2)), worst=None, why=(name,))])
    assert done.data is not None
    slide = deck(done.data).slides[0]
    assert slide.shapes.title.text_frame.text == name
    chart = next(shape.chart for shape in slide.shapes if shape.has_chart)
    assert list(chart.plots[0].categories) == [name, "b"]


def test_300_slides_of_a_persons_own_are_left_as_they_are() -> None:
    presentation = deck(made(40))
    for _ in range(300):
        presentation.slides.add_slide(presentation.slide_layouts[6])
    done = put([face(41)], saved(presentation))
    assert done.data is not None
    assert len(deck(done.data).slides) == 302


def test_the_same_faces_are_the_same_bytes() -> None:
    assert made(39, 40, 41) == made(39, 40, 41)
