"""A tab drawn to be grafted: its parts as they are, never zipped; texts in their cells, cells in the book's formats.

XlsxWriter draws it, as in `addin.books.render`; what only a workbook of its own needs is not written.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xlsxwriter.packager import Packager
from xlsxwriter.utility import _preserve_whitespace
from xlsxwriter.worksheet import CellBlankTuple, CellBooleanTuple, CellStringTuple
from xlsxwriter.xmlwriter import XMLwriter

from addin.books.drawnsheet import DrawnSheet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from xlsxwriter.format import Format

    #: The cell formats of a drawn styles.xml → their numbers in the person's book.
    Placed = Callable[[bytes], Mapping[int, int]]


def text_xml(text: str) -> str:
    """A text as its cell holds it.

    >>> text_xml(" R&D")
    '<t xml:space="preserve"> R&amp;D</t>'
    """
    keep = ' xml:space="preserve"' if _preserve_whitespace(text) else ""
    told = XMLwriter._escape_control_characters(text)
    return f"<t{keep}>{told.replace('&', '&amp;').replace('<', '&lt;').replace('>', '&gt;')}</t>"


class Texts:
    """In place of the table of shared texts: a text is its own number, and none is shared."""

    count = 0

    def _get_shared_string_index(self, text: str) -> str:
        return text

    def _get_shared_string(self, text: str) -> str:
        return text

    def _sort_string_data(self) -> None:
        """Nothing to sort."""


class InlineSheet(DrawnSheet):
    """A worksheet whose cells hold their texts; ``numbers`` are those of its formats in the person's book."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: Mapping[int, int] = {}
        self._ordered: dict[int, list[tuple[int, Any]]] = {}
        self._inside: dict[str, str] = {}

    def number_formats(self) -> None:
        """Number the formats in the order of the cells, as writing them would."""
        numbered: set[Format] = set()
        for row, cells in sorted(self.table.items()):
            ordered = self._ordered[row] = sorted(cells.items())
            for look in [cell.format for _, cell in ordered if cell.format not in numbered]:
                look._get_xf_index()
                numbered.add(look)

    def _write_cells(self, row: int, cells: Mapping[int, Any]) -> None:
        out: list[str] = []
        at, openings, endings, inside = str(row + 1), self._openings, self._endings, self._inside
        for col, cell in self._ordered[row]:
            kind, look = type(cell), cell.format
            place = f"{openings.get(col) or self._opening(col)}{at}{endings.get(look) or self._ending(look)}"
            if kind is CellStringTuple:
                out.append(f'{place} t="inlineStr"><is>{inside.get(cell.string) or self._told(cell.string)}</is></c>')
            elif kind is CellBlankTuple:
                out.append(f"{place}/>")
            elif kind is CellBooleanTuple:
                out.append(f'{place} t="b"><v>{cell.boolean}</v></c>')
            else:
                out.append(f"{place}><v>{cell.number:.16G}</v></c>")
        self.fh.write("".join(out))

    def _ending(self, look: Format) -> str:
        number = self.numbers[look._get_xf_index()]
        ending = self._endings[look] = f'" s="{number}"' if number else '"'
        return ending

    def _told(self, text: str) -> str:
        told = self._inside[text] = text_xml(text)
        return told


class Parts(Packager):  # type: ignore[misc]
    """What XlsxWriter hands a finished workbook to: ``parts`` by name, once it is closed."""

    def __init__(self, placed: Placed) -> None:
        super().__init__()
        self.parts: dict[str, bytes] = {}
        self._placed = placed

    def _create_package(self) -> list[Any]:
        sheets: list[InlineSheet] = self.workbook.worksheets()
        for sheet in sheets:
            sheet.number_formats()
        self._write_workbook_file()  # formats are made ready by this
        self._write_styles_file()
        numbers = self._placed(self.filenames[-1][0].getvalue().encode())
        for sheet in sheets:
            sheet.numbers = numbers
        self._write_content_types_file()
        self._write_root_rels_file()
        self._write_workbook_rels_file()
        self._write_worksheet_files()
        self._write_chart_files()
        self._write_drawing_files()
        self._write_vml_files()
        self._write_comment_files()
        self._write_table_files()
        self._write_worksheet_rels_files()
        self._write_drawing_rels_files()
        self.parts = {name: file.getvalue().encode() for file, name, _ in self.filenames}
        return []
