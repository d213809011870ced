"""The forms we ship as Excel layouts are those the scripts draw: whoever changes one changes the other."""

from __future__ import annotations

import importlib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def parts(path: Path) -> dict[str, bytes]:
    """The parts of a workbook but the one that says when it was made."""
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist() if name != "docProps/core.xml"}


@pytest.mark.parametrize(
    ("script", "shipped"),
    [
        ("quote_layout", ROOT / "templates" / "quote" / "quote.xlsx"),
        ("inspection_layout", ROOT / "templates" / "inspection" / "inspection.xlsx"),
    ],
)
def test_the_layout_is_drawn_by_its_script(
    script: str, shipped: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    drawn = tmp_path / shipped.name
    importlib.import_module(script).main(drawn)
    assert parts(drawn) == parts(shipped)
