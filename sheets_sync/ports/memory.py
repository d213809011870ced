"""Partners' sheets in memory: the port of tests and of dry demonstrations, with what partners do and what goes wrong.

Faults are a script: before each request one word is taken from it. ``before``: it fails and nothing happened;
``after``: it happened, but the answer is lost; ``crash_before``/``crash_after``: the process dies there.
Partner operations wait in ``pending``; one lands before each request, as on the real service.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from sheets_sync.layout import SENTINEL
from sheets_sync.model import Hq, PartnerRow, PartnerSheet
from sheets_sync.ports.base import Gone, OutcomeUnknown, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sheets_sync.layout import Layout
    from sheets_sync.model import Cell, Lead

_T = TypeVar("_T")


class Crash(BaseException):
    """The process died here. No handler of ours may catch it."""


@dataclass(slots=True)
class MemorySheet:
    """One partner's sheet. ``rows``: cells by field, the key among them as ``key``."""

    header: list[str]
    rows: list[dict[str, Cell]] = field(default_factory=list)
    hq: Hq = field(default_factory=Hq)
    sentinel: str = SENTINEL
    refresh: str = ""
    synced_at: str = ""
    version: int = 1


class MemoryPort:
    """A `Port` over `MemorySheet`s, by ref. ``calls`` counts requests by method."""

    def __init__(self) -> None:
        self.sheets: dict[str, MemorySheet] = {}
        self.faults: list[str] = []
        self.pending: list[Callable[[MemoryPort], None]] = []
        self.calls: dict[str, int] = {}

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Versions of the sheets that are there."""
        return self._request("probe", lambda: {r: str(self.sheets[r].version) for r in refs if r in self.sheets})

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """A copy of the sheet as it stands."""
        del layout

        def copied() -> PartnerSheet:
            sheet = self._sheet(ref)
            rows = [
                PartnerRow(i, str(row.get("key") or ""), {f: c for f, c in row.items() if f != "key"})
                for i, row in enumerate(sheet.rows, 2)
            ]
            return PartnerSheet(
                tuple(sheet.header), tuple(rows), sheet.hq, sheet.sentinel, sheet.refresh, str(sheet.version)
            )

        return self._request("read", copied)

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Rows at the end; only the cells a lead has."""
        del layout

        def add() -> None:
            sheet = self._sheet(ref)
            sheet.rows += [{"key": lead.key, **lead.cells} for lead in leads]
            sheet.version += 1

        self._request("append", add, unknown=True)

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """The whole ``_hq`` tab."""
        del layout

        def put() -> None:
            sheet = self._sheet(ref)
            sheet.hq, sheet.synced_at = hq, synced_at
            sheet.version += 1

        self._request("put_hq", put)

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """A sheet with the layout's columns; one that is there stays as it is."""
        ref = ref or title
        self._request(
            "prepare", lambda: self.sheets.setdefault(ref, MemorySheet([c.field for c in layout.columns])) and None
        )
        return ref

    def check(self, ref: str, layout: Layout) -> None:
        """Raises `Gone` where there is no such sheet."""
        del layout
        self._request("check", lambda: self._sheet(ref) and None)

    def _sheet(self, ref: str) -> MemorySheet:
        if ref not in self.sheets:
            raise Gone("sync.gone", where=ref, value=ref)
        return self.sheets[ref]

    def _request(self, name: str, act: Callable[[], _T], *, unknown: bool = False) -> _T:
        self.calls[name] = self.calls.get(name, 0) + 1
        if self.pending:
            self.pending.pop(0)(self)
        fault = self.faults.pop(0) if self.faults else ""
        if fault == "crash_before":
            raise Crash
        if fault == "before":
            raise Unavailable("sync.unavailable", where=name)
        done = act()
        if fault == "crash_after":
            raise Crash
        if fault == "after":
            raise (
                OutcomeUnknown("sync.outcome_unknown", where=name)
                if unknown
                else Unavailable("sync.unavailable", where=name)
            )
        return done
