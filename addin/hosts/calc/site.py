"""Where LibreOffice's own Python finds the packages danggol was installed with (polars, xlwings …).

The extension brings danggol itself; the packages stay where they are. ``danggol addin install --host calc`` writes
down the folder of the Python it runs on, by version; LibreOffice uses it where its own Python is of that version.
Standard library only, no platform package: this runs before any of them can be found.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

FILE = "calc-python.json"


def config_file() -> Path:
    """The note, in the user's configuration folder (``DANGGOL_HOME`` moves it)."""
    given = os.environ.get("DANGGOL_HOME")
    if given:
        return Path(given) / FILE
    if sys.platform == "win32":
        base = Path(os.environ.get("APPDATA") or Path.home() / "AppData" / "Roaming")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return base / "danggol" / FILE


def version() -> str:
    """This Python's minor version: compiled packages fit no other."""
    return f"{sys.version_info.major}.{sys.version_info.minor}"


def remember_site(folder: str | Path | None = None) -> Path:
    """Write down where this Python keeps its packages; the other versions' notes stay. Returns the file."""
    if folder is None:
        from importlib.util import find_spec

        spec = find_spec("polars")
        assert spec is not None  # danggol is installed with it
        assert spec.origin is not None
        folder = Path(spec.origin).parents[1]
    path = config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(noted() | {version(): str(folder)}, ensure_ascii=False, indent=1), "utf-8")
    return path


def forget_site() -> None:
    """Take the note away."""
    config_file().unlink(missing_ok=True)


def noted() -> dict[str, str]:
    """Python version → folder; empty where nothing was written, or something else."""
    try:
        found = json.loads(config_file().read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def use_site() -> str | None:
    """Put the noted folder of this Python's version at the end of the import path; the folder, or None."""
    folder = noted().get(version())
    if folder is None or not os.path.isdir(folder):
        return None
    if folder not in sys.path:
        sys.path.append(folder)
    return folder
