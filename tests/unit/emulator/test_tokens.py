"""Signing in: key files point their ``token_uri`` at the emulator, gspread's own sign-in does the rest."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from gspread.http_client import HTTPClient

from sheets_sync.emulator import start
from sheets_sync.emulator.users import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheets_sync.emulator.server import Server

ROBOT = "robot@project.iam.gserviceaccount.com"


def at(server: Server) -> type[HTTPClient]:
    class Here(HTTPClient):
        def request(self, method: str, endpoint: str, *args: Any, **given: Any) -> Any:
            for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                endpoint = endpoint.replace(host, server.url)
            return super().request(method, endpoint, *args, **given)

    return Here


@pytest.fixture(scope="module")
def secret() -> str:
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.fixture
def sign_in(secret: str) -> Callable[[Server], gspread.Client]:
    def signed_in(server: Server) -> gspread.Client:
        key = {"type": "service_account", "client_email": ROBOT, "private_key": secret, "project_id": "project"}
        return gspread.service_account_from_dict({**key, "token_uri": server.url + "/token"}, http_client=at(server))

    return signed_in


def test_a_service_account_signs_in(server: Server, sign_in: Callable[[Server], gspread.Client]) -> None:
    tab = sign_in(server).create("시험").sheet1
    tab.update([["가"]])
    assert tab.get_all_values() == [["가"]]
    assert server.count("values.update") == 1


def test_with_a_file_of_users_only_the_accounts_in_it_sign_in(
    tmp_path: Path, sign_in: Callable[[Server], gspread.Client]
) -> None:
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"tokens": {"robots-token": ROBOT, "hers": "her@example.com"}}))
    with start(users=load(path, "owner@example.com")) as server:
        gc = sign_in(server)
        file = gc.create("로봇의 것")
        assert {r.user for r in server.log} == {ROBOT}
        ask = {"grant_type": "refresh_token", "refresh_token": "hers"}
        assert requests.post(server.url + "/token", data=ask, timeout=10).json() == {
            "access_token": "hers",
            "expires_in": 3599,
            "token_type": "Bearer",
        }
        revoked = requests.post(server.url + "/token", data={**ask, "refresh_token": "old"}, timeout=10)
        assert (revoked.status_code, revoked.json()["error"]) == (400, "invalid_grant")
        seen = requests.get(
            f"{server.url}/v4/spreadsheets/{file.id}", headers={"Authorization": "Bearer hers"}, timeout=10
        )
        assert seen.status_code == 403
    path.write_text(json.dumps({"tokens": {"hers": "her@example.com"}}))
    with start(users=load(path, "owner@example.com")) as server, pytest.raises(Exception, match="account not found"):
        sign_in(server).create("아니요")


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({}, "unsupported_grant_type"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "no claim"}, "invalid_grant"),
        ({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "a.W10.c"}, "invalid_grant"),
        ({"grant_type": "refresh_token"}, "invalid_grant"),
    ],
)
def test_a_form_that_asks_for_nothing_is_refused(server: Server, form: dict[str, str], error: str) -> None:
    answer = requests.post(server.url + "/oauth2/v4/token", data=form, timeout=10)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_an_api_key_reads_what_is_public_and_writes_nothing(server: Server, gc: gspread.Client) -> None:
    file = gc.create("공개")
    file.sheet1.update([["가"]])
    file.share("", perm_type="anyone", role="writer")
    public = gspread.api_key("key", http_client=at(server)).open_by_key(file.id)
    assert public.sheet1.get_all_values() == [["가"]]
    with pytest.raises(gspread.exceptions.APIError, match="API keys are not supported by this API") as refused:
        public.sheet1.append_row(["나"])
    said = refused.value.response.json()["error"]
    assert (said["code"], said["status"]) == (401, "UNAUTHENTICATED")
    assert said["details"][0]["metadata"] == {
        "method": "google.apps.sheets.v4.SpreadsheetsService.AppendValues",
        "service": "sheets.googleapis.com",
    }
    private = gc.create("비공개")
    asked = requests.get(f"{server.url}/v4/spreadsheets/{private.id}?key=any", timeout=10)
    assert (asked.status_code, asked.json()["error"]["message"]) == (403, "The caller does not have permission")


@pytest.mark.parametrize("header", ["<ACCESS_TOKEN>", "Bearer x", "bearer  x"])
def test_a_header_that_keeps_only_the_token_is_the_owners_too(server: Server, header: str) -> None:
    path = server.url + "/v4/spreadsheets/" + server.create("시험") + "/"
    assert requests.get(path, headers={"Authorization": header}, timeout=10).status_code == 200


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz"])
def test_a_header_without_a_token_is_nobodys(server: Server, header: str) -> None:
    answer = requests.get(server.url + "/v4/spreadsheets/x", headers={"Authorization": header}, timeout=10)
    assert answer.status_code == 403


def test_a_file_offered_to_someone_is_theirs_once_they_accept(
    connect: Callable[..., gspread.Client], tmp_path: Path
) -> None:
    path = tmp_path / "users.json"
    path.write_text(json.dumps({"tokens": {"a": "a@example.com", "b": "b@example.com", "c": "c@example.com"}}))
    with start(users=load(path, "owner@example.com")) as server:
        file = connect(server, "a").create("넘길 것")
        for name in "bc":
            file.share(f"{name}@example.com", perm_type="user", role="writer", notify=False)
        ids = {p["emailAddress"]: p["id"] for p in file.list_permissions()}
        hers = connect(server, "b").open_by_key(file.id)
        with pytest.raises(gspread.exceptions.APIError, match="403"):
            hers.accept_ownership(ids["b@example.com"])
        assert file.transfer_ownership(ids["b@example.com"]).json()["role"] == "writer"
        with pytest.raises(gspread.exceptions.APIError, match="403"):
            connect(server, "c").open_by_key(file.id).accept_ownership(ids["b@example.com"])
        hers.accept_ownership(ids["b@example.com"])
        roles = {p["emailAddress"]: (p["role"], p["pendingOwner"]) for p in file.list_permissions()}
        assert roles == {
            "a@example.com": ("writer", False),
            "b@example.com": ("owner", False),
            "c@example.com": ("writer", False),
        }
        assert server.store.files[file.id].owner == "b@example.com"
