"""What a table and a field of the CRM are, and how their words are written down.

Words come in three strengths, used by `addin.crm.headers`:

``synonyms``  this is the column (접수일);
``also``      this is the column unless a better one stands beside it (견적금액 beside 수주금액);
``weak``      a general word, believed only with fitting content and no rival (날짜, 구분, 번호).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

#: How a cell is read, and how `addin.crm.records` stores it.
TYPES = ("text", "id", "phone", "email", "brn", "category", "instant", "money", "number", "flag", "refund")


class Field(NamedTuple):
    """One field of a table: id, type, names, header words by strength.

    ``weight`` is how much the column says about which table this is: 3 = only this table has it
    (세대수 → partners), 1 = nearly every list has it (비고, 연락처).
    """

    id: str
    type: str
    ko: str
    en: str
    synonyms: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    weight: int = 2


@dataclass(frozen=True, slots=True)
class Table:
    """One CRM table: names, fields, key field, words for its sheet, and what a list must have to be it.

    ``needs``: groups of field ids; a list is this table only with at least one field of every group.
    """

    id: str
    ko: str
    en: str
    fields: tuple[Field, ...]
    key: str | None
    sheet_words: tuple[str, ...]
    needs: tuple[frozenset[str], ...]

    def field(self, id: str) -> Field | None:
        """The field with this id, None where the table has none."""
        return next((f for f in self.fields if f.id == id), None)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)


def f(id: str, type: str, ko: str, en: str, weight: int, synonyms: str, also: str = "", weak: str = "") -> Field:
    """A field, its words written as in `addin.crm.words.words`: apart by spaces, 접수@ = every date header of 접수."""
    return Field(id, type, ko, en, words(synonyms), words(also), words(weak), weight)


def groups(*names: str) -> tuple[frozenset[str], ...]:
    """Groups of field ids, apart by spaces, as `Table.needs` has them.

    >>> [sorted(group) for group in groups("name phone", "week")]
    [['name', 'phone'], ['week']]
    """
    return tuple(frozenset(name.split()) for name in names)


#: The column of remarks that nearly every list has.
NOTE = f("note", "text", "비고", "Note", 1,
       "비고 비고란 메모 특이사항 참고 참고사항 note notes memo remark remarks comment comments",
       also="기타 기타사항 기타문의사항 기타문의 요청사항 전달사항 상세내용 문의내용",
       weak="내용 설명 description detail details")  # fmt: skip
