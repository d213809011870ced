"""What python-calamine makes of a workbook; nothing where it fails: the XML parser reads then, and says why."""

from __future__ import annotations

import gc
import io
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

    from python_calamine import CalamineSheet, CalamineWorkbook

    from addin.crm.grid import CellValue

_T = TypeVar("_T")


def opened(data: bytes) -> CalamineWorkbook | None:
    """The workbook; None where calamine does not take the file."""
    import python_calamine

    return tried(lambda: python_calamine.load_workbook(io.BytesIO(data)))


def sheet_named(book: Future[CalamineWorkbook | None], name: str) -> list[CalamineSheet]:
    """The sheet, in a list: who clears it lets its cells go. [] where it can't be read."""
    found = book.result()
    if found is None or found.sheet_names.count(name) != 1:
        return []
    return tried(lambda: [found.get_sheet_by_name(name)]) or []


def rows_of(sheets: list[CalamineSheet]) -> list[list[CellValue]] | None:
    """Every row of a `sheet_named` from A1 on; blanks are ''. None where it can't be read.

    A million new cells are no garbage: looking for some costs a fifth.
    """
    if not sheets:
        return None
    collecting = gc.isenabled()
    gc.disable()
    try:
        return tried(lambda: cast("list[list[CellValue]]", sheets[0].to_python(skip_empty_area=False)))
    finally:
        if collecting:
            gc.enable()


def tried(read: Callable[[], _T]) -> _T | None:
    """What calamine gives; None where it fails.

    >>> tried(lambda: 1), tried(lambda: int("가"))
    (1, None)
    """
    from python_calamine import CalamineError

    try:
        return read()
    except (CalamineError, OSError, ValueError, OverflowError):  # the last: an elapsed time Python can't hold
        return None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # a panic in Rust is no Exception
            return None
        raise
