"""Signing in: the real grant against a token endpoint of our own, keys kept safe, every failure in plain words."""

from __future__ import annotations

import base64
import json
import logging
import os
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from addin.i18n import known
from sheets_sync.emulator import start
from sheets_sync.ports import auth
from sheets_sync.ports.auth import SCOPES, redacted, sign_in
from sheets_sync.ports.base import NotSignedIn, PortError, Unavailable
from sheets_sync.ports.google import GooglePort
from tests.unit.sync.googles import LAYOUT, pacing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TOKEN = "ya29.a0Secret-Access-Token_123"
ROBOT = "robot@danggol.iam.gserviceaccount.com"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
).decode()
SECRETS = [TOKEN, PEM.splitlines()[5], "1//0refreshTOKENvalue", "GOCSPX-clientSecret"]


class Tokens:
    """Google's token endpoint. ``asked``: what came; ``answers``: what it says instead of a token, in order."""

    def __init__(self) -> None:
        self.asked: list[dict[str, str]] = []
        self.answers: list[tuple[int, dict[str, Any]]] = []
        tokens = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                tokens.asked.append({k: v[0] for k, v in parse_qs(body).items()})
                good = {"access_token": TOKEN, "expires_in": 3600, "token_type": "Bearer"}
                status, reply = tokens.answers.pop(0) if tokens.answers else (200, good)
                content = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/token"


@pytest.fixture
def tokens() -> Iterator[Tokens]:
    made = Tokens()
    thread = threading.Thread(target=made.server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield made
    made.server.shutdown()
    made.server.server_close()
    thread.join(5)


def service_key(folder: Path, token_uri: str = "https://oauth2.googleapis.com/token", **more: Any) -> Path:
    path = folder / "key.json"
    given = {"type": "service_account", "client_email": ROBOT, "private_key": PEM, "private_key_id": "k1"}
    path.write_text(json.dumps({**given, "token_uri": token_uri, **more}))
    path.chmod(0o600)
    return path


def person_key(folder: Path, token_uri: str, name: str = "person.json") -> Path:
    path = folder / name
    given = {"type": "authorized_user", "client_id": "c", "client_secret": SECRETS[3], "refresh_token": SECRETS[2]}
    path.write_text(json.dumps({**given, "token_uri": token_uri}))
    path.chmod(0o600)
    return path


@contextmanager
def port_with(key: Path, folder: Path) -> Iterator[tuple[GooglePort, str, Any]]:
    with start() as server:
        server.users.tokens = {TOKEN: ROBOT}
        ref = server.create("한빛")
        server.share(ref, ROBOT)
        account = sign_in(key, project=folder / "project", config_dir=folder / "config")
        if account.kind == "authorized_user":  # google-auth takes a person's endpoint from nowhere but itself
            account.credentials._token_uri = json.loads(key.read_text())["token_uri"]
        port = GooglePort(account, base_url=server.url, pacing=pacing())
        yield port, ref, server
        port.client.session.close()


def test_a_service_accounts_key_is_exchanged_for_a_token_by_the_real_grant(tmp_path: Path, tokens: Tokens) -> None:
    with port_with(service_key(tmp_path, tokens.url), tmp_path) as (port, ref, server):
        assert port.email == ROBOT
        port.prepare(ref, LAYOUT, "한빛")
        assert {r.user for r in server.log} == {ROBOT}
    asked = tokens.asked[0]
    assert asked["grant_type"] == "urn:ietf:params:oauth:grant-type:jwt-bearer"
    head, claims, signature = asked["assertion"].split(".")
    said = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert (said["iss"], said["aud"]) == (ROBOT, "https://oauth2.googleapis.com/token")
    assert set(said["scope"].split()) == set(SCOPES)
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import padding

    signed = base64.urlsafe_b64decode(signature + "==")
    KEY.public_key().verify(signed, f"{head}.{claims}".encode(), padding.PKCS1v15(), hashes.SHA256())
    assert len(tokens.asked) == 1  # one token for all requests


def test_only_spreadsheets_and_names_of_files_are_asked_for() -> None:
    assert [scope.rsplit("/", 1)[1] for scope in SCOPES] == ["spreadsheets", "drive.metadata.readonly"]


def test_a_persons_account_is_refreshed_silently(tmp_path: Path, tokens: Tokens) -> None:
    with port_with(person_key(tmp_path, tokens.url), tmp_path) as (port, ref, _):
        assert list(port.probe([ref])) == [ref]
    assert tokens.asked[0]["grant_type"] == "refresh_token"


@pytest.mark.parametrize(
    ("status", "reply", "id"),
    [
        (400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}, "revoked"),
        (400, {"error": "invalid_grant", "error_description": "Bad Request"}, "expired"),
        (400, {"error": "invalid_grant", "error_description": "Invalid JWT Signature."}, "expired"),
        (400, {"error": "invalid_grant", "error_description": "Invalid grant: account not found"}, "client_gone"),
        (
            400,
            {
                "error": "invalid_grant",
                "error_description": "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable "
                "timeframe. Check your iat and exp values in the JWT claim.",
            },
            "clock",
        ),
        (401, {"error": "deleted_client", "error_description": "The OAuth client was deleted."}, "client_gone"),
        (401, {"error": "unauthorized_client", "error_description": "Unauthorized"}, "refused"),
    ],
)
def test_each_refusal_of_a_sign_in_says_what_to_do(
    tmp_path: Path, tokens: Tokens, status: int, reply: dict[str, Any], id: str
) -> None:
    tokens.answers = [(status, reply)] * 5
    with port_with(service_key(tmp_path, tokens.url), tmp_path) as (port, ref, _), pytest.raises(NotSignedIn) as error:
        port.read(ref, LAYOUT)
    assert error.value.message.id == f"sync.auth.{id}"


