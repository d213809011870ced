"""Thresholds: strict where the source is strict, silent where the sample is small, always with a reason."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addin.crm.catalogue import KPIS
from addin.crm.flags import FLAGS, REASONS, PartnerFlag, judge, partner_flags, percent, reason
from addin.crm.kpi_values import KpiValue
from addin.crm.points import Point, share, stock
from addin.crm.settings import Threshold, shipped_threshold
from addin.i18n import known, say


def flag(kpi: str, point: Point, **more: object) -> str:
    return judge(KPIS[kpi], point, shipped_threshold(KPIS[kpi]), **more).flag  # type: ignore[arg-type]


def value(kpi: str, point: Point, by: dict[str, str] | None = None, past: Point | None = None) -> KpiValue:
    threshold = shipped_threshold(KPIS[kpi])
    found, rule = judge(KPIS[kpi], point, threshold, past)
    return KpiValue(
        kpi, by or {}, point.value, point.numerator, point.denominator, point.n, threshold, found, None,
        rule=rule, past=past.value if past else None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("permille", "expected"), [(249, "ok"), (250, "warn"), (300, "warn"), (301, "breach"), (1000, "breach")]
)
def test_a_share_of_thirty_percent_is_no_breach_and_thirty_point_one_is(permille: int, expected: str) -> None:
    assert flag("DEPENDENCY", share(permille, 1000)) == expected


def test_one_won_over_thirty_percent_is_a_breach() -> None:
    assert flag("DEPENDENCY", Point(3_000_000_000, 10_000_000_000, 9, 1, 1)) == "warn"
    assert flag("DEPENDENCY", Point(3_000_000_001, 10_000_000_000, 9, 1, 1)) == "breach"


@pytest.mark.parametrize(("hits", "expected"), [(90, "ok"), (89, "warn"), (80, "warn"), (79, "breach")])
@pytest.mark.parametrize("kpi", ["RESP_10M", "SAMEDAY"])
def test_the_sla_warns_under_ninety_and_breaches_under_eighty(kpi: str, hits: int, expected: str) -> None:
    assert flag(kpi, share(hits, 100)) == expected


def test_a_small_sample_never_escalates() -> None:
    assert flag("RESP_10M", share(0, 9)) == "small_sample"
    assert flag("RESP_10M", share(0, 10)) == "breach"


def test_no_cases_are_no_data_not_zero() -> None:
    assert flag("RESP_10M", share(0, 0)) == "no_data"


@pytest.mark.parametrize(
    ("claims", "orders", "expected"),
    [
        (1, 20, "ok"),  # 5 % is not over 5 %
        (2, 30, "warn"),  # over, but chance could do it
        (3, 25, "breach"),  # 12 %: over 10 % whatever chance does
        (40, 500, "breach"),  # 8 %, and surely over 5 %
        (7, 100, "warn"),  # 7 %: chance could do it
    ],
)
def test_claims_breach_when_surely_over_five_or_over_ten_percent(claims: int, orders: int, expected: str) -> None:
    assert flag("CLAIM_RATE", share(claims, orders)) == expected


def test_cost_is_judged_by_its_own_past_and_only_where_there_is_one() -> None:
    now, past = Point(130, 1, 9, 130, 1), Point(100, 1, 9, 100, 1)
    assert flag("CAC", now) == "ok"
    assert flag("CAC", now, past=past) == "warn"
    assert flag("CAC", Point(150, 1, 9, 150, 1), past=past) == "warn"
    assert flag("CAC", Point(151, 1, 9, 151, 1), past=past) == "breach"
    assert flag("CAC", now, past=Point(0, 0, 0, None, None)) == "ok"


def test_no_substitute_is_a_breach_only_while_we_depend_on_someone_there() -> None:
    threshold = shipped_threshold(KPIS["DEPENDENCY"])
    assert flag("BACKUP", stock(0)) == "warn"
    assert flag("BACKUP", stock(0), given={"DEPENDENCY": (share(24, 100), threshold)}) == "warn"
    assert flag("BACKUP", stock(0), given={"DEPENDENCY": (share(25, 100), threshold)}) == "breach"
    assert flag("BACKUP", stock(1), given={"DEPENDENCY": (share(25, 100), threshold)}) == "warn"
    assert flag("BACKUP", stock(2)) == "ok"


@pytest.mark.parametrize(("days", "expected"), [(21, "ok"), (22, "warn"), (28, "warn"), (29, "breach")])
def test_four_weeks_of_silence_are_a_breach_from_the_twenty_ninth_day(days: int, expected: str) -> None:
    assert flag("SILENCE_4W", stock(days)) == expected


def test_a_conversion_without_a_target_is_not_judged() -> None:
    assert flag("CONV", share(1, 100)) == "ok"
    aimed = Threshold(target=Decimal("0.4"), min_n=30)
    assert judge(KPIS["CONV"], share(35, 100), aimed).flag == "warn"
    assert judge(KPIS["CONV"], share(20, 100), aimed).flag == "breach"


# -- the sentence ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_reason_has_its_words(lang: str) -> None:
    assert [name for name in REASONS if not known(name, lang)] == []


@pytest.mark.parametrize(
    ("found", "text"),
    [
        (value("RESP_10M", share(18, 25)), "10분 확인율 72 % (18/25) · 기준 80 %"),
        (value("RESP_10M", share(24, 25)), "10분 확인율 96 % (24/25) · 기준 90 %"),
        (value("RESP_10M", share(3, 4)), "10분 확인율 75 % (3/4) · 표본 4건, 10건부터 판단합니다"),
        (value("RESP_10M", share(0, 0)), "10분 확인율: 이 기간에는 자료가 없습니다"),
        (value("CLAIM_RATE", share(40, 500)), "클레임률 8 % (40/500) · 우연을 감안해도 기준 5 % 초과"),
        (value("SILENCE_4W", stock(31)), "4주 무접촉 31일 · 기준 28일"),
        (
            value("CAC", Point(150, 1, 9, 150, 1), past=Point(90, 1, 9, 90, 1)),
            "고객획득비(CAC) 150 · 지난 12주의 1.67배 (기준 1.5배)",
        ),
        (value("CONV", share(30, 100)), "단계 전환율 30 % (30/100)"),
    ],
)
def test_the_reason_is_one_sentence_with_the_numbers(found: KpiValue, text: str) -> None:
    assert say(found.reason, "ko") == text


def test_a_share_just_over_its_limit_does_not_read_like_the_limit() -> None:
    assert "30.001 %" in say(value("DEPENDENCY", share(30_001, 100_000)).reason)
    assert percent(0.3, Decimal("0.3")) == "30 %"
    assert (
        say(value("HHI", Point(25_033, 100_000, 7, None, None)).reason, "ko") == "매출 집중도(HHI) 0.2503 · 기준 0.25"
    )


def test_the_reason_of_a_value_is_its_kpis() -> None:
    found = value("SAMEDAY", share(5, 10))
    assert found.reason == reason(KPIS["SAMEDAY"], found, found.threshold)


# -- a partner as a whole ----------------------------------------------------------------------------------------------


def test_a_partner_is_as_bad_as_its_worst_kpi_and_names_three_reasons_at_most() -> None:
    by = {"partner": "한빛"}
    values = [
        value("RESP_10M", share(85, 100), by),
        value("SAMEDAY", share(10, 100), by),
        value("CLAIM_RATE", share(0, 100), by),
        value("DEPENDENCY", share(40, 100), by),
        value("SILENCE_4W", stock(40), by),
        value("SAMEDAY", share(1, 100), {"partner": "한빛", "month": "2026-03"}),
        value("SAMEDAY", share(1, 100)),
    ]
    found = partner_flags(values)
    assert list(found) == ["한빛"]
    assert found["한빛"].flag == "breach"
    assert [v.kpi for v in found["한빛"].values] == ["SAMEDAY", "DEPENDENCY", "SILENCE_4W"]


def test_a_partner_we_know_too_little_of_is_not_ok() -> None:
    by, nothing = {"partner": "샛별"}, value("SAMEDAY", share(0, 0), {"partner": "샛별"})
    assert partner_flags([value("RESP_10M", share(1, 2), by), nothing])["샛별"].flag == "small_sample"
    assert partner_flags([value("RESP_10M", share(10, 10), by), nothing])["샛별"] == PartnerFlag("ok", ())
    assert FLAGS[0] == "breach"
