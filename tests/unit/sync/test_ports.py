"""What every port promises, one body for each of them: in memory, on a shared folder, on Google (emulated)."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from google.oauth2.credentials import Credentials

from addin.crm.grid import column_letter
from sheets_sync.emulator import start
from sheets_sync.layout import SENTINEL, layout_of
from sheets_sync.model import Hq, HqRow, KpiLine, Lead
from sheets_sync.ports.auth import Account
from sheets_sync.ports.base import Gone
from sheets_sync.ports.folder import FolderPort
from sheets_sync.ports.google import GooglePort
from sheets_sync.ports.memory import MemoryPort
from tests.unit.sync.masters import typed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from sheets_sync.emulator.server import Server
    from sheets_sync.ports.base import Port

LAYOUT = layout_of(["received_at", "customer", "phone", "amount"], ["visited_at", "stage", "note"])
HQ = Hq(
    (HqRow("R1", "▲ 주의", "방문일시를 적어 주세요.\n=1+1"), HqRow("R2")),
    (KpiLine("당일 방문율", "72 % (n=25)", "90 % 이상", "● 위반", "2026-08-03 ~ 2026-11-01"),),
    ("확인이 필요한 의뢰가 1건 있습니다.",),
)


@dataclass
class Place:
    """A port, and how a partner types there."""

    port: Port
    home: Path
    ref: str = "한빛/의뢰.xlsx"
    server: Server | None = None

    def types(self, changes: Mapping[str, Mapping[str, Any]]) -> None:
        if isinstance(self.port, MemoryPort):
            sheet = self.port.sheets[self.ref]
            for row in sheet.rows:
                row.update(changes.get(str(row["key"]), {}))
            sheet.version += 1
        elif self.server is not None:
            partner = self.server.partner(self.ref, tab=LAYOUT.tab)
            lines = partner.rows()
            for at, line in enumerate(lines, 1):
                for field, value in changes.get(line[0], {}).items():
                    column = next(c.header for c in LAYOUT.columns if c.field == field)
                    partner.type(f"{column_letter(lines[0].index(column) + 1)}{at}", value)
        else:
            typed(self.home / "shared" / self.ref, LAYOUT, changes)


@pytest.fixture(params=["memory", "folder", "google"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    (tmp_path / "shared").mkdir()
    with ExitStack() as stack:
        if request.param == "memory":
            found = Place(MemoryPort(), tmp_path)
        elif request.param == "folder":
            found = Place(FolderPort(tmp_path / "shared", tmp_path / "journal"), tmp_path)
        else:
            server = stack.enter_context(start())
            account = Account(Credentials(token="token"), server.users.owner)
            found = Place(GooglePort(account, base_url=server.url), tmp_path, server.create("한빛"), server)
        assert found.port.prepare(found.ref, LAYOUT, "한빛아파트") == found.ref
        yield found


def cells(place: Place) -> dict[str, dict[str, Any]]:
    """key → the cells that are filled, without what is looked up."""
    rows = place.port.read(place.ref, LAYOUT).rows
    shown = ("flag", "ask")
    return {r.key: {f: c for f, c in r.cells.items() if c is not None and f not in shown} for r in rows}


def test_a_new_sheet_has_every_column_the_sentinel_and_no_rows(place: Place) -> None:
    sheet = place.port.read(place.ref, LAYOUT)
    assert [f for f in sheet.header if f] == [c.field for c in LAYOUT.columns]
    assert (sheet.rows, sheet.hq, sheet.sentinel) == ((), Hq(), SENTINEL)
    place.port.check(place.ref, LAYOUT)


def test_preparing_again_leaves_the_sheet_as_it_is(place: Place) -> None:
    place.port.append(place.ref, LAYOUT, [Lead("R1", {"customer": "김하나"})])
    version = place.port.probe([place.ref])
    place.port.prepare(place.ref, LAYOUT, "한빛아파트")
    assert place.port.probe([place.ref]) == version
    assert cells(place) == {"R1": {"customer": "김하나"}}


@pytest.mark.parametrize(
    "given",
    [
        {"phone": "010-1234-5678", "customer": "0012", "amount": 120000},
        {"customer": "=HYPERLINK(\"http://x\")", "received_at": "2026-11-03T14:00"},
        {"customer": "+82 1", "received_at": "2026-11-03"},
        {"customer": "줄\n바꿈", "amount": 1.5},
        {"customer": "TRUE", "amount": True},
        {"customer": "1,234", "received_at": "11월 3일"},
        {},
    ],
)  # fmt: skip
def test_what_is_appended_is_read_back_as_it_is(place: Place, given: dict[str, Any]) -> None:
    place.port.append(place.ref, LAYOUT, [Lead("R1", given)])
    assert cells(place) == {"R1": given}


def test_leads_go_below_and_leave_every_other_row_alone(place: Place) -> None:
    place.port.append(place.ref, LAYOUT, [Lead("R1", {"customer": "김"}), Lead("N261122-0001", {})])
    place.types({"R1": {"note": "다녀옴"}, "N261122-0001": {"customer": "직접 받은 고객"}})
    place.port.append(place.ref, LAYOUT, [Lead("R2", {"customer": "이"})])
    assert cells(place) == {
        "R1": {"customer": "김", "note": "다녀옴"},
        "N261122-0001": {"customer": "직접 받은 고객"},
        "R2": {"customer": "이"},
    }


def test_hq_is_written_as_a_whole_and_read_back(place: Place) -> None:
    place.port.append(place.ref, LAYOUT, [Lead("R1", {"customer": "김"}), Lead("R2", {})])
    place.types({"R1": {"note": "다녀옴"}})
    for hq in (HQ, Hq((HqRow("R2", "● 위반", "이유"),)), HQ, Hq()):
        place.port.put_hq(place.ref, LAYOUT, hq, "2026-11-22 10:00")
        assert place.port.read(place.ref, LAYOUT).hq == hq
    assert cells(place) == {"R1": {"customer": "김", "note": "다녀옴"}, "R2": {}}


def test_hq_twice_is_hq_once(place: Place) -> None:
    place.port.append(place.ref, LAYOUT, [Lead("R1", {}), Lead("R2", {})])
    place.port.put_hq(place.ref, LAYOUT, HQ, "2026-11-22 10:00")
    first = place.port.read(place.ref, LAYOUT)
    place.port.put_hq(place.ref, LAYOUT, HQ, "2026-11-22 10:00")
    second = place.port.read(place.ref, LAYOUT)
    assert (first.rows, first.hq, first.refresh) == (second.rows, second.hq, second.refresh)


def test_the_version_changes_with_whatever_is_written_by_whomever_and_only_then(place: Place) -> None:
    def version() -> str:
        return place.port.probe([place.ref])[place.ref]

    seen = [version()]
    assert version() == seen[0]
    place.port.append(place.ref, LAYOUT, [Lead("R1", {})])
    seen.append(version())
    place.types({"R1": {"note": "다녀옴"}})
    seen.append(version())
    place.port.put_hq(place.ref, LAYOUT, HQ, "2026-11-22 10:00")
    seen.append(version())
    assert len(set(seen)) == len(seen)
    place.port.read(place.ref, LAYOUT)
    assert version() == seen[-1]


def test_a_sheet_that_is_not_there_is_left_out_of_a_probe_and_gone_otherwise(place: Place) -> None:
    assert place.port.probe(["없음.xlsx"]) == {}
    assert list(place.port.probe(["없음.xlsx", place.ref])) == [place.ref]
    for act in (
        lambda: place.port.read("없음.xlsx", LAYOUT),
        lambda: place.port.append("없음.xlsx", LAYOUT, [Lead("R1", {})]),
        lambda: place.port.put_hq("없음.xlsx", LAYOUT, HQ, ""),
        lambda: place.port.check("없음.xlsx", LAYOUT),
    ):
        with pytest.raises(Gone):
            act()
