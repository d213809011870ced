"""The rules of a partner's month: what is counted, what is asked, what comes next, and whose rows are looked at."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from addin.crm.calendar import day_of, minutes_of
from addin.crm.funnel_steps import parse_steps
from addin.crm.message import msg
from addin.crm.report import SHARED_TASKS, WEEKS, Reports, month_of
from addin.crm.settings import Settings
from addin.crm.tasks import Task

OCTOBER = 2026 * 12 + 9
AS_OF = day_of(dt.date(2026, 11, 10))


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> int:
    return minutes_of(dt.datetime(2026, month, day, hour, minute))


def requests(*rows: dict[str, Any]) -> pl.DataFrame:
    """Requests with a partner, confirmed five minutes later unless told otherwise."""
    full = [
        {
            "request_id": f"R{i}",
            "partner": row["partner"],
            "partner_key": row["partner"],
            "received_at": row["at"],
            "received_at__time": True,
            "confirmed_at": row["at"] + row.get("wait", 5),
            "confirmed_at__time": True,
            "event_at": row.get("event"),
            "stage": row.get("stage", "접수"),
            "_sheet": "접수",
            "_row": i,
        }
        for i, row in enumerate(rows, 2)
    ]
    schema = {"event_at": pl.Int64, "stage": pl.String}
    return pl.DataFrame(full, schema_overrides=schema)


def partners(*rows: dict[str, Any]) -> pl.DataFrame:
    filled = [{"partner_key": r["name"], "_sheet": "파트너", "_row": i, **r} for i, r in enumerate(rows, 2)]
    return pl.DataFrame(filled, infer_schema_length=None)


def reports(frames: dict[str, pl.DataFrame], **given: Any) -> Reports:
    return Reports(frames, Settings(), given.pop("month", OCTOBER), given.pop("as_of", AS_OF), **given)


HANBIT = {"partner": "한빛"}


def test_the_default_month_is_the_last_that_is_over() -> None:
    assert month_of(day_of(dt.date(2026, 10, 30))) == OCTOBER - 1
    assert month_of(day_of(dt.date(2026, 10, 31))) == OCTOBER


def test_the_month_is_counted_beside_the_one_before() -> None:
    rows = requests(
        {**HANBIT, "at": at(9, 30)}, {**HANBIT, "at": at(10, 1), "stage": "수주"}, {**HANBIT, "at": at(10, 31, 23)},
        {**HANBIT, "at": at(11, 1)}, {"partner": "샛별", "at": at(10, 5)},
    )  # fmt: skip
    assert reports({"requests": rows}).of("한빛").totals == {"intakes": (2, 1), "won": (1, 0)}


def test_late_answers_show_in_the_shared_kpi_of_that_partner_only() -> None:
    rows = requests(
        *({**HANBIT, "at": at(10, d, 10), "wait": 60 if d % 2 else 5} for d in (12, 13, 14, 15)),
        *({"partner": "샛별", "at": at(10, d, 11)} for d in (12, 13, 14, 15)),
    )
    made = reports({"requests": rows})
    told = {p: next(line.month for line in made.of(p).kpis if line.kpi == "RESP_10M") for p in ("한빛", "샛별")}
    assert [(v.numerator, v.denominator) for v in told.values() if v] == [(2, 4), (4, 4)]


def test_a_month_under_way_ends_at_the_day_of_the_data() -> None:
    report = reports({"requests": requests({**HANBIT, "at": at(11, 3)})}, month=OCTOBER + 1).of("한빛")
    assert report.under_way
    assert report.span[1] == AS_OF


def test_the_funnel_is_made_of_this_partners_requests_of_the_weeks() -> None:
    rows = requests(
        {**HANBIT, "at": at(10, 5), "stage": "수주"}, {**HANBIT, "at": at(10, 6)}, {**HANBIT, "at": at(1, 6)},
        {"partner": "샛별", "at": at(10, 6)},
    )  # fmt: skip
    steps = parse_steps(["접수=all", "수주=stage=수주"], {"stage": "stage"})
    funnel = reports({"requests": rows}, steps=steps).of("한빛").funnel
    assert funnel is not None
    assert [step.count for step in funnel.steps] == [2, 1]


def test_there_are_never_more_weeks_than_asked_for_nor_weeks_before_the_data() -> None:
    early = requests({**HANBIT, "at": at(1, 6)}, {**HANBIT, "at": at(10, 6)})
    late = requests({**HANBIT, "at": at(9, 28)}, {**HANBIT, "at": at(10, 6)})
    assert len(reports({"requests": early}).weeks) == WEEKS
    assert len(reports({"requests": late}).weeks) == 12


def test_who_tells_of_the_day_too_late_is_asked_to_tell_earlier() -> None:
    rows = requests({**HANBIT, "at": at(10, 5), "event": at(10, 9)}, {**HANBIT, "at": at(10, 6), "event": at(10, 14)})
    asks = reports({"requests": rows}).of("한빛").shared.asks
    assert asks == (msg("report.ask.lead_late", days=8, n=2, late=1),)
    noted_after = requests({**HANBIT, "at": at(10, 5), "event": at(10, 1)}, {**HANBIT, "at": at(10, 6)})
    assert reports({"requests": noted_after}).of("한빛").shared.asks == ()


def test_the_goal_of_the_month_is_asked_for_with_what_came() -> None:
    rows = requests({**HANBIT, "at": at(10, 5), "stage": "수주"})
    listed = partners({"name": "한빛", "monthly_goal": 4.0})
    assert (
        msg("report.ask.goal_open", goal=4, won=1)
        in reports({"requests": rows, "partners": listed}).of("한빛").shared.asks
    )


def test_the_contracts_own_minutes_are_promised() -> None:
    rows = requests({**HANBIT, "at": at(10, 5)})
    listed = partners({"name": "한빛", "sla_minutes": 30.0})
    promises = reports({"requests": rows, "partners": listed}).of("한빛").shared.promises
    assert msg("report.promise.response", minutes=30) in promises


@pytest.mark.parametrize(("cluster", "office"), [("아파트 단지", True), ("카페", False)])
def test_only_an_apartment_office_gets_its_defects(cluster: str, office: bool) -> None:
    frames = {
        "requests": requests({**HANBIT, "at": at(10, 5)}),
        "partners": partners({"name": "한빛", "cluster": cluster}),
        "defects": pl.DataFrame(
            {"partner": ["한빛", "샛별"], "place": ["옥상", "지하"], "found_at": [at(10, 2), at(10, 2)]}
        ),
    }
    report = reports(frames).of("한빛")
    assert (report.office, report.defects is not None) == (office, office)
    if report.defects:
        assert [d.place for d in report.defects.common] == ["옥상"]
        assert report.next[0].id == "report.next.defects"


def task(kind: str, partner: str = "한빛", about: str = "R1") -> Task:
    return Task(kind, about, 0, msg("x"), partner=partner, request=about)


def test_tasks_of_the_house_are_not_told_and_those_of_others_neither() -> None:
    ours = [
        task(kind) for kind in ("dependency", "lost_reason", "silence", "one_sided", "stage_evidence", "experiment")
    ]
    made = reports({"requests": requests({**HANBIT, "at": at(10, 5)})}, tasks=[*ours, task("first_answer", "샛별")])
    assert [m.id for m in made.of("한빛").next] == ["report.next.none"]


def test_open_requests_are_told_by_kind_with_their_numbers() -> None:
    waiting = [task("first_answer", about=f"R{i}") for i in range(7)]
    made = reports({"requests": requests({**HANBIT, "at": at(10, 5)})}, tasks=waiting)
    assert made.of("한빛").next == (msg("report.next.first_answer", count=7, numbers="R0, R1, R2, R3, R4 …"),)
    assert "first_answer" in SHARED_TASKS


def test_who_has_neither_requests_nor_defects_is_not_reported_on() -> None:
    frames = {
        "requests": requests({**HANBIT, "at": at(10, 5)}, {"partner": "옛곳", "at": at(1, 5)}),
        "partners": partners({"name": "한빛"}, {"name": "옛곳"}, {"name": "새곳"}),
    }
    made = reports(frames)
    assert made.partners() == ("한빛",)
    assert made.known() == ("한빛", "옛곳", "새곳")
    assert made.of("새곳").empty
    assert not made.of("한빛").empty


def test_another_partners_rows_change_nothing() -> None:
    """The whole report of one partner is the same whatever stands in the others' rows."""
    own = [{**HANBIT, "at": at(10, d), "stage": "수주" if d % 2 else "접수"} for d in range(1, 29)]
    alone = requests(*own)
    crowd = pl.concat([alone, requests(*({"partner": "샛별", "at": at(10, d), "wait": 90} for d in range(1, 29)))])
    first, second = (reports({"requests": frame}, steps=()).of("한빛") for frame in (alone, crowd))
    assert first == second


def test_an_office_is_known_by_its_name_where_there_is_no_list_of_partners() -> None:
    defects = pl.DataFrame({"partner": ["한빛 관리사무소"], "place": ["옥상"], "found_at": [at(10, 2)]})
    made = reports({"defects": defects})
    assert made.partners() == ("한빛 관리사무소",)
    assert [d.place for d in (made.of("한빛 관리사무소").defects or pytest.fail("no list")).common] == ["옥상"]
