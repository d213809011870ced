"""What a person means by what they typed, and what they are told where nothing is meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from addin.actions.inspection import inspect_book
from addin.actions.mail import mail_book
from addin.actions.meant import no_such, partner_meant
from addin.crm.text import spelling_key
from addin.errors import NeedsAnswer, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

NAMES = ("한빛 아파트", "샛별 카페")


@pytest.mark.parametrize(
    ("text", "partner"), [("한빛아파트", "한빛 아파트"), ("P-2", "샛별 카페"), ("별 카페(구)", "샛별 카페")]
)
def test_a_partner_is_meant_by_name_id_or_alias_however_spaced(text: str, partner: str) -> None:
    index = {spelling_key(name): name for name in NAMES} | {spelling_key("P-2"): "샛별 카페"}
    assert partner_meant(text, index, {"별카페(구)": "샛별카페", "옛이름": "없는 곳"}, str) == partner


@pytest.mark.parametrize(("text", "near"), [("한빛", "한빛 아파트"), ("샛발 카페", "샛별 카페"), ("zzz", "–")])
def test_nobody_meant_names_the_nearest(text: str, near: str) -> None:
    with pytest.raises(UsageError) as raised:
        partner_meant(text, {spelling_key(name): name for name in NAMES}, {}, str)
    assert raised.value.message.params["near"] == near


def test_an_unknown_number_names_the_nearest_there_is() -> None:
    assert no_such("requests", "R-1O", ["R-10", "Q-77"]).message.params["near"] == "R-10"


def _book(path: Path, rows: list[list[object]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("document", [lambda p: mail_book(p, due=True), lambda p: inspect_book(p, all=True)])
def test_requests_without_numbers_ask_for_a_refresh_first(tmp_path: Path, document: Callable[[Path], object]) -> None:
    rows = [["접수일시", "파트너", "진행상태", "금액"], ["2026-03-02", "한빛", "접수", 1000]]
    with pytest.raises(NeedsAnswer, match="danggol refresh"):
        document(_book(tmp_path / "장부.xlsx", rows))
