"""Source 000, the cafés' and shared offices' weekly demo: what it brings, when the next one is."""

from __future__ import annotations

from addin.crm.calendar import DAY, minutes_of_text
from addin.crm.demo_days import demo_days
from addin.crm.partner_tasks import partner_tasks
from addin.crm.settings import Settings
from tests.unit.crm.conftest import frame_of

CAFE = "카페 물든"


def day(text: str) -> int:
    return (minutes_of_text(text) or 0) // DAY


def test_cafes_hold_a_weekly_mini_repair_demo_with_bookings_on_the_spot() -> None:
    """[r] 카페·공유오피스는 주 1회 미니 수리 데모를 열고, 방문객은 그 자리에서 예약한다."""
    partners = frame_of([{"name": CAFE, "cluster": "카페·공유오피스", "stage": "운영"}])
    acts = frame_of([{"partner": CAFE, "acted_at": at, "kind": "데모"} for at in ("2026-02-24", "2026-03-03")])
    requests = frame_of([
        {"partner_key": CAFE, "received_at": "2026-03-03T11:00", "source": None},
        {"partner_key": CAFE, "received_at": "2026-03-05T11:00", "source": "카페 데모"},
        {"partner_key": CAFE, "received_at": "2026-03-05T11:00", "source": "검색"},
    ])  # fmt: skip
    (found,) = demo_days(partners, acts, requests, day("2026-03-12"))
    assert (found.last, found.recent, found.bookings) == (day("2026-03-03"), 2, 2)
    tasks = partner_tasks(partners.with_columns(partner_key="name"), Settings(), day("2026-03-12"), activities=acts)
    assert [task.due_day for task in tasks if task.kind == "demo_day"] == [day("2026-03-10")]
