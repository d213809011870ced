"""docs/sources.md lists each sentence of the sources with the test that shows it, and no test that isn't there."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "sources.md").read_text("utf-8")
OWN = sorted(path for path in Path(__file__).parent.glob("test_*.py") if path.name != Path(__file__).name)


def written() -> dict[tuple[str, str], str]:
    """(file, test) → its docstring."""
    return {
        (path.name, node.name): ast.get_docstring(node) or ""
        for path in OWN
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def listed() -> dict[tuple[str, str], str]:
    """(file, test) → its line of the page."""
    lines = re.findall(
        r"^\| 00\d \| ([nr]) \| (.+?) \| \[`(\w+)`\]\(\.\./tests/sources/(\w+\.py)\) \|$", PAGE, re.MULTILINE
    )
    return {(file, name): f"[{kind}] {says}" for kind, says, name, file in lines}


def test_every_test_says_what_the_source_says_and_stands_on_the_page() -> None:
    assert {key: text.rstrip(".") for key, text in written().items()} == listed()


def test_each_source_has_its_tests() -> None:
    assert set(re.findall(r"^\| (00\d) \|", PAGE, re.MULTILINE)) == {"000", "001", "002", "003", "004"}
