"""A watched book is refreshed when it was saved, and only then; nothing a shared folder does stops it, or is noise."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from addin.actions import watch as module
from addin.actions.refresh import Refreshed
from addin.actions.session import Session
from addin.actions.watch import AGAIN, AWAY, OPEN, PATIENT, POLL, REASONS, Sight, Turn, Watch, watch_book
from addin.books import Edits, open_book
from addin.cli import main
from addin.errors import BookError, BookLocked, UsageError
from addin.i18n import LANGUAGES, known
from tests.unit.actions.teambook import adopted_book

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from addin.crm.message import Message


class Over(Exception):
    """The story is told."""


class Office:
    """A file in a folder, a clock that only goes on while one waits, and what happens when."""

    def __init__(self, book: Path) -> None:
        self.book, self.now, self.today = book, 0.0, "2026-11-20"
        self.events: list[tuple[float, Callable[[], Any]]] = []
        self.refreshes: list[float] = []
        self.told: list[str] = []
        self.fails: list[Exception] = []
        self.writes = b""
        self.sums = 0
        book.write_bytes(b"first")

    def later(self, at: float, what: Callable[[], Any]) -> None:
        self.events.append((at, what))

    def save(self, data: bytes) -> None:
        """As another program: always another time, whatever the disk's clock shows."""
        self.book.write_bytes(data)
        os.utime(self.book, ns=(int(self.now * 1e9), int(self.now * 1e9)))

    def wait(self, seconds: float) -> None:
        self.now = round(self.now + seconds, 3)
        if self.now > max((at for at, _ in self.events), default=0.0) + 30:
            raise Over
        for event in [e for e in self.events if e[0] <= self.now and e[1] is not None]:
            self.events.remove(event)
            self.events.append((event[0], lambda: None))
            event[1]()

    def refresh(self) -> Refreshed:
        self.refreshes.append(self.now)
        if self.fails:
            raise self.fails.pop(0)
        if self.writes:
            self.save(self.writes)
        digest = hashlib.sha256(self.book.read_bytes()).hexdigest()
        return Refreshed(self.book, Edits("refresh"), None, None, "", sha256=digest)

    def sum(self, book: Path) -> str:
        self.sums += 1
        return module.sum_of(book)

    def tell(self, what: Turn | Message) -> None:
        self.told.append(what.why if isinstance(what, Turn) else what.id)

    def watched(self, **how: Any) -> Office:
        """Watch until half a minute after the last event."""
        with pytest.raises(Over):
            Watch(
                self.book, self.refresh, self.tell, lambda: self.today, self.wait, lambda: self.now, sum=self.sum, **how
            ).run()
        return self


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path / "장부.xlsx")


def test_at_once_and_then_only_when_somebody_saved_it(office: Office) -> None:
    office.later(10, lambda: office.save(b"second"))
    office.later(20, lambda: office.save(b"third"))
    office.watched()
    assert office.told == ["start", "saved", "saved"]
    assert all(at <= seen < at + 2 for at, seen in zip((0, 10, 20), office.refreshes, strict=True))


def test_a_save_is_seen_within_a_poll_and_a_rest(office: Office) -> None:
    office.later(10.2, lambda: office.save(b"second"))
    office.watched()
    assert office.refreshes[-1] - 10.2 <= POLL + module.REST + 0.01


def test_what_a_refresh_wrote_itself_is_no_news(office: Office) -> None:
    office.writes = b"ours"
    office.later(10, lambda: office.save(b"a person's"))
    office.watched()
    assert office.told == ["start", "saved"]


def test_the_same_bytes_saved_again_are_no_news_and_bytes_are_looked_at_only_when_something_moved(
    office: Office,
) -> None:
    office.later(10, lambda: office.save(b"first"))
    office.later(100, lambda: None)
    office.watched()
    assert office.told == ["start"]
    assert office.sums <= 4


