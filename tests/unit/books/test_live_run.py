"""A write into an open workbook that fails midway is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.books.fake_live_com import FakeError
from addin.books.journal import Journal
from addin.books.live import LiveBook
from addin.books.tab import Tab
from addin.errors import BookError
from tests.unit.books.opened import WHEN, flags

if TYPE_CHECKING:
    from addin.books.fake_live import FakeBook


@pytest.mark.parametrize("n", range(1, 7))
def test_a_write_that_fails_midway_is_taken_back(open_book: FakeBook, n: int) -> None:
    live = LiveBook(open_book)
    live.apply(flags("정상", "정상", "정상"), when=WHEN)
    sheet = open_book.sheets["접수"]
    before = (dict(sheet.cells), dict(sheet.colors), dict(open_book.defined), [s.name for s in open_book.sheets])
    edits = flags("위반", "주의", "위반")
    edits.fill("접수", 2, 3, "FAD0B8")
    edits.write("메모", 1, 2, [["x"]])
    edits.put_tab(Tab.of_values("CRM_점검", [["a"]]))
    edits.mark("_danggol.tab.check", "CRM_점검")
    open_book.app.writes, open_book.app.fail_at = 0, n
    with pytest.raises(BookError) as found:
        live.apply(edits, when=WHEN)
    now = (dict(sheet.cells), dict(sheet.colors), dict(open_book.defined), [s.name for s in open_book.sheets])
    assert found.value.message.id == "live.taken_back"
    assert now == before
    assert len(Journal(live.path).runs()) == 1
    assert open_book.app.screen_updating


def test_what_could_not_be_put_back_is_named(open_book: FakeBook, monkeypatch: pytest.MonkeyPatch) -> None:
    live = LiveBook(open_book)
    write = live.host.write
    done: list[int] = []

    def dying(*given: object) -> None:
        if done:
            raise FakeError("gone")
        done.append(1)
        write(*given)  # type: ignore[arg-type]
        raise FakeError("going")

    monkeypatch.setattr(live.host, "write", dying)
    with pytest.raises(BookError) as found:
        live.apply(flags("정상"), when=WHEN)
    assert found.value.message.id == "live.stuck"
    assert "접수!C1" in str(found.value)
