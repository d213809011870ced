"""The HTTP server: sign-in, quota, faults and hooks around `service`, and what tests ask of it."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import parse_qs, urlsplit

from sheets_sync.emulator import discovery, drive_v2, faults, service, tokens
from sheets_sync.emulator.errors import ApiError, invalid
from sheets_sync.emulator.partner import Partner
from sheets_sync.emulator.store import OWNER, Store
from sheets_sync.emulator.users import Users

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from types import TracebackType

    from sheets_sync.emulator.faults import Fault
    from sheets_sync.emulator.quota import Quota

#: The largest body Google's front end takes.
LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came, in the log: ``method`` is Google's name for it, ``kind`` the quota it counts against."""

    verb: str
    path: str
    method: str
    kind: str
    user: str
    fault: str
    status: int
    body: Any = None


@dataclass(slots=True)
class _Reply:
    status: int
    headers: dict[str, str]
    content: bytes
    cut: bool = False


class Server:
    """A running emulator. ``url`` is where it listens; it stops at the end of ``with``, or by `close`.

    ``log`` holds every request but those for a token; ``pending`` operations of partners, one of which
    lands before each request.
    """

    def __init__(
        self,
        port: int = 0,
        *,
        users: Users | None = None,
        quota: Quota | None = None,
        seed: int = 0,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.store = Store(seed=seed, clock=clock)
        self.users = users or Users(OWNER)
        self.quota = quota
        self.log: list[Request] = []
        self.pending: list[Callable[[Server], object]] = []
        self.lock = threading.RLock()
        self._faults = faults.Script()
        self._hook: Callable[[Server, str], object] | None = None
        self._http = _Http(("127.0.0.1", port), self)
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.05,), daemon=True, name="emulator")
        self._thread.start()

    @property
    def url(self) -> str:
        """``http://127.0.0.1:PORT``."""
        return f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        """Stop listening."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def script(self, words: Sequence[str | Fault]) -> None:
        """Faults for the next requests, one each (see `faults`); takes the place of those still waiting."""
        with self.lock:
            self._faults.waiting = [faults.parse(word) for word in words]

    def between(self, hook: Callable[[Server, str], object] | None) -> None:
        """Call this before every request with the server and Google's name of the method; `None`: no more."""
        with self.lock:
            self._hook = hook

    def partner(self, ref: str, email: str = "", tab: str = "") -> Partner:
        """Someone at the keyboard of this spreadsheet: edits that go by no request of ours."""
        return Partner(self, ref, email or self.users.owner, tab)

    def create(self, title: str, *, locale: str = "ko_KR", zone: str = "Asia/Seoul", owner: str = "") -> str:
        """A new spreadsheet, by hand; its id."""
        with self.lock:
            file, _ = self.store.create(title, owner or self.users.owner, locale=locale, zone=zone)
            self.users.created(self.store, file)
            return file.id

    def share(self, ref: str, email: str, role: str = "writer") -> None:
        """Give someone a role on a file, by hand."""
        with self.lock:
            self.store.share(self.store.files[ref], "user", role, email)

    def unshare(self, ref: str, email: str) -> None:
        """Take someone's access away, by hand."""
        with self.lock:
            file = self.store.files[ref]
            file.permissions = [p for p in file.permissions if p.who != email]

    def count(self, end: str = "") -> int:
        """How many requests came whose method's name ends so: ``count("values.append")``."""
        return sum(r.method.endswith(end) for r in self.log)

    @property
    def counts(self) -> Counter[str]:
        """Requests by Google's name of the method."""
        return Counter(r.method for r in self.log)

    @property
    def kinds(self) -> Counter[str]:
        """Requests by what they count against: ``Read``, ``Write``, ``Drive``."""
        return Counter(r.kind for r in self.log)

    def handle(self, verb: str, target: str, headers: dict[str, str], content: bytes) -> _Reply | None:
        """Answer one request; `None`: the connection drops. One at a time."""
        parts = urlsplit(target)
        if verb == "POST" and parts.path in tokens.PATHS:
            status, given = tokens.answer(self.users, content)
            return _Reply(status, _JSON, _dumped(given))
        found = service.find(verb, parts.path)
        name = found[0].id if found else ""
        with self.lock:
            if self._hook:
                self._hook(self, name)
            if self.pending:
                self.pending.pop(0)(self)
            fault = self._faults.next(name)
            reply, user, body = self._answered(verb, parts.path, parts.query, found, headers, content, fault)
            if fault.kind in {"html", "html_after"}:
                reply = _Reply(502, {"Content-Type": "text/html; charset=UTF-8"}, faults.PAGE.encode())
            refusal = fault.refusal(name)
            if refusal and fault.kind == "after":
                reply = _refused(refusal, found[0].service if found else "sheets")
            kind = (service.kind(found[0]) or "Drive") if found else ""
            self.log.append(Request(verb, parts.path, name, kind, user, fault.kind, reply.status, body))
        if fault.kind == "slow" and fault.value:
            time.sleep(fault.value)
        if fault.kind in {"drop", "drop_after"}:
            return None
        reply.cut = fault.kind == "half"
        return reply

    def _answered(
        self, verb: str, path: str, query: str, found: Any, headers: dict[str, str], content: bytes, fault: Fault
    ) -> tuple[_Reply, str, Any]:
        if found is None:
            return _Reply(404, {"Content-Type": "text/html; charset=UTF-8"}, _NO_SUCH_PAGE), "", None
        method, values = found
        user, body = "", None
        try:
            given = parse_qs(query, keep_blank_values=True)
            key = headers.get("x-goog-api-key") or given.get("key", [""])[0]
            user = self.users.who(headers.get("authorization", ""), verb, method=method.id, key=key)
            kind = service.kind(method)
            if self.quota and kind:
                self.quota.take(kind, user)
            refusal = fault.refusal(method.id)
            if refusal and not fault.done:
                raise refusal
            if not fault.done:
                return _Reply(503, {}, b""), user, body
            drive_v2.check_here(method)
            body = content if method is drive_v2.UPLOAD else _json(content)
            compact = discovery.system(method, given)
            reply = service.answer(self.store, self.users, user, method, values, given, body)
        except ApiError as refused:
            return _refused(refused, method.service), user, body
        if reply.type:
            kept = {"Content-Type": reply.type, "Content-Disposition": "attachment"}
            return _Reply(200, kept, reply.content), user, body
        if reply.json is None:
            return _Reply(204, {"Content-Type": "text/html"}, b""), user, body
        return _Reply(200, _JSON, _dumped(reply.json, compact=compact)), user, body


