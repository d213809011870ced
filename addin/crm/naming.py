"""What a header's words say: which fields it may name, how surely, and by which reading of it."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from addin.crm.lexicon import fields_by_word, known
from addin.crm.similarity import misspelt
from addin.crm.tables import table
from addin.crm.words import header_key, words

_BRACKET = re.compile(r"[(\[{<（［【〈《](.*?)[)\]}>）］】〉》]")
_NUMBERED = re.compile(r"^\d+(?=\D)")
_BEFORE = words("최종 현재 총 실제 전체 해당 당월 금월 금번 기본 원하시는 희망하시는 신청하실")
_AFTER = words(
    "명 님 란 정보 여부 이름 성함 내용 을입력해주세요 를입력해주세요 을적어주세요 를적어주세요 "
    "을선택해주세요 를선택해주세요 을입력해주십시오 를입력해주십시오 을기재해주세요 를기재해주세요 "
    "을골라주세요 를골라주세요 를모두골라주세요 을모두골라주세요 를모두선택해주세요 을모두선택해주세요 "
    "을알려주세요 를알려주세요 은무엇인가요 는무엇인가요 이무엇인가요 가무엇인가요 "
    "은언제인가요 는언제인가요 을남겨주세요 를남겨주세요"
)
#: 연락처1 beside 연락처2: the first of several. Of several amounts none is the amount.
_FIRST = re.compile(r"(.{2,})1$", re.ASCII)
_KIND = ("종류", "유형")
_PHONES = words("연락처 전화번호 휴대폰번호 휴대전화 핸드폰번호 휴대폰 핸드폰 전화")
_TYPO = 0.85
_MODEST = 0.92
_UNDER_A_GROUP = 0.95


class Named(NamedTuple):
    """One field a header may name: how surely in [0, 1], and why: ``word``, ``group``, ``near`` or ``typo``.

    ``word`` is the header word recognised; ``likeness`` in % for a typo.
    """

    score: float
    how: str
    word: str
    likeness: float = 100.0


@lru_cache(maxsize=4096)
def fields_named_by(text: str) -> dict[tuple[str, str], Named]:
    """Header text (``GROUP › NAME`` or a single line) → (table, field) → `Named`.

    >>> fields_named_by("접수 › 일시")["requests", "received_at"]
    Named(score=1.0, how='group', word='접수일시', likeness=100.0)
    >>> round(fields_named_by("업채명")["requests", "partner"].score, 2)
    0.74
    >>> ("requests", "phone") in fields_named_by("담당자 › 연락처")
    False
    """
    *groups, name = text.split(" › ")
    group = header_key(groups[-1]) if groups else ""
    out: dict[tuple[str, str], Named] = {}
    joined = group + header_key(name)
    if group and known(joined):  # the two together are a word of their own: nothing else counts
        _take(out, joined, 1.0, "group")
        return out
    for key, sureness, how in _readings(name):
        _take(out, key, sureness * (_UNDER_A_GROUP if group else 1), how)
        if group:
            _take(out, group + key, 1.0, "group")
    if group and not known(header_key(name)):
        _take(out, group, 0.85, "group")
    if not out and not known(header_key(name)) and not known(header_key(name, brackets=True)):
        for key in dict.fromkeys((joined, header_key(name))):
            for word, likeness in misspelt(key):
                _take(out, word, _TYPO * likeness / 100, "typo", likeness)
    return out


def is_known(text: str) -> bool:
    """Whether a header is a word we know, ours or not: it is no misspelt field and its content proves nothing."""
    name = text.rsplit(" › ", maxsplit=1)[-1]
    return bool(known(header_key(name)) or known(header_key(name, brackets=True)) or fields_named_by(text))


def _take(out: dict[tuple[str, str], Named], key: str, sureness: float, how: str, likeness: float = 100.0) -> None:
    for table_id, field, strength in fields_by_word().get(key, ()):
        score = strength * sureness
        if score > out.get((table_id, field), _NOTHING).score:
            out[table_id, field] = Named(score, how, key, likeness)


_NOTHING = Named(0.0, "", "")


def _readings(name: str) -> list[tuple[str, float, str]]:
    """A header read in every honest way: as it is, with its brackets, without a number or a modest addition."""
    key = header_key(name)
    out = [(key, 1.0, "word"), (header_key(name, brackets=True), 1.0, "word")]
    inner = _BRACKET.search(name)
    if inner:
        out.append((header_key(inner[1]) + key, 0.98, "word"))
    if "#" in name:  # Job #
        out.append((key + "no", 0.98, "word"))
    if key.startswith("date") and key.isascii() and len(key) > len("date"):  # Date Received
        out.append((key.removeprefix("date").removeprefix("of") + "date", 0.98, "word"))
        out.append((key.removeprefix("date").removeprefix("of"), 0.97, "word"))
    bare = _NUMBERED.sub("", key)
    if bare != key and key not in fields_by_word():
        out.append((bare, 0.97, "word"))
    if not any(fields_by_word().get(k) for k, _, _ in out) and not known(key):
        without = _without_additions(bare)
        out.extend((key, _MODEST, "near") for key in without if len(key) > 1)
        if first := _FIRST.fullmatch(key):
            out += [(word, _MODEST, "near") for word in (first[1],) if not _is_money(word)]
        if whose := _whose_phone(key):
            out.append((whose, _UNDER_A_GROUP, "near"))
        out.extend((kind, _MODEST, "near") for kind in _KIND if key.endswith(kind) and len(key) > len(kind))
    return out


def _without_additions(key: str) -> list[str]:
    """A header without a polite beginning, a polite ending, or both: 신청하실 서비스를 선택해주세요."""
    starts = [key[len(w) :] for w in _BEFORE if key.startswith(w)]
    ends = [k[: -len(w)] for k in (key, *starts) for w in _AFTER if k.endswith(w)]
    return [*starts, *ends]


def _is_money(word: str) -> bool:
    for table_id, field_id, _ in fields_by_word().get(word, ()):
        owner = table(table_id)
        field = owner.field(field_id) if owner else None
        if field is not None and field.type == "money":
            return True
    return False


def _whose_phone(key: str) -> str | None:
    """The plain word for a phone, where the header is a customer's: 구매자 연락처, 학부모 전화번호."""
    for word in _PHONES:
        if key.endswith(word) and len(key) > len(word):
            whose = fields_by_word().get(key[: -len(word)], ())
            return word if any((t, f) == ("requests", "customer") for t, f, _ in whose) else None
    return None
