"""Installing the Excel add-in and taking it away: nothing of anybody else's is lost, nothing of ours stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from addin.actions.machine import conf, places
from addin.actions.machine.receipt import load_receipt
from addin.errors import DanggolError, UsageError
from addin.hosts.install import install_addin, show_changed, uninstall_addin
from tests.unit.hosts.machines import addin, linux, mac, windows, xlam

if TYPE_CHECKING:
    from pathlib import Path

    from addin.actions.machine.fake import FakeMachine


@pytest.fixture
def built(tmp_path: Path) -> Path:
    path = tmp_path / "danggol.xlam"
    path.write_bytes(addin())
    return path


@pytest.mark.parametrize("make", [windows, mac])
def test_after_an_install_excel_finds_addin_and_settings_and_nothing_is_wrong(make, built: Path) -> None:
    machine = make()
    changed = install_addin(None, built, machine)
    assert machine.files[xlam(machine)] == addin()
    settings = conf.read_settings(conf.decode(machine, machine.read(places.conf_file(machine))))
    assert settings[conf.interpreter_key(machine)] == machine.python.executable
    assert settings["UDF MODULES"] == "addin.hosts.excel.udfs"
    assert settings["ADD_WORKBOOK_TO_PYTHONPATH"] == "false"
    assert [f for f in changed.findings if f.status != "ok"] == []
    assert changed.ok


@pytest.mark.parametrize("make", [windows, mac])
def test_an_uninstall_leaves_the_machine_as_it_was(make, built: Path) -> None:
    machine = make()
    before = machine.contents()
    install_addin("excel", built, machine)
    uninstall_addin("excel", machine)
    assert machine.contents() == before


def test_the_places_are_those_excel_and_xlwings_look_at() -> None:
    assert xlam(windows()) == r"C:\Users\kim\AppData\Roaming\Microsoft\Excel\XLSTART\danggol.xlam"
    assert places.conf_file(windows()) == r"C:\Users\kim\.danggol\danggol.conf"
    assert xlam(mac()) == (
        "/Users/kim/Library/Group Containers/UBF8T346G9.Office/"
        "User Content.localized/Startup.localized/Excel/danggol.xlam"
    )
    assert places.conf_file(mac()) == "/Users/kim/Library/Containers/com.microsoft.Excel/Data/danggol.conf"
    assert places.applescript_file(mac()) == (
        "/Users/kim/Library/Application Scripts/com.microsoft.Excel/xlwings-0.37.8.applescript"
    )


def test_installing_twice_is_installing_once(built: Path) -> None:
    machine = windows()
    before = machine.contents()
    install_addin(None, built, machine)
    once = machine.contents()
    install_addin(None, built, machine)
    assert machine.contents() == once
    uninstall_addin(None, machine)
    assert machine.contents() == before


def test_a_newer_addin_takes_the_older_ones_place(built: Path) -> None:
    machine = windows()
    before = machine.contents()
    install_addin(None, built, machine)
    machine.packages["danggol"] = "0.2.0"
    built.write_bytes(addin("0.2.0"))
    assert install_addin(None, built, machine).ok
    assert machine.files[xlam(machine)] == addin("0.2.0")
    assert not any("kept" in path for path in machine.files)
    uninstall_addin(None, machine)
    assert machine.contents() == before


def test_somebody_elses_file_in_our_place_is_kept_and_comes_back(built: Path) -> None:
    machine = windows()
    machine.files[xlam(machine)] = b"the accountant's own danggol.xlam"
    before = machine.contents()
    changed = install_addin(None, built, machine)
    assert "보관" in show_changed(changed)
    install_addin(None, built, machine)
    uninstall_addin(None, machine)
    assert machine.contents() == before


def test_a_file_put_over_ours_since_is_left_alone(built: Path) -> None:
    machine = windows()
    install_addin(None, built, machine)
    machine.files[xlam(machine)] = b"somebody else's"
    text = show_changed(uninstall_addin(None, machine))
    assert machine.files[xlam(machine)] == b"somebody else's"
    assert "그대로 두었습니다" in text


def test_an_addin_of_ours_copied_there_by_hand_is_removed_too() -> None:
    machine = windows()
    machine.files[xlam(machine)] = addin("0.0.9")
    uninstall_addin(None, machine)
    assert xlam(machine) not in machine.files


def test_where_nothing_is_installed_an_uninstall_says_so_and_touches_nothing() -> None:
    machine = windows()
    machine.files[xlam(machine)] = b"somebody else's"
    before = machine.contents()
    assert "지울 것이 없습니다" in show_changed(uninstall_addin(None, machine))
    assert machine.contents() == before


THEIRS = '"LICENSE_KEY","abc"\r\n"SHOW CONSOLE","True"\r\n'.encode("cp949")


def test_settings_a_person_has_stay_and_come_back_to_the_byte(built: Path) -> None:
    machine = windows()
    path = places.conf_file(machine)
    machine.files[path] = THEIRS
    install_addin(None, built, machine)
    settings = conf.read_settings(conf.decode(machine, machine.read(path)))
    assert settings["LICENSE_KEY"] == "abc"
    assert settings["SHOW CONSOLE"] == "False"
    uninstall_addin(None, machine)
    assert machine.files[path] == THEIRS


def test_a_setting_changed_after_the_install_stays_as_the_person_left_it(built: Path) -> None:
    machine = windows()
    path = places.conf_file(machine)
    machine.files[path] = THEIRS
    install_addin(None, built, machine)
    text = conf.decode(machine, machine.read(path)).replace('"SHOW CONSOLE","False"', '"SHOW CONSOLE","True"')
    machine.files[path] = conf.encode(machine, text + '"NEW","1"\n')
    said = show_changed(uninstall_addin(None, machine))
    settings = conf.read_settings(conf.decode(machine, machine.read(path)))
    assert settings == {"LICENSE_KEY": "abc", "SHOW CONSOLE": "True", "NEW": "1"}
    assert "SHOW CONSOLE" in said


def test_excel_holding_the_file_is_a_sentence_and_everything_is_as_before(built: Path) -> None:
    machine = windows()
    machine.read_only.add(places.startup_folder(machine))
    before = machine.contents()
    with pytest.raises(DanggolError, match="엑셀을 모두 닫고"):
        install_addin(None, built, machine)
    assert machine.contents() == before


def test_a_failure_on_the_second_file_takes_the_first_back(built: Path) -> None:
    machine = windows()
    machine.read_only.add(machine.parent(places.conf_file(machine)))
    before = machine.contents()
    with pytest.raises(DanggolError, match=r"danggol\.conf"):
        install_addin(None, built, machine)
    assert machine.contents() == before
    assert load_receipt(machine) is None


def test_a_failed_update_keeps_the_old_install(built: Path) -> None:
    machine = windows()
    install_addin(None, built, machine)
    before = machine.contents()
    machine.read_only.add(places.startup_folder(machine))
    built.write_bytes(addin("0.2.0"))
    with pytest.raises(DanggolError):
        install_addin(None, built, machine)
    assert machine.contents() == before


def test_an_update_that_fails_halfway_brings_the_old_addin_back(built: Path) -> None:
    machine = windows()
    install_addin(None, built, machine)
    before = machine.contents()
    built.write_bytes(addin("0.2.0"))
    object.__setattr__(machine.python, "executable", r"C:\new\python.exe")
    machine.read_only.add(machine.parent(places.conf_file(machine)))
    with pytest.raises(DanggolError):
        install_addin(None, built, machine)
    assert machine.contents() == before


def test_a_korean_user_name_is_written_as_vba_reads_it(built: Path) -> None:
    machine = windows(home=r"C:\Users\김단골")
    install_addin(None, built, machine)
    data = machine.read(places.conf_file(machine))
    assert "김단골".encode("cp949") in data
    assert b"\r\n" in data


def test_a_user_name_the_code_page_lacks_is_written_as_a_variable(built: Path) -> None:
    machine = windows(home=r"C:\Users\Žofie")
    changed = install_addin(None, built, machine)
    settings = conf.read_settings(conf.decode(machine, machine.read(places.conf_file(machine))))
    assert settings["INTERPRETER_WIN"] == r"%USERPROFILE%\venv\Scripts\python.exe"
    assert changed.ok


def test_a_python_no_setting_can_name_is_refused(built: Path) -> None:
    machine = windows()
    machine.encoding = "ascii"
    object.__setattr__(machine.python, "executable", "D:\\파이썬\\python.exe")
    with pytest.raises(DanggolError, match="파이썬 경로"):
        install_addin(None, built, machine)


def test_what_is_wrong_on_the_machine_is_said_with_its_cure(built: Path) -> None:
    machine = windows()
    del machine.files[machine.join(machine.python.prefix, "xlwings64-0.37.8.dll")]
    changed = install_addin(None, built, machine)
    assert not changed.ok
    assert "xlwings64-0.37.8.dll" in show_changed(changed)


def test_on_linux_excel_is_refused_and_calc_offered(built: Path) -> None:
    for act in (lambda: install_addin(None, built, linux()), lambda: uninstall_addin(None, linux())):
        with pytest.raises(UsageError, match="--host calc"):
            act()


def test_words_that_make_no_sense_are_usage_errors(built: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="excel, calc"):
        install_addin("word", built, windows())
    with pytest.raises(UsageError, match="없습니다"):
        install_addin(None, tmp_path / "none.xlam", windows())
    built.write_bytes(b"PK not an add-in")
    with pytest.raises(UsageError, match="danggol이 만든"):
        install_addin(None, built, windows())


def test_without_a_file_the_addin_is_built_on_the_spot() -> None:
    machine = windows()
    machine.packages |= _versions()
    for bits in (32, 64):
        machine.files[machine.join(machine.python.prefix, f"xlwings{bits}-{machine.packages['xlwings']}.dll")] = b"MZ"
    changed = install_addin(None, None, machine)
    assert [f for f in changed.findings if f.status != "ok"] == []


def test_the_addin_reads_the_settings_file_we_write() -> None:
    from addin.hosts.excel import bas

    assert bas.PROJECT == conf.PROJECT


def _versions() -> dict[str, str]:
    from importlib.metadata import version

    from addin.version import version as ours

    return {"danggol": ours(), "xlwings": version("xlwings")}


_KEYS = st.sampled_from(["LICENSE_KEY", "SHOW CONSOLE", "show console", "PYTHONPATH", "UDF MODULES", "단골"])
_LINE = st.builds(
    '"{}","{}"{}'.format, _KEYS, st.text("abcXYZ0123 ;:\\/가나", max_size=6), st.sampled_from(["\r\n", "\n", ""])
)
_CONF = st.lists(_LINE, max_size=5).map(lambda lines: "".join(lines).encode("cp949")) | st.binary(max_size=20)


@examples(max_examples=25)
@given(settings=st.none() | _CONF, foreign=st.none() | st.binary(min_size=1, max_size=8), times=st.integers(1, 3))
def test_whatever_was_there_an_uninstall_gives_it_back(
    settings: bytes | None, foreign: bytes | None, times: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    machine: FakeMachine = windows()
    if settings is not None:
        machine.files[places.conf_file(machine)] = settings
    if foreign is not None:
        machine.files[xlam(machine)] = foreign
    before = machine.contents()
    built = tmp_path_factory.getbasetemp() / "any.xlam"
    built.write_bytes(addin())
    for _ in range(times):
        install_addin(None, built, machine)
    uninstall_addin(None, machine)
    assert machine.contents() == before