_JSON = {"Content-Type": "application/json; charset=UTF-8"}
_NO_SUCH_PAGE = (
    b"<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error 404 (Not Found)!!1</title>\n"
    b"  <p><b>404.</b> <ins>That's an error.</ins>\n  <p>The requested URL was not found on this server.\n"
)


def _json(content: bytes) -> Any:
    if not content:
        return None
    if len(content) > LARGEST:
        raise ApiError(413, f"Request payload size exceeds the limit: {LARGEST} bytes.", reason="uploadTooLarge")
    try:
        found = json.loads(content)
    except ValueError:
        raise invalid("Invalid JSON payload received. Unexpected token.") from None
    if not isinstance(found, dict):
        raise invalid("Invalid JSON payload received. Unexpected token.")
    return found


def _dumped(value: Any, *, compact: bool = False) -> bytes:
    if compact:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()


def _refused(error: ApiError, kind: str) -> _Reply:
    return _Reply(error.code, {**_JSON, **error.headers}, _dumped(error.body(kind)))


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], emulator: Server) -> None:
        self.emulator = emulator
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that went away is nothing to print; anything else is the emulator's own fault and is shown."""
        import sys

        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Http

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        headers = {key.lower(): value for key, value in self.headers.items()}
        try:
            reply = self.server.emulator.handle(self.command, self.path, headers, content)
        except Exception as wrong:
            reply = _refused(ApiError(500, f"The emulator failed: {wrong!r}"), "sheets")
            self._send(reply)
            raise
        if reply is None:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self._send(reply)

    def _send(self, reply: _Reply) -> None:
        self.send_response(reply.status)
        for key, value in reply.headers.items():
            self.send_header(key, value)
        self.send_header("Content-Length", str(len(reply.content)))
        self.end_headers()
        if reply.cut:
            self.wfile.write(reply.content[: len(reply.content) // 2])
            self.wfile.flush()
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        else:
            self.wfile.write(reply.content)

    def version_string(self) -> str:
        """The ``Server`` header, as the service names itself."""
        return "ESF"

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: `Server.log` is the log."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any  # noqa: N815 - the names http.server calls
