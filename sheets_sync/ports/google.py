"""Partners' sheets on Google, through unmodified gspread: the `Port` of spreadsheet ids.

    probe    ⌈N/1000⌉ requests to Drive     versions of all sheets, those in the bin left out
    read     1 read of Sheets               the partner's tab, ``_hq``, the checkbox and its stamp
    append   1 write                        rows under everything that stands there; never sent twice blindly
    put_hq   1 write                        the whole ``_hq`` tab; may be sent twice

Values are read unformatted and typed here: text stays text (gspread's own typing loses zeros and reads "1,2,3" as a
number), a date's serial number becomes ISO text in columns that hold dates. Text is written as text whatever it looks
like. Tabs are found by their name and, once that changed, by a named range.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import TYPE_CHECKING, Any, Final

from addin.actions.partner_columns import plain_cell
from sheets_sync.layout import HQ_TAB, REFRESH, REQUESTED_AT, SENTINEL
from sheets_sync.model import KEY, Hq, PartnerRow, PartnerSheet
from sheets_sync.ports.base import Gone, NoAccess, PortError
from sheets_sync.ports.google_layout import (
    GUIDE_ID,
    HQ_ID,
    ROWS,
    TAB_ID,
    Found,
    hq_batches,
    hq_rows,
    laying_out,
    parse_hq,
    text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sheets_sync.layout import Layout
    from sheets_sync.model import Cell, Lead
    from sheets_sync.ports.auth import Account
    from sheets_sync.ports.google_http import PacedClient
    from sheets_sync.ports.pacing import Pacing

#: Drive lists so many files a request.
PAGE: Final = 1_000
#: A body stays below this; Google recommends 2 MB.
LARGEST: Final = 1_900_000
MIME: Final = "application/vnd.google-apps.spreadsheet"
_DRIVE: Final = "https://www.googleapis.com/drive/v3"
_SEARCHED: Final = 30  # rows in which the header is looked for
_EPOCH: Final = dt.datetime(1899, 12, 30)
_DAYS: Final = (32_874, 73_415)  # 1990 to 2100: a number beyond is no date
_OURS: Final = re.compile(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d)", re.ASCII)
#: What stands behind a day, by the minute; midnight is a day alone. As `_append_row` writes it → as it travels.
_TIMES: Final = ("", *(f"T{minute // 60:02d}:{minute % 60:02d}" for minute in range(1, 1440)))
_CLOCKS: Final = {" 00:00": "T00:00"} | {f" {time[1:]}": time for time in _TIMES[1:]}
#: Days that stood before such a time.
_days: set[str] = set()
_REMEMBERED: Final = 50_000


@dataclass(slots=True)
class _Tabs:
    """By what names a spreadsheet's tabs are to be read. ``rows`` "": the partner's tab is gone."""

    rows: str
    hq: bool = True
    names: tuple[str, ...] = (REFRESH, REQUESTED_AT)


class GooglePort:
    """A `Port` over Google Sheets. ``base_url`` leads everything but sign-in elsewhere (the emulator).

    ``client``: the HTTP client gspread works with; its ``counts`` tell how many requests were sent.
    """

    def __init__(self, account: Account, *, base_url: str = "", pacing: Pacing | None = None) -> None:
        import gspread

        from sheets_sync.ports.google_http import PacedClient

        self.account = account
        self._gspread = gspread.Client(auth=account.credentials, http_client=PacedClient)
        client = self._gspread.http_client
        assert isinstance(client, PacedClient)
        self.client: PacedClient = client
        self.client.base_url = base_url.rstrip("/")
        if pacing is not None:
            self.client.pacing = pacing
        self._email = account.email
        self._tabs: dict[str, _Tabs] = {}
        self._headers: dict[str, tuple[str, ...]] = {}  # as read last: where an append puts what
        self._versions: dict[str, str] = {}

    # -- the port ------------------------------------------------------------------------------------------------------

    def probe(self, refs: Sequence[str]) -> Mapping[str, str]:
        """Versions by id: a page of Drive's list for each 1,000 sheets, and no more once all are found.

        What the list leaves out is asked for by itself before it counts as gone: a list may be late.
        """
        missing, out = set(refs), {}
        params: dict[str, Any] = {
            "q": f"mimeType = '{MIME}' and trashed = false",
            "fields": "nextPageToken,incompleteSearch,files(id,version,modifiedTime,trashed)",
            "pageSize": PAGE,
            "supportsAllDrives": "true",
            "includeItemsFromAllDrives": "true",
        }
        while missing:
            with self.speaking(""):
                page = self.client.request("get", f"{_DRIVE}/files", params=dict(params)).json()
            for file in page.get("files", ()):
                if file["id"] in missing:
                    missing.discard(file["id"])
                    out[file["id"]] = str(file.get("version", ""))
            if not page.get("nextPageToken"):
                break
            params["pageToken"] = page["nextPageToken"]
        for ref in sorted(missing):
            version = self._one_version(ref)
            if version:
                out[ref] = version
        self._versions.update(out)
        return out

    def read(self, ref: str, layout: Layout) -> PartnerSheet:
        """The partner's sheet in one request; a tab or name that is missing costs two more, once."""
        from gspread.exceptions import APIError

        from sheets_sync.ports.google_errors import no_such_range

        version = self._versions.get(ref, "")
        with self.speaking(ref):
            try:
                found = self._values(ref, self._tabs.get(ref) or _Tabs(layout.tab))
            except APIError as error:
                if not no_such_range(error):
                    raise
                self._tabs[ref] = self._locate(ref, layout)
                found = self._values(ref, self._tabs[ref])
        sentinel, hq = parse_hq(found[HQ_TAB]) if found[HQ_TAB] else ("", Hq())
        refresh = " ".join(str(_first(found.get(name)) or "") for name in (REFRESH, REQUESTED_AT)).strip()
        head, header = find_header(found[ROWS], layout)
        self._headers[ref] = header
        rows = tuple(_rows(found[ROWS][head:], head + 1, header, layout))
        if not header:
            return PartnerSheet((), (), Hq(), "", refresh, version)
        return PartnerSheet(header, rows, hq, sentinel, refresh, version)

    def append(self, ref: str, layout: Layout, leads: Sequence[Lead]) -> None:
        """Rows under everything that stands in the partner's tab; what is there is never written over."""
        from gspread.exceptions import APIError

        from sheets_sync.ports.google_errors import no_such_tab

        header = self._headers.get(ref) or self.read(ref, layout).header
        if KEY not in header:
            raise Gone("sync.google.tab_gone", where=ref, value=layout.tab)
        with self.speaking(ref):
            for rows in _chunks([_append_row(lead, header) for lead in leads]):
                request = {"appendCells": {"sheetId": TAB_ID, "rows": rows, "fields": "userEnteredValue"}}
                try:
                    self.client.batch_update(ref, {"requests": [request]})
                except APIError as error:
                    if no_such_tab(error):
                        raise Gone("sync.google.tab_gone", where=ref, value=layout.tab) from error
                    raise

    def put_hq(self, ref: str, layout: Layout, hq: Hq, synced_at: str) -> None:
        """The whole ``_hq`` tab, the time of the sync in it; the guide and the rows look up what they show."""
        from gspread.exceptions import APIError

        from sheets_sync.ports.google_errors import no_such_tab

        with self.speaking(ref), self.client.again():
            for batch in hq_batches(hq_rows(hq, synced_at, layout), LARGEST):
                try:
                    self.client.batch_update(ref, {"requests": batch})
                except APIError as error:
                    if no_such_tab(error):
                        raise Gone("sync.google.hq_gone", where=ref) from error
                    raise

    def prepare(self, ref: str, layout: Layout, title: str) -> str:
        """Lay out an existing spreadsheet; what is there already stays. Files are made by people, who own them.

        A service account has no Drive of its own: somebody makes an empty sheet and shares it with `email`.
        """
        if not ref:
            raise PortError("sync.google.no_ref", where=title, account=self.email)
        found = self._found(ref, layout)
        requests = laying_out(found, layout, title, [self.email] if self.email else [])
        if requests:
            # sent once: a second try would meet its own tabs. What stands then is completed by the next `prepare`.
            with self.speaking(ref):
                self.client.batch_update(ref, {"requests": requests})
        self._tabs.pop(ref, None)
        self._headers.pop(ref, None)
        return ref

    def check(self, ref: str, layout: Layout) -> None:
        """Read the sheet, and ask Drive whether we may write to it and whether it lies in the bin."""
        sheet = self.read(ref, layout)
        with self.speaking(ref):
            params: dict[str, Any] = {"fields": "trashed,capabilities(canEdit)", "supportsAllDrives": "true"}
            file = self.client.request("get", f"{_DRIVE}/files/{ref}", params=params).json()
        if file.get("trashed"):
            raise Gone("sync.google.in_bin", where=ref)
        if not file.get("capabilities", {}).get("canEdit"):
            raise NoAccess("sync.google.read_only", where=ref, account=self.email)
        if sheet.sentinel != SENTINEL:
            raise PortError("sync.google.not_laid_out", where=ref)

    # -- parts ---------------------------------------------------------------------------------------------------------

    @property
    def email(self) -> str:
        """The address sheets are shared with; asked of Google where the sign-in doesn't say it."""
        if not self._email:
            with self.speaking(""):
                reply = self.client.request("get", f"{_DRIVE}/about", params={"fields": "user(emailAddress)"}).json()
            self._email = str(reply.get("user", {}).get("emailAddress", ""))
        return self._email

    @contextmanager
    def speaking(self, ref: str) -> Iterator[None]:
        """Whatever Google, gspread or google-auth raises leaves here as a `PortError` that says what to do."""
        from gspread.exceptions import APIError

        from sheets_sync.ports.auth import explaining_sign_in
        from sheets_sync.ports.google_errors import refused, unanswered
        from sheets_sync.ports.google_http import NoAnswer

        try:
            with explaining_sign_in():
                yield
        except APIError as error:
            raise refused(error, ref, self._email) from error
        except NoAnswer as error:
            raise unanswered(error, ref) from error

    def _one_version(self, ref: str) -> str:
        params: dict[str, Any] = {"fields": "version,trashed", "supportsAllDrives": "true"}
        try:
            with self.speaking(ref):
                file = self.client.request("get", f"{_DRIVE}/files/{ref}", params=params).json()
        except (Gone, NoAccess):
            return ""
        return "" if file.get("trashed") else str(file.get("version", ""))

    def _values(self, ref: str, tabs: _Tabs) -> dict[str, list[list[Any]]]:
        """What stands in the tabs and named cells, in one request, by `ROWS`, `HQ_TAB` and the cells' names."""
        ranges = {ROWS: quoted(tabs.rows)} if tabs.rows else {}
        ranges |= {HQ_TAB: HQ_TAB} if tabs.hq else {}
        ranges |= {name: name for name in tabs.names}
        out: dict[str, list[list[Any]]] = {ROWS: [], HQ_TAB: []}
        if ranges:
            params: dict[str, Any] = {"valueRenderOption": "UNFORMATTED_VALUE", "dateTimeRenderOption": "SERIAL_NUMBER"}
            reply = self.client.values_batch_get(ref, list(ranges.values()), params)
            for name, block in zip(ranges, reply.get("valueRanges", ()), strict=True):
                out[name] = block.get("values", [])
        return out

    def _meta(self, ref: str) -> dict[str, Any]:
        fields = (
            "namedRanges(name,range(sheetId)),sheets(properties(sheetId,title,gridProperties(columnCount)),"
            "protectedRanges(description))"
        )
        found: dict[str, Any] = self.client.spreadsheets_get(ref, {"fields": fields})
        return found

    def _locate(self, ref: str, layout: Layout) -> _Tabs:
        """Where everything is by now: the partner's tab by our id, else by its name."""
        meta = self._meta(ref)
        titles = {s["properties"].get("sheetId", 0): s["properties"]["title"] for s in meta.get("sheets", ())}
        named = {n["name"] for n in meta.get("namedRanges", ())}
        rows = titles.get(TAB_ID) or (layout.tab if layout.tab in titles.values() else "")
        kept = tuple(name for name in (REFRESH, REQUESTED_AT) if name in named)
        return _Tabs(rows, HQ_TAB in titles.values(), kept)

    def _found(self, ref: str, layout: Layout) -> Found:
        """What of a partner's sheet stands already. Raises where a tab of somebody else's has a name of ours."""
        with self.speaking(ref):
            meta = self._meta(ref)
            sheets = {s["properties"].get("sheetId", 0): s["properties"] for s in meta.get("sheets", ())}
            for id, title in ((TAB_ID, layout.tab), (GUIDE_ID, layout.guide), (HQ_ID, HQ_TAB)):
                if any(p["title"] == title and p.get("sheetId", 0) != id for p in sheets.values()):
                    raise PortError("sync.google.tab_taken", where=ref, value=title)
            tab = sheets.get(TAB_ID)
            values = self._values(ref, _Tabs(tab["title"] if tab else "", HQ_ID in sheets, ()))
        _, header = find_header(values[ROWS], layout)
        first = values[HQ_TAB][0] if values[HQ_TAB] else []
        notes = (r.get("description", "") for s in meta.get("sheets", ()) for r in s.get("protectedRanges", ()))
        return Found(
            tab=tab is not None,
            columns=int(tab.get("gridProperties", {}).get("columnCount", 26)) if tab else 26,
            header=header,
            guide=GUIDE_ID in sheets,
            hq=HQ_ID in sheets,
            sentinel=str(first[0]) if first else "",
            names=frozenset(n["name"] for n in meta.get("namedRanges", ())),
            protected=frozenset(notes),
        )


