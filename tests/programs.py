"""What a test needs of this computer beyond Python: programs and engines. Where one is missing the test is skipped and
says so; in CI that is a failure (`tests.conftest`), for .ci/run installs them all.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

#: The engines a measure runs on, and the module each needs.
ENGINES = {"polars": "polars", "pandas": "pandas", "duckdb": "duckdb", "spark": "pyspark"}


def program(*names: str) -> str:
    """The path of a program, by the first of its names that is installed."""
    found = next((path for name in names if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"{names[0]} is not installed")
    return found


def engine_here(name: str) -> str:
    """The name of an engine that is installed."""
    if importlib.util.find_spec(ENGINES[name]) is None:
        pytest.skip(f"{ENGINES[name]} is not installed")
    if name == "spark":
        program("java")
        # Tiny tables: Java's quick compiler alone halves the processor time of these tests.
        os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-java-options -XX:TieredStopAtLevel=1 pyspark-shell")
    return name


def office_saves(kind: str, out: Path, *paths: Path) -> None:
    """LibreOffice opens files and saves each in ``out`` as another kind (``xlsx``, ``pdf``, a filter with its options).

    Each call has a profile of its own beside ``out``, and two minutes for every file, at least four.
    """
    office = program("soffice", "libreoffice")
    profile = f"-env:UserInstallation={(out.parent / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", kind, "--outdir", out, *paths]
    subprocess.run(command, check=True, capture_output=True, timeout=max(240, 120 * len(paths)))
