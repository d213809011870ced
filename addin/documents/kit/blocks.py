"""The partner kit's pages as texts staff can edit: a few marks at the beginning of a line, and nothing else.

``# `` heading · ``- `` list · ``[ ] `` box to tick · ``label: ____`` a field to write in · ``____`` an empty line ·
``| a | b |`` table: its first row is the header and says with its spaces how wide a column is; empty cells are to be
filled in · ``[photo] label`` a place for one.
What comes from the workbook is never read as a mark: it goes through `shielded` before and `parse` after the template.
"""

from __future__ import annotations

import re
from typing import Any, Final

MARKS: Final = "#-[]|_:*·"
_AWAY: Final = {ord(c): chr(0xF0000 + ord(c)) for c in MARKS}
_BACK: Final = {0xF0000 + ord(c): c for c in MARKS}
_FIELD: Final = re.compile(r"(.*?)[:：]\s*_{3,}")
_CHECK: Final = re.compile(r"\[\s?\]\s*(.+)")
_PHOTO: Final = re.compile(r"\[(?:사진|photo)\]\s*(.*)", re.IGNORECASE)
_LINK: Final = re.compile(r"https?://[\w.~:/?#\[\]@!$&'()*+,;=%-]+")
#: Blocks that grow while lines of their kind follow each other.
_GROWING: Final = {"list": "items", "checks": "items", "photos": "items", "table": "rows"}
COLUMNS: Final = 12
#: A table's widest column is at most this many times its narrowest.
_WIDEST: Final = 4

Block = dict[str, Any]


def shielded(value: Any) -> Any:
    """A value with its marks put away, however deep.

    >>> parse(shielded("# not a heading"))
    [{'kind': 'text', 'text': '# not a heading'}]
    """
    if isinstance(value, str):
        return value.translate(_AWAY)
    if isinstance(value, dict):
        return {name: shielded(inner) for name, inner in value.items()}
    return [shielded(inner) for inner in value] if isinstance(value, list | tuple) else value


def parse(text: str) -> list[Block]:
    """The blocks of a text.

    >>> [block["kind"] for block in parse("# A\\n- b\\n- c\\nName: ____\\n| x | y |\\n| | |")]
    ['heading', 'list', 'field', 'table']
    """
    out: list[Block] = []
    for line in text.splitlines():
        block = _block(line.strip())
        if block is None:
            continue
        grows = _GROWING.get(block["kind"])
        if grows and out and out[-1]["kind"] == block["kind"]:
            out[-1][grows] += block[grows]
        else:
            out.append(block)
    for block in out:
        if block["kind"] == "table":
            _square(block)
    return [_shown(block) for block in out]


def table(rows: list[list[str]], right: tuple[int, ...] = ()) -> Block:
    """A table of its own data; ``right``: columns of numbers."""
    block: Block = {"kind": "table", "rows": rows, "right": list(right)}
    _square(block)
    return block


def _block(line: str) -> Block | None:
    if not line:
        return None
    if line.startswith("# "):
        return {"kind": "heading", "text": line[2:].strip()}
    if line.startswith(("- ", "* ", "· ")):
        return {"kind": "list", "items": [line[2:].strip()]}
    if found := _CHECK.fullmatch(line):
        return {"kind": "checks", "items": [found[1]]}
    if found := _PHOTO.fullmatch(line):
        return {"kind": "photos", "items": [found[1]]}
    if len(line) > 1 and line[0] == line[-1] == "|":
        cells = line[1:-1].split("|")[:COLUMNS]
        return {
            "kind": "table",
            "rows": [[cell.strip() for cell in cells]],
            "right": [],
            "drawn": [*map(_width, cells)],
        }
    if set(line) == {"_"}:
        return {"kind": "line"}
    if found := _FIELD.fullmatch(line):
        return {"kind": "field", "text": found[1].strip()}
    if _LINK.fullmatch(line.translate(_BACK)):
        return {"kind": "link", "text": line, "url": line}
    return {"kind": "text", "text": line}


def _square(block: Block) -> None:
    """Every row as long as the first; columns as wide as their texts ask, within reason."""
    width = len(block["rows"][0])
    drawn = block.pop("drawn", [0] * width)
    block["rows"] = [(row + [""] * width)[:width] for row in block["rows"]]
    longest = [max(drawn[i], *(_width(row[i]) for row in block["rows"])) for i in range(width)]
    least = max(max(longest) / _WIDEST, 4)
    block["widths"] = [round(max(length, least), 1) for length in longest]


def _width(text: str) -> int:
    """How wide a text is, in Latin letters: Hangul is twice as wide."""
    return sum(1 + (0x10FF < ord(c) < 0xF0000) for c in text)


def _shown(value: Any) -> Any:
    """The marks of the workbook's own texts are back."""
    if isinstance(value, str):
        return value.translate(_BACK)
    if isinstance(value, dict):
        return {name: _shown(inner) for name, inner in value.items()}
    return [_shown(inner) for inner in value] if isinstance(value, list) else value
