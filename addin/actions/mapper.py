"""A book's mapping: proposed from its sheets, with what people said in the tab, on the command line, last month."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from addin.actions.memory import recall
from addin.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.actions.ours import Ours
    from addin.actions.views.mapping import MappingAnswers
    from addin.books.read import Snapshot
    from addin.crm.fault import PlacedFault
    from addin.crm.mapping import Mapping


@dataclass(slots=True)
class Mapped:
    """The mapping, what people wrote in the mapping tab, and what of it could not be understood."""

    mapping: Mapping
    answers: MappingAnswers | None = None
    faults: list[PlacedFault] = field(default_factory=list)


def map_book(snapshot: Snapshot, ours: Ours, maps: Sequence[str], as_requests: str = "") -> Mapped:
    """Map one snapshot; ``ours.regions`` is filled in. `UsageError` for a ``--map`` that names nothing.

    ``as_requests`` names a sheet whose list is to be read as requests whatever its headers.
    """
    from addin.actions.maps import parse_map
    from addin.actions.views.mapping import parse_mapping_tab
    from addin.crm.corrections import AsRequests
    from addin.crm.headers import UnknownHeader, propose

    arguments = [parse_map(text) for text in maps]
    answers = None
    tab = snapshot.grid(ours.tabs["mapping"]) if "mapping" in ours.tabs else None
    if tab is not None:
        answers = parse_mapping_tab(tab)
    forced = [AsRequests(as_requests)] if as_requests else []
    try:
        mapping = propose(
            snapshot.sheets,
            corrections=[*(answers.corrections if answers else ()), *forced],
            arguments=arguments,
            remembered=recall() if tab is None else {},  # an adopted book has its own answers
            ignore_sheets=_own_sheets(ours),
            ignore_columns=ours.cells(),
        )
    except UnknownHeader as problem:
        raise UsageError(problem.message.id, **problem.message.params) from problem  # type: ignore[arg-type]
    ours.regions = tuple(region for match in mapping.tables for region in match.regions)
    return Mapped(mapping, answers, list(answers.faults) if answers else [])


def _own_sheets(ours: Ours) -> frozenset[str]:
    """Our tabs, but for those that hold a .csv's rows: these are a team's data."""
    return frozenset(name for key, name in ours.tabs.items() if not key.startswith("csv_"))
