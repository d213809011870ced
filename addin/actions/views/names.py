"""What danggol's tabs are called. A book's language is fixed when it is adopted; ``--lang`` changes messages only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.ours import free_tab_name

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

#: Tab keys in the order the tabs stand in a book.
KEYS: Final = (
    *("dashboard", "tasks", "ladder", "funnel", "experiments", "kpi", "regulars", "cases", "economics"),
    *("partnerships", "tiers", "factories", "entries", "sync", "quotes"),
    *("check", "status", "aliases", "mapping", "settings", "log"),
)

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "ko": {
        "dashboard": "CRM_대시보드",
        "tasks": "CRM_할일",
        "ladder": "CRM_조치",
        "funnel": "CRM_퍼널",
        "kpi": "CRM_KPI",
        "partnerships": "CRM_제휴",
        "tiers": "CRM_등급",
        "regulars": "CRM_단골",
        "cases": "CRM_사례",
        "economics": "CRM_수익",
        "check": "CRM_점검",
        "mapping": "CRM_매핑",
        "aliases": "CRM_별칭",
        "settings": "CRM_설정",
        "log": "CRM_기록",
        "status": "CRM_상태",
        "entries": "CRM_파트너입력",
        "sync": "CRM_동기화",
        "experiments": "CRM_실험",
        "factories": "CRM_공장",
        "quotes": "CRM_견적",
    },
    "en": {
        "dashboard": "CRM_Dashboard",
        "tasks": "CRM_Tasks",
        "ladder": "CRM_Ladder",
        "funnel": "CRM_Funnel",
        "kpi": "CRM_KPI",
        "partnerships": "CRM_Partnerships",
        "tiers": "CRM_Tiers",
        "regulars": "CRM_Regulars",
        "cases": "CRM_Cases",
        "economics": "CRM_Economics",
        "check": "CRM_Check",
        "mapping": "CRM_Mapping",
        "aliases": "CRM_Aliases",
        "settings": "CRM_Settings",
        "log": "CRM_Log",
        "status": "CRM_Status",
        "entries": "CRM_PartnerEntries",
        "sync": "CRM_Sync",
        "experiments": "CRM_Experiments",
        "factories": "CRM_Factories",
        "quotes": "CRM_Quotes",
    },
}

#: Tab colours: what to look at, what to answer, what to look up.
COLORS: Final[Mapping[str, str]] = {
    "dashboard": "0072B2",
    "tasks": "D55E00",
    "ladder": "D55E00",
    "funnel": "0072B2",
    "kpi": "0072B2",
    "partnerships": "0072B2",
    "tiers": "0072B2",
    "regulars": "009E73",
    "cases": "009E73",
    "economics": "0072B2",
    "check": "D55E00",
    "mapping": "E69F00",
    "aliases": "E69F00",
    "settings": "E69F00",
    "log": "999999",
    "status": "D55E00",
    "entries": "0072B2",
    "sync": "D55E00",
    "experiments": "009E73",
    "factories": "0072B2",
    "quotes": "0072B2",
}


def tab_names(lang: str, taken: Collection[str] = ()) -> dict[str, str]:
    """Tab key → name in one language, clear of the sheets a team already has."""
    return {key: free_tab_name(NAMES[lang][key], taken) for key in KEYS}
