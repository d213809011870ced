"""Phones, 사업자번호 and e-mail addresses: text that keeps, or regains, its zero."""

from __future__ import annotations

import re

from addin.crm.lazy import pattern
from addin.crm.reading import Reading, opening, repaired, wrong
from addin.crm.text import plain, shown, tidy

_MOBILE = pattern(r"(01[016789])[- .]?(\d{4})[- .]?(\d{4})", re.ASCII)
_LOST_MOBILE = pattern(r"(1[016789])(\d{4})(\d{4})", re.ASCII)
#: Korean numbers by their leading digits: pattern of the whole digits → groups.
_PLANS = tuple(
    pattern(plan, re.ASCII)
    for plan in (
        r"(010)(\d{4})(\d{4})",
        r"(01[16789])(\d{3,4})(\d{4})",
        r"(02)([1-9]\d{2,3})(\d{4})",
        r"(03[1-3]|04[1-4]|05[1-5]|06[1-4])([1-9]\d{2,3})(\d{4})",
        r"(070)(\d{4})(\d{4})",
        r"(050[2-8])(\d{3,4})(\d{4})",
        r"(0[368]0)(\d{3,4})(\d{4})",
        r"(1[568]\d\d)(\d{4})",
    )
)
_EXTENSION = pattern(r"[(\[,/ ]*(?:내선|교환|ext\.?|x|#) ?(?:번호)?:? ?(\d{1,5})번?[)\]]?$", re.IGNORECASE | re.ASCII)
_ONLY_EXTENSION = pattern(r"내선 ?:?(\d{1,5})번?", re.ASCII)
_NOISE = pattern(r"[-.() /·]")
_FOREIGN = pattern(r"\+(?!82)[1-9]\d{6,14}", re.ASCII)
_INSIDE = pattern(r"(?<![\d-])(?:\+82|0\d|1[568]\d\d)[-.() \d]{6,14}\d(?!\d)", re.ASCII)
_BRN_WEIGHTS = (1, 3, 7, 1, 3, 7, 1, 3, 5)
_MAILBOX = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = r"[A-Za-z0-9가-힣](?:[A-Za-z0-9가-힣-]*[A-Za-z0-9가-힣])?"
_EMAIL = pattern(rf"{_MAILBOX}(?:\.{_MAILBOX})*@(?:{_HOST}\.)+[A-Za-z가-힣]{{2,}}")
_LABEL = pattern(r"^(?:tel|hp|h\.p|mobile|전화|휴대폰|핸드폰|t|m|p)\s*[.:)]+\s*", re.IGNORECASE)


def parse_phone(value: object) -> Reading[str]:
    """A cell as a Korean phone number, hyphenated; a zero that Excel ate comes back, shown as a repair.

    Mobile, area codes, 02, 070, 050x, 080, 15xx/16xx/18xx, +82, extensions; foreign numbers keep their ``+``.

    >>> parse_phone("(02) 123-4567").value, parse_phone("+82 10 1234 5678").value, parse_phone("1588-1234").value
    ('02-123-4567', '010-1234-5678', '1588-1234')
    >>> parse_phone(1012345678.0).value, parse_phone(1012345678.0).fault.code, parse_phone("010-123").fault.code
    ('010-1234-5678', 'lost_zero', 'bad_phone')
    """
    if type(value) is str and (mobile := _MOBILE().fullmatch(value)):
        return Reading("-".join(mobile.groups()), None)
    if type(value) is float and (lost := _LOST_MOBILE().fullmatch(f"{value:.15g}")):
        mobile_again = "0" + "-".join(lost.groups())
        return repaired(mobile_again, "lost_zero", value, "phone", mobile_again)
    known = opening(value, "phone")
    if known is not None:
        return known
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return wrong("bad_phone", value, "phone")
    text = plain(value) if isinstance(value, str) else shown(value)
    text = _LABEL().sub("", text).removesuffix(".0")
    if only := _ONLY_EXTENSION().fullmatch(text):
        return Reading(f"내선 {only[1]}", None)
    extension = _EXTENSION().search(text)
    main = text[: extension.start()] if extension else text
    after = f" 내선 {extension[1]}" if extension else ""
    number, zero = _number(main)
    if number is not None:
        if zero:
            return repaired(number + after, "lost_zero", value, "phone", number + after)
        return Reading(number + after, None)
    found = [n for part in _INSIDE().findall(text) if (n := _number(part)[0]) is not None]
    if found and (not re.search(r"\d{3}", _INSIDE().sub("", text))):
        return repaired(found[0], "phone_note", value, "phone", found[0])
    proposal = _number(main.replace("O", "0").replace("o", "0").replace("l", "1").replace("I", "1"))[0]
    return wrong("bad_phone", value, "phone", proposal)


