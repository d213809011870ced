"""The alias tab: spellings that may be one partner, one a line; a person's yes merges them, nothing else does."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.answers import KEY_HEADER, key_text, read_rows
from addin.actions.views.parts import Say, header_row, new_tab, title
from addin.books.look import fit_heights
from addin.books.tab import Choices, Tab
from addin.crm.partners import circle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.crm.dedupe import Duplicates
    from addin.crm.grid import Grid

#: Column ids and widths, in order. ``answer`` belongs to people.
COLUMNS: Final = {"spelling": 30, "rows": 9, "master": 30, "answer": 24, "why": 60}
LABELS: Final = {name: f"view.aliases.h.{name}" for name in COLUMNS}
_AT = {name: i for i, name in enumerate(COLUMNS, 1)}
_KEY = len(COLUMNS) + 1
#: Answers that lead back to themselves.
CIRCLE: Final = "view.aliases.circle"
_YES: Final = frozenset(("예", "네", "맞음", "같음", "o", "y", "yes", "ok", "✓", "same"))
_NO: Final = frozenset(("아니오", "아니요", "다름", "x", "n", "no", "-", "different"))


@dataclass(slots=True)
class AliasAnswers:
    """What people answered: ``merged`` spelling → master, and every answer as typed by (spelling, proposed master).

    ``typed``: the cells of lines people added below; the tab drawn anew holds them as lines of its own.
    """

    merged: dict[str, str] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    typed: set[tuple[int, int]] = field(default_factory=set)


def alias_tab(
    duplicates: Sequence[Duplicates], say: Say, answers: AliasAnswers | None = None, names: dict[str, str] | None = None
) -> Tab:
    """The tab: answered lines first, as they were answered, then what is still proposed."""
    answers = answers or AliasAnswers()
    tab = new_tab("aliases", say, names)
    tab.taken = answers.typed
    head = title(tab, say("view.aliases.title"), (say("view.aliases.how"),))
    header_row(tab, head, COLUMNS, LABELS, say)
    tab.put(head, _KEY, KEY_HEADER, "key")
    tab.widths[_KEY] = 0
    row = head
    proposed = {
        (name.text, group.master): (name.rows, " · ".join(say(reason) for reason in group.reasons))
        for group in duplicates
        for name in group.names
        if name.text != group.master
    }
    lines = {key: proposed.get(key, (None, say("view.aliases.answered"))) for key in answers.texts} | proposed
    for (spelling, master), (rows, why) in lines.items():
        row += 1
        way = circle(spelling, answers.merged) if spelling in answers.merged else ()
        if way:
            why = say(CIRCLE, names=" → ".join((*way, way[0])))
        values = (spelling, rows, master, answers.texts.get((spelling, master)), why)
        tab.line(row, 1, values, ("strong", "number", "cell", "input", "wrap.warn" if way else "wrap"))
        tab.put(row, _KEY, key_text(spelling, master), "key")
    if row > head:
        rect = (head + 1, _AT["answer"], row, _AT["answer"])
        tab.people.append(rect)
        tab.choices.append(Choices(rect, (say("view.aliases.same"), say("view.aliases.different"))))
    tab.freeze = (head + 1, 2)
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def parse_alias_tab(grid: Grid) -> AliasAnswers:
    """The answers: 같음 merges a spelling into the master beside it, another name merges it into that one.

    A line a person adds below (spelling and answer) counts the same.
    """
    out = AliasAnswers()
    for line in read_rows(grid, LABELS, ("spelling", "answer")):
        spelling, master = line.key if len(line.key) == 2 else (line.text("spelling"), line.text("master"))
        text = line.text("answer")
        if not spelling or not text:
            continue
        out.texts[spelling, master] = text
        if not line.key:
            out.typed |= {(line.row, line.columns[name]) for name in ("spelling", "master", "answer")}
        word = "".join(unicodedata.normalize("NFKC", text).split()).casefold()
        if word in _NO:
            continue
        target = master if word in _YES else text
        if target and target != spelling:
            out.merged[spelling] = target
    return out
