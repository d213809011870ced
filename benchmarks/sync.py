"""What a sync costs: requests beside the usual script, and a thousand partners' processor time and memory.

``python benchmarks/sync.py [PARTNERS] [ROWS] [--first]``. Requests are counted, not timed: on the emulator, unmodified
gspread on both sides. The thousand partners run through port, merge and ledger over a transport that answers at once,
so that only our own work is measured; the waits the quota would ask for are added up instead of slept.
"""

from __future__ import annotations

import datetime as dt
import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gspread
import requests
from google.oauth2.credentials import Credentials
from gspread.http_client import HTTPClient

from sheets_sync.cycle import Cycle, PartnerSetup
from sheets_sync.emulator import start
from sheets_sync.layout import SENTINEL, layout_of
from sheets_sync.ledger import Ledger
from sheets_sync.model import Cell, Hq, HqRow, Lead, MasterRow
from sheets_sync.ports.auth import Account
from sheets_sync.ports.google import GooglePort
from sheets_sync.ports.pacing import Pacing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAYOUT = layout_of(spare=0)
NOW = dt.datetime(2026, 11, 22, 9, 0)
FLAGGED, NEW, ROWS = 120, 20, 500
FEWER, SECONDS, MEGABYTES = 20, 60, 500


def port_at(url: str) -> GooglePort:
    """A port that never sleeps."""
    return GooglePort(Account(Credentials(token="x"), "owner@example.com"), base_url=url, pacing=unhurried())


def unhurried() -> Pacing:
    """Pacing whose clock only moves when it waits."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Pacing(clock=lambda: now[0], sleep=sleep)


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
    """A transport that answers at once: the same sheet for every partner."""

    def __init__(self, refs: Sequence[str], rows: int) -> None:
        header = [c.header for c in LAYOUT.columns]
        given = ["2026-11-03 09:00", "김하나", "010-1234-5678", "도배", "2026-11-20"]
        lines = [[f"R{n}", *given, 46329.5, 46330, "완료", "비고"] for n in range(rows)]
        hq = [[SENTINEL, ""], *([f"R{n}", "", ""] for n in range(rows))]
        ranges = [[header, *lines], hq, [], []]
        blocks = [{"range": "x", "majorDimension": "ROWS", "values": block} for block in ranges]
        self.sheet = json.dumps({"spreadsheetId": "x", "valueRanges": blocks}).encode()
        files = [{"id": ref, "version": "7", "trashed": False} for ref in refs]
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
        else:
            reply._content = self.sheet if method == "get" else b'{"replies": []}'
        return reply


class Office:
    """A head office that has each partner's rows; ``knows``: it has what they filled in, too."""

    version = "1"

    def __init__(self, rows: int, *, knows: bool) -> None:
        given: dict[str, Cell] = {"received_at": "2026-11-03T09:00", "customer": "김하나", "phone": "010-1234-5678"}
        given |= {"service": "도배", "event_at": "2026-11-20"}
        filled: dict[str, Cell] = {"visited_at": "2026-11-03T12:00", "completed_at": "2026-11-04"}
        filled = {**filled, "stage": "완료", "note": "비고"} if knows else {}
        flags = ["▲ 주의" if n % 9 == 0 else "" for n in range(rows)]
        self._rows = [MasterRow(f"R{n}", given, filled, flag=flag) for n, flag in enumerate(flags)]
        self.fills = 0

    @property
    def master(self) -> Office:
        """The book."""
        return self

    def rows(self, partner: str) -> Sequence[MasterRow]:
        """The partner's requests."""
        return self._rows

    def hq(self, partner: str) -> Hq:
        """No KPIs."""
        return Hq()

    def entries(self, partner: str) -> Mapping[str, Mapping[str, Cell]]:
        """None."""
        return {}

    def apply(self, changes: Mapping[str, Any], when: dt.datetime) -> bool:
        """Count what would be written."""
        self.fills += sum(len(change.fills) for change in changes.values())
        return True


def thousand(partners: int, rows: int, *, first: bool = False) -> tuple[float, float, float, dict[str, int]]:
    """Seconds of processor time of a full cycle, MB at its peak, minutes the quota asks for, requests by kind.

    Every sheet is read and compared, every ``_hq`` written. ``first``: nothing is known yet, so that every cell a
    partner filled in is written to the master, too.
    """
    refs = [f"ref{n}" for n in range(partners)]
    port = port_at("")
    port.client.session = Canned(refs, rows)  # type: ignore[assignment]
    office = Office(rows, knows=not first)
    with tempfile.TemporaryDirectory() as folder:
        ledger = Ledger(Path(folder) / "sync.sqlite")
        cycle = Cycle([PartnerSetup(ref, ref) for ref in refs], LAYOUT, port, ledger, "bench")
        begin = time.process_time()
        report = cycle.run(office, NOW, sweep=True)
        seconds = time.process_time() - begin
        ledger.close()
    assert report.exit_code == 0, [o.error for o in report.outcomes if o.error][:3]
    assert bool(office.fills) == first
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 if sys.platform == "darwin" else 1024)
    return seconds, peak / (1024 if sys.platform == "darwin" else 1), port.client.pacing.slept / 60, port.client.counts


def main() -> None:
    """Print both, and whether they are what was promised."""
    first = "--first" in sys.argv
    sizes = [int(a) for a in sys.argv[1:] if a.isdigit()]
    partners, rows = [*sizes, *(1000, 500)[len(sizes) :]]
    seconds, megabytes, minutes, counts = thousand(partners, rows, first=first)
    known = "nothing known yet" if first else "all known"
    print(f"{partners} partners x {rows} rows, {known}, every sheet read, every _hq written:")
    print(f"{seconds:.1f} s of processor time (at most {SECONDS}), {megabytes:.0f} MB (at most {MEGABYTES})")
    print(f"requests {counts}; {minutes:.1f} minutes at four fifths of one user's quota")
    ours, usual = counted()
    print(f"flags of {FLAGGED} of {ROWS} rows and {NEW} new rows: {ours} requests, by get_all_records and update "
          f"{usual}: {usual / ours:.1f} x (at least {FEWER})")  # fmt: skip
    if seconds > SECONDS or megabytes > MEGABYTES or usual < FEWER * ours:
        sys.exit(1)


if __name__ == "__main__":
    main()
