"""A person's own .xlsx layout with ``{{ fields }}``, filled: rows repeat, formulas stay live, nothing else changes.

A row with ``{{ line.… }}`` (any group's name) stands once for each item: its formats are copied, what is below moves
down, sums, merges, print area, names, validations and pictures follow. Text is text, also where it begins with ``=``.
"""

from __future__ import annotations

import copy
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from addin.documents.images import PictureFault, kind_of
from addin.documents.sandbox import fault, fields_of, render
from addin.documents.typst import DocumentFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

_FIELD = re.compile(r"\{\{\s*([A-Za-z_][\w.]*)\s*\}\}")
_CELL = re.compile(r"(\$?)([A-Z]{1,3})(\$?)(\d{1,7})")
_SIZE_LIMIT: Final = 5_000_000
_ROW_LIMIT: Final = 2_000
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Group:
    """A row that repeats: its name, where it stands in the layout, how many items."""

    name: str
    row: int
    count: int

    @property
    def more(self) -> int:
        """Rows added below it."""
        return max(self.count - 1, 0)


@dataclass(frozen=True, slots=True)
class Live:
    """Where a formula field stands: the sheet as it is going to be, so that the maker can write a formula of cells.

    ``group`` and ``index``: the item of a repeated row, "" and -1 outside; ``row`` is the final one.
    """

    name: str
    group: str
    index: int
    row: int
    filled: Filled


class Filled:
    """The layout while it is filled: which field stands in which column of a group's row, and where rows went."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = sorted(groups, key=lambda g: g.row)
        self.columns: dict[tuple[str, str], str] = {}
        self.single: dict[str, str] = {}

    def moved(self, row: int) -> int:
        """Where a row of the layout stands now (a repeated row: its first)."""
        return row + sum(group.more for group in self.groups if group.row < row)

    def last(self, row: int) -> int:
        """The same for the end of a range: a repeated row's last."""
        return self.moved(row) + sum(group.more for group in self.groups if group.row == row)

    def rows(self, name: str) -> range:
        """The rows of a group's items."""
        group = next((g for g in self.groups if g.name == name and g.count), None)
        return range(self.moved(group.row), self.moved(group.row) + group.count) if group else range(0)

    def formula(self, text: str, own: str) -> str:
        """A formula with its references moved along; those to other sheets stay."""
        from openpyxl.formula import Tokenizer

        tokens = Tokenizer(text)
        for token in tokens.items:
            if token.type == "OPERAND" and token.subtype == "RANGE":
                sheet, bang, cells = token.value.rpartition("!")
                if not bang or sheet.strip("'") == own:
                    token.value = f"{sheet}{bang}{self.area(cells)}"
        return str(tokens.render())

    def area(self, cells: str) -> str:
        """``A1`` or ``A1:B9``, moved along."""
        ends = cells.split(":")
        if not all(_CELL.fullmatch(end) for end in ends):
            return cells
        moves = [self.moved] if len(ends) == 1 else [self.moved, self.last]
        return ":".join(
            _CELL.sub(lambda m, move=move: f"{m[1]}{m[2]}{m[3]}{move(int(m[4]))}", end)  # type: ignore[misc]
            for end, move in zip(ends, moves, strict=True)
        )


def fill(
    layout: Path,
    data: Mapping[str, Any],
    groups: Mapping[str, Sequence[Mapping[str, Any]]],
    live: Callable[[Live], str | float],
    pictures: Mapping[str, bytes],
) -> Any:
    """The filled openpyxl workbook. ``live`` gives the formula of a ``{{ live.name }}``; ``pictures`` stand where their
    name does. Raises `TemplateFault` naming the cell, `DocumentFault` for a file that is no layout.
    """
    book = _loaded(layout)
    sheet = book.worksheets[0]
    found = {name: _row_of(sheet, name) for name in groups}
    filled = Filled([Group(name, row, len(groups[name])) for name, row in found.items() if row])
    cells = {(c.row, c.column): (c.value, copy.copy(c._style)) for line in sheet.iter_rows() for c in line}
    if max((row for row, _ in cells), default=0) > _ROW_LIMIT:
        raise DocumentFault("doc.xlsx.layout", where=layout.name)
    _note_columns(cells, filled)
    _make_room(book, sheet, filled)
    writer = _Writer(sheet, layout.name, dict(data), groups, live, filled, pictures)
    for (row, column), (value, style) in sorted(cells.items()):
        group = next((g for g in filled.groups if g.row == row), None)
        if group is None:
            writer.put(filled.moved(row), column, value, style, "", -1, row)
        for index in range(group.count if group else 0):
            assert group is not None
            writer.put(filled.moved(row) + index, column, value, style, group.name, index, row)
    for group in filled.groups:
        if not group.count:
            sheet.row_dimensions[filled.moved(group.row)].hidden = True
    return book


