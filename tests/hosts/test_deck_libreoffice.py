"""LibreOffice saves a deck anew; its slides are still found, and those nobody edited are still ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.documents.deck.file import put
from tests.programs import office_saves
from tests.unit.documents.decks import blank, face

if TYPE_CHECKING:
    from pathlib import Path


def test_a_deck_libreoffice_saved_is_gone_on_with(tmp_path: Path) -> None:
    path, out = tmp_path / "주간.pptx", tmp_path / "out"
    path.write_bytes(put([face(40), blank(53)]).data or b"")
    office_saves("pptx", out, path)
    data = (out / path.name).read_bytes()
    assert put([face(40), blank(53)], data).same == ["2026-W40", "2026-W53"]
    done = put([face(40, headline="새로"), face(41)], data)
    assert (done.written, done.kept) == (["2026-W40", "2026-W41"], [])
