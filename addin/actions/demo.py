"""``danggol demo``: make the messy sample and do the whole job on it, embedded; no account, no Excel."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING, Any

from addin.actions.adopt import adopt_book
from addin.actions.progress import Step, quiet
from addin.actions.refresh import refresh_book
from addin.errors import BookError
from addin.i18n import say
from addin.resources import resource

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

BOOK, ORIGINAL = "파트너관리.xlsx", "파트너관리 (원본).xlsx"
TABS = (
    "dashboard",
    "tasks",
    "ladder",
    "funnel",
    "experiments",
    "kpi",
    "partnerships",
    "tiers",
    "factories",
    "regulars",
    "cases",
    "economics",
    "check",
    "mapping",
    "settings",
)
SHOWN = 4
#: Who the invented company of the sample is; the number passes the checksum.
COMPANY = {
    "name": "든든집수리",
    "business_no": "123-45-67891",
    "owner": "김든든",
    "address": "서울 성동구 왕십리로 1",
    "business_type": "서비스",
    "business_item": "집수리",
    "phone": "02-0000-0000",
    "email": "hello@example.com",
    "account": "예시은행 000-000-000000",
}
#: The candidate whose internal case the demo makes.
CASE = "해솔마을 1단지 관리사무소"
#: The partner whose monthly report the demo makes.
REPORTED = "솔내음마을 3단지 관리사무소"


def run_demo(folder: Path, step: Step = quiet) -> str:
    """Write the sample into a folder, adopt and refresh it; returns the summary to print.

    A sample from an earlier demo is made anew with its ``.danggol``; any other file is left alone. `BookError` where
    the folder can't be written.
    """
    from addin.actions.results import results_of
    from addin.actions.sample import make_sample
    from addin.actions.workspace import open_workspace

    started = time.monotonic()
    book, original = folder / BOOK, folder / ORIGINAL
    step("progress.sample", 0.0)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in (BOOK, ORIGINAL):
            _forget(folder, name)
        make_sample(original)
        book.write_bytes(original.read_bytes())
    except OSError as error:
        raise BookError("error.cannot_write", where=str(folder), reason=error.strerror or str(error)) from error
    adopt_book(book, step=lambda id, share: step(id, 0.15 + 0.25 * share))
    _tell_who_we_are(book)
    refreshed = refresh_book(book, step=lambda id, share: step(id, 0.4 + 0.5 * share))
    step("progress.reading", 0.9)
    workspace = open_workspace(book)
    results = results_of(workspace)
    return _summary(book, original, refreshed, results, workspace, time.monotonic() - started)


def demo_documents(book: Path, folder: Path, step: Step = quiet) -> str:
    """A quote of the newest open request, an inspection form, a letter, a partner's monthly report, the year's deck, a
    partner's kit and a candidate's internal case, made of the demo book; the lines to print."""
    from addin.actions.case import case_book
    from addin.actions.deck import deck_book
    from addin.actions.kit import kit_book
    from addin.actions.quote import quote_book
    from addin.actions.report import report_book
    from addin.actions.tasks import tasks_of

    step("demo.quote", 0.1)
    tasks = tasks_of(book)
    asked = [task.request for task in tasks.open() if task.kind == "reproposal" and task.request]
    paths = []
    if asked:
        paths += quote_book(
            book, request=asked[-1], formats=("pdf", "xlsx", "html"), out=folder / say("demo.quotes")
        ).paths
    step("demo.inspection", 0.4)
    paths += _inspection_and_mail(book, folder, asked, tasks.as_of)
    step("demo.report", 0.6)
    paths += report_book(book, partner=REPORTED, out=folder / say("demo.reports")).paths
    step("progress.decking", 0.75)
    paths.append(deck_book(book, out=folder / say("deck.file", year=str(tasks.as_of.year if tasks.as_of else ""))).path)
    step("progress.kit", 0.9)
    paths += [kit.archive or kit.folder for kit in kit_book(book, partner=REPORTED, zip=True).made]
    step("progress.case", 0.97)
    paths += case_book(book, partner=CASE, as_of=tasks.as_of.isoformat() if tasks.as_of else None).paths
    return "\n".join(["", say("demo.documents"), *(f"  {path.resolve()}" for path in paths), ""])


def _inspection_and_mail(book: Path, folder: Path, asked: Sequence[str], day: dt.date | None) -> list[Path]:
    """The form of the work that was finished last, with its photos, and the letter to who was asked last."""
    from addin.actions.inspection import inspect_book
    from addin.actions.mail import mail_book
    from addin.actions.sample.photos import draw_photos
    from addin.actions.workspace import open_workspace

    frame = open_workspace(book).records["requests"].frame
    done = frame.filter(frame["stage"] == "완료", frame["completed_at"].is_not_null()).sort("completed_at")
    paths: list[Path] = []
    if day is not None and done.height:
        id = done["request_id"][-1]
        draw_photos(folder / say("inspect.photo_folder", "ko") / id)
        paths += inspect_book(
            book, requests=[id], as_of=day.isoformat(), out=folder / say("inspect.folder"),
            tax_invoice=folder / say("inspect.folder") / f"{say('tax.sheet')}.xlsx",
        ).paths  # fmt: skip
    if asked:
        paths += mail_book(book, requests=[asked[-1]], kind="reproposal", out=folder / say("mail.folder")).paths
    return paths


def _tell_who_we_are(book: Path) -> None:
    """What a person writes into the settings tab before the first quote: who we are."""
    from addin.actions.ours import find_ours
    from addin.actions.views.settings import parse_settings_tab
    from addin.books.edits import Edits
    from addin.books.file import open_book
    from addin.books.read import read_book

    snapshot = read_book(book)
    tab = snapshot.grid(find_ours(snapshot.names).tabs["settings"])
    assert tab is not None
    places = parse_settings_tab(tab).places
    edits = Edits("demo")
    for key, text in COMPANY.items():
        edits.write(tab.name, *places[f"company.{key}"], [[text]])
    open_book(book, sha256=snapshot.sha256).apply(edits)


def _forget(folder: Path, name: str) -> None:
    """Take away an earlier demo's book, its backups and its journals."""
    (folder / name).unlink(missing_ok=True)
    for path in (folder / ".danggol").glob(f"{name}.*"):
        path.unlink()


def _summary(book: Path, original: Path, refreshed: Any, results: Any, workspace: Any, seconds: float) -> str:
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    from addin.actions.tabs import names_of
    from addin.actions.views.parts import Say
    from addin.crm.flags import FLAGS

    spoken = Say(workspace.lang)
    worst = sorted(results.partner_flags.items(), key=lambda item: FLAGS.index(item[1].flag))[:SHOWN]
    flagged = [
        {"flag": spoken.flag(found.flag), "name": name, "reason": say(found.reasons[0])}
        for name, found in worst
        if found.flag in ("breach", "warn") and found.reasons
    ]
    names = names_of(workspace)
    tabs = [{"name": names[key], "what": say(f"summary.tab.{key}")} for key in TABS]
    template = resource("templates", "workbook", "summary.txt.j2").read_text("utf-8")
    text: str = (
        SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=False, keep_trailing_newline=True)
        .from_string(template)
        .render(
            say=say,
            book=os.fspath(book.resolve()),
            original=os.fspath(original.resolve()),
            refreshed=refreshed,
            flagged=flagged,
            tabs=tabs,
            seconds=round(seconds, 1),
        )
    )
    return text
