"""The jobs worth showing, of each service and persona, and why (seed 002: best practice)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import polars as pl
import pytest

from addin.crm.best_cases import REASON_IDS, BestCases, best_cases
from addin.crm.bindings import prepare
from addin.crm.calendar import minutes_of_text
from addin.crm.people import people
from addin.crm.settings import Settings
from addin.i18n import known
from tests.unit.crm.conftest import frame_of

if TYPE_CHECKING:
    from collections.abc import Iterable

AS_OF = (minutes_of_text("2026-11-20") or 0) // 1440
#: A column that tells that nothing went wrong.
FINE: dict[str, Any] = {"claim": None}


def job(who: str, day: str = "2026-10-01", service: str | None = "도배", **more: Any) -> dict[str, Any]:
    return {"customer": who, "service": service, "won_at": day, **FINE, **more}


def found(rows: list[dict[str, Any]], customers: pl.DataFrame | None = None, **own: Any) -> BestCases:
    settings = Settings(**own)
    prepared = prepare(frame_of(rows), settings, AS_OF, customers)
    return best_cases(prepared, people(prepared, settings, customers), settings, customers)


def who(rows: list[dict[str, Any]], **own: Any) -> list[str]:
    return [case.customer for case in found(rows, **own).cases]


def why(case: Any) -> list[str]:
    return [reason.id for reason in case.reasons]


def test_a_job_with_the_highest_satisfaction_is_a_case_and_says_why() -> None:
    (case,) = found([job("가", satisfaction=5, request_id="R1", note="사진 있음")]).cases
    assert (case.of, case.customer, case.request, case.score, case.note) == ("도배", "가", "R1", 2, "사진 있음")
    assert (why(case), case.reasons[0].params) == (["cases.satisfied"], {"given": "5", "scale": 5})
    assert (case.sheet, case.row) == ("접수", 2)


@pytest.mark.parametrize(
    "wrong",
    [
        {"claim": True},
        {"rework": True},
        {"refund": 1},
        {"refund__yes": True},
        {"satisfaction": 4},
        {"won_at": None},
        {"won_at": "2026-12-01"},
        {"completed_at": None},
        {"completed_at": "2026-12-01"},
    ],
    ids="-".join,
)
def test_something_that_went_wrong_or_is_not_done_is_none(wrong: dict[str, Any]) -> None:
    kept: dict[str, Any] = {"satisfaction": 5, "completed_at": "2026-10-03", "rework": None, "refund": None}
    rows = [job("가", **{**kept, "refund__yes": None, **wrong}), job("나", **{**kept, "refund__yes": None})]
    assert who(rows) == ["나"]


def test_the_customer_came_back_or_brought_another() -> None:
    rows = [
        job("가", "2026-03-01"),
        job("가", "2026-05-01", "전등"),
        job("나"),
        job("다", referrer="나"),
    ]
    cases = {case.customer: why(case) for case in found([{"referrer": None, **row} for row in rows]).cases}
    assert cases == {"가": ["cases.again"], "나": ["cases.introduced"]}


def test_a_job_nothing_speaks_for_is_no_case() -> None:
    assert found([job("가")]).cases == ()


@pytest.mark.parametrize(
    ("given", "top"),
    [((5, 4, 3), 5), ((10, 9, 3), 10), ((95, 60, 20), 95), ((5, *[5] * 18, 3, 55), 5)],
    ids=["of 5", "of 10", "of 100", "a slip of the hand"],
)
def test_the_scale_is_told_from_the_answers(given: tuple[float, ...], top: float) -> None:
    rows = [job(f"고객{i}", satisfaction=grade) for i, grade in enumerate(given)]
    assert found(rows, best_cases=1).cases[0].satisfaction in (top, 55)
    assert all((case.satisfaction or 0) >= 0.9 * top for case in found(rows, best_cases=20).cases)


def test_from_which_grade_on_satisfaction_is_the_highest_is_the_teams_setting() -> None:
    rows = [job("가", satisfaction=5), job("나", satisfaction=4)]
    assert (who(rows), who(rows, best_satisfaction=Decimal("0.8"))) == (["가"], ["가", "나"])


def test_few_of_each_service_the_best_first_and_a_customer_once() -> None:
    rows = [job("가", f"2026-0{i}-01", satisfaction=5) for i in range(1, 6)]
    rows += [job("나", "2026-09-01", satisfaction=5), job("다", "2026-10-01", satisfaction=5)]
    rows += [job("라", service="전등", satisfaction=5)]
    cases = found(rows, best_cases=2)
    assert [(case.of, case.customer, case.score) for case in cases.cases] == [
        ("도배", "가", 3),
        ("도배", "다", 2),
        ("전등", "라", 2),
    ]
    assert cases.found == (("service", "도배", 7), ("service", "전등", 1))


def test_services_that_are_not_listed_are_counted() -> None:
    assert found([job(f"고객{i}", service=f"서비스{i:02d}", satisfaction=5) for i in range(14)]).more == (
        ("service", 2),
    )


def test_of_each_persona_too_where_the_customer_list_tells_it() -> None:
    customers = pl.DataFrame({"name": ["가", "나"], "persona": ["신혼", None]})
    cases = found([job("가", satisfaction=5), job("나", satisfaction=5)], customers).cases
    assert [(case.kind, case.of, case.customer, case.persona) for case in cases] == [
        ("service", "도배", "가", "신혼"),
        ("service", "도배", "나", ""),
        ("persona", "신혼", "가", "신혼"),
    ]


def test_the_persona_is_that_of_who_used_it() -> None:
    customers = pl.DataFrame({"name": ["집주인", "세입자"], "persona": ["임대", "자취"]})
    cases = found([job("집주인", satisfaction=5, user="세입자")], customers).cases
    assert {case.persona for case in cases} == {"자취"}


def _without(rows: Iterable[dict[str, Any]], *fields: str) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in fields} for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        _without([job("가"), job("가", "2026-05-01")], "claim"),
        _without([job("가", satisfaction=5)], "service"),
        _without([job("가", satisfaction=5)], "customer"),
        [job("가", service=None, satisfaction=5)],
        [job("가", satisfaction=None)],
        [job("가", satisfaction=500)],
        [job("가", satisfaction=-1)],
    ],
    ids=["nothing tells how it went", "no service", "no customer", "blank service", "not asked", "no scale", "below 0"],
)
def test_what_cannot_be_told_is_not_made_up(rows: list[dict[str, Any]]) -> None:
    assert found(rows).cases == ()


def test_a_negative_amount_is_no_reason_to_hide_good_work() -> None:
    assert who([job("가", satisfaction=5, amount=-100)]) == ["가"]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_reason_has_its_words(lang: str) -> None:
    assert [id for id in REASON_IDS if not known(id, lang)] == []


def test_a_case_says_where_the_teams_own_columns_keep_its_photos() -> None:
    own = {"시공 후 사진": "사진/1.jpg", "후기 링크": "https://example.com/r/1", "사진 동의": "예"}
    first, second = found([job("가", satisfaction=5, **own), job("나", satisfaction=5)]).cases
    assert sorted((first.photos, second.photos)) == [(), ("사진/1.jpg", "https://example.com/r/1")]
