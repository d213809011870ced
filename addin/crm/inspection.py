"""What an inspection form (검수확인서) says: the work done for a won request, its defects, its photos, who signs.

Source: seed 000 (quote, inspection and report forms in the kit; photo guide). The money is that of the quote the
customer accepted, never counted anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from addin.crm.calendar import DAY
from addin.crm.message import Message, msg
from addin.crm.photo_columns import AFTER_HEADERS, BEFORE_HEADERS, PHOTO_HEADERS, header_mark
from addin.crm.report_defects import Defect, in_a_home
from addin.crm.text import spelling_key, tidy

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from addin.crm.quote_record import QuoteRecord

#: Headers of what the customer may read on the form; a request's own note is the team's and never shown.
REMARK_HEADERS: Final = frozenset(
    ("검수비고", "검수의견", "검수특이사항", "인수비고", "inspectionremark", "inspectionnote")
)
#: Headers of a defect's request, where a team keeps one.
REQUEST_HEADERS: Final = frozenset(
    ("접수번호", "의뢰번호", "주문번호", "신청번호", "요청번호", "requestid", "request", "orderid")
)
_APART: Final = re.compile(r"[;,|\n]+")
_MOMENT: Final = re.compile(
    r"(?P<head>.*?)(?:^|[\s_.()\-])(?:작업|시공|수리|보수|공사|청소)?\s*(?P<moment>전|후|before|after)[\s_.()\-]*(?P<tail>\d*)\)?",
    re.IGNORECASE,
)
_WORDED: Final = re.compile(
    r"(?P<head>.*?)(?:작업|시공|수리|보수|공사|청소)(?P<moment>전|후)[\s_.()\-]*(?P<tail>\d*)\)?"
)


@dataclass(frozen=True, slots=True)
class Shot:
    """One line of photos: a pair taken before and after, or a single one (``alone``); names of pictures or ""."""

    caption: str
    before: str = ""
    after: str = ""
    alone: str = ""


@dataclass(frozen=True, slots=True)
class Inspection:
    """One form.

    ``record``   lines, policy, both sides and the A/S terms; its number is None where there was no quote.
    ``priced``   False where nobody wrote down what the work costs: the form shows no money.
    ``worker``   who did the work; ``missing``: photos that were named and can't be shown.
    """

    request: str
    completed: dt.date | None
    record: QuoteRecord
    worker: str = ""
    priced: bool = True
    defects: tuple[Defect, ...] = ()
    shots: tuple[Shot, ...] = ()
    missing: tuple[str, ...] = ()
    remark: str = ""


def refusal(row: Mapping[str, object], as_of: int, *, dated: bool) -> Message | None:
    """Why a request can't be inspected yet, None where it can; ``dated``: the list has a column for the day of
    completion. ``row`` carries `addin.crm.request_flags.bound`'s ``_won`` and ``_lost``.

    >>> refusal({"request_id": "R-1", "_won": 0, "_lost": True}, 0, dated=True).id
    'inspect.lost'
    """
    id = str(row.get("request_id") or "")
    if row.get("_lost"):
        return msg("inspect.lost", value=id)
    if row.get("_won") != 1:
        return msg("inspect.not_won", value=id)
    done = row.get("completed_at")
    if dated and not (isinstance(done, int) and done // DAY <= as_of):
        return msg("inspect.not_done", value=id)
    return None


class Marked(NamedTuple):
    """A photo's name read: what it shows and whether it was taken before or after the work ("" = neither is said)."""

    caption: str
    moment: str


def marked(name: str) -> Marked:
    """What a photo's file name says.

    >>> marked("욕실_전.jpg"), marked("주방 작업후2.png")
    (Marked(caption='욕실', moment='before'), Marked(caption='주방 2', moment='after'))
    >>> marked("안전.jpg"), marked("오후.jpg")
    (Marked(caption='안전', moment=''), Marked(caption='오후', moment=''))
    """
    stem = tidy(name.rpartition(".")[0] or name)
    found = _WORDED.fullmatch(stem) or _MOMENT.fullmatch(stem)
    if found is None:
        return Marked(stem, "")
    caption = " ".join(part for part in (found["head"].strip(" _-.()"), found["tail"]) if part)
    return Marked(caption, "before" if found["moment"].casefold() in ("전", "before") else "after")


