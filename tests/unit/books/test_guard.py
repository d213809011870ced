from __future__ import annotations

import io
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest

from addin.books import guard as module
from addin.books.guard import KINDS, guard
from addin.books.read import read_book
from addin.errors import BookError
from addin.i18n import known
from tests.messy.build import LAYOUTS, PACKAGES
from tests.messy.build import write as messy
from tests.unit.books import tiny

if TYPE_CHECKING:
    from pathlib import Path

FINE = tiny.row('<c r="A1"><v>1</v></c>')


def refusal(path: Path) -> BookError:
    with pytest.raises(BookError) as caught:
        guard(path)
    for lang in ("ko", "en"):
        assert known(caught.value.message.id, lang), caught.value.message.id
    return caught.value


def of(path: Path, data: bytes) -> BookError:
    path.write_bytes(data)
    return refusal(path)


@pytest.mark.parametrize("name", [*LAYOUTS, *PACKAGES])
def test_every_legal_workbook_passes(name: str, tmp_path: Path) -> None:
    path = messy(name, tmp_path)
    guard(path)
    assert read_book(path).sheets


@pytest.mark.parametrize(
    ("name", "data", "id"),
    [
        ("a.xlsx", b"", "guard.empty"),
        ("a.xlsx", "업체명,금액\n".encode(), "guard.not_a_workbook"),
        ("a.xlsx", b"\xef\xbb\xbf<html><table>", "guard.kind.web"),
        ("a.xls", b"<?xml version='1.0'?><Workbook/>", "guard.kind.web"),
        ("a.gsheet", b'{"url": "https://docs.google.com"}', "guard.kind.gsheet"),
        ("a.cell", b"HCell", "guard.kind.cell"),
        ("a.pdf", b"%PDF-1.7", "guard.kind.other"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "guard.kind.xls"),
        (
            "a.xlsx",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900 + "EncryptedPackage".encode("utf-16-le"),
            "guard.encrypted",
        ),
    ],
)
def test_what_is_no_workbook_is_told_apart_with_its_own_advice(name: str, data: bytes, id: str, tmp_path: Path) -> None:
    assert of(tmp_path / name, data).message.id == id


@pytest.mark.parametrize(
    ("part", "id"),
    [
        ("xl/workbook.bin", "guard.kind.xlsb"),
        ("content.xml", "guard.kind.ods"),
        ("Index/Document.iwa", "guard.kind.numbers"),
        ("word/document.xml", "guard.kind.other"),
    ],
)
def test_a_zip_of_another_program_is_told_by_its_parts(part: str, id: str, tmp_path: Path) -> None:
    assert of(tmp_path / "a.xlsx", tiny.zipped({part: "<x/>"})).message.id == id


def test_every_kind_of_file_has_its_advice_in_both_languages() -> None:
    for kind in {*KINDS.values(), *(kind for _, kind in module._TELLTALES), "web"}:
        assert known(f"guard.kind.{kind}", "ko")
        assert known(f"guard.kind.{kind}", "en")


def test_a_missing_file_and_a_folder_are_said_plainly(tmp_path: Path) -> None:
    assert refusal(tmp_path / "없음.xlsx").message.id == "guard.no_file"
    assert refusal(tmp_path).message.id == "guard.folder"


@pytest.mark.parametrize("name", ["../evil.xml", "xl/../../evil.xml", "/etc/evil", "C:/evil", "..\\evil"])
def test_an_entry_outside_the_package_is_refused(name: str, tmp_path: Path) -> None:
    error = of(tmp_path / "a.xlsx", tiny.zipped({**tiny.parts(FINE), name: "x"}))
    assert error.message.id == "guard.entry_outside"
    assert "evil" in error.value


def test_the_same_entry_twice_is_refused(tmp_path: Path) -> None:
    buffer = io.BytesIO(tiny.zipped(tiny.parts(FINE)))
    with zipfile.ZipFile(buffer, "a") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        archive.writestr("xl/worksheets/sheet1.xml", "<other/>")
    path = tmp_path / "a.xlsx"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(BookError):
        guard(path)


def test_a_part_that_grows_too_much_is_refused_by_name_and_not_inflated(tmp_path: Path) -> None:
    path = messy("huge_cell", tmp_path)
    error = refusal(path)
    assert (error.message.id, error.value) == ("guard.bomb", "xl/worksheets/sheet1.xml")
    assert refusal(messy("zip_bomb", tmp_path)).message.id == "guard.bomb"


