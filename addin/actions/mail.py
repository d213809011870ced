"""``danggol mail``: letters as drafts on disk, for a request or for every task of today. Nothing is sent from here.

A D-7 notice carries the standard quote: the one that stands, else a new one, numbered as ``danggol quote`` does.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day, today
from addin.actions.door import path_of
from addin.actions.meant import need_requests, no_such
from addin.actions.notes import together
from addin.actions.outbox import file_name, outbox
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.crm.message import Message, msg
from addin.errors import DanggolError, NeedsAnswer, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from addin.actions.letter_sources import Correspondence
    from addin.books.live import LiveBook
    from addin.documents.letters import Letter

KINDS: Final = ("d7", "reproposal", "quote", "report")
#: Kind of task → the letter that does it.
OF_TASK: Final = {"event_d7": "d7", "reproposal": "reproposal"}
#: Ids a name is built for here.
IDS: Final = tuple(f"mail.kind.{kind}" for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Drafted:
    """One draft: what it is, about which request, to whom ("" = for a person to fill in), and its files."""

    kind: str
    request: str
    to: str
    subject: str
    attached: str
    paths: tuple[Path, ...]


@dataclass(slots=True)
class Mailed:
    """What a run wrote. ``left``: request and why it has no letter; ``notes`` for whoever sends the drafts."""

    as_of: dt.date
    done: list[Drafted] = field(default_factory=list)
    left: list[tuple[str, Message]] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)

    @property
    def paths(self) -> list[Path]:
        """Every file written."""
        return [path for one in self.done for path in one.paths]

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "as_of": self.as_of.isoformat(),
            "drafts": [
                {
                    "kind": one.kind,
                    "request": one.request or None,
                    "to": one.to or None,
                    "subject": one.subject,
                    "attached": one.attached or None,
                    "paths": [str(path) for path in one.paths],
                }
                for one in self.done
            ],
            "left": [{"request": request, "reason": say(reason)} for request, reason in self.left],
            "notes": [say(note) for note in self.notes],
        }


def mail_book(
    book: Path | LiveBook,
    *,
    kind: str | None = None,
    requests: Sequence[str] = (),
    due: bool = False,
    partner: str | None = None,
    new_quotes: bool = True,
    text: bool = False,
    out: Path | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Mailed:
    """Drafts for requests (``requests`` and ``kind``), or for every D-7 and re-proposal task due by now (``due``).

    ``kind`` ``report``: last month's reports, of ``partner`` or of all. ``new_quotes`` False numbers no quote for a D-7
    notice. ``text`` writes each letter as .txt too. ``out`` defaults to a folder 메일 beside the book.

    Raises `UsageError` for words that are off, `NeedsAnswer` where a single letter can't be written yet or our own
    details are missing; of several, those are listed in ``left``.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError("mail.unknown_kind", value=kind, known=", ".join(KINDS))
    day = parse_day(as_of, "--as-of")
    if kind == "report":
        if requests or due:
            raise UsageError("mail.report_words")
        return _reports(book, partner, day, out, maps, step)
    if bool(requests) == due or (due and kind == "quote"):
        raise UsageError("mail.which")
    if partner is not None:
        raise UsageError("mail.partner_words")
    job = _Job(book, kind, tuple(requests), day, new_quotes, text, out)
    return _mailed(job, maps, step)


@dataclass(frozen=True, slots=True)
class _Job:
    book: Path | LiveBook
    kind: str | None
    requests: tuple[str, ...]
    as_of: dt.date | None
    new_quotes: bool
    text: bool
    out: Path | None


def _mailed(job: _Job, maps: Sequence[str], step: Step) -> Mailed:
    from addin.actions.letter_sources import Correspondence
    from addin.actions.results import results_of
    from addin.actions.tasks import task_list

    path = path_of(job.book)
    workspace = open_workspace(job.book, maps=maps, step=step)
    need_requests(workspace, path.name)
    results = results_of(workspace, as_of=job.as_of, step=step)
    day = results.as_of or job.as_of or today()
    due = _due(task_list(workspace, results).open(), day)
    letters = Correspondence(workspace, results, path.parent, day)
    letters.tables.company()
    done = Mailed(day)
    wanted = due if not job.requests else list(_asked(job, letters, due))
    chosen = [(kind, id) for kind, id in wanted if job.kind in (None, kind)]
    ready = []
    for kind, id in chosen:
        letter = letters.letter(kind, id)
        if isinstance(letter, Message):
            done.left.append((id, letter))
        else:
            ready.append(letter)
    if len(chosen) == 1 and done.left:
        raise NeedsAnswer(done.left[0][1].id, **done.left[0][1].params)  # type: ignore[arg-type]
    ready = _with_quotes(job, ready, letters, done, step)
    _write(job, workspace, ready, letters, done, step)
    if not chosen:
        done.notes.append(msg("mail.nothing_due", day=day.isoformat()))
    done.notes = together(done.notes)
    return done


