"""What flows through a sync: a partner's sheet as read, the master's rows, what was last agreed, and the plan.

    partner's sheet ─ port.read ─→ PartnerSheet ─┐
    master workbook ─ choke ─────→ [MasterRow] ──┼─ merge.plan ─→ Plan ─ port.append, port.put_hq, master Edits
    ledger ────────────────────→ Base ───────────┘

Every cell has one writer (architecture rule 2): the partner's own columns are only read; danggol appends leads to the
partner's tab and owns its ``_hq`` tab, and in the master its own appended columns.
Values are as a sheet holds them: text, number, True/False, None for blank; dates as ISO text. Keys are request ids.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

#: What a cell of a partner's sheet may hold.
Cell = str | float | bool | None

#: The column of the partner's tab that holds a row's key: hidden, protected, written once.
KEY = "key"
#: No cells. (Of rows there are hundreds of thousands: they are tuples, which are made in a third of the time.)
_NONE: Final[Mapping[str, Cell]] = {}


class PartnerRow(NamedTuple):
    """One row of a partner's tab. ``row`` is where it stood when read: for words to people, never for writing."""

    row: int
    key: str
    cells: Mapping[str, Cell]


class HqRow(NamedTuple):
    """What head office shows beside one of the partner's rows: flag, ask, and its own value where both mean a field."""

    key: str
    flag: str = ""
    ask: str = ""


@dataclass(frozen=True, slots=True)
class KpiLine:
    """One KPI as the partner sees it, in words: name, value, target, flag, over which days."""

    name: str
    value: str
    target: str
    flag: str
    window: str


@dataclass(frozen=True, slots=True)
class Hq:
    """The whole content of a partner's ``_hq`` tab but for the time of the last sync: written in one idempotent go."""

    rows: tuple[HqRow, ...] = ()
    kpis: tuple[KpiLine, ...] = ()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PartnerSheet:
    """A partner's sheet, read in one request.

    ``header``    field ids of the partner's tab in order, "" for a column that is none of ours.
    ``sentinel``  what stands in the sentinel cell; anything but `layout.SENTINEL` means the sheet isn't what it was.
    ``refresh``   the refresh checkbox, and the stamp beside it, as one text: any change of it is a request.
    ``version``   the version probed *before* this read.
    """

    header: tuple[str, ...]
    rows: tuple[PartnerRow, ...]
    hq: Hq
    sentinel: str
    refresh: str = ""
    version: str = ""


class MasterRow(NamedTuple):
    """One of a partner's requests in the master, already through the choke point (`sheets_sync.choke`).

    ``given``  what the partner is shown of it when it is appended, by field.
    ``filled`` what danggol's own columns of the master hold of what the partner filled in, by field.
    ``own``    head office's own value of a field the partner fills in too (shown to the partner as an ask).
    """

    key: str
    given: Mapping[str, Cell]
    filled: Mapping[str, Cell] = _NONE
    own: Mapping[str, Cell] = _NONE
    flag: str = ""
    ask: str = ""


class Agreed(NamedTuple):
    """What was last seen of one key: the partner's cells then; ``deleted`` once the partner took the row away.

    ``replaced``: what stood in danggol's column of the master where a fill was planned; after a crash nobody knows
    whether it still stands there, and both are ours. So a plan's base may be stored before anything is written, all
    but ``Base.refresh``, which is stored once the request was served.
    """

    cells: Mapping[str, Cell]
    deleted: bool = False
    replaced: Mapping[str, Cell] = _NONE


@dataclass(frozen=True, slots=True)
class Base:
    """One partner's last agreed state, from the ledger. ``header`` () = never synced, or the ledger was lost.

    ``issued``: keys of pre-keyed rows ever given to this partner, noted before they were appended.
    """

    header: tuple[str, ...] = ()
    keys: Mapping[str, Agreed] = field(default_factory=dict)
    issued: frozenset[str] = frozenset()
    refresh: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A row to be appended to the partner's tab; ``key`` alone (no cells) is a pre-keyed row to be filled in."""

    key: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class Fill:
    """What a partner filled in, for danggol's own column of one field in the master's row of that key."""

    key: str
    field: str
    value: Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """A new row a partner typed into a pre-keyed row: for danggol's list of new entries in the master."""

    key: str
    cells: Mapping[str, Cell]


#: no_key: a row typed without a number · duplicate_key · unknown_key: a number nobody gave · deleted by the partner ·
#: left_master: head office has the row no longer · both: each side has its own value · edited_master: someone typed
#: over what stood in danggol's column of the master · bad_value: taken as typed, but not what the field expects.
KINDS = (
    "no_key", "duplicate_key", "unknown_key", "deleted", "left_master", "both", "edited_master", "bad_value",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """Something a person has to look at; both values stand here, nothing was overwritten.

    ``kind``: one of `KINDS`.
    ``row`` is the row in the partner's tab when read, 0 where there is none.
    """

    kind: str
    key: str
    field: str = ""
    partner: Cell = None
    master: Cell = None
    row: int = 0


#: sentinel, header: the sheet isn't laid out any more · rows_gone, all_changed · mixed: numbers beside other requests'
#: data, as after sorting all but the hidden column.
BRAKES = ("sentinel", "header", "rows_gone", "all_changed", "mixed")


@dataclass(frozen=True, slots=True)
class Brake:
    """Why nothing at all is written for this partner: a kind of `BRAKES`. Exit code 4."""

    kind: str
    count: int = 0
    of: int = 0
    what: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """One partner's operations. With a ``brake`` the others are empty and ``base`` is the old one."""

    base: Base
    leads: tuple[Lead, ...] = ()
    hq: Hq | None = None  # None: what stands there is right already
    fills: tuple[Fill, ...] = ()
    entries: tuple[Entry, ...] = ()
    reviews: tuple[Review, ...] = ()
    requested: bool = False  # the checkbox or its stamp changed
    brake: Brake | None = None

    @property
    def idle(self) -> bool:
        """Whether nothing is to be written anywhere."""
        return not (self.leads or self.hq is not None or self.fills or self.entries)
