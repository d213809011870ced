"""The sync button: the workbook that is open is the master, the sync.toml beside it says the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.sync import sync_open
from addin.books.fake_live import FakeBook
from addin.books.live import LiveBook
from addin.errors import UsageError
from sheets_sync.config import ConfigError
from sheets_sync.run import share_partner
from tests.unit.sync.masters import master

if TYPE_CHECKING:
    from pathlib import Path

CONFIG = 'master = "master.xlsx"\nport = "folder"\nfolder = "shared"\n\n[partners]\n"한빛" = "한빛.xlsx"\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A master, one partner with its sheet, and the configuration beside them."""
    master(tmp_path / "master.xlsx")
    (tmp_path / "shared").mkdir()
    (tmp_path / "sync.toml").write_text(CONFIG, "utf-8")
    share_partner(tmp_path / "sync.toml", "한빛")
    return tmp_path


def test_what_a_partner_filled_in_arrives_in_the_open_workbook(folder: Path) -> None:
    sheet = openpyxl.load_workbook(folder / "shared" / "한빛.xlsx")
    tab = sheet["의뢰"]
    heads = [cell.value for cell in tab[1]]
    tab.cell(2, heads.index("비고") + 1).value = "옥상부터"
    sheet.save(folder / "shared" / "한빛.xlsx")
    book = FakeBook.opened(folder / "master.xlsx")
    before = (folder / "master.xlsx").read_bytes()
    assert sync_open(book).startswith("파트너 1곳과 맞췄습니다")
    cells = [value for grid in LiveBook(book).snapshot().sheets for line in grid.rows for value in line]
    assert "옥상부터" in cells
    assert (folder / "master.xlsx").read_bytes() == before  # saving is the person's
    assert "바뀐 것이 없는 곳 1" in sync_open(book)


def test_another_workbook_than_the_configured_one_is_refused(folder: Path) -> None:
    master(folder / "other.xlsx")
    with pytest.raises(UsageError) as error:
        sync_open(FakeBook.opened(folder / "other.xlsx"))
    assert "master.xlsx" in str(error.value)


def test_without_a_configuration_it_says_where_to_begin(tmp_path: Path) -> None:
    master(tmp_path / "master.xlsx")
    with pytest.raises(ConfigError):
        sync_open(FakeBook.opened(tmp_path / "master.xlsx"))
