"""A partner's Google sheet as requests: what `prepare` asks for, what stands where in ``_hq``.

    의뢰   | 번호 (hidden) | 접수일시 | … | 방문일시 | … | 표시 | 본사 요청 |   header frozen and locked
    안내   how it works, the checkbox, the last sync, KPIs and asks (looked up in _hq)
    _hq    A key  B flag  C ask | D kind  E–I the guide's lines         A1 the sentinel, B1 the last sync

Why it is done so:

* Rows are appended by ``appendCells`` to a tab of an id we gave: under everything that stands in the tab, from its
  first column on, whatever it is called by now. ``values.append`` looks for a table and may find another one.
* The two lookup formulas start in the header's own row: a row put right below the header moves no reference.
* A locked cell would forbid partners to sort, and sorting without the key's column would tear rows apart. Only the
  header is locked; the key's and the looked up columns warn. What head office gave stays open, for new requests are
  typed there too; what is changed there shows as an ask beside the row.
* A formula's empty text counts as filled when Google looks for the last row: blanks are true blanks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from addin.books.look import FLAG_FILL, FLAG_SYMBOL
from addin.crm.grid import column_letter
from addin.i18n import say
from sheets_sync.layout import HQ_TAB, LAST_SYNC, REFRESH, REQUESTED_AT, SENTINEL
from sheets_sync.model import KEY, Hq, HqRow, KpiLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sheets_sync.layout import Column, Layout

Request = dict[str, Any]

#: The key's header cell, by a name: finds the partner's tab once it was renamed.
ROWS: Final = "danggol_rows"
#: Tab ids we give; a copy of a spreadsheet keeps them.
TAB_ID, GUIDE_ID, HQ_ID = 730001, 730002, 730003
HQ_ROWS: Final = 1_000  # never fewer: the guide looks up its lines here
HQ_WIDTH: Final = 9
ROWS_READY: Final = 1_000  # of the partner's tab
_GUIDE_LINES: Final = 200
_KPI: Final = ("name", "value", "target", "flag", "window")
HOW: Final = ("how.1", "how.2", "how.3", "how.4", "how.5")
#: Where the guide's cells are, 0-based.
_HOW_ROW, _REFRESH_ROW = 2, 8
_PLACES: Final = {REFRESH: (_REFRESH_ROW, 2), LAST_SYNC: (_REFRESH_ROW + 1, 2), REQUESTED_AT: (_REFRESH_ROW + 2, 2)}
_KPI_ROW: Final = _REFRESH_ROW + 4
GUIDE_IDS: Final = (
    *(f"sync.gsheet.{name}" for name in (*HOW, "refresh", "requested", "protected")),
    *("sync.book.last", "sync.book.asks"),
    *(f"sync.book.kpi.{name}" for name in _KPI),
)
_TEXT_TYPES: Final = frozenset(("text", "id", "phone", "email", "brn", "category"))
_WIDTHS: Final = {"flag": 70, "instant": 140, "money": 110, "phone": 130, "text": 240}


@dataclass(slots=True)
class Found:
    """What stands in a spreadsheet before it is laid out. ``tab``: whether the partner's is there.

    ``header``: the fields of the tab's first row, "" for a column of somebody else's. ``protected``: descriptions of
    protected ranges there already.
    """

    tab: bool = False
    columns: int = 26
    header: tuple[str, ...] = ()
    guide: bool = False
    hq: bool = False
    sentinel: str = ""
    names: frozenset[str] = frozenset()
    protected: frozenset[str] = field(default_factory=frozenset)


def laying_out(found: Found, layout: Layout, title: str, editors: Sequence[str]) -> list[Request]:
    """The requests of one batch that make a spreadsheet a partner's sheet; [] where nothing is missing.

    Nothing a person typed is touched: missing columns come to the right of the last one used. ``editors``: who may
    change what is locked, beside the owner.
    """
    out: list[Request] = []
    if not found.hq:
        out.append(_add_tab(HQ_ID, HQ_TAB, HQ_ROWS, HQ_WIDTH, 9, hidden=True))
    if found.sentinel != SENTINEL:
        out.append(_cells(HQ_ID, 0, 0, [[text(SENTINEL)]]))
    missing = [c for c in layout.columns if c.field not in found.header]
    if missing:
        out += _tab(found, layout, missing)
    if not found.guide:
        out += _guide(layout, title)
    out += [_named(name, GUIDE_ID, *place) for name, place in _PLACES.items() if name not in found.names]
    fields = [*found.header, *(c.field for c in missing)]
    if ROWS not in found.names:
        out.append(_named(ROWS, TAB_ID, 0, fields.index(KEY)))
    return out + _locks(found, layout, fields, editors)


# -- the partner's tab -------------------------------------------------------------------------------------------------


def _tab(found: Found, layout: Layout, missing: Sequence[Column]) -> list[Request]:
    first = len(found.header)
    width = first + len(missing)
    out: list[Request] = []
    if not found.tab:
        out.append(_add_tab(TAB_ID, layout.tab, ROWS_READY, width, 0, frozen=1))
    elif width > found.columns:
        length = width - found.columns
        out.append({"appendDimension": {"sheetId": TAB_ID, "dimension": "COLUMNS", "length": length}})
    key = column_letter(1 + [*found.header, *(c.field for c in missing)].index(KEY))
    for at, column in enumerate(missing, first):
        out += _column(at, column, key)
    start = {"sheetId": TAB_ID, "rowIndex": 0, "columnIndex": first}
    row = {"values": [_header_cell(column, key) for column in missing]}
    fields = "userEnteredValue,userEnteredFormat(backgroundColorStyle,textFormat,verticalAlignment,wrapStrategy)"
    out.append({"updateCells": {"start": start, "rows": [row], "fields": fields}})
    return out


def lookup_formula(column: Column, key: str) -> str:
    """What shows head office's flag or ask beside each row, and the header above them; ``key``: the key's letter.

    It starts in the header's own row, so that inserting a row below the header leaves it whole.
    """
    place = {"flag": 2, "ask": 3}[column.field]
    rows = f"{key}1:{key}"
    header = column.header.replace('"', '""')
    return (
        f'=ARRAYFORMULA(IF(ROW({rows})=ROW(),"{header}",'
        f'IF({rows}="",,IFERROR(VLOOKUP({rows},{HQ_TAB}!$A:$C,{place},FALSE)))))'
    )


def _header_cell(column: Column, key: str) -> Request:
    colour = {"partner": "FFE08A", "lookup": "D9D9D9"}.get(column.owner, "DCE6F1")
    look = {
        "backgroundColorStyle": {"rgbColor": rgb(colour)},
        "textFormat": {"bold": True},
        "verticalAlignment": "MIDDLE",
        "wrapStrategy": "WRAP",
    }
    held = _formula(lookup_formula(column, key)) if column.owner == "lookup" else text(column.header)
    return {**held, "userEnteredFormat": look}


def _column(at: int, column: Column, key: str) -> list[Request]:
    """Format, width, dropdown and colours of one column, below the header to the end of the grid."""
    below = {"sheetId": TAB_ID, "startRowIndex": 1, "startColumnIndex": at, "endColumnIndex": at + 1}
    look: dict[str, Any] = {}
    if column.owner != "lookup" and (column.type in _TEXT_TYPES or column.owner == "key"):
        look["numberFormat"] = {"type": "TEXT"}  # what is typed stays as typed: a phone number keeps its zero
    if column.type == "text":
        look["wrapStrategy"] = "WRAP"
    size: dict[str, Any] = {"pixelSize": 320 if column.field == "ask" else _WIDTHS.get(column.type, 120)}
    if column.owner == "key":
        size["hiddenByUser"] = True
    where = {"sheetId": TAB_ID, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
    out: list[Request] = [_look(below, look)] if look else []
    out.append({"updateDimensionProperties": {"range": where, "properties": size, "fields": ",".join(size)}})
    if column.owner == "partner":
        out.append(_rule(below, "CUSTOM_FORMULA", f'=${key}2<>""', "FFF8DB"))
    if column.owner == "partner" and column.choices:
        values = [{"userEnteredValue": choice} for choice in column.choices]
        rule = {"condition": {"type": "ONE_OF_LIST", "values": values}, "showCustomUi": True, "strict": False}
        out.append({"setDataValidation": {"range": below, "rule": rule}})
    if column.field == "flag":
        out += [_rule(below, "TEXT_STARTS_WITH", FLAG_SYMBOL[f], FLAG_FILL[f] or "FFFFFF") for f in ("breach", "warn")]
    return out


def _rule(where: Request, kind: str, value: str, colour: str) -> Request:
    look = {"backgroundColorStyle": {"rgbColor": rgb(colour)}}
    condition = {"type": kind, "values": [{"userEnteredValue": value}]}
    rule = {"ranges": [where], "booleanRule": {"condition": condition, "format": look}}
    return {"addConditionalFormatRule": {"rule": rule, "index": 0}}


# -- the guide ---------------------------------------------------------------------------------------------------------


def _guide(layout: Layout, title: str) -> list[Request]:
    def word(id: str) -> str:
        return say(id, layout.lang)

    lines: dict[int, list[Request]] = {0: [text(title)]}
    for row, how in enumerate(HOW, _HOW_ROW):
        lines[row] = [text(word(f"sync.gsheet.{how}"))]
    lines[_REFRESH_ROW] = [text(word("sync.gsheet.refresh")), {"userEnteredValue": {"boolValue": False}}]
    lines[_REFRESH_ROW + 1] = [text(word("sync.book.last")), _formula(f"={HQ_TAB}!$B$1")]
    lines[_REFRESH_ROW + 2] = [text(word("sync.gsheet.requested"))]
    lines[_KPI_ROW] = [text(word(f"sync.book.kpi.{name}")) for name in _KPI]
    block = f"{HQ_TAB}!$E$2:$I${_GUIDE_LINES + 1}"
    lines[_KPI_ROW + 1] = [_formula(f'=ARRAYFORMULA(IF({block}="",,{block}))')]
    rows = _KPI_ROW + 2 + _GUIDE_LINES
    box = {"condition": {"type": "BOOLEAN"}, "strict": True, "showCustomUi": True}
    out = [_add_tab(GUIDE_ID, layout.guide, rows, 6, 1)]
    out += [_cells(GUIDE_ID, row, 1, [cells]) for row, cells in lines.items()]
    out.append({"setDataValidation": {"range": _one(GUIDE_ID, *_PLACES[REFRESH]), "rule": box}})
    for row in range(_HOW_ROW, _HOW_ROW + len(HOW)):
        out.append({"mergeCells": {"range": _box(GUIDE_ID, row, row + 1, 1, 6), "mergeType": "MERGE_ALL"}})
    big = {"textFormat": {"bold": True, "fontSize": 16}}
    bold = {"textFormat": {"bold": True}}
    wrap = {"wrapStrategy": "WRAP", "verticalAlignment": "TOP"}
    stamp = {"numberFormat": {"type": "TEXT"}}
    out += [
        _look(_box(GUIDE_ID, 0, 1, 1, 2), big),
        _look(_box(GUIDE_ID, _HOW_ROW, _HOW_ROW + len(HOW), 1, 6), wrap),
        _look(_box(GUIDE_ID, _REFRESH_ROW, _REFRESH_ROW + 3, 1, 2), bold),
        _look(_box(GUIDE_ID, _KPI_ROW, _KPI_ROW + 1, 1, 6), bold),
        _look(_one(GUIDE_ID, *_PLACES[REQUESTED_AT]), stamp),
    ]
    for at, width in enumerate((20, 230, 180, 130, 110, 200)):
        where = {"sheetId": GUIDE_ID, "dimension": "COLUMNS", "startIndex": at, "endIndex": at + 1}
        size = {"pixelSize": width}
        out.append({"updateDimensionProperties": {"range": where, "properties": size, "fields": "pixelSize"}})
    return out


def _locks(found: Found, layout: Layout, fields: Sequence[str], editors: Sequence[str]) -> list[Request]:
    """What only we may change, and what warns. ``found.protected`` tells those that stand already."""
    why = say("sync.gsheet.protected", layout.lang)
    free = [_one(GUIDE_ID, *_PLACES[name]) for name in (REFRESH, REQUESTED_AT)]
    wanted: dict[str, Request] = {
        "header": {"range": {"sheetId": TAB_ID, "startRowIndex": 0, "endRowIndex": 1}},
        "guide": {"range": {"sheetId": GUIDE_ID}, "unprotectedRanges": free},
        HQ_TAB: {"range": {"sheetId": HQ_ID}},
    }
    for name in (KEY, *(c.field for c in layout.of("lookup"))):
        at = fields.index(name)
        column = {"sheetId": TAB_ID, "startColumnIndex": at, "endColumnIndex": at + 1}
        wanted[name] = {"range": column, "warningOnly": True}
    out: list[Request] = []
    for name, protected in wanted.items():
        described = f"danggol: {name} · {why}"
        if any(known.startswith(f"danggol: {name} ·") for known in found.protected):
            continue
        if not protected.get("warningOnly"):
            protected["editors"] = {"users": list(editors), "domainUsersCanEdit": False}
        out.append({"addProtectedRange": {"protectedRange": {**protected, "description": described}}})
    return out


# -- _hq ---------------------------------------------------------------------------------------------------------------


def hq_rows(hq: Hq, synced_at: str, layout: Layout) -> list[list[str]]:
    """``_hq`` as rows of text: rows by key on the left, the guide's lines beside them."""
    left = [[row.key, row.flag, row.ask] for row in hq.rows]
    right = [["kpi", *(getattr(kpi, name) for name in _KPI)] for kpi in hq.kpis]
    if hq.asks:
        right += [[""], ["title", say("sync.book.asks", layout.lang)], *(["ask", ask] for ask in hq.asks)]
    out = [[SENTINEL, synced_at]]
    for n in range(max(len(left), len(right))):
        row = [*(left[n] if n < len(left) else ["", "", ""]), *(right[n] if n < len(right) else [])]
        out.append(row)
    return out


