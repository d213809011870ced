"""Who the partners are: requests' names resolved against the partners table, unknown and doubtful ones as faults."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

    from addin.actions.views.check import SamePartner
    from addin.actions.workspace import Workspace
    from addin.crm.fault import PlacedFault


@dataclass(slots=True)
class Resolved:
    """Frames with ``partner_key`` where requests name partners; ``duplicates``: names that may be one partner."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    faults: list[PlacedFault] = field(default_factory=list)
    duplicates: list[SamePartner] = field(default_factory=list)

    @property
    def requests(self) -> pl.DataFrame | None:
        """The requests, partners resolved."""
        return self.frames.get("requests")
