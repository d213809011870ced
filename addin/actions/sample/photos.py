"""Two drawn pictures that stand for a team's photos of a job: a tap on a tiled wall, before and after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

SIZE: Final = (640, 480)
NAMES: Final = ("주방_작업전.png", "주방_작업후.png")
_TILE: Final = 80
_LOOKS: Final = (("#d8cfbd", "#a79b83", "#8a7f73"), ("#eef3f6", "#b9c8d3", "#5d7f9c"))


def draw_photos(folder: Path) -> list[Path]:
    """Write both into a folder; the same bytes every time. Needs Pillow."""
    from PIL import Image, ImageDraw

    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, (wall, joint, metal) in zip(NAMES, _LOOKS, strict=True):
        picture = Image.new("RGB", SIZE, wall)
        pen = ImageDraw.Draw(picture)
        for at in range(0, SIZE[0], _TILE):
            pen.line((at, 0, at, 360), fill=joint, width=4)
        for at in range(0, 361, _TILE):
            pen.line((0, at, SIZE[0], at), fill=joint, width=4)
        pen.rectangle((0, 360, *SIZE), fill=joint)
        pen.rounded_rectangle((300, 150, 340, 360), 12, fill=metal)
        pen.rounded_rectangle((180, 130, 340, 165), 16, fill=metal)
        pen.rounded_rectangle((180, 140, 208, 210), 8, fill=metal)
        pen.ellipse((296, 84, 344, 132), fill=metal)
        if name == NAMES[0]:  # water where it should not be
            pen.ellipse((240, 330, 470, 430), fill="#9db7c6")
            pen.line((340, 250, 352, 340), fill="#9db7c6", width=9)
        picture.save(folder / name)
        paths.append(folder / name)
    return paths