def test_a_sign_in_server_out_of_reach_is_no_fault_of_the_key(tmp_path: Path) -> None:
    key = service_key(tmp_path, "http://127.0.0.1:9/token")
    with port_with(key, tmp_path) as (port, ref, _), pytest.raises(Unavailable):
        port.read(ref, LAYOUT)


def test_a_token_google_no_longer_takes_is_renewed_and_the_request_sent_again(tmp_path: Path, tokens: Tokens) -> None:
    with port_with(service_key(tmp_path, tokens.url), tmp_path) as (port, ref, server):
        port.prepare(ref, LAYOUT, "한빛")
        server.script(["401"])
        port.read(ref, LAYOUT)
        assert len(tokens.asked) == 2
        server.users.tokens = {"other": ROBOT}
        with pytest.raises(NotSignedIn, match="로그인"):
            port.read(ref, LAYOUT)


# -- keys --------------------------------------------------------------------------------------------------------------


def refusal(key: Path | None, folder: Path) -> str:
    with pytest.raises(NotSignedIn) as error:
        sign_in(key, project=folder / "project", config_dir=folder / "config")
    assert PEM.splitlines()[5] not in str(error.value) + repr(error.value)
    return error.value.message.id.removeprefix("sync.auth.")


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps who may read a file elsewhere than in its mode")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666])
def test_a_key_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    key = service_key(tmp_path)
    key.chmod(mode)
    assert refusal(key, tmp_path) == "readable"


def test_a_key_in_the_project_or_in_a_repository_is_refused(tmp_path: Path) -> None:
    for folder in ("project", "project/keys", "repo/deep"):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    (tmp_path / "repo" / ".git").mkdir()
    for folder in ("project", "project/keys", "repo/deep"):
        assert refusal(service_key(tmp_path / folder), tmp_path) == "in_project"
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "repo" / "deep" / "key.json")
    assert refusal(link, tmp_path) == "in_project"


def test_a_project_that_is_ones_home_does_not_forbid_a_folder_of_keys(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pathlib.Path.home", lambda: tmp_path)
    (tmp_path / "keys").mkdir()
    key = service_key(tmp_path / "keys")
    assert sign_in(key, project=tmp_path, config_dir=tmp_path / "config").email == ROBOT
    with pytest.raises(NotSignedIn):
        sign_in(service_key(tmp_path), project=tmp_path, config_dir=tmp_path / "config")


@pytest.mark.parametrize(
    ("content", "id"),
    [
        ("", "unreadable"),
        ("[1]", "unreadable"),
        ('{"type": "service_account", "private_key": "-----BEGIN PRIVATE KEY-----abc"', "unreadable"),
        ('{"type": "service_account", "client_email": "x", "private_key": "nonsense", "token_uri": "u"}', "key"),
        ('{"type": "service_account"}', "key"),
        ('{"type": "authorized_user"}', "key"),
        ('{"web": {"client_id": "x"}}', "kind"),
        ('{"type": "external_account"}', "kind"),
        ("{}", "kind"),
    ],
)
def test_a_file_that_is_no_key_is_refused(tmp_path: Path, content: str, id: str) -> None:
    key = tmp_path / "key.json"
    key.write_text(content)
    key.chmod(0o600)
    assert refusal(key, tmp_path) == id


def test_no_file_no_account_says_what_to_get(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path / "none.json", tmp_path) == "missing"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path))
    monkeypatch.setenv("NO_GCE_CHECK", "true")
    monkeypatch.delenv("GOOGLE_APPLICATION_CREDENTIALS", raising=False)
    assert refusal(None, tmp_path) == "none"


