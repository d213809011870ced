"""What a team calls its columns, and the steps of its own funnel: the same for a workbook and for a range of cells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.funnel_steps import FUNNELS, StepError, StepSpec, bind_funnel, parse_steps, shipped_name, steps_of
from addin.crm.message import msg
from addin.crm.tables import table as table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.crm.mapping import TableMatch
    from addin.crm.records import Records
    from addin.crm.settings import Settings


def column_names(match: TableMatch, records: Records) -> dict[str, str]:
    """What a person may call a column of a table → the frame's column: field ids, their names, the sheet's headers."""
    known = table_of(match.table)
    if known is None:
        return {}
    names = {id: id for id in records.fields}
    for header in records.extra:
        names.setdefault(header, header)
    for region in match.regions:
        at = [(id, match.column_in(region, id)) for id in records.fields]
        for head in region.headers:
            for id in [id for id, column in at if column == head.column]:
                names.setdefault(head.text, id)
                names.setdefault(head.text.rpartition(" › ")[2], id)
    for id in records.fields:
        found = known.field(id)
        if found is not None:
            names.setdefault(found.ko, id)
            names.setdefault(found.en, id)
    return names


def steps_told(
    texts: Sequence[str], records: Records, names: Mapping[str, str], settings: Settings
) -> tuple[StepSpec, ...]:
    """The steps of ``texts`` (one name of a shipped funnel, or ``LABEL=FIELD[=V1|V2]`` each), else by the columns.

    ``names`` as `column_names` gives them. `StepError` where a text can't be understood.
    """
    shipped = shipped_name(texts)
    if shipped in FUNNELS:
        specs = bind_funnel(shipped, records.frame.columns)
        if len(specs) < 2:
            raise StepError(msg("funnel.error.too_few", count=len(specs)))
        return specs
    return parse_steps(texts, names) if texts else steps_of(records.frame, settings)