class _Writer:
    """Puts one cell of the layout into its place, its fields filled in."""

    def __init__(
        self, sheet: Any, name: str, data: dict[str, Any], groups: Mapping[str, Sequence[Mapping[str, Any]]],
        live: Callable[[Live], str | float], filled: Filled, pictures: Mapping[str, bytes],
    ) -> None:  # fmt: skip
        self.sheet, self.name, self.data, self.groups = sheet, name, data, groups
        self.live, self.filled, self.pictures = live, filled, pictures

    def put(self, row: int, column: int, value: Any, style: Any, group: str, index: int, origin: int) -> None:
        """One cell."""
        cell = self.sheet.cell(row, column)
        cell._style = copy.copy(style)
        if not isinstance(value, str):
            cell.value = value
        elif value.startswith("="):
            cell.value = self._formula(value, row, origin, index)
        elif "{{" in value or "{%" in value:
            self._fields(cell, value, group, index)
        else:
            _text(cell, value)

    def _formula(self, value: str, row: int, origin: int, index: int) -> str:
        if index < 0:
            return self.filled.formula(value, self.sheet.title)
        from openpyxl.formula.translate import Translator

        return str(Translator(value, f"A{origin}").translate_formula(f"A{row}"))

    def _fields(self, cell: Any, text: str, group: str, index: int) -> None:
        data = {**self.data, **({group: self.groups[group][index]} if group else {})}
        whole = _FIELD.fullmatch(text.strip())
        where = f"{self.name}!{self.sheet.title}!{cell.coordinate}"
        if whole is None:
            _text(cell, render(where, data, {where: text}.get))
            return
        name = whole[1]
        if name.startswith("live."):
            cell.value = self.live(Live(name[5:], group, index, cell.row, self.filled))
        elif name in PICTURES:
            cell.value = None
            if name in self.pictures:
                _draw(self.sheet, cell, self.pictures[name], name)
        else:
            found: Any = data
            for part in name.split("."):
                if not isinstance(found, dict) or part not in found:
                    import difflib

                    near = difflib.get_close_matches(part, sorted(fields_of(data)), n=1, cutoff=0.5)
                    raise fault("doc.template.unknown", where, 0, value=name, near=near[0] if near else "–")
                found = found[part]
            if isinstance(found, str):
                _text(cell, found)
            else:
                cell.value = found


#: Fields that are pictures.
PICTURES: Final = ("our_logo", "their_logo", "seal")


def _loaded(layout: Path) -> Any:
    try:
        import openpyxl
        import PIL  # noqa: F401 -- without it openpyxl drops the pictures silently
    except ModuleNotFoundError as missing:
        raise DocumentFault("doc.not_installed", value="openpyxl, pillow") from missing
    from zipfile import BadZipFile

    if layout.stat().st_size > _SIZE_LIMIT:
        raise DocumentFault("doc.xlsx.layout", where=layout.name)
    try:
        return openpyxl.load_workbook(io.BytesIO(layout.read_bytes()))
    except (BadZipFile, KeyError, ValueError, OSError, TypeError) as error:
        raise DocumentFault("doc.xlsx.layout", where=layout.name) from error


def _row_of(sheet: Any, name: str) -> int:
    mark = re.compile(rf"\{{\{{\s*{name}\.")
    for line in sheet.iter_rows():
        for cell in line:
            if isinstance(cell.value, str) and mark.search(cell.value):
                return int(cell.row)
    return 0


def _note_columns(cells: Mapping[tuple[int, int], tuple[Any, Any]], filled: Filled) -> None:
    """Which field stands where, so that formulas can name its cell."""
    from openpyxl.utils import get_column_letter

    for (row, column), (value, _) in cells.items():
        field = _FIELD.fullmatch(value.strip()) if isinstance(value, str) else None
        if field is None:
            continue
        group = next((g.name for g in filled.groups if g.row == row), "")
        letter = get_column_letter(column)
        if group:
            filled.columns[group, field[1].removeprefix(f"{group}.")] = letter
        else:
            filled.single[field[1]] = f"{letter}{filled.moved(row)}"


