"""What a sync remembers survives crashes; a lost or damaged ledger is set aside and begins anew."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.ledger import BLOCK, KEPT_RUNS, LOCK_SECONDS, Ledger, LedgerError, Settled, SyncRunning, _base, _dumped
from sheets_sync.model import Agreed, Base, Brake, Review

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NOW = 1_764_000_000.0
BASE = Base(("key", "stage"), {"R1": Agreed({"stage": "완료"}, replaced={"stage": None})}, frozenset({"N1"}), "TRUE")
REVIEW = Review("both", "R1", "stage", "완료", "접수", 2)


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    made = Ledger(tmp_path / ".danggol" / "sync.sqlite")
    yield made
    made.close()


def test_a_state_is_noted_before_the_writes_but_a_request_only_once_it_is_served(ledger: Ledger) -> None:
    ledger.begin("한빛", BASE, [REVIEW])
    assert ledger.base("한빛") == Base(BASE.header, BASE.keys, BASE.issued, "")
    assert ledger.reviews("한빛") == (REVIEW,)
    ledger.commit("한빛", BASE.refresh, Settled("v1", "d", "m", NOW), "2026-11-23 09:00")
    assert ledger.base("한빛") == BASE
    ledger.begin("한빛", replace(BASE, refresh="FALSE"), [])
    assert ledger.base("한빛") == BASE
    ledger.commit("한빛", BASE.refresh, Settled("v1", "d", "m", NOW), "2026-11-23 09:05")
    assert ledger.base("한빛") == BASE
    assert ledger.settled() == {"한빛": Settled("v1", "d", "m", NOW)}


def test_a_partner_nobody_met_has_an_empty_state(ledger: Ledger) -> None:
    assert ledger.base("없음") == Base()
    assert ledger.reviews("없음") == ()
    assert ledger.settled() == {}


def test_a_failure_is_read_again_and_is_news_once(ledger: Ledger) -> None:
    ledger.begin("한빛", BASE, [])
    ledger.commit("한빛", BASE.refresh, Settled("v1"), "t")
    assert ledger.fail("한빛", error="닿지 않음")
    assert not ledger.fail("한빛", error="닿지 않음")
    assert ledger.fail("한빛", brake=Brake("header"))
    assert ledger.settled()["한빛"].version == ""
    assert [(s.error, s.brake) for s in ledger.status()] == [("", "header")]
    ledger.begin("한빛", BASE, [])
    ledger.commit("한빛", BASE.refresh, Settled("v2"), "t")
    assert [(s.error, s.brake, s.version) for s in ledger.status()] == [("", "", "v2")]


def test_another_sheet_of_the_same_partner_begins_anew_and_the_same_one_goes_on(ledger: Ledger) -> None:
    ledger.meet("한빛", "a.xlsx")
    ledger.begin("한빛", BASE, [])
    ledger.commit("한빛", BASE.refresh, Settled("v1", ref="a.xlsx"), "t")
    ledger.meet("한빛", "a.xlsx")
    assert ledger.base("한빛") == BASE
    ledger.meet("한빛", "b.xlsx")
    assert ledger.base("한빛") == Base()


def test_numbers_are_never_given_twice_not_even_unused_ones(ledger: Ledger, tmp_path: Path) -> None:
    first = list(islice(ledger.numbers("N", "261123", 0), 3))
    assert first == ["N261123-0001", "N261123-0002", "N261123-0003"]
    again = Ledger(ledger.path)
    assert next(again.numbers("N", "261123", 9)) == f"N261123-{BLOCK + 1:04d}"
    again.close()
    lost = Ledger(tmp_path / "lost.sqlite")
    assert next(lost.numbers("N", "261123", 60)) == "N261123-6001"
    lost.close()


def test_the_log_keeps_the_newest_and_finds_a_key(ledger: Ledger) -> None:
    ledger.log("t1", "한빛", "sync", keys=["R1"])
    ledger.log("t2", "누리", "sync", keys=["R2"])
    assert [r[0] for r in ledger.runs()] == ["t2", "t1"]
    assert ledger.runs(key="R1") == [("t1", "한빛", "sync", {"keys": ["R1"]})]
    assert ledger.runs(partner="누리", key="R1") == []
    ledger._do("insert into run(id, at, partner, event, detail) values (?, 't', '', '', '{}')", [KEPT_RUNS + 1])
    ledger.log("t3", "한빛", "sync")
    assert [r[0] for r in ledger.runs()] == ["t3", "t"]


def test_two_syncs_of_one_machine_do_not_run_at_once_and_a_killed_one_holds_nothing(ledger: Ledger) -> None:
    other = Ledger(ledger.path)
    with ledger.lock("pc:1", NOW), pytest.raises(SyncRunning) as held, other.lock("pc:2", NOW):
        pass
    assert held.value.value == "pc:1"
    assert held.value.exit_code == 4
    ledger._do("insert or replace into lock values (1, 'pc:1', ?)", [NOW + 200])  # killed: its row stays
    with other.lock("pc:2", NOW):
        pass
    other.close()


@pytest.mark.parametrize(
    ("until", "free"),
    [(NOW + 1, False), (NOW + LOCK_SECONDS, False), (NOW, True), (NOW - 1, True), (NOW + 86_400, True)],
)
def test_another_machines_lock_holds_until_it_runs_out(ledger: Ledger, until: float, free: bool) -> None:
    ledger._do("insert into lock values (1, 'other:7', ?)", [until])
    if free:
        with ledger.lock("pc:1", NOW):
            pass
        return
    with pytest.raises(SyncRunning), ledger.lock("pc:1", NOW):
        pass


def test_a_sync_whose_lock_was_taken_over_stops(ledger: Ledger) -> None:
    with ledger.lock("pc:1", NOW):
        ledger.renew("pc:1", NOW + 200)
        ledger._do("update lock set owner = 'other:7'")
        with pytest.raises(SyncRunning):
            ledger.renew("pc:1", NOW + 400)
    assert ledger._do("select owner from lock") == [("other:7",)]  # and leaves the other's lock alone


@pytest.mark.parametrize("content", [b"not a database at all" * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_ledger_is_set_aside_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sync.sqlite"
    path.write_bytes(content)
    ledger = Ledger(path)
    assert ledger.base("한빛") == Base()
    assert ledger.aside is not None
    assert ledger.aside.read_bytes() == content
    ledger.close()


def test_a_ledger_of_another_version_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "sync.sqlite"
    db = sqlite3.connect(path)
    db.execute("pragma user_version = 99")
    db.execute("create table partner(other)")
    db.commit()
    db.close()
    ledger = Ledger(path)
    assert ledger.base("한빛") == Base()
    assert ledger.aside == tmp_path / "sync.sqlite.old1"
    ledger.close()


def test_where_no_ledger_can_be_a_sentence_says_so(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError):
        Ledger(tmp_path / "file" / "sync.sqlite")
    (tmp_path / "sync.sqlite").mkdir()
    with pytest.raises(LedgerError):
        Ledger(tmp_path / "sync.sqlite")


CELLS = st.dictionaries(
    st.sampled_from(["stage", "note"]),
    st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
)


@settings(max_examples=60)
@given(
    st.builds(
        Base,
        st.lists(st.text(), max_size=3).map(tuple),
        st.dictionaries(st.text(), st.builds(Agreed, CELLS, st.booleans(), CELLS), max_size=4),
        st.frozensets(st.text(), max_size=3),
        st.text(),
    )
)
def test_what_is_stored_is_what_comes_back(base: Base) -> None:
    import json

    assert _base(json.loads(_dumped(base))) == base
