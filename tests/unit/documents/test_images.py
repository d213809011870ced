"""Logos and seals: a real picture of a sane size, nothing that acts."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from addin.documents.images import PictureFault, data_uri, dimensions, read_picture

if TYPE_CHECKING:
    from pathlib import Path


def png(width: int = 2, height: int = 2) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height) + b"\x08\x02\0\0\0"


@pytest.mark.parametrize(
    ("data", "id"),
    [
        (b"GIF89a....", "unknown"),
        (b"MZ\x90", "unknown"),
        (b"", "unknown"),
        (b"\xff\xd8\xff\xe0\x00\x10", "unknown"),
        (png(100_000, 100_000), "pixels"),
        (png(0, 5), "pixels"),
        (b"\0" * 2_000_001, "large"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "active"),
        (b'<svg onload="x()"></svg>', "active"),
        (b'<svg><image href="file:///etc/passwd"/></svg>', "active"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]><svg></svg>', "active"),
        (b"<svg><foreignObject/></svg>", "active"),
    ],
)
def test_what_is_no_picture_or_does_something_is_refused(data: bytes, id: str, tmp_path: Path) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(data)
    with pytest.raises(PictureFault) as refused:
        read_picture(path)
    assert refused.value.message.id == f"doc.image.{id}"
    assert "logo.png" in str(refused.value)


def test_a_picture_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureFault, match=r"logo\.png"):
        read_picture(tmp_path / "logo.png")


def test_a_plain_svg_and_a_png_are_taken(tmp_path: Path) -> None:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    (tmp_path / "a.svg").write_bytes(svg)
    (tmp_path / "a.png").write_bytes(png(3, 4))
    assert read_picture(tmp_path / "a.svg") == svg
    assert dimensions(read_picture(tmp_path / "a.png"), "png") == (3, 4)
    assert data_uri(svg).startswith("data:image/svg+xml;base64,")