def _make_room(book: Any, sheet: Any, filled: Filled) -> None:
    """Empty the sheet's cells and move everything that hangs on rows."""
    from openpyxl.worksheet.cell_range import MultiCellRange

    merges = [str(merged) for merged in sheet.merged_cells.ranges]
    sheet.merged_cells = MultiCellRange()
    sheet._cells.clear()  # all of them are written anew; unmerging one by one would draw every border again
    heights = {row: (d.height, d.hidden) for row, d in sheet.row_dimensions.items()}
    for row, (height, hidden) in sorted(heights.items(), reverse=True):
        for target in range(filled.moved(row), filled.last(row) + 1):
            sheet.row_dimensions[target].height = height
            sheet.row_dimensions[target].hidden = hidden
    for merged in merges:
        first, _, last = merged.partition(":")
        group = next((g for g in filled.groups if {g.row} == {int(m[4]) for m in _CELL.finditer(merged)}), None)
        if group is None:
            sheet.merged_cells.add(filled.area(merged))
        for index in range(group.count if group else 0):
            assert group is not None
            row = filled.moved(group.row) + index
            sheet.merged_cells.add(":".join(_CELL.sub(lambda m, r=row: f"{m[2]}{r}", end) for end in (first, last)))  # type: ignore[misc]
    for validation in sheet.data_validations.dataValidation:
        validation.sqref = MultiCellRange([filled.area(_range(str(area))) for area in validation.sqref.ranges])
    _move_formats(sheet, filled)
    for picture in [*sheet._images, *sheet._charts]:
        for end in ("_from", "to"):
            marker = getattr(picture.anchor, end, None)
            if marker is not None:
                marker.row = filled.moved(marker.row + 1) - 1
    if sheet.print_area:
        areas = sheet.print_area if isinstance(sheet.print_area, list) else sheet.print_area.split(",")
        sheet.print_area = ",".join(filled.area(a.rpartition("!")[2].replace("$", "")) for a in areas)
    for name in [*book.defined_names.values(), *sheet.defined_names.values()]:
        owner, bang, area = (name.attr_text or "").rpartition("!")
        if bang and owner.strip("'") == sheet.title:
            name.attr_text = f"{owner}!{filled.area(area)}"


def _range(area: str) -> str:
    """One cell as a range, so that it grows with its row."""
    return area if ":" in area else f"{area}:{area}"


def _move_formats(sheet: Any, filled: Filled) -> None:
    from openpyxl.formatting.formatting import ConditionalFormattingList

    old, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for block in old:
        area = " ".join(filled.area(_range(str(part))) for part in block.sqref.ranges)
        for rule in block.rules:
            rule.formula = [filled.formula(f"={f}", sheet.title)[1:] for f in rule.formula]
            sheet.conditional_formatting.add(area, rule)


def _text(cell: Any, text: str) -> None:
    """Text, never a formula."""
    text = _ILLEGAL.sub("", text)
    cell.value = text or None
    if text.startswith(("=", "+", "-", "@")):
        cell.data_type = "s"
        cell.quotePrefix = True


def _draw(sheet: Any, cell: Any, data: bytes, name: str) -> None:
    """A picture at a cell, as high as the cell's rows."""
    from openpyxl.drawing.image import Image

    if kind_of(data) == "svg":
        raise PictureFault("doc.image.no_svg", where=name)
    try:
        picture = Image(io.BytesIO(data))
    except (OSError, SyntaxError, ValueError) as error:  # what Pillow raises for a file broken inside
        raise PictureFault("doc.image.broken", where=name, value=str(error)[:80]) from error
    span = next((m for m in sheet.merged_cells.ranges if cell.coordinate in m), None)
    rows = range(cell.row, (span.max_row if span else cell.row) + 1)
    height = sum(sheet.row_dimensions[row].height or 15 for row in rows) * 96 / 72
    picture.width, picture.height = max(int(picture.width * height / picture.height), 1), int(height)
    sheet.add_image(picture, cell.coordinate)
