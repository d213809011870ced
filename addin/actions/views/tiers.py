"""The tab of quarterly tiers: what the numbers propose, what hangs on it, and what people decided.

The proposal is recomputed from the facts on every run; a person's decision stands beside it and is never overwritten.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.actions.views.beside import Columns
from addin.actions.views.parts import Say, amount_text, clip, merged, new_tab, section, title
from addin.books.look import BAR_BLUE, fit_heights
from addin.books.tab import Bars, Choices, Link, Tab, TabValue
from addin.crm.tiers import PARTS, REASONS, TIERS

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from addin.actions.views.kpi import PartnerPlace
    from addin.crm.grid import CellValue, Grid
    from addin.crm.tiers import Flip

#: Column ids and widths, in order. ``adopt``, ``own`` and ``memo`` belong to people.
COLUMNS: Final = {
    "rank": 6,
    "partner": 26,
    "cluster": 14,
    "tier": 9,
    "before": 9,
    "change": 13,
    "score": 8,
    "p_revenue": 8,
    "p_ltv_cac": 9,
    "p_quality": 8,
    "revenue": 12,
    "ltv_cac": 8,
    "claim_rate": 8,
    "n": 6,
    "why": 24,
    "adopt": 8,
    "own": 9,
    "memo": 18,
}
LABELS: Final = {name: f"view.tiers.h.{name}" for name in COLUMNS}
TIER_IDS: Final = tuple(f"tiers.{tier}" for tier in TIERS)
ADOPT: Final = ("view.tiers.yes", "view.tiers.no")
CHANGES: Final = tuple(f"view.tiers.change.{name}" for name in ("up", "down", "same", "new", "twice"))
PART_IDS: Final = tuple(f"tiers.part.{part}" for part in PARTS)
#: Lines drawn at most; the rest are counted by tier.
MOST: Final = 300
IFS: Final = 60  # of the what-if list
_LOUD: Final = {"expand": "ok", "keep": "", "replace": "warn"}
_ORDER: Final[dict[str, int]] = {tier: i for i, tier in enumerate(TIERS)}
_LINES: Final = Columns(COLUMNS, LABELS, theirs=("adopt", "own", "memo"), must=("partner", "adopt"))
_AT: Final = _LINES.at


class Decision(NamedTuple):
    """What a person wrote beside one partner of one quarter, as typed, and the tier that stood there."""

    adopt: CellValue = None
    own: CellValue = None
    memo: CellValue = None
    tier: str = ""


class TierLine(NamedTuple):
    """One partner of the quarter; ``before`` is its tier a quarter ago ('' = not ranked then)."""

    partner: str
    cluster: str
    score: float | None
    rank: int | None
    tier: str
    points: Mapping[str, float | None]
    revenue: float | None
    ltv_cac: float | None
    claim_rate: float | None
    n: int
    reasons: tuple[str, ...] = ()
    before: str = ""
    ended: bool = False
    fresh: str = ""

    @property
    def twice(self) -> bool:
        """Among the last in both quarters."""
        return self.tier == self.before == "replace"

    @property
    def change(self) -> str:
        """Beside the quarter before: up, down, same, new (not ranked then), twice (last in both); '' without a tier."""
        if not self.tier:
            return ""
        if not self.before or self.twice:
            return "twice" if self.twice else "new"
        step = _ORDER[self.before] - _ORDER[self.tier]
        return "up" if step > 0 else "down" if step < 0 else "same"


class Replacement(NamedTuple):
    """What hangs on a partner that would be replaced: shares of revenue and requests, who could take over."""

    partner: str
    revenue: float | None
    share: float | None
    requests: int
    requests_share: float | None
    substitutes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tiers:
    """Everything on the tab.

    ``quarter`` as ``2026-Q3``; ``lines`` at most `MOST`, ``counts`` of every tier; ``twice`` of those to be replaced
    were among the last before too; ``common`` reasons hold for every line; ``unlisted`` names the list lacks.
    """

    quarter: str
    days: tuple[dt.date, dt.date]
    lines: Sequence[TierLine]
    counts: Mapping[str, int]
    weights: Mapping[str, Decimal]
    least: int = 4
    replacements: Sequence[Replacement] = ()
    twice: int = 0
    flips: Sequence[Flip] = ()
    common: Sequence[str] = ()
    unlisted: Sequence[str] = ()
    decisions: Mapping[tuple[str, str], Decision] = field(default_factory=dict)
    places: Mapping[str, PartnerPlace] = field(default_factory=dict)


def tiers_tab(page: Tiers, say: Say, names: dict[str, str] | None = None) -> Tab:
    """The tab: the proposal with its parts, the what-if lists, the decisions of quarters past."""
    tab = new_tab("tiers", say, names)
    first, last = page.days
    when = say("view.tiers.when", quarter=page.quarter, start=first.isoformat(), end=last.isoformat())
    under = [when, say("view.tiers.how")]
    if page.unlisted:
        under.append(say("view.tiers.unlisted", n=len(page.unlisted), names=clip(", ".join(page.unlisted), 80)))
    row = title(tab, say("view.tiers.title"), under)
    merged(tab, (row, 1, row, len(COLUMNS)), _sentence(page, say), "sentence")
    merged(tab, (row + 1, 1, row + 1, len(COLUMNS)), _assumed(page, say), "aside")
    tab.heights |= {row: 30, row + 1: 22}
    head = row + 2
    _LINES.header(tab, head, say)
    tab.heights[head] = 34
    row = _ranked(tab, head, page, say)
    row = _replaced(tab, row + 1, page, say)
    row = _flipped(tab, row + 1, page, say)
    row = _past(tab, row + 1, page, say)
    tab.choices.append(Choices((head + 1, _AT["adopt"], row, _AT["adopt"]), tuple(say(id) for id in ADOPT)))
    tab.choices.append(Choices((head + 1, _AT["own"], row, _AT["own"]), tuple(say(id) for id in TIER_IDS)))
    tab.freeze = (head + 1, _AT["cluster"])
    tab.repeat = (head, head)
    fit_heights(tab, head)
    return tab


def parse_tiers_tab(grid: Grid) -> dict[tuple[str, str], Decision]:
    """What people decided, by (quarter, partner); found again after sorting. Lines without a word are left out."""
    out: dict[tuple[str, str], Decision] = {}
    for (quarter, partner), values, shown in _LINES.written(grid, parts=2):
        out[quarter, partner] = Decision(**values, tier=str(shown.get("tier") or "").strip())
    return out


def _sentence(page: Tiers, say: Say) -> str:
    """How many of each tier, and what hangs on those to be replaced."""
    counts = {tier: page.counts.get(tier, 0) for tier in TIERS}
    if not any(counts.values()):
        return say("view.tiers.few", least=page.least)
    told = say("view.tiers.counts", **counts)
    gone = page.replacements
    if not gone:
        return told
    share = f"{sum(one.share or 0.0 for one in gone):.1%}"
    told += " " + say("view.tiers.hangs", n=len(gone), share=share, requests=sum(one.requests for one in gone))
    return told + (" " + say("view.tiers.twice", n=page.twice) if page.twice else "")


def _assumed(page: Tiers, say: Say) -> str:
    parts = [f"{say(f'tiers.part.{part}')} {amount_text(weight, 'share')}" for part, weight in page.weights.items()]
    told = [say("view.tiers.assumed", parts=" + ".join(parts)), *(say(f"tiers.reason.{r}") for r in page.common)]
    return " · ".join(told)


def _ranked(tab: Tab, head: int, page: Tiers, say: Say) -> int:
    row = head
    tiers: dict[str, str] = {tier: say(f"tiers.{tier}") for tier in TIERS}
    reasons = {reason: say(f"tiers.reason.{reason}") for reason in REASONS}
    changes = {id.rpartition(".")[2]: say(id) for id in CHANGES}
    styles = ("number", "", "cell", "", "cell", "", "decimal1", "decimal1", "decimal1", "decimal1",
              "money", "decimal1", "percent", "number", "wrap")  # fmt: skip
    for line in page.lines:
        row += 1
        loud = "breach" if line.twice else _LOUD.get(line.tier, "")
        values: list[TabValue | Link] = [
            *(line.rank, _linked(line.partner, page), line.cluster or None),
            *(tiers.get(line.tier), tiers.get(line.before), changes.get(line.change), line.score),
            *(line.points[part] for part in PARTS),
            *(line.revenue, line.ltv_cac, line.claim_rate, line.n, _why(line, reasons, say)),
        ]
        look = list(styles)
        look[_AT["partner"] - 1] = "link" if isinstance(values[1], Link) else "strong"
        look[_AT["tier"] - 1] = f"cell.{loud}" if loud else "cell"
        look[_AT["change"] - 1] = "cell.breach" if line.twice else "cell"
        tab.line(row, 1, values, look)
        _theirs(tab, row, (page.quarter, line.partner), page)
    if page.lines:
        tab.bars.append(Bars((head + 1, _AT["score"], row, _AT["score"]), BAR_BLUE, 0, 100))
        tab.filter = (head, 1, row, len(COLUMNS))
    rest = {tier: page.counts.get(tier, 0) - sum(line.tier == tier for line in page.lines) for tier in TIERS}
    if any(rest.values()):
        row += 1
        tab.put(row, 1, say("view.tiers.more", n=sum(rest.values()), **rest), "subtitle")
    return row + 1


def _why(line: TierLine, reasons: Mapping[str, str], say: Say) -> str | None:
    told = [reasons[reason] for reason in line.reasons]
    if line.fresh:
        told.append(say("view.tiers.fresh", day=line.fresh))
    if line.ended:
        told.append(say("view.tiers.ended"))
    return " · ".join(told) or None


def _theirs(tab: Tab, row: int, key: tuple[str, str], page: Tiers) -> None:
    _LINES.put_theirs(tab, row, key, page.decisions.get(key))


def _replaced(tab: Tab, row: int, page: Tiers, say: Say) -> int:
    """Before anybody is replaced: what hangs on it, and who could take over."""
    if not page.replacements:
        return row
    row = section(tab, row, 1, len(COLUMNS), say("view.tiers.replace", n=len(page.replacements)))
    spans = ((2, 3, "partner"), (4, 5, "revenue"), (6, 6, "share"), (7, 8, "requests"), (9, 10, "requests_share"),
             (11, 15, "substitutes"))  # fmt: skip
    for first, last, name in spans:
        merged(tab, (row, first, row, last), say(f"view.tiers.if.{name}"), "header")
    for one in page.replacements[:IFS]:
        row += 1
        merged(tab, (row, 2, row, 3), _linked(one.partner, page), "strong")
        merged(tab, (row, 4, row, 5), one.revenue, "money")
        tab.put(row, 6, one.share, "percent")
        merged(tab, (row, 7, row, 8), one.requests, "number")
        merged(tab, (row, 9, row, 10), one.requests_share, "percent")
        who = ", ".join(one.substitutes)
        style = "wrap" if who else "wrap.warn"
        merged(tab, (row, 11, row, 15), clip(who) or say("view.tiers.nobody"), style)
    if len(page.replacements) > IFS:
        row += 1
        tab.put(row, 2, say("view.partnerships.more", n=len(page.replacements) - IFS), "subtitle")
    return row + 1


#: Headers of the what-if list.
IF_LABELS: Final = tuple(
    f"view.tiers.if.{n}" for n in ("partner", "revenue", "share", "requests", "requests_share", "substitutes")
)


def _flipped(tab: Tab, row: int, page: Tiers, say: Say) -> int:
    """Whose tier hangs on a weight."""
    if not page.counts:
        return row
    row = section(tab, row, 1, len(COLUMNS), say("view.tiers.weights"))
    told: dict[tuple[str, Decimal], list[str]] = {}
    for flip in page.flips:
        text = say(
            "view.tiers.flip", partner=flip.partner, tier=say(f"tiers.{flip.tier}"), then=say(f"tiers.{flip.then}")
        )
        told.setdefault((flip.part, flip.change), []).append(text)
    if not told:
        merged(tab, (row, 2, row, 15), say("view.tiers.steady"), "cell.ok")
        return row + 1
    for (part, change), texts in told.items():
        points = say("view.tiers.moved", part=say(f"tiers.part.{part}"), points=f"{change * 100:+.0f}")
        merged(tab, (row, 2, row, 3), points, "strong")
        rest = say("view.tiers.and_more", n=len(texts) - 8) if len(texts) > 8 else ""
        merged(tab, (row, 4, row, 15), " · ".join(texts[:8]) + rest, "wrap")
        row += 1
    return row


def _past(tab: Tab, row: int, page: Tiers, say: Say) -> int:
    """What people decided in other quarters, and beside partners no longer ranked: kept as it was."""
    drawn = {(page.quarter, line.partner) for line in page.lines}
    kept = {key: decision for key, decision in page.decisions.items() if key not in drawn}
    if not kept:
        return row
    row = section(tab, row, 1, len(COLUMNS), say("view.tiers.past")) - 1
    for (quarter, partner), decision in sorted(kept.items(), key=lambda item: item[0], reverse=True):
        row += 1
        tab.put(row, _AT["partner"], partner, "strong")
        tab.put(row, _AT["cluster"], quarter, "cell")
        tab.put(row, _AT["tier"], decision.tier or None, "cell")
        _theirs(tab, row, (quarter, partner), page)
    return row + 1


def _linked(name: str, page: Tiers) -> Link | str:
    place = page.places.get(name)
    return Link(name, place.sheet, place.cell) if place and place.sheet else name
