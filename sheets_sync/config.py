"""``sync.toml``: where the master is, where partners' sheets are, and what each side may see and fill in.

```toml
master = "파트너관리.xlsx"
port = "folder"                  # or "google"
folder = "공유/파트너"             # port = "folder": one .xlsx a partner below it
credentials = "~/keys/danggol.json"  # port = "google"; without it the signed-in account, or ADC
poll_seconds = 60
quiet_hours = "22:00-07:00"      # --watch rests then
given = ["received_at", "customer", "phone", "service", "event_at"]
filled = ["visited_at", "completed_at", "stage", "note"]

[partners]
"한빛아파트" = "한빛아파트.xlsx"    # a file name below the folder, or a Google Sheet's id or address
```
Paths are relative to the file. Nothing secret stands in it.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.crm.tables import table
from addin.errors import UsageError
from addin.i18n import LANGUAGES
from sheets_sync.choke import check_fields
from sheets_sync.cycle import PartnerSetup
from sheets_sync.layout import FILLED, GIVEN, layout_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sheets_sync.layout import Layout

PORTS: Final = ("folder", "google")
_KNOWN: Final[dict[str, type | tuple[type, ...]]] = {
    "master": str,
    "port": str,
    "folder": str,
    "credentials": str,
    "poll_seconds": (int, float),
    "quiet_hours": str,
    "spare_rows": int,
    "lang": str,
    "given": list,
    "filled": list,
    "choices": dict,
    "partners": dict,
}
_HOURS: Final = re.compile(r"([01]?\d|2[0-3]):([0-5]\d) *[-~] *([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
MAX_SPARE: Final = 200
_SHEET_ADDRESS: Final = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]{20,})")


class ConfigError(UsageError):
    """``sync.toml`` can't be used: which line or key, what stands there, what is meant perhaps."""


@dataclass(frozen=True, slots=True)
class Config:
    """A configuration that was checked. ``folder`` and ``credentials`` only for their port."""

    path: Path
    master: Path
    port: str
    partners: tuple[PartnerSetup, ...]
    layout: Layout
    folder: Path | None = None
    credentials: Path | None = None
    poll_seconds: float = 60.0
    quiet_hours: tuple[dt.time, dt.time] | None = None


