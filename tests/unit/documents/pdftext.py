"""The text of a PDF, as a person reads it."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def pdf_text(data: bytes, tmp_path: Path) -> str:
    """The text laid out as on the page; a form feed between pages."""
    if shutil.which("pdftotext") is None:
        if os.environ.get("CI"):
            pytest.fail("pdftotext is missing")
        pytest.skip("pdftotext (poppler) is not installed")
    path = tmp_path / "read.pdf"
    path.write_bytes(data)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
