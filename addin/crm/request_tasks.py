"""Tasks about requests and quotes: answer, propose, propose again, ask why it was lost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from addin.crm.calendar import DAY, date_of
from addin.crm.facts import business_calendar
from addin.crm.message import Message, msg
from addin.crm.request_flags import bound
from addin.crm.tasks import Task
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import polars as pl

    from addin.crm.business_time import BusinessCalendar
    from addin.crm.settings import Settings

EXPIRY_DAYS: Final = 7  # before a quote runs out
#: The columns tasks are told by.
_NEEDED: Final = frozenset(
    ("request_id", "partner_key", "assignee", "received_at", "received_at__time", "proposed_at", "visited_at",
     "event_at", "move_in_at", "lost_reason", "_sheet", "_row", "_touch", "_acted", "_unconfirmed", "_won", "_lost",
     "_done", "_planned")
)  # fmt: skip
DECIDED: Final = frozenset(("수락", "거절", "만료", "취소", "계약", "accepted", "declined", "expired", "won", "lost"))


def request_tasks(
    requests: pl.DataFrame,
    settings: Settings,
    as_of: int,
    activities: pl.DataFrame | None = None,
    owners: Mapping[str, str] | None = None,
    rows: pl.DataFrame | None = None,
) -> Iterator[Task]:
    """The tasks of one team's requests as of a day; what a column would be needed for is left out where it is missing.

    The days and hours are those of the KPIs that measure the same (D7_ALERT, LEAD_TIME, FOLLOWUP_24H, FIRST_PROPOSAL).
    ``owners``: partner → who looks after it; else the request's own assignee. A request whose next step stands in
    ``activities.next_at`` after ``as_of`` is in hand and has none. ``rows``: what `due_rows` gives, where somebody has
    worked that out already.
    """
    frame = due_rows(bound(requests, settings, as_of, activities), settings, as_of) if rows is None else rows
    calendar = business_calendar(settings)
    for row in frame.iter_rows(named=True):
        if not row["_lost"]:
            yield from _empty_house(row, settings, as_of, owners or {})
        if not row["_lost"] and not row["_won"]:
            yield from _open(row, calendar, settings, as_of, owners or {})
        elif row["_lost"] and "lost_reason" in row:
            day = calendar.due(row["_touch"] // DAY, 1, business=True)
            yield _task("lost_reason", row, day * DAY, msg("task.lost_reason.why"), "lost_reason", owners or {})


def lead_days(settings: Settings) -> int:
    """Days before its event from which a request came in time (seed 002: 7–8 days before)."""
    return int(settings.thresholds["LEAD_TIME"].warn or 0)


def _follow_up(settings: Settings) -> Decimal:
    """Hours without a decision after which something else is proposed (seed 002: 24)."""
    return settings.thresholds["FOLLOWUP_24H"].breach or Decimal(0)


def _minutes(hours: Decimal) -> int:
    return int(hours * 60)


def _told(hours: Decimal) -> str:
    return f"{float(hours):g}"


def due_rows(rows: pl.DataFrame, settings: Settings, as_of: int) -> pl.DataFrame:
    """Of the requests as `bound` gives them: those that can have a task as of a day, and the columns it is told by."""
    import polars as pl

    frame = rows.select(c for c in rows.columns if c in _NEEDED)
    have, col, end = frame.columns, pl.col, (as_of + 1) * DAY
    opened = (col("_won") == 0) & ~col("_lost") & ~col("_done") & ~col("_planned")
    wanted = [col("_unconfirmed")] if "_unconfirmed" in have else []
    if "event_at" in have:
        wanted.append(col("event_at") >= as_of * DAY)
    if "proposed_at" in have:
        wanted.append(col("proposed_at") + _minutes(_follow_up(settings)) < end)
    due = [opened & pl.any_horizontal(w.fill_null(False) for w in wanted)] if wanted else []
    if "lost_reason" in have:
        recent = col("_touch") >= (as_of - settings.lost_look_back + 1) * DAY
        due.append(col("_lost") & recent & col("lost_reason").is_null())
    if {"event_at", "move_in_at", "visited_at"} <= set(have):
        empty = (col("event_at") // DAY < col("move_in_at") // DAY) & (col("move_in_at") >= as_of * DAY)
        near = col("event_at") < (as_of + _notice(settings) + 1) * DAY
        due.append(~col("_lost") & ~col("_done") & ~col("_planned") & empty & near & col("visited_at").is_null())
    # nothing to ask for is no rows: a filter by a literal fails on a long frame (polars 2.1)
    return frame.filter(pl.any_horizontal(d.fill_null(False) for d in due)) if due else frame.clear()


def _notice(settings: Settings) -> int:
    """Days before an event from which something is to be done about it: D-7, and how early such a task shows."""
    return int(settings.thresholds["D7_ALERT"].breach or 0) + settings.notice_ahead


def _empty_house(
    row: Mapping[str, object], settings: Settings, as_of: int, owners: Mapping[str, str]
) -> Iterator[Task]:
    """seed 000: jobs before somebody moves in are done while the house is empty; no visit is on record yet."""
    empty, filled = _whole(row, "event_at"), _whole(row, "move_in_at")
    if empty is None or filled is None or _whole(row, "visited_at") is not None or "visited_at" not in row:
        return
    first, last = empty // DAY, filled // DAY
    if first < last and last >= as_of and first <= as_of + _notice(settings):
        start, end = date_of(first).isoformat(), date_of(last).isoformat()
        reason = msg("task.empty_house.why", start=start, end=end, left=last - as_of)
        yield _task("empty_house", row, first * DAY, reason, "visited_at", owners)


def _open(
    row: Mapping[str, object], calendar: BusinessCalendar, settings: Settings, as_of: int, owners: Mapping[str, str]
) -> Iterator[Task]:
    end = (as_of + 1) * DAY
    received, event, proposed = (_whole(row, f) for f in ("received_at", "event_at", "proposed_at"))
    if row.get("_unconfirmed") and received is not None and received < end:
        timed = row.get("received_at__time") is not False
        due = _after(calendar, received, settings.response_minutes, settings) if timed else received
        hours = settings.thresholds["FIRST_PROPOSAL"].target
        late = hours is not None and end - received > _minutes(hours)
        why = "task.first_answer.day" if late else "task.first_answer.why"
        reason = msg(why, minutes=settings.response_minutes, hours=_told(hours or Decimal(0)))
        yield _task("first_answer", row, due, reason, "confirmed_at", owners, timed=timed)
    if event is not None and event // DAY >= as_of:
        ahead = int(settings.thresholds["D7_ALERT"].breach or 0)
        left, notice = event // DAY - as_of, event // DAY - ahead
        date = date_of(event // DAY).isoformat()
        if proposed is None and as_of >= notice - settings.notice_ahead:
            yield _task(
                "event_d7", row, notice * DAY, msg("task.event_d7.why", date=date, left=left), "event_at", owners
            )
        if received is not None and event // DAY - received // DAY < lead_days(settings):
            due = calendar.due(received // DAY, 1, business=True) * DAY
            given = event // DAY - received // DAY
            reason = msg("task.lead_time.why", days=max(given, 0), date=date, left=left)
            yield _task("lead_time", row, due, reason, "event_at", owners)
    if proposed is not None and proposed < end:
        touched = _whole(row, "_acted")
        hours = _follow_up(settings)
        due = proposed + _minutes(hours)
        if (touched is None or touched <= proposed) and due < end:
            reason = msg("task.reproposal.why", hours=_told(hours), date=date_of(proposed // DAY).isoformat())
            yield _task("reproposal", row, due, reason, "proposed_at", owners)


def quote_tasks(quotes: pl.DataFrame, as_of: int) -> Iterator[Task]:
    """Standing quotes that run out within a week: a reminder at D-7, the last one at D-1."""
    if "valid_until" not in quotes.columns:
        return
    for row in quotes.iter_rows(named=True):
        until = _whole(row, "valid_until")
        if until is None or header_key(str(row.get("status") or "")) in {header_key(word) for word in DECIDED}:
            continue
        left = until // DAY - as_of
        if 0 <= left <= EXPIRY_DAYS:
            notice = 1 if left <= 1 else EXPIRY_DAYS
            number = str(row.get("quote_id") or f"{row['_sheet']}!{row['_row']}")
            yield Task(
                "quote_expiring",
                number,
                (until // DAY - notice) * DAY,
                msg("task.quote_expiring.why", number=number, left=left, date=date_of(until // DAY).isoformat()),
                partner=str(row.get("partner") or ""),
                request=str(row.get("request") or ""),
                sheet=str(row["_sheet"]),
                row=int(row["_row"]),
                table="quotes",
                field="valid_until",
            )


def _task(
    kind: str, row: Mapping[str, object], due: int, reason: Message, field: str, owners: Mapping[str, str],
    *, timed: bool = False,
) -> Task:  # fmt: skip
    partner = str(row.get("partner_key") or "")
    request = str(row.get("request_id") or "")
    sheet, line = str(row["_sheet"]), int(str(row["_row"]))
    owner = owners.get(partner) or str(row.get("assignee") or "")
    about = request or f"{sheet}!{line}"
    return Task(kind, about, due, reason, timed, owner, partner, request, sheet, line, "requests", field)


def _after(calendar: BusinessCalendar, start: int, minutes: int, settings: Settings) -> int:
    """The instant by which so many open minutes have passed."""
    if settings.clock == "clock":
        return start + minutes
    day, at = start // DAY, start % DAY
    while True:
        if calendar.is_open(day) and at < calendar.close_minute:
            begin = max(at, calendar.open_minute)
            if minutes <= calendar.close_minute - begin:
                return day * DAY + begin + minutes
            minutes -= calendar.close_minute - begin
        day, at = calendar.due(day, 1, business=True), 0


def _whole(row: Mapping[str, object], field: str) -> int | None:
    value = row.get(field)
    return value if isinstance(value, int) else None
