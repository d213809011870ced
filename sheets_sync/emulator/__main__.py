"""``python -m sheets_sync.emulator [--port N] [--no-quota] [--users FILE] [--seed N]``: prints its address first."""

from __future__ import annotations

import argparse
import signal
import sys
import threading
from pathlib import Path

from sheets_sync.emulator.quota import Quota
from sheets_sync.emulator.server import Server
from sheets_sync.emulator.store import OWNER
from sheets_sync.emulator.users import load


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(
        prog="python -m sheets_sync.emulator", description="Google Sheets, on this machine."
    )
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--no-quota", action="store_true", help="answer any number of requests a minute")
    parser.add_argument("--users", type=Path, help="JSON: who has which token, and whom files are shared with")
    parser.add_argument("--seed", type=int, default=0, help="ids are the same for the same seed")
    given = parser.parse_args()
    try:
        users = load(given.users, OWNER) if given.users else None
    except (OSError, ValueError) as wrong:
        parser.error(f"{given.users} can't be read: {wrong}")
    stopped = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stopped.set())
    try:
        server = Server(given.port, users=users, quota=None if given.no_quota else Quota(), seed=given.seed)
    except (OSError, OverflowError) as wrong:
        parser.error(f"port {given.port} can't be listened on: {wrong}")
    with server:
        sys.stdout.write(server.url + "\n")
        sys.stdout.flush()
        stopped.wait()


if __name__ == "__main__":
    main()
