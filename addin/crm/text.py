"""Text made comparable for reading, and a cell's value shown as text.

What people typed is never changed in the sheet; these are only the glasses the parsers read through.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from addin.crm.grid import CellError

_LONGEST = 200

#: Full-width forms to ASCII, every odd space to a plain one, invisible characters to nothing.
_GLASSES: dict[int, str | None] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys((0x00A0, 0x1680, *range(0x2000, 0x200B), 0x2028, 0x2029, 0x202F, 0x205F, 0x3000), " "),
    **dict.fromkeys((0x00AD, 0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x2060, 0xFEFF), None),
    0xFFE6: "₩",
}
_ODD = re.compile(f"[{''.join(map(re.escape, map(chr, _GLASSES)))}]")
_DASHES = re.compile("[‐‑‒–—―−﹣ㅡ]")


def tidy(text: str) -> str:
    """Text for comparing: composed (NFC), half-width, single plain spaces, nothing invisible.

    Not NFKC: that would read ``①`` as 1 and ``10²`` as 102.

    >>> tidy(" １２０\\u00a0만원\\u200b ")
    '120 만원'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
        if _ODD.search(text):
            text = text.translate(_GLASSES)
    return " ".join(text.split())


def plain(text: str) -> str:
    """`tidy` for numbers, dates and phones: every dash is ``-`` too.

    >>> plain("010–１２３４–5678")
    '010-1234-5678'
    """
    return _DASHES.sub("-", tidy(text))


def trimmed(text: str) -> str:
    """Text as typed, composed (NFC), without white space or invisible marks around it.

    >>> trimmed(" ＝1+1 ")
    '＝1+1'
    """
    text = text.strip()
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", text).strip("\u200b\u200c\u200d\u2060\ufeff \u00a0\u3000\t\r\n")


def spelling_key(text: str) -> str:
    """Two spellings of one word share this: case, spaces and width don't count.

    >>> spelling_key("ＧＴＸ pro") == spelling_key("GTXPro")
    True
    """
    return tidy(text).replace(" ", "").casefold()


def shown(value: object) -> str:
    """A cell's value as a person would say it, at most 200 characters.

    >>> shown(1012345678.0), shown(0.5), shown(True), shown(dt.datetime(2024, 3, 5, 15, 20))
    ('1012345678', '0.5', 'TRUE', '2024-03-05 15:20')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e21 else f"{value:.15g}"
    if isinstance(value, int) and value.bit_length() > 200:
        return f"{value:#x}"[:_LONGEST]
    if isinstance(value, CellError):
        return value.code
    if isinstance(value, dt.datetime):
        return value.isoformat(" ", "seconds").removesuffix(":00").removesuffix(" 00:00") if value == value else ""
    text = trimmed(value) if isinstance(value, str) else str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
