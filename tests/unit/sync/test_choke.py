"""What a partner may see of the master: its own rows, the named fields, its own KPIs; everything else is absent."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from addin.crm.catalogue import KPIS
from addin.crm.request_flags import REASONS
from addin.crm.tables import REQUESTS
from addin.i18n import known
from sheets_sync.choke import ASK_IDS, ASKED, NEVER, SHOWN_KPIS, check_fields, view
from sheets_sync.cycle import Cycle, PartnerSetup
from sheets_sync.layout import layout_of
from sheets_sync.ledger import Ledger
from sheets_sync.master import MasterFile, open_master
from sheets_sync.ports.folder import FolderPort
from sheets_sync.ports.memory import MemoryPort
from tests.unit.sync.masters import LAYOUT, ROWS, WHEN, master, typed

if TYPE_CHECKING:
    from pathlib import Path

EVERY = layout_of([f.id for f in REQUESTS if f.id not in (*NEVER, "visited_at", "stage", "note")],
                  ["visited_at", "stage", "note"])  # fmt: skip


def seen(book: Path, partner: str = "한빛", layout: Any = LAYOUT) -> Any:
    opened = open_master(book, layout)
    return view(opened._snapshot, partner, layout)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return master(tmp_path / "master.xlsx")


def test_only_the_named_fields_of_the_partner_s_own_rows(book: Path) -> None:
    rows = seen(book, layout=layout_of(["customer", "service"], ["visited_at"])).rows
    assert [(row.key, dict(row.given)) for row in rows] == [
        ("R1", {"customer": "김하나", "service": "도배"}),
        ("R3", {"customer": "박세나", "service": "장판"}),
    ]
    assert all(not row.own for row in rows)


def test_who_uses_what_another_buys_is_shown_only_where_the_team_names_it() -> None:
    assert "user" not in {column.field for column in layout_of().columns}
    assert "user" in {column.field for column in layout_of(["customer", "user"]).columns}


def test_a_field_nobody_named_is_absent(book: Path) -> None:
    assert seen(book, layout=layout_of([], [])).rows[0].given == {}


@pytest.mark.parametrize("field", sorted(NEVER))
def test_what_no_partner_sees_is_refused_and_absent_even_if_it_slipped_through(book: Path, field: str) -> None:
    layout = layout_of(["customer", field])
    with pytest.raises(Exception, match=field):
        check_fields(layout)
    assert field not in seen(book.with_name("master.xlsx")).rows[0].given
    opened = open_master(book, LAYOUT)
    assert all(row.given.keys() <= {"customer"} for row in view(opened._snapshot, "한빛", layout).rows)


def test_head_office_s_own_notes_stay_at_home(tmp_path: Path) -> None:
    rows = [["R1", "한빛", "2026-09-01", "김", None, None, "2026-09-02", "수주", 1, 2, "마진이 적은 곳"], *ROWS[1:]]
    row = seen(master(tmp_path / "m.xlsx", rows)).rows[0]
    assert row.own == {"visited_at": "2026-09-02", "stage": "수주"}


def test_a_cell_that_names_another_partner_is_left_out_and_head_office_is_told(tmp_path: Path) -> None:
    rows = [[*ROWS[0][:5], "두 리 공동구매", None, "두리로 이관", 1, 2, None], *ROWS[1:]]
    found = seen(master(tmp_path / "m.xlsx", rows))
    assert "service" not in found.rows[0].given
    assert "stage" not in found.rows[0].own
    assert [(r.kind, r.key, r.field, r.master) for r in found.withheld] == [
        ("withheld", "R1", "service", "두 리 공동구매"),
        ("withheld", "R1", "stage", "두리로 이관"),
    ]


def test_a_customer_may_bear_any_name(tmp_path: Path) -> None:
    rows = [[*ROWS[0][:3], "두리아파트 302호", *ROWS[0][4:]], *ROWS[1:]]
    assert seen(master(tmp_path / "m.xlsx", rows)).rows[0].given["customer"] == "두리아파트 302호"


def test_a_partner_whose_name_holds_another_s_still_sees_its_own(tmp_path: Path) -> None:
    rows = [["R1", "한빛2단지", "2026-09-01", "김", None, "한빛 2단지 도배", *[None] * 5], *ROWS[1:]]
    assert seen(master(tmp_path / "m.xlsx", rows), "한빛2단지").rows[0].given["service"] == "한빛 2단지 도배"


def test_a_row_is_asked_for_what_the_partner_can_fill_in(book: Path) -> None:
    assert "방문일시를 적어 주세요." in seen(book).rows[0].ask
    assert seen(book).rows[0].flag == "▲ 주의"
    bare = seen(book, layout=layout_of(["customer"], ["amount"])).rows[0]
    assert (bare.flag, bare.ask) == ("", "")


def test_what_a_partner_typed_and_nobody_can_read_is_asked_again(book: Path) -> None:
    from sheets_sync.cycle import Changes
    from sheets_sync.model import Fill

    opened = open_master(book, LAYOUT)
    opened.rows("한빛")
    opened.apply({"한빛": Changes(fills=(Fill("R3", "completed_at", "곧"),))}, WHEN)
    assert "완료일 칸을 읽을 수 없습니다. 다시 적어 주세요." in seen(book).rows[1].ask


def many(tmp_path: Path, others: str = "다른", money: int = 0) -> Path:
    """Three partners, sixty requests each over the last quarter; ``others``: every text of two of them."""
    rows = []
    for n in range(180):
        ours = n % 3 == 0
        day = dt.date(2026, 11, 15) - dt.timedelta(days=n // 3 % 80)
        word = "우리" if ours else others
        name = "한빛" if ours else f"{word}파트너{n % 3}"
        amount = 1_000 + n if ours else money + n
        visited = f"{day}" if n % (2 if ours else money % 7 + 1) else None
        texts = [f"R{n}", name, f"{day} 09:00", f"{word}고객{n}", None, f"{word}서비스", visited]
        rows.append([*texts, "수주" if n % 4 else "취소", amount, amount // 2, f"{word}메모{n}"])
    names = dict.fromkeys(row[1] for row in rows)
    partners = [["파트너명", "클러스터", "연락처", "월 목표"], *([n, "카페", None, 10] for n in names)]
    return master(tmp_path / "m.xlsx", rows, 파트너=partners)


def test_kpis_are_the_partner_s_own_with_target_flag_and_window(tmp_path: Path) -> None:
    found = seen(many(tmp_path)).kpis
    kpis = {line.name: line for line in found}
    assert len(kpis) == len(found)
    line = kpis["당일 방문율"]
    assert re.fullmatch(r"[\d.]+ % \(n=\d+\)", line.value)
    assert line.target == "90 % 이상"
    assert line.flag == "● 위반"
    assert re.fullmatch(r"\d{4}-\d\d-\d\d ~ \d{4}-\d\d-\d\d", line.window)
    assert "파트너 의존도" not in kpis
    assert any("당일 방문율" in ask for ask in seen(many(tmp_path)).asks)


def test_no_number_of_a_shown_kpi_is_made_of_others(tmp_path: Path) -> None:
    """Whatever the other partners' rows say, what this one sees is the same to the last character."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = seen(many(tmp_path / "a"), layout=EVERY)
    two = seen(many(tmp_path / "b", "XYZ", 9_000_000), layout=EVERY)
    assert one == two
    assert one.kpis
    assert one.rows


