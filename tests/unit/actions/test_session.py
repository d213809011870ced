"""A refresh that remembers the last one writes, reads and says exactly what one that remembers nothing does.

A book is changed as people change it; then it is refreshed with a session, and a copy of it, beside which nothing is
kept, without. The files must be the same byte for byte, and so must the records, the faults, what is said and the undo.
"""

from __future__ import annotations

import datetime as dt
import inspect
import os
import random
import re
import shutil
import sys
import zipfile
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addin.actions.adopt import adopt_book
from addin.actions.history import undo_run
from addin.actions.refresh import Refreshed, refresh_book
from addin.actions.session import Session
from addin.actions.workspace import open_workspace
from addin.books import CLEAR, Edits, open_book
from addin.books.edits import RemoveSheet
from addin.books.read import read_book
from addin.errors import DanggolError
from addin.i18n import use_language
from addin.today import SEOUL
from tests.unit.actions.teambook import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from addin.actions.results import Results
    from addin.actions.workspace import Workspace

NOW: Final = dt.datetime(2026, 11, 20, 10, tzinfo=SEOUL)
REQUESTS: Final = (
    "접수번호",
    "업체명",
    "고객명",
    "연락처",
    "접수일시",
    "확인일시",
    "진행상태",
    "금액",
    "유입경로",
    "비고",
)
PARTNERS: Final = ("업체명", "지역", "담당자", "연락처", "세대수", "진행단계")
SPEND: Final = ("지출일", "업체명", "항목", "금액")
NAMES: Final = ("㈜한빛부동산", "샛별관리", "다온아파트", "가나상사", "주식회사 한빛부동산")


def lists(count: int) -> dict[str, list[Sequence[Any]]]:
    """A team's three lists; the last months before `NOW`, some of it odd."""
    dice = random.Random(7)
    requests: list[Sequence[Any]] = [REQUESTS]
    for n in range(count):
        came = NOW.replace(tzinfo=None) - dt.timedelta(hours=round(90 * 24 * (1 - n / count)) + 2)
        if n % 7 == 1:
            came = came.replace(hour=0, minute=0)  # only its format says whether this is a day or midnight
        seen = came + dt.timedelta(minutes=dice.randrange(5, 900)) if dice.random() < 0.9 else None
        stage = "확정건" if n % 17 == 4 else dice.choice(("접수", "견적", "방문", "완료", "완료", "취소"))
        phone = f"010-{dice.randrange(1000, 9999)}-{dice.randrange(1000, 9999)}"
        amount = "25만원" if n % 11 == 3 else float(dice.randrange(1, 90) * 10_000)
        requests.append((
            f"R{n:04}", dice.choice(NAMES), f"고객{n % 31}", phone, "2026-13-40" if n % 23 == 5 else came, seen, stage,
            amount, dice.choice(("소개", "블로그", "전화")), "재방문" if n % 9 == 0 else None,
        ))  # fmt: skip
    partners = [
        (name, "성동구", f"담당{i}", f"02-555-{1000 + i}", 300.0 + i, ("제휴", "협의")[i % 2])
        for i, name in enumerate(NAMES[:4])
    ]
    spend = [(dt.datetime(2026, 9 + n % 3, 3 + n), NAMES[n % 3], "광고", 50_000.0 * (n + 1)) for n in range(6)]
    return {"접수": requests, "파트너": [PARTNERS, *partners], "비용": [SPEND, *spend]}


# ---- what people do to a book ------------------------------------------------------------------------------------


