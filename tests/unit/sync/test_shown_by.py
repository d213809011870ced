"""The documentation names the test that shows each promise of a sync: every test it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PLACES = (Path(__file__).parent, ROOT / "tests" / "scenarios")
TEXT = (ROOT / "docs" / "sync.md").read_text("utf-8")
LINES = TEXT.partition("<!-- tests -->")[2].partition("<!-- end of the tests -->")[0].strip().splitlines()[2:]


@pytest.mark.parametrize("line", LINES)
def test_every_test_the_documentation_names_is_there(line: str) -> None:
    known: set[str] = set()
    names = re.findall("`([^`]+)`", line)
    assert names[0].endswith(".py")
    for name in names:
        if name.endswith(".py"):
            (found,) = (place / name for place in PLACES if (place / name).exists())
            known = set(re.findall(r"^def (test_\w+)", found.read_text("utf-8"), re.MULTILINE))
        else:
            assert name in known


def test_there_is_a_table() -> None:
    assert len(LINES) > 20
