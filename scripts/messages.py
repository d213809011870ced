"""Compile the .po catalogues to .mo (Babel), once both languages say the same ids with the same fields."""

from __future__ import annotations

import datetime as dt
import gettext
import io
import string
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "addin" / "i18n" / "locales"


DATE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def built(path: Path) -> dict[str, str]:
    """What a compiled catalogue says; {} where there is none."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        texts: dict[str, str] = gettext.GNUTranslations(file)._catalog
    return {id: text for id, text in texts.items() if id}


def fields(text: str) -> set[str]:
    """The {names} in a translation."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def compiled(lang: str) -> tuple[dict[str, str], bytes]:
    """One language's id → text, and its .mo bytes."""
    path = LOCALES / lang / "LC_MESSAGES" / "danggol.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
    catalogue.creation_date = catalogue.revision_date = DATE  # the same bytes whenever it is built
    buffer = io.BytesIO()
    write_mo(buffer, catalogue)
    return {str(m.id): str(m.string) for m in catalogue if m.id}, buffer.getvalue()


def problems() -> list[str]:
    """Ids or fields that differ between Korean and English, and untranslated ids."""
    (ko, _), (en, _) = compiled("ko"), compiled("en")
    out = [f"only in one language: {id}" for id in sorted(ko.keys() ^ en.keys())]
    for id in sorted(ko.keys() & en.keys()):
        if not ko[id] or not en[id]:
            out.append(f"untranslated: {id}")
        elif fields(ko[id]) != fields(en[id]):
            out.append(f"fields differ: {id}: {fields(ko[id]) ^ fields(en[id])}")
    return out


if __name__ == "__main__":
    found = problems()
    for lang in ("ko", "en"):
        path = LOCALES / lang / "LC_MESSAGES" / "danggol.mo"
        texts, data = compiled(lang)
        if "--check" not in sys.argv:
            path.write_bytes(data)
        elif built(path) != texts:
            found.append(f"{path} is not built from its .po: run `make messages`")
    print("\n".join(found))
    sys.exit(bool(found))
