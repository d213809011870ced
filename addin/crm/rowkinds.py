"""What one row of a list is: data, a total, a note, or nothing; how a clerk's totals and notes are written."""

from __future__ import annotations

import re

from addin.crm.grid import CellValue
from addin.crm.lazy import pattern
from addin.crm.shapes import BLANK, ERROR, NUMBER, TEXT, shape
from addin.crm.text import tidy

#: A row's cells that hold something: (1-based column, value).
Cells = list[tuple[int, CellValue]]

_TOTAL = pattern(
    r"[\[(<※*\s]*(((총|전체|월|누적)\s*)?합\s*계|총\s*계|소\s*계|누\s*계|계|월\s*계|일\s*계|중간\s*합계|합\s*산|총\s*합"
    r"|total|totals|grand total|sub\s*-?total|sum)\s*[\])>]*\s*(\(.*\))?\s*:?",
    re.IGNORECASE,
)
_ENDS_TOTAL = pattern(
    r".{1,30}?\s*(합\s*계|총\s*계|소\s*계|누\s*계|sub\s*-?total|total)\s*(\(.*\))?\s*:?", re.IGNORECASE
)
_AVERAGE = pattern(r"(평\s*균|average|avg\.?|mean)\s*(\(.*\))?\s*:?", re.IGNORECASE)
_HINT = pattern(r"계|합\s*산|총\s*합|평\s*균|total|sum|average|avg|mean", re.IGNORECASE)
_NOTE = pattern(
    r"(※|＊|\*|•|▶|■|□|◆|◇|☞|☎|★|주\)|\(주\s*\d|- ?이하|이하\s*여백|끝\.?$|비고\s*:|참고\s*:|note\s*:"
    r"|\d+\)\s)",
    re.IGNORECASE,
)
_SECTION = pattern(
    r"((19|20)?\d\d\s*[년./-]\s*)?\d{1,2}\s*월(\s*분|\s*접수.*|\s*현황.*)?"
    r"|\[.*\]|<.*>|【.*】|\d{1,2}\s*주차?|(19|20)\d\d\s*년?.*(현황|목록|대장)"
)


def is_total(cells: Cells, typical: float) -> bool:
    """A total, subtotal or average by its words: 합계, 소 계, 총계 (12건), 9월 소계, Grand Total.

    ``typical``: how many cells a data row fills. An ordinary row whose name merely ends so stays data.
    """
    for place, (_, value) in enumerate(cells[:3]):
        if not isinstance(value, str) or len(value) > 40 or not _HINT().search(value):
            continue
        text = tidy(value)
        sparse = len(cells) < typical or place == 0
        if _TOTAL().fullmatch(text) and (sparse or len(cells) <= typical):
            return True
        if place == 0 and _AVERAGE().fullmatch(text):
            return True
        if _ENDS_TOTAL().fullmatch(text) and len(cells) <= max(2.0, 0.7 * typical):
            return True
    return False


def is_note(cells: Cells, typical: float, typed: frozenset[int]) -> bool:
    """A remark standing between rows: ``※ …``, a section title (9월), a long sentence, in a row of its own.

    ``typed``: columns that otherwise hold dates or numbers.
    """
    texts = [(column, value) for column, value in cells if isinstance(value, str)]
    if not texts or typical < 2 or len(cells) > max(1, typical // 3):
        return False
    column, value = texts[0]
    text = tidy(value)
    if _NOTE().match(text):
        return True
    if len(cells) != 1 or typical < 3:
        return False
    return bool(_SECTION().fullmatch(text)) or len(text) > 20 or (column in typed and shape(value) == TEXT)


def is_nameless_sum(cells: Cells, sums: dict[int, float], typed: frozenset[int], typical: float) -> bool:
    """Numbers alone in their columns, one of them the sum of the rows above (or below): a total without a label.

    ``sums``: column → the sum of the other rows. A single number in a list of two columns proves nothing.
    """
    if not cells or typical < 2 or len(cells) >= typical:
        return False
    hits = 0
    for column, value in cells:
        if isinstance(value, bool) or not isinstance(value, int | float):
            if shape(value) not in (NUMBER, ERROR, BLANK):
                return False
            continue
        if column not in typed:
            return False
        if value and column in sums and abs(value - sums[column]) <= 1e-6 * max(1.0, abs(value)):
            hits += 1
    return hits > 0