def parse_hq(rows: Sequence[Sequence[object]]) -> tuple[str, Hq]:
    """The sentinel and what stands in ``_hq``.

    >>> from sheets_sync.layout import layout_of
    >>> hq = Hq((HqRow("R1", "● 위반", ""),), (KpiLine("응답", "10분", "10분", "", "1주"),), ("사진을 올려 주세요",))
    >>> parse_hq(hq_rows(hq, "2026-11-22 09:00", layout_of())) == (SENTINEL, hq)
    True
    """
    sentinel = str(rows[0][0]) if rows and rows[0] else ""
    found, kpis, asks = [], [], []
    for row in rows[1:]:
        if len(row) <= 3:  # most: a request's line, or the end of one
            if row and (key := _said(row[0])):
                rest = row[1:]
                found.append(HqRow(key, *map(_said, rest)) if any(rest) else HqRow(key))
            continue
        cells = [_said(cell) for cell in row]
        cells += [""] * (HQ_WIDTH - len(cells))
        if cells[0]:
            found.append(HqRow(*cells[:3]))
        if cells[3] == "kpi":
            kpis.append(KpiLine(*cells[4:9]))
        elif cells[3] == "ask":
            asks.append(cells[4])
    return sentinel, Hq(tuple(found), tuple(kpis), tuple(asks))


