"""Photos as phones take them: small, upright, without where they were taken; what is no photo is refused."""

from __future__ import annotations

import io
import struct
import zlib
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from addin.documents.images import PictureFault
from addin.documents.photos import EDGE, SIZE_LIMIT, read_photo

if TYPE_CHECKING:
    from pathlib import Path


def saved(path: Path, size: tuple[int, int] = (3000, 2000), mode: str = "RGB", **more: object) -> Path:
    Image.new(mode, size).save(path, **more)
    return path


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


def test_a_large_photo_becomes_a_small_jpeg_and_the_same_bytes_again(tmp_path: Path) -> None:
    path = saved(tmp_path / "욕실.jpg")
    data = read_photo(path)
    assert (opened(data).format, max(opened(data).size)) == ("JPEG", EDGE)
    assert data == read_photo(path)


def test_it_stands_upright_and_says_nothing_of_where_it_was_taken(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825)[1] = "N"
    data = read_photo(saved(tmp_path / "a.jpg", (60, 30), exif=exif))
    assert opened(data).size == (30, 60)
    assert not opened(data).getexif()
    assert b"Exif" not in data


@pytest.mark.parametrize("mode", ["RGBA", "P", "L", "1", "I;16"])
def test_every_kind_of_png_can_be_shown(tmp_path: Path, mode: str) -> None:
    assert opened(read_photo(saved(tmp_path / "a.png", (20, 20), mode))).mode == "RGB"


def test_a_cmyk_jpeg_can_be_shown(tmp_path: Path) -> None:
    assert opened(read_photo(saved(tmp_path / "a.jpg", (20, 20), "CMYK"))).mode == "RGB"


def bomb() -> bytes:
    """A PNG of a few bytes that says it has 900 million pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("not.jpg", b"hello"),
        ("cut.jpg", b"\xff\xd8\xff\xe0"),
        ("empty.png", b""),
        ("bomb.png", bomb()),
        ("phone.heic", b"\x00\x00\x00\x18ftypheic"),
        ("acts.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"),
        ("plain.svg", b"<svg xmlns='http://www.w3.org/2000/svg'></svg>"),
    ],
)
def test_what_is_no_photo_is_refused_by_name(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(PictureFault, match=name):
        read_photo(path)


def test_a_damaged_photo_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", (400, 400))
    path.write_bytes(path.read_bytes()[:120])
    with pytest.raises(PictureFault):
        read_photo(path)


def test_a_photo_that_is_not_there_or_too_large_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureFault, match=r"none\.jpg"):
        read_photo(tmp_path / "none.jpg")
    path = tmp_path / "large.jpg"
    with path.open("wb") as file:
        file.truncate(SIZE_LIMIT + 1)
    with pytest.raises(PictureFault, match="30"):
        read_photo(path)
