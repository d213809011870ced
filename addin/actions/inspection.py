"""``danggol inspect``: won and completed requests → inspection forms, and the fields of their tax invoices.

Nothing in the workbook is changed. The files are made out of sight and put in their place together.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day, today
from addin.actions.door import path_of
from addin.actions.meant import need_requests, no_such
from addin.actions.notes import together
from addin.actions.outbox import Outbox, file_name, outbox
from addin.actions.progress import Step, quiet
from addin.actions.workspace import open_workspace
from addin.crm.message import msg
from addin.errors import NeedsAnswer, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from addin.actions.inspection_sources import Ready, WorkDone
    from addin.books.live import LiveBook
    from addin.crm.inspection import Inspection
    from addin.crm.message import Message
    from addin.crm.tax_invoice import TaxLine
    from addin.documents.library import Library

FORMATS: Final = ("pdf", "xlsx", "html")
DEFAULT: Final = ("pdf",)
TAX_FORMATS: Final = ("xlsx", "csv")


@dataclass(frozen=True, slots=True)
class InspectionDone:
    """One form and its files."""

    inspection: Inspection
    paths: tuple[Path, ...]
    tax: TaxLine | None = None


@dataclass(frozen=True, slots=True)
class InspectionLeft:
    """A request that has no form yet, where the cell stands that is in the way, and what to do."""

    request: str
    where: str
    reason: Message


@dataclass(slots=True)
class Inspected:
    """What a run made. ``notes``: what whoever sends the forms should know; ``tax``: the file of invoices' fields."""

    done: list[InspectionDone] = field(default_factory=list)
    left: list[InspectionLeft] = field(default_factory=list)
    notes: list[Message] = field(default_factory=list)
    tax: Path | None = None

    @property
    def paths(self) -> list[Path]:
        """Every file made."""
        return [path for one in self.done for path in one.paths] + ([self.tax] if self.tax else [])

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "inspections": [_json(one) for one in self.done],
            "left": [{"request": one.request, "where": one.where, "reason": say(one.reason)} for one in self.left],
            "notes": [say(note) for note in self.notes],
            "tax_invoice": str(self.tax) if self.tax else None,
        }


