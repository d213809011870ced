"""Files of an action: all of them or none, nobody's file overwritten, names every system takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.actions.notes import together
from addin.actions.outbox import NAME_LENGTH, file_name, outbox
from addin.crm.message import msg
from addin.errors import BookError
from addin.i18n import say

if TYPE_CHECKING:
    from pathlib import Path


def test_files_appear_together_once_they_are_all_made(tmp_path: Path) -> None:
    with outbox(tmp_path / "out") as box:
        first, second = box.put("a", "txt", b"1"), box.put("b", "txt", b"2")
        assert not first.exists()
        box.publish()
        box.keep()
    assert (first.read_bytes(), second.read_bytes()) == (b"1", b"2")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["a.txt", "b.txt"]


def test_what_fails_later_takes_the_new_files_back(tmp_path: Path) -> None:
    def fail() -> None:
        with outbox(tmp_path) as box:
            box.put("a", "txt", b"1")
            box.publish()
            raise ValueError("later")

    with pytest.raises(ValueError, match="later"):
        fail()
    assert list(tmp_path.iterdir()) == []


def test_a_persons_file_stays_and_two_of_one_name_in_a_run_do_too(tmp_path: Path) -> None:
    (tmp_path / "A.txt").write_bytes(b"theirs")
    with outbox(tmp_path) as box:
        names = [box.put(stem, "txt", data).name for stem, data in (("A", b"1"), ("b", b"2"), ("B", b"3"), ("b", b"2"))]
        box.publish()
        box.keep()
    assert names == ["A (2).txt", "b.txt", "B (2).txt", "b.txt"]
    assert (tmp_path / "A.txt").read_bytes() == b"theirs"


def test_a_folder_that_can_not_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(BookError, match="out"), outbox(tmp_path / "out"):
        pass


@given(st.text(max_size=80))
def test_a_name_is_one_every_system_takes(text: str) -> None:
    name = file_name(text)
    assert not set(name) & set('<>:"/\\|?*\r\n\x00')
    assert len(name) <= NAME_LENGTH + 1
    assert name in ("", name.strip(". "))


def test_one_note_about_many_is_said_once() -> None:
    notes = [msg("mail.note.no_address", request=f"R-{n}") for n in range(5)] + [msg("tax.none")]
    first, second = together(notes)
    assert say(first, "ko").startswith("R-0, R-1, R-2 외 2건")
    assert second.id == "tax.none"
