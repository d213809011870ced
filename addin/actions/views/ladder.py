"""The ladder tab: who stands on which rung and why, what to do, and the yes or no of a person to a suspension."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.beside import Columns
from addin.actions.views.parts import Say, new_tab, section, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Link, Tab
from addin.crm.calendar import week_label, week_of_label
from addin.crm.catalogue import KPIS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from addin.actions.views.kpi import PartnerPlace
    from addin.crm.grid import CellValue, Grid
    from addin.crm.standings import Answers, Ladder, Standing

#: Column ids and widths, in order. ``approve``, ``who`` and ``memo`` belong to people.
COLUMNS: Final = {
    "subject": 20,
    "kpi": 18,
    "rung": 20,
    "value": 11,
    "n": 6,
    "window": 16,
    "since": 11,
    "why": 44,
    "todo": 36,
    "approve": 10,
    "who": 13,
    "memo": 24,
}
LABELS: Final = {name: f"view.ladder.h.{name}" for name in COLUMNS}
NOTES: Final = {name: f"view.ladder.note.{name}" for name in ("rung", "value", "since", "approve")}
#: What to do on each rung.
TODOS: Final = tuple(
    f"view.ladder.do.{name}"
    for name in ("none", "training", "ride_along", "suspension", "suspension_approved", "declined")
)
#: Where an answer is neither a yes nor a no.
UNREAD: Final = "view.ladder.unread"
SUBJECTS: Final = ("view.ladder.by.assignee", "view.ladder.by.partner")
YES_NO: Final = ("view.ladder.yes", "view.ladder.no")
#: Lines drawn at most; the rest are counted.
MOST: Final = 300
_LINES: Final = Columns(COLUMNS, LABELS, theirs=("approve", "who", "memo"), must=("rung", "approve"))
_AT: Final = _LINES.at
_FIRST: Final = 6  # the row of the first line: below the title, three lines under it and the header
_YES: Final = frozenset(("예", "네", "승인", "yes", "y", "ok", "o", "true", "✓", "v"))
_NO: Final = frozenset(("아니오", "아니요", "반려", "해제", "no", "n", "x", "false"))
_LOOK: Final = {"none": "ok", "training": "warn", "ride_along": "warn", "suspension": "breach"}

#: KPI, subject, and the week that proposed the suspension ("" where none was).
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Mark:
    """What a person wrote on a line, as typed, and the line as it was drawn then."""

    approve: CellValue = None
    who: CellValue = None
    memo: CellValue = None
    shown: Mapping[str, CellValue] = field(default_factory=dict)

    @property
    def answer(self) -> bool | None:
        """A person's yes or no; None where the cell is blank or says neither."""
        if isinstance(self.approve, bool):
            return self.approve
        word = "".join(str(self.approve or "").split()).casefold()
        return True if word in _YES else False if word in _NO else None


def answers_of(marks: Mapping[Key, Mark]) -> Answers:
    """The answers people gave, each for the suspension it is about."""
    found: Answers = {}
    for (kpi, subject, episode), mark in marks.items():
        week, answer = week_of_label(episode), mark.answer
        if week is not None and answer is not None:
            found.setdefault((kpi, subject), {})[week] = answer
    return found


def parse_ladder_tab(grid: Grid) -> dict[Key, Mark]:
    """What people wrote on each line, found again after sorting. A line nobody wrote on is left out."""
    out: dict[Key, Mark] = {}
    for (kpi, subject, episode), values, shown in _LINES.written(grid, parts=3):
        out.setdefault((kpi, subject, episode), Mark(**values, shown=shown))
    return out


def ladder_tab(
    ladder: Ladder,
    say: Say,
    marks: Mapping[Key, Mark] | None = None,
    places: Mapping[str, PartnerPlace] | None = None,
    names: dict[str, str] | None = None,
) -> Tab:
    """The tab: the highest rung first, then who came down lately, then answers whose time is over.

    An answer is for one suspension and stays with its line; a memo follows whom it is about.
    """
    tab = new_tab("ladder", say, names)
    rules = say("view.ladder.rules", week=week_label(ladder.last), again=ladder.rules.again, clean=ladder.rules.clean)
    under = (say("view.ladder.how"), rules, say(f"view.ladder.by.{ladder.by}"))
    head = title(tab, say("view.ladder.title"), under)
    _LINES.header(tab, head, say)
    for name, id in NOTES.items():
        tab.notes[head, _AT[name]] = say(id)
    left = dict(marks or {})
    row = head
    on, rest = _shown(ladder, left)
    for standing in on:
        row += 1
        _line(tab, row, ladder, standing, left, places or {}, say)
    if rest:
        row += 1
        tab.put(row, 1, say("view.ladder.more", n=rest), "subtitle")
    if not on:
        row += 1
        tab.put(row, 1, say("view.ladder.none"), "cell.ok")
        tab.merges.append((row, 1, row, _AT["todo"]))
    else:
        tab.filter = (head, 1, row, len(COLUMNS))
    down = [standing for standing in ladder.standings if not standing.on]
    if down:
        row = section(tab, row + 2, 1, len(COLUMNS), say("view.ladder.down", n=ladder.rules.clean)) - 1
        for standing in down:
            row += 1
            _line(tab, row, ladder, standing, left, places or {}, say)
    if left:
        row = section(tab, row + 2, 1, len(COLUMNS), say("view.ladder.past")) - 1
        for key, mark in left.items():
            row += 1
            _LINES.put_shown(tab, row, mark.shown, "pale_wrap")
            _theirs(tab, row, key, mark)
    tab.choices.append(Choices((head + 1, _AT["approve"], row, _AT["approve"]), tuple(say(id) for id in YES_NO)))
    tab.freeze = (head + 1, 2)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def rows_of(ladder: Ladder, marks: Mapping[Key, Mark] | None = None) -> dict[tuple[str, str], int]:
    """KPI and subject → the row of its line on the tab."""
    on, _ = _shown(ladder, marks or {})
    return {(standing.kpi, standing.subject): row for row, standing in enumerate(on, _FIRST)}


