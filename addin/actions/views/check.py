"""The check tab: what is wrong in the cells and how to mend it; like faults stand together with examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin import i18n
from addin.actions.views.names import NAMES
from addin.actions.views.parts import Say, clip, header_row, new_tab, section, title
from addin.books.look import BAR_ORANGE, fit_heights
from addin.books.tab import Bars, Link, Tab
from addin.crm import tables
from addin.crm.grid import cell_address

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.dedupe import Duplicates
    from addin.crm.fault_groups import FaultGroup
    from addin.crm.mapping import Question

COLUMNS: Final = {
    "kind": 12,
    "table": 11,
    "field": 13,
    "what": 19,
    "value": 19,
    "count": 7,
    "expected": 24,
    "fix": 38,
    "suggestion": 14,
    "cell1": 14,
    "cell2": 14,
    "cell3": 14,
}
LABELS: Final = {name: f"view.check.h.{name}" for name in COLUMNS}
KIND_IDS: Final = ("view.check.kind.mend", "view.check.kind.repair")
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}


def check_tab(
    groups: Sequence[FaultGroup],
    say: Say,
    *,
    duplicates: Sequence[Duplicates] = (),
    questions: Sequence[Question] = (),
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: what must be mended (most cells first), what was read in spite of its form, proposals, questions."""
    tab = new_tab("check", say, names)
    ordered = sorted(groups, key=lambda g: (g.fault.repair, -g.count, g.table, g.field, g.fault.code))
    mend = sum(g.count for g in ordered if not g.fault.repair)
    repaired = sum(g.count for g in ordered if g.fault.repair)
    counts = say("view.check.counts", mend=mend, repaired=repaired, same=len(duplicates), questions=len(questions))
    row = title(tab, say("view.check.title"), (say("view.check.how"), counts))
    header_row(tab, row, COLUMNS, LABELS, say)
    tab.heights[row] = 34
    head = row
    for group in ordered:
        row += 1
        _group(tab, row, group, say)
    if ordered:
        tab.bars.append(Bars((head + 1, _AT["count"], row, _AT["count"]), BAR_ORANGE))
        tab.filter = (head, 1, row, len(COLUMNS))
    else:
        row += 1
        tab.put(row, 1, say("view.check.clean"), "cell.ok")
        tab.merges.append((row, 1, row, len(COLUMNS)))
        for column in range(2, len(COLUMNS) + 1):
            tab.put(row, column, None, "cell.ok")
    if duplicates:
        row = _duplicates(tab, row + 2, duplicates, say)
    if questions:
        _questions(tab, row + 2, questions, say, (names or dict(NAMES[say.lang]))["mapping"])
    tab.freeze = (head + 1, _AT["what"])
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def _group(tab: Tab, row: int, group: FaultGroup, say: Say) -> None:
    fault = group.fault
    table = tables.table(group.table)
    found = table.field(group.field) if table else None
    ko = say.lang == "ko"
    kind = "repair" if fault.repair else "mend"
    tab.put(row, _AT["kind"], say(f"view.check.kind.{kind}"), "cell.ok" if fault.repair else "cell.breach")
    tab.put(row, _AT["table"], ((table.ko if ko else table.en) if table else group.table) or None, "cell")
    tab.put(row, _AT["field"], ((found.ko if ko else found.en) if found else group.field) or None, "wrap")
    what = f"fault.{fault.code}"
    tab.put(row, _AT["what"], say(what) if i18n.known(what, say.lang) else fault.code, "wrap")
    tab.put(row, _AT["value"], clip(fault.value, 80) or say("view.check.blank"), "wrap")
    tab.put(row, _AT["count"], group.count, "number")
    tab.put(row, _AT["expected"], say(fault.expected), "wrap")
    tab.put(row, _AT["fix"], say(fault.fix), "wrap")
    tab.put(row, _AT["suggestion"], clip(fault.suggestion, 80) if fault.suggestion else None, "wrap")
    for i in range(3):
        column = _AT["cell1"] + i
        if i < len(group.cells):
            sheet, at, across = group.cells[i]
            address = cell_address(at, across or 1)
            tab.put(row, column, Link(f"{sheet}!{address}", sheet, address), "link_small")
        else:
            tab.put(row, column, None, "cell")


def _duplicates(tab: Tab, row: int, duplicates: Sequence[Duplicates], say: Say) -> int:
    row = section(tab, row, 1, _AT["fix"], say("view.check.same"))
    tab.put(row, 1, say("view.check.same_how"), "subtitle")
    for same in duplicates:
        row += 1
        tab.put(row, 1, " = ".join(name.text for name in same.names), "strong")
        tab.put(row, _AT["count"], len(same.names), "number")
        tab.put(row, _AT["expected"], say("view.check.keep", name=same.master), "wrap")
        tab.put(row, _AT["fix"], "\n".join(say(reason) for reason in same.reasons), "wrap")
        tab.merges.append((row, 1, row, _AT["value"]))
    return row


def _questions(tab: Tab, row: int, questions: Sequence[Question], say: Say, mapping: str) -> None:
    row = section(tab, row, 1, _AT["fix"], say("view.check.questions"))
    for question in questions:
        what = question.header or say("view.mapping.whole_list", row=question.header_row)
        tab.put(row, 1, Link(f"{question.sheet} · {what}", mapping, "A1"), "link")
        tab.put(row, _AT["expected"], say(question.reason), "wrap")
        tab.merges += [(row, 1, row, _AT["count"]), (row, _AT["expected"], row, _AT["fix"])]
        row += 1
