"""``--map`` as people type it."""

from __future__ import annotations

import pytest

from addin.actions.maps import parse_map
from addin.crm.corrections import MapArgument
from addin.errors import UsageError
from addin.i18n import LANGUAGES, say


@pytest.mark.parametrize(
    ("text", "argument"),
    [
        ("partner=업체명", MapArgument("partner", "업체명")),
        ("파트너=업체명", MapArgument("partner", "업체명")),
        ("won = 수주 › 일자", MapArgument("won_at", "수주 › 일자")),
        ("requests.amount=9월!금액(원)", MapArgument("amount", "금액(원)", "requests", "9월")),
        ("의뢰.금액='9월 접수'!금액", MapArgument("amount", "금액", "requests", "9월 접수")),
        ("amount=", MapArgument("amount", "")),
        ("requests.note=비고=메모", MapArgument("note", "비고=메모", "requests")),
    ],
)
def test_field_and_header(text: str, argument: MapArgument) -> None:
    assert parse_map(text) == argument


@pytest.mark.parametrize(
    ("text", "id", "names"),
    [
        ("partnr=업체명", "map.unknown_field", "partner"),
        ("recieved_at=접수일", "map.unknown_field", "received_at"),
        ("requests.households=세대수", "map.unknown_field_list", "received_at"),
        ("zzzz=접수일", "map.unknown_field_list", "partner"),
        ("의회.partner=업체명", "map.unknown_table", "requests"),
        ("업체명", "map.bad_form", "업체명"),
        ("=업체명", "map.bad_form", "업체명"),
        ("partner=!업체명", "map.bad_form", "업체명"),
    ],
)
def test_a_wrong_argument_says_what_would_be_right(text: str, id: str, names: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_map(text)
    assert caught.value.message.id == id
    assert caught.value.exit_code == 2
    for lang in LANGUAGES:
        sentence = say(caught.value.message, lang)
        assert names in sentence
        assert "{" not in sentence
