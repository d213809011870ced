"""Weeks of an invented funnel as slides' faces, and a file saved anew as LibreOffice does it."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any

import pptx

from addin.documents.deck.face import Face

STEPS = ("접수", "제안", "수주")


def face(week: int, **given: Any) -> Face:
    label = f"2026-W{week:02d}"
    day, last = f"2026-{1 + week // 5:02d}-01", f"2026-{1 + week // 5:02d}-07"
    base: dict[str, Any] = {
        "week": label,
        "title": f"{label} 주간 성과 ({day} ~ {last})",
        "headline": "병목: 제안→수주 (확실)",
        "why": ("18건이 빠집니다.", "먼저 볼 것"),
        "heads": ("도달한 단계", "최근 12주", "전환율"),
        "funnel": tuple((step, 20 - 5 * i) for i, step in enumerate(STEPS)),
        "worst": 2,
        "series": ("접수", "수주", "전환율"),
        "history": tuple(
            (f"W{n:02d}", 20 + n, 5, 0.25 if n < week else None) for n in range(max(week - 3, 1), week + 1)
        ),
        "flags": "● 위반 1",
    }
    return Face(**{**base, **given})


def blank(week: int) -> Face:
    return Face(f"2026-W{week:02d}", f"2026-W{week:02d}", blank="아직 오지 않은 주입니다.")


def resaved(data: bytes) -> bytes:
    """What LibreOffice 7.4 does to a deck: slides unnamed, placeholders renamed, places to 0.01 mm, text in pieces."""
    deck = pptx.Presentation(io.BytesIO(data))
    for slide in deck.slides:
        slide._element.cSld.attrib.pop("name", None)
        for shape in slide.shapes:
            if shape.is_placeholder:
                shape.name = "PlaceHolder 1"
            shape.left, shape.top = (round(v / 360) * 360 for v in (shape.left, shape.top))
            shape.width, shape.height = (v // 360 * 360 for v in (shape.width, shape.height))
            if not shape.has_text_frame:
                continue
            for paragraph in shape.text_frame.paragraphs:
                for run in list(paragraph.runs):
                    for color in run._r.xpath("./a:rPr/a:solidFill/a:srgbClr"):
                        color.set("val", color.get("val").lower())
                    if not run.text:
                        paragraph._p.remove(run._r)
                        continue
                    rest = deepcopy(run._r)
                    run._r.addnext(rest)
                    whole = run.text
                    run.text, rest.text = whole[:3], whole[3:]
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()
