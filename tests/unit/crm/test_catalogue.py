"""The KPI catalogue: its numbers are the sources' numbers, its words exist, its rules are strict where it matters."""

from __future__ import annotations

from decimal import Decimal

import pytest

from addin.crm.catalogue import CONVERSIONS, KPIS, conversion_id, is_conversion
from addin.crm.catalogue_types import SIGNS
from addin.crm.message import msg
from addin.crm.tables import TABLES
from addin.i18n import known

#: What the five source documents ask for, and the passing rate of any other two steps.
ALL = {
    *("ACQ_CONV", "ACT_CONV", "PAY_CONV", "RET_RATE", "REF_RATE", "THROUGHPUT", "BOTTLENECK", "STAGE_TIME", "AGEING"),
    *("APPLY_TO_TRIAL", "TRIAL_TO_DECIDE", "REGULAR_POOL", "CAC", "LTV", "LTV_CAC", "DEPENDENCY", "HHI", "BACKUP"),
    *("VOLATILITY", "MONTHLY_GOAL", "CLAIM_RATE", "REFUND_RATE", "REWORK_RATE", "REVISIT_RATE", "RESP_10M", "SAMEDAY"),
    *("REPORT_MONTHLY", "LEAD_TIME", "D7_ALERT", "FOLLOWUP_24H", "FIRST_PROPOSAL", "SILENCE_4W", "QUALITY_SCORE"),
    *("CROSS_SELL", "PIPE_STAGE", "QUARTER_TIER", "CONV"),
}


def test_every_kpi_of_the_sources_is_there() -> None:
    assert set(KPIS) == ALL
    assert len(ALL) == 37


@pytest.mark.parametrize(
    ("kpi", "target", "kind"),
    [
        ("DEPENDENCY", "0.3", "seed_number"),  # 특정 파트너 매출 의존도가 30%를 넘으면
        ("SAMEDAY", "0.9", "seed_number"),  # 당일 방문 90%
        ("SILENCE_4W", "28", "seed_number"),  # 4주간 소식 없음
        ("RESP_10M", "0.9", "assumed"),  # 10 minutes are the source's, the share is ours
        ("CLAIM_RATE", "0.05", "assumed"),
    ],
)
def test_targets_say_whose_number_they_are(kpi: str, target: str, kind: str) -> None:
    assert (KPIS[kpi].target, KPIS[kpi].target_kind) == (Decimal(target), kind)


@pytest.mark.parametrize("kpi", KPIS)
@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_kpi_can_be_explained(kpi: str, lang: str) -> None:
    for message in (KPIS[kpi].name, KPIS[kpi].formula, KPIS[kpi].source, KPIS[kpi].window_text, KPIS[kpi].explain):
        assert known(message.id, lang), message.id


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_every_needed_field_is_a_field_of_the_crm(kpi: object) -> None:
    fields = {f"{table.id}.{field.id}" for table in TABLES for field in table}
    assert {field for group in kpi.needs for field in group} <= fields  # type: ignore[attr-defined]


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_a_breach_is_looked_for_before_a_warning(kpi: object) -> None:
    flags = [rule.flag for rule in kpi.rules]  # type: ignore[attr-defined]
    assert flags == sorted(flags)


@pytest.mark.parametrize("kpi", KPIS.values(), ids=KPIS)
def test_every_limit_of_a_rule_is_shipped_or_a_persons_to_set(kpi: object) -> None:
    for rule in kpi.rules:  # type: ignore[attr-defined]
        if rule.limit is None:
            assert rule.on in SIGNS
            continue
        assert rule.limit in kpi.limits  # type: ignore[attr-defined]
        if getattr(kpi, rule.limit) is None:
            assert rule.limit == "target"
            assert is_conversion(kpi.id)  # type: ignore[attr-defined]


def test_the_ladder_moves_on_quality_and_speed_only() -> None:
    escalating = {kpi.id for kpi in KPIS.values() if kpi.escalates}
    assert escalating == {"CLAIM_RATE", "REFUND_RATE", "REWORK_RATE", "RESP_10M", "SAMEDAY"}


@pytest.mark.parametrize(("pair", "kpi"), CONVERSIONS.items())
def test_steps_of_the_sources_have_their_own_conversion(pair: tuple[str, str], kpi: str) -> None:
    assert conversion_id(*pair) == kpi
    assert is_conversion(kpi)


def test_other_steps_share_one_conversion() -> None:
    assert conversion_id("접수", msg("funnel.step.won")) == "CONV"
