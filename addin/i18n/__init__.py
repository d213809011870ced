"""Korean and English from one gettext catalogue (``locales/*/LC_MESSAGES/danggol.po``).

Message ids are dotted names (``fault.bad_date``); translations use ``{name}`` fields.
Korean is the default: ``DANGGOL_LANG`` or ``--lang`` changes it, never the machine's locale.
"""

from __future__ import annotations

import gettext
import os
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from addin.crm.message import Message, Scalar, msg
from addin.i18n.josa import particles

LOCALES = Path(__file__).parent / "locales"
LANGUAGES = ("ko", "en")
_language: ContextVar[str | None] = ContextVar("danggol_language", default=None)


def language() -> str:
    """The language in force: ``use_language``'s, else ``DANGGOL_LANG``, else Korean."""
    chosen = _language.get() or os.environ.get("DANGGOL_LANG", "")[:2].lower()
    return chosen if chosen in LANGUAGES else "ko"


def use_language(lang: str | None) -> None:
    """Set the language of this context; None gives it back to the environment."""
    _language.set(lang)


@lru_cache(maxsize=4)
def catalogue(lang: str) -> gettext.NullTranslations:
    """The compiled catalogue of one language. ``make messages`` rebuilds it from the .po."""
    return gettext.translation("danggol", localedir=str(LOCALES), languages=[lang])


def known(id: str, lang: str | None = None) -> bool:
    """Whether the catalogue has this id."""
    return catalogue(lang or language()).gettext(id) != id


def say(message: Message | str, /, lang: str | None = None, **params: Scalar | Message) -> str:
    """A `Message` (or an id with parameters) as a sentence in one language.

    An id the catalogue lacks is shown as it is, so nothing is swallowed.

    >>> say("no.such.id")
    'no.such.id'
    """
    if isinstance(message, str):
        message = msg(message, **params)
    lang = lang or language()
    text, done = _words(message.id, lang)
    if done:
        return text
    text = text.format_map(_Gaps({key: _text(value, lang) for key, value in message.params.items()}))
    return particles(text) if lang == "ko" else text


@lru_cache(maxsize=4096)
def _words(id: str, lang: str) -> tuple[str, bool]:
    """The words of an id, and whether nothing is to be filled in."""
    text = catalogue(lang).gettext(id)
    if "{" in text:
        return text, False
    return (particles(text) if lang == "ko" else text), True


def _text(value: object, lang: str) -> object:
    if isinstance(value, Message):
        return say(value, lang)
    if isinstance(value, tuple):
        return ", ".join(str(_text(item, lang)) for item in value)
    return value


class _Gaps(dict[str, object]):
    """A parameter the sentence names and nobody gave stays visible as {name}."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"
