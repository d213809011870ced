"""A press runs one action on one open book and says how it went in a sentence."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from addin.errors import BookRefused, DanggolError
from addin.hosts import buttons
from addin.hosts.buttons import BUTTONS, WORDS, Button, action_of, log_file, press
from addin.i18n import LANGUAGES, known


class Screen:
    """Remembers what a person was shown."""

    def __init__(self) -> None:
        self.line: list[str] = []
        self.box: list[str] = []

    def status(self, text: str) -> None:
        self.line.append(text)

    def alert(self, text: str) -> None:
        self.box.append(text)


BOOK = SimpleNamespace(name="파트너.xlsx", app=None)


@pytest.fixture
def screen() -> Screen:
    return Screen()


def leads_to(monkeypatch: pytest.MonkeyPatch, action: Any) -> None:
    monkeypatch.setattr(buttons, "action_of", lambda _button: action)


@pytest.mark.parametrize("id", BUTTONS)
def test_every_button_leads_to_an_action(id: str) -> None:
    assert callable(action_of(BUTTONS[id]))
    assert BUTTONS[id].action.startswith("addin.actions.")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_button_says_what_it_does(lang: str) -> None:
    assert [id for id in WORDS if not known(id, lang)] == []


def test_good_news_stands_in_the_status_bar(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    leads_to(monkeypatch, lambda book: f"{book.name}: 신호 3건")
    assert press("refresh", BOOK, screen=screen)
    assert screen.line == ["파트너.xlsx: 신호 3건"]
    assert screen.box == []


def test_a_list_of_findings_is_a_box(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    leads_to(monkeypatch, lambda _book: "✓ 하나\n✗ 둘")
    assert press("refresh", BOOK, screen=screen)
    assert screen.box == ["✓ 하나\n✗ 둘"]


def test_no_workbook_is_open(screen: Screen) -> None:
    assert not press("refresh", None, lang="ko", screen=screen)
    assert "열려 있는 파일이 없습니다" in screen.box[0]


def test_a_button_that_is_not_there_names_those_that_are(screen: Screen) -> None:
    assert not press("refersh", BOOK, lang="en", screen=screen)
    assert "refersh" in screen.box[0]
    assert "refresh" in screen.box[0]


@pytest.mark.parametrize(
    ("value", "lang", "named"),
    [
        ("requests", "ko", "‘의뢰’"),
        ("partners.stage", "ko", "‘파트너 › 제휴단계’"),
        ("requests", "en", "'Requests'"),
    ],
)
def test_a_list_that_is_missing_is_chosen_in_the_mapping_tab_not_on_a_command_line(
    monkeypatch: pytest.MonkeyPatch, screen: Screen, value: str, lang: str, named: str
) -> None:
    def lacks(_book: Any) -> str:
        raise DanggolError("error.no_such_table", where="파트너.xlsx", value=value, have="–")

    leads_to(monkeypatch, lacks)
    assert not press("report", BOOK, lang=lang, screen=screen)
    [said] = screen.box
    assert named in said
    assert {"ko": "CRM_매핑", "en": "CRM_Mapping"}[lang] in said
    assert "--map" not in said
    assert "danggol" not in said


def test_a_protected_sheet_is_its_sentence(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    def refuse(_book: Any) -> str:
        raise BookRefused("book.csv", where="접수")

    leads_to(monkeypatch, refuse)
    assert not press("refresh", BOOK, screen=screen)
    assert screen.box == [str(DanggolError("book.csv", where="접수"))]
    assert not log_file().exists()


class ComError(Exception):
    """As pywin32 raises it: number, words, details, argument."""


@pytest.mark.parametrize("code", [-2146777998, -2147418111])
def test_a_cell_being_edited_asks_to_finish_it(monkeypatch: pytest.MonkeyPatch, screen: Screen, code: int) -> None:
    def typing(_book: Any) -> str:
        raise RuntimeError("writing failed") from ComError(code, "OLE error 0x800ac472", None, None)

    leads_to(monkeypatch, typing)
    assert not press("refresh", BOOK, lang="ko", screen=screen)
    assert "입력을 마치고" in screen.box[0]
    assert not log_file().exists()


def test_a_surprise_is_one_sentence_and_its_details_are_in_the_log(
    monkeypatch: pytest.MonkeyPatch, screen: Screen
) -> None:
    leads_to(monkeypatch, lambda _book: 1 / 0)
    assert not press("refresh", BOOK, lang="ko", screen=screen)
    assert len(screen.box) == 1
    assert str(log_file()) in screen.box[0]
    assert "Traceback" not in screen.box[0]
    assert "ZeroDivisionError" in log_file().read_text("utf-8")


def test_a_missing_package_is_named_with_its_cure(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    monkeypatch.setitem(BUTTONS, "lack", Button("lack", "book", "no_such_package.actions:run", "Info"))
    assert not press("lack", BOOK, lang="ko", screen=screen)
    assert "no_such_package" in screen.box[0]
    assert "danggol doctor" in screen.box[0]
    assert not log_file().exists()


def test_inside_libreoffice_whose_import_says_it_otherwise_the_package_is_named_too(
    monkeypatch: pytest.MonkeyPatch, screen: Screen
) -> None:
    def refresh(_book: object) -> None:
        raise ImportError("No module named 'polars' (or 'polars.Series' is unknown)")

    leads_to(monkeypatch, refresh)
    assert not press("refresh", BOOK, lang="ko", screen=screen)
    assert "polars 패키지를 찾지 못했습니다" in screen.box[0]


def test_an_error_that_carries_a_thing_no_set_can_hold_is_one_sentence_too(
    monkeypatch: pytest.MonkeyPatch, screen: Screen
) -> None:
    def refresh(_book: object) -> None:
        raise RuntimeError(["a struct of LibreOffice's"])

    leads_to(monkeypatch, refresh)
    assert not press("refresh", BOOK, screen=screen)
    assert len(screen.box) == 1


def test_a_long_log_begins_anew_and_the_old_one_is_kept(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    monkeypatch.setattr(buttons, "LOG_LIMIT", 10)
    leads_to(monkeypatch, lambda _book: 1 / 0)
    press("refresh", BOOK, screen=screen)
    press("check", BOOK, screen=screen)
    assert "check" in log_file().read_text("utf-8").splitlines()[0]
    assert log_file().with_suffix(".old.log").exists()


def test_the_second_click_does_nothing_while_the_first_works(monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on, runs = threading.Event(), threading.Event(), []

    def slow(_book: Any) -> str:
        runs.append(1)
        begun.set()
        go_on.wait(5)
        return "끝"

    leads_to(monkeypatch, slow)
    first, second, other = Screen(), Screen(), Screen()
    worker = threading.Thread(target=press, args=("refresh", BOOK), kwargs={"screen": first})
    worker.start()
    assert begun.wait(5)
    assert not press("refresh", BOOK, lang="ko", screen=second)
    go_on.set()
    assert press("refresh", SimpleNamespace(name="다른.xlsx", app=None), screen=other)
    worker.join(5)
    assert "아직 끝나지 않았습니다" in second.box[0]
    assert len(runs) == 2
    assert first.line == other.line == ["끝"]
    assert press("refresh", BOOK, screen=second)


def test_a_host_that_cannot_show_a_box_does_not_hide_the_outcome_in_a_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def status(self, text: str) -> None:
            raise OSError(text)

        alert = status

    leads_to(monkeypatch, lambda _book: "끝")
    assert not press("refresh", BOOK, screen=Broken())
    assert "끝" in log_file().read_text("utf-8")


def test_without_a_screen_the_book_says_it_in_its_own_program(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    app = SimpleNamespace(status_bar="", alert=lambda text, **_: said.append(text))
    leads_to(monkeypatch, lambda _book: "끝")
    press("refresh", SimpleNamespace(name="책.xlsx", app=app))
    assert app.status_bar == "끝"
    leads_to(monkeypatch, lambda _book: 1 / 0)
    press("refresh", SimpleNamespace(name="책.xlsx", app=app))
    assert len(said) == 1


def test_the_language_of_a_press_ends_with_it(monkeypatch: pytest.MonkeyPatch, screen: Screen) -> None:
    from addin.i18n import language

    leads_to(monkeypatch, lambda _book: language())
    press("refresh", BOOK, lang="en", screen=screen)
    assert screen.line == ["en"]
    assert language() == "ko"


def test_ids_are_the_keys_of_the_table() -> None:
    assert all(isinstance(b, Button) and b.id == id for id, b in BUTTONS.items())


@pytest.mark.parametrize(("system", "shown"), [("win32", "line"), ("darwin", "box")])
def test_the_ribbon_presses_for_the_book_it_was_pressed_in(
    monkeypatch: pytest.MonkeyPatch, system: str, shown: str
) -> None:
    import xlwings

    from addin.hosts.excel import macros

    boxes: list[str] = []
    app = SimpleNamespace(status_bar="", alert=lambda text, **_: boxes.append(text))
    monkeypatch.setattr(xlwings.Book, "caller", lambda: SimpleNamespace(name="책.xlsx", app=app))
    monkeypatch.setattr("addin.hosts.excel.macros.sys", SimpleNamespace(platform=system))
    leads_to(monkeypatch, lambda book: book.name)
    macros.press("refresh", "ko")
    assert (app.status_bar, boxes) == (("책.xlsx", []) if shown == "line" else ("", ["책.xlsx"]))
