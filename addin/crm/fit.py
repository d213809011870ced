"""Does a column's content fit a field: a veto, or how well; and fields that content alone gives away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from addin.crm.shapes import BRN, CLOCK, DATE, EMAIL, FLAG, NUMBER, PHONE, TEXT, Look

if TYPE_CHECKING:
    from addin.crm.tables import Field

#: Text fields that hold names: numbers, phones or e-mails are none.
_NAMES = frozenset(("name", "partner", "customer", "assignee", "contact", "owner", "referrer", "user"))
_NEUTRAL = 0.95
_FEW = 3


def fit(field: Field, look: Look) -> float:
    """How well values fit a field, 0 = not at all (the veto), 1 = as they should be; an empty column is neutral.

    A column named 금액 that holds phone numbers is no amount; 접수시간 that holds only times of day is no date.
    """
    if look.filled == 0:
        return _NEUTRAL
    good, least = _good(field, look)
    if good < least if look.filled >= _FEW else good == 0:
        return 0.0
    return 1.0 if good >= 0.6 else 0.88


def _good(field: Field, look: Look) -> tuple[float, float]:
    """The share of values that fit, and the least share that is no veto."""
    share = look.share
    if field.type == "instant":
        return share(DATE) + look.serials, 0.3
    if field.type in ("money", "number"):
        return share(NUMBER) + (share(FLAG) if look.share(FLAG) < 0.3 else 0), 0.3
    if field.type == "phone":
        return share(PHONE) + (0.5 * share(NUMBER) if look.small < 0.1 else 0), 0.25
    if field.type == "email":
        return share(EMAIL), 0.3
    if field.type == "brn":
        return share(BRN) + (share(NUMBER, PHONE) if look.small < 0.1 else 0), 0.3
    if field.type == "flag":
        return 1 - share(DATE, PHONE, EMAIL, CLOCK) - max(0.0, share(NUMBER) - look.binary), 0.5
    if field.type == "refund":
        return 1 - share(DATE, PHONE, EMAIL, CLOCK), 0.5
    if field.type == "id":
        return 1 - share(EMAIL) - (share(DATE) if look.distinct < 0.9 else 0), 0.4
    if field.type == "category":
        return 1 - share(DATE, PHONE, EMAIL, CLOCK) - 0.9 * share(NUMBER), 0.35
    if field.id in _NAMES:
        return share(TEXT, FLAG) + 0.3 * share(NUMBER), 0.35
    return 1.0 - (0 if field.id == "week" else share(DATE)), 0.2


def proves(field: Field, look: Look) -> bool:
    """Whether content speaks for a field so well that a general word (날짜, 구분, 번호) may be believed."""
    if look.filled == 0:
        return False
    if field.type == "id":
        return look.filled >= 2 and look.distinct >= 0.95 and not look.ordinal and look.share(DATE) < 0.5
    if field.type in ("category", "text"):
        texts = look.share(TEXT, FLAG) >= 0.6
        return texts and (field.type == "text" or look.distinct <= 0.7 or look.filled < 10)
    return fit(field, look) == 1.0


def gives_away(look: Look) -> str | None:
    """The field id that content alone betrays: ``phone``, ``email``, ``business_no`` or ``stage``; else None."""
    if look.filled < _FEW:
        return None
    if look.share(PHONE) >= 0.7:
        return "phone"
    if look.share(EMAIL) >= 0.7:
        return "email"
    if look.share(BRN) >= 0.7:
        return "business_no"
    if look.stages >= 0.8 and (look.distinct <= 0.5 or look.filled < 10):
        return "stage"
    return None


def is_dates(look: Look) -> bool:
    """Whether a column plainly holds dates."""
    return look.filled >= _FEW and look.share(DATE) >= 0.7