def test_a_change_that_left_time_and_size_as_they_were_is_found_a_little_later(office: Office) -> None:
    same = Sight(1, 5, 1)
    office.later(AGAIN - 1, lambda: office.book.write_bytes(b"fir5t"))
    office.watched(seen=lambda _: same)
    assert office.told == ["start", "saved"]


def test_a_file_that_is_still_being_written_is_left_alone(office: Office) -> None:
    for n in range(40):
        office.later(10 + n / 5, lambda n=n: office.save(b"x" * n))
    office.watched()
    assert office.told == ["start", "saved"]
    assert office.refreshes[-1] >= 10 + 39 / 5


@pytest.mark.parametrize("lock", ["~$장부.xlsx", ".~lock.장부.xlsx#"])
def test_an_open_book_is_said_once_and_refreshed_when_it_is_closed(office: Office, lock: str) -> None:
    beside = office.book.with_name(lock)
    office.later(5, lambda: beside.write_bytes(b""))
    office.later(10, lambda: office.save(b"second"))
    office.later(20, lambda: office.save(b"third"))
    office.later(30, beside.unlink)
    office.watched()
    assert office.told == ["start", OPEN, "saved"]
    assert 30 <= office.refreshes[-1] <= 32


def test_a_book_that_was_only_looked_at_says_nothing(office: Office) -> None:
    beside = office.book.with_name("~$장부.xlsx")
    office.later(5, lambda: beside.write_bytes(b""))
    office.later(30, beside.unlink)
    assert office.watched().told == ["start"]


def test_a_book_that_is_open_at_the_start_is_refreshed_when_it_is_closed(office: Office) -> None:
    beside = office.book.with_name("~$장부.xlsx")
    beside.write_bytes(b"")
    office.later(10, beside.unlink)
    assert office.watched().told == [OPEN, "start"]


def test_opened_again_it_is_said_again(office: Office) -> None:
    beside = office.book.with_name("~$장부.xlsx")
    for at in (5, 25):
        office.later(at, lambda: beside.write_bytes(b""))
        office.later(at + 2, lambda at=at: office.save(b"%d" % at))
        office.later(at + 10, beside.unlink)
    assert office.watched().told == ["start", OPEN, "saved", OPEN, "saved"]


def test_a_file_that_is_away_for_a_moment_is_not_missed(office: Office) -> None:
    office.later(10, office.book.unlink)
    office.later(10 + AWAY - 2, lambda: office.save(b"second"))
    assert office.watched().told == ["start", "saved"]


def test_a_file_that_stays_away_is_said_once_and_taken_up_again(office: Office) -> None:
    office.later(10, office.book.unlink)
    office.later(60, lambda: office.save(b"second"))
    assert office.watched().told == ["start", "watch.gone", "saved"]


def test_trouble_of_a_file_being_saved_passes_without_a_word(office: Office) -> None:
    office.later(10, lambda: office.save(b"half"))
    office.later(9, lambda: office.fails.extend([BookError("guard.damaged"), BookLocked("book.changed_meanwhile")]))
    office.watched()
    assert office.told == ["start", "saved"]
    assert len(office.refreshes) == 4


def test_a_faulty_book_is_said_once_and_tried_less_and_less_often(office: Office) -> None:
    office.later(9, lambda: office.fails.extend([BookError("guard.damaged", where="장부.xlsx")] * 100))
    office.later(10, lambda: office.save(b"broken"))
    office.later(300, office.fails.clear)
    office.later(300, lambda: office.save(b"mended"))
    office.watched()
    assert office.told == ["start", "watch.trouble", "saved"]
    assert PATIENT < len(office.refreshes) < 12
    assert office.refreshes[-1] < 302


def test_a_full_disk_is_said_at_once_and_tried_again_without_a_new_save(office: Office) -> None:
    office.later(9, lambda: office.fails.append(BookError("book.disk_full", where="장부.xlsx")))
    office.later(10, lambda: office.save(b"second"))
    assert office.watched().told == ["start", "watch.trouble", "saved"]


