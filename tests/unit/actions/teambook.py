"""A team's tiny book: made of plain lists, adopted, with who we are filled in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import xlsxwriter

from addin.actions.adopt import adopt_book
from addin.actions.workspace import open_workspace
from addin.books import Edits, open_book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

#: The settings that say who we are: without them nothing goes out.
COMPANY: dict[str, object] = {
    "company.name": "다온홈케어",
    "company.business_no": "123-45-67891",
    "company.owner": "김다온",
    "company.address": "서울시 성동구 왕십리로 1",
}


def made(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    """A workbook of these sheets; text that looks like a formula is text."""
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return path


def settle(book: Path, values: Mapping[str, object]) -> None:
    """What a person types into the settings tab."""
    workspace = open_workspace(book)
    assert workspace.setting_answers is not None
    edits = Edits()
    for key, value in values.items():
        row, column = workspace.setting_answers.places[key]
        edits.write(workspace.ours.tabs["settings"], row, column, [[value]])  # type: ignore[list-item]
    open_book(book).apply(edits)


def adopted_book(
    folder: Path, sheets: Mapping[str, Sequence[Sequence[Any]]], company: Mapping[str, object] = COMPANY
) -> Path:
    """``장부.xlsx``, adopted and settled."""
    path = made(folder / "장부.xlsx", sheets)
    adopt_book(path)
    settle(path, company)
    return path
