"""A deck's file: slides found by their mark, a person's left as they are, every untouched part byte for byte."""

from __future__ import annotations

import io
import itertools
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from addin.documents.deck.draw import draw, new_presentation
from addin.documents.deck.marks import Mark, fingerprint, mark_of, write_mark
from addin.errors import BookError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pptx.slide import Slide

    from addin.documents.deck.face import Face

SIZE_LIMIT: Final = 500_000_000
_SLIDE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/slide"


@dataclass(slots=True)
class Done:
    """The weeks whose slide was written, was up to date, or is a person's now; ``data`` is None without a change."""

    written: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    data: bytes | None = None


@dataclass(slots=True)
class _Known:
    """A week's slide: ``ours`` while nobody edited it, with the keys of what it shows."""

    slide: Slide
    ours: bool
    key: str = ""
    flags: str = ""


#: A part's bytes, its relations' bytes, and how we would write those.
_Original = tuple[bytes, bytes | None, bytes | None]


def put(faces: Iterable[Face], old: bytes | None = None, where: str = "") -> Done:
    """Write slides into a deck (``old``: its bytes; None: a new one). `BookError` for what is no presentation."""
    presentation, originals = (new_presentation(), {}) if old is None else _opened(old, where)
    _name_quickly(presentation.part.package)
    known = _known(presentation)
    done = Done()
    touched: set[Any] = set()
    for face in faces:
        found = known.get(face.week)
        if found is None:
            slide = _added(presentation, face.week, known)
            touched.add(presentation.part)
        elif not found.ours:
            done.kept.append(face.week)
            continue
        elif found.key == face.key and (face.flags is None or found.flags == face.flags_key):
            done.same.append(face.week)
            continue
        else:
            slide = found.slide
        draw(slide, face, presentation.slide_width, presentation.slide_height)
        write_mark(slide, Mark(face.week, fingerprint(slide), face.key, face.flags_key))
        known[face.week] = _Known(slide, True, face.key, face.flags_key)
        touched.add(slide.part)
        done.written.append(face.week)
    if done.written:
        done.data = _packed(presentation, originals, touched)
    return done


def _name_quickly(package: Any) -> None:
    """Remember the parts' names: python-pptx walks the whole package for each new chart."""
    from pptx.opc.packuri import PackURI

    taken = {str(part.partname) for part in package.iter_parts()}

    def next_partname(pattern: str) -> Any:
        number = next(n for n in itertools.count(1) if pattern % n not in taken)
        taken.add(pattern % number)
        return PackURI(pattern % number)

    package.next_partname = next_partname


def _opened(data: bytes, where: str) -> tuple[Any, dict[Any, _Original]]:
    """A presentation, and what each part of it was."""
    import pptx
    from lxml import etree
    from pptx.exc import PythonPptxError

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(info.file_size for info in archive.infolist()) > SIZE_LIMIT:
                raise BookError("deck.large", where=where)
            entries = {info.filename: archive.read(info) for info in archive.infolist()}
        presentation = pptx.Presentation(io.BytesIO(data))
        originals = {}
        for part in presentation.part.package.iter_parts():
            name = part.partname
            rels = entries.get(name.rels_uri.membername)
            originals[part] = (entries[name.membername], rels, part.rels.xml if rels is not None else None)
    except (
        *(zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError),
        *(ValueError, KeyError, AttributeError, TypeError, etree.XMLSyntaxError, PythonPptxError),
    ) as error:
        raise BookError("deck.not_a_deck", where=where, value=str(error)[:120]) from error
    return presentation, originals


def _known(presentation: Any) -> dict[str, _Known]:
    """Week → its slide. Of two with one week the one nobody edited; a slide that lost its mark is a person's."""
    found: dict[str, _Known] = {}
    for slide in presentation.slides:
        mark = mark_of(slide)
        if mark is None:
            continue
        ours = bool(mark.print) and fingerprint(slide) == mark.print
        if mark.week not in found or (ours and not found[mark.week].ours):
            found[mark.week] = _Known(slide, ours, mark.key, mark.flags)
    return found


def _added(presentation: Any, week: str, known: dict[str, _Known]) -> Slide:
    """A new slide in the order of weeks: after the latest one before it."""
    layouts = presentation.slide_layouts
    layout = next((each for each in layouts if each.name == "Title Only"), layouts[0])
    slide = presentation.slides.add_slide(layout)
    before = max((other for other in known if other < week), default=None)
    after = min((other for other in known if other > week), default=None)
    ids = presentation.slides._sldIdLst
    places = {entry.rId: entry for entry in ids}
    new = ids[-1]
    beside = known[before] if before else known[after] if after else None
    if beside is not None:
        rid = presentation.part.relate_to(beside.slide.part, _SLIDE)
        (places[rid].addnext if before else places[rid].addprevious)(new)
    return slide


def _packed(presentation: Any, originals: dict[Any, _Original], touched: set[Any]) -> bytes:
    """The file's bytes: parts nobody touched as they were, no clock anywhere."""
    saved = io.BytesIO()
    presentation.save(saved)
    kept: dict[str, bytes] = {}
    for part in presentation.part.package.iter_parts():
        if part not in originals or part in touched:
            continue
        data, rels, as_ours = originals[part]
        kept[part.partname.membername] = data
        if rels is not None and part.rels.xml == as_ours:
            kept[part.partname.rels_uri.membername] = rels
    out = io.BytesIO()
    with zipfile.ZipFile(saved) as old, zipfile.ZipFile(out, "w") as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o600 << 16
            stored = name.endswith(".xlsx")
            entry.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            new.writestr(entry, kept.get(name) or old.read(name), compresslevel=6)
    return out.getvalue()
