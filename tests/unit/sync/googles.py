"""A Google port at an emulator, with a clock that only moves when somebody waits."""

from __future__ import annotations

import random
from contextlib import contextmanager
from typing import TYPE_CHECKING

from google.oauth2.credentials import Credentials

from sheets_sync.emulator import start
from sheets_sync.layout import layout_of
from sheets_sync.ports import google_layout
from sheets_sync.ports.auth import Account
from sheets_sync.ports.google import GooglePort
from sheets_sync.ports.pacing import Pacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets_sync.emulator.server import Server

google_layout.ROWS_READY, google_layout.HQ_ROWS = 120, 220  # a thousand of each cost tests their time
LAYOUT = layout_of(choices={"stage": ["접수", "완료"]}, spare=3)


class Clock:
    """Seconds; ``naps`` are the waits, in order."""

    def __init__(self) -> None:
        self.now = 0.0
        self.naps: list[float] = []

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.now += seconds


def pacing(clock: Clock | None = None, **more: float) -> Pacing:
    clock = clock or Clock()
    return Pacing(clock=clock, sleep=clock.sleep, rng=random.Random(7), **more)  # type: ignore[arg-type]


def port_at(server: Server, email: str = "", token: str = "token", clock: Clock | None = None) -> GooglePort:
    account = Account(Credentials(token=token), email or server.users.owner)
    return GooglePort(account, base_url=server.url, pacing=pacing(clock))


@contextmanager
def prepared() -> Iterator[tuple[Server, GooglePort, str]]:
    """An emulator, a port and the id of a partner's sheet that is laid out."""
    with start() as server:
        port, ref = port_at(server), server.create("한빛")
        port.prepare(ref, LAYOUT, "한빛아파트")
        server.log.clear()
        yield server, port, ref
        port.client.session.close()
