"""Source 000, the partner kit: one pack of prices, scope and A/S terms, with the forms, on a tiny book."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING, Any

from addin.actions.kit import kit_book
from tests.unit.actions.teambook import adopted_book
from tests.unit.actions.test_kit import PARTNERS, PRICES, REQUESTS

if TYPE_CHECKING:
    from pathlib import Path


def test_prices_scope_and_after_service_in_one_pack_with_the_forms(tmp_path: Path) -> None:
    """[r] 파트너 키트: 가격표, 서비스 범위, A/S 조건, 견적·검수·보고 양식과 후기 양식을 한 묶음으로."""
    sheets: dict[str, Any] = {"접수": REQUESTS, "가격표": PRICES, "파트너": PARTNERS}
    book = adopted_book(tmp_path, sheets)
    (kit,) = kit_book(book, partner="한빛마을 관리사무소", zip=True, as_of="2026-11-21").made
    assert kit.archive is not None
    names = " ".join(path.name for path in kit.paths)
    for form in ("가격", "견적", "검수", "보고", "후기"):
        assert form in names
    with zipfile.ZipFile(kit.archive) as archive:
        assert len(archive.namelist()) == len(kit.paths)
