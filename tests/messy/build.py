"""Every messy, odd and hostile file by name, built on the spot: no binary lies in the repository.

``BUILDERS["two_row_header"]()`` gives the bytes, ``write("two_row_header", tmp_path)`` the file.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tests.messy import features, hostile, layouts, packages, sheets_of_text

if TYPE_CHECKING:
    from pathlib import Path

Builder = Callable[[], bytes]


def _named(*builders: Builder) -> dict[str, Builder]:
    return {b.__name__: b for b in builders}


#: Legal workbooks as people lay them out.
LAYOUTS = _named(
    layouts.plain,
    layouts.title_above,
    layouts.two_row_header,
    layouts.stacked,
    layouts.side_by_side,
    layouts.side_by_side_touching,
    layouts.totals,
    layouts.gaps,
    layouts.monthly_tabs,
    layouts.epoch_1904,
    layouts.text_dates,
    layouts.text_amounts,
    features.formulas_without_values,
    features.error_cells,
    layouts.odd_headers,
    layouts.own_names,
    features.list_object,
    features.autofilter,
    features.chart_and_button,
    features.macro_book,
    layouts.text_like_formulas,
    layouts.long_cells,
    layouts.cross_tab,
    layouts.stock_list,
    features.chart_sheet,
    layouts.twenty_sheets,
    features.formula_kinds,
)
#: Legal or half-legal packages of other programs.
PACKAGES = _named(
    packages.strict,
    packages.no_shared_strings,
    packages.lost_shared_strings,
    packages.prefixed,
    packages.no_addresses,
    packages.lying_dimension,
    packages.comments_and_cdata,
    packages.rich_text,
    packages.other_case,
    packages.bare_workbook,
    packages.long_sheet_name,
    packages.signed,
)
#: Files to be refused before anything is read.
HOSTILE = _named(
    hostile.not_a_zip,
    hostile.cut_short,
    hostile.empty,
    hostile.encrypted,
    hostile.old_xls,
    hostile.zip_bomb,
    hostile.lying_zip_bomb,
    hostile.huge_cell,
    hostile.climbing_path,
    hostile.absolute_path,
    hostile.same_entry_twice,
    hostile.doctype,
    hostile.outside_entity,
    hostile.far_cell,
    hostile.no_workbook_part,
    hostile.no_sheet_part,
    hostile.broken_sheet,
)
#: Text files.
TEXTS = _named(
    sheets_of_text.csv_utf8,
    sheets_of_text.csv_utf8_sig,
    sheets_of_text.csv_cp949,
    sheets_of_text.csv_utf16_tabs,
    sheets_of_text.csv_semicolons,
    sheets_of_text.csv_ragged,
    sheets_of_text.csv_broken,
    sheets_of_text.csv_nul,
)
BUILDERS: dict[str, Builder] = {**LAYOUTS, **PACKAGES, **HOSTILE, **TEXTS}


def write(name: str, folder: Path) -> Path:
    """Build one into a folder, under its own name and the fitting suffix."""
    suffix = ".csv" if name in TEXTS else ".xlsm" if name == "macro_book" else ".xlsx"
    path = folder / (name + suffix)
    path.write_bytes(BUILDERS[name]())
    return path