def _number(text: str) -> tuple[str | None, bool]:
    """A number in Korean form and whether it had lost its zero; (None, False) where it is none."""
    digits = _NOISE().sub("", text)
    if _FOREIGN().fullmatch(digits):
        return digits, False
    for prefix in ("+82", "0082"):
        if digits.startswith(prefix):
            digits = "0" + digits.removeprefix(prefix).removeprefix("0")
            return _planned(digits), False
    if not (digits.isascii() and digits.isdigit()):
        return None, False
    if planned := _planned(digits):
        return planned, False
    if digits.startswith("82") and len(digits) >= 10 and (planned := _planned("0" + digits[2:].removeprefix("0"))):
        return planned, False
    # 21234567 is 02-123-4567 without its zero or 2123-4567 without its area code
    if len(digits) >= 9 and not digits.startswith("0") and (planned := _planned("0" + digits)):
        return planned, True
    return None, False


def _planned(digits: str) -> str | None:
    """Digits of a number that can exist, hyphenated."""
    return next(("-".join(m.groups()) for plan in _PLANS if (m := plan().fullmatch(digits))), None)


def brn_valid(digits: str) -> bool:
    """Whether ten digits pass the 사업자등록번호 check: weights 1,3,7,1,3,7,1,3,5 and the tens of 5·d9 (국세청).

    >>> brn_valid("1208147521"), brn_valid("1208147522")
    (True, False)
    """
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return False
    total = sum(int(d) * w for d, w in zip(digits, _BRN_WEIGHTS, strict=False)) + int(digits[8]) * 5 // 10
    return (10 - total % 10) % 10 == int(digits[9])


def parse_brn(value: object) -> Reading[str]:
    """A cell as 사업자등록번호 ``123-45-67890`` with its check digit.

    >>> parse_brn(1208147521.0).value, parse_brn("120-81-47522").fault.code, parse_brn("120-81").fault.code
    ('120-81-47521', 'brn_checksum', 'bad_brn')
    """
    known = opening(value, "brn")
    if known is not None:
        return known
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return wrong("bad_brn", value, "brn")
    text = plain(value) if isinstance(value, str) else shown(value)
    digits = re.sub(r"[-. ]", "", text).removeprefix("사업자등록번호:")
    if isinstance(value, str) and text.endswith(".0"):
        digits = text[:-2]
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()):
        return wrong("bad_brn", value, "brn")
    if not brn_valid(digits):
        return wrong("brn_checksum", value, "brn")
    return Reading(f"{digits[:3]}-{digits[3:5]}-{digits[5:]}", None)


def parse_email(value: object) -> Reading[str]:
    """A cell as one e-mail address, half-width, otherwise as typed.

    >>> parse_email("mailto:kim@naver.com").value, parse_email("kim@naver,com").fault.suggestion
    ('kim@naver.com', 'kim@naver.com')
    """
    known = opening(value, "email")
    if known is not None:
        return known
    if not isinstance(value, str):
        return wrong("bad_email", value, "email")
    text = re.sub(r"^mailto:", "", tidy(value), flags=re.IGNORECASE)
    if match := re.fullmatch(r"[^<>]*<([^<>]+)>", text):
        text = match[1].strip()
    if _EMAIL().fullmatch(text):
        return Reading(text, None)
    mended = re.sub(r"\s", "", text).replace(",", ".").rstrip(".;")
    return wrong("bad_email", value, "email", mended if _EMAIL().fullmatch(mended) else None)
