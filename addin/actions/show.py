"""Results as text for a terminal, in the language of the messages."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from addin.actions.textual import number, percent, table
from addin.books.look import FLAG_SYMBOL
from addin.crm.grid import cell_address
from addin.crm.message import Message
from addin.i18n import language, say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.actions.adopt import Adopted
    from addin.actions.funnel import FunnelResult
    from addin.actions.history import Undone
    from addin.actions.kpi import KpiResult
    from addin.actions.refresh import Refreshed
    from addin.actions.tasks import TaskList
    from addin.books.edits import Edits
    from addin.crm.fault import PlacedFault
    from addin.crm.funnel import Funnel
    from addin.crm.kpi_values import KpiValue
    from addin.crm.records import Records

ROWS_SHOWN = 40
FAULTS_SHOWN = 60
TASKS_SHOWN = 60


def show_adopted(result: Adopted) -> str:
    """What was found: one line a table, its columns, the questions and what was left alone."""
    from addin.crm.tables import table as table_of

    out = []
    for match in result.mapping.tables:
        known = table_of(match.table)
        sheets = list(dict.fromkeys(region.sheet for region in match.regions))
        name = match.table if known is None else known.ko if language() == "ko" else known.en
        shown = ", ".join(sheets[:4]) + (" …" if len(sheets) > 4 else "")
        out.append(say("show.table", name=name, sheets=shown, rows=sum(len(r.rows) for r in match.regions)) + "\n")
        lines = []
        for field, column in match.columns.items():
            named = known.field(field) if known else None
            label = field if named is None else named.ko if language() == "ko" else named.en
            lines.append(
                [column.header, label, f"{column.confidence:.0%}", say(column.reason), ", ".join(column.examples[:2])]
            )
        heads = [say(f"show.h.{h}") for h in ("header", "field", "sure", "why", "examples")]
        out.append(table(heads, lines, right=[2]) + "\n")
    out += [say("show.skipped", sheet=s.sheet, reason=s.reason) + "\n" for s in result.mapping.skipped]
    if not result.mapping.tables and not result.mapping.questions:
        out.append(say("show.no_tables") + "\n")
    for question in result.mapping.questions:
        where = question.header or say("view.mapping.whole_list", row=question.header_row)
        out.append(say("show.question", sheet=question.sheet, header=where, reason=question.reason) + "\n")
    if result.run:
        out.append(say("show.wrote", book=str(result.book), tab=result.mapping_tab) + "\n")
    elif not result.edits:
        out.append(say("show.nothing_new", book=str(result.book)) + "\n")
    return "".join(out)


def show_plan(edits: Edits) -> str:
    """A plan as a list: what would be written where."""
    from addin.books.edits import Fill, Join, Mark, PutTab, RemoveSheet, Result, Width, Write

    writes: Counter[str] = Counter()
    lines = []
    results: list[str] = []
    for item in edits.items:
        match item:
            case Write():
                writes[item.sheet] += sum(len(row) for row in item.values)
            case PutTab():
                lines.append(say("plan.tab", tab=item.tab.name, cells=len(item.tab.cells)))
            case RemoveSheet():
                lines.append(say("plan.remove", tab=item.sheet))
            case Join():
                lines.append(
                    say("plan.join", cell=f"{item.sheet}!{cell_address(item.row, item.column)}", header=item.header)
                )
            case Result():
                results.append(f"{item.sheet}!{cell_address(item.row, item.column)}")
            case Fill() | Mark() | Width():
                pass
    lines = [say("plan.write", sheet=sheet, cells=cells) for sheet, cells in writes.items()] + lines
    if results:
        shown = ", ".join(results[:20]) + (" …" if len(results) > 20 else "")
        lines.append(say("plan.results", count=len(results), cells=shown))
    return "\n".join(lines or [say("plan.nothing")]) + "\n"


def show_rows(records: Records) -> str:
    """The first rows of a table."""
    from addin.crm.records import to_rows

    rows = to_rows(replace(records, frame=records.frame.head(ROWS_SHOWN)))
    names = list(rows[0]) if rows else list(records.fields)
    text = table(names, [["" if row[n] is None else str(row[n]) for n in names] for row in rows])
    more = records.frame.height - len(rows)
    return text + (say("show.more_rows", more=more) + "\n" if more > 0 else "")


def show_faults(faults: Sequence[PlacedFault]) -> str:
    """What is wrong, mending first, then what was read in spite of its form."""
    if not faults:
        return say("show.no_faults") + "\n"
    ordered = sorted(faults, key=lambda f: f.fault.repair)
    lines = [
        [
            f.sheet,
            cell_address(f.row, f.column) if f.column else str(f.row or ""),
            f.fault.value,
            say(f.fault.expected),
            say(f.fault.fix),
        ]
        for f in ordered[:FAULTS_SHOWN]
    ]
    heads = [say(f"show.h.{h}") for h in ("sheet", "cell", "value", "expected", "fix")]
    repairs = sum(f.fault.repair for f in faults)
    more = len(faults) - len(lines)
    tail = say("show.fault_counts", mend=len(faults) - repairs, repaired=repairs)
    return table(heads, lines) + "\n" + (say("show.more_rows", more=more) + "\n" if more else "") + tail + "\n"


def show_tasks(result: TaskList) -> str:
    """What to do next: today's, overdue, coming; what people put off or finished is only counted."""
    todo = result.open()
    if not todo:
        return say("show.tasks.none") + "\n"
    lines = [
        [
            task.due_text,
            say(f"task.{task.kind}"),
            task.owner or say("view.tasks.nobody"),
            task.partner or task.request,
            say(task.reason),
            f"{task.sheet}!{cell_address(task.row, task.column or 1)}" if task.sheet else "",
        ]
        for task in todo[:TASKS_SHOWN]
    ]
    heads = [say(f"view.tasks.h.{h}") for h in ("due", "kind", "owner", "partner", "reason", "cell")]
    more = len(todo) - len(lines)
    return table(heads, lines) + "\n" + (say("show.more_rows", more=more) + "\n" if more else "")


