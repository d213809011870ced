"""What the sync's commands print: one line a partner, what it means, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from addin.actions.textual import table
from addin.i18n import say
from sheets_sync.cells import shown
from sheets_sync.model import KINDS
from sheets_sync.outcome import sentence
from sheets_sync.status import PARTS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from addin.errors import DanggolError
    from sheets_sync.model import Cell
    from sheets_sync.outcome import CycleReport, Outcome
    from sheets_sync.run import Shared
    from sheets_sync.service import ServiceFile
    from sheets_sync.status import Checked, Explanation, FieldState, PartnerStatus

#: Whose column a field is, in words; what an event of the run log is called.
OWNER_IDS: Final = tuple(f"sync.show.owner.{owner}" for owner in ("hq", "partner"))
EVENT_IDS: Final = tuple(f"sync.show.event.{event}" for event in ("sync", "postponed", "error", "brake"))
_SHOWN: Final = 40  # partners
_CLIP: Final = 60


def show_report(report: CycleReport) -> str:
    """One cycle: a line for each partner that changed, and how many did not."""
    lines = [_outcome(one, dry_run=report.dry_run) for one in report.outcomes[:_SHOWN]]
    if len(report.outcomes) > _SHOWN:
        lines.append(say("sync.show.more", n=len(report.outcomes) - _SHOWN))
    if report.idle:
        lines.append(say("sync.show.idle", n=report.idle))
    if report.master_error:
        lines.append(say("sync.show.master_error", text=report.master_error))
    elif report.master_written:
        lines.append(say("sync.show.master_written"))
    if report.stopped:
        lines.append(say("sync.show.stopped"))
    if report.dry_run:
        lines.append(say("sync.show.dry_run"))
    return "".join(line + "\n" for line in lines or [say("sync.show.nothing")])


def summary(report: CycleReport) -> str:
    """One cycle in one sentence, for a status bar; what went wrong first."""
    bad = [o for o in report.outcomes if o.brake or o.error]
    if bad:
        first = bad[0]
        why = sentence(first.brake, first.partner) if first.brake else f"{first.partner}: {first.error}"
        return say("sync.show.summary_bad", n=len(bad), why=why)
    changed = sum(o.plan is not None and not o.plan.idle for o in report.outcomes)
    reviews = sum(len(o.plan.reviews) for o in report.outcomes if o.plan is not None)
    return say("sync.show.summary", n=changed, idle=report.idle + len(report.outcomes) - changed, reviews=reviews)


def show_tick(told: CycleReport | DanggolError) -> str:
    """One cycle of a watch: nothing where nothing happened."""
    from sheets_sync.outcome import CycleReport

    if not isinstance(told, CycleReport):
        return f"{told}\n"
    if not told.outcomes and not told.master_error:
        return ""
    return show_report(told)


def _outcome(one: Outcome, *, dry_run: bool) -> str:
    if one.brake:
        return f"! {sentence(one.brake, one.partner)}"
    plan = one.plan
    if one.error:
        return f"! {say('sync.show.error', partner=one.partner, text=one.error)}"
    assert plan is not None
    spare = sum(not lead.cells for lead in plan.leads)
    counts = (
        ("leads", len(plan.leads) - spare),
        ("spare", spare),
        ("fills", len(plan.fills)),
        ("entries", len(plan.entries)),
        ("reviews", len(plan.reviews)),
    )
    parts = [say(f"sync.show.{word}", n=n) for word, n in counts if n]
    if plan.hq is not None and not plan.leads:
        parts.append(say("sync.show.hq"))
    if one.postponed:
        parts.append(say("sync.show.postponed"))
    if not parts:
        parts.append(say("sync.show.same"))
    return f"{'·' if dry_run else '✓'} {one.partner}: {', '.join(parts)}"


#: Ids of the words `show_report` counts with.
COUNT_IDS: Final = tuple(f"sync.show.{word}" for word in ("leads", "spare", "fills", "entries", "reviews"))


def show_status(partners: Sequence[PartnerStatus]) -> str:
    """A table of the partners, then the open reviews by kind, then what keeps whom from being synced."""
    lines = [
        [
            one.name,
            one.known.synced_at if one.known and one.known.synced_at else say("sync.show.never"),
            str(one.known.rows) if one.known else "–",
            str(len(one.known.reviews)) if one.known else "–",
            say("sync.show.trouble") if one.trouble else say("sync.show.fine") if one.known else "–",
        ]
        for one in partners
    ]
    heads = [say(f"sync.show.h.{h}") for h in STATUS_HEADS]
    out = [table(heads, lines, right=[2, 3]) + "\n"]
    kinds = [review.kind for one in partners if one.known for review in one.known.reviews]
    out += [f"  {say(f'sync.tab.{kind}')}: {kinds.count(kind)}\n" for kind in KINDS if kind in kinds]
    out += [f"! {one.name}: {one.trouble}\n" for one in partners if one.trouble]
    return "".join(out)


STATUS_HEADS: Final = ("partner", "synced", "rows", "reviews", "state")


def show_explained(answers: Sequence[Explanation]) -> str:
    """What is known of a request, partner by partner."""
    out = []
    for one in answers:
        state = " ".join(say(id) for id in one.state)
        out.append(f"{one.key} · {one.partner}\n{state}\n")
        lines = [
            [f.header, say(f"sync.show.owner.{f.owner}"), _asked(f, f.partner), _cell(f.own), _asked(f, f.ours)]
            for f in one.fields
        ]
        out.append(table([say(f"sync.show.h.{h}") for h in FIELD_HEADS], lines) + "\n")
        if one.flag or one.ask:
            out.append(say("sync.show.ask", flag=one.flag or "–", ask=one.ask.replace("\n", " / ") or "–") + "\n")
        out += [f"! {say(f'sync.tab.{r.kind}')}: {say(f'sync.tab.{r.kind}.todo')}\n" for r in one.reviews]
        for at, event, filled in one.runs:
            out.append(f"  {at}  {say(f'sync.show.event.{event}')}{': ' + filled if filled else ''}\n")
    return "".join(out)


FIELD_HEADS: Final = ("field", "owner", "theirs", "own", "ours")


def show_checked(found: Sequence[Checked]) -> str:
    """A line for each thing that was tried."""
    names = [say(one.what) if one.what in PARTS else one.what for one in found]
    lines = [f"✗ {name}: {one.error}" if one.error else f"✓ {name}" for name, one in zip(names, found, strict=True)]
    bad = sum(bool(one.error) for one in found)
    lines.append(say("sync.show.check_bad", n=bad) if bad else say("sync.show.check_good"))
    return "\n".join(lines) + "\n"


def show_shared(shared: Shared) -> str:
    """Where the sheet is, what to put into the configuration, and what came to the sheet."""
    lines = [say("sync.show.shared", partner=shared.partner, ref=shared.ref)]
    if shared.line:
        lines.append(say("sync.show.shared_line", line=shared.line))
    return "\n".join(lines) + "\n" + show_report(shared.report)


def show_service(made: ServiceFile) -> str:
    """The file's name and the lines that switch it on and off."""
    return say("sync.show.service", name=made.name, hint=say(made.hint), on=made.on, off=made.off) + "\n"


def _asked(field: FieldState, cell: Cell) -> str:
    """What head office writes itself, a partner isn't asked for: blank, unless something is known."""
    return "" if cell is None and field.owner == "hq" else _cell(cell)


def _cell(cell: Cell) -> str:
    text = shown(cell).replace("\n", " / ") or "–"
    return text if len(text) <= _CLIP else text[: _CLIP - 1] + "…"