def test_kpis_of_money_and_of_shares_of_the_whole_are_never_shown() -> None:
    assert not {"DEPENDENCY", "HHI", "BACKUP", "CAC", "LTV", "LTV_CAC", "VOLATILITY"} & set(SHOWN_KPIS)
    assert all(KPIS[kpi].unit == "share" for kpi in SHOWN_KPIS)


def test_every_ask_has_its_words() -> None:
    assert {reason.code for reason in REASONS} >= ASKED.keys()
    ids = (*ASK_IDS, "sync.ask.unread", "sync.asks.rows", "sync.asks.kpi", "sync.kpi.least", "sync.kpi.most")
    assert [id for id in ids for lang in ("ko", "en") if not known(id, lang)] == []


# -- canaries: no byte of another partner's in anything that leaves --------------------------------------------------

CANARY = ["CANARY", "카나리아", "77345", "88123"]


def _leaks(data: bytes) -> list[str]:
    return [word for word in CANARY if word.encode() in data or word.encode("utf-16-le") in data]


def _bytes(path: Path) -> bytes:
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            data += b"".join(archive.read(name) + name.encode() for name in archive.namelist())
    return data


@pytest.fixture
def aviary(tmp_path: Path) -> tuple[Path, FolderPort, Cycle, MasterFile]:
    """Every text and number of the other two partners is a canary; each partner has a file of its own."""
    rows: list[list[Any]] = [list(row) for row in ROWS if row[1] == "한빛"]
    for n, name in enumerate(("CANARY상사", "카나리아부동산") * 4):
        texts = [f"CANARY-{n}", name, f"2026-09-0{n + 1} 09:00", f"CANARY고객{n}", f"010-7734-{n:04}"]
        rows.append([*texts, f"카나리아 서비스{n}", "2026-09-09", "수주", 773450 + n, 88123 + n, f"CANARY 메모{n}"])
    rows.append(
        ["R9", "한빛", "2026-09-09", "최", None, "도배", None, "CANARY상사로 이관", 5, 6, "카나리아 부동산 소개"]
    )
    for name in ("office", "shared"):
        (tmp_path / name).mkdir()
    book = master(tmp_path / "office" / "m.xlsx", rows)
    port = FolderPort(tmp_path / "shared", tmp_path / "office" / ".danggol" / "sheets")
    names = ("한빛", "CANARY상사", "카나리아부동산")
    partners = [PartnerSetup(name, f"p{n}/의뢰.xlsx") for n, name in enumerate(names)]
    layout = layout_of([*EVERY_GIVEN], ["visited_at", "stage", "note"], spare=2)
    for partner in partners:
        port.prepare(partner.ref, layout, partner.name)
    (tmp_path / "office" / ".danggol").mkdir(exist_ok=True)
    ledger = Ledger(tmp_path / "office" / ".danggol" / "sync.sqlite")
    return tmp_path, port, Cycle(partners, layout, port, ledger, "test"), MasterFile(book, layout)


