from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.books import csvfile
from addin.books.csvfile import delimiter_of, read_csv, rows_of, sheet_name
from addin.errors import BookError
from addin.i18n import known

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "업체명,전화,비고\r\n㈜한빛,010-1234-5678,=1+1\r\n"
ROWS = [["업체명", "전화", "비고"], ["㈜한빛", "010-1234-5678", "=1+1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "euc-kr", "utf-16"])
def test_every_encoding_of_a_korean_office_is_read(encoding: str) -> None:
    text = TEXT.replace("㈜", "") if encoding == "euc-kr" else TEXT
    rows = rows_of(text.encode(encoding))
    assert [[v.replace("㈜", "") for v in line] for line in rows] == [
        [v.replace("㈜", "") for v in line] for line in ROWS
    ]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
        ("a;b\n1,5;2\n", [["a", "b"], ["1,5", "2"]]),
        ("a\tb\n1,000\t2\n", [["a", "b"], ["1,000", "2"]]),
        ('a,b\n"줄\n바꿈",2\n', [["a", "b"], ["줄\n바꿈", "2"]]),
        ('a,b\n"그가 ""네""",2\n', [["a", "b"], ['그가 "네"', "2"]]),
        ("제목\n\na,b,c\n1,2\n", [["제목"], [], ["a", "b", "c"], ["1", "2"]]),
        ("a,b\n 001 ,1e5\n,\n\n", [["a", "b"], [" 001 ", "1e5"]]),
        ("비고\n하나\n", [["비고"], ["하나"]]),
        ("a\rb\r", [["a"], ["b"]]),
    ],
)
def test_values_stay_the_text_that_was_typed(text: str, rows: list[list[str]]) -> None:
    assert rows_of(text.encode()) == rows


@pytest.mark.parametrize(
    ("data", "id", "value"),
    [
        (b"a,b\n\xff\xfe\xfd", "csv.encoding", "4"),
        (b"a,b\n1,\x002\n", "csv.nul", "6"),
        ("a,b\0".encode("utf-16"), "csv.nul", "8"),
        (b'a,b\n"' + b"x" * 200_000, "csv.broken", "2"),
    ],
)
def test_what_is_no_csv_is_refused_with_its_place(data: bytes, id: str, value: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(data)
    with pytest.raises(BookError) as caught:
        read_csv(path)
    assert (caught.value.message.id, caught.value.value) == (id, value)
    assert known(id, "ko")
    assert known(id, "en")


def test_a_huge_csv_is_refused_before_it_is_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvfile, "MAX_CSV", 3)
    (tmp_path / "a.csv").write_text("a,b\n")
    with pytest.raises(BookError) as caught:
        read_csv(tmp_path / "a.csv")
    assert caught.value.message.id == "csv.too_large"


def test_the_grid_is_called_like_the_file(tmp_path: Path) -> None:
    path = tmp_path / f"{'긴이름' * 12}.csv"
    path.write_bytes(TEXT.encode())
    data, grid = read_csv(path)
    assert data == TEXT.encode()
    assert (grid.name, len(grid.name)) == (("긴이름" * 12)[:31], 31)
    assert sheet_name("[]") == "csv"


cell = st.text(st.characters(codec="utf-8", exclude_characters="\0\ufeff\r"), max_size=6)


@given(st.lists(st.lists(cell, min_size=2, max_size=4), min_size=1, max_size=6), st.sampled_from(csvfile.DELIMITERS))
def test_what_a_program_wrote_with_any_delimiter_comes_back(rows: list[list[str]], delimiter: str) -> None:
    width = max(map(len, rows))
    rows = [[f"열{i}" for i in range(width)], *([*line, *[""] * (width - len(line))] for line in rows)]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(rows)
    while not any(rows[-1]):
        rows.pop()
    assert rows_of(out.getvalue().encode()) == rows
    assert delimiter_of(out.getvalue()) == delimiter
