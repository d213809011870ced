"""What Calc hands over and gets back: nothing of a person's sheet is read as something else."""

from __future__ import annotations

import datetime as dt
from typing import Any, NamedTuple

import pytest

from addin.functions import FUNCTIONS
from addin.hosts.calc.bridge import BRIDGES, cells_of, needs_document, padded, shown, signature


class Place(NamedTuple):
    StartColumn: int
    StartRow: int
    EndColumn: int
    EndRow: int


class Cells:
    """A range object as Calc hands it over: rows of values, None where an error stands."""

    def __init__(self, rows: tuple[tuple[Any, ...], ...], name: str = "$S.$A$1:$A$9", used: int = 8) -> None:
        self.rows, self.AbsoluteName, self.used = rows, name, used

    @property
    def DataArray(self) -> tuple[tuple[Any, ...], ...]:
        return self.rows

    def getCellByPosition(self, column: int, row: int) -> Any:
        return type("Cell", (), {"getError": staticmethod(lambda: 532)})()

    @property
    def RangeAddress(self) -> Place:
        return Place(0, 0, 0, 1_048_575)

    @property
    def Spreadsheet(self) -> Any:
        return self

    def createCursor(self) -> Any:
        cursor = type("Cursor", (), {"gotoEndOfUsedArea": lambda *_: None})()
        cursor.RangeAddress = Place(0, 0, 0, self.used)
        return cursor

    def getCellRangeByPosition(self, left: int, top: int, right: int, bottom: int) -> Cells:
        return Cells(self.rows[top : bottom + 1])


class Document:
    """A document without tabs of ours, that counts its days from a given one."""

    def __init__(self, year: int, month: int, day: int) -> None:
        self.NullDate = type("Null", (), {"Year": year, "Month": month, "Day": day})()
        self.RuntimeUID = f"{year}"
        self.NamedRanges = type("Names", (), {"hasByName": staticmethod(lambda _: False)})()


def test_an_error_cell_is_one_cells_error() -> None:
    rows = cells_of(Cells((("가",), (None,), ("",))))
    assert rows[0] == ["가"]
    assert rows[1][0].code == "#DIV/0!"


def test_a_whole_column_ends_with_the_sheets_last_use() -> None:
    column = Cells(tuple((float(i),) for i in range(100)), "$S.$A$1:$A$1048576", used=2)
    assert cells_of(column) == ((0.0,), (1.0,), (2.0,))
    assert cells_of(Cells((), "$S.$A$5:$A$1048576", used=-1)) == []


@pytest.mark.parametrize(("id", "empty"), [("PHONE", 0.0), ("PHONE", None), ("PARTNER_NAME", 0.0)])
def test_an_empty_cell_gives_an_empty_answer(id: str, empty: Any) -> None:
    document = [Document(1899, 12, 30)] if needs_document(FUNCTIONS[id]) else []
    assert BRIDGES[id].answer(*document, empty) == (("",),)


def test_a_zero_where_a_number_belongs_is_zero() -> None:
    assert BRIDGES["HANGUL"].answer(0.0) == ((("일금 영원정"),),)


def test_one_answer_is_not_repeated_over_the_rest_of_the_range() -> None:
    assert padded((("a",),), [(("x",), ("",))]) == (("a",), ("",))


def test_no_answer_ends_in_python() -> None:
    """A surprise is a sentence, and every answer is a number or a text."""
    for id, bridge in BRIDGES.items():
        given = [Cells((("☃",), (None,))) if is_object else "☃" for is_object in bridge.ranges]
        if needs_document(FUNCTIONS[id]):
            given.insert(0, Document(1899, 12, 30))
        answer = bridge.answer(*given)
        rows = answer if isinstance(answer, tuple) else ((answer,),)
        assert all(isinstance(value, str | float) for row in rows for value in row), (id, answer)


def test_an_old_macs_document_counts_its_days_from_1904() -> None:
    document = Document(1904, 1, 1)
    day = shown(dt.date(2026, 11, 21)) - 1462  # type: ignore[operator]
    assert BRIDGES["DUE"].answer(document, day, 2.0, 0.0) == ((day + 2,),)


def test_required_ranges_are_range_objects_and_optional_ones_values() -> None:
    answer, parameters = signature(FUNCTIONS["BOTTLENECK"])
    assert answer == "any"
    assert [kind.rpartition("::")[2] for _, kind in parameters] == ["XCellRange", "XCellRange", "any", "any"]
