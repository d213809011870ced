"""The door to partners' sheets: Google and a shared folder behind the same six methods.

A port moves cells and nothing else: it decides nothing, keeps no state between calls that a crash could lose, and
every method but `append` may be called again safely. A ``ref`` is a spreadsheet id, or a path below the shared folder.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from addin.errors import DanggolError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets_sync.layout import Layout
    from sheets_sync.model import Hq, Lead, PartnerSheet


class PortError(DanggolError):
    """A sheet could not be reached or written; the other partners go on.

    PortError
    ├── Gone            deleted, moved to the bin, or renamed away
    ├── NoAccess        not shared with us (any more), or read only
    ├── NotSignedIn     no usable credentials, expired, revoked
    ├── GridFull        the ten-million-cell limit, a full disk
    ├── Busy            open in another program, or a conflict copy stands beside it: later
    ├── Unavailable     the deadline passed: nothing is known to be wrong with the sheet
    └── OutcomeUnknown  a write was sent and no answer came: read again before sending it again
    """


class Gone(PortError):
    """Deleted, moved to the bin, or renamed away."""


class NoAccess(PortError):
    """Not shared with us (any more), or read only."""


class NotSignedIn(PortError):
    """No usable credentials: missing, expired, revoked."""


class GridFull(PortError):
    """The ten-million-cell limit, or a full disk."""


class Busy(PortError):
    """Open in another program, or a conflict copy stands beside it."""


class Unavailable(PortError):
    """The deadline passed: too many requests, a server down, no network."""


class OutcomeUnknown(PortError):
    """A write was sent and no answer came; only a fresh read tells whether it happened."""


class Port(Protocol):
    """What a sync needs of a place where partners' sheets live."""

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """The version of each sheet that is there, cheaply (one request for up to 1,000); gone ones are left out."""
        ...

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """The partner's tab, ``_hq`` and the checkbox in one request. Text stays text: "010…" keeps its zero."""
        ...

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Add rows under the partner's table. Raises `OutcomeUnknown` where it can't be told whether it happened."""
        ...

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """Write the whole ``_hq`` tab. Idempotent."""
        ...

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """Lay out a partner's sheet (tabs, headers, protection, dropdowns, instructions); the ref to keep.

        What is there already stays; a sheet that is laid out already is left as it is.
        """
        ...

    def check(self, ref: str, layout: Layout) -> None:
        """See whether the sheet can be read and written, without writing. Raises what would be wrong."""
        ...
