"""Header words: how a header is made comparable, and the words several tables share."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_DAY_SUFFIXES = ("일", "일자", "일시", "날짜", "시각", "시간")

_SHARED = {
    # a partner as offices name one: apartment offices, shops, estate agents, companies
    "@partner": "파트너 파트너명 파트너사 파트너사명 제휴처 제휴처명 제휴사 제휴사명 제휴업체 업체 업체명 거래처 "
    "거래처명 협력사 협력사명 협력업체 협력업체명 관리사무소 단지 단지명 아파트 아파트명 중개사무소 중개업소 "
    "부동산 부동산명 "
    "방문처 매장 매장명 가게 가게명 점포 점포명 가맹점 가맹점명 회사 회사명 상호 상호명 법인명 partner "
    "partner_name company company_name vendor "
    "vendor_name organization organisation organization_name agency dealer reseller",
    "@phone": "연락처 전화 전화번호 휴대폰 휴대폰번호 핸드폰 핸드폰번호 휴대전화 휴대전화번호 hp h.p 모바일 "
    "tel phone phone_number phone_no mobile mobile_number cell cell_phone contact_number telephone",
}

_BRACKETED = re.compile(r"[(\[{<（［【〈《].*?[)\]}>）］】〉》]")
_NOT_WORD = re.compile(r"[\W_]+")


def words(text: str) -> tuple[str, ...]:
    """Header words written in one line: apart by spaces, `_` for a space, 접수@ for every date header of 접수.

    >>> words("접수@ created_at")
    ('접수일', '접수일자', '접수일시', '접수날짜', '접수시각', '접수시간', 'created at')
    """
    out: list[str] = []
    for token in text.split():
        if token in _SHARED:
            out.extend(words(_SHARED[token]))
        elif token.endswith("@"):
            out.extend(token[:-1] + suffix for suffix in _DAY_SUFFIXES)
        else:
            out.append(token.replace("_", " "))
    return tuple(dict.fromkeys(out))


@lru_cache(maxsize=8192)
def header_key(text: str, brackets: bool = False) -> str:
    """A header made comparable: NFKC, lower case, no spaces, marks, or (by default) bracketed parts.

    >>> header_key("※ 접수 일(필수)*"), header_key("연락처\\n(HP)"), header_key("Deal_Stage")
    ('접수일', '연락처', 'dealstage')
    >>> header_key("(주)업체"), header_key("(HP)")
    ('업체', 'hp')
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    if not brackets:
        without = _NOT_WORD.sub("", _BRACKETED.sub("", plain))
        if without:
            return without
    return _NOT_WORD.sub("", plain)
