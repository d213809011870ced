"""Which partner each request belongs to."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest

from addin.crm.partners import CODES, resolve_partners
from addin.i18n import known, say


def requests(*partners: str | None, **columns: list[str | None]) -> pl.DataFrame:
    rows = {"partner": pl.Series(partners, dtype=pl.String), **{k: pl.Series(v) for k, v in columns.items()}}
    return pl.DataFrame(rows).with_columns(_sheet=pl.lit("접수"), _row=pl.int_range(2, pl.len() + 2))


def listed(*rows: tuple[str | None, ...], columns: str = "partner_id name cluster") -> pl.DataFrame:
    return pl.DataFrame(rows, schema=dict.fromkeys(columns.split(), pl.String), orient="row")


def keys(frame: pl.DataFrame, partners: pl.DataFrame | None = None, **aliases: str) -> list[str | None]:
    return resolve_partners(frame, partners, aliases).requests["partner_key"].to_list()


def test_white_space_width_and_composition_make_no_other_partner() -> None:
    spellings = ("한빛 카페", " 한빛  카페", unicodedata.normalize("NFD", "한빛 카페"), "한빛\u00a0카페\u200b")
    assert set(keys(requests(*spellings))) == {"한빛 카페"}
    assert set(keys(requests("ＧＴＸPro", "GTXPro"))) == {"GTXPro"}


def test_a_legal_form_is_proposed_and_never_merged_silently() -> None:
    done = resolve_partners(requests("㈜한빛", "주식회사 한빛"))
    assert done.requests["partner_key"].to_list() == ["㈜한빛", "주식회사 한빛"]
    assert [[n.text for n in group.names] for group in done.duplicates] == [["㈜한빛", "주식회사 한빛"]]


def test_an_alias_a_person_confirmed_merges() -> None:
    frame = requests("㈜한빛", "주식회사 한빛", "한빛")
    assert keys(frame, None, **{"주식회사 한빛": "㈜한빛", "한빛": "주식회사 한빛"}) == ["㈜한빛"] * 3


def test_aliases_in_a_circle_come_to_an_end() -> None:
    assert keys(requests("가", "나"), None, 가="나", 나="가") == ["가", "나"]


def test_a_partner_id_comes_before_names_and_an_alias_may_lead_to_one() -> None:
    partners = listed(("P1", "한빛", None), ("P2", "새봄", None))
    assert keys(requests("P1", "한빛", "옛이름"), partners, 옛이름="P2") == ["한빛", "한빛", "새봄"]


def test_one_name_in_two_clusters_stays_two_and_a_request_that_tells_no_cluster_is_a_fault() -> None:
    partners = listed(("P1", "한빛", "카페"), ("P2", "한빛", "부동산"))
    done = resolve_partners(requests("한빛", "P2", "새봄"), partners)
    assert done.partners is not None
    assert done.partners["partner_key"].to_list() == ["한빛 · 카페", "한빛 · 부동산"]
    assert done.requests["partner_key"].to_list() == ["한빛", "한빛 · 부동산", "새봄"]
    [placed] = done.faults
    assert (placed.sheet, placed.row, placed.field, placed.fault.code) == ("접수", 2, "partner", "ambiguous_partner")
    assert "한빛 · 카페, 한빛 · 부동산" in say(placed.fault.fix, "ko")
    assert [unknown.name for unknown in done.unknown] == ["새봄"]


def test_a_request_that_tells_the_cluster_finds_its_partner() -> None:
    partners = listed(("P1", "한빛", "카페"), ("P2", "한빛", "부동산"))
    frame = requests("한빛", "한빛", "한빛", cluster=["카페", "부동산", None])
    done = resolve_partners(frame, partners)
    assert done.requests["partner_key"].to_list() == ["한빛 · 카페", "한빛 · 부동산", "한빛"]
    assert len(done.faults) == 1


def test_two_ids_of_one_name_in_one_cluster_are_told_apart_by_id() -> None:
    done = resolve_partners(requests("P2"), listed(("P1", "한빛", "카페"), ("P2", "한빛", "카페")))
    assert done.requests["partner_key"].to_list() == ["한빛 · P2"]


def test_a_partner_listed_twice_is_one_partner() -> None:
    partners = listed(("P1", "한빛", "카페"), (None, "한빛 ", None), (None, "새봄", None), (None, "새봄", "카페"))
    done = resolve_partners(requests("한빛", "새봄"), partners)
    assert done.partners is not None
    assert done.partners["partner_key"].to_list() == ["한빛", "한빛", "새봄", "새봄"]
    assert done.faults == ()


def test_partners_the_list_lacks_are_named_with_rows_and_a_suggestion() -> None:
    done = resolve_partners(
        requests("주식회사 한빛", "주식회사 한빛", "㈜한빛", "샛별"), listed(("P1", "㈜한빛", None))
    )
    assert [(u.name, u.rows, u.suggestion) for u in done.unknown] == [("주식회사 한빛", 2, "㈜한빛"), ("샛별", 1, None)]


def test_without_a_partners_table_nobody_is_unknown() -> None:
    assert resolve_partners(requests("한빛")).unknown == ()


def test_an_alias_holds_for_the_partners_table_too() -> None:
    done = resolve_partners(
        requests("㈜한빛"), listed((None, "㈜한빛", None), (None, "주식회사 한빛", None)), {"주식회사 한빛": "㈜한빛"}
    )
    assert done.partners is not None
    assert done.partners["partner_key"].to_list() == ["㈜한빛", "㈜한빛"]


def test_a_row_that_names_no_partner_has_no_key_and_no_row_is_lost() -> None:
    frame = requests("한빛", None, "", "한빛")
    done = resolve_partners(frame, listed(("P1", "한빛", None)))
    assert done.requests["partner_key"].to_list() == ["한빛", None, None, "한빛"]
    assert done.requests["_row"].to_list() == [2, 3, 4, 5]
    assert done.requests.columns == [*frame.columns, "partner_key"]


def test_requests_without_a_partner_column_belong_to_nobody() -> None:
    done = resolve_partners(pl.DataFrame({"_row": [1, 2]}), listed(("P1", "한빛", None)))
    assert done.requests["partner_key"].to_list() == [None, None]


def test_an_empty_list_of_partners_lists_nobody() -> None:
    done = resolve_partners(requests("한빛"), listed())
    assert [u.name for u in done.unknown] == ["한빛"]


@pytest.mark.parametrize("code", CODES)
def test_every_fault_has_its_sentences(code: str) -> None:
    for lang in ("ko", "en"):
        assert known(f"fault.{code}", lang)
        assert known(f"fault.{code}.fix", lang)
        assert known("expected.partner", lang)


def test_an_alias_that_gives_the_partners_own_id_leaves_it_its_name() -> None:
    partners = listed(("P1", "한빛", None), ("P2", "새봄", None))
    assert keys(requests("한빛", "P1", "새봄"), partners, 한빛="P1") == ["한빛", "한빛", "새봄"]
