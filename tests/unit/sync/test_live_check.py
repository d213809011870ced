"""The ten minutes with a real account, here against the emulator: in order, honest about what nobody tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from addin.errors import UsageError
from addin.i18n import known
from sheets_sync import live_check as live
from sheets_sync.emulator import start
from sheets_sync.emulator.quota import Quota
from sheets_sync.layout import REFRESH
from sheets_sync.live_check import Finding, live_check, show_finding, show_sum
from sheets_sync.model import Lead
from tests.unit.sync.googles import Clock, port_at

if TYPE_CHECKING:
    from sheets_sync.emulator.server import Server


def found(server: Server, ref: str, ask: object = None) -> dict[str, Finding]:
    clock = Clock()
    port = port_at(server, clock=clock)
    given = {"ask": ask, "wait": clock.sleep, "clock": clock}
    return {f.id: f for f in live_check(port, ref, **given)}  # type: ignore[arg-type]


def test_alone_it_shows_what_google_shows_and_leaves_the_rest_open() -> None:
    with start() as server:
        findings = found(server, server.create("시험"))
    assert list(findings) == [*live.STEPS, *live.ASKED, *live.LAST]
    marks = {id: f.mark for id, f in findings.items()}
    sure = [id for id in live.STEPS if id != "metadata"]
    assert {id: marks[id] for id in sure} == dict.fromkeys(sure, "ok"), findings
    assert {marks[id] for id in live.ASKED} == {"open"}
    assert marks["retry_after"] == "open"  # no quota, no 429
    assert findings["account"].detail == "owner@example.com"


def test_with_a_quota_it_sees_when_google_says_to_come_back() -> None:
    with start(quota=Quota()) as server:
        finding = found(server, server.create("시험"))["retry_after"]
    assert finding.mark == "ok"
    assert "Retry-After: –" in finding.detail


def test_with_somebody_at_the_keyboard_it_looks_whether_it_happened() -> None:
    with start() as server:
        ref = server.create("시험")

        def does(what: str) -> bool:
            if "체크박스를 한 번" in what:
                server.partner(ref).check(REFRESH)
            if "휴지통" in what:
                server.partner(ref).trash()
            return True

        findings = found(server, ref, does)
        assert {findings[id].mark for id in live.ASKED} == {"ok"}, findings
    with start() as server:
        findings = found(server, server.create("시험"), lambda _what: True)
        assert (findings["checkbox"].mark, findings["bin"].mark) == ("bad", "bad")  # said, not done


def test_a_probe_that_lags_a_minute_is_a_finding() -> None:
    with start() as server:
        ref = server.create("시험")
        store = server.store
        store.touch = lambda file, user: None  # type: ignore[method-assign]
        assert found(server, ref)["lag"] == Finding("lag", "bad", "> 60 s")


def test_a_partners_sheet_is_never_used_for_it() -> None:
    with start() as server:
        port, ref = port_at(server), server.create("한빛")
        with pytest.raises(UsageError):
            list(live_check(port, ref, partners=[ref]))
        port.prepare(ref, live._LAYOUT, "한빛")
        port.append(ref, live._LAYOUT, [Lead("R1", {})])
        with pytest.raises(UsageError):
            list(live_check(port, ref))


def test_without_access_it_stops_at_the_first_step_that_needs_it() -> None:
    with start() as server:
        ref = server.create("남의 것", owner="someone@example.com")
        findings = found(server, ref)
    assert [f.mark for f in findings.values()] == ["ok", "bad"]
    assert "owner@example.com" in findings["layout"].detail


def test_findings_are_lines_for_people() -> None:
    assert show_finding(Finding("lag", "ok", "2 s")).startswith("✓ ")
    assert show_sum([Finding("lag", "ok"), Finding("bin", "open")]) == "확인됨 1 · 어긋남 0 · 아직 모름 1"
    assert all(known(id, lang) for id in live.IDS for lang in ("ko", "en"))