EVERY_GIVEN = ("received_at", "customer", "phone", "service", "amount", "source", "lost_reason", "satisfaction")


def test_no_byte_of_another_partner_in_the_file_its_name_or_a_sentence_about_it(
    aviary: tuple[Path, FolderPort, Cycle, MasterFile],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    home, port, cycle, source = aviary
    for minute in range(3):
        report = cycle.run(source, WHEN + dt.timedelta(minutes=minute))
        assert report.exit_code == 0
    own = home / "shared" / "p0"
    assert [path.name for path in own.iterdir()] == ["의뢰.xlsx"]
    sheet = port.read("p0/의뢰.xlsx", cycle.layout)
    assert {row.key for row in sheet.rows} >= {"R1", "R3", "R9"}
    assert _leaks(_bytes(own / "의뢰.xlsx")) == []
    typed(own / "의뢰.xlsx", cycle.layout, {"R1": {"note": "다녀옴", "visited_at": "모름"}})
    (own / ".~lock.의뢰.xlsx#").touch()  # and something goes wrong
    report = cycle.run(source, WHEN + dt.timedelta(minutes=9))
    cycle.run(source, WHEN + dt.timedelta(minutes=10))
    told = [str(asdict(o)) for o in report.outcomes if o.partner == "한빛"]
    assert told
    assert _leaks("".join(told).encode()) == []
    backups = home / "office" / ".danggol" / "sheets" / "p0"
    assert any(backups.iterdir())
    assert [path for path in backups.iterdir() if _leaks(_bytes(path))] == []
    out = capfd.readouterr()
    assert _leaks((caplog.text + out.out + out.err).encode()) == []
    (own / ".~lock.의뢰.xlsx#").unlink()
    cycle.run(source, WHEN + dt.timedelta(minutes=11))
    assert _leaks(_bytes(own / "의뢰.xlsx")) == []
    assert _leaks(_bytes(home / "shared" / "p1" / "의뢰.xlsx"))  # the canaries do sing where they belong


def test_no_word_of_another_partner_in_any_request(aviary: tuple[Path, FolderPort, Cycle, MasterFile]) -> None:
    _, _, cycle, source = aviary
    sent: list[str] = []

    class Wire(MemoryPort):
        def append(self, ref: str, layout: Any, leads: Any) -> None:
            sent.append(f"{ref} {leads}")
            super().append(ref, layout, leads)

        def put_hq(self, ref: str, layout: Any, hq: Any, synced_at: str) -> None:
            sent.append(f"{ref} {hq} {synced_at}")
            super().put_hq(ref, layout, hq, synced_at)

    port = Wire()
    for partner in cycle.partners:
        port.prepare(partner.ref, cycle.layout, partner.name)
    cycle.port = port
    cycle.run(source, WHEN)
    ours = [text for text in sent if text.startswith("p0/")]
    assert len(ours) == 2
    assert _leaks("".join(ours).encode()) == []
    assert _leaks("".join(sent).encode())
