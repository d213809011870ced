"""The text of a PDF, as a person reads it."""

from __future__ import annotations

import subprocess

from tests.programs import program


def pdf_text(data: bytes) -> str:
    """The text laid out as on the page; a form feed between pages."""
    command = [program("pdftotext"), "-layout", "-", "-"]
    done = subprocess.run(command, input=data, capture_output=True, check=True, timeout=60)
    return done.stdout.decode()
