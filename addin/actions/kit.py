"""``danggol kit``: a folder (and a zip) of everything a partner needs to offer our services, in its own prices.

Nothing in the workbook is changed. A partner's kit holds nothing of another partner, and no cost.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.actions.dates import parse_day, today
from addin.actions.progress import Step, quiet
from addin.actions.workspace import Workspace, open_workspace
from addin.crm.message import Message, msg
from addin.errors import BookError, DanggolError, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from addin.actions.team_tables import TeamTables
    from addin.documents.kit.face import Kit

NAMES_SHOWN: Final = 8
NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True)
class Packed:
    """One partner's kit: its folder, its files, its zip where one was asked for."""

    partner: str
    folder: Path
    paths: tuple[Path, ...]
    archive: Path | None


@dataclass(slots=True)
class Kitted:
    """What a run made; ``left``: partner → why it has no kit; ``notes``: what the sender should know."""

    folder: Path
    made: list[Packed] = field(default_factory=list)
    left: dict[str, Message] = field(default_factory=dict)
    notes: list[Message] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As ``--json`` prints it."""
        return {
            "kits": [
                {
                    "partner": one.partner,
                    "folder": str(one.folder),
                    "paths": [str(path) for path in one.paths],
                    "zip": str(one.archive) if one.archive else None,
                }
                for one in self.made
            ],
            "left": {partner: say(reason) for partner, reason in self.left.items()},
            "notes": [say(note) for note in self.notes],
        }


def kit_book(
    book: Path,
    *,
    partner: str | None = None,
    all: bool = False,
    zip: bool = False,
    out: Path | None = None,
    as_of: str | None = None,
    maps: Sequence[str] = (),
    step: Step = quiet,
) -> Kitted:
    """Make the kit of one partner (``partner``: name, id or alias) or of all that work with us (``all``).

    ``out`` defaults to a folder 파트너 키트 beside the book; files of an earlier run are replaced. Raises `UsageError`
    for a partner that isn't there, `NeedsAnswer` while the settings don't say who we are, `DanggolError` where a
    document can't be made; with ``all`` that partner is listed in ``left`` instead.
    """
    from addin.actions.team_tables import TeamTables

    if (partner is None) == (not all):
        raise UsageError("kit.which")
    day = parse_day(as_of, "--as-of") or today()
    workspace = open_workspace(book, maps=maps, step=step)
    if "partners" not in workspace.records:
        have = ", ".join(workspace.records) or "–"
        raise DanggolError("error.no_such_table", where=str(book), value="partners", have=have)
    tables = TeamTables(workspace, book.parent)
    supplier = tables.company()
    rows = _working(tables) if partner is None else [_named(workspace, tables, partner)]
    done = Kitted(out if out is not None else book.parent / say("kit.folder", lang=workspace.lang))
    kits = []
    for row in rows:
        try:
            kits.append(_kit(workspace, tables, supplier, row, day))
        except DanggolError as error:
            _leave(done, _name(row), error, one=partner is not None)
    _write(done, kits, book.parent, step, zip=zip, one=partner is not None)
    _remark(done, kits)
    return done


def _name(row: dict[str, Any]) -> str:
    return str(row.get("name") or row.get("partner_key") or "")


def _working(tables: TeamTables) -> list[dict[str, Any]]:
    """The partners we work with: candidates and ended ones get no kit."""
    import polars as pl

    from addin.crm.roster import roster

    rows = [row for row in tables.partners.values() if _name(row)]
    known = roster(pl.DataFrame([{k: row.get(k) for k in ("name", "stage", "status")} for row in rows]))
    out = []
    for row in rows:
        found = known.find(_name(row))
        if found is None or not (found.candidate or found.ended):
            out.append(row)
    if not out:
        raise DanggolError("kit.nobody")
    return out


def _named(workspace: Workspace, tables: TeamTables, text: str) -> dict[str, Any]:
    """The row of the partner a person means."""
    from addin.actions.meant import partner_meant
    from addin.crm.text import spelling_key

    rows = [row for row in tables.partners.values() if _name(row)]
    index = {spelling_key(_name(row)): row for row in reversed(rows)}
    for row in rows:
        if row.get("partner_id"):
            index.setdefault(spelling_key(row["partner_id"]), row)
    return partner_meant(text, index, workspace.aliases, _name)


def _kit(workspace: Workspace, tables: TeamTables, supplier: dict[str, str], row: dict[str, Any], day: dt.date) -> Kit:
    from addin.actions.team_tables import tier_of
    from addin.crm.kit import BOOKING_HEADERS, CHANNEL_HEADERS, extra, kit_prices, promise
    from addin.crm.partner_tasks import reports_monthly
    from addin.documents.kit.face import Kit

    pictures = tables.pictures(_name(row))
    pictures.pop("seal", None)
    return Kit(
        partner=_name(row),
        contact=str(row.get("contact") or ""),
        supplier=supplier,
        promise=promise(row, workspace.settings),
        policy=workspace.settings.policy,
        valid_days=workspace.settings.valid_days,
        date=day,
        lang=workspace.lang,
        office=reports_monthly(row),
        channel=extra(row, CHANNEL_HEADERS),
        booking=extra(row, BOOKING_HEADERS),
        prices=kit_prices(tables.prices, tier_of(row), tables.discounts),
        version=tables.prices.version if tables.prices.items else "",
        pictures=pictures,
    )


def _leave(done: Kitted, partner: str, error: DanggolError, *, one: bool) -> None:
    """A partner whose kit can't be made; the error itself where it is the only one or the same for all."""
    if one or error.message.id == "doc.not_installed":
        raise error
    done.left[partner] = error.message


