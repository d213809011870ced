"""Settings: shipped values with their source, a person's cells read strictly, what a person has set."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from addin.crm.catalogue import KPIS
from addin.crm.setting_rows import SettingCell, from_rows, rows
from addin.crm.setting_specs import LIMITS, SECTIONS, SETTING_KEYS, UNITS
from addin.crm.settings import Settings
from addin.i18n import known, say


def cells(**values: object) -> list[SettingCell]:
    return [SettingCell(key.replace("__", "."), value) for key, value in values.items()]


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_shipped_settings_come_back_unchanged_and_nobody_set_them(lang: str) -> None:
    settings, faults = from_rows(SettingCell(row.key, row.value) for row in rows(Settings(), lang))
    assert settings == Settings()
    assert faults == []


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_a_teams_own_settings_come_back_unchanged(lang: str) -> None:
    mine, faults = from_rows(
        cells(
            hours__open="08:30",
            hours__weekdays="월화수목금토",
            hours__clock="24시간",
            hours__holidays_add="2026-05-04",
            service__same_day_cutoff="15:00",
            stages__won="도장 찍음",
            funnel__steps="접수=received_at; 수주=stage=수주|완료",
            funnel__targets="접수→수주=40%",
            money__margin="35%",
            DEPENDENCY__target="25%",
            RESP_10M__min_n=5,
        )
    )
    assert faults == []
    again, faults = from_rows(SettingCell(row.key, row.value) for row in rows(mine, lang))
    assert (again, faults) == (mine, [])
    assert mine.step_target("접수", "수주") == Decimal("0.4")
    assert mine.clock == "clock"


def test_an_empty_cell_means_the_shipped_value() -> None:
    settings, faults = from_rows([SettingCell("hours.open", None), SettingCell("DEPENDENCY.target", " ")])
    assert (settings, faults) == (Settings(), [])


def test_a_value_equal_to_the_shipped_one_is_not_set_by_a_person() -> None:
    settings, _ = from_rows([SettingCell("SAMEDAY.target", "90%"), SettingCell("RESP_10M.target", "95%")])
    assert not settings.target_by_person("SAMEDAY")
    assert settings.target_by_person("RESP_10M")


def test_the_person_set_column_makes_the_shipped_value_a_persons() -> None:
    settings, _ = from_rows([SettingCell("SAMEDAY.target", 0.9, by_person=True)])
    assert settings.target_by_person("SAMEDAY")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("DEPENDENCY.target", "많이"),
        ("DEPENDENCY.target", 1.2),
        ("hours.open", "아침"),
        ("hours.clock", "가끔"),
        ("service.response_minutes", "0"),
        ("RESP_10M.min_n", 2.5),
        ("funnel.steps", "접수"),
        ("funnel.targets", "접수=90%"),
        ("money.ltv_weeks", -1),
        ("CAC.warn", "-2"),
    ],
)
def test_a_wrong_cell_is_a_fault_and_the_shipped_value_is_used(key: str, value: object) -> None:
    settings, [(where, fault)] = from_rows([SettingCell(key, value)])
    assert settings == Settings()
    assert (where, fault.code) == (key, "bad_setting")
    assert known(fault.expected.id)
    assert known(fault.fix.id)


def test_an_unknown_line_is_not_used_and_its_likely_name_is_said() -> None:
    settings, [(_, fault)] = from_rows([SettingCell("DEPENDENCY.targt", "10%")])
    assert settings == Settings()
    assert (fault.code, fault.suggestion) == ("unknown_setting", "DEPENDENCY.target")
    assert "DEPENDENCY.target" in say(fault.fix)


def test_closing_before_opening_is_a_fault() -> None:
    settings, [(key, fault)] = from_rows(cells(hours__open="18:00", hours__close="09:00"))
    assert (settings.open_minute, settings.close_minute) == (540, 1080)
    assert (key, fault.code) == ("hours.close", "bad_setting")


def test_a_threshold_of_one_kpi_leaves_the_others_alone() -> None:
    settings, _ = from_rows([SettingCell("CLAIM_RATE.breach", "8%")])
    assert settings.thresholds["CLAIM_RATE"] == replace(Settings().thresholds["CLAIM_RATE"], breach=Decimal("0.08"))
    assert {k: v for k, v in settings.thresholds.items() if k != "CLAIM_RATE"} == {
        k: v for k, v in Settings().thresholds.items() if k != "CLAIM_RATE"
    }


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_every_line_has_its_words(lang: str) -> None:
    for row in rows(Settings(), lang):
        for message in (row.label, row.explain, row.unit_text, row.section_text, row.source_text):
            assert known(message.id, lang), message.id
    ids = [
        *(f"settings.section.{name}" for name in SECTIONS),
        *(f"settings.unit.{name}" for name in UNITS),
        *(f"settings.limit.{name}" for name in LIMITS),
        *(f"settings.{key}" for key in SETTING_KEYS),
        *(f"settings.source.{kind}" for kind in ("seed_number", "seed_rule", "assumed", "assumed_none")),
    ]
    assert [name for name in ids if not known(name, lang)] == []


def test_every_line_is_a_key_of_its_own_and_every_kpi_has_its_smallest_sample() -> None:
    keys = [row.key for row in rows(Settings())]
    assert len(keys) == len(set(keys))
    assert {f"{kpi}.min_n" for kpi in KPIS} <= set(keys)
