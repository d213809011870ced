"""``sync.toml``: where the master is, where partners' sheets are, and what each side may see and fill in.

```toml
master = "파트너관리.xlsx"
port = "folder"                  # or "google"
folder = "공유/파트너"             # port = "folder": one .xlsx a partner below it
credentials = "~/keys/danggol.json"  # port = "google"; without it the signed-in account, or ADC
poll_seconds = 60
given = ["received_at", "customer", "phone", "service", "event_at"]
filled = ["visited_at", "completed_at", "stage", "note"]

[partners]
"한빛아파트" = "한빛아파트.xlsx"    # a file name below the folder, or a Google Sheet's id or address
```
Paths are relative to the file. Nothing secret stands in it.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.crm.tables import table
from addin.errors import DanggolError
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
    "spare_rows": int,
    "lang": str,
    "given": list,
    "filled": list,
    "choices": dict,
    "partners": dict,
}
_SHEET_ADDRESS: Final = re.compile(r"/spreadsheets/d/([A-Za-z0-9_-]{20,})")


class ConfigError(DanggolError):
    """``sync.toml`` can't be used: which line or key, what stands there, what is meant perhaps."""

    exit_code = 2


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


def load_config(path: Path) -> Config:
    """Read and check a ``sync.toml``. Raises `ConfigError` with the key and the nearest one that is known."""
    try:
        raw = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise ConfigError("sync.config.missing", where=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError("sync.config.syntax", where=path.name, value=str(error)) from error
    for key, value in raw.items():
        kind = _KNOWN.get(key)
        if kind is None:
            raise ConfigError("sync.config.unknown", where=path.name, value=key, near=_near(key, _KNOWN))
        if not isinstance(value, kind) or isinstance(value, bool):
            raise ConfigError("sync.config.kind", where=f"{path.name}: {key}", value=repr(value))
    for key in ("master", "partners"):
        if not raw.get(key):
            raise ConfigError("sync.config.needs", where=path.name, value=key)
    port = raw.get("port", PORTS[0])
    if port not in PORTS:
        raise ConfigError("sync.config.port", where=path.name, value=port, known=", ".join(PORTS))
    if port == "folder" and "folder" not in raw:
        raise ConfigError("sync.config.needs", where=path.name, value="folder")
    poll = float(raw.get("poll_seconds", 60))
    if poll < 5:
        raise ConfigError("sync.config.poll", where=f"{path.name}: poll_seconds", value=str(raw["poll_seconds"]))
    return Config(
        path=path,
        master=_path(path, raw["master"]),
        port=port,
        partners=_partners(path, raw["partners"], port),
        layout=_layout(path, raw),
        folder=_path(path, raw["folder"]) if port == "folder" else None,
        credentials=_path(path, raw["credentials"]) if "credentials" in raw else None,
        poll_seconds=poll,
    )


def _partners(path: Path, raw: dict[str, Any], port: str) -> tuple[PartnerSetup, ...]:
    """One sheet a partner: two partners in one sheet would see each other's rows."""
    found: dict[str, PartnerSetup] = {}
    for name, ref in raw.items():
        where = f"{path.name}: partners.{name}"
        if not isinstance(ref, str) or not ref.strip():
            raise ConfigError("sync.config.kind", where=where, value=repr(ref))
        address = _SHEET_ADDRESS.search(ref) if port == "google" else None
        clean = address[1] if address else ref.strip()
        if port == "folder" and (Path(clean).is_absolute() or ".." in Path(clean).parts):
            raise ConfigError("sync.config.outside", where=where, value=clean)
        key = clean.casefold() if port == "folder" else clean  # Windows and Mac don't tell upper from lower case
        if key in found:
            raise ConfigError("sync.config.shared", where=where, value=clean, other=found[key].name)
        found[key] = PartnerSetup(name, clean)
    return tuple(found.values())


def _layout(path: Path, raw: dict[str, Any]) -> Layout:
    given, filled = raw.get("given", GIVEN), raw.get("filled", FILLED)
    choices = raw.get("choices", {})
    requests = table("requests")
    assert requests is not None
    known = [f.id for f in requests.fields]
    for key, fields in (("given", given), ("filled", filled), ("choices", choices)):
        for field in fields:
            if field not in known:
                where = f"{path.name}: {key}"
                raise ConfigError("sync.config.field", where=where, value=str(field), near=_near(str(field), known))
    for field in set(given) & set(filled):
        raise ConfigError("sync.config.both", where=path.name, value=field)
    return layout_of(given, filled, choices=choices, spare=raw.get("spare_rows", 20), lang=raw.get("lang", "ko"))


def _path(config: Path, text: str) -> Path:
    return config.resolve().parent / Path(text).expanduser()


def _near(word: str, known: Iterable[str]) -> str:
    return next(iter(difflib.get_close_matches(word, list(known), n=1, cutoff=0.4)), "–")
