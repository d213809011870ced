"""An emulator for each test, unmodified gspread pointed at it, and bare HTTP for what gspread hides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests
from gspread.http_client import HTTPClient

from sheets_sync.emulator import start

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sheets_sync.emulator.server import Server


@pytest.fixture
def server() -> Iterator[Server]:
    with start() as running:
        yield running


@pytest.fixture
def connect() -> Iterator[Callable[..., gspread.Client]]:
    """``connect(server, token)``: a gspread client of its own."""
    sessions: list[requests.Session] = []

    def connected(server: Server, token: str = "token") -> gspread.Client:
        class Here(HTTPClient):
            def request(self, method: str, endpoint: str, *args: Any, **given: Any) -> Any:
                for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                    endpoint = endpoint.replace(host, server.url)
                return super().request(method, endpoint, *args, **given)

        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {token}"
        sessions.append(session)
        return gspread.Client(None, session=session, http_client=Here)

    yield connected
    for session in sessions:
        session.close()


@pytest.fixture
def gc(server: Server, connect: Callable[..., gspread.Client]) -> gspread.Client:
    return connect(server)


@pytest.fixture
def book(gc: gspread.Client) -> gspread.Spreadsheet:
    """A new spreadsheet, as one made with Drive."""
    return gc.create("시험")


@pytest.fixture
def tab(book: gspread.Spreadsheet) -> gspread.Worksheet:
    return book.sheet1


@pytest.fixture
def call(server: Server) -> Iterator[Callable[..., requests.Response]]:
    """``call("GET", "/v4/…", json=…)``: the bare answer."""
    session = requests.Session()
    session.headers["Authorization"] = "Bearer token"

    def called(verb: str, path: str, **given: Any) -> requests.Response:
        return session.request(verb, server.url + path, timeout=10, **given)

    yield called
    session.close()


@pytest.fixture
def batch(call: Callable[..., requests.Response], book: gspread.Spreadsheet) -> Callable[..., Any]:
    """``batch({"addSheet": …}, …)``: the answer of a batchUpdate of the spreadsheet, as JSON."""

    def sent(*requests_: dict[str, Any], **more: Any) -> Any:
        path = f"/v4/spreadsheets/{book.id}:batchUpdate"
        return call("POST", path, json={"requests": list(requests_), **more}).json()

    return sent


@pytest.fixture
def whole(call: Callable[..., requests.Response], book: gspread.Spreadsheet) -> Callable[..., Any]:
    """``whole(fields="sheets.data")``: the spreadsheet as ``spreadsheets.get`` shows it."""

    def got(**query: Any) -> Any:
        return call("GET", f"/v4/spreadsheets/{book.id}", params=query).json()

    return got
