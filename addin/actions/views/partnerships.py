"""The tab of partnerships: the seven stages and what holds them back, who waits, who to try next, who represents."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from addin.actions.views.funnel import VERDICT_FLAG, spoken
from addin.actions.views.partnership_blocks import (
    APPROVAL_HEADS,
    DEMO_HEADS,
    approvals_block,
    demos_block,
    heads,
    named,
)
from addin.actions.views.parts import Say, clip, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, BAR_GREY, fit_heights
from addin.books.tab import Bars, Tab
from addin.crm.amounts import MONEY_SCALE
from addin.crm.calendar import day_of
from addin.crm.message import msg
from addin.crm.screening import PARTS, told_reasons
from addin.crm.standing import STAGES

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.actions.views.kpi import PartnerPlace
    from addin.crm.approvals import Approvals, Backwards, Unapproved
    from addin.crm.demo_days import DemoDays
    from addin.crm.funnel import Funnel
    from addin.crm.pipeline import Waiting

#: The tab's columns are shared by its lists; the last two hold sentences.
WIDTHS: Final = (28, 18, 18, 11, 13, 16, 17, 12, 15, 14, 38, 30)
_LAST: Final = len(WIDTHS)
STAGE_HEADS: Final = ("stage", "reached", "rate", "lost", "now", "median", "p85", "late", "held")
WAITING_HEADS: Final = (
    *("partner", "cluster", "stage", "days", "p85", "age", "benefits", "owner", "expected", "a_day", "look", "case"),
)
CANDIDATE_HEADS: Final = (
    *("place", "cluster", "stage", "score", *(f"p_{part}" for part in PARTS), "proposal", "households", "why"),
)
SHARE_HEADS: Final = ("cluster", "representatives", "short")
LABELS: Final = tuple(
    f"view.partnerships.h.{name}"
    for name in dict.fromkeys(
        (*STAGE_HEADS, *WAITING_HEADS, *CANDIDATE_HEADS, *SHARE_HEADS, *APPROVAL_HEADS, *DEMO_HEADS)
    )
)
BENEFITS: Final = (
    *("view.partnerships.both", "view.partnerships.not_yet"),
    *("view.partnerships.no.our_benefit", "view.partnerships.no.their_benefit"),
)
#: Lines drawn at most of each list; how many more there are is said.
MOST: Final = 300
CANDIDATES_SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class StageLine:
    """One of the seven stages: partners there now, the median and 85th percentile of their days, those over it."""

    now: int = 0
    median: float | None = None
    p85: float | None = None
    late: int = 0


@dataclass(frozen=True, slots=True)
class Partnerships:
    """Everything on the tab.

    ``candidates`` are rows of `addin.crm.screening.screen`, ``representatives`` of its `representatives` (None where no
    quarter tells); ``long``: partners of a stage it takes to say who waits long, and how many times P85 are a warning
    and a breach; ``free`` the clusters' places for pilots, of ``each``; ``off`` message ids said above the list;
    ``known``: cluster, our owner and stage of the partners in ``unapproved`` and ``backwards``.
    """

    as_of: dt.date
    funnel: Funnel | None
    stages: Sequence[StageLine]
    long: tuple[int, float, float]
    waiting: Sequence[Waiting]
    waiting_more: int
    candidates: Sequence[Mapping[str, object]]
    candidates_all: int
    pilots: int
    under_way: int
    running: int
    wanted: int
    large: int
    points: Mapping[str, int]
    each: int = 2
    free: Sequence[tuple[str, int]] = ()
    off: Sequence[str] = ()
    representatives: Sequence[tuple[str, Sequence[str], int]] | None = None
    places: Mapping[str, PartnerPlace] = field(default_factory=dict)
    approvals: Approvals | None = None
    unapproved: Sequence[Unapproved] = ()
    backwards: Sequence[Backwards] = ()
    known: Mapping[str, tuple[str, str, int | None]] = field(default_factory=dict)
    demos: Sequence[DemoDays] = ()


def partnership_tab(page: Partnerships, say: Say, names: dict[str, str] | None = None) -> Tab:
    """The tab, top to bottom as a manager reads it."""
    tab = new_tab("partnerships", say, names)
    for column, width in enumerate(WIDTHS, 1):
        tab.widths[column] = width
    counts = say(
        "view.partnerships.counts",
        candidates=page.candidates_all,
        wanted=page.wanted,
        under_way=page.under_way,
        running=page.running,
    )
    row = title(tab, say("view.partnerships.title"), (say("view.as_of", day=page.as_of.isoformat()), counts))
    if page.funnel is not None:
        merged(tab, (row, 1, row, _LAST), say(page.funnel.constraint.why), "sentence")
        tab.heights[row] = 36
        row = _stages(tab, row + 2, page, page.funnel, say)
    row = _waiting(tab, row + 1, page, say)
    row = _candidates(tab, row + 1, page, say)
    row = _representatives(tab, row + 1, page, say)
    if page.approvals is not None:
        lacking, order = page.unapproved, page.backwards
        row = approvals_block(tab, row + 1, page.approvals, lacking, order, page.known, page.places, say)
    if page.demos:
        demos_block(tab, row + 1, page.demos, day_of(page.as_of), page.places, say)
    tab.freeze = (2, 2)
    fit_heights(tab, 4)
    return tab


def _stages(tab: Tab, row: int, page: Partnerships, found: Funnel, say: Say) -> int:
    heads(tab, row, STAGE_HEADS, say)
    merged(tab, (row, len(STAGE_HEADS), row, _LAST), tab.cells[row, len(STAGE_HEADS)], "header")
    first = row + 1
    for i, step in enumerate(found.steps):
        row += 1
        line = page.stages[i]
        tab.put(row, 1, spoken(say, step.label), "strong")
        tab.put(row, 2, step.count, "number")
        move = found.transitions[i - 1] if i else None
        tab.put(row, 3, move.rate if move else None, "percent")
        tab.put(row, 4, move.lost if move else None, "number")
        tab.put(row, 5, line.now, "number")
        tab.put(row, 6, line.median, "decimal1")
        tab.put(row, 7, line.p85, "decimal1")
        tab.put(row, 8, line.late or None, "number.warn" if line.late else "number")
        held = i > 0 and found.constraint.index == i - 1
        text, style = None, "cell"
        if held:
            flag = VERDICT_FLAG[found.constraint.verdict]
            text = say("view.funnel.here", verdict=say(f"view.verdict.{found.constraint.verdict}"))
            style = f"cell.{flag}"
            tab.styles[row, 1], tab.styles[row, 3] = f"cell.{flag}", f"percent.{flag}"
        merged(tab, (row, len(STAGE_HEADS), row, _LAST), text, style)
    tab.bars.append(Bars((first, 2, row, 2), BAR_BLUE, 0, found.steps[0].count or None))
    tab.bars.append(Bars((first + 1, 3, row, 3), BAR_GREY, 0, 1))
    least, warn, breach = page.long
    tab.put(row + 1, 1, say("view.partnerships.ages", n=least, warn=f"{warn:g}", breach=f"{breach:g}"), "subtitle")
    return row + 2


def _waiting(tab: Tab, row: int, page: Partnerships, say: Say) -> int:
    row = section(tab, row, 1, _LAST, say("view.partnerships.waiting", n=len(page.waiting) + page.waiting_more))
    heads(tab, row, WAITING_HEADS, say)
    for one in page.waiting:
        row += 1
        named(tab, row, one.partner, page.places)
        tab.put(row, 2, one.cluster or None, "cell")
        tab.put(row, 3, say(f"funnel.step.partner{one.rank + 1}"), "cell")
        loud = f".{one.flag}" if one.flag in ("breach", "warn") else ""
        tab.put(row, 4, one.days, f"number{loud}")
        tab.put(row, 5, one.p85, "decimal1")
        tab.put(row, 6, say.flag(one.flag), f"center.{one.flag}")
        tab.put(row, 7, *_benefits(one, say))
        tab.put(row, 8, one.owner or None, "cell")
        tab.put(row, 9, _whole(one.expected), "money")
        tab.put(row, 10, _whole(one.a_day), "money")
        look, style = _evidence(one, say)
        tab.put(row, 11, look, style)
        tab.put(row, 12, clip(one.case) or None, "wrap")
    if not page.waiting:
        row += 1
        merged(tab, (row, 1, row, _LAST), say("view.partnerships.nobody"), "cell")
    if page.waiting_more:
        row += 1
        tab.put(row, 1, say("view.partnerships.more", n=page.waiting_more), "subtitle")
    return row + 1


def _benefits(one: Waiting, say: Say) -> tuple[str | None, str]:
    if one.lacks:
        return say(f"view.partnerships.no.{one.lacks}"), "cell.warn"
    if one.mutual is None:
        return None, "cell"
    return say(BENEFITS[0 if one.mutual else 1]), "cell" if one.mutual else "pale_cell"


def _evidence(one: Waiting, say: Say) -> tuple[str | None, str]:
    if one.missing is None:
        return say("view.partnerships.no_record"), "pale_wrap"
    if not one.missing:
        return None, "wrap"
    text = say("view.partnerships.missing", what=", ".join(say(id) for id in one.missing))
    return text, "wrap.warn" if one.unproven else "wrap"


def _candidates(tab: Tab, row: int, page: Partnerships, say: Say) -> int:
    top = say("view.partnerships.candidates", n=page.candidates_all, wanted=page.wanted, pilots=page.pilots)
    row = section(tab, row, 1, _LAST, top)
    points = [say(f"view.partnerships.h.p_{part}") + f" {page.points[part]}" for part in PARTS]
    tab.put(row, 1, say("view.partnerships.assumed", points=" + ".join(points)), "subtitle")
    told = [say(id) for id in page.off]
    if page.free:
        places = ", ".join(f"{cluster} {free}" for cluster, free in page.free)
        told.insert(0, say("view.partnerships.free", places=places, each=page.each))
    for text in told:
        row += 1
        tab.put(row, 1, text, "subtitle")
    row += 1
    heads(tab, row, CANDIDATE_HEADS, say)
    merged(tab, (row, len(CANDIDATE_HEADS), row, _LAST), tab.cells[row, len(CANDIDATE_HEADS)], "header")
    first = row + 1
    for line in page.candidates:
        row += 1
        named(tab, row, str(line["partner"]), page.places)
        tab.put(row, 2, _text(line["cluster"]), "cell")
        rank = line["rank"]
        stage = say(f"funnel.step.partner{rank + 1}") if isinstance(rank, int) and rank < len(STAGES) else None
        tab.put(row, 3, stage, "cell")
        tab.put(row, 4, _number(line["score"]), "decimal1")
        for column, part in enumerate(PARTS, 5):
            tab.put(row, column, _number(line[f"p_{part}"]), "decimal1")
        pilot = bool(line["pilot"])
        tab.put(row, 9, say("view.partnerships.pilot") if pilot else None, "cell.ok" if pilot else "cell")
        tab.put(row, 10, _number(line["households"]), "number")
        merged(tab, (row, 11, row, _LAST), _why(line, page, say), "wrap")
    if not page.candidates:
        row += 1
        merged(tab, (row, 1, row, _LAST), say("view.partnerships.no_candidates"), "cell")
    else:
        tab.bars.append(Bars((first, 4, row, 4), BAR_BLUE, 0, 100))
    rest = page.candidates_all - len(page.candidates)
    if rest > 0:
        row += 1
        tab.put(row, 1, say("view.partnerships.more", n=rest), "subtitle")
    return row + 1


def _why(line: Mapping[str, object], page: Partnerships, say: Say) -> str | None:
    """What costs a candidate its points, with the numbers."""
    return " · ".join(say(reason) for reason in told_reasons(line, page.large)) or None


def _representatives(tab: Tab, row: int, page: Partnerships, say: Say) -> int:
    if page.representatives is None:
        return row - 1
    row = section(tab, row, 1, _LAST, say("view.partnerships.representatives"))
    for first, last, name in ((1, 1, "cluster"), (2, 10, "representatives"), (11, _LAST, "short")):
        merged(tab, (row, first, row, last), say(f"view.partnerships.h.{name}"), "header")
    for cluster, partners, short in page.representatives:
        row += 1
        tab.put(row, 1, cluster, "strong")
        merged(tab, (row, 2, row, 10), ", ".join(partners) or None, "wrap")
        text = say(msg("view.partnerships.short", n=short)) if short else None
        merged(tab, (row, 11, row, _LAST), text, "wrap.warn" if short else "wrap")
    return row + 1


def _whole(cents: int | None) -> float | None:
    return None if cents is None else cents / MONEY_SCALE


def _text(value: object) -> str | None:
    return str(value) if value else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
