"""The demo's partners: what the master's review tab shows afterwards is what the demo told of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.refresh import refresh_book
from addin.actions.sample import make_sample
from addin.books.read import read_book
from addin.i18n import say
from sheets_sync.demo import MASTER, sync_demo
from tests.unit.cli.typed import run

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_review_tab_shows_what_the_demo_says_and_the_next_sync_has_nothing_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    book, folder = tmp_path / "b.xlsx", tmp_path / "동기화"
    make_sample(book)
    refresh_book(book)
    sync_demo(book, folder)
    grid = read_book(folder / MASTER).grid("CRM_동기화")
    assert grid is not None
    kinds = [line[3] for line in grid.rows[3:] if line[3]]
    assert sorted(kinds) == sorted([say("sync.tab.both"), say("sync.tab.no_key")])
    before = (folder / MASTER).read_bytes()
    assert run("sync", str(folder / "sync.toml"), capsys=capsys)[0] == 0
    assert (folder / MASTER).read_bytes() == before
