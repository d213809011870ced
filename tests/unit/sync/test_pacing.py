"""Never faster than the quota, never longer than the deadline, exactly as long as Google says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sheets_sync.ports.pacing import TokenBucket, TooLate, retry_after
from tests.unit.sync.googles import Clock, pacing


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 90), min_size=1, max_size=150), st.sampled_from([10, 60, 300]))
def test_no_minute_sees_more_than_four_fifths_of_the_quota(gaps: list[float], quota: int) -> None:
    clock = Clock()
    bucket = TokenBucket(quota, clock)
    sent = []
    for gap in gaps * 3:
        clock.now += gap if gap > 60 else gap / 100  # mostly bursts
        clock.now += bucket.wait()
        sent.append(clock.now)
    for i, at in enumerate(sent):
        assert sum(at <= other < at + 60 - 1e-6 for other in sent[i:]) <= 0.8 * quota


def test_in_the_long_run_it_takes_four_fifths_of_the_quota() -> None:
    clock = Clock()
    bucket = TokenBucket(60, clock)
    for _ in range(480):
        clock.now += bucket.wait()
    assert clock.now / 60 == pytest.approx((480 - 12) / 48)


def test_reads_do_not_wait_for_writes() -> None:
    paced = pacing()
    for _ in range(30):
        paced.begin().take("write")
    before = paced.slept
    paced.begin().take("read")
    paced.begin().take("drive")
    assert paced.slept == before > 0


def test_waits_grow_to_a_ceiling_and_end_at_the_deadline() -> None:
    clock = Clock()
    tries = pacing(clock, deadline=300).begin()
    with pytest.raises(TooLate):  # noqa: PT012 - which wait is too long is chance
        for _ in range(1000):
            tries.again(None)
    ceilings = [min(64, 2.0**n) for n in range(len(clock.naps))]
    assert all(0 <= nap <= ceiling for nap, ceiling in zip(clock.naps, ceilings, strict=True))
    assert len(set(clock.naps)) == len(clock.naps)  # no two at the same time
    assert clock.now <= 300


def test_what_google_says_counts_more_than_our_guess() -> None:
    clock = Clock()
    pacing(clock).begin().again(30)
    assert 30 <= clock.now <= 31


def test_a_wait_beyond_the_deadline_is_not_begun() -> None:
    clock = Clock()
    with pytest.raises(TooLate):
        pacing(clock, deadline=60).begin().again(3600)
    assert clock.naps == []


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "0"}, 0.0),
        ({"Retry-After": "120"}, 120.0),
        ({"Retry-After": "-1"}, None),
        ({"Retry-After": "x"}, None),
        # by the server's clock: ours may be wrong
        ({"Date": "Sun, 22 Nov 1999 00:00:00 GMT", "Retry-After": "Sun, 22 Nov 1999 00:01:00 GMT"}, 60.0),
        ({"Date": "Sun, 22 Nov 1999 00:00:00 GMT", "Retry-After": "Sun, 22 Nov 1998 00:01:00 GMT"}, 0.0),
        ({"Retry-After": "Sun, 22 Nov 1999 00:01:00 GMT"}, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers) == seconds
