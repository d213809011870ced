"""``danggol inspect`` and ``danggol mail`` on a command line: paths on stdout, remarks on stderr, exit codes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.unit.actions.test_inspection import adopted, book
from tests.unit.cli.typed import run

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["adopted", "book"]  # fixtures
AS_OF = ("--as-of", "2026-11-21")


def test_paths_are_data_and_remarks_are_narration(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = run("inspect", str(book), "--request", "R-1", "--html", *AS_OF, capsys=capsys)
    assert (code, out) == (0, f"{book.parent / '검수확인서' / '검수확인서_R-1_정지안.html'}\n")
    assert "R-1: 견적이 없어" in err


def test_json_says_what_was_made_and_what_was_left(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("inspect", str(book), "--request", "R-2", "--request", "R-4", "--html", "--json", *AS_OF)
    code, out, _ = run(*words, capsys=capsys)
    data = json.loads(out)
    (made,) = data["inspections"]
    assert (code, made["request"], made["total"], made["completed"]) == (3, "R-2", 992_500, "2026-11-12")
    assert (made["photos"], len(made["missing_photos"]), made["quote"]) == (0, 4, None)
    assert [left["request"] for left in data["left"]] == ["R-4"]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("inspect", "--request", "R-4"), 3),
        (("inspect", "--request", "R-99"), 2),
        (("inspect",), 2),
        (("mail",), 2),
        (("mail", "--request", "R-4", "--kind", "reproposal"), 3),
        (("mail", "--due"), 0),
    ],
)
def test_exit_codes(book: Path, words: tuple[str, ...], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    found, out, err = run(words[0], str(book), *words[1:], *AS_OF, capsys=capsys)
    assert (found, out) == (code, "")
    assert err
