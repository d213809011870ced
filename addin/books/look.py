"""How danggol's own tabs look: named styles, colours that the colour-blind can tell apart, widths that fit Korean.

Colours come from the Okabe–Ito palette; a flag is never told by colour alone: a symbol and a word stand with it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, Final

from addin.crm.flags import SYMBOLS

if TYPE_CHECKING:
    from addin.books.tab import Tab

FONT: Final = "맑은 고딕"
INK, PALE_INK, LINE, NAVY = "262626", "6B6B6B", "D5D9DE", "1F3A5F"

#: Okabe–Ito, for charts and bars.
BLUE, ORANGE, VERMILION, SKY, GREY = "0072B2", "E69F00", "D55E00", "56B4E9", "999999"
BAR_BLUE, BAR_GREY, BAR_ORANGE = "A9D3EE", "D5D9DE", "F6CF85"
#: Shades of a number among others, low to high: styles ``heat0`` …, in italics ``heat0_part``.
_HEATS: Final = ("F4F9FD", "DCEBF7", "BEDCF0", "9CC9E6", "79B4DA")
HEAT: Final = len(_HEATS)

FLAGS: Final = ("breach", "warn", "small_sample", "no_data", "ok")
FLAG_SYMBOL: Final[dict[str, str]] = {str(flag): symbol for flag, symbol in SYMBOLS.items()}
#: Backgrounds of flags, also of those in place beside a person's rows; None takes a fill away.
FLAG_FILL: Final[Mapping[str, str | None]] = {
    "ok": "DCEBF7",
    "warn": "FFE7AD",
    "breach": "FAD0B8",
    "small_sample": "EDEDED",
    "no_data": None,
}
_FLAG_INK = {"ok": "004C7A", "warn": "6B4A00", "breach": "8A2A00", "small_sample": "595959", "no_data": "8C8C8C"}

_FORMATS = {
    "plain": "General",
    "number": "#,##0",
    "decimal": "#,##0.00",
    "decimal1": "#,##0.0",
    "percent": "0.0%",
    "share": "0%",
    "money": "#,##0",
    "times": '0.0"×"',
    "date": "yyyy-mm-dd",
    "instant": "yyyy-mm-dd hh:mm",
}

Properties = Mapping[str, object]


def _base(**more: object) -> dict[str, object]:
    return {
        "font_name": FONT,
        "font_scheme": "none",
        "font_size": 10,
        "font_color": f"#{INK}",
        "valign": "vcenter",
        **more,
    }


def _cell(**more: object) -> dict[str, object]:
    return _base(**{"bottom": 1, "bottom_color": f"#{LINE}", **more})


def _flagged(flag: str, props: Properties) -> dict[str, object]:
    """A cell style in a flag's colours; a number carries the flag's symbol in its format."""
    fill = FLAG_FILL[flag]
    out = {**props, "font_color": f"#{_FLAG_INK[flag]}"}
    if fill and not (flag == "ok" and props.get("num_format")):  # numbers in order stay quiet
        out["bg_color"] = f"#{fill}"
    if flag == "breach":
        out["bold"] = True
    if flag in ("small_sample", "no_data"):
        out["italic"] = flag == "small_sample"
    shown = props.get("num_format")
    if shown and shown != "General" and flag in ("breach", "warn", "small_sample"):
        out["num_format"] = f'"{FLAG_SYMBOL[flag]} "{shown}'
    return out


def _styles() -> dict[str, dict[str, object]]:
    cells = {name: _cell(num_format=shown) for name, shown in _FORMATS.items()}
    input_ = {"bg_color": "#FFF8DB", "border": 1, "border_color": "#E3CF86"}
    styles: dict[str, dict[str, object]] = {
        "title": _base(font_size=18, bold=True, font_color=f"#{NAVY}"),
        "subtitle": _base(font_color=f"#{PALE_INK}"),
        "subtitle_right": _base(font_color=f"#{PALE_INK}", align="right", valign="bottom"),
        "section": _base(font_size=12, bold=True, font_color=f"#{NAVY}", bottom=2, bottom_color=f"#{NAVY}"),
        "text": _base(text_wrap=True, valign="top"),
        "note": _base(font_size=9, font_color=f"#{PALE_INK}", text_wrap=True),
        "sentence": _base(font_size=12, bold=True, font_color=f"#{NAVY}", bg_color="#E8F1F9", text_wrap=True, indent=1),
        "aside": _base(font_color=f"#{NAVY}", bg_color="#E8F1F9", text_wrap=True, indent=1),
        "header": _base(
            bold=True,
            font_color="#FFFFFF",
            bg_color=f"#{NAVY}",
            text_wrap=True,
            align="center",
            border=1,
            border_color="#FFFFFF",
        ),
        "group": _base(indent=1, bold=True, font_color=f"#{NAVY}", bg_color="#DDE6EF", text_wrap=True),
        "group_right": _base(bold=True, font_color=f"#{NAVY}", bg_color="#DDE6EF", align="right"),
        "rule": _base(
            font_size=9,
            font_color=f"#{PALE_INK}",
            bg_color="#F3F6F9",
            text_wrap=True,
            align="center",
            border=1,
            border_color="#FFFFFF",
        ),
        "card_label": _base(
            font_size=9, font_color=f"#{PALE_INK}", bg_color="#F6F8FA", align="center", top=5, top_color=f"#{BLUE}"
        ),
        "card_note": _base(font_size=9, font_color=f"#{PALE_INK}", bg_color="#F6F8FA", align="center"),
        "cell": _cell(indent=1),
        "wrap": _cell(text_wrap=True, indent=1),
        "small": _cell(text_wrap=True, font_size=9, indent=1),
        "tiny": _base(font_size=8, align="center"),
        "center": _cell(align="center"),
        "count": _cell(num_format="#,##0", font_size=8, font_color="#8C8C8C", align="left"),
        "link": _cell(font_color=f"#{BLUE}", underline=1, indent=1),
        "link_small": _cell(font_color=f"#{BLUE}", underline=1, indent=1, text_wrap=True, font_size=9),
        "arrow": _cell(font_color=f"#{BLUE}", bold=True, align="center"),
        "strong": _cell(bold=True, indent=1),
        "question": _cell(bg_color="#FFF1D6", text_wrap=True, indent=1),
        "question_strong": _cell(bg_color="#FFF1D6", text_wrap=True, bold=True, indent=1),
        "input": _base(text_wrap=True, indent=1, **input_),
        "key": _base(font_size=8, font_color="#BFBFBF"),
        **cells,
    }
    for name in ("number", "percent", "money", "decimal"):
        styles[f"card_{name}"] = _base(
            font_size=20,
            bold=True,
            font_color=f"#{NAVY}",
            bg_color="#F6F8FA",
            align="center",
            num_format=_FORMATS[name],
        )
        styles[f"input_{name}"] = _base(num_format=_FORMATS[name], align="right", **input_)
        styles[f"total_{name}"] = _base(
            bold=True, num_format=_FORMATS[name], top=1, top_color=f"#{NAVY}", bg_color="#F3F6F9"
        )
        styles[f"pale_{name}"] = _cell(font_color="#9A9A9A", italic=True, num_format=_FORMATS[name])
    for name in ("date", "instant"):
        styles[f"input_{name}"] = _base(num_format=_FORMATS[name], align="right", **input_)
    styles["total_count"] = {**styles["total_number"], "font_size": 8, "align": "left"}
    styles["total_cell"] = _base(indent=1, bold=True, top=1, top_color=f"#{NAVY}", bg_color="#F3F6F9")
    styles["pale_cell"] = _cell(indent=1, font_color="#9A9A9A", italic=True)
    styles["pale_wrap"] = {**styles["pale_cell"], "text_wrap": True}
    for shade, color in enumerate(_HEATS):
        styles[f"heat{shade}"] = _cell(num_format=_FORMATS["money"], bg_color=f"#{color}")
        styles[f"heat{shade}_part"] = {**styles[f"heat{shade}"], "italic": True, "font_color": f"#{PALE_INK}"}
    styles["unripe"] = _cell(align="right", font_color="#9A9A9A", bg_color="#EDEDED", italic=True)
    styles["group_share"] = {**styles["group"], "num_format": "0%", "align": "right", "indent": 0}
    for flag in FLAGS:
        for name in (*_FORMATS, "cell", "wrap", "center", "tiny"):
            styles[f"{name}.{flag}"] = _flagged(flag, styles[name])
        styles[f"card_note.{flag}"] = _flagged(flag, styles["card_note"])
    return styles


#: Style name → XlsxWriter format properties. ``percent.breach`` is a percent cell in a flag's colours.
STYLES: Final[Mapping[str, Properties]] = _styles()

#: What a conditional format may carry of a style: Excel allows no font name or size there.
PAINTABLE: Final = ("font_color", "bg_color", "bold", "italic")


def default_style(value: object) -> str:
    """The style of a cell that names none: by what it holds.

    >>> default_style(3), default_style(date(2026, 11, 20))
    ('plain', 'date')
    """
    if isinstance(value, datetime):
        return "instant"
    return "date" if isinstance(value, date) else "plain"


@lru_cache(maxsize=4096)
def text_width(text: str) -> int:
    """How many digit widths a line of text takes; a Korean syllable takes two. The longest line counts.

    >>> text_width("CRM"), text_width("파트너"), text_width("가나\\nabc")
    (3, 6, 4)
    """
    return max(sum(map(_char_width, line)) for line in text.split("\n"))


@lru_cache(maxsize=4096)
def _char_width(ch: str) -> int:
    if unicodedata.combining(ch) or unicodedata.category(ch) == "Cf":
        return 0
    return 2 if unicodedata.east_asian_width(ch) in "WFA" else 1


def lines(text: str, width: float) -> int:
    """How many lines a wrapped text takes in a column of a width.

    >>> lines("접수에서 수주까지", 8), lines("", 8)
    (3, 1)
    """
    return sum(max(1, ceil(text_width(line) / max(width, 2))) for line in text.split("\n"))


def fit_heights(tab: Tab, first_row: int = 1, least: float = 18) -> None:
    """Give rows from ``first_row`` on a height that shows all of their wrapped text, at least ``least`` points.

    Merged cells count with their whole width. Rows with a height keep it.
    """
    spans = {(r1, c1): (c2, r2) for r1, c1, r2, c2 in tab.merges}
    wants: dict[int, float] = {}
    heights, styles = tab.heights, tab.styles
    for place, value in tab.cells.items():
        row, column = place
        if row < first_row or row in heights:
            continue
        if row not in wants:
            wants[row] = least
        props = STYLES[styles.get(place) or default_style(value)]
        if not props.get("text_wrap"):
            continue
        last, bottom = spans.get((row, column), (column, row))
        width = sum(tab.widths.get(c, 8.43) for c in range(column, last + 1)) - int(bool(props.get("indent")))
        text = value if isinstance(value, str) else getattr(value, "text", str(value))
        size = float(str(props["font_size"]))
        count = lines(text, width * 10 / size)
        if count > 1:
            wants[row] = max(wants[row], min(count * size * 1.45 + 5, 400) / (bottom - row + 1))
    tab.heights.update(wants)