def show_funnel(result: FunnelResult) -> str:
    """The steps, the sentence about the constraint and the slowest step; one block a group."""
    if result.whole is not None:
        return _funnel(result.whole)
    out = []
    for group in result.groups:
        value = say("funnel.unassigned") if group.value is None else str(group.value)
        out.append(f"■ {result.by} = {value}\n{_funnel(group.funnel)}")
    return "\n".join(out)


def _funnel(found: Funnel) -> str:
    def name(label: str | Message | None) -> str:
        return say(label) if isinstance(label, Message) else label or ""

    rows = [[name(found.steps[0].label), number(found.steps[0].count), *[""] * 6]] if found.steps else []
    for step, move in zip(found.steps[1:], found.transitions, strict=True):
        interval = f"{move.ci95[0]:.0%}–{move.ci95[1]:.0%}" if move.ci95 else ""
        rows.append(
            [
                name(step.label), number(step.count), percent(move.rate), interval, number(move.lost),
                "" if move.lift is None else f"{1 + move.lift:.2f}×", percent(move.p_worst, 0),
                number(move.median_days, 1),
            ]
        )  # fmt: skip
    heads = [say(f"view.funnel.h.{h}") for h in ("step", "reached", "rate", "ci", "lost", "lift", "worst", "days")]
    text = table(heads, rows, right=range(1, 8)) + "\n" + say(found.constraint.why) + "\n"
    if found.slowest is not None:
        slow = found.slowest
        days = round(slow.median_days, 1)
        text += say("view.funnel.slowest", start=name(slow.start), end=name(slow.end), days=days) + "\n"
    return text + "".join(say(note) + "\n" for note in found.notes)


