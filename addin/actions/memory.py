"""What a person confirmed once, remembered per user: header signature → which header is which field.

One small JSON file in the user's data folder (``DANGGOL_HOME`` moves it). It holds headers and field ids
only, never a row. A damaged file is set aside and said, never silently emptied.
"""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LIMIT = 500  # signatures kept, oldest dropped first


def home() -> Path:
    """The user's danggol folder: ``DANGGOL_HOME``, else the platform's data folder."""
    given = os.environ.get("DANGGOL_HOME")
    if given:
        return Path(given)
    from platformdirs import user_data_path

    return user_data_path("danggol", appauthor=False)


@dataclass(frozen=True, slots=True)
class Remembered:
    """One list's confirmed reading: CRM table and header → field id ("" = ignore)."""

    table: str
    columns: dict[str, str]


def recall() -> dict[str, Remembered]:
    """Everything remembered; empty where there is nothing (or the file is damaged: it is set aside)."""
    path = home() / "mappings.json"
    try:
        data: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {key: Remembered(str(item["table"]), dict(item["columns"])) for key, item in data.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        if path.exists() and os.access(path.parent, os.W_OK):
            path.replace(path.with_suffix(".damaged.json"))
        return {}


def remember(new: dict[str, Remembered]) -> None:
    """Add confirmed mappings; a folder we may not write to is no error, next month just asks again."""
    known = recall()
    merged = {key: value for key, value in known.items() if key not in new} | new
    if merged == known and list(merged) == list(known):
        return
    kept = dict(list(merged.items())[-LIMIT:])
    text = json.dumps(
        {k: {"table": v.table, "columns": v.columns} for k, v in kept.items()}, ensure_ascii=False, indent=1
    )
    folder = home()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=folder, delete=False) as file:
            file.write(text)
        os.replace(file.name, folder / "mappings.json")
    except PermissionError:
        return
