"""Logos and seals a team names by path: a real picture of a sane size, and no SVG that does anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from addin.errors import DanggolError

if TYPE_CHECKING:
    from pathlib import Path

SIZE_LIMIT: Final = 2_000_000
PIXEL_LIMIT: Final = 40_000_000
_MAGIC: Final = ((b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpg"))
_SVG = re.compile(rb"<svg[\s>]")
_ACTIVE = re.compile(
    rb"<\s*(?:\w+:)?(?:script|foreignobject|iframe|image|use|animate|set|style|a)\b|\bon\w+\s*=|<!entity|<!doctype|<\?xml-stylesheet"
    rb"|(?:href|src)\s*=|url\s*\(|javascript:",
    re.IGNORECASE,
)


class PictureFault(DanggolError):
    """A picture we won't put into a document: which, why, what to do."""


def kind_of(data: bytes) -> str:
    """``png``, ``jpg`` or ``svg``; "" for anything else.

    >>> kind_of(b"\\xff\\xd8\\xff\\xe0"), kind_of(b"GIF89a")
    ('jpg', '')
    """
    for magic, kind in _MAGIC:
        if data.startswith(magic):
            return kind
    return "svg" if _SVG.search(data[:2000]) else ""


def read_picture(path: Path, size_limit: int = SIZE_LIMIT, pixel_limit: int = PIXEL_LIMIT) -> bytes:
    """The bytes of a picture file. `PictureFault`: not there, too large, no picture, or an SVG that acts."""
    try:
        size = path.stat().st_size
        if size > size_limit:
            raise PictureFault(
                "doc.image.large", where=path.name, value=f"{size / 1e6:.1f} MB", limit=size_limit // 10**6
            )
        data = path.read_bytes()
    except OSError as error:
        raise PictureFault("doc.image.missing", where=str(path), value=error.strerror or "") from error
    check_picture(data, path.name, pixel_limit)
    return data


def check_picture(data: bytes, name: str, pixel_limit: int = PIXEL_LIMIT) -> None:
    """Raise `PictureFault` for bytes that are no picture of ours to use."""
    kind = kind_of(data)
    if not kind:
        raise PictureFault("doc.image.unknown", where=name)
    if kind == "svg" and _ACTIVE.search(data):
        raise PictureFault("doc.image.active", where=name)
    size = dimensions(data, kind)
    if size is not None and (0 in size or size[0] * size[1] > pixel_limit):
        raise PictureFault("doc.image.pixels", where=name, value=f"{size[0]}×{size[1]}")
    if size is None and kind != "svg":
        raise PictureFault("doc.image.unknown", where=name)


def dimensions(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height of a PNG or JPEG, in pixels; None where it has none."""
    if kind == "png" and data[12:16] == b"IHDR" and len(data) > 24:
        return int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    at = 2
    while kind == "jpg" and at + 9 < len(data) and data[at] == 0xFF:
        mark, size = data[at + 1], int.from_bytes(data[at + 2 : at + 4])
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])
        at += 2 + size
    return None


def data_uri(data: bytes) -> str:
    """A picture inside an HTML page."""
    import base64

    kind = {"jpg": "jpeg", "svg": "svg+xml"}.get(kind_of(data), kind_of(data))
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