def test_the_machines_own_account_is_used_where_nothing_is_named(
    tmp_path: Path, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(service_key(tmp_path, tokens.url)))
    account = sign_in(None, project=tmp_path / "project", config_dir=tmp_path / "config")
    assert (account.kind, account.email) == ("adc", ROBOT)


def test_a_person_agrees_once_in_a_browser_and_is_remembered_for_their_eyes_only(
    tmp_path: Path, tokens: Tokens
) -> None:
    from google.oauth2.credentials import Credentials

    client = tmp_path / "client.json"
    client.write_text(json.dumps({"installed": {"client_id": "c", "client_secret": SECRETS[3]}}))
    client.chmod(0o600)
    where = {"project": tmp_path / "project", "config_dir": tmp_path / "config"}
    assert refusal(client, tmp_path) == "sign_in_first"
    asked = []

    def flow(client_config: dict[str, Any], scopes: tuple[str, ...]) -> Credentials:
        asked.append(scopes)
        return Credentials(TOKEN, SECRETS[2], token_uri=tokens.url, client_id="c", client_secret=SECRETS[3])

    sign_in(client, **where, flow=flow)
    sign_in(client, **where, flow=flow)
    assert asked == [SCOPES]
    kept = tmp_path / "config" / "google-account.json"
    assert TOKEN not in kept.read_text()
    assert os.name == "nt" or kept.stat().st_mode & 0o077 == 0
    assert sign_in(None, **where).kind == "authorized_user"


@pytest.mark.parametrize("id", auth.IDS)
def test_every_word_is_there(id: str) -> None:
    assert known(id, "ko")
    assert known(id, "en")


# -- secrets -----------------------------------------------------------------------------------------------------------


def test_no_secret_stands_in_any_log_line_error_or_repr(
    tmp_path: Path, tokens: Tokens, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    shown: list[str] = []
    for key in (service_key(tmp_path, tokens.url), person_key(tmp_path, tokens.url)):
        tokens.answers.clear()
        with port_with(key, tmp_path) as (port, ref, server):
            port.prepare(ref, LAYOUT, "한빛")
            logging.getLogger("somebody.else").warning("headers: %s", {"Authorization": f"Bearer {TOKEN}"})
            for fault in ("401", "403", "html", "429:1", "half"):
                server.script([fault])
                try:
                    port.append(ref, LAYOUT, [])
                    port.read(ref, LAYOUT)
                except PortError as error:
                    logging.getLogger("danggol").exception("sync")
                    shown += [str(error), repr(error), repr(error.__cause__)]
            tokens.answers = [(400, {"error": "invalid_grant", "refresh_token": SECRETS[2], "assertion": TOKEN})] * 3
            port.account.credentials.expiry = None
            port.account.credentials.token = None
            with pytest.raises(PortError) as failed:
                port.read(ref, LAYOUT)
            logging.getLogger("danggol").error("failed", exc_info=failed.value)
            shown += [str(failed.value), repr(failed.value), repr(port.account), repr(port), repr(port.client)]
    shown += [caplog.text, *(f"{r.msg} {r.args}" for r in caplog.records), *capfd.readouterr()]
    assert "{'Authorization': '***'}" in caplog.text
    for secret in SECRETS:
        assert not any(secret in text for text in shown)


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {TOKEN}",
        f"'token': '{TOKEN}'",
        PEM,
        PEM[:400],
        json.dumps({"private_key": PEM}),
        f"grant_type=refresh_token&refresh_token={SECRETS[2]}&client_secret={SECRETS[3]}",
        f'{{"refresh_token": "{SECRETS[2]}"}}',
    ],
)
def test_redacting_leaves_no_part_of_a_secret(text: str) -> None:
    assert not any(secret in redacted(text) for secret in SECRETS)


def test_redacting_leaves_everything_else() -> None:
    text = "한빛아파트 R261121-0001 의뢰 12건, 파일 1AbC_def-123 · https://docs.google.com/x?y=1"
    assert redacted(text) == text