class Team:
    """A book, the clock and the language as they are now; what is done to it, and what a refresh is asked."""

    def __init__(self, book: Path) -> None:
        self.book, self.now, self.lang = book, NOW, "ko"
        self.as_of: str | None = None
        self.maps: tuple[str, ...] = ()
        self.open_elsewhere = False

    def write(self, sheet: str, row: int, column: int, *values: Any) -> None:
        """Cells side by side, by our own writer."""
        edits = Edits()
        edits.write(sheet, row, column, [[*values]])
        with suppress(DanggolError):  # the tab is not there (any more): nothing is done
            open_book(self.book).apply(edits, when=self.now)

    def parts(self) -> dict[str, bytes]:
        """The entries of the file."""
        with zipfile.ZipFile(self.book) as package:
            return {name: package.read(name) for name in package.namelist()}

    def save(self, parts: dict[str, bytes], level: int = 6) -> None:
        """As another program saves it."""
        with zipfile.ZipFile(self.book, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as package:
            for name, data in parts.items():
                package.writestr(name, data)

    def rows(self) -> list[int]:
        """Rows of the first list that hold a request."""
        grid = read_book(self.book).grid("접수")
        assert grid is not None
        return [row for row in range(2, len(grid.rows) + 1) if str(grid.value(row, 1) or "").startswith("R")]

    def row(self, n: int) -> int:
        """One of them."""
        rows = self.rows()
        return rows[n % len(rows)]


def renumbered(xml: bytes, by: Callable[[int], int]) -> bytes:
    """A sheet's rows under other numbers."""
    xml = re.sub(rb'(<row r=")(\d+)', lambda m: m[1] + b"%d" % by(int(m[2])), xml)
    return re.sub(rb'(<c r="[A-Z]+)(\d+)', lambda m: m[1] + b"%d" % by(int(m[2])), xml)


SHEET: Final = "xl/worksheets/sheet1.xml"


def old_amount(team: Team, n: int) -> None:
    team.write("접수", team.row(n), 8, 10_000.0 * (n + 2))


def won(team: Team, n: int) -> None:
    team.write("접수", team.row(-1 - n % 5), 7, "완료")


def lost(team: Team, n: int) -> None:
    team.write("접수", team.row(n), 7, ("취소", "견적")[n % 2])


def answered(team: Team, n: int) -> None:
    team.write("접수", team.row(n), 6, dt.datetime(2026, 11, 2 + n % 17, 9, n % 60))


def bad_cell(team: Team, n: int) -> None:
    team.write("접수", team.row(n), (5, 8)[n % 2], ("언젠가", "많이")[n % 2])


def emptied(team: Team, n: int) -> None:
    team.write("접수", team.row(n), 2 + n % 7, CLEAR)


def of_another(team: Team, n: int) -> None:
    team.write("접수", team.row(n), 2, (*NAMES, "처음 보는 업체")[n % 6])


def partner_renamed(team: Team, n: int) -> None:
    team.write("파트너", 2 + n % 4, 1, f"{NAMES[n % 4]} {'성동점' if n % 3 else '본점'}")


def partner_moved_on(team: Team, n: int) -> None:
    team.write("파트너", 2 + n % 4, 6, ("제휴", "협의", "휴면")[n % 3])


def spent(team: Team, n: int) -> None:
    team.write("비용", 2 + n % 6, 4, 30_000.0 * (n + 1))


def added(team: Team, n: int) -> None:
    row = max(team.rows()) + 1
    came = team.now.replace(tzinfo=None) - dt.timedelta(hours=n % 90)
    team.write("접수", row, 1, f"R9{row:03}{n % 10}", NAMES[n % 5], f"새고객{n}", "010-1234-5678", came, CLEAR, "접수")


def inserted(team: Team, n: int) -> None:
    """A row in the middle, as Excel does it: those below move on."""
    parts, row = team.parts(), team.row(n)
    xml = renumbered(parts[SHEET], lambda r: r + (r >= row))
    cells = f'<c r="A{row}" t="inlineStr"><is><t>R8{row:03}</t></is></c><c r="H{row}"><v>70000</v></c>'
    at = xml.find(b'<row r="%d"' % (row + 1))
    parts[SHEET] = xml[:at] + f'<row r="{row}">{cells}</row>'.encode() + xml[at:]
    team.save(parts)


def removed(team: Team, n: int) -> None:
    """A row gone; those below move up."""
    parts, row = team.parts(), team.row(n)
    if len(team.rows()) < 8:
        return
    xml, gone = re.subn(rb'<row r="%d".*?</row>' % row, b"", parts[SHEET], flags=re.DOTALL)
    assert gone == 1
    parts[SHEET] = renumbered(xml, lambda r: r - (r > row))
    team.save(parts)


def sorted_otherwise(team: Team, n: int) -> None:
    """Two rows change places."""
    one, other = team.row(n), team.row(n + 5)
    grid = read_book(team.book).grid("접수")
    assert grid is not None
    edits = Edits()
    for here, there in ((one, other), (other, one)):
        cells: list[Any] = [grid.value(there, c) or CLEAR for c in range(1, 11)]
        edits.write("접수", here, 1, [cells])
    open_book(team.book).apply(edits, when=team.now)


def new_shared_text(team: Team, n: int) -> None:
    """A customer's name as Excel writes it: a new text at the end of the shared ones."""
    parts, row = team.parts(), team.row(n)
    texts = "xl/sharedStrings.xml"
    count = parts[texts].count(b"<si>")
    found = re.sub(rb'(<c r="C%d"(?: s="\d+")? t="s"><v>)\d+' % row, rb"\g<1>%d" % count, parts[SHEET])
    parts[texts] = parts[texts].replace(b"</sst>", f"<si><t>엑셀 고객 {n}</t></si></sst>".encode())
    parts[SHEET] = found
    team.save(parts)


def another_shared_text(team: Team, n: int) -> None:
    """A shared text is another one, and no cell of a list changed."""
    parts = team.parts()
    texts, old, new = "xl/sharedStrings.xml", "<t>소개</t>", f"<t>소개 {n}</t>"
    parts[texts] = parts[texts].replace(old.encode(), new.encode())
    team.save(parts)


def shown_otherwise(team: Team, n: int) -> None:
    """A column's moments are shown as days, as moments or as numbers; no cell changed."""
    parts, look = team.parts(), "xl/styles.xml"
    column = (b"E", b"F")[n // 3 % 2]
    style = re.search(rb'<c r="%s\d+" s="(\d+)"' % column, parts[SHEET])
    start = parts[look].find(b"<cellXfs")
    if style is not None:
        looks = list(re.finditer(rb'<xf [^>]*?numFmtId="(\d+)"', parts[look][start:]))
        at = looks[int(style[1])].span(1)
        number = (b"22", b"14", b"0")[n % 3]
        parts[look] = parts[look][: start + at[0]] + number + parts[look][start + at[1] :]
        team.save(parts)


def coloured(team: Team, n: int) -> None:
    edits = Edits()
    edits.fill("접수", team.row(n), 3, color="FFC7CE")
    open_book(team.book).apply(edits, when=team.now)


def saved_again(team: Team, n: int) -> None:
    """The same book in other bytes."""
    team.save(team.parts(), 1 + n % 9)


def column_added(team: Team, n: int) -> None:
    grid = read_book(team.book).grid("접수")
    assert grid is not None
    column = grid.width + 1
    team.write("접수", 1, column, ("만족도", "환불액", "메모")[n % 3])
    team.write("접수", team.row(n), column, float(n % 5))


def header_renamed(team: Team, n: int) -> None:
    column, names = ((9, ("경로", "유입")), (10, ("메모", "비고")))[n % 2]
    team.write("접수", 1, column, names[n // 2 % 2])


def unit_in_header(team: Team, n: int) -> None:
    """The same numbers mean other amounts."""
    team.write("접수", 1, 8, ("금액(천원)", "금액(만원)", "금액")[n % 3])


def setting(team: Team, n: int) -> None:
    found = open_workspace(team.book)
    if found.setting_answers is not None:
        places = sorted(found.setting_answers.places.items())
        _, (row, column) = places[n * 7 % len(places)]
        team.write(found.ours.tabs["settings"], row, column, (3.0, 0.5, 20.0, "아무거나")[n % 4])


#: Settings that numbers and readings hang on, and what a team may say.
SETTINGS: Final = (
    ("stages.won", "완료, 확정건"), ("hours.close", "15:00"), ("service.response_minutes", 30),
    ("stages.lost", "확정건"), ("hours.holidays_add", "2026-11-18"), ("SAMEDAY.min_n", 2), ("service.revisit_days", 10),
    ("stages.won", CLEAR), ("hours.weekdays", "월,화,수"), ("DEPENDENCY.target", 0.1), ("money.ltv_weeks", 4),
    ("customers.frequent_orders", 2), ("customers.regular_words", "재방문"), ("stages.lost", CLEAR),
    ("funnel.steps", "접수=received_at, 확인=confirmed_at, 완료=stage=완료"), ("money.dependency_weeks", 6),
    ("partnership.households", 301), ("hours.clock", "예"),
)  # fmt: skip


def setting_that_counts(team: Team, n: int) -> None:
    found = open_workspace(team.book)
    if found.setting_answers is not None:
        key, value = SETTINGS[n % len(SETTINGS)]
        row, column = found.setting_answers.places[key]
        team.write(found.ours.tabs["settings"], row, column, value)


def _column_below(team: Team, tab: str, header: str) -> tuple[int, int, int]:
    """Row of a header of one of our tabs, its column and the sheet's last row; zeros where there is none."""
    grid = read_book(team.book).grid(tab)
    for row, cells in enumerate(grid.rows if grid else (), 1):
        for column, value in enumerate(cells, 1):
            if value == header and row > 1:
                return row, column, len(grid.rows) if grid else 0
    return 0, 0, 0


def mapping_answered(team: Team, n: int) -> None:
    head, column, last = _column_below(team, "CRM_매핑", "정정 (여기에 적기)")
    if head:
        team.write("CRM_매핑", head + 1 + n % (last - head), column, ("무시", "비고", CLEAR)[n % 3])


def alias_answered(team: Team, n: int) -> None:
    head, column, last = _column_below(team, "CRM_별칭", "같은 파트너인가요?")
    if head and last > head:
        team.write("CRM_별칭", head + 1 + n % (last - head), column, ("같음", "다름", CLEAR)[n % 3])


def task_done(team: Team, n: int) -> None:
    head, column, last = _column_below(team, "CRM_할일", "상태")
    if head and last > head:
        team.write("CRM_할일", head + 1 + n % (last - head), column, ("완료", "미룸", CLEAR)[n % 3])


def ours_edited(team: Team, n: int) -> None:
    tabs = sorted(open_workspace(team.book).ours.tabs.values())
    team.write(tabs[n % len(tabs)], 3 + n % 9, 1 + n % 4, "내가 고침")


def note_beside_ours(team: Team, n: int) -> None:
    tabs = sorted(open_workspace(team.book).ours.tabs.values())
    grid = read_book(team.book).grid(tabs[n % len(tabs)])
    assert grid is not None
    team.write(grid.name, len(grid.rows) + (1 if n % 4 == 0 else 3), 1 if n % 4 == 0 else 2, "내 메모")


def ours_deleted(team: Team, n: int) -> None:
    tabs = sorted(open_workspace(team.book).ours.tabs.values())
    open_book(team.book).apply(Edits(items=[RemoveSheet(tabs[n % len(tabs)])]), when=team.now)


def list_renamed(team: Team, n: int) -> None:
    """The tab of a list under another name."""
    parts = team.parts()
    book = "xl/workbook.xml"
    old, new = (("비용", "지출"), ("지출", "비용"))[n % 2]
    parts[book] = parts[book].replace(f'name="{old}"'.encode(), f'name="{new}"'.encode())
    team.save(parts)


def new_list(team: Team, n: int) -> None:
    edits = Edits()
    edits.add_sheet(f"활동{n % 3}", [["활동일", "업체명", "내용"], [dt.datetime(2026, 11, 3), NAMES[n % 4], "전화"]])
    with suppress(DanggolError):
        open_book(team.book).apply(edits, when=team.now)


def tomorrow(team: Team, n: int) -> None:
    team.now += dt.timedelta(days=(1, 7, -1)[n % 3])


def of_another_day(team: Team, n: int) -> None:
    team.as_of = ("2026-11-10", "2026-10-31", None)[n % 3]


def mapped_by_word(team: Team, n: int) -> None:
    team.maps = (("stage=진행상태",), (), ("note=유입경로",))[n % 3]


def other_language(team: Team, n: int) -> None:
    team.lang = ("en", "ko")[n % 2]


def open_in_excel(team: Team, n: int) -> None:
    """The next refresh meets a book that is open: it reads everything and may not write."""
    old_amount(team, n)
    won(team, n)
    team.open_elsewhere = True


def taken_back(team: Team, n: int) -> None:
    with suppress(DanggolError):
        undo_run(team.book)


def nothing(team: Team, n: int) -> None:
    """Nobody did anything."""


CHANGES: Final[tuple[Callable[[Team, int], None], ...]] = (
    old_amount, won, lost, answered, bad_cell, emptied, of_another, partner_renamed, partner_moved_on, spent, added,
    inserted, removed, sorted_otherwise, new_shared_text, another_shared_text, shown_otherwise, coloured, saved_again,
    column_added, header_renamed, unit_in_header, setting, setting_that_counts, mapping_answered, alias_answered,
    task_done, ours_edited, note_beside_ours, ours_deleted, list_renamed, new_list, tomorrow, of_another_day,
    mapped_by_word, other_language, open_in_excel, taken_back, nothing,
)  # fmt: skip


# ---- with a session, and without ---------------------------------------------------------------------------------


@contextmanager
def at(team: Team) -> Iterator[None]:
    """The team's moment and language."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("addin.today.now", lambda: team.now)
        patch.setattr("addin.actions.refresh.now", lambda: team.now)
        use_language(team.lang)
        try:
            yield
        finally:
            use_language(None)


def refreshed(team: Team, book: Path, session: Session | None) -> tuple[Any, list[Any]]:
    """What a refresh says, or how it fails, and the records and faults it read."""
    from addin.actions import results

    read: list[Any] = []
    real = results.results_of

    def noting(workspace: Workspace, **how: Any) -> Results:
        frames = {name: records.frame.clone() for name, records in workspace.records.items()}
        read.append((frames, list(workspace.faults), repr(workspace.mapping)))
        return real(workspace, **how)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(results, "results_of", noting)
        try:
            done = refresh_book(book, as_of=team.as_of, maps=team.maps, session=session)
        except DanggolError as error:
            return (type(error).__name__, str(error)), read
    return told(done), read


def told(done: Refreshed) -> dict[str, Any]:
    return done.to_json() | {"edits": len(done.edits)}


def refreshes_alike(team: Team, session: Session) -> Any:
    """Refresh a copy with nothing beside it, then the book with its session; gives what was said."""
    twin = team.book.parent.with_name("twin")
    shutil.rmtree(twin, ignore_errors=True)
    shutil.copytree(team.book.parent, twin)
    for kept in (twin / ".danggol").glob("*.*"):
        if kept.suffix in (".kept", ".fresh"):
            kept.unlink()
    other = twin / team.book.name
    beside = [book.with_name(f"~${book.name}") for book in (team.book, other) if team.open_elsewhere]
    for lock in beside:
        lock.write_bytes(b"")
    with at(team):
        without, plain = refreshed(team, other, None)
        (team.book.parent / ".danggol" / f"{team.book.name}.fresh").unlink(missing_ok=True)  # else nothing is computed
        with_it, read = refreshed(team, team.book, session)
    for lock in beside:
        lock.unlink()
    team.open_elsewhere = False
    assert with_it == without
    assert same_reading(read, plain)
    assert team.book.read_bytes() == other.read_bytes()
    return with_it


def same_reading(one: list[Any], other: list[Any]) -> bool:
    assert len(one) == len(other)
    for (frames, faults, mapping), (frames2, faults2, mapping2) in zip(one, other, strict=True):
        assert mapping == mapping2
        assert faults == faults2
        assert frames.keys() == frames2.keys()
        for name, frame in frames.items():
            assert frame.schema == frames2[name].schema
            assert frame.equals(frames2[name])
    return True


def undoes_alike(team: Team) -> None:
    """Both take the last run back in the same way, or refuse to in the same words."""
    other = team.book.parent.with_name("twin") / team.book.name
    said = []
    with at(team):
        for book in (team.book, other):
            try:
                said.append((undo_run(book).undone, ""))
            except DanggolError as error:
                said.append(("", str(error)))
    assert said[0] == said[1]
    assert team.book.read_bytes() == other.read_bytes()


def in_blocks(patch: pytest.MonkeyPatch) -> None:
    """The list of requests is a long one, of blocks of four rows in runs of two."""
    patch.setattr("addin.books.kept.ROWS", 4)
    patch.setattr("addin.books.runs.RUN", 2)
    patch.setattr("addin.actions.workspace.LARGE", 8)
    patch.setattr("addin.crm.remeasure.LEAST", 1)
    for module in ("reread", "read", "sheetxml"):
        patch.setattr(f"addin.books.{module}.LONG", 8_000)


def started(path: Path, count: int = 40) -> Team:
    """A book that was adopted and refreshed until nothing was left to write."""
    path.parent.mkdir(exist_ok=True)
    made(path, lists(count))
    team = Team(path)
    with at(team):
        adopt_book(path)
        while refresh_book(path).run is not None:
            pass
    return team


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Such a book, once for all."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DANGGOL_HOME", str(tmp_path_factory.mktemp("home")))
        return started(tmp_path_factory.mktemp("team") / "장부.xlsx").book


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place for what many examples leave."""
    return tmp_path_factory.mktemp("examples")


def copied(quiet: Path, folder: Path) -> Team:
    """One of its own."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(quiet.parent, folder / "team")
    return Team(folder / "team" / quiet.name)


NIGHTLY: Final = bool(os.environ.get("DANGGOL_NIGHTLY"))
#: Sequences of changes tried, and the longest; of all changes in their order every so many.
TRIES, LONGEST, SKIPPED = (60, 12, 1) if NIGHTLY else (3, 3, 7)


def test_whatever_people_do_to_a_book(quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_blocks(monkeypatch)
    team, session = copied(quiet, tmp_path / "one"), Session()
    refreshes_alike(team, session)
    for n, change in enumerate(CHANGES[::SKIPPED], 3):
        change(team, n)
        refreshes_alike(team, session)
    undoes_alike(team)
    refreshes_alike(team, session)
    session.close()
    old_amount(team, 5)
    refreshes_alike(team, Session())


@settings(max_examples=TRIES)
@given(st.booleans(), st.lists(st.tuples(st.sampled_from(CHANGES), st.integers(0, 30)), min_size=1, max_size=LONGEST))
def test_whatever_people_do_in_any_order(
    quiet: Path, home: Path, packed: bool, changes: list[tuple[Callable[[Team, int], None], int]]
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        if packed:
            in_blocks(patch)
        team, session = copied(quiet, home / "any"), Session()
        for change, n in changes:
            change(team, n)
            refreshes_alike(team, session)


class Stopped(BaseException):
    """As Ctrl+C: no code of ours catches it to go on."""


def stopped_after(calls: int, work: Callable[[], object]) -> int:
    """Do some work, stopped at the n-th call of a function of ours, wherever that is; how many calls there were."""
    count, stopped = 0, False

    def counting(frame: Any, event: str, _: Any) -> None:
        nonlocal count, stopped
        if event == "call" and f"{os.sep}addin{os.sep}" in frame.f_code.co_filename:
            count += 1
            # What a generator that is being closed raises is lost.
            if 0 < calls <= count and not stopped and not frame.f_code.co_flags & inspect.CO_GENERATOR:
                stopped = True
                raise Stopped

    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def test_a_refresh_that_was_stopped_anywhere_leaves_a_session_that_can_be_used(
    quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_blocks(monkeypatch)
    team, session = copied(quiet, tmp_path / "one"), Session()
    refreshes_alike(team, session)
    won(team, 1)
    with at(team):
        calls = stopped_after(0, lambda: refresh_book(team.book, session=session))
    stopped = 0
    for n in range(1, 20 if NIGHTLY else 3):
        won(team, n)
        old_amount(team, n)
        try:
            with at(team):
                stopped_after(calls * n // (20 if NIGHTLY else 4), lambda: refresh_book(team.book, session=session))
        except Stopped:
            stopped += 1
        answered(team, n)
        refreshes_alike(team, session)
    assert stopped > 1


def test_whatever_a_team_sets(quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    in_blocks(monkeypatch)
    team, session = copied(quiet, tmp_path / "one"), Session()
    refreshes_alike(team, session)
    for n in range(len(SETTINGS)):
        setting_that_counts(team, n)
        if NIGHTLY or n % 5 == 4:
            refreshes_alike(team, session)


def test_a_session_of_another_book_says_nothing_of_this_one(quiet: Path, tmp_path: Path) -> None:
    one, other, session = copied(quiet, tmp_path / "one"), copied(quiet, tmp_path / "other"), Session()
    for team in (one, other):
        refreshes_alike(team, session)
    of_another(one, 1)
    setting_that_counts(other, 0)
    for team in (one, other, one):
        refreshes_alike(team, session)


@pytest.mark.skipif(not NIGHTLY, reason="a night's work: DANGGOL_NIGHTLY=1")
def test_a_long_book_as_it_is_read(tmp_path: Path) -> None:
    team, session = started(tmp_path / "team" / "장부.xlsx", 12_000), Session()
    refreshes_alike(team, session)
    for n, change in enumerate(CHANGES, 5_000):
        change(team, n)
        refreshes_alike(team, session)
