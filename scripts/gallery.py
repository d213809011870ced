"""Draw the pictures of docs/gallery.md from the demo: ``python scripts/gallery.py`` (``make gallery``).

Needs poppler's pdftoppm and LibreOffice. The report on a phone and the letter are pictures of a browser, made by hand.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image, ImageDraw, ImageFont

from addin.actions.demo import BOOK, REPORTED, demo_documents, run_demo
from addin.actions.sample import AS_OF

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT: Final = Path(__file__).resolve().parents[1]
OUT: Final = ROOT / "docs" / "img"
LIMIT: Final = 150_000
DPI: Final = 68
EDGE: Final = "#C9D0D8"
#: Pictures of tabs: each the first printed page that begins with these words.
TABS: Final = {"dashboard": "파트너 대시보드", "tasks": "할일", "funnel": "퍼널 ·", "kpi": "KPI ·"}
TAB_DPI: Final = 100


def main() -> None:
    """Make the documents, then the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run_demo(folder)
        tabs(printed(folder / BOOK, folder))
        logos(folder)
        demo_documents(folder / BOOK, folder)
        put("quote", pages(next(folder.glob("견적서/*.pdf"))))
        put("quote-xlsx", pages(printed(next(folder.glob("견적서/*.xlsx")), folder)))
        put("report", pages(next(folder.glob("보고서/*.pdf"))))
        put("inspection", pages(next(folder.glob("검수확인서/*.pdf"))))
        week = AS_OF.isocalendar().week - 2  # its results are all in
        put("deck", pages(printed(next(folder.glob("*.pptx")), folder), week, week))
        kit = [next(folder.glob(f"파트너 키트/*/{number}_*.pdf")) for number in ("00", "01", "06", "08")]
        put("kit", [page for path in kit for page in pages(path)])
        put("case", pages(next(folder.glob("제휴 검토서/*.pdf"))))


def tabs(pdf: Path) -> None:
    """The tabs a manager looks at first, as LibreOffice prints the book."""
    text = subprocess.run(["pdftotext", str(pdf), "-"], check=True, capture_output=True, timeout=120).stdout.decode()
    begins = text.split("\f")
    for name, words in TABS.items():
        number = next(i for i, page in enumerate(begins, 1) if page.startswith(words))
        put(f"tab-{name}", pages(pdf, number, number, TAB_DPI))


def logos(folder: Path) -> None:
    """Invented logos of both sides, named in the settings."""
    from addin.actions.workspace import open_workspace
    from addin.books import Edits, open_book

    drawn("든든집수리", "#1F3A5F", folder / "로고.png")
    (folder / "제휴사").mkdir()
    drawn("솔내음마을 3단지", "#2E7D5B", folder / "제휴사" / f"{REPORTED}.png")
    workspace, edits = open_workspace(folder / BOOK), Edits()
    assert workspace.setting_answers is not None
    for key, text in (("company.logo", "로고.png"), ("company.partner_logos", "제휴사")):
        row, column = workspace.setting_answers.places[key]
        edits.write(workspace.ours.tabs["settings"], row, column, [[text]])
    open_book(folder / BOOK).apply(edits)


def drawn(text: str, color: str, path: Path) -> None:
    """A name in white on a coloured bar."""
    font = ImageFont.truetype(str(ROOT / "templates" / "fonts" / "Pretendard-Bold.otf"), 40)
    width = round(font.getlength(text)) + 60
    picture = Image.new("RGB", (width, 84), color)
    ImageDraw.Draw(picture).text((width / 2, 42), text, "white", font, anchor="mm")
    picture.save(path)


def printed(path: Path, folder: Path) -> Path:
    """A workbook or presentation as LibreOffice prints it."""
    office = shutil.which("soffice") or shutil.which("libreoffice")
    assert office, "LibreOffice is not installed"
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.pdf"


def pages(pdf: Path, first: int = 1, last: int = 1, dpi: int = DPI) -> list[Image.Image]:
    """Pages as pictures."""
    with tempfile.TemporaryDirectory() as name:
        command = ["pdftoppm", "-r", str(dpi), "-f", str(first), "-l", str(last), "-png", str(pdf), f"{name}/p"]
        subprocess.run(command, check=True, timeout=120)
        return [Image.open(path).convert("RGB") for path in sorted(Path(name).glob("p*.png"))]


def put(name: str, found: Sequence[Image.Image]) -> None:
    """Pages side by side, framed, in few colours; at most as large as a page of the documentation bears."""
    width, height = max(page.width for page in found), max(page.height for page in found)
    across = 2 if len(found) > 1 else 1
    down = -(-len(found) // across)
    sheet = Image.new("RGB", (width * across + 12 * (across - 1), height * down + 12 * (down - 1)), "white")
    pen = ImageDraw.Draw(sheet)
    for at, page in enumerate(found):
        x, y = at % across * (width + 12), at // across * (height + 12)
        sheet.paste(page, (x, y))
        pen.rectangle((x, y, x + page.width - 1, y + page.height - 1), outline=EDGE)
    path = OUT / f"{name}.png"
    sheet.quantize(48).save(path, optimize=True)
    assert path.stat().st_size < LIMIT, f"{path.name}: {path.stat().st_size:,} bytes"


if __name__ == "__main__":
    main()