def _due(tasks: Sequence[Any], day: dt.date) -> list[tuple[str, str]]:
    """The letters that are due by now: (kind, request)."""
    from addin.crm.calendar import day_of

    number = day_of(day)
    return [(OF_TASK[t.kind], t.request) for t in tasks if t.kind in OF_TASK and t.request and t.due_day <= number]


def _asked(job: _Job, letters: Correspondence, due: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The letters of the requests asked for; without a kind, those that are due. `UsageError` for unknown ids."""
    for text in job.requests:
        id = letters.known(text)
        if id is None:
            raise no_such("requests", text, letters.ids())
        kinds = [job.kind] if job.kind else [kind for kind, request in due if request == id]
        if not kinds:
            raise UsageError("mail.kind_needed", value=id, known=", ".join(KINDS[:3]))
        yield from ((kind, id) for kind in kinds)


def _with_quotes(job: _Job, ready: list[Letter], letters: Correspondence, done: Mailed, step: Step) -> list[Letter]:
    """D-7 notices with a new quote where none stands; why there is none becomes a note."""
    from addin.actions.quote import quote_book

    lacking = list(dict.fromkeys(one.request for one in ready if one.kind == "d7" and one.quote is None))
    if not lacking or not job.new_quotes:
        return ready
    try:
        quoted = quote_book(job.book, requests=lacking, as_of=done.as_of.isoformat(), step=step)
    except DanggolError as error:  # the notice itself can go without
        done.notes += [msg("mail.note.no_quote", request=id, why=error.message) for id in lacking]
        return ready
    given = {letters.tables.request_of(one.record.source): one.record for one in quoted.done}
    left = {letters.tables.request_of(one.source): one.reason for one in quoted.left}
    done.notes += [msg("mail.note.quoted", request=id, number=str(r.number)) for id, r in given.items()]
    done.notes += [msg("mail.note.no_quote", request=id, why=why) for id, why in left.items()]
    return [replace(one, quote=one.quote or given.get(one.request)) for one in ready]


def _write(
    job: _Job, workspace: Workspace, ready: Sequence[Letter], letters: Correspondence, done: Mailed, step: Step
) -> None:
    from addin.documents.mail import draft

    folder = job.out if job.out is not None else path_of(job.book).parent / say("mail.folder", lang=workspace.lang)
    if not ready:
        return
    with outbox(folder) as box:
        for at, letter in enumerate(ready):
            step("progress.mailing", 0.6 + 0.35 * at / len(ready))
            attached, why = letters.attachment(letter)
            if why is not None:
                done.notes.append(msg("mail.note.no_quote", request=letter.request, why=why))
            text = letters.text(replace(letter, attached=bool(attached)))
            to = letters.address(letter.request)
            if not to:
                done.notes.append(msg("mail.note.no_address", request=letter.request))
            data = draft(text, to=to, sender=letter.sender.get("email", ""), attached=attached)
            kind = say(f"mail.kind.{letter.kind}", lang=workspace.lang)
            name = letter.recipient.get("name", "")
            stem = file_name(f"{done.as_of.isoformat()}_{kind}_{letter.request}_{name}", 100).rstrip("_")
            paths = [box.put(stem, "eml", data)]
            if job.text:
                paths.append(box.put(stem, "txt", text.encode()))
            subject = " ".join(text.strip().partition("\n")[0].split())
            file = attached[0][0] if attached else ""
            done.done.append(Drafted(letter.kind, letter.request, to, subject, file, tuple(paths)))
        box.publish()
        box.keep()


def _reports(
    book: Path | LiveBook, partner: str | None, day: dt.date | None, out: Path | None, maps: Sequence[str], step: Step
) -> Mailed:
    """The monthly reports' drafts, as ``danggol report --mail`` writes them."""
    from addin.actions.report import report_book

    made = report_book(
        book,
        partner=partner,
        all=partner is None,
        formats=("eml",),
        out=out if out is not None else path_of(book).parent / say("mail.folder"),
        as_of=None if day is None else day.isoformat(),
        maps=maps,
        step=step,
    )
    done = Mailed(made.as_of, notes=list(made.notes))
    done.left += list(made.left.items())
    for one in made.made:
        for path in one.paths:
            mail = _headers(path)
            done.done.append(Drafted("report", "", mail["To"] or "", mail["Subject"] or "", "PDF", (path,)))
            if not mail["To"]:
                done.notes.append(msg("mail.note.no_address", request=one.report.partner))
    done.notes = together(done.notes)
    return done


def _headers(path: Path) -> Any:
    import email
    import email.policy

    return email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