def _said(cell: object) -> str:
    return cell if cell.__class__ is str else "" if cell is None else str(cell)


def hq_batches(rows: Sequence[Sequence[str]], largest: int) -> list[list[Request]]:
    """The batches that make ``_hq`` these rows, each below ``largest`` bytes: one but for thousands of rows.

    The last one also clears what stood below.
    """
    height = max(HQ_ROWS, len(rows) + 1)
    size: Request = {"sheetId": HQ_ID, "gridProperties": {"rowCount": height}}
    head: Request = {"updateSheetProperties": {"properties": size, "fields": "gridProperties.rowCount"}}
    batches: list[list[Request]] = []
    start = 0
    while start < len(rows):
        lines: list[Request] = []
        weight = 600
        for row in rows[start:]:
            line = {"values": [{"userEnteredValue": {"stringValue": cell}} if cell else {} for cell in row]}
            weight += 60 * len(row) + 6 * len("".join(row))  # a letter takes six bytes in JSON at the most
            if lines and weight > largest:
                break
            lines.append(line)
        end = start + len(lines)
        where: Request = {"sheetId": HQ_ID, "startRowIndex": start, "startColumnIndex": 0, "endColumnIndex": HQ_WIDTH}
        if end < len(rows):
            where["endRowIndex"] = end
        update: Request = {"updateCells": {"range": where, "rows": lines, "fields": "userEnteredValue"}}
        batches.append([update] if batches else [head, update])
        start = end
    return batches


