"""Who the partners are: names in requests, spend and activities resolved against the partners table and the aliases."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg

if TYPE_CHECKING:
    import polars as pl

    from addin.actions.workspace import Workspace
    from addin.crm.dedupe import Duplicates
    from addin.crm.partners import Resolution, UnknownPartner

#: Other tables whose ``partner`` column names partners.
_NAMING: Final = ("spend", "activities", "defects")
UNKNOWN: Final = "unknown_partner"


@dataclass(slots=True)
class Resolved:
    """Frames whose partners are keys (``partner_key`` in requests and partners); ``duplicates`` are proposals only."""

    frames: dict[str, pl.DataFrame] = field(default_factory=dict)
    faults: list[PlacedFault] = field(default_factory=list)
    duplicates: tuple[Duplicates, ...] = ()

    @property
    def requests(self) -> pl.DataFrame | None:
        """The requests, partners resolved."""
        return self.frames.get("requests")


def resolve(workspace: Workspace) -> Resolved:
    """Resolve every table that names partners; worked out once per workspace."""
    if workspace.resolved is None:
        workspace.resolved = _resolve(workspace)
    return workspace.resolved


def _resolve(workspace: Workspace) -> Resolved:
    from addin.crm.partners import resolve_partners

    frames = {name: records.frame for name, records in workspace.records.items()}
    out = Resolved(dict(frames))
    partners, requests = frames.get("partners"), frames.get("requests")
    if requests is None and partners is None:
        return out
    done = resolve_partners(_empty() if requests is None else requests, partners, workspace.aliases)
    if requests is not None:
        out.frames["requests"] = done.requests
        out.faults += [_placed(workspace, fault) for fault in done.faults]
        out.faults += _unknown(workspace, done)
    if done.partners is not None:
        out.frames["partners"] = done.partners
    out.duplicates = done.duplicates
    for name in _NAMING:
        frame = frames.get(name)
        if frame is not None and "partner" in frame.columns:
            keyed = resolve_partners(frame, partners, workspace.aliases).requests
            out.frames[name] = keyed.with_columns(partner=keyed["partner_key"]).drop("partner_key")
    return out


def _empty() -> pl.DataFrame:
    import polars as pl

    return pl.DataFrame(schema={"partner": pl.String})


def _placed(workspace: Workspace, fault: PlacedFault) -> PlacedFault:
    """A fault of a request's partner, at the partner's column."""
    return PlacedFault(
        fault.sheet, fault.row, _column(workspace, fault.sheet, fault.row), fault.table, fault.field, fault.fault
    )


def _column(workspace: Workspace, sheet: str, row: int) -> int:
    match = workspace.mapping.table("requests")
    for region in match.regions if match else ():
        if region.sheet == sheet and region.header_last < row <= region.last_row:
            assert match is not None
            return match.column_in(region, "partner") or 0
    return 0


def _unknown(workspace: Workspace, done: Resolution) -> list[PlacedFault]:
    """Requests of partners the partners table doesn't have."""
    import polars as pl

    unknown = {one.name: _fault(one) for one in done.unknown}
    if not unknown:
        return []
    rows = done.requests.filter(pl.col("partner_key").is_in(list(unknown))).select("partner_key", "_sheet", "_row")
    return [
        PlacedFault(sheet, row, _column(workspace, sheet, row), "requests", "partner", unknown[key])
        for key, sheet, row in rows.iter_rows()
    ]


def _fault(one: UnknownPartner) -> Fault:
    fix = msg("fault.unknown_partner.near", near=one.suggestion) if one.suggestion else msg("fault.unknown_partner.fix")
    return Fault(UNKNOWN, one.name, msg("fault.unknown_partner.expected"), fix, suggestion=one.suggestion)