def shots(photos: Iterable[tuple[str, Marked]]) -> tuple[Shot, ...]:
    """Pictures (name of the picture, what its file name says) as lines: pairs of one caption first, in their order.

    >>> shots([("p1", Marked("욕실", "before")), ("p2", Marked("현관", "")), ("p3", Marked("욕실", "after"))])
    (Shot(caption='욕실', before='p1', after='p3', alone=''), Shot(caption='현관', before='', after='', alone='p2'))
    """
    out: list[Shot] = []
    for picture, (caption, moment) in photos:
        if not moment:
            out.append(Shot(caption, alone=picture))
            continue
        key = spelling_key(caption)
        at = next(
            (
                n
                for n, shot in enumerate(out)
                if not shot.alone and spelling_key(shot.caption) == key and not getattr(shot, moment)
            ),
            None,
        )
        if at is None:
            out.append(Shot(caption, **{moment: picture}))
        else:
            old = out[at]
            out[at] = Shot(old.caption, old.before or picture, old.after or picture)
    return tuple(sorted(out, key=lambda shot: not (shot.before and shot.after)))


def photo_paths(row: Mapping[str, object]) -> list[tuple[str, str]]:
    """The paths a row names and the moment its column says, in the order of the columns.

    >>> photo_paths({"사진": "사진/1.jpg; 사진/2.jpg", "작업 전 사진": "a.png", "비고": "b.png"})
    [('사진/1.jpg', ''), ('사진/2.jpg', ''), ('a.png', 'before')]
    """
    out = []
    for header, cell in row.items():
        key = header_mark(header)
        moment = "before" if key in BEFORE_HEADERS else "after" if key in AFTER_HEADERS else ""
        if cell and (moment or key in PHOTO_HEADERS):
            out += [(part.strip(), moment) for part in _APART.split(str(cell)) if part.strip()]
    return out


def first_of(row: Mapping[str, object], headers: Iterable[str]) -> str:
    """The first cell under one of these headers, "" where there is none."""
    wanted = frozenset(headers)
    return next((str(cell) for header, cell in row.items() if cell and header_mark(header) in wanted), "")


def defects_of(
    rows: Sequence[Mapping[str, object]],
    request: Mapping[str, object],
    site: str,
    first: int | None,
    last: int,
    *,
    office: bool,
) -> list[Mapping[str, object]]:
    """The rows of the table 하자 that belong on a request's form, days ``first`` to ``last``.

    A defect that names a request belongs to that one only. Else: for an office the common areas of the partner that
    were found or mended meanwhile, for a customer what lies at the customer's own place; never another home's.
    """
    id, partner = (
        spelling_key(str(request.get("request_id") or "")),
        request.get("partner_key") or request.get("partner"),
    )
    out = []
    for row in rows:
        named = first_of(row, REQUEST_HEADERS)
        if named:
            if spelling_key(named) == id:
                out.append(row)
            continue
        place, text = (tidy(str(row.get(c) or "")) for c in ("place", "text"))
        if row.get("partner") != partner or partner is None:
            continue
        if office:
            days = [d for d in (_day(row, "found_at"), _day(row, "fixed_at")) if d is not None]
            meanwhile = any((first is None or d >= first) and d <= last for d in days)
            if meanwhile and not in_a_home(place, *(() if place else (text,))):
                out.append(row)
        elif site and place and spelling_key(place) == spelling_key(site):
            out.append(row)
    return out


def defect(row: Mapping[str, object], last: int) -> Defect:
    """One row as it stood on day ``last``: mended later is still open. A row without a day counts from ``last``."""
    number, place, text = (tidy(str(row.get(c) or "")) for c in ("defect_id", "place", "text"))
    found, fixed = _day(row, "found_at"), _day(row, "fixed_at")
    if fixed is not None and fixed > last:
        fixed = None
    start = last if found is None else found
    return Defect(number, place, text, start, fixed, max((last if fixed is None else fixed) - start, 0))


def _day(row: Mapping[str, object], field: str) -> int | None:
    value = row.get(field)
    return value // DAY if isinstance(value, int) else None