def quoted(title: str) -> str:
    """A tab's name as a range.

    >>> quoted("한빛's 의뢰")
    "'한빛''s 의뢰'"
    """
    return "'" + title.replace("'", "''") + "'"


def find_header(rows: Sequence[Sequence[Any]], layout: Layout) -> tuple[int, tuple[str, ...]]:
    """The header's row, 1-based, and the field of each of its columns; the first row where none has the key's header.

    >>> from sheets_sync.layout import layout_of
    >>> find_header([[], ["메모"], ["번호", "비고", "내 것"]], layout_of())
    (3, ('key', 'note', ''))
    """
    for at, row in enumerate(rows[:_SEARCHED], 1):
        header = layout.fields(row)
        if KEY in header:
            return at, header
    return (1, layout.fields(rows[0])) if rows else (0, ())


def _rows(lines: Sequence[Sequence[Any]], first: int, header: Sequence[str], layout: Layout) -> Iterator[PartnerRow]:
    """The rows below the header that hold anything of ours. What the lookups show is not the partner's."""
    types = {c.field: c.type for c in layout.of("hq", "partner")}
    places = {f: at for at, f in enumerate(header) if f in types and f not in header[:at]}
    key_at = header.index(KEY) if KEY in header else len(header)
    width = len(header) + 1
    full = [line if len(line) >= width else [*line, *[None] * (width - len(line))] for line in lines]
    keys = [
        raw.strip() if (raw := line[key_at]).__class__ is str else "" if raw is None else str(plain_cell(raw)).strip()
        for line in full
    ]
    columns = [_typed([line[at] for line in full], types[field]) for field, at in places.items()]
    names = tuple(places)
    rows = zip(*columns, strict=True) if columns else repeat((), len(full))
    for row, (key, cells) in enumerate(zip(keys, rows, strict=True), first):
        found = {name: cell for name, cell in zip(names, cells, strict=True) if cell is not None}
        if found or key:
            yield PartnerRow(row, key, found)