def test_a_share_that_can_not_be_reached_does_not_end_it(office: Office) -> None:
    office.later(9, lambda: office.fails.extend([OSError(5, "Input/output error")] * 3))
    office.later(10, lambda: office.save(b"second"))
    assert office.watched().told == ["start", "watch.trouble", "saved"]


def test_midnight_is_news(office: Office) -> None:
    office.later(50, lambda: setattr(office, "today", "2026-11-21"))
    office.watched()
    assert office.told == ["start", "day"]


def test_a_wrong_word_of_the_command_ends_it_at_the_start_but_not_later(office: Office) -> None:
    office.later(9, lambda: office.fails.append(UsageError("error.bad_day", where="--map")))
    office.later(10, lambda: office.save(b"second"))
    assert office.watched().told == ["start", "watch.trouble", "saved"]
    office.fails.append(UsageError("error.bad_day", where="--as-of"))
    with pytest.raises(UsageError):
        Watch(office.book, office.refresh, office.tell, lambda: 0).run()


def test_a_file_that_is_not_there_ends_it_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BookError):
        watch_book(tmp_path / "없음.xlsx", print)


# ---- the command -------------------------------------------------------------------------------------------------


@pytest.fixture
def book(tmp_path: Path) -> Path:
    rows = [[f"R{n}", "한빛", dt.datetime(2026, 11, 2 + n), "접수", 50_000.0] for n in range(12)]
    return adopted_book(tmp_path, {"접수": [["접수번호", "업체명", "접수일시", "상태", "금액"], *rows]})


@pytest.fixture
def saves(book: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Two amounts changed while the command waits, then Ctrl+C."""
    left = [1, 2]

    def wait(_: float) -> None:
        if watched and watched[-1]._moving:
            return
        if not left:
            raise KeyboardInterrupt
        edits = Edits()
        edits.write("접수", 2, 5, [[1_000.0 * left.pop()]])
        open_book(book).apply(edits)

    watched: list[Watch] = []
    real = Watch.run

    def run(self: Watch) -> None:
        self.wait = wait
        watched.append(self)
        real(self)

    monkeypatch.setattr(Watch, "run", run)
    return left


def ends(*words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main([*words])
    return int(end.value.code or 0)


def test_the_command_says_one_line_a_refresh_and_ends_well(
    book: Path, saves: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends("refresh", str(book), "--watch") == 0
    out, err = capsys.readouterr()
    assert [line.split()[1] for line in out.splitlines()] == ["처음:", "저장됨:", "저장됨:"]
    assert err.splitlines()[0].startswith("장부.xlsx를 지켜봅니다.")
    assert "온전합니다" in err.splitlines()[-1]
    assert not saves


def test_with_json_every_refresh_is_one_line_of_data(
    book: Path, saves: list[int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert ends("refresh", str(book), "--watch", "--json", "--as-of", "2026-11-19") == 0
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["why"] for one in told] == ["start", "saved", "saved"]
    assert {"at", "seconds", "run", "as_of", "tabs", "requests"} <= told[0].keys()
    assert all(one["as_of"] <= "2026-11-19" for one in told)


@pytest.mark.parametrize("other", [["--dry-run"], ["--into", "새.xlsx"]])
def test_watching_writes_to_the_very_book(book: Path, other: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert ends("refresh", str(book), "--watch", *other) == 2
    assert other[0] in capsys.readouterr().err


def test_what_was_put_off_is_kept_when_it_ends(book: Path, saves: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    closed: list[Session] = []

    def close(session: Session) -> None:
        closed.append(session)

    monkeypatch.setattr(Session, "close", close)
    ends("refresh", str(book), "--watch")
    assert len(closed) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_has_its_words(lang: str) -> None:
    assert [id for id in (*REASONS, OPEN, "watch.gone", "watch.trouble") if not known(id, lang)] == []
