"""Photos of the work, as a phone takes them, made small for a document and without where and when they were taken."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from addin.documents.images import PictureFault, kind_of, read_picture
from addin.documents.typst import DocumentFault

if TYPE_CHECKING:
    from pathlib import Path

SIZE_LIMIT: Final = 30_000_000
PIXEL_LIMIT: Final = 80_000_000
#: The longer side of a photo in a document, in pixels: 90 mm at 300 dots an inch.
EDGE: Final = 1_060
QUALITY: Final = 82
MOST: Final = 40  # photos on one form
#: Endings of files that are photos, also those that can't be shown.
ENDINGS: Final = (".jpg", ".jpeg", ".png", ".heic", ".heif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".svg")


def read_photo(path: Path) -> bytes:
    """A photo file as a small JPEG, the right way up, with nothing in it but the picture; same file, same bytes.

    `PictureFault`: not there, too large, no PNG or JPEG, or damaged. `DocumentFault`: Pillow isn't installed.
    """
    data = read_picture(path, SIZE_LIMIT, PIXEL_LIMIT)
    if kind_of(data) == "svg":
        raise PictureFault("doc.image.no_svg", where=path.name)
    return small(data, path.name)


def small(data: bytes, name: str) -> bytes:
    """The same, of bytes that were checked."""
    try:
        from PIL import Image, ImageOps
    except ModuleNotFoundError as missing:
        raise DocumentFault("doc.not_installed", value="pillow") from missing
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG")) as photo:
            photo.draft("RGB", (EDGE, EDGE))  # a JPEG is decoded at the size that is needed, not at 48 million pixels
            turned = ImageOps.exif_transpose(photo)
            turned.thumbnail((EDGE, EDGE))
            if turned.mode in ("RGBA", "LA", "P", "PA"):
                behind = Image.new("RGBA", turned.size, "white")
                turned = Image.alpha_composite(behind, turned.convert("RGBA"))
            plain = Image.new("RGB", turned.size)
            plain.paste(turned.convert("RGB"))
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise PictureFault("doc.image.unknown", where=name) from error
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
