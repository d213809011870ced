"""Money and numbers as Korean offices write them: 1,200,000원, 120만원, 1억 2천만, △500, (500), 90%.

Money is whole hundredths of the currency unit, never float. A text that reads in two ways is a fault
that names both: ``1.200``, ``1억 5천`` (the literal 100,005,000, or 1억 5천만 as people say it).
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal

from addin.crm.lazy import pattern
from addin.crm.reading import Reading, opening, repaired, wrong
from addin.crm.text import plain

MONEY_SCALE = 100
#: The largest amount taken seriously: 100조 (10^14) units.
LARGEST = 10**14 * MONEY_SCALE

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"
_WON = pattern(r"₩?(-?(?:\d{1,3}(?:,\d{3})+|\d+))원?", re.ASCII)
_PLAIN = pattern(_NUMBER, re.ASCII)
_VAT = pattern(
    r"[(\[/,]? ?(?:vat|v\.a\.t\.?|부가세|부가가치세|세금|세) ?(?:별도|포함|미포함|불포함|제외|별|포)[)\]]?"
    r"|[(\[] ?(?:별도|포함) ?[)\]]"
)
_FOREIGN = pattern(r"\$|€|¥|£|usd|eur|jpy|cny|gbp|달러|유로|엔(?!\w)|위안")
_SIGN = "-+△▲▽▼"
_FRONT = pattern(r"(?:일금|금|총|₩|\\|krw|us\$|usd|\$|€|eur|¥|jpy|£|gbp) ?")
_BACK = pattern(r" ?(?:원 ?정|원|won|krw|usd|eur|jpy|gbp|달러|유로|₩)?\.?-?$")
_SMALL = {"십": 10, "백": 100, "천": 1000}
_BIG = {"만": 10**4, "억": 10**8, "조": 10**12}
_DIGITS = {char: Decimal(i) for i, char in enumerate("일이삼사오육칠팔구", 1)}
_TOKEN = pattern(rf"({_NUMBER}|[일이삼사오육칠팔구])|([십백천만억조])", re.ASCII)
_PARTIAL = pattern(r"\d[\d,]*(?:\.\d+)?", re.ASCII)
_COUNTED = pattern(rf"([-+]?(?:{_NUMBER})) ?(%|퍼센트|프로)?", re.ASCII)
_COUNTER = pattern(r" ?(?:분|세대|가구|호|건|명|인|개|회|점|일|주|평|배|곳|minutes?|mins?)$")


class _Ambiguous(Exception):
    """A text of units that reads as either of two amounts."""

    def __init__(self, first: Decimal, second: Decimal) -> None:
        super().__init__(first, second)
        self.first, self.second = first, second


def money_text(hundredths: int) -> str:
    """Hundredths as people read money.

    >>> money_text(120000000), money_text(-50), money_text(123450)
    ('1,200,000', '-0.50', '1,234.50')
    """
    sign, whole, cents = "-" if hundredths < 0 else "", *divmod(abs(hundredths), MONEY_SCALE)
    return f"{sign}{whole:,}" + (f".{cents:02d}" if cents else "")


def foreign_mark(text: str) -> bool:
    """Whether an amount's text names a currency other than won.

    >>> foreign_mark("$1,234.50"), foreign_mark("₩1,000")
    (True, False)
    """
    return _FOREIGN().search(plain(text).casefold()) is not None


def parse_amount(value: object) -> Reading[int]:
    """A cell as money in hundredths.

    Excel shows 15 digits, so a float counts with 15; more than two decimals are rounded half up, shown as a repair.

    >>> parse_amount("120만원").value, parse_amount("△500").value, parse_amount(0.1 + 0.2).value
    (120000000, -50000, 30)
    >>> parse_amount("1,20,000").fault.code, parse_amount("1.200.000").fault.code, parse_amount("협의").fault.code
    ('bad_amount', 'ambiguous_amount', 'bad_amount')
    """
    if type(value) is str and len(value) < 18 and (won := _WON().fullmatch(value)):
        return Reading(int(won[1].replace(",", "")) * MONEY_SCALE, None)
    if type(value) is float and value.is_integer() and abs(value) < 1e14:
        return Reading(int(value) * MONEY_SCALE, None)
    known = opening(value, "money")
    if known is not None:
        return known
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return wrong("bad_amount", value, "money")
    if isinstance(value, int):
        return _money(value, Decimal(value))
    if isinstance(value, float):
        return _money(value, Decimal(f"{value:.15g}"))
    return _text_amount(value)


def _money(value: object, amount: Decimal, note: bool = False) -> Reading[int]:
    """A decimal as hundredths, if it is a sane one."""
    if not amount.is_finite() or abs(amount) * MONEY_SCALE > LARGEST:
        return wrong("amount_out_of_range", value, "money")
    exact = amount * MONEY_SCALE
    hundredths = int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    if hundredths != exact:
        return repaired(hundredths, "amount_rounded", value, "money", money_text(hundredths))
    if note:
        return repaired(hundredths, "amount_note", value, "money", money_text(hundredths))
    return Reading(hundredths, None)


def _text_amount(value: str) -> Reading[int]:
    text = plain(value).casefold()
    bare, notes = _VAT().subn(" ", text)
    bare = bare.strip()
    try:
        amount = _signed(bare)
    except _Ambiguous as two:
        first, second = (money_text(int(x * MONEY_SCALE)) for x in (two.first, two.second))
        return wrong("ambiguous_amount", value, "money", first=first, second=second)
    if amount is not None:
        return _money(value, amount, notes > 0)
    numbers = _PARTIAL().findall(bare)
    proposal = None
    if len(numbers) == 1 and not re.search(r"\d\.\d", bare) and len(digits := numbers[0].replace(",", "")) <= 14:
        units = re.sub(r"[^\d,십백천만억조]", "", bare)
        try:
            guess = _signed(units) if re.search(r"\d[십백천만억조]", units) else Decimal(digits)
        except _Ambiguous:
            guess = None
        proposal = money_text(int(guess * MONEY_SCALE)) if guess is not None else None
    return wrong("bad_amount", value, "money", proposal)


def _signed(text: str) -> Decimal | None:
    """An amount with sign, brackets and currency around it; None where it is none."""
    sign = 1
    text = _FRONT().sub("", text, count=1) if _FRONT().match(text) else text
    if text[:1] == "(" and text[-1:] == ")":
        sign, text = -1, text[1:-1].strip()
    elif text[:1] and text[0] in _SIGN:
        sign, text = 1 if text[0] == "+" else -1, text[1:].strip()
    if _FRONT().match(text):
        text = _FRONT().sub("", text, count=1)
        if text[:1] in ("-", "+") and sign == 1:
            sign, text = 1 if text[0] == "+" else -1, text[1:].strip()
    tail = _BACK().search(text)
    ending = tail[0].strip() if tail else ""
    if ending == "-":  # 500-: minus or the end of the number?
        return None
    amount = _body(text[: tail.start()] if tail else text, won="원" in ending)
    return None if amount is None else sign * amount


def _body(text: str, won: bool) -> Decimal | None:
    """Digits, or digits and Korean units; ``won`` says that 원 closed the text."""
    if _PLAIN().fullmatch(text):
        if re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text, re.ASCII):
            raise _Ambiguous(Decimal(text), Decimal(text.replace(".", "")))
        return Decimal(text.replace(",", ""))
    if re.fullmatch(r"\d{1,3}(?:\.\d{3}){2,}", text, re.ASCII):
        dotless = Decimal(text.replace(".", ""))
        raise _Ambiguous(dotless, dotless / MONEY_SCALE / 10)
    return _with_units(text.replace(" ", ""), won)


def _with_units(text: str, won: bool) -> Decimal | None:
    """``1억 2천만``, ``12만5천``, ``3.5만``, ``120천``, ``삼백이십만(원)``.

    Units fall from left to right; what stands before 만, 억, 조 is a number below 10,000 unless it is the first.
    """
    tokens = _TOKEN().findall(text)
    if not tokens or "".join(a + b for a, b in tokens) != text or not any(unit for _, unit in tokens):
        return None
    hangul = any(number in _DIGITS for number, _ in tokens)
    if (hangul or not tokens[0][0]) and not won:
        return None
    total, section, pending = Decimal(0), Decimal(0), None
    small, big = 10**4, 10**16
    for number, unit in tokens:
        if number:
            if pending is not None:
                return None
            pending = _DIGITS.get(number) or Decimal(number.replace(",", ""))
        elif unit in _SMALL:
            if _SMALL[unit] >= small or (pending is not None and section and pending >= 10):
                return None
            small = _SMALL[unit]
            section += (Decimal(1) if pending is None else pending) * small
            pending = None
        else:
            if _BIG[unit] >= big or (small < 10**4 and pending is not None and pending >= small):
                return None
            count = section + (pending or 0) if section or pending is not None else Decimal(1)
            if total and count >= 10**4:
                return None
            big, small = _BIG[unit], 10**4
            total, section, pending = total + count * big, Decimal(0), None
    if pending is not None:
        last = small if small < 10**4 else big
        if pending >= last or pending != int(pending):
            return None
        if not won and pending < 100:
            raise _Ambiguous(total + section + pending, total + section + pending * last / 10)
    rest = section + (pending or 0)
    if big >= 10**8 and total and 0 < rest < 10**4:
        raise _Ambiguous(total + rest, total + rest * 10**4)
    return total + rest


def parse_number(value: object) -> Reading[float]:
    """A cell as a number; ``90%`` is 0.9, a counting word behind it (세대, 건, 분 …) is left out.

    >>> parse_number("1,200세대").value, parse_number("90%").value, parse_number("약 500").fault.code
    (1200.0, 0.9, 'bad_number')
    """
    known = opening(value, "number")
    if known is not None:
        return known
    if isinstance(value, bool):
        return wrong("bad_number", value, "number")
    if isinstance(value, (int, float)):
        return Reading(float(value), None) if abs(value) < 1e300 else wrong("bad_number", value, "number")
    if not isinstance(value, str):
        return wrong("bad_number", value, "number")
    text = _COUNTER().sub("", plain(value).casefold())
    match = _COUNTED().fullmatch(text)
    number: Decimal | None
    if match:
        number = Decimal(match[1].replace(",", ""))
        if match[2]:
            number /= 100
    else:
        try:
            number = _with_units(text.replace(" ", ""), won=False)
        except _Ambiguous:
            number = None
    if number is None:
        found = _PARTIAL().findall(text)
        return wrong("bad_number", value, "number", found[0].replace(",", "") if len(found) == 1 else None)
    return Reading(float(number), None)
