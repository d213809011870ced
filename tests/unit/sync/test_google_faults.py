"""What goes wrong between Google and us: sent again where that is safe, never blindly, each refusal in plain words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import requests
from gspread.exceptions import APIError
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.i18n import known, say
from sheets_sync.emulator import start
from sheets_sync.emulator.quota import Quota
from sheets_sync.model import Hq, HqRow, Lead
from sheets_sync.ports import google_errors
from sheets_sync.ports.base import (
    Gone,
    GridFull,
    NoAccess,
    NotSignedIn,
    OutcomeUnknown,
    PortError,
    Unavailable,
)
from sheets_sync.ports.google_errors import refused
from tests.unit.sync.googles import LAYOUT, Clock, port_at, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets_sync.emulator.server import Server
    from sheets_sync.ports.google import GooglePort

LEADS = [Lead("R1", {"customer": "김"}), Lead("R2", {})]
HQ = Hq((HqRow("R1", "● 위반"), HqRow("R2")))
LOST = ["after", "html_after", "drop_after", "half"]
NOT_DONE = ["before", "500", "html", "drop"]


@pytest.fixture
def sheet() -> Iterator[tuple[Server, GooglePort, str]]:
    with prepared() as found:
        found[1].read(found[2], LAYOUT)
        yield found


def keys(port: GooglePort, ref: str) -> list[str]:
    return [row.key for row in port.read(ref, LAYOUT).rows]


@pytest.mark.parametrize("fault", [*LOST, *NOT_DONE])
def test_an_append_whose_answer_is_lost_is_not_sent_again(sheet: tuple[Server, GooglePort, str], fault: str) -> None:
    server, port, ref = sheet
    server.script([f"batchUpdate={fault}"])
    with pytest.raises(OutcomeUnknown):
        port.append(ref, LAYOUT, LEADS)
    assert server.count("batchUpdate") == 1
    assert keys(port, ref) == (["R1", "R2"] if fault in LOST else [])


@pytest.mark.parametrize("fault", ["429", "429:7"])
def test_an_append_that_came_too_fast_was_not_done_and_is_sent_again(
    sheet: tuple[Server, GooglePort, str], fault: str
) -> None:
    server, port, ref = sheet
    server.script([fault, fault])
    port.append(ref, LAYOUT, LEADS)
    assert keys(port, ref) == ["R1", "R2"]
    assert port.client.pacing.slept >= (14 if ":" in fault else 0)


def test_an_append_that_never_reached_anybody_is_sent_again_and_then_given_up(
    sheet: tuple[Server, GooglePort, str],
) -> None:
    _, port, ref = sheet
    port.client.base_url = "http://127.0.0.1:9"
    with pytest.raises(Unavailable):
        port.append(ref, LAYOUT, LEADS)
    assert port.client.counts["write"] > 3


@settings(max_examples=12, deadline=None)
@given(
    st.lists(st.sampled_from([*LOST, *NOT_DONE, "429", "429:3"]), max_size=5), st.sampled_from(["read", "hq", "probe"])
)
def test_whatever_is_idempotent_gets_through_a_storm(faults: list[str], what: str) -> None:
    with prepared() as (server, port, ref):
        server.script(faults)
        if what == "read":
            assert port.read(ref, LAYOUT).hq == Hq()
        elif what == "probe":
            assert list(port.probe([ref])) == [ref]
        else:
            port.put_hq(ref, LAYOUT, HQ, "")
            assert port.read(ref, LAYOUT).hq == HQ


def test_a_server_that_stays_down_is_given_up_within_the_deadline(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    server.script(["html"] * 200)
    for act in (
        lambda: port.read(ref, LAYOUT),
        lambda: port.put_hq(ref, LAYOUT, HQ, ""),
        lambda: port.probe([ref]),
    ):
        before = port.client.pacing.slept
        with pytest.raises(Unavailable):
            act()
        assert 60 < port.client.pacing.slept - before <= 300


def test_a_busy_minute_never_meets_googles_limit() -> None:
    clock = Clock()
    with start(quota=Quota(clock=clock)) as server:
        port, ref = port_at(server, clock=clock), server.create("한빛")
        port.prepare(ref, LAYOUT, "한빛")
        for n in range(70):
            port.read(ref, LAYOUT)
            port.put_hq(ref, LAYOUT, Hq((HqRow("R1", str(n)),)), "")
        assert [r.status for r in server.log if r.status != 200] == []
        assert clock.now >= (70 - 12) / 48 * 60 - 5


def test_a_storm_of_429s_from_others_using_the_account_is_waited_out() -> None:
    clock = Clock()
    with start(quota=Quota(clock=clock)) as server:
        port, other, ref = port_at(server, clock=clock), port_at(server, clock=Clock()), server.create("한빛")
        port.prepare(ref, LAYOUT, "한빛")
        for _ in range(50):
            other.client.values_get(ref, "_hq")
        for _ in range(30):
            port.read(ref, LAYOUT)
        assert [r.status for r in server.log if r.status not in (200, 429)] == []
        assert any(r.status == 429 for r in server.log)


def test_a_page_of_the_networks_own_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hotel Wi-Fi answers 200 with its sign-in page."""
    page = requests.Response()
    page.status_code, page._content = 200, b"<html>Welcome</html>"
    page.headers["Content-Type"] = "text/html"
    with prepared() as (_, port, ref):
        monkeypatch.setattr(port.client.session, "request", lambda *_a, **_k: page)
        with pytest.raises(Unavailable):
            port.read(ref, LAYOUT)
        port._headers[ref] = ("key",)
        with pytest.raises(OutcomeUnknown):
            port.append(ref, LAYOUT, LEADS)