def _typed(values: list[Any], type: str) -> list[Cell]:
    """`typed` of a column's values: most are plain text."""
    if type != "instant":
        return [(v or None) if v is None or v.__class__ is str else typed(v, type) for v in values]
    first_day, last_day = _DAYS
    return [
        (_ours(v) if v else None)
        if v is None or (kind := v.__class__) is str
        else _moment(v)
        if (kind is float or kind is int) and first_day <= v < last_day
        else typed(v, type)
        for v in values
    ]


def typed(value: Any, type: str) -> Cell:
    """An unformatted value as it travels: in a column of dates a serial number becomes ISO text.

    >>> typed(46329.5833333333, "instant"), typed(46329, "instant"), typed("010-1234-5678", "phone")
    ('2026-11-03T14:00', '2026-11-03', '010-1234-5678')
    >>> typed("2026-11-03 14:00", "instant"), typed(20261103, "instant"), typed("", "text")
    ('2026-11-03T14:00', 20261103, None)
    """
    if value is None or value == "":
        return None
    if type == "instant" and isinstance(value, str):
        return _ours(value)
    if type == "instant" and isinstance(value, int | float) and not isinstance(value, bool):
        if not _DAYS[0] <= value < _DAYS[1]:
            return plain_cell(value)
        return _moment(value)
    return plain_cell(value)


