"""Korean particles after a word nobody knows beforehand: ``'{name}'[과/와]`` takes the form its last sound asks for."""

from __future__ import annotations

import re

_FORMS = re.compile(r"(\S?)((?:['\"’”」』)\]]|\s\(.*?\))*)\[(이/가|을/를|은/는|과/와|으로/로|이에요/예요|이나/나)\]")
_DIGITS_WITH_FINAL = "013678"
_LATIN_WITH_FINAL = "lmnLMN"


def particles(text: str) -> str:
    """Choose every bracketed particle by what stands before it (quotes and brackets aside).

    >>> particles("'파트너명'[과/와] '금액(원)'[과/와] 3[으로/로] 7[으로/로] 서울[으로/로] KPI[을/를]")
    "'파트너명'과 '금액(원)'과 3으로 7로 서울로 KPI를"
    """
    return _FORMS.sub(_chosen, text) if "[" in text else text


def _chosen(found: re.Match[str]) -> str:
    last, between, forms = found.groups()
    with_final, without = forms.split("/")
    final = _final(last)
    if forms == "으로/로" and final == "ㄹ":
        final = ""
    return f"{last}{between}{with_final if final else without}"


def _final(letter: str) -> str:
    """The closing consonant of a letter as it is read: "" none, "ㄹ", or "x" for any other."""
    if "가" <= letter <= "힣":
        index = (ord(letter) - 0xAC00) % 28
        return "" if index == 0 else "ㄹ" if index == 8 else "x"
    if letter in _DIGITS_WITH_FINAL:
        return "ㄹ" if letter in "178" else "x" if letter else ""
    return ("ㄹ" if letter in "lL" else "x") if letter and letter in _LATIN_WITH_FINAL else ""
