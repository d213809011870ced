"""``danggol quote``: a request or a row of the quotes' list → a numbered, frozen quote and its files.

One door for the command and the button. The ledger is held from the first look to the last write: files, the tab of
quotes in the book and the number are there together, or none of them is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import now, parse_day, today
from addin.actions.door import path_of, write
from addin.actions.outbox import file_name, outbox
from addin.actions.progress import Step, quiet
from addin.actions.quote_tab import answers_of
from addin.actions.tabs import around_notes, give_up_tab, names_of, put_tabs
from addin.actions.workspace import Workspace, open_workspace
from addin.crm.message import Message
from addin.errors import NeedsAnswer, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from addin.actions.outbox import Outbox
    from addin.actions.quote_sources import Draft
    from addin.actions.views.quotes import Answer
    from addin.books.edits import Edits
    from addin.books.live import LiveBook
    from addin.crm.quote_record import QuoteRecord
    from addin.crm.quoting import Limits
    from addin.documents.library import Library
    from addin.documents.quote.ledger import Ledger

FORMATS: Final = ("pdf", "html", "xlsx", "eml")
DEFAULT: Final = ("pdf",)


@dataclass(frozen=True, slots=True)
class QuoteDone:
    """One quote and its files; ``again``: it was given before and is only printed anew."""

    record: QuoteRecord
    paths: tuple[Path, ...]
    again: bool


@dataclass(frozen=True, slots=True)
class QuoteLeft:
    """What could not be quoted, where it stands, and why; ``waiting``: it needs a person's approval."""

    source: str
    where: str
    reason: Message
    waiting: bool = False


@dataclass(slots=True)
class Quoted:
    """What a run made. ``run`` is None where the book already said it all."""

    book: Path
    done: list[QuoteDone] = field(default_factory=list)
    left: list[QuoteLeft] = field(default_factory=list)
    tab: str = ""
    run: str | None = None

    @property
    def paths(self) -> list[Path]:
        """Every file made."""
        return [path for one in self.done for path in one.paths]

    @property
    def number(self) -> str:
        """The number of the (first) quote."""
        return str(self.done[0].record.number) if self.done else ""

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "quotes": [_json(one) for one in self.done],
            "left": [
                {"source": one.source, "where": one.where, "reason": say(one.reason), "approval": one.waiting}
                for one in self.left
            ],
            "tab": self.tab,
            "run": self.run,
        }