def _ours(text: str) -> str:
    """A moment as `_append_row` wrote it, as ISO text; every other text as it is."""
    if len(text) != 16:
        return text
    day, clock = text[:10], _CLOCKS.get(text[10:])
    if clock is not None and day in _days:
        return day + clock  # most: a day that was read before
    if not _OURS.fullmatch(text):
        return text
    if len(_days) < _REMEMBERED:
        _days.add(day)
    return f"{day}T{text[11:]}"


def _moment(serial: float) -> str:
    """A serial number as ISO text, as `plain_cell` writes the moment it means: the noise of a float is no second.

    >>> _moment(46329.58333333333), _moment(46329), _moment(46329.99999999)
    ('2026-11-03T14:00', '2026-11-03', '2026-11-04')
    """
    minute, rest = divmod(round(serial * 86_400_000_000), 60_000_000)
    day, minute = divmod(minute + (rest >= 59_500_000), 1440)
    return _day(day) + _TIMES[minute]


@lru_cache(maxsize=10_000)
def _day(serial: int) -> str:
    return (_EPOCH + dt.timedelta(days=serial)).date().isoformat()


def _first(block: Sequence[Sequence[Any]] | None) -> Any:
    return block[0][0] if block and block[0] else None


def _append_row(lead: Lead, header: Sequence[str]) -> dict[str, Any]:
    """A row of cells by the header's order; dates as people read them, text as text."""
    given: dict[str, Cell] = {KEY: lead.key, **lead.cells}
    cells: list[dict[str, Any]] = []
    for at, field in enumerate(header):
        value = given.get(field) if field and field not in header[:at] else None
        if value is None or value == "":
            cells.append({})
        elif isinstance(value, bool):
            cells.append({"userEnteredValue": {"boolValue": value}})
        elif isinstance(value, str):
            cells.append(text(re.sub(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)$", r"\1 \2", value)))
        else:
            cells.append({"userEnteredValue": {"numberValue": value}})
    while cells and not cells[-1]:
        cells.pop()
    return {"values": cells}


def _chunks(rows: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Rows in bodies of less than `LARGEST` bytes."""
    chunk: list[dict[str, Any]] = []
    weight = 0
    for row in rows:
        size = len(json.dumps(row)) + 2
        if chunk and weight + size > LARGEST:
            yield chunk
            chunk, weight = [], 0
        chunk.append(row)
        weight += size
    if chunk:
        yield chunk
