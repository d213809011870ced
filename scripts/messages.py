"""Compile the .po catalogues to .mo (Babel), once both languages say the same ids with the same fields."""

from __future__ import annotations

import io
import string
import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALES = Path(__file__).resolve().parents[1] / "addin" / "i18n" / "locales"


def fields(text: str) -> set[str]:
    """The {names} in a translation."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def compiled(lang: str) -> tuple[dict[str, str], bytes]:
    """One language's id → text, and its .mo bytes."""
    path = LOCALES / lang / "LC_MESSAGES" / "danggol.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
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
        data = compiled(lang)[1]
        if "--check" in sys.argv:
            if not path.exists() or path.read_bytes() != data:
                found.append(f"{path} is not built from its .po: run `make messages`")
        else:
            path.write_bytes(data)
    print("\n".join(found))
    sys.exit(bool(found))
