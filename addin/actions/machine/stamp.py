"""Which danggol built an add-in: its document properties say ``danggol 0.1.0, xlwings 0.37.8``."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

PROPERTIES = "docProps/core.xml"
TITLE = "danggol"


@dataclass(frozen=True, slots=True)
class Stamp:
    """The versions of danggol and of xlwings an add-in was built from; "" where it doesn't say."""

    danggol: str
    xlwings: str


def stamp_of(data: bytes) -> Stamp | None:
    """The stamp of an add-in of ours; None for anything else, a damaged file too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            properties = package.read(PROPERTIES).decode("utf-8")
    except (zipfile.BadZipFile, KeyError, UnicodeDecodeError, OSError, zlib.error, NotImplementedError, RuntimeError):
        return None
    if _said("dc:title", properties) != TITLE:
        return None
    made_with = re.search(r"danggol ([\w.+-]+), xlwings ([\w.+-]+)", _said("dc:description", properties))
    return Stamp(made_with[1], made_with[2]) if made_with else Stamp("", "")


def _said(tag: str, properties: str) -> str:
    found = re.search(rf"<{tag}[^>]*>([^<]*)</{tag}>", properties)
    return found[1].strip() if found else ""