def _shown(ladder: Ladder, marks: Mapping[Key, Mark]) -> tuple[list[Standing], int]:
    """The standings on a rung that are drawn: the first ones, and all that people wrote on; and how many are not."""
    on = [standing for standing in ladder.standings if standing.on]
    written = {key[:2] for key in marks}
    later = [standing for standing in on[MOST:] if (standing.kpi, standing.subject) in written]
    return on[:MOST] + later, max(len(on) - MOST, 0) - len(later)


def _line(
    tab: Tab,
    row: int,
    ladder: Ladder,
    standing: Standing,
    left: dict[Key, Mark],
    places: Mapping[str, PartnerPlace],
    say: Say,
) -> None:
    state, value = standing.state, ladder.value(standing, standing.latest)
    place = places.get(standing.subject) if ladder.by == "partner" else None
    who = Link(standing.subject, place.sheet, place.cell) if place else standing.subject
    look = _LOOK[state.rung]
    tab.put(row, _AT["subject"], who, "link" if place else "strong")
    tab.put(row, _AT["kpi"], say(KPIS[standing.kpi].name), "wrap")
    tab.put(row, _AT["rung"], say(state.name), f"wrap.{look}")
    tab.put(row, _AT["value"], value.value, f"percent.{value.flag}")
    tab.put(row, _AT["n"], value.n, "number")
    if value.window:
        first, last = value.window
        span = say("view.ladder.window", first=first.isoformat(), last=last.isoformat(), n=standing.latest.weeks)
        tab.put(row, _AT["window"], span, "wrap")
    since = state.since if state.since is not None else standing.fell
    tab.put(row, _AT["since"], week_label(since) if since is not None else None, "center")
    tab.put(row, _AT["why"], _why(ladder, standing, say), "wrap")
    mark = _taken(left, key_of(standing))
    do = "declined" if state.declined else "suspension_approved" if state.approved else state.rung
    unread = standing.episode and mark.approve is not None and mark.answer is None
    todo = say(UNREAD, value=str(mark.approve)) if unread else say(f"view.ladder.do.{do}")
    tab.put(row, _AT["todo"], todo, "wrap.warn" if unread else "wrap")
    _theirs(tab, row, key_of(standing), mark, asked=bool(standing.episode))


def key_of(standing: Standing) -> Key:
    """The line's key: an answer belongs to one proposed suspension."""
    return standing.kpi, standing.subject, standing.episode


def _why(ladder: Ladder, standing: Standing, say: Say) -> str:
    cause = standing.cause
    if standing.fell is not None:
        return say(
            "view.ladder.fell",
            week=week_label(standing.fell),
            before=say(standing.before.name),
            n=ladder.rules.clean,
            why=ladder.value(standing, cause).reason,
        )
    led = say("view.ladder.why", week=week_label(cause.week), why=ladder.value(standing, cause).reason)
    if ladder.value(standing, standing.latest).flag != "ok":
        return led
    return say("view.ladder.fine", n=ladder.rules.clean) + "\n" + led


def _taken(left: dict[Key, Mark], key: Key) -> Mark:
    """What stands on the line: its own answer, and the memo that follows the person; taken out of what is left."""
    mark = left.pop(key, Mark())
    if mark.memo is not None:
        return mark
    for other, theirs in reversed(list(left.items())):
        if other[:2] == key[:2] and theirs.memo is not None:
            if theirs.approve is None and theirs.who is None:
                del left[other]
            else:
                left[other] = Mark(theirs.approve, theirs.who, None, theirs.shown)
            return Mark(mark.approve, mark.who, theirs.memo, mark.shown)
    return mark


def _theirs(tab: Tab, row: int, key: Key, mark: Mark, *, asked: bool = False) -> None:
    """The people's own cells; where an answer is asked for it looks like it."""
    _LINES.put_theirs(tab, row, key, mark, None if asked else {"approve": "cell", "who": "cell"})
