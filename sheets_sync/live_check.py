"""``danggol sync --live-check``: ten minutes with a real Google account, on an empty sheet somebody owns.

The sync is right by construction and tested against an emulator; what only Google itself can show is tried here, one
step after the other: how late a probe is, what stands in ``Retry-After``, whether appended rows and the lookup formulas
get along, whether rows stay whole when sorted, and, with somebody at the keyboard, what a partner may and may not do.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from addin.errors import UsageError
from addin.i18n import say
from sheets_sync.layout import layout_of
from sheets_sync.model import Hq, HqRow, KpiLine, Lead
from sheets_sync.ports.base import PortError
from sheets_sync.ports.google import quoted
from sheets_sync.ports.google_layout import TAB_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sheets_sync.ports.google import GooglePort

Mark = Literal["ok", "bad", "open"]
SIGNS: Final = {"ok": "✓", "bad": "✗", "open": "?"}
#: What is tried without anybody's help, in order; then what a person is asked to do first.
STEPS: Final = (
    *("account", "layout", "again", "texts", "lookup", "below", "under_header", "sorted"),
    *("quiet", "lag", "metadata"),
)
ASKED: Final = ("checkbox", "typing", "sorting", "locked", "phone", "bin")
LAST: Final = ("retry_after",)
IDS: Final = (
    *(f"sync.live.{id}" for id in (*STEPS, *ASKED, *LAST)),
    *(f"sync.live.do.{id}" for id in ASKED),
    *("sync.live.sum", "sync.live.partner", "sync.live.used", "sync.live.nobody"),
)
#: Longer than this a probe may not lag: the full sweep would have to be more frequent.
LAG_SECONDS: Final = 60
_READS: Final = 75  # a user may read 60 times a minute
_LAYOUT: Final = layout_of(["customer", "phone"], ["visited_at", "note"], spare=0)
_TEXTS: Final = ("=1+1", "010-1234-5678", "1,2,3", "+49123", "0012", "TRUE", "2026-11-03", "'x")


@dataclass(frozen=True, slots=True)
class Finding:
    """One step: ok, bad, or open (nobody could try it). ``detail``: what was seen."""

    id: str
    mark: Mark
    detail: str = ""


def live_check(
    port: GooglePort,
    ref: str,
    *,
    partners: Collection[str] = (),
    ask: Callable[[str], bool] | None = None,
    wait: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> Iterator[Finding]:
    """Try every step on the scratch sheet ``ref``, giving each finding as soon as it is known.

    ``partners``: sheets in use, refused (`UsageError`), as is one that has rows of a partner's.
    ``ask``: shows what to do and tells whether it could be done as said; None: nobody is there.
    """
    if ref in partners:
        raise UsageError("sync.live.partner", value=ref)
    yield from _Check(port, ref, ask, wait, clock).run()


def show_finding(finding: Finding) -> str:
    """One line: ✓, ✗ or ?, what was tried, what was seen."""
    detail = f" · {finding.detail}" if finding.detail else ""
    return f"{SIGNS[finding.mark]} {say(f'sync.live.{finding.id}')}{detail}"


def show_sum(findings: Collection[Finding]) -> str:
    """How many of each, at the end."""
    count = {mark: sum(f.mark == mark for f in findings) for mark in SIGNS}
    return say("sync.live.sum", ok=count["ok"], bad=count["bad"], open=count["open"])


class _Check:
    """One run over a scratch sheet."""

    def __init__(
        self,
        port: GooglePort,
        ref: str,
        ask: Callable[[str], bool] | None,
        wait: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self.port, self.ref, self.ask, self.wait, self.clock = port, ref, ask, wait, clock

    def run(self) -> Iterator[Finding]:
        """Every step; one that fails leaves the others to be tried, but for signing in and laying out."""
        for id in (*STEPS, *ASKED, *LAST):
            finding = self._tried(id)
            yield finding
            if finding.mark == "bad" and id in ("account", "layout"):
                return

    def _tried(self, id: str) -> Finding:
        try:
            with self.port.speaking(self.ref):
                if id not in ASKED:
                    step: Callable[[], tuple[Mark, str]] = getattr(self, f"_{id}")
                    return Finding(id, *step())
                if self.ask is None:
                    return Finding(id, "open", say("sync.live.nobody"))
                return Finding(id, *self._asked(id))
        except PortError as error:
            return Finding(id, "bad", str(error))

    # -- alone ---------------------------------------------------------------------------------------------------------

    def _account(self) -> tuple[Mark, str]:
        return "ok", self.port.email

    def _layout(self) -> tuple[Mark, str]:
        self.port.prepare(self.ref, _LAYOUT, "danggol")
        sheet = self.port.read(self.ref, _LAYOUT)
        if sheet.rows:
            raise UsageError("sync.live.used", value=self.ref)
        return _mark([c.field for c in _LAYOUT.columns] == [f for f in sheet.header if f]), ""

    def _again(self) -> tuple[Mark, str]:
        before = self.port.client.counts["write"]
        self.port.prepare(self.ref, _LAYOUT, "danggol")
        return _mark(self.port.client.counts["write"] == before), ""

    def _texts(self) -> tuple[Mark, str]:
        self.port.append(self.ref, _LAYOUT, [Lead(f"R{n}", {"customer": t}) for n, t in enumerate(_TEXTS, 1)])
        found = [row.cells.get("customer") for row in self.port.read(self.ref, _LAYOUT).rows]
        changed = [f"{sent} → {got}" for sent, got in zip(_TEXTS, found, strict=False) if sent != got]
        return _mark(not changed and len(found) == len(_TEXTS)), ", ".join(changed)

    def _lookup(self) -> tuple[Mark, str]:
        rows = tuple(HqRow(f"R{n}", f"flag {n}") for n in range(1, len(_TEXTS) + 3))
        self.port.put_hq(self.ref, _LAYOUT, Hq(rows, (KpiLine("kpi", "1", "2", "", ""),), ("ask",)), "now")
        return self._flags()

    def _below(self) -> tuple[Mark, str]:
        """Rows appended beside a formula that spills: right under the last one, and the flag beside them."""
        more = len(_TEXTS) + 1
        self.port.append(self.ref, _LAYOUT, [Lead(f"R{n}", {"customer": "z"}) for n in (more, more + 1)])
        rows = [row.row for row in self.port.read(self.ref, _LAYOUT).rows]
        if rows != list(range(2, len(rows) + 2)):
            return "bad", str(rows[-3:])
        return self._flags()

    def _under_header(self) -> tuple[Mark, str]:
        where = {"sheetId": TAB_ID, "dimension": "ROWS", "startIndex": 1, "endIndex": 2}
        self._send({"insertDimension": {"range": where, "inheritFromBefore": False}})
        return self._flags()

    def _sorted(self) -> tuple[Mark, str]:
        self._sort("DESCENDING")
        rows = {row.key: row.cells.get("customer") for row in self.port.read(self.ref, _LAYOUT).rows}
        if any(rows.get(f"R{n}") != text for n, text in enumerate(_TEXTS, 1)):
            return "bad", str(rows)
        return self._flags()

    def _quiet(self) -> tuple[Mark, str]:
        """Whether a version stays while nothing happens: else every probe would cost a read."""
        self.wait(5)
        first = self._version()
        self.port.read(self.ref, _LAYOUT)
        self.wait(5)
        return _mark(self._version() == first), ""

    def _lag(self) -> tuple[Mark, str]:
        before = self._version()
        self.port.put_hq(self.ref, _LAYOUT, Hq((HqRow("R1", "lag"),)), "now")
        start = self.clock()
        while self._version() == before:
            if self.clock() - start > LAG_SECONDS:
                return "bad", f"> {LAG_SECONDS} s"
            self.wait(1)
        return "ok", f"{self.clock() - start:.0f} s"

    def _metadata(self) -> tuple[Mark, str]:
        """Whether metadata on a row moves along when it is sorted: not relied on, good to know."""
        place = {"dimensionRange": {"sheetId": TAB_ID, "dimension": "ROWS", "startIndex": 2, "endIndex": 3}}
        item = {"metadataKey": "danggol", "metadataValue": "row", "location": place, "visibility": "DOCUMENT"}
        try:
            self._send({"createDeveloperMetadata": {"developerMetadata": item}})
        except PortError as error:
            return "open", str(error)
        self._sort("ASCENDING")
        fields: dict[str, Any] = {"fields": "sheets.data.rowMetadata.developerMetadata(location)"}
        found = self.port.client.spreadsheets_get(self.ref, fields)
        return "ok", str(found)[:200]

    def _retry_after(self) -> tuple[Mark, str]:
        """Read faster than allowed until Google says no; last, as a minute's quota is gone then."""
        from requests import RequestException

        session, url = self.port.client.session, self.port.client.base_url or "https://sheets.googleapis.com"
        for n in range(1, _READS + 1):
            try:
                reply = session.get(f"{url}/v4/spreadsheets/{self.ref}?fields=spreadsheetId", timeout=30)
            except RequestException as error:
                return "open", type(error).__name__
            if reply.status_code == 429:
                return "ok", f"429 · {n} · Retry-After: {reply.headers.get('Retry-After', '–')}"
        return "open", f"{_READS} · 200"

    # -- with somebody -------------------------------------------------------------------------------------------------

    def _asked(self, id: str) -> tuple[Mark, str]:
        assert self.ask is not None
        before = self.port.read(self.ref, _LAYOUT).refresh if id == "checkbox" else ""
        said = self.ask(say(f"sync.live.do.{id}", account=self.port.email))
        if id == "checkbox":
            return _mark(said and self.port.read(self.ref, _LAYOUT).refresh != before), ""
        if id == "bin":
            return _mark(said and self.port.probe([self.ref]) == {}), ""
        return _mark(said), ""

    # -- parts ---------------------------------------------------------------------------------------------------------

    def _flags(self) -> tuple[Mark, str]:
        """Whether each row shows its own flag."""
        found = self.port.client.values_get(self.ref, quoted(_LAYOUT.tab)).get("values", [])
        at = {header: n for n, header in enumerate(found[0])}
        flag, key = (at[c.header] for c in (_LAYOUT.of("lookup")[0], _LAYOUT.of("key")[0]))
        wrong = [
            row[key] for row in found[1:]
            if len(row) > key and row[key] and (len(row) <= flag or row[flag] != f"flag {row[key][1:]}")
        ]  # fmt: skip
        return _mark(not wrong), ", ".join(wrong[:5])

    def _sort(self, order: str) -> None:
        column = [c.field for c in _LAYOUT.columns].index("customer")
        where = {"sheetId": TAB_ID, "startRowIndex": 1, "startColumnIndex": 0, "endColumnIndex": len(_LAYOUT.columns)}
        self._send({"sortRange": {"range": where, "sortSpecs": [{"dimensionIndex": column, "sortOrder": order}]}})

    def _version(self) -> str:
        return self.port.probe([self.ref]).get(self.ref, "")

    def _send(self, request: dict[str, Any]) -> None:
        with self.port.speaking(self.ref):  # a refusal as words, where a step looks at it itself
            self.port.client.batch_update(self.ref, {"requests": [request]})


def _mark(good: bool) -> Mark:
    return "ok" if good else "bad"
