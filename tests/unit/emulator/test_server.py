"""The server around the service: faults, quotas, users, hooks, the log, and the command line."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, Any

import gspread
import pytest
import requests

from sheets_sync.emulator import start
from sheets_sync.emulator.quota import Quota
from sheets_sync.emulator.users import Users, load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sheets_sync.emulator.server import Server


@pytest.mark.parametrize(
    ("fault", "code", "done"),
    [
        ("before", 503, False),
        ("after", 503, True),
        ("500", 500, False),
        ("429", 429, False),
        ("401", 401, False),
        ("403", 403, False),
        ("html", 502, False),
        ("html_after", 502, True),
    ],
)
def test_a_fault_answers_wrongly_once_before_or_after_the_work_is_done(
    server: Server, call: Callable[..., Any], book: gspread.Spreadsheet, fault: str, code: int, done: bool
) -> None:
    path = f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW"
    server.script([fault])
    answer = call("PUT", path, json={"values": [["x"]]})
    assert answer.status_code == code
    assert (answer.headers["Content-Type"] == "text/html; charset=UTF-8") is (code == 502)
    assert ("values" in book.values_get("A1")) is done


@pytest.mark.parametrize(("fault", "done"), [("drop", False), ("drop_after", True), ("half", True)])
def test_a_connection_may_break_before_or_after_the_work_is_done(
    server: Server, call: Callable[..., Any], book: gspread.Spreadsheet, fault: str, done: bool
) -> None:
    server.script([f"values.update={fault}"])
    with pytest.raises(requests.RequestException):
        call("PUT", f"/v4/spreadsheets/{book.id}/values/A1?valueInputOption=RAW", json={"values": [["x"]]})
    assert ("values" in book.values_get("A1")) is done


def test_too_many_requests_say_when_to_come_back_or_not(server: Server, call: Callable[..., Any]) -> None:
    server.script(["429:7", "429"])
    assert call("GET", "/v4/spreadsheets/x").headers["Retry-After"] == "7"
    assert "Retry-After" not in call("GET", "/v4/spreadsheets/x").headers


def test_a_fault_for_one_method_waits_for_it(server: Server, tab: gspread.Worksheet) -> None:
    server.script(["values.append=before", ""])
    tab.update([["x"]])
    with pytest.raises(gspread.exceptions.APIError):
        tab.append_row(["y"])
    tab.append_row(["y"])
    with pytest.raises(ValueError, match="no fault"):
        server.script(["tomorrow"])


def test_the_quota_counts_reads_and_writes_apart_and_a_batch_as_one(connect: Callable[..., gspread.Client]) -> None:
    seconds = [0.0]
    with start(quota=Quota(project=5, user=4, clock=lambda: seconds[0])) as server:
        gc = connect(server)
        tab = gc.create("한도").sheet1  # two reads
        tab.update([["x"]])
        tab.batch_get(["A1", "B1", "C1"])
        tab.get("A1")
        with pytest.raises(gspread.exceptions.APIError) as refused:
            tab.get("A1")
        error = refused.value.response.json()["error"]
        assert (error["code"], error["status"]) == (429, "RESOURCE_EXHAUSTED")
        assert error["message"] == (
            "Quota exceeded for quota metric 'Read requests' and limit 'Read requests per minute per user' of service "
            "'sheets.googleapis.com' for consumer 'project_number:100000000000'."
        )
        assert error["details"][0]["reason"] == "RATE_LIMIT_EXCEEDED"
        assert error["details"][0]["metadata"] == {
            "consumer": "projects/100000000000",
            "quota_limit": "ReadRequestsPerMinutePerUser",
            "quota_limit_value": "4",
            "quota_location": "global",
            "quota_metric": "sheets.googleapis.com/read_requests",
            "quota_unit": "1/min/{project}/{user}",
            "service": "sheets.googleapis.com",
        }
        tab.update([["y"]])
        gc.list_spreadsheet_files()
        seconds[0] = 61
        assert tab.get("A1") == [["y"]]


def test_users_see_what_is_shared_with_them(connect: Callable[..., gspread.Client], tmp_path: Path) -> None:
    file = tmp_path / "users.json"
    share = [{"title": "파트너*", "with": "partner@example.com", "role": "writer"}]
    tokens = {"hq": "hq@example.com", "p": "partner@example.com", "q": "other@example.com"}
    file.write_text(json.dumps({"tokens": tokens, "share": share, "no_storage": ["other@example.com"]}), "utf-8")
    with start(users=load(file, "hq@example.com")) as server:
        hq, partner, other = connect(server, "hq"), connect(server, "p"), connect(server, "q")
        book = hq.create("파트너 가")
        partner.open_by_key(book.id).sheet1.update([["안녕"]])
        assert [f["name"] for f in partner.list_spreadsheet_files()] == ["파트너 가"]
        assert other.list_spreadsheet_files() == []
        with pytest.raises(PermissionError):
            other.open_by_key(book.id)
        with pytest.raises(gspread.exceptions.APIError, match="storage quota"):
            other.create("내 것")
        server.share(book.id, "other@example.com", "reader")
        reading = other.open_by_key(book.id).sheet1
        assert reading.acell("A1").value == "안녕"
        with pytest.raises(gspread.exceptions.APIError, match="The caller does not have permission"):
            reading.update([["x"]])
        server.unshare(book.id, "other@example.com")
        with pytest.raises(gspread.exceptions.APIError, match=r"\[403\]"):
            reading.acell("A1")
        with pytest.raises(gspread.exceptions.APIError, match="invalid authentication credentials"):
            connect(server, "revoked").list_spreadsheet_files()


def test_protected_cells_refuse_everyone_but_their_editors(connect: Callable[..., gspread.Client]) -> None:
    users = Users("hq@example.com", {"hq": "hq@example.com", "p": "p@example.com"})
    with start(users=users) as server:
        book = connect(server, "hq").create("보호")
        book.sheet1.add_protected_range("A:A")
        server.share(book.id, "p@example.com")
        theirs = connect(server, "p").open_by_key(book.id).sheet1
        theirs.update([["x"]], "B1")
        for act in (lambda: theirs.update([["x"]], "A1"), lambda: theirs.delete_rows(1), theirs.clear):
            with pytest.raises(gspread.exceptions.APIError, match="protected cell or object"):
                act()
        with pytest.raises(gspread.exceptions.APIError, match=r"Invalid data\[0\]: You are trying"):
            theirs.batch_update([{"range": "A1", "values": [["x"]]}])
        book.sheet1.update([["본사"]], "A1")


def test_the_log_counts_what_was_asked(server: Server, tab: gspread.Worksheet) -> None:
    tab.update([["x"]])
    tab.get("A1")
    assert server.count("values.update") == server.count("values.get") == 1
    assert (server.kinds["Read"], server.kinds["Write"], server.kinds["Drive"]) == (3, 1, 1)
    last = server.log[-1]
    assert (last.verb, last.method, last.status, last.user) == (
        "GET",
        "sheets.spreadsheets.values.get",
        200,
        "owner@example.com",
    )


def test_partners_edit_between_two_requests(server: Server, tab: gspread.Worksheet, book: gspread.Spreadsheet) -> None:
    server.pending.append(lambda s: s.partner(book.id).type("A1", "먼저"))
    assert tab.acell("A1").value == "먼저"
    seen: list[str] = []
    server.between(lambda s, method: seen.append(method))
    tab.get("A1")
    server.between(None)
    tab.get("A1")
    assert seen == ["sheets.spreadsheets.values.get"]


def test_many_threads_lose_nothing(server: Server, connect: Callable[..., gspread.Client]) -> None:
    book = connect(server).create("여럿")

    def append(gc: gspread.Client, name: str) -> None:
        tab = gc.open_by_key(book.id).sheet1
        for i in range(10):
            tab.append_row([f"{name}{i}"], table_range="A1")

    threads = [threading.Thread(target=append, args=(connect(server), name)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    rows = {row[0] for row in book.sheet1.get_all_values()}
    assert rows == {f"{name}{i}" for name in "abcd" for i in range(10)}


def test_the_same_seed_gives_the_same_ids(connect: Callable[..., gspread.Client]) -> None:
    def ids(seed: int) -> list[Any]:
        with start(seed=seed) as server:
            book = connect(server).create("x")
            return [book.id, book.add_worksheet("y", 1, 1).id]

    assert ids(1) == ids(1) != ids(2)


def test_the_command_prints_its_address_first_and_stops_when_told() -> None:
    command = [sys.executable, "-m", "sheets_sync.emulator", "--no-quota"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        url = running.stdout.readline().strip()
        try:
            made = requests.post(
                url + "/v4/spreadsheets",
                json={"properties": {"title": "x"}},
                headers={"Authorization": "Bearer t"},
                timeout=10,
            )
            assert (url.startswith("http://127.0.0.1:"), made.status_code) == (True, 200)
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(10)
    assert running.returncode == 0


def test_the_command_says_what_is_wrong_with_a_port_or_a_file(server: Server, tmp_path: Path) -> None:
    taken = server.url.rpartition(":")[2]
    broken = tmp_path / "users.json"
    broken.write_text("{")
    for words, said in (
        (["--port", taken], f"port {taken} can't be listened on"),
        (["--port", "70000"], "port 70000 can't be listened on"),
        (["--users", str(tmp_path / "none.json")], "none.json can't be read"),
        (["--users", str(broken)], "users.json can't be read"),
    ):
        command = [sys.executable, "-m", "sheets_sync.emulator", *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
