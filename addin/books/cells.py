"""One cell as it stands in a sheet's XML: values to bytes, bytes back to what a person would read.

Text goes inline (``t="inlineStr"``); characters XML can't hold are written ``_xHHHH_`` as Excel does
(ECMA-376 part 1, 22.9.2.19 ST_Xstring). Dates are serial numbers of the book's epoch.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from addin.books.edits import CLEAR, EditValue
from addin.crm.lazy import pattern
from addin.errors import BookRefused

if TYPE_CHECKING:
    from collections.abc import Callable

#: Excel's limit of UTF-16 units in one cell.
MAX_TEXT = 32_767
_SPECIAL = pattern("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPED = pattern("_x([0-9A-Fa-f]{4})_")
_EDGE = pattern(r"\A\s|\s\Z|[\n\t]|  ")
_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_TEXT = pattern(rb"<t(?:\s[^>]*)?(?:/>|>(.*?)</t>)", re.DOTALL)
_PHONETIC = pattern(rb"<rPh\b.*?</rPh>|<phoneticPr\b[^>]*/>", re.DOTALL)
_VALUE = pattern(rb"<v(?:\s[^>]*)?>(.*?)</v>", re.DOTALL)
_FORMULA = pattern(rb"<f(?=[\s/>])([^>]*?)(?:/>|>(.*?)</f>)", re.DOTALL)
_TYPE = pattern(rb"\st=[\"'](\w+)[\"']")
_INLINE = pattern(rb"<is(?:\s[^>]*)?>.*</is>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Raw:
    """What a cell held that is no plain value, kept as XML: a formula with its result, an error, text of many looks.

    ``type`` is the cell's ``t``, ``xml`` what stands between ``<c>`` and ``</c>``.
    """

    type: str
    xml: str

    @property
    def formula(self) -> str | None:
        """The formula's text; "" for a cell of a shared formula, None where there is none."""
        found = _FORMULA().search(self.xml.encode())
        return None if found is None else plain_of((found[2] or b"").decode())

    @property
    def restorable(self) -> bool:
        """Whether it can be written back alone: a shared or array formula can't, its text is elsewhere."""
        found = _FORMULA().search(self.xml.encode())
        return found is None or _TYPE().search(found[1]) is None


#: What stands in a cell: blank, text, number, boolean, or XML of its own.
Held = str | float | int | bool | Raw | None


def escape(text: str) -> str:
    """Text as it stands between ``<t>`` and ``</t>``.

    >>> escape("a<b"), escape("a\\rb"), escape("_x0041_")
    ('a&lt;b', 'a_x000D_b', '_x005F_x0041_')
    """
    special = _SPECIAL()
    return special.sub(_escape_one, text) if special.search(text) else text


def _escape_one(found: re.Match[str]) -> str:
    return _NAMED.get(found[0]) or f"_x{ord(found[0]):04X}_"


def plain_of(text: str) -> str:
    """The text that stands in XML, its entities read.

    >>> plain_of("a &lt; b &amp; c")
    'a < b & c'
    """
    if "&" not in text:
        return text
    from html import unescape  # a table of 2,000 names, for texts that are mostly without any

    return unescape(text)


def unescape(text: str) -> str:
    """The text a ``<t>`` holds, entities and ``_xHHHH_`` resolved.

    >>> unescape("_x005F_x0041_ &amp; _x000D_")
    '_x0041_ & \\r'
    """
    text = plain_of(text)
    return _ESCAPED().sub(lambda m: chr(int(m[1], 16)), text) if "_x" in text else text


def body(value: EditValue | Raw, *, epoch_1904: bool = False, where: str = "") -> str:
    """The end of a cell's XML, from behind its style: ``' t="b"><v>1</v></c>'``; ``"/>"`` for `CLEAR`.

    Refuses text over 32,767 characters, numbers that are not finite, dates before the epoch.
    """
    match value:
        case None:
            raise TypeError("None leaves a cell alone")
        case _ if value is CLEAR:
            return "/>"
        case Raw():
            kind = f' t="{value.type}"' if value.type else ""
            return f"{kind}>{value.xml}</c>"
        case bool():
            return ' t="b"><v>1</v></c>' if value else ' t="b"><v>0</v></c>'
        case str():
            return _text(value, where)
        case int() | float() | Decimal():
            if not math.isfinite(value):
                raise BookRefused("book.not_a_number", where=where, value=str(value))
            text = str(value) if isinstance(value, Decimal) else number_text(value)
            return f"><v>{text}</v></c>"
        case dt.datetime() | dt.date():
            return f"><v>{number_text(serial(value, epoch_1904, where))}</v></c>"
        case _:
            raise TypeError(f"no cell value: {type(value).__name__}")


def _text(value: str, where: str) -> str:
    if len(value) * 2 > MAX_TEXT and len(value.encode("utf-16-le", "surrogatepass")) // 2 > MAX_TEXT:
        raise BookRefused("book.text_too_long", where=where, value=value[:20] + "…", limit=MAX_TEXT)
    space = ' xml:space="preserve"' if _EDGE().search(value) else ""
    return f' t="inlineStr"><is><t{space}>{escape(value)}</t></is></c>'


