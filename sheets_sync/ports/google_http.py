"""gspread's HTTP client with our manners: paced, timed, patient with what may be sent again, honest about the rest.

gspread's own ``BackOffHTTPClient`` never gives up, ignores ``Retry-After`` and re-sends appends blindly; this one takes
its place through ``http_client=``, gspread itself stays as it is.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import requests
from gspread.exceptions import APIError
from gspread.http_client import HTTPClient
from urllib3.exceptions import NewConnectionError

from sheets_sync.ports.pacing import Kind, Pacing, TooLate, retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator

    from google.auth.credentials import Credentials

CONNECT_SECONDS: Final = 10.0
#: Google works on a request for 180 seconds at most.
READ_SECONDS: Final = 180.0
_HOSTS: Final = ("https://sheets.googleapis.com", "https://www.googleapis.com")
#: Answers after which nothing was done and the same may be asked again later.
_LATER: Final = frozenset({429})
#: Reasons Drive gives with a 403 that mean "later".
_TOO_FAST: Final = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "RATE_LIMIT_EXCEEDED"})


class NoAnswer(Exception):
    """No usable answer until the deadline; ``unknown``: a write may have happened all the same."""

    def __init__(self, reason: str, *, unknown: bool) -> None:
        super().__init__(reason)
        self.unknown = unknown


class PacedClient(HTTPClient):
    """The client gspread is given. ``counts``: requests sent by kind (read, write, drive), each try one.

    Reads and PUTs are sent again freely, so are POSTs inside `again`; any other POST only after an answer that says
    nothing was done (429). Raises `APIError` for a refusal, `NoAnswer` where none came.
    """

    def __init__(self, auth: Credentials, session: requests.Session | None = None) -> None:
        super().__init__(auth, session)
        self.pacing = Pacing()
        self.base_url = ""
        self.counts: dict[str, int] = {"read": 0, "write": 0, "drive": 0}
        self._again = False

    @contextmanager
    def again(self) -> Iterator[None]:
        """What is sent in here may be sent twice: it sets everything it touches."""
        before, self._again = self._again, True
        try:
            yield
        finally:
            self._again = before

    def request(self, method: str, endpoint: str, *args: Any, **kwargs: Any) -> requests.Response:
        """Send, wait, send again; see the class."""
        kind = _kind(method, endpoint)
        repeatable = self._again or method.lower() in ("get", "put", "head")
        if self.base_url:
            for host in _HOSTS:
                endpoint = endpoint.replace(host, self.base_url, 1)
        tries = self.pacing.begin()
        maybe = False  # whether an earlier try may have happened
        while True:
            tries.take(kind)
            self.counts[kind] += 1
            after: float | None = None
            self.timeout = (CONNECT_SECONDS, max(1.0, min(READ_SECONDS, tries.left)))
            try:
                response = super().request(method, endpoint, *args, **kwargs)
            except APIError as error:
                status = error.response.status_code
                if not _later(error):
                    if status < 500:
                        raise
                    maybe, reason = True, f"HTTP {status}"
                    if not repeatable:
                        raise NoAnswer(reason, unknown=True) from error
                else:
                    reason, after = f"HTTP {status}", retry_after(error.response.headers)
            except requests.RequestException as error:
                reason = type(error).__name__
                if not _never_sent(error):
                    maybe = True
                    if not repeatable:
                        raise NoAnswer(reason, unknown=True) from error
            else:
                if _is_json(response):
                    return response
                maybe, reason = True, "not JSON"  # a network's own page in place of Google's answer
                if not repeatable:
                    raise NoAnswer(reason, unknown=True)
            try:
                tries.again(after)
            except TooLate:
                unknown = maybe and kind == "write"
                raise NoAnswer(reason, unknown=unknown and not repeatable) from None


def _kind(method: str, endpoint: str) -> Kind:
    """Which quota a request counts against.

    >>> _kind("get", "https://sheets.googleapis.com/v4/spreadsheets/1"), _kind("get", "https://x/drive/v3/files")
    ('read', 'drive')
    """
    if "/drive/" in endpoint:
        return "drive"
    return "read" if method.lower() == "get" else "write"


def _later(error: APIError) -> bool:
    if error.response.status_code in _LATER:
        return True
    return error.response.status_code == 403 and bool(reasons(error) & _TOO_FAST)


def reasons(error: APIError) -> set[str]:
    """Every reason a refusal names, in Sheets' form and in Drive's."""
    body = error.error
    found = {e.get("reason", "") for e in body.get("errors") or () if isinstance(e, dict)}
    found |= {d.get("reason", "") for d in body.get("details") or () if isinstance(d, dict)}
    return found - {""}


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the request can't have reached anybody: no connection was made."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", cause), NewConnectionError)


def _is_json(response: requests.Response) -> bool:
    return response.status_code == 204 or "json" in response.headers.get("Content-Type", "")
