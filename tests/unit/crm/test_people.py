"""A line a customer: who is who, what they bought, and what the customer list says about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.people import kinds, people, shown
from addin.crm.settings import Settings

if TYPE_CHECKING:
    from tests.unit.crm.conftest import FrameOf

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440


def lines(frame: pl.DataFrame, customers: pl.DataFrame | None = None, **own: Any) -> list[dict[str, Any]]:
    settings = Settings(**own)
    prepared = prepare(frame, settings, AS_OF, customers)
    return shown(people(prepared, settings, customers), prepared).sort("customer").to_dicts()


def order(who: str, day: str = "2026-10-01", **more: Any) -> dict[str, Any]:
    return {"customer": who, "received_at": day, "won_at": day, **more}


def test_two_customers_of_one_name_at_two_partners_are_two(frame: FrameOf) -> None:
    found = lines(frame([order("김가온", partner="한빛"), order("김가온", partner="샛별")]))
    assert [(line["name"], line["partner"], line["orders"]) for line in found] == [
        ("김가온", "샛별", 1),
        ("김가온", "한빛", 1),
    ]


def test_the_customer_list_is_met_by_id_by_phone_or_by_the_only_name(frame: FrameOf) -> None:
    requests = frame(
        [
            {"customer": "C1", "phone": None, "won_at": "2026-10-01"},
            {"customer": "박새봄", "phone": "010-2222-2222", "won_at": "2026-10-01"},
            {"customer": "최온유", "phone": None, "won_at": "2026-10-01"},
        ]
    )
    customers = pl.DataFrame(
        {
            "customer_id": ["C1", None, None],
            "name": ["김가온", "새봄", "최온유"],
            "phone": [None, "010-2222-2222", None],
            "preference": ["오전", "문자", "친환경"],
        }
    )
    found = lines(requests, customers)
    assert [(line["orders"], line["preference"]) for line in found] == [(1, "문자"), (1, "오전"), (1, "친환경")]


def test_a_name_two_customers_have_says_nothing_about_either(frame: FrameOf) -> None:
    requests = frame([order("김가온", partner="한빛"), order("김가온", partner="샛별")])
    found = lines(requests, pl.DataFrame({"name": ["김가온"], "preference": ["오전"]}))
    assert [(line["orders"], line["preference"]) for line in found] == [(0, "오전"), (1, None), (1, None)]


def test_a_customer_listed_twice_is_one_with_the_first_filled_cells(frame: FrameOf) -> None:
    customers = pl.DataFrame({"phone": ["010-1", "010-1"], "preference": [None, "오전"], "persona": ["신혼", "이사"]})
    requests = frame([{"customer": "가", "phone": "010-1", "won_at": "2026-10-01"}])
    assert [(line["preference"], line["persona"]) for line in lines(requests, customers)] == [("오전", "신혼")]


def test_who_is_only_in_the_list_has_a_line_without_requests(frame: FrameOf) -> None:
    found = lines(frame([order("가")]), pl.DataFrame({"name": ["나"], "joined_at": [1440]}))
    assert [(line["name"], line["requests"], line["joined_at"]) for line in found] == [("가", 1, None), ("나", 0, 1)]


def test_a_joining_in_the_future_has_not_happened(frame: FrameOf) -> None:
    customers = pl.DataFrame({"name": ["가"], "joined_at": [minutes_of_text("2026-12-01")]})
    assert lines(frame([order("가")]), customers)[0]["joined_at"] is None


def test_a_late_claim_or_refund_is_trouble_an_old_one_is_not(frame: FrameOf) -> None:
    found = lines(
        frame(
            [
                order("가", claim=True, refund=None),
                order("나", claim=None, refund=10),
                order("다", "2025-01-01", claim=True, refund=None),
                order("라", claim=False, refund=0),
            ]
        )
    )
    assert [line["troubled"] for line in found] == [True, True, False, False]


def test_what_the_requests_cannot_tell_is_null(frame: FrameOf) -> None:
    line = lines(frame([order("가")]))[0]
    told = ("several", "no_show", "discount_asked", "bypass", "rewarded", "troubled", "member_at", "recent")
    assert [line[name] for name in told] == [None] * len(told)


def test_an_experience_is_a_visit_the_finished_work_or_the_order(frame: FrameOf) -> None:
    rows = [
        {"customer": "가", "visited_at": "2026-10-05", "won_at": None},
        {"customer": "나", "visited_at": "2026-10-05", "won_at": "2026-10-07"},
        {"customer": "다", "visited_at": None, "won_at": None},
    ]
    day = (minutes_of_text("2026-10-05") or 0) // 1440
    assert [line["experienced"] for line in lines(frame(rows))] == [day, day + 2, None]


@pytest.mark.parametrize(
    ("text", "regular", "custom"),
    [
        ("정기", True, False),
        ("비정기", False, True),
        ("정기+맞춤", True, True),
        ("둘 다", True, True),
        ("VIP", False, False),
    ],
)
def test_a_kind_is_regular_custom_or_both(text: str, regular: bool, custom: bool) -> None:
    assert kinds(text, ("정기",)) == (regular, custom)


def test_a_book_with_a_customer_list_and_no_requests_yet_names_its_customers(frame: FrameOf) -> None:
    requests = frame([order("김가온", phone="010-1111-1111")]).clear()
    customers = pl.DataFrame({"name": ["박새봄"], "phone": ["010-2222-2222"], "preference": ["오전"]})
    (line,) = lines(requests, customers)
    assert (line["name"], line["phone"], line["orders"]) == ("박새봄", "010-2222-2222", 0)
