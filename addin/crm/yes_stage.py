"""A stage column of yes and no (계약여부: O, X): yes is the stage its header names, no is not there yet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from addin.crm.reading import repaired
from addin.crm.stages import stage_kind
from addin.crm.text import shown
from addin.crm.values import parse_flag

if TYPE_CHECKING:
    from collections.abc import MutableSequence

    from addin.crm.fault import Fault
    from addin.crm.grid import CellValue

_WHETHER = re.compile(r"(.+?)\s*(여부|유무|\?)\s*(?:[(\[].*[)\]])?")


def stage_named_by(header: str) -> str | None:
    """The stage a yes/no header asks for, None for any other header.

    >>> stage_named_by("계약 여부(O/X)"), stage_named_by("처리 › 수주여부"), stage_named_by("진행상태")
    ('계약', '수주', None)
    """
    found = _WHETHER.fullmatch(header.rsplit(" › ", maxsplit=1)[-1])
    return found[1] if found and stage_kind(found[1]) == "won" else None


def read_marks(cells: MutableSequence[CellValue], start: int, stop: int, stage: str) -> list[tuple[int, Fault]]:
    """Put the stage in the place of every yes, nothing in the place of every no, in place; each no is said.

    >>> cells = ["O", "X", "보류"]
    >>> [(i, f.code) for i, f in read_marks(cells, 0, 3, "계약")], cells
    ([(1, 'not_there_yet')], ['계약', None, '보류'])
    """
    out: list[tuple[int, Fault]] = []
    for i in range(start, stop):
        value = cells[i]
        if value is None or value == "" or stage_kind(shown(value)) is not None:
            continue
        mark = parse_flag(value).value
        if mark is None:
            continue
        cells[i] = stage if mark else None
        fault = None if mark else repaired(None, "not_there_yet", value, "category", "", stage=stage).fault
        if fault is not None:
            out.append((i, fault))
    return out
