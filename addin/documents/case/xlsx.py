"""The internal case as a workbook: the page one can go on writing in before it is signed."""

from __future__ import annotations

import datetime as dt
import io
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: Columns of the page, two to a stage; their width in digits.
_COLUMNS: Final = 14
_WIDTH: Final = 7.2
_LINE, _BLANK = 18.0, 34.0  # points
_LETTERS: Final = 46  # Korean letters a line of the page holds
_NAVY, _INK, _LINE_INK, _PALE = "#1F3A5F", "#55606B", "#C9D1DA", "#EEF2F7"


def case_xlsx(shown: Mapping[str, Any]) -> bytes:
    """The page of `addin.documents.case.face.face` on one sheet of A4; same input, same bytes.

    What the book doesn't tell is an empty yellow cell. Every cell is text: nothing a person wrote becomes a formula.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = dt.datetime.combine(dt.date.fromisoformat(shown["date"]), dt.time())
    book.set_properties({"title": f"{shown['word']['title']} · {shown['partner']}", "created": day})
    page = _Page(book, shown["word"]["title"])
    _head(page, shown)
    _why(page, shown)
    _score(page, shown)
    _signing(page, shown)
    page.sheet.print_area(0, 0, page.row, _COLUMNS - 1)
    book.close()
    return buffer.getvalue()


class _Page:
    """One sheet written from the top: ``row`` is the next free one."""

    def __init__(self, book: Any, name: str) -> None:
        self.sheet = book.add_worksheet(name[:31])
        self.row = 0
        base = {"font_name": "맑은 고딕", "font_size": 10, "valign": "vcenter", "text_wrap": True}
        boxed = {**base, "border": 1, "border_color": _LINE_INK}
        kinds = {
            "title": {**base, "font_size": 18, "bold": True, "font_color": _NAVY},
            "section": {**base, "font_size": 12, "bold": True, "font_color": _NAVY, "bottom": 2, "bottom_color": _NAVY},
            "small": {**base, "font_size": 9, "font_color": _INK},
            "right": {**base, "font_size": 9, "font_color": _INK, "align": "right"},
            "text": base,
            "head": {**boxed, "bold": True, "bg_color": _PALE, "align": "center"},
            "name": {**boxed, "font_color": _INK, "bg_color": _PALE},
            "cell": {**boxed, "indent": 1},
            "center": {**boxed, "align": "center"},
            "now": {**boxed, "align": "center", "bold": True, "font_color": "#FFFFFF", "bg_color": _NAVY},
            "done": {**boxed, "align": "center", "bg_color": "#DCEBF7"},
            "big": {**boxed, "align": "center", "font_size": 14, "bold": True, "font_color": _NAVY},
            "blank": {**boxed, "bg_color": "#FFF8DB", "valign": "top"},
            "warn": {**base, "bold": True, "font_color": "#6B4A00", "bg_color": "#FFE7AD", "indent": 1},
        }
        self.look = {kind: book.add_format(props) for kind, props in kinds.items()}
        self.sheet.hide_gridlines(2)
        self.sheet.set_column(0, _COLUMNS - 1, _WIDTH)
        self.sheet.set_paper(9)
        self.sheet.set_margins(left=0.5, right=0.5, top=0.5, bottom=0.5)
        self.sheet.fit_to_pages(1, 1)
        self.sheet.center_horizontally()

    def line(self, cells: Sequence[tuple[int, str, str]], height: float = _LINE) -> None:
        """A row of cells: so many columns each, a text, a look; an empty text to be written by hand is yellow."""
        self.sheet.set_row(self.row, height)
        column = 0
        for columns, text, look in cells:
            kind = self.look["blank" if not text and look in ("cell", "center", "big") else look]
            if columns > 1:
                self.sheet.merge_range(self.row, column, self.row, column + columns - 1, "", kind)
            self.sheet.write_string(self.row, column, text, kind)
            column += columns
        self.row += 1

    def section(self, text: str) -> None:
        """A heading over the whole page, with a little room above."""
        self.sheet.set_row(self.row, 8)
        self.row += 1
        self.line([(_COLUMNS, text, "section")], 22)

    def text(self, text: str, look: str = "text") -> None:
        """A text over the whole page, as high as it takes."""
        lines = sum(-(-max(len(part), 1) // _LETTERS) for part in text.split("\n"))
        self.line([(_COLUMNS, text, look)], max(_LINE, 15.0 * lines + 3))


def _head(page: _Page, shown: Mapping[str, Any]) -> None:
    word = shown["word"]
    page.line([(_COLUMNS, shown["partner"], "title")], 30)
    sender = f"{word['title']} · {shown['sender']}" if shown["sender"] else word["title"]
    page.line([(_COLUMNS - 4, sender, "small"), (4, shown["date"], "right")])
    facts = list(shown["facts"])
    for left, right in zip(facts[::2], [*facts[1::2], None], strict=False):
        cells = [(2, left["name"], "name"), (5 if right else _COLUMNS - 2, left["value"], "cell")]
        page.line([*cells, (2, right["name"], "name"), (5, right["value"], "cell")] if right else cells, 20)
    looks = ["now" if s["now"] else "done" if s["done"] else "center" for s in shown["stages"]]
    page.row += 1
    page.line([(2, s["name"], look) for s, look in zip(shown["stages"], looks, strict=True)], 22)


def _why(page: _Page, shown: Mapping[str, Any]) -> None:
    """Why this partner, what revenue for what effort, what both sides gain."""
    word = shown["word"]
    page.section(word["why"])
    if shown["why"]:
        page.text(shown["why"])
    else:
        page.line([(_COLUMNS, "", "cell")], 2 * _BLANK)
        page.text(word["why_ask"], "small")
    page.section(word["money"])
    spans = (5, 5, 4)
    cards = list(zip(spans, shown["cards"], strict=True))
    page.line([(span, card["name"], "head") for span, card in cards])
    page.line([(span, card["value"], "big") for span, card in cards], 28)
    page.line([(span, card["note"] or word["by_hand"], "small") for span, card in cards])
    page.section(word["benefits"])
    page.line([(7, word["ours"], "head"), (7, word["theirs"], "head")])
    page.line([(7, shown["ours"], "cell"), (7, shown["theirs"], "cell")], 2 * _BLANK)
    if shown["one_sided"]:
        page.text(shown["one_sided"], "warn")


def _score(page: _Page, shown: Mapping[str, Any]) -> None:
    """How it was screened, and what comes next."""
    word, score = shown["word"], shown["score"]
    page.section(word["score"])
    if score:
        page.line([(_COLUMNS, " · ".join(filter(None, (f"{score['value']} / 100", score["place"], score["pilot"]))),
                    "text")], 20)  # fmt: skip
        spans = [*(3 for _ in score["parts"][:2]), *(4 for _ in score["parts"][2:])]
        page.line([(span, part["name"], "head") for span, part in zip(spans, score["parts"], strict=True)])
        points = [f"{part['points']} / {part['most']}" for part in score["parts"]]
        page.line([(span, text, "center") for span, text in zip(spans, points, strict=True)])
        for reason in score["reasons"]:
            page.text(f"· {reason}", "small")
    else:
        page.text(shown["no_score"], "small")
    page.section(word["next"])
    for number, step in enumerate(shown["next"], 1):
        page.text(f"{number}. {step}")
    page.line([(_COLUMNS, word["remarks"], "small")])
    page.line([(_COLUMNS, "", "cell")], 2 * _BLANK)


def _signing(page: _Page, shown: Mapping[str, Any]) -> None:
    """Where the decision makers sign."""
    word = shown["word"]
    page.section(word["approval"])
    page.text(" ".join(filter(None, (word["final"], shown["approved"]))), "small")
    spans = (3, 2, 5, 2, 2)
    heads = ("role", "name", "verdict", "signature", "date")
    page.line([(span, word[name], "head") for span, name in zip(spans, heads, strict=True)])
    verdicts = "   ".join(f"□ {verdict}" for verdict in shown["verdicts"])
    for role in shown["roles"]:
        texts = (role, "", verdicts, "", "")
        page.line([(span, text, "center") for span, text in zip(spans, texts, strict=True)], _BLANK)
    page.text(word["inside"], "small")
