"""Which columns say where photos are."""

from __future__ import annotations

import pytest

from addin.crm.photo_columns import tells_photos


@pytest.mark.parametrize(
    ("header", "told"),
    [("사진", True), ("시공 후 사진", True), ("작업전사진", True), ("사진 링크", True), ("후기_링크", True),
     ("Photo URL", True), ("사진 동의", False), ("비고", False), ("_row", False)],
)  # fmt: skip
def test_a_header_tells_of_photos_or_a_review_however_it_is_spaced(header: str, told: bool) -> None:
    assert tells_photos(header) is told