def test_a_part_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BookError):
        guard(messy("lying_zip_bomb", tmp_path))


def test_a_text_no_cell_can_hold_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_TEXT_RUN", 1000)
    long = tiny.row(f'<c r="A1" t="inlineStr"><is><t>{"가" * 1000}</t></is></c>')
    assert refusal(tiny.write(tmp_path, long)).message.id == "guard.text_run"
    shared = tiny.row('<c r="A1" t="s"><v>0</v></c>')
    assert (
        refusal(tiny.write(tmp_path, shared, strings=f"<si><t>{'가' * 1000}</t></si>")).value == "xl/sharedStrings.xml"
    )


def test_a_full_32_767_character_cell_is_fine(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row(f'<c r="A1" t="inlineStr"><is><t>{"&quot;" * 32_767}</t></is></c>'))
    guard(path)
    assert read_book(path).sheets[0].rows[0][0] == '"' * 32_767


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<?xml version="1.0"?>\n<!-- fine --><!DOCTYPE x>',
        f"<!--{' ' * 5000}--><!DOCTYPE x>",
        "\ufeff<!DOCTYPE x>",
    ],
)
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "customXml/item1.xml", "xl/_rels/workbook.xml.rels"])
def test_a_document_type_in_any_xml_part_is_refused(head: str, part: str, tmp_path: Path) -> None:
    content = tiny.parts(FINE, more={"customXml/item1.xml": "<x/>"})
    error = of(tmp_path / "a.xlsx", tiny.zipped({**content, part: head + content[part]}))
    assert (error.message.id, error.value) == ("guard.doctype", part)


def test_a_document_type_far_behind_in_what_is_packed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("addin.books.guard._PACKED_HEAD", 1)
    content = tiny.parts(FINE, more={"customXml/item1.xml": "<!DOCTYPE x><x/>"})
    assert of(tmp_path / "a.xlsx", tiny.zipped(content)).message.id == "guard.doctype"


def test_a_document_type_in_utf_16_is_found_too(tmp_path: Path) -> None:
    content = {**tiny.parts(FINE), "customXml/item1.xml": ""}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in content.items():
            archive.writestr(name, text or "<!DOCTYPE x><x/>".encode("utf-16"))
    assert of(tmp_path / "a.xlsx", buffer.getvalue()).message.id == "guard.doctype"


def test_the_word_doctype_in_a_cell_is_only_a_word(tmp_path: Path) -> None:
    path = tiny.write(tmp_path, tiny.row('<c r="A1" t="inlineStr"><is><t>&lt;!DOCTYPE html></t></is></c>'))
    guard(path)
    assert read_book(path).sheets[0].rows[0][0] == "<!DOCTYPE html>"


@pytest.mark.parametrize(
    ("part", "id"), [("xl/workbook.xml", "book.no_workbook"), ("xl/worksheets/sheet1.xml", "book.sheet_missing")]
)
def test_a_workbook_without_its_workbook_or_sheet_is_refused(part: str, id: str, tmp_path: Path) -> None:
    content = tiny.parts(FINE)
    del content[part]
    path = tmp_path / "a.xlsx"
    path.write_bytes(tiny.zipped(content))
    with pytest.raises(BookError) as caught:
        guard(path)
    assert caught.value.message.id == id


def test_a_workbook_without_sheets_is_refused(tmp_path: Path) -> None:
    assert of(tmp_path / "a.xlsx", tiny.zipped(tiny.parts())).message.id == "guard.no_sheets"


def test_one_far_cell_is_named_so_that_it_can_be_cleared(tmp_path: Path) -> None:
    data = '<row r="1"><c r="A1"><v>1</v></c></row><row r="20000"><c r="XFD20000" t="str"><v>x</v></c></row>'
    error = refusal(tiny.write(tmp_path, FINE, tiny.rows(data)))
    assert (error.message.id, error.where) == ("guard.stray", "S2!XFD20000")


def test_many_sheets_that_are_large_only_together_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ALL", 20)
    wide = tiny.row('<c r="A1"><v>1</v></c><c r="L1"><v>1</v></c>')
    guard(tiny.write(tmp_path, wide))
    assert refusal(tiny.write(tmp_path, wide, wide)).message.id == "guard.sheet_too_large"


def test_a_csv_is_only_checked_for_its_size(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n")
    guard(path)
    assert of(path, b"").message.id == "guard.empty"