def test_every_request_has_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    with prepared() as (_, port, ref):
        seen: list[Any] = []
        send = port.client.session.request

        def asked(*args: Any, **kwargs: Any) -> Any:
            seen.append(kwargs.get("timeout"))
            return send(*args, **kwargs)

        monkeypatch.setattr(port.client.session, "request", asked)
        port.read(ref, LAYOUT)
        port.put_hq(ref, LAYOUT, HQ, "")
        port.probe([ref])
        assert len(seen) == 3
        assert all(connect == 10 and 1 <= read <= 180 for connect, read in seen)


# -- refusals ----------------------------------------------------------------------------------------------------------


def refusal(status: int, message: str, reason: str = "", drive: bool = False) -> APIError:
    error: dict[str, Any] = {"code": status, "message": message}
    if reason:
        named = {"reason": reason, "domain": "global", "message": message}
        error["errors" if drive else "details"] = [named]
    response = requests.Response()
    response.status_code, response._content = status, json.dumps({"error": error}).encode()
    return APIError(response)


@pytest.mark.parametrize(
    ("status", "message", "reason", "kind", "id"),
    [
        (401, "Request had invalid authentication credentials.", "", NotSignedIn, "signed_out"),
        (403, "The caller does not have permission", "", NoAccess, "not_shared"),
        (403, "insufficient authentication scopes", "ACCESS_TOKEN_SCOPE_INSUFFICIENT", NotSignedIn, "scopes"),
        (
            403,
            "Google Sheets API has not been used in project 1 before or it is disabled. Enable it by visiting "
            "https://console.developers.google.com/apis/api/sheets.googleapis.com/overview?project=1 then retry.",
            "SERVICE_DISABLED",
            NotSignedIn,
            "api_off",
        ),
        (403, "Access Not Configured. Drive API has not been used", "accessNotConfigured", NotSignedIn, "api_off"),
        (403, "The user's Drive storage quota has been exceeded.", "storageQuotaExceeded", GridFull, "no_storage"),
        (404, "Requested entity was not found.", "", Gone, "gone"),
        (400, "Invalid requests[0]: You are trying to edit a protected cell or object.", "", NoAccess, "protected"),
        (
            400,
            "Invalid requests[0].appendCells: This action would increase the number of cells in the workbook above the "
            "limit of 10000000 cells.",
            "",
            GridFull,
            "full",
        ),
        (400, "This operation is not supported for this document", "", PortError, "not_a_sheet"),
        (413, "Request payload size exceeds the limit: 10485760 bytes.", "", PortError, "too_large"),
        (400, "Something new", "", PortError, "refused"),
    ],
)  # fmt: skip
def test_each_refusal_says_what_to_do(status: int, message: str, reason: str, kind: type, id: str) -> None:
    error = refused(refusal(status, message, reason, drive=reason[:1].islower()), "REF", "robot@x")
    assert type(error) is kind
    assert error.message.id == f"sync.google.{id}"
    for lang in ("ko", "en"):
        said = say(error.message, lang)
        assert "{" not in said
        assert kind is not NoAccess or "robot@x" in said
    if id == "api_off":
        assert "https://console" in say(error.message, "en") or "Google Drive API" in say(error.message, "en")


@pytest.mark.parametrize("id", google_errors.IDS)
def test_every_refusal_has_words(id: str) -> None:
    assert known(id, "ko")
    assert known(id, "en")


def test_a_revoked_share_names_the_address_to_share_with() -> None:
    with start() as server:
        ref = server.create("한빛")
        server.users.tokens = {"robot": "robot@x", "token": server.users.owner}
        server.share(ref, "robot@x")
        port = port_at(server, "robot@x", "robot")
        port.prepare(ref, LAYOUT, "한빛")
        server.unshare(ref, "robot@x")
        for act in (lambda: port.read(ref, LAYOUT), lambda: port.put_hq(ref, LAYOUT, HQ, "")):
            with pytest.raises(NoAccess, match="robot@x"):
                act()
        assert port.probe([ref]) == {}


def test_a_deleted_sheet_is_gone(sheet: tuple[Server, GooglePort, str]) -> None:
    server, port, ref = sheet
    del server.store.files[ref], server.store.books[ref]
    for act in (
        lambda: port.read(ref, LAYOUT),
        lambda: port.append(ref, LAYOUT, LEADS),
        lambda: port.check(ref, LAYOUT),
    ):
        with pytest.raises(Gone):
            act()


def test_a_full_grid_is_said_before_anything_of_the_append_stands(
    sheet: tuple[Server, GooglePort, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, port, ref = sheet
    book = server.store.books[ref]
    monkeypatch.setattr("sheets_sync.emulator.state.CELL_LIMIT", sum(s.rows * s.cols for s in book.sheets))
    server.partner(ref, tab=LAYOUT.tab).type("J120", "끝")
    with pytest.raises(GridFull):
        port.append(ref, LAYOUT, LEADS)


def test_an_account_that_says_no_name_is_asked_for_it_once() -> None:
    with start() as server:
        port = port_at(server)
        port._email = ""
        assert (port.email, port.email) == (server.users.owner, server.users.owner)
        assert server.count("about.get") == 1