# -- parts -------------------------------------------------------------------------------------------------------------


def text(value: str) -> Request:
    """A cell that holds this text, whatever it looks like."""
    return {"userEnteredValue": {"stringValue": value}}


def _formula(value: str) -> Request:
    return {"userEnteredValue": {"formulaValue": value}}


def _cells(sheet: int, row: int, column: int, rows: Sequence[Sequence[Request]]) -> Request:
    start = {"sheetId": sheet, "rowIndex": row, "columnIndex": column}
    values = [{"values": list(cells)} for cells in rows]
    return {"updateCells": {"start": start, "rows": values, "fields": "userEnteredValue"}}


def _add_tab(
    id: int, title: str, rows: int, columns: int, index: int, *, hidden: bool = False, frozen: int = 0
) -> Request:
    grid: Request = {"rowCount": rows, "columnCount": columns}
    if frozen:
        grid["frozenRowCount"] = frozen
    properties: Request = {"sheetId": id, "title": title, "gridProperties": grid}
    if hidden:
        properties["hidden"] = True
    elif index < 9:
        properties["index"] = index
    return {"addSheet": {"properties": properties}}


def _named(name: str, sheet: int, row: int, column: int) -> Request:
    return {"addNamedRange": {"namedRange": {"name": name, "range": _one(sheet, row, column)}}}


def _one(sheet: int, row: int, column: int) -> Request:
    return _box(sheet, row, row + 1, column, column + 1)


def _box(sheet: int, top: int, bottom: int, left: int, right: int) -> Request:
    return {
        "sheetId": sheet,
        "startRowIndex": top,
        "endRowIndex": bottom,
        "startColumnIndex": left,
        "endColumnIndex": right,
    }


def _look(where: Request, look: Mapping[str, Any]) -> Request:
    fields = "userEnteredFormat(" + ",".join(look) + ")"
    return {"repeatCell": {"range": where, "cell": {"userEnteredFormat": dict(look)}, "fields": fields}}


def rgb(hex: str) -> dict[str, float]:
    """A colour as Google writes it: parts of one."""
    red, green, blue = (int(hex[n : n + 2], 16) / 255 for n in (0, 2, 4))
    return {"red": red, "green": green, "blue": blue}
