"""The dashboard's content: the last four closed weeks against those before, partners worst first, what to do next."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from addin.crm.message import msg

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.actions.results import Results
    from addin.actions.tasks import TaskList
    from addin.actions.views.dashboard import Card, Dashboard, PartnerLine, Todo
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.parts import Say
    from addin.actions.workspace import Workspace
    from addin.books.tab import Chart
    from addin.crm.fault_groups import FaultGroup
    from addin.crm.kpi_values import KpiValue

WEEKS: Final = 4  # what the big numbers look back on
KINDS: Final = 3  # of tasks that one line names
_LABEL: Final = 15  # how wide the word before substitutes is
TASK_IDS: Final = ("overview.todo.today", "overview.todo.late")


def dashboard_of(
    workspace: Workspace,
    results: Results,
    groups: Sequence[FaultGroup],
    places: Mapping[str, PartnerPlace],
    chart: Chart | None,
    say: Say,
    names: dict[str, str],
    todo: TaskList,
) -> Dashboard:
    """Everything on the page."""
    from addin.actions.views.dashboard import Dashboard
    from addin.actions.views.funnel import slowest_text

    as_of = results.as_of
    assert as_of is not None
    window, cards = _cards(results, say)
    why = results.funnel.constraint.why if results.funnel else msg("overview.no_funnel")
    aside = slowest_text(say, results.funnel.slowest) if results.funnel else ""
    if chart is not None:
        chart = replace(chart, sheet=names["funnel"])
    return Dashboard(
        as_of=as_of,
        window=window,
        why=why,
        aside=aside,
        cards=cards,
        partners=_partners(results, places, window, say),
        todos=_todos(workspace, results, groups, places, names, say, todo),
        chart=chart,
    )


def _cards(results: Results, say: Say) -> tuple[tuple[dt.date, dt.date] | None, list[Card]]:
    from addin.actions.views.dashboard import Card
    from addin.crm.calendar import date_of, last_closed_week, week_bounds

    measures = results.measures
    last = last_closed_week(measures.as_of)
    bounds = [(week_bounds(last - WEEKS + 1 - back)[0], week_bounds(last - back)[1]) for back in (0, WEEKS)]
    window, earlier = ((date_of(first), date_of(final)) for first, final in bounds)
    now, before = measures.totals(*window), measures.totals(*earlier)
    cards = []
    for name, key, unit in (("requests", "intakes", "count"), ("won", "won", "count"), ("revenue", "net", "money")):
        cards.append(Card(name, now.get(key), unit, _against(now.get(key), before.get(key), say)))
    for name, id in (("response", "RESP_10M"), ("same_day", "SAMEDAY")):
        found = measures.compute([id], start=window[0], end=window[1], whole=True)
        value = next((v for v in found if not v.by), None)
        if value is not None and value.value is not None:
            target = (
                "" if value.target is None else say("overview.target", target=f"{float(value.target):.0%}", n=value.n)
            )
            cards.append(Card(name, value.value, "share", target, value.flag))
        else:
            cards.append(Card(name, None, "share", say("overview.no_column")))
    return window, cards


def _against(now: float | None, before: float | None, say: Say) -> str:
    if now is None or not before:
        return say("overview.no_before", weeks=WEEKS)
    return say("overview.against", weeks=WEEKS, change=f"{(now - before) / before:+.0%}")


def _partners(
    results: Results, places: Mapping[str, PartnerPlace], window: tuple[dt.date, dt.date] | None, say: Say
) -> list[PartnerLine]:
    """All of them, the worst first; why only of those the page shows."""
    from addin.actions.views.dashboard import PARTNERS_SHOWN, REASON_WIDTH, PartnerLine
    from addin.actions.views.kpi import PartnerPlace
    from addin.actions.views.parts import fitting
    from addin.crm.flags import FLAGS

    counts = results.measures.by_partner(*window) if window else {}
    shares = {v.by["partner"]: v.value for v in results.values if v.kpi == "DEPENDENCY" and set(v.by) == {"partner"}}
    worst = sorted(
        results.partner_flags.items(), key=lambda one: (FLAGS.index(one[1].flag), -(shares.get(one[0]) or 0.0), one[0])
    )
    lines = []
    for n, (name, found) in enumerate(worst):
        place, count, loud = places.get(name, PartnerPlace()), counts.get(name, {}), found.flag in ("breach", "warn")
        reasons = found.reasons[:2] if loud and n < PARTNERS_SHOWN else ()
        lines.append(
            PartnerLine(
                name,
                found.flag,
                shares.get(name),
                int(count.get("intakes", 0)),
                int(count.get("won", 0)),
                fitting([say(reason) for reason in reasons], REASON_WIDTH),
                place.sheet,
                place.cell,
            )
        )
    return lines


def _todos(
    workspace: Workspace,
    results: Results,
    groups: Sequence[FaultGroup],
    places: Mapping[str, PartnerPlace],
    names: dict[str, str],
    say: Say,
    todo: TaskList,
) -> list[Todo]:
    """What to do next: questions, suspensions to approve, today's tasks and overdue ones, partners in breach, what is
    wrong in the data, duplicates."""
    from addin.actions.views.dashboard import TODO_WIDTH, Todo
    from addin.actions.views.parts import fitting
    from addin.books.look import text_width
    from addin.crm.grid import cell_address

    out: list[Todo] = []
    questions = workspace.mapping.questions
    if questions:
        out.append(Todo(say("overview.todo.questions", count=len(questions)), "warn", names["mapping"]))
    standings = results.ladder.standings if results.ladder else ()
    waiting = [s for s in standings if s.state.rung == "suspension" and not s.state.approved]
    if waiting:
        out.append(Todo(say("overview.todo.approve", count=len(waiting)), "breach", names["ladder"]))
    out += _tasks(todo, names, say)
    breaches = [v for v in results.values if v.flag == "breach" and v.by and "partner" in v.by]
    breaches.sort(key=lambda v: v.kpi != "DEPENDENCY")  # one partner's hold on the whole comes before its own numbers
    for value in _one_each(breaches)[:2]:
        partner = value.by["partner"]
        place = places.get(str(partner))
        text = say("overview.todo.partner", partner=str(partner), reason=value.reason)
        if value.detail:
            names_fit = fitting(value.detail, TODO_WIDTH - text_width(text) - _LABEL, ", ")
            text += say("overview.todo.instead", names=names_fit)
        out.append(
            Todo(text, "breach", place.sheet if place and place.sheet else names["kpi"], place.cell if place else "A1")
        )
    for group in [g for g in groups if not g.fault.repair][:2]:
        sheet, row, column = group.cells[0]
        what = msg(f"fault.{group.fault.code}")
        text = say("overview.todo.fault", count=group.count, what=what, fix=group.fault.fix)
        if text_width(text) > TODO_WIDTH:
            text = say("overview.todo.fault_only", count=group.count, what=what)
        out.append(Todo(text, "warn", sheet, cell_address(row, column or 1)))
    if results.resolved.duplicates:
        out.append(Todo(say("overview.todo.same", count=len(results.resolved.duplicates)), "warn", names["check"]))
    return out


def _tasks(todo: TaskList, names: dict[str, str], say: Say) -> list[Todo]:
    """Today's tasks and the overdue ones, each as one line with the kinds there are most of."""
    from addin.actions.views.dashboard import Todo
    from addin.crm.calendar import day_of

    if todo.as_of is None:
        return []
    today, out = day_of(todo.as_of), []
    for name, flag, found in (
        ("today", "warn", [task for task in todo.open() if task.due_day == today]),
        ("late", "breach", [task for task in todo.open() if task.due_day < today]),
    ):
        kinds = Counter(task.kind for task in found)
        told = ", ".join(f"{say(f'task.{kind}')} {count:,}" for kind, count in kinds.most_common(KINDS))
        if found:
            more = say("overview.todo.and_more") if len(kinds) > KINDS else ""
            text = say(f"overview.todo.{name}", count=len(found), kinds=told + more)
            out.append(Todo(text, flag, names["tasks"]))
    return out


def _one_each(values: Sequence[KpiValue]) -> list[KpiValue]:
    """The first breach of each partner."""
    seen: dict[object, KpiValue] = {}
    for value in values:
        seen.setdefault(value.by["partner"], value)
    return list(seen.values())
