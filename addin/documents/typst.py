"""PDF by Typst: one compiler a process, a folder of its own as root, data as JSON and never as markup.

Fonts are the shipped Pretendard; only a text with letters it lacks (hanja) makes the system's fonts be looked at.
Every PDF is PDF/UA-1 and PDF/A-2a, so a letter without a glyph is an error that names it, never a gap.
"""

from __future__ import annotations

import atexit
import hashlib
import json
import re
import shutil
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from addin.errors import DanggolError
from addin.resources import resource

if TYPE_CHECKING:
    from collections.abc import Mapping

STANDARDS: Final = ["ua-1", "a-2a"]
_NO_GLYPH = re.compile(r"could not be displayed|contains the codepoint")
_BROKEN = re.compile(r"failed to (?:decode|load|parse) (?:image|SVG)", re.IGNORECASE)
_QUOTED = re.compile(r'"(.+?)"')
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


class DocumentFault(DanggolError):
    """A document that can't be made: what, where, and what to do."""


def compile_pdf(template: str, data: Mapping[str, Any], images: Mapping[str, bytes] | None = None) -> bytes:
    """A PDF of ``templates/<template>`` and its data (``json(bytes(sys.inputs.data))``); same input, same bytes.

    ``images``: name → bytes of a checked picture (`addin.documents.images`); the template finds the path under
    ``data.images.<name>``. Raises `DocumentFault`: Typst isn't installed, or a letter has no glyph.

    The document's date comes from the data (``set document(date: …)``); no clock is asked.
    """
    press = _press()
    import typst

    whole = {**data, "images": {name: press.picture(image) for name, image in (images or {}).items()}}
    text = json.dumps(whole, ensure_ascii=False)
    source = press.template(template)
    for system in (False, True):
        try:
            made: bytes = press.compiler(system).compile(
                input=source, sys_inputs={"data": text}, format="pdf", pdf_standards=STANDARDS, timestamp=0
            )
        except typst.TypstError as error:
            if _BROKEN.search(error.message):
                raise DocumentFault("doc.image.broken", where=", ".join(images or {}), value=error.message) from error
            if not _NO_GLYPH.search(error.message):
                raise DocumentFault(
                    "doc.typst", where=template, value=f"{error.message} {error.diagnostic}"[:600]
                ) from error
            if system:
                raise DocumentFault("doc.no_glyph", where=template, value=_named(error.message)) from error
        else:
            return made
    raise AssertionError


def _named(message: str) -> str:
    """The text without a glyph, out of Typst's sentence."""
    found = _QUOTED.search(message)
    text = found[1] if found else message
    text = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
    codes = " ".join(f"U+{ord(c):04X}" for c in text[:8] if not c.isspace())
    return f"{text} ({codes})"


class Press:
    """The process's folder, copies of the templates in it, and its two compilers."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="danggol-typst-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self._compilers: dict[bool, Any] = {}

    def template(self, name: str) -> str:
        """A template's copy inside our root."""
        copy = self.folder / name
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(resource("templates", *name.split("/")), copy)
        return str(copy)

    def picture(self, data: bytes) -> str:
        """A picture's path as the template names it."""
        from addin.documents.images import kind_of

        name = f"{hashlib.sha256(data).hexdigest()[:32]}.{kind_of(data)}"
        path = self.folder / "pictures" / name
        if not path.exists():
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        return f"/pictures/{name}"

    def compiler(self, system: bool) -> Any:
        """The compiler with or without the system's fonts."""
        import typst

        if system not in self._compilers:
            fonts = str(resource("templates", "fonts"))
            packages = str(self.folder / "packages")
            self._compilers[system] = typst.Compiler(
                root=str(self.folder), font_paths=[fonts], ignore_system_fonts=not system,
                package_path=packages, package_cache_path=packages,
            )  # fmt: skip
        return self._compilers[system]


@lru_cache(maxsize=1)
def _press() -> Press:
    try:
        import typst  # noqa: F401 -- asked for here, so that its absence is a sentence
    except ModuleNotFoundError as missing:
        raise DocumentFault("doc.not_installed", value="typst") from missing
    return Press()
