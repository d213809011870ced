"""What calamine can't read is nothing, never an error: another reader takes over."""

from __future__ import annotations

import gc
import io
from concurrent.futures import Future

import pytest
import xlsxwriter

from addin.books.calamine import opened, rows_of, sheet_named, tried


def _book() -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("접수").write_row(1, 1, ["한빛", 3])
    return buffer.getvalue()


def _there(data: bytes) -> Future[object]:
    book: Future[object] = Future()
    book.set_result(opened(data))
    return book


@pytest.mark.parametrize("collecting", [True, False])
def test_rows_begin_at_a1_and_garbage_is_looked_for_as_before(*, collecting: bool) -> None:
    sheets = sheet_named(_there(_book()), "접수")  # type: ignore[arg-type]
    (gc.enable if collecting else gc.disable)()
    assert rows_of(sheets) == [["", "", ""], ["", "한빛", 3.0]]
    assert gc.isenabled() is collecting


@pytest.mark.parametrize(("data", "name"), [(b"PK no book", "접수"), (_book(), "다른 이름")])
def test_no_book_and_no_such_sheet_are_nothing(data: bytes, name: str) -> None:
    sheets = sheet_named(_there(data), name)  # type: ignore[arg-type]
    assert sheets == []
    assert rows_of(sheets) is None


def test_a_panic_is_nothing_and_ctrl_c_is_none_of_its_business() -> None:
    panic = type("PanicException", (BaseException,), {})

    def panics() -> None:
        raise panic

    def stopped() -> None:
        raise KeyboardInterrupt

    assert tried(panics) is None
    with pytest.raises(KeyboardInterrupt):
        tried(stopped)
