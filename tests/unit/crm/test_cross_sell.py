"""What to offer next: what others bought after the same first service, counted (seed 002)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.cross_sell import Offer, offer_for, offers
from addin.crm.people import people
from addin.crm.settings import Settings
from addin.i18n import known

if TYPE_CHECKING:
    import polars as pl

    from tests.unit.crm.conftest import FrameOf

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440


def order(who: str, service: str, day: str) -> dict[str, Any]:
    return {"customer": who, "service": service, "won_at": day}


def both(who: str, first: str, second: str) -> list[dict[str, Any]]:
    return [order(who, first, "2026-03-02"), order(who, second, "2026-05-02")]


def told(frame: pl.DataFrame) -> dict[str, Offer]:
    prepared = prepare(frame, Settings(), AS_OF)
    return offers(prepared, people(prepared, Settings()).filter("several")["customer"])


def test_of_those_who_began_with_a_service_most_chose_this_one_next(frame: FrameOf) -> None:
    rows = [row for i, next_ in enumerate(["전등", "전등", "수전", "전등"]) for row in both(f"고객{i}", "도배", next_)]
    assert told(frame(rows)) == {"도배": Offer("도배", "전등", 3, 4)}


def test_too_few_to_count_say_nothing(frame: FrameOf) -> None:
    assert told(frame([*both("가", "도배", "전등"), *both("나", "도배", "전등")])) == {}


def test_buying_the_same_again_or_two_on_one_day_is_no_order_of_services(frame: FrameOf) -> None:
    rows = [row for who in "가나다" for row in both(who, "도배", "도배")]
    rows += [order(who, what, "2026-03-02") for who in "라마바" for what in ("도배", "전등")]
    assert told(frame(rows)) == {}


def test_what_comes_after_the_day_does_not_count(frame: FrameOf) -> None:
    rows = [order(who, "도배", "2026-03-02") for who in "가나다"]
    assert told(frame([*rows, *(order(who, "전등", "2026-12-02") for who in "가나다")])) == {}


def test_nobody_is_offered_what_they_have() -> None:
    known_ = {"도배": Offer("도배", "전등", 3, 4), "전등": Offer("전등", "수전", 3, 3)}
    found = offer_for(["도배", "전등"], known_)
    assert found is not None
    assert found.following == "수전"
    assert offer_for(["도배", "전등", "수전"], known_) is None
    assert offer_for([], known_) is None


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_offer_has_its_words(lang: str) -> None:
    assert known(Offer("도배", "전등", 3, 4).why.id, lang)