def inspect_book(
    book: Path | LiveBook,
    *,
    requests: Sequence[str] = (),
    all: bool = False,
    since: str | None = None,
    until: str | None = None,
    formats: Sequence[str] = DEFAULT,
    out: Path | None = None,
    photos: Path | None = None,
    tax_invoice: Path | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Inspected:
    """Inspection forms of requests (``requests``: ids), or of all completed from ``since`` to ``until`` (``all``).

    ``out`` defaults to a folder 검수확인서 beside the book, ``photos`` to 사진/<id> there. ``tax_invoice``: a file for
    the fields of their invoices. Raises `UsageError` for words that are off and ids that aren't there, `NeedsAnswer`
    where a single request can't be inspected yet or our own details are missing; of several those are in ``left``.
    """
    if bool(requests) == all:
        raise UsageError("inspect.which")
    for format in formats:
        if format not in FORMATS:
            raise UsageError("inspect.format", value=format, known=", ".join(FORMATS))
    if tax_invoice is not None and tax_invoice.suffix.casefold().removeprefix(".") not in TAX_FORMATS:
        raise UsageError("inspect.format", value=tax_invoice.suffix, known=", ".join(f".{f}" for f in TAX_FORMATS))
    if photos is not None and not photos.is_dir():
        raise UsageError("inspect.no_photos", where=str(photos))
    day = parse_day(as_of, "--as-of") or today()
    first, last = parse_day(since, "--from") or day.replace(day=1), parse_day(until, "--to") or day
    if all and first > last:
        raise UsageError("inspect.backwards", first=first.isoformat(), last=last.isoformat())
    return _inspected(
        _Job(book, tuple(requests), first, last, tuple(formats), out, photos, tax_invoice, day), maps, step
    )


@dataclass(frozen=True, slots=True)
class _Job:
    book: Path | LiveBook
    requests: tuple[str, ...]
    first: dt.date
    last: dt.date
    formats: tuple[str, ...]
    out: Path | None
    photos: Path | None
    tax: Path | None
    as_of: dt.date


def _inspected(job: _Job, maps: Sequence[str], step: Step) -> Inspected:
    from addin.actions.inspection_sources import WorkDone
    from addin.documents.library import Library

    path = path_of(job.book)
    workspace = open_workspace(job.book, maps=maps, step=step)
    need_requests(workspace, path.name)
    work = WorkDone(workspace, path.parent, Library("quote", path.parent), job.as_of, job.photos)
    work.tables.company()
    rows = _rows(work, job)
    library, done = Library("inspection", path.parent), Inspected()
    folder = job.out if job.out is not None else path.parent / say("inspect.folder", lang=workspace.lang)
    with outbox(folder) as box:
        for at, row in enumerate(rows):
            step("progress.inspecting", 0.5 + 0.45 * at / len(rows))
            ready = work.ready(row)
            done.notes += ready.notes
            if ready.inspection is None:
                assert ready.problem is not None
                done.left.append(InspectionLeft(ready.request, ready.where, ready.problem))
            else:
                done.done.append(_made(ready, ready.inspection, job, box, library, workspace.lang))
        box.publish()
        if job.tax is not None:
            _write_tax(done, job)
        box.keep()
    done.notes = together(done.notes)
    if len(rows) == 1 and done.left and not done.done:
        left = done.left[0]
        raise NeedsAnswer("inspect.left", where=left.where, why=left.reason)
    return done


def _rows(work: WorkDone, job: _Job) -> list[dict[str, Any]]:
    """The requests asked for. `UsageError` names an id that isn't there and the nearest that is."""
    from addin.crm.calendar import day_of

    if not job.requests:
        rows = list(work.finished(day_of(job.first), day_of(job.last)))
        if not rows:
            raise UsageError("inspect.nothing", first=job.first.isoformat(), last=job.last.isoformat())
        return rows
    found: dict[str, dict[str, Any]] = {}
    for id in job.requests:
        row = work.one(id)
        if row is None:
            raise no_such("requests", id, work.ids())
        found[row["request_id"]] = row
    return list(found.values())


def _made(ready: Ready, inspection: Inspection, job: _Job, box: Outbox, library: Library, lang: str) -> InspectionDone:
    from addin.crm.tax_invoice import tax_line
    from addin.documents.inspection.make import make

    name = say("inspect.file", lang=lang, request=ready.request, name=inspection.record.recipient.get("name", ""))
    stem = file_name(name, 80).rstrip("_")
    paths = tuple(box.put(stem, f, make(inspection, f, ready.pictures, library)) for f in job.formats)
    tax = None
    if job.tax is not None and inspection.priced:
        written = inspection.completed or job.as_of
        tax = tax_line(ready.request, inspection.record, written, ready.buyer, job.as_of, refunded=ready.refunded)
    return InspectionDone(inspection, paths, tax)


def _write_tax(done: Inspected, job: _Job) -> None:
    """The file of invoices' fields; what a person should look at is said too."""
    from addin.crm.tax_invoice import MOST
    from addin.documents.tax_invoice import tax_file

    assert job.tax is not None
    lines = [one.tax for one in done.done if one.tax is not None]
    if len(lines) > 1 and (noted := [line.request for line in lines if line.notes]):
        done.notes.append(msg("tax.noted", count=len(noted), all=len(lines)))
    else:
        done.notes += [msg("tax.note", request=line.request, what=note) for line in lines for note in line.notes]
    if len(lines) > MOST:
        done.notes.append(msg("tax.too_many", count=len(lines), most=MOST))
    if not lines:
        done.notes.append(msg("tax.none"))
        return
    format = job.tax.suffix.casefold().removeprefix(".")
    with outbox(job.tax.parent) as box:
        done.tax = box.put(job.tax.stem, format, tax_file(lines, format, job.as_of))
        box.publish()
        box.keep()


def _json(one: InspectionDone) -> dict[str, Any]:
    inspection = one.inspection
    sums = inspection.record.counted.sums
    return {
        "request": inspection.request,
        "quote": str(inspection.record.number) if inspection.record.number else None,
        "completed": inspection.completed.isoformat() if inspection.completed else None,
        "supply": sums.supply / 100 if inspection.priced else None,
        "tax": sums.tax / 100 if inspection.priced else None,
        "total": sums.total / 100 if inspection.priced else None,
        "defects": len(inspection.defects),
        "open_defects": sum(defect.fixed is None for defect in inspection.defects),
        "photos": sum(bool(name) for shot in inspection.shots for name in (shot.before, shot.after, shot.alone)),
        "missing_photos": list(inspection.missing),
        "paths": [str(path) for path in one.paths],
    }