def load_config(path: Path, *, partners_wanted: bool = True) -> Config:
    """Read and check a ``sync.toml``. Raises `ConfigError` with the line, the key and the nearest one that is known.

    ``partners_wanted``: at least one partner has to stand in it; not so before the first sheet is shared.
    """
    try:
        text = path.read_text("utf-8-sig")
        raw = tomllib.loads(text)
    except OSError as error:
        raise ConfigError("sync.config.missing", where=str(path), value=error.strerror or "") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("sync.config.syntax", where=path.name, value=_reason(error)) from error
    except UnicodeDecodeError as error:
        raise ConfigError("sync.config.encoding", where=path.name) from error
    reader = _Reader(path, text)
    for key, value in raw.items():
        kind = _KNOWN.get(key)
        if kind is None:
            raise ConfigError("sync.config.unknown", where=reader.at(key), value=key, near=_near(key, _KNOWN))
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ConfigError("sync.config.kind", where=reader.at(key), value=f"{key} = {value!r}")
    for key in ("master", *(("partners",) if partners_wanted else ())):
        if not raw.get(key):
            raise ConfigError("sync.config.needs", where=path.name, value=key)
    port = raw.get("port", PORTS[0])
    if port not in PORTS:
        raise ConfigError("sync.config.port", where=reader.at("port"), value=port, known=", ".join(PORTS))
    if port == "folder" and not raw.get("folder"):
        raise ConfigError("sync.config.needs", where=path.name, value="folder")
    poll = float(raw.get("poll_seconds", 60))
    if not 5 <= poll <= 86_400:
        raise ConfigError("sync.config.poll", where=reader.at("poll_seconds"), value=str(raw["poll_seconds"]))
    folder = _path(path, raw["folder"]) if port == "folder" else None
    master = _path(path, raw["master"])
    if folder is not None and master.resolve().is_relative_to(folder.resolve()):
        raise ConfigError("sync.config.master_inside", where=reader.at("folder"), value=raw["folder"])
    return Config(
        path=path,
        master=master,
        port=port,
        partners=_partners(reader, raw.get("partners", {}), port),
        layout=_layout(reader, raw),
        folder=folder,
        credentials=_path(path, raw["credentials"]) if "credentials" in raw else None,
        poll_seconds=poll,
        quiet_hours=_hours(reader, raw.get("quiet_hours", "")),
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """The file as text, to say on which line something stands."""

    path: Path
    text: str

    def at(self, key: str) -> str:
        """``sync.toml:3``, the line a key stands on; the name alone where it can't be told."""
        form = rf"""^[ \t]*(?:\[[ \t]*)?["']?{re.escape(key)}["']?[ \t]*[=\].]"""
        found = re.search(form, self.text, re.MULTILINE)
        return f"{self.path.name}:{self.text.count(chr(10), 0, found.start()) + 1}" if found else self.path.name


def _reason(error: tomllib.TOMLDecodeError) -> str:
    """Line and column of what tomllib could not read.

    >>> try:
    ...     tomllib.loads("port = 'folder'\\nmaster = = 3")
    ... except tomllib.TOMLDecodeError as error:
    ...     _reason(error)
    '2:10'
    """
    text = str(error)
    place = re.search(r"at line (\d+), column (\d+)", text)
    return f"{place[1]}:{place[2]}" if place else text


def sheet_id(text: str) -> str:
    """The id of a Google Sheet: of its address, or as given.

    >>> sheet_id("https://docs.google.com/spreadsheets/d/1QOeODZuRiQ6aYM8dXDBee2E0YxEkIgd46h/edit#gid=0")
    '1QOeODZuRiQ6aYM8dXDBee2E0YxEkIgd46h'
    """
    address = _SHEET_ADDRESS.search(text)
    return address[1] if address else text.strip()


def _partners(reader: _Reader, raw: dict[str, Any], port: str) -> tuple[PartnerSetup, ...]:
    """One sheet a partner: two partners in one sheet would see each other's rows."""
    found: dict[str, PartnerSetup] = {}
    for name, ref in raw.items():
        where = reader.at(name)
        if not isinstance(ref, str) or not ref.strip():
            raise ConfigError("sync.config.kind", where=where, value=f"{name} = {ref!r}")
        address = _SHEET_ADDRESS.search(ref) if port == "google" else None
        clean = address[1] if address else ref.strip()
        if port == "folder" and (Path(clean).is_absolute() or ".." in Path(clean).parts):
            raise ConfigError("sync.config.outside", where=where, value=clean)
        key = clean.casefold() if port == "folder" else clean  # Windows and Mac don't tell upper from lower case
        if key in found:
            raise ConfigError("sync.config.shared", where=where, value=clean, other=found[key].name)
        found[key] = PartnerSetup(name, clean)
    return tuple(found.values())


def _layout(reader: _Reader, raw: dict[str, Any]) -> Layout:
    given, filled, choices = raw.get("given", GIVEN), raw.get("filled", FILLED), raw.get("choices", {})
    requests = table("requests")
    assert requests is not None
    known = [f.id for f in requests.fields]
    for key, fields in (("given", given), ("filled", filled), ("choices", choices)):
        for field in fields:
            if field not in known:
                near = _near(str(field), known)
                raise ConfigError("sync.config.field", where=reader.at(key), value=str(field), near=near)
    for field, words in choices.items():
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise ConfigError("sync.config.kind", where=reader.at(field), value=f"{field} = {words!r}")
    for field in sorted(set(given) & set(filled)):
        raise ConfigError("sync.config.both", where=reader.at("filled"), value=field)
    spare, lang = raw.get("spare_rows", 20), raw.get("lang", LANGUAGES[0])
    if not 0 <= spare <= MAX_SPARE:
        raise ConfigError("sync.config.kind", where=reader.at("spare_rows"), value=f"spare_rows = {spare}")
    if lang not in LANGUAGES:
        raise ConfigError("sync.config.lang", where=reader.at("lang"), value=lang, known=", ".join(LANGUAGES))
    layout = layout_of(list(dict.fromkeys(given)), list(dict.fromkeys(filled)), choices=choices, spare=spare, lang=lang)
    try:
        check_fields(layout)
    except UsageError as error:
        raise ConfigError("sync.config.never", where=reader.at("given"), value=error.value) from error
    return layout


def _hours(reader: _Reader, text: str) -> tuple[dt.time, dt.time] | None:
    if not text:
        return None
    found = _HOURS.fullmatch(text.strip())
    if found is None:
        raise ConfigError("sync.config.hours", where=reader.at("quiet_hours"), value=text)
    start, end = dt.time(int(found[1]), int(found[2])), dt.time(int(found[3]), int(found[4]))
    return (start, end) if start != end else None


def _path(config: Path, text: str) -> Path:
    return config.resolve().parent / Path(text).expanduser()


def _near(word: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.4)), "–")