def _write(done: Kitted, kits: Sequence[Kit], beside: Path, step: Step, *, zip: bool, one: bool) -> None:
    """Make everything out of sight, then put it in its place."""
    from addin.documents.kit.make import archive, make_kit

    taken: set[str] = set()
    try:
        done.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".danggol-", dir=done.folder) as staged:
            moves: list[tuple[Path, Path]] = []

            def put(path: Path, data: bytes) -> Path:
                hidden = Path(staged) / str(len(moves))
                hidden.write_bytes(data)
                moves.append((hidden, path))
                return path

            for at, kit in enumerate(kits):
                step("progress.kit", 0.5 + 0.45 * at / len(kits))
                try:
                    files = make_kit(kit, beside)
                except DanggolError as error:
                    _leave(done, kit.partner, error, one=one)
                    continue
                stem = _stem(kit, taken)
                folder = done.folder / stem
                paths = tuple(put(folder / name, data) for name, data in files.items())
                packed = put(done.folder / f"{stem}.zip", archive(files, stem)) if zip else None
                done.made.append(Packed(kit.partner, folder, paths, packed))
            for hidden, path in moves:
                path.parent.mkdir(exist_ok=True)
                os.replace(hidden, path)
    except OSError as error:
        where = str(error.filename2 or error.filename or done.folder)
        raise BookError("error.cannot_write", where=where, reason=error.strerror or str(error)) from error


def _stem(kit: Kit, taken: set[str]) -> str:
    """A folder's name every system takes, another for each partner."""
    from addin.actions.outbox import file_name
    from addin.documents.report.face import plain

    name = file_name(plain(kit.partner), NAME_LENGTH) or "_"
    first = stem = say("kit.stem", lang=kit.lang, partner=name)
    n = 1
    while stem.casefold() in taken:
        n += 1
        stem = f"{first} ({n})"
    taken.add(stem.casefold())
    return stem


def _remark(done: Kitted, kits: Sequence[Kit]) -> None:
    """What the sender should add to the workbook, so that the next kit is whole."""
    if not kits:
        return
    if not kits[0].prices:
        done.notes.append(msg("kit.note.no_prices"))
    unpriced = [price.name for price in kits[0].prices if price.price is None]
    if unpriced:
        done.notes.append(msg("kit.note.unpriced", items=_some(unpriced)))
    without = [kit.partner for kit in kits if not kit.booking]
    if without:
        done.notes.append(msg("kit.note.no_booking", partners=_some(without)))


def _some(names: Sequence[str]) -> str:
    from addin.documents.report.face import plain

    return ", ".join(map(plain, names[:NAMES_SHOWN])) + (" …" if len(names) > NAMES_SHOWN else "")
