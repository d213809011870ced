"""Signing in to Google: a service account's key, a person's own account, or what the machine already has (ADC).

The least that works is asked for: spreadsheets, and the names and versions of files, not their content. A key lies
outside the project and any repository, and nobody else may read it (POSIX modes; Windows keeps rights elsewhere, where
a mode says nothing). No secret is shown: not in a message, a log line or a `repr`.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import re
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sheets_sync.ports.base import NotSignedIn, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.auth.credentials import Credentials

SCOPES: Final = (
    "https://www.googleapis.com/auth/spreadsheets",
    "https://www.googleapis.com/auth/drive.metadata.readonly",
)
#: Every id this module can say.
IDS: Final = (
    *("sync.auth.missing", "sync.auth.unreadable", "sync.auth.kind", "sync.auth.in_project", "sync.auth.readable"),
    *("sync.auth.none", "sync.auth.sign_in_first", "sync.auth.key", "sync.auth.expired", "sync.auth.revoked"),
    *("sync.auth.clock", "sync.auth.refused", "sync.auth.unreachable", "sync.auth.client_gone"),
)  # fmt: skip
_REPOSITORIES: Final = (".git", ".hg", ".svn", ".jj")
#: Below the user's folder for settings: what a person's sign-in left.
_ACCOUNT_FILE: Final = "google-account.json"


@dataclass(frozen=True, slots=True)
class Account:
    """Who we are for Google. ``email``: whom sheets are to be shared with, "" where only Google knows."""

    credentials: Credentials = field(repr=False)
    email: str = ""
    kind: str = "service_account"


def sign_in(
    key: Path | None, *, project: Path, config_dir: Path | None = None, flow: Callable[..., Any] | None = None
) -> Account:
    """The account to work with. Nothing is sent yet: a first request shows whether Google agrees.

    ``key``      a service account's JSON, an OAuth client's ("installed") or an ``authorized_user``; None: the account
                 somebody signed in with before, else the machine's own (ADC).
    ``project``  the folder of ``sync.toml``: no key may lie in it.
    ``flow``     opens the browser where a person's consent is needed; without it that is `NotSignedIn`.
    """
    hush_logs()
    folder = config_dir or default_config_dir()
    if key is None:
        return _stored(folder) or _machine()
    given = _read_key(key, project)
    kind = str(given.get("type") or next((k for k in ("installed", "web") if k in given), ""))
    if kind == "service_account":
        return _service(given, key)
    if kind == "authorized_user":
        return _person(given, key)
    if kind == "installed":
        return _stored(folder) or _consent(given, folder, flow)
    raise NotSignedIn("sync.auth.kind", where=str(key), value=kind or "–")


def default_config_dir() -> Path:
    """Where a person's sign-in is kept on this machine."""
    import platformdirs

    return Path(platformdirs.user_config_dir("danggol", appauthor=False))


# -- keys --------------------------------------------------------------------------------------------------------------


def _read_key(path: Path, project: Path) -> dict[str, Any]:
    inside = repository_of(path) or _below(path, project)
    if inside is not None:
        raise NotSignedIn("sync.auth.in_project", where=str(path), value=str(inside))
    if readable_by_others(path):
        raise NotSignedIn("sync.auth.readable", where=str(path))
    try:
        given = json.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise NotSignedIn("sync.auth.missing", where=str(path)) from None
    except (OSError, ValueError):  # what stood in the file must not travel along
        raise NotSignedIn("sync.auth.unreadable", where=str(path)) from None
    if not isinstance(given, dict):
        raise NotSignedIn("sync.auth.unreadable", where=str(path))
    return given


def repository_of(path: Path) -> Path | None:
    """The repository a file lies in, where it does."""
    return next((p for p in path.resolve().parents if any((p / name).exists() for name in _REPOSITORIES)), None)


def _below(path: Path, project: Path) -> Path | None:
    """The project's folder where the file lies in it. One that is a person's whole home counts for itself only."""
    root = project.resolve()
    if path.resolve().parent == root:
        return root
    home = Path.home()
    whole = home == root or home.is_relative_to(root)
    return root if path.resolve().is_relative_to(root) and not whole else None


def readable_by_others(path: Path) -> bool:
    """Whether the group or anybody else may read or write the file. Never on Windows, whose modes don't say."""
    if os.name == "nt":
        return False
    try:
        return bool(path.stat().st_mode & 0o077)
    except OSError:
        return False  # it isn't there: reading it says so


def _service(given: dict[str, Any], path: Path) -> Account:
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2 import service_account

    make: Any = service_account.Credentials.from_service_account_info
    try:
        made = make(given, scopes=SCOPES)
    except (GoogleAuthError, ValueError):
        raise NotSignedIn("sync.auth.key", where=str(path)) from None
    return Account(made, str(given["client_email"]))


def _person(given: dict[str, Any], path: Path) -> Account:
    from google.auth.exceptions import GoogleAuthError
    from google.oauth2.credentials import Credentials

    make: Any = Credentials.from_authorized_user_info
    try:
        made = make(given, scopes=SCOPES)
    except (GoogleAuthError, ValueError):
        raise NotSignedIn("sync.auth.key", where=str(path)) from None
    return Account(made, str(given.get("account") or ""), "authorized_user")


