"""What to do first: the constraint, the partners in breach, the cells to mend, the questions; each with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin import i18n
from addin.actions.views.dashboard import Todo
from addin.actions.views.kpi import PartnerPlace, group_name, reason_text
from addin.actions.views.names import NAMES
from addin.crm import tables
from addin.crm.flags import FLAGS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from addin.actions.views.parts import Say
    from addin.crm.fault_groups import FaultGroup
    from addin.crm.funnel import Funnel
    from addin.crm.kpi_values import KpiValue
    from addin.crm.mapping import Question

#: Verdicts a manager can act on.
_ACT: Final = {"confirmed": "breach", "acquisition": "breach", "likely": "warn", "data_check": "warn"}
_PARTNERS, _FAULTS = 3, 2


def next_steps(
    say: Say,
    *,
    found: Funnel | None = None,
    values: Sequence[KpiValue] = (),
    groups: Sequence[FaultGroup] = (),
    questions: Sequence[Question] = (),
    places: Mapping[str, PartnerPlace] | None = None,
    names: Mapping[str, str] | None = None,
) -> list[Todo]:
    """The list, breaches before warnings: open questions first (they switch things off), then the constraint, then
    at most three partners and two kinds of faults."""
    tabs = names or NAMES[say.lang]
    out: list[Todo] = []
    if questions:
        out.append(Todo(say("view.next.questions", n=len(questions)), "breach", tabs["mapping"]))
    if found and found.constraint.verdict in _ACT:
        out.append(Todo(say(found.constraint.why), _ACT[found.constraint.verdict], tabs["funnel"]))
    out += _partners(say, values, places or {}, tabs["kpi"])
    out += [_fault(say, group) for group in groups if not group.fault.repair][:_FAULTS]
    return sorted(out, key=lambda todo: ("breach", "warn").index(todo.flag))


def _partners(say: Say, values: Sequence[KpiValue], places: Mapping[str, PartnerPlace], tab: str) -> list[Todo]:
    worst = [v for v in values if set(v.by) == {"partner"} and v.by["partner"] and v.flag in ("breach", "warn")]
    out: dict[str, Todo] = {}
    for value in sorted(worst, key=lambda v: FLAGS.index(v.flag)):
        name = group_name(value.by["partner"], say)
        place = places.get(name, PartnerPlace())
        text = say("view.next.partner", partner=name, reason=reason_text(value, say).partition(" ")[2])
        out.setdefault(name, Todo(text, value.flag, place.sheet or tab, place.cell or "A1"))
    return list(out.values())[:_PARTNERS]


def _fault(say: Say, group: FaultGroup) -> Todo:
    from addin.crm.grid import cell_address

    table = tables.table(group.table)
    field = table.field(group.field) if table else None
    column = (field.ko if say.lang == "ko" else field.en) if field else group.field
    what = f"fault.{group.fault.code}"
    words = say(what) if i18n.known(what, say.lang) else group.fault.code
    sheet, row, across = group.cells[0]
    text = say("view.next.fault", column=column, what=words, n=group.count)
    return Todo(text, "warn", sheet, cell_address(row, across or 1))