def serial(value: dt.date, epoch_1904: bool = False, where: str = "") -> float:
    """A date as Excel's serial number; whole for a date, with its fraction (to the millisecond) for a datetime.

    In the 1900 system day 60 is the 29 February 1900 that never was: days before it count one less.

    >>> serial(dt.date(2026, 9, 1)), serial(dt.datetime(1900, 1, 1, 12)), serial(dt.date(1904, 1, 2), True)
    (46266, 1.5, 1)
    """
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        raise BookRefused("book.zoned_time", where=where, value=value.isoformat())
    day = dt.date(value.year, value.month, value.day)
    days = (day - (dt.date(1904, 1, 1) if epoch_1904 else dt.date(1899, 12, 30))).days
    if not epoch_1904 and days < 61:
        days -= 1
    if days < (0 if epoch_1904 else 1):
        raise BookRefused("book.date_too_early", where=where, value=value.isoformat())
    if not isinstance(value, dt.datetime):
        return days
    millis = ((value.hour * 60 + value.minute) * 60 + value.second) * 1000 + round(value.microsecond / 1000)
    return days + millis / 86_400_000


def number_text(value: float) -> str:
    """A number as XML holds it, whole ones without a point."""
    return str(int(value)) if abs(value) < 1e15 and value == int(value) else float.__repr__(float(value))


def held(value: EditValue | Raw, *, epoch_1904: bool = False) -> Held:
    """What will stand in the cell after writing a value: the journal's and the comparison's form.

    >>> held(CLEAR) is None, held(dt.date(2026, 9, 1)), held(Decimal("1.5"))
    (True, 46266, 1.5)
    """
    if value is CLEAR or value is None or value == "":
        return None
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, dt.date):
        return serial(value, epoch_1904)
    assert isinstance(value, str | int | float | Raw)
    return value


def read(cell: bytes, string: Callable[[int], str | Raw]) -> Held:
    """What a ``<c …>…</c>`` holds. ``string`` gives an entry of the shared strings.

    >>> read(b'<c r="A1" t="inlineStr"><is><t>a &amp; b</t></is></c>', str)
    'a & b'
    >>> read(b'<c r="A1"><v>12.50</v></c>', str), read(b'<c r="A1" s="3"/>', str)
    (12.5, None)
    """
    end = cell.find(b">") + 1
    head = cell[:end]
    if head.endswith(b"/>"):
        return None
    found = _TYPE().search(head)
    kind = found[1].decode() if found else "n"
    inner = cell[end : cell.rfind(b"</c")]
    if b"<f" in inner:
        return Raw("" if kind == "n" else kind, inner.decode())
    if kind == "inlineStr":
        text = _INLINE().search(inner)
        return string_item(text[0]) if text else None
    value = _VALUE().search(inner)
    if value is None:
        return None
    plain = value[1].decode()
    if kind == "s":
        return string(int(plain))
    if kind == "str":
        return unescape(plain) or None
    if kind == "b":
        return plain.strip() in ("1", "true")
    if kind == "n":
        number = float(plain)
        return int(number) if number.is_integer() and abs(number) < 2**53 else number
    return Raw(kind, inner.decode())  # errors, strict ISO dates


def string_item(item: bytes) -> str | Raw:
    """An ``<si>`` or ``<is>``: its text; as `Raw` where it has several looks. Phonetic guides are no text."""
    plain = _PHONETIC().sub(b"", item)
    if b"<r>" in plain or b"<r " in plain:
        inside = item[item.find(b">") + 1 : item.rfind(b"</")].decode()
        return Raw("inlineStr", f"<is>{inside}</is>")
    return unescape(b"".join(_TEXT().findall(plain)).decode())


def same(present: Held, other: Held) -> bool:
    """Whether two cells hold the same to a person: formulas by their text, blank is blank, 1 is not TRUE; numbers to
    fifteen digits, as LibreOffice saves them.

    >>> same(2, 2.0), same(1, True), same(None, ""), same("1", 1)
    (True, False, True, False)
    """
    if isinstance(present, Raw) and isinstance(other, Raw):
        if present.formula is not None or other.formula is not None:
            return present.formula == other.formula
        return plain_text(present) == plain_text(other)
    if isinstance(present, bool) != isinstance(other, bool):
        return False
    if isinstance(present, Raw) or isinstance(other, Raw):
        return not _is_formula(present) and not _is_formula(other) and plain_text(present) == plain_text(other) != ""
    left = present or None if isinstance(present, str) else present
    right = other or None if isinstance(other, str) else other
    return left == right or (type(left) is float and type(right) is float and math.isclose(left, right, rel_tol=1e-13))


def _is_formula(value: Held) -> bool:
    return isinstance(value, Raw) and value.formula is not None


def plain_text(value: Held) -> str:
    """What a cell shows, as text; for an error its code, for a formula its last result."""
    if not isinstance(value, Raw):
        return "" if value is None else str(value)
    xml = value.xml.encode()
    found = _VALUE().search(xml)
    if found:
        return unescape(found[1].decode())
    return unescape(b"".join(_TEXT().findall(_PHONETIC().sub(b"", xml))).decode())


def to_json(value: Held) -> Any:
    """A held value for the journal."""
    return {"t": value.type, "x": value.xml} if isinstance(value, Raw) else value


def from_json(value: Any) -> Held:
    """A held value out of the journal."""
    return Raw(value["t"], value["x"]) if isinstance(value, dict) else value