def _stored(folder: Path) -> Account | None:
    path = folder / _ACCOUNT_FILE
    if not path.exists():
        return None
    if readable_by_others(path):
        raise NotSignedIn("sync.auth.readable", where=str(path))
    try:
        return _person(json.loads(path.read_text("utf-8")), path)
    except (OSError, ValueError):
        raise NotSignedIn("sync.auth.unreadable", where=str(path)) from None


def _consent(client: dict[str, Any], folder: Path, flow: Callable[..., Any] | None) -> Account:
    """Ask the person in the browser, once; what comes of it is kept below their settings, for their eyes only."""
    if flow is None:
        raise NotSignedIn("sync.auth.sign_in_first")
    made = flow(client_config=client, scopes=SCOPES)
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / _ACCOUNT_FILE
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(made.to_json(strip=["token", "expiry"]))
    path.chmod(0o600)
    return Account(made, kind="authorized_user")


def browser_flow(client_config: dict[str, Any], scopes: tuple[str, ...]) -> Any:
    """Consent in this machine's browser, answered to a port of its own: `sign_in`'s ``flow`` for people."""
    from gspread.auth import local_server_flow

    with contextlib.redirect_stdout(sys.stderr):  # it prints the address to visit; stdout is for data
        return local_server_flow(client_config, scopes)


def _machine() -> Account:
    import google.auth
    from google.auth.exceptions import DefaultCredentialsError

    try:
        made, _ = google.auth.default(scopes=SCOPES)
    except DefaultCredentialsError:
        raise NotSignedIn("sync.auth.none") from None
    return Account(made, str(getattr(made, "service_account_email", "") or ""), "adc")


# -- what Google says to a token request -------------------------------------------------------------------------------


@contextmanager
def explaining_sign_in() -> Iterator[None]:
    """Turn google-auth's failures into what to do. Nothing of the answer travels along but Google's own word."""
    from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError

    try:
        yield
    except TransportError:
        raise Unavailable("sync.auth.unreachable") from None
    except RefreshError as error:
        raise _refusal(error) from None
    except GoogleAuthError as error:
        raise NotSignedIn("sync.auth.refused", value=type(error).__name__) from None


def _refusal(error: Exception) -> NotSignedIn | Unavailable:
    text = redacted(" ".join(str(part) for part in error.args)).lower()
    if getattr(error, "retryable", False) or "internal_failure" in text:
        return Unavailable("sync.auth.unreachable")
    if "reasonable timeframe" in text or "check your iat" in text or "token used too early" in text:
        return NotSignedIn("sync.auth.clock")
    if "account not found" in text or "deleted_client" in text or "invalid_client" in text or "disabled" in text:
        return NotSignedIn("sync.auth.client_gone")
    if "revoked" in text:
        return NotSignedIn("sync.auth.revoked")
    if "invalid_grant" in text:
        return NotSignedIn("sync.auth.expired")
    word = re.search(r"[a-z]+_[a-z_]+", text)
    return NotSignedIn("sync.auth.refused", value=word[0] if word else "–")


# -- keeping secrets ---------------------------------------------------------------------------------------------------

_SECRETS: Final = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|\Z)"  # a key, whole or cut off
    r"|(?i:bearer)\s+[\w.~+/-]+=*"
    r"|ya29\.[\w.-]+"  # access token
    r"|1//[\w-]{10,}"  # refresh token
    r"|GOCSPX-[\w-]+"  # a client's secret
    r"|eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?"  # a signed assertion
    r"|(?i:(?P<name>access_token|refresh_token|id_token|assertion|client_secret|private_key(?:_id)?)"
    r"(?P<is>[\"']?\s*[:=]\s*))"
    r"(?:\"(?:[^\"\\]|\\.)*\"?|'(?:[^'\\]|\\.)*'?|[^\s\"'&,}]+)",  # quoted to its end, escapes and all
    re.DOTALL,
)


def redacted(text: str) -> str:
    """The text without secrets.

    >>> redacted("Authorization: Bearer ya29.a0AfB_x, refresh_token=1//0gabcdefghijk&x=1")
    'Authorization: ***, refresh_token=***&x=1'
    """
    return _SECRETS.sub(lambda m: f"{m['name']}{m['is']}***" if m["name"] else "***", text)


_hushed = False


def hush_logs() -> None:
    """Take secrets out of every log record of this process, whoever writes it, before any handler sees it."""
    global _hushed  # noqa: PLW0603 - one factory a process
    if _hushed:
        return
    _hushed = True
    make = logging.getLogRecordFactory()

    def made(*args: Any, **kwargs: Any) -> logging.LogRecord:
        record = make(*args, **kwargs)
        try:
            whole = record.getMessage()
        except (TypeError, ValueError):  # logging itself reports a record that can't be formatted
            return record
        clean = redacted(whole)
        if clean != whole:
            record.msg, record.args = clean, None
        if record.exc_info and record.exc_info[1] is not None:
            text = logging.Formatter().formatException(record.exc_info)
            if redacted(text) != text:
                record.exc_text, record.exc_info = redacted(text), None
        return record

    logging.setLogRecordFactory(made)
