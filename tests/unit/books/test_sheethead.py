"""What stands around the rows: used range, widths, merges, filters."""

from __future__ import annotations

from addin.books.sheethead import auto_filter, column_style, extended_dimension, merges, with_auto_filter, with_width


def test_the_used_range_grows_to_hold_what_was_written() -> None:
    head = b'<worksheet><dimension ref="B2:D9"/>'
    assert extended_dimension(head, (1, 5, 3, 6)) == b'<worksheet><dimension ref="B1:F9"/>'
    assert extended_dimension(head, (3, 3, 3, 3)) == head
    assert extended_dimension(b"<worksheet>", (1, 1, 1, 1)) == b"<worksheet>"


def test_a_column_without_a_width_gets_one_before_the_rows() -> None:
    assert with_width(b"<worksheet><sheetFormatPr/>", 3, 12.5) == (
        b'<worksheet><sheetFormatPr/><cols><col min="3" max="3" width="12.5" customWidth="1"/></cols>'
    )


def test_columns_stand_in_order() -> None:
    head = b'<cols><col min="1" max="1" width="5" customWidth="1"/><col min="9" max="9" width="5"/></cols>'
    assert with_width(head, 4, 8).index(b'min="4"') < with_width(head, 4, 8).index(b'min="9"')


def test_a_width_a_person_set_and_a_hidden_column_stay() -> None:
    for own in (b'width="5" customWidth="1"', b'width="0" hidden="1"'):
        head = b'<cols><col min="1" max="9" ' + own + b"/></cols>"
        assert with_width(head, 4, 8) == head


def test_the_format_of_blank_cells_is_that_of_their_column() -> None:
    head = b'<cols><col min="2" max="4" width="9" style="7"/></cols>'
    assert [column_style(head, c) for c in (1, 2, 4, 5)] == [0, 7, 7, 0]


def test_merges_and_filters_are_found() -> None:
    tail = (
        b'</sheetData><autoFilter ref="$A$1:C9"><filterColumn colId="0"/></autoFilter>'
        b'<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'
    )
    assert list(merges(tail)) == [(2, 1, 3, 2)]
    assert auto_filter(tail) == (1, 1, 9, 3)
    assert b'<autoFilter ref="A1:D9"><filterColumn' in with_auto_filter(tail, (1, 1, 9, 4))
    assert auto_filter(b"</sheetData>") is None
