"""LibreOffice saves a deck anew; its slides are still found, and those nobody edited are still ours."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from addin.documents.deck.file import put
from tests.unit.documents.decks import blank, face

if TYPE_CHECKING:
    from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


def test_a_deck_libreoffice_saved_is_gone_on_with(tmp_path: Path) -> None:
    if SOFFICE is None:
        if os.environ.get("CI"):
            pytest.fail("LibreOffice is missing in CI: .ci/run installs it")
        pytest.skip("LibreOffice is not installed: nothing to save the deck with")
    path, out = tmp_path / "주간.pptx", tmp_path / "out"
    path.write_bytes(put([face(40), blank(53)]).data or b"")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [SOFFICE, "--headless", profile, "--convert-to", "pptx", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    data = (out / path.name).read_bytes()
    assert put([face(40), blank(53)], data).same == ["2026-W40", "2026-W53"]
    done = put([face(40, headline="새로"), face(41)], data)
    assert (done.written, done.kept) == (["2026-W40", "2026-W41"], [])
