"""What a sync costs: requests beside the usual script, and a thousand partners' processor time and memory.

``python benchmarks/sync.py [PARTNERS] [ROWS]``. Requests are counted, not timed: on the emulator, unmodified gspread on
both sides. The thousand partners run through a whole cycle: the master is read from its file, cut by the choke point,
merged with every sheet and written. Google is a transport that answers at once, so that only our own work is measured;
the waits the quota would ask for are added up instead of slept.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gspread
import make_book
import requests
from google.oauth2.credentials import Credentials
from gspread.http_client import HTTPClient

from addin.cli import SYNC_ALLOCATOR
from sheets_sync.cycle import Cycle, PartnerSetup
from sheets_sync.emulator import start
from sheets_sync.layout import SENTINEL, layout_of
from sheets_sync.ledger import Ledger
from sheets_sync.model import Hq, HqRow, Lead
from sheets_sync.ports.auth import Account
from sheets_sync.ports.google import GooglePort
from sheets_sync.ports.pacing import Pacing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

LAYOUT = layout_of(["received_at", "customer", "phone", "source"], spare=0)
NOW = dt.datetime(2026, 11, 22, 9, 0)
FLAGGED, NEW, ROWS = 120, 20, 500
FEWER, SECONDS, MEGABYTES, A_MINUTE = 20, 60, 500, 48
_REF = re.compile(r"/spreadsheets/(\w+)")
#: The cycles, each on what the one before it left.
STORIES = {
    "first": "the first sync, every row is appended",
    "filled": "partners filled in everything",
    "daily": "partners changed a cell each",
}


def port_at(url: str) -> GooglePort:
    """A port that never sleeps."""
    return GooglePort(Account(Credentials(token="x"), "owner@example.com"), base_url=url, pacing=unhurried())


def unhurried() -> Pacing:
    """Pacing whose clock only moves when it waits."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Pacing(clock=lambda: now[0], sleep=sleep)


def busiest(sent: Sequence[float]) -> int:
    """The most requests in any 60 seconds."""
    return max(
        (sum(at <= other < at + 60 - 1e-6 for other in sent[i : i + 100]) for i, at in enumerate(sent)), default=0
    )


def counted() -> tuple[int, int]:
    """Requests of both ways for one change: flags of `FLAGGED` of `ROWS` rows, `NEW` new rows."""
    with start() as server:
        ref = server.create("ours")
        port = port_at(server.url)
        port.prepare(ref, LAYOUT, "ours")
        port.append(ref, LAYOUT, [Lead(f"R{n}", {"customer": "김"}) for n in range(ROWS)])
        server.log.clear()
        port.probe([ref])
        port.read(ref, LAYOUT)
        port.append(ref, LAYOUT, [Lead(f"N{n}", {"customer": "이"}) for n in range(NEW)])
        port.put_hq(ref, LAYOUT, Hq(tuple(HqRow(f"R{n}", "▲ 주의") for n in range(FLAGGED))), "2026-11-22 09:00")
        port.probe([ref])  # our own write shows as a change: one more look
        port.read(ref, LAYOUT)
        ours = len(server.log)

        class Here(HTTPClient):
            def request(self, method: str, endpoint: str, *args: Any, **given: Any) -> Any:
                for host in ("https://sheets.googleapis.com", "https://www.googleapis.com"):
                    endpoint = endpoint.replace(host, server.url)
                return super().request(method, endpoint, *args, **given)

        ref = server.create("usual", locale="en_US")
        client = gspread.Client(Credentials(token="x"), http_client=Here)
        tab = client.open_by_key(ref).sheet1
        tab.update([["key", "customer", "flag"], *([f"R{n}", "김", ""] for n in range(ROWS))])
        server.log.clear()
        tab = client.open_by_key(ref).sheet1
        records = tab.get_all_records()
        for at in range(FLAGGED):
            tab.update([["▲ 주의"]], f"C{at + 2}")
        for n in range(NEW):
            tab.append_row([f"N{n}", "이", ""])
        assert len(records) == ROWS
        return ours, len(server.log)


class Canned:
    """A transport that answers at once with the sheets that lie in a folder, one file a partner."""

    def __init__(self, folder: Path, refs: Sequence[str], clock: Callable[[], float]) -> None:
        self.folder, self.clock, self.sent = folder, clock, {"get": list[float](), "post": list[float]()}
        files = [{"id": ref, "version": folder.name, "trashed": False} for ref in refs]
        pages = [files[n : n + 1000] for n in range(0, len(files), 1000)]
        self.pages = [
            json.dumps({"files": page, **({"nextPageToken": str(n + 1)} if n + 1 < len(pages) else {})}).encode()
            for n, page in enumerate(pages)
        ]

    def request(self, method: str, url: str, params: Any = None, **_given: Any) -> requests.Response:
        """As `requests.Session.request`."""
        reply = requests.Response()
        reply.status_code = 200
        reply.headers["Content-Type"] = "application/json"
        if "/drive/" in url:
            reply._content = self.pages[int((params or {}).get("pageToken", 0))]
            return reply
        self.sent[method].append(self.clock())
        if method == "get":
            reply._content = (self.folder / _REF.findall(url)[0]).read_bytes()
        else:
            reply._content = b'{"replies": []}'
        return reply