def quote_book(
    book: Path | LiveBook,
    *,
    request: str | None = None,
    quote: str | None = None,
    requests: Sequence[str] = (),
    all: bool = False,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
    renew: bool = False,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Quoted:
    """Quote one request (``request``), one row of the quotes' list (``quote``), several requests (``requests``), or all
    that are open (``all``).

    ``out`` defaults to a folder 견적서 beside the book. Raises `UsageError` for an id that isn't there, `NeedsAnswer`
    where only a person can go on (our own details, a price, an approval, an expired quote); with ``requests`` and
    ``all`` those are listed in ``left`` instead.
    """
    if sum((request is not None, quote is not None, bool(requests), all)) != 1:
        raise UsageError("quote.which")
    for format in formats:
        if format not in FORMATS:
            raise UsageError("quote.format", value=format, known=", ".join(FORMATS))
    day = parse_day(as_of, "--as-of") or today()
    job = _Job(book, request, quote, tuple(requests), tuple(formats or DEFAULT), out, renew, day)
    return around_notes(lambda met: _quoted(job, maps, met, step))


@dataclass(frozen=True, slots=True)
class _Job:
    book: Path | LiveBook
    request: str | None
    quote: str | None
    requests: tuple[str, ...]
    formats: tuple[str, ...]
    out: Path | None
    renew: bool
    as_of: dt.date

    @property
    def one(self) -> bool:
        """Whether a single quote is asked for: then what is in the way is an error."""
        return self.request is not None or self.quote is not None


def _quoted(job: _Job, maps: Sequence[str], met: set[str], step: Step) -> Quoted:
    from addin.actions.quote_sources import Sources
    from addin.actions.team_tables import TeamTables
    from addin.books.lock import check_closed
    from addin.crm.quoting import Limits
    from addin.documents.library import Library
    from addin.documents.quote.ledger import ledger_path, open_ledger

    path = path_of(job.book)
    workspace = open_workspace(job.book, maps=maps, step=step)
    if isinstance(job.book, Path):
        check_closed(job.book)
    for cell in met:
        give_up_tab(workspace, cell)
    library = Library("quote", path.parent)
    sources = Sources(TeamTables(workspace, path.parent), library, job.as_of, renew=job.renew)
    sources.tables.company()
    limits = Limits(workspace.settings.discount_limit, workspace.settings.margin_limit)
    done = Quoted(path, tab=names_of(workspace)["quotes"])
    answers = answers_of(workspace)
    with open_ledger(ledger_path(path)) as ledger:
        several = [draft for id in job.requests for draft in sources.chosen(id, None)]
        drafts = several if job.requests else list(sources.chosen(job.request, job.quote))
        made: list[tuple[QuoteRecord, bool]] = []
        for draft in drafts:
            try:
                made.append(_numbered(draft, ledger, answers, job, limits, done.tab))
            except NeedsAnswer as asked:
                waits = asked.message.id == "quote.needs_approval"
                done.left.append(QuoteLeft(draft.source, asked.where, asked.message, waits))
        with outbox(job.out if job.out is not None else path.parent / say("quote.folder")) as folder:
            for at, (record, again) in enumerate(made):
                step("progress.quoting", 0.5 + 0.4 * at / len(made))
                paths = _put(folder, record, job.formats, _pictures(record, ledger), library)
                done.done.append(QuoteDone(record, paths, again))
            folder.publish()
            edits = _plan(workspace, ledger, answers, job.as_of, drafts)
            if edits:
                step("progress.writing", 0.95)
                done.run = write(job.book, workspace.snapshot, edits, now()).run
            folder.keep()
    if job.one and done.left:
        raise _needs(done.left[0].reason, done.left[0].where)
    return done


def _numbered(
    draft: Draft, ledger: Ledger, answers: Mapping[str, Answer], job: _Job, limits: Limits, tab: str
) -> tuple[QuoteRecord, bool]:
    """The record to print, and whether it was given before. `NeedsAnswer` where a person has to decide."""
    from addin.crm.quoting import beyond
    from addin.documents.quote.ledger import Waiting

    if draft.record is None:
        assert draft.problem is not None
        raise _needs(draft.problem, draft.where)
    record, last = draft.record, ledger.latest(draft.source)
    if not job.renew:
        until = (last or record).valid_until
        if job.as_of > until:
            name = str(last.number) if last else draft.source.partition(":")[2]
            raise NeedsAnswer("quote.expired", where=draft.where, value=name, day=until.isoformat())
        if last is not None and last.content == record.content:
            return last, True
    for name, data in draft.pictures.items():
        ledger.keep_picture(record.pictures[name], data)
    known = [(a.source, a.number) for a in answers.values() if a.number is not None]
    waiting = Waiting(record, beyond(record.counted, limits))
    given = answers.get(waiting.id)
    approved = str(given.approve).strip() if given is not None and given.approve is not None else ""
    if waiting.reasons and not approved:
        ledger.wait(waiting)
        raise NeedsAnswer("quote.needs_approval", where=draft.where, value=_over(waiting), tab=tab)
    numbered = record.numbered(ledger.number(record, known), approved if waiting.reasons else "")
    ledger.add(numbered)
    return numbered, False


def _needs(reason: Message, where: str) -> NeedsAnswer:
    """A problem as the error a person sees."""
    asked = NeedsAnswer(reason.id, where=where)
    asked.message = Message(reason.id, {**reason.params, "where": where})
    return asked


def _over(waiting: Any) -> str:
    """The limits a quote breaks, with its own numbers."""
    counted = waiting.record.counted
    shares = {"discount": counted.discount, "margin": counted.margin}
    return ", ".join(f"{say(f'quote.over.{reason}')} {float(shares[reason] or 0):.1%}" for reason in waiting.reasons)


def _pictures(record: QuoteRecord, ledger: Ledger) -> dict[str, bytes]:
    """The logos and the seal as they were when the quote was given."""
    found = {name: ledger.picture(sha256) for name, sha256 in record.pictures.items()}
    return {name: data for name, data in found.items() if data is not None}


def _put(
    folder: Outbox, record: QuoteRecord, formats: Sequence[str], pictures: Mapping[str, bytes], library: Library
) -> tuple[Path, ...]:
    """Make one quote's files; gives where they are going to be."""
    from addin.documents.quote.make import make

    stem = f"{record.number}_{file_name(record.recipient.get('name', ''))}".rstrip("_")
    return tuple(folder.put(stem, format, make(record, format, pictures, library)) for format in formats)


def _plan(
    workspace: Workspace, ledger: Ledger, answers: Mapping[str, Answer], as_of: dt.date, drafts: Sequence[Draft]
) -> Edits:
    """The tab of quotes, and the state beside each row of the team's own list of quotes."""
    from addin.actions.quote_columns import plan_quote_columns
    from addin.actions.views.parts import Say
    from addin.actions.views.quotes import quote_tab
    from addin.books.edits import Edits

    edits = Edits("quote")
    records, waiting = ledger.all(), ledger.waiting()
    spoken = Say(workspace.lang)
    if records or waiting:
        put_tabs(edits, workspace, [quote_tab(records, waiting, answers, as_of, spoken, names_of(workspace))])
    plan_quote_columns(edits, workspace, records, answers, as_of, spoken)
    return edits


def _json(one: QuoteDone) -> dict[str, Any]:
    sums = one.record.counted.sums
    return {
        "number": str(one.record.number),
        "source": one.record.source,
        "issued": one.record.issued.isoformat(),
        "valid_until": one.record.valid_until.isoformat(),
        "supply": sums.supply / 100,
        "tax": sums.tax / 100,
        "total": sums.total / 100,
        "price_list": one.record.price_list,
        "sha256": one.record.sha256,
        "again": one.again,
        "approved": one.record.approved or None,
        "paths": [str(path) for path in one.paths],
    }