def show_kpis(result: KpiResult) -> str:
    """One line a value: KPI, group, value, n, flag, reason."""
    from addin.crm.catalogue import KPIS
    from addin.crm.kpi_values import UNASSIGNED

    rows = []
    for value in result.values:
        if value.off:
            continue
        group = " · ".join(
            say(v) if isinstance(v, Message) else v if v is not None else say(UNASSIGNED) for v in value.by.values()
        )
        kpi = KPIS[value.kpi]
        rows.append(
            [
                value.kpi,
                say(kpi.name),
                group,
                _value(value, kpi.unit),
                number(value.n),
                _flag(value.flag),
                say(value.reason),
            ]
        )
    heads = [say(f"show.h.{h}") for h in ("kpi", "name", "group", "value", "n", "flag", "why")]
    off = [v for v in result.values if v.off]
    text = table(heads, rows, right=[3, 4])
    if off:
        text += "\n" + "".join(f"– {say(value.reason)}\n" for value in off)
    if result.as_of:
        text += "\n" + say("view.as_of", day=result.as_of.isoformat()) + "\n"
    return text


def _value(value: KpiValue, unit: str) -> str:
    if value.value is None:
        return "–"
    if unit == "share":
        return percent(value.value)
    return number(value.value, 2 if unit in ("ratio", "hours", "points") else 0)


def _flag(flag: str) -> str:
    return f"{FLAG_SYMBOL[flag]} {say(f'view.flag.{flag}')}"


def show_refreshed(result: Refreshed) -> str:
    """What a refresh found, in a few lines."""
    lines = []
    if result.as_of:
        lines.append(say("view.as_of", day=result.as_of.isoformat()))
    if result.constraint:
        lines.append(result.constraint)
    order = ("breach", "warn", "ok", "small_sample", "no_data")
    flags = ", ".join(f"{_flag(f)} {result.partners[f]}" for f in order if f in result.partners)
    if flags:
        lines.append(say("show.partners", flags=flags))
    lines.append(say("show.fault_counts", mend=result.faults, repaired=result.repairs))
    if result.questions:
        lines.append(say("show.open_questions", count=len(result.questions)))
    if result.formulas_left:
        shown = ", ".join(result.formulas_left[:5]) + (" …" if len(result.formulas_left) > 5 else "")
        id = "show.formulas_off" if result.formulas_off else "show.formulas_left"
        lines.append(say(id, count=len(result.formulas_left), cells=shown))
    if unknown := result.unknown_functions:
        cells = [f"{one['cell']} {one['function']} → {one['near'] or '?'}" for one in unknown[:5]]
        shown = ", ".join(cells) + (" …" if len(unknown) > 5 else "")
        lines.append(say("show.unknown_functions", count=len(unknown), cells=shown))
    if result.run:
        lines.append(say("show.refreshed", book=str(result.book), run=result.run, tabs=", ".join(result.tabs)))
    else:
        lines.append(say("show.nothing_new", book=str(result.book)))
    return "\n".join(lines) + "\n"


def show_undone(result: Undone) -> str:
    """What was taken back, and what someone edited since and so stayed."""
    text = say("show.undone", run=result.undone) + "\n"
    if result.edited:
        text += (
            say("show.undo_edited", count=len(result.edited))
            + "\n"
            + "".join(f"  {cell}\n" for cell in result.edited[:50])
        )
    return text


def show_runs(runs: Sequence[dict[str, Any]]) -> str:
    """One line a run, newest first."""
    if not runs:
        return say("show.no_runs") + "\n"
    heads = [say(f"show.h.{h}") for h in ("run", "when", "action", "cells", "tabs", "undone_by")]
    runs = [{**r, "when": str(r["when"])[:16].replace("T", " ")} for r in runs]
    rows = [[str(r.get(k) or "") for k in ("run", "when", "action", "cells", "tabs", "undone_by")] for r in runs]
    return table(heads, rows, right=[3, 4])
