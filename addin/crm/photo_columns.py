"""Which columns of a team's own say where the photos of a job are, or a review of it."""

from __future__ import annotations

import re
from typing import Final

from addin.crm.text import spelling_key

#: Headers of columns that hold paths of photos, in requests, activities and defects.
PHOTO_HEADERS: Final = frozenset(
    ("사진", "사진경로", "사진파일", "작업사진", "시공사진", "현장사진", "하자사진", "완료사진", "첨부사진",
     "photo", "photos", "photopath")
)  # fmt: skip
BEFORE_HEADERS: Final = frozenset(
    ("작업전사진", "시공전사진", "전사진", "사진전", "보수전사진", "beforephoto", "photobefore")
)
AFTER_HEADERS: Final = frozenset(
    ("작업후사진", "시공후사진", "후사진", "사진후", "보수후사진", "afterphoto", "photoafter")
)
#: Headers of columns that hold the address of photos kept elsewhere: shown beside a case, never looked up.
LINK_HEADERS: Final = frozenset(
    ("사진링크", "사진주소", "사진url", "사진폴더", "후기사진", "사례사진", "후기링크", "리뷰링크", "photolink",
     "photourl", "photofolder", "reviewlink", "reviewurl")
)  # fmt: skip
_MARKS: Final = re.compile(r"[_()\-\[\]/·]")


def tells_photos(header: str) -> bool:
    """Whether a column says where photos (or a review) of a job are.

    >>> [tells_photos(header) for header in ("시공 후 사진", "사진 링크", "사진 동의")]
    [True, True, False]
    """
    return header_mark(header) in PHOTO_HEADERS | BEFORE_HEADERS | AFTER_HEADERS | LINK_HEADERS


def header_mark(header: str) -> str:
    """A header for comparing: without spaces and signs."""
    return _MARKS.sub("", spelling_key(header))