def make_sheets(folder: Path, partners: int, rows: int) -> None:
    """What Google would answer for each partner, before each of the cycles of `STORIES`."""
    header = [c.header for c in LAYOUT.columns]
    for story in STORIES:
        (folder / story).mkdir()
    lines: list[list[list[Any]]] = [[] for _ in range(partners)]
    for n, made in enumerate(make_book.requests(partners * rows, partners)):
        key, _, _, customer, phone, source, received, _, visited, state, _, _ = made
        at = make_book.FIRST_DAY + dt.timedelta(minutes=int(str(received)))
        visit = None if visited is None else make_book.SERIAL + int(str(visited)) / 1440
        done = int(visit) + 1 if visit is not None and state == "완료" else None
        note = f"사진 {n}" if n % 10 == 0 else None
        lines[n % partners].append([key, f"{at:%Y-%m-%d %H:%M}", customer, phone, source, visit, done, state, note])
    for n, found in enumerate(lines):
        blank = [[*line[:5], None, None, None, None] for line in found]
        changed = [[*found[0][:8], "오늘 다시 전화"], *found[1:]]
        for story, body in zip(STORIES, ([], found, changed), strict=True):
            keys = [line[0] for line in blank] if body else []
            ranges = [[header, *body], [[SENTINEL, ""], *([key, "", ""] for key in keys)], [], []]
            blocks = [{"range": "x", "majorDimension": "ROWS", "values": block} for block in ranges]
            answer = json.dumps({"spreadsheetId": "x", "valueRanges": blocks}, ensure_ascii=False)
            (folder / story / f"ref{n}").write_text(answer, "utf-8")


def cycle(folder: Path, story: str, partners: int) -> dict[str, Any]:
    """One whole cycle, in a process of its own: the master read from its file, every sheet read, everything written."""
    from sheets_sync.master import MasterFile

    refs = [f"ref{n}" for n in range(partners)]
    port = port_at("")
    canned = Canned(folder / story, refs, port.client.pacing.clock)
    port.client.session = canned  # type: ignore[assignment]
    setups = [PartnerSetup(f"파트너{n:03d}", ref) for n, ref in enumerate(refs)]
    ledger = Ledger(folder / "sync.sqlite")
    source = MasterFile(folder / "master.xlsx", LAYOUT)
    begin = time.process_time()
    source.master  # noqa: B018 - read here, to tell its share
    opened = time.process_time() - begin
    peak_read = _peak()
    report = Cycle(setups, LAYOUT, port, ledger, "bench").run(source, NOW, sweep=True)
    seconds = time.process_time() - begin
    ledger.close()
    assert report.exit_code == 0, [o.error for o in report.outcomes if o.error][:3] or report.master_error
    plans = [o.plan for o in report.outcomes if o.plan]
    return {
        "seconds": seconds,
        "opened": opened,
        "peak": _peak(),
        "peak_read": peak_read,
        "minutes": port.client.pacing.slept / 60,
        "busiest": max(map(busiest, canned.sent.values())),
        "counts": port.client.counts,
        "leads": sum(len(p.leads) for p in plans),
        "fills": sum(len(p.fills) for p in plans),
        "written": report.master_written,
    }


def _peak() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1024 / (1024 if sys.platform == "darwin" else 1)


def thousand(partners: int, rows: int) -> dict[str, dict[str, Any]]:
    """What each cycle of `STORIES` costs, one after the other on the same master and ledger."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_book.make_book(folder / "master.xlsx", partners * rows, evenly=partners)
        make_sheets(folder, partners, rows)
        out = {}
        for story in STORIES:
            command = [sys.executable, __file__, "--cycle", story, name, str(partners)]
            env = {"_RJEM_MALLOC_CONF": SYNC_ALLOCATOR, **os.environ}  # as `danggol sync` has it
            out[story] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env).stdout)
        return out


def main() -> None:
    """Print both, and whether they are what was promised."""
    if "--cycle" in sys.argv:
        story, folder, count = sys.argv[2:]
        print(json.dumps(cycle(Path(folder), story, int(count))))
        return
    sizes = [int(a) for a in sys.argv[1:] if a.isdigit()]
    partners, rows = [*sizes, *(1000, 500)[len(sizes) :]]
    found = thousand(partners, rows)
    print(
        f"{partners} partners x {rows} rows, every sheet read, every _hq written (at most {SECONDS} s, {MEGABYTES} MB):"
    )
    for story, words in STORIES.items():
        one = found[story]
        print(f"{words}: {one['seconds']:.1f} s of processor time, {one['opened']:.1f} of it to open the master; "
              f"{one['peak']:.0f} MB, {one['peak_read']:.0f} once the master was open; "
              f"{one['leads']} rows appended, {one['fills']} cells for the master; requests {one['counts']} "
              f"in {one['minutes']:.1f} minutes, at most {one['busiest']} of a kind in any minute")  # fmt: skip
    ours, usual = counted()
    print(f"flags of {FLAGGED} of {ROWS} rows and {NEW} new rows: {ours} requests, by get_all_records and update "
          f"{usual}: {usual / ours:.1f} x (at least {FEWER})")  # fmt: skip
    worst = found["daily"]
    if worst["seconds"] > SECONDS or worst["peak"] > MEGABYTES or usual < FEWER * ours or worst["busiest"] > A_MINUTE:
        sys.exit(1)


if __name__ == "__main__":
    main()
