"""The sample's photos: a pair by their names, the same bytes every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.actions.sample.photos import draw_photos
from addin.crm.inspection import marked
from addin.documents.photos import read_photo

if TYPE_CHECKING:
    from pathlib import Path


def test_they_are_a_pair_and_always_the_same(tmp_path: Path) -> None:
    first, second = draw_photos(tmp_path / "a"), draw_photos(tmp_path / "b")
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert [marked(path.name) for path in first] == [("주방", "before"), ("주방", "after")]
    assert all(read_photo(path) for path in first)
