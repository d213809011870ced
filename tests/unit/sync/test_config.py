"""``sync.toml``: every mistake names its line, what stands there and what is meant perhaps."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest

from sheets_sync.config import ConfigError, load_config

if TYPE_CHECKING:
    from pathlib import Path

GOOD = """master = "본사.xlsx"
port = "folder"
folder = "공유"

[partners]
"한빛" = "한빛.xlsx"
"누리" = "지역/누리.xlsx"
"""
ID = "1AbCdEfGhIjKlMnOpQrStUvWxYz0123456789abcdEFG"
OTHER = ID[::-1]


def written(folder: Path, text: str) -> Path:
    path = folder / "sync.toml"
    path.write_text(text, "utf-8")
    return path


def test_a_small_file_is_enough(tmp_path: Path) -> None:
    config = load_config(written(tmp_path, GOOD))
    assert (config.master, config.folder) == (tmp_path / "본사.xlsx", tmp_path / "공유")
    assert [(p.name, p.ref) for p in config.partners] == [("한빛", "한빛.xlsx"), ("누리", "지역/누리.xlsx")]
    assert config.poll_seconds == 60
    assert [c.field for c in config.layout.of("partner")] == ["visited_at", "completed_at", "stage", "note"]


def test_a_notepad_file_with_its_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "sync.toml"
    path.write_text(GOOD, "utf-8-sig")
    assert load_config(path).port == "folder"


def test_everything_can_be_said(tmp_path: Path) -> None:
    text = f"""master = "m.xlsx"
port = "google"
credentials = "key.json"
poll_seconds = 30
quiet_hours = "22:00 ~ 7:30"
spare_rows = 5
lang = "en"
given = ["service"]
filled = ["stage"]
[choices]
stage = ["접수", "완료"]
[partners]
"한빛" = "https://docs.google.com/spreadsheets/d/{ID}/edit#gid=0"
"""
    config = load_config(written(tmp_path, text))
    assert config.partners[0].ref == ID
    assert config.credentials == tmp_path / "key.json"
    assert config.quiet_hours == (dt.time(22), dt.time(7, 30))
    assert (config.layout.spare, config.layout.lang) == (5, "en")
    assert config.layout.of("partner")[0].choices == ("접수", "완료")


@pytest.mark.parametrize(
    ("text", "id", "said"),
    [
        ("master = ", "sync.config.syntax", ("sync.toml", "at end")),
        ('port = "folder"\nmaster = = 3', "sync.config.syntax", ("2:10",)),
        (GOOD.replace('"누리"', "누리"), "sync.config.syntax", ("7:1", "따옴표")),
        (GOOD.replace("folder =", "foldr ="), "sync.config.unknown", ("sync.toml:3", "foldr", "folder")),
        (GOOD.replace("[partners]", "[parners]"), "sync.config.unknown", ("sync.toml:5", "partners")),
        ("poll_seconds = true\n" + GOOD, "sync.config.kind", ("sync.toml:1", "True")),
        ('poll_seconds = "1분"\n' + GOOD, "sync.config.kind", ("sync.toml:1", "1분")),
        ("poll_seconds = 1\n" + GOOD, "sync.config.poll", ("sync.toml:1", "1")),
        ("poll_seconds = 1e9\n" + GOOD, "sync.config.poll", ("sync.toml:1",)),
        (GOOD.replace('master = "본사.xlsx"', ""), "sync.config.needs", ("master",)),
        (GOOD.replace('master = "본사.xlsx"', 'master = ""'), "sync.config.needs", ("master",)),
        (GOOD[: GOOD.index("[partners]")], "sync.config.needs", ("partners",)),
        (GOOD.replace('folder = "공유"', ""), "sync.config.needs", ("folder",)),
        (GOOD.replace('port = "folder"', 'port = "dropbox"'), "sync.config.port", ("sync.toml:2", "folder, google")),
        (GOOD.replace("한빛.xlsx", "../한빛.xlsx"), "sync.config.outside", ("sync.toml:6", "../한빛.xlsx")),
        (GOOD.replace("한빛.xlsx", "/tmp/한빛.xlsx"), "sync.config.outside", ("sync.toml:6",)),
        (GOOD.replace("한빛.xlsx", "지역/누리.XLSX"), "sync.config.shared", ("sync.toml:7", "한빛")),
        (GOOD.replace('"한빛.xlsx"', '["한빛.xlsx"]'), "sync.config.kind", ("sync.toml:6",)),
        (GOOD.replace('"한빛.xlsx"', '" "'), "sync.config.kind", ("sync.toml:6",)),
        ('given = ["servce"]\n' + GOOD, "sync.config.field", ("sync.toml:1", "servce", "service")),
        ('given = ["stage"]\n' + GOOD, "sync.config.both", ("stage",)),
        ('given = ["cost"]\n' + GOOD, "sync.config.never", ("sync.toml:1", "cost")),
        ("given = [[1]]\n" + GOOD, "sync.config.field", ("sync.toml:1",)),
        ("spare_rows = -1\n" + GOOD, "sync.config.kind", ("sync.toml:1", "-1")),
        ("spare_rows = 100000\n" + GOOD, "sync.config.kind", ("sync.toml:1",)),
        ('lang = "kr"\n' + GOOD, "sync.config.lang", ("sync.toml:1", "ko, en")),
        ('quiet_hours = "밤"\n' + GOOD, "sync.config.hours", ("sync.toml:1", "밤")),
        ('quiet_hours = "25:00-07:00"\n' + GOOD, "sync.config.hours", ("25:00-07:00",)),
        (GOOD + "[choices]\nstage = 3\n", "sync.config.kind", ("sync.toml:9",)),
        (GOOD.replace('"본사.xlsx"', '"공유/본사.xlsx"'), "sync.config.master_inside", ("sync.toml:3", "공유")),
    ],
)
def test_a_mistake_names_its_place_and_what_is_meant(tmp_path: Path, text: str, id: str, said: tuple[str, ...]) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, text))
    assert error.value.message.id == id
    assert error.value.exit_code == 2
    for part in said:
        assert part in str(error.value), str(error.value)


def test_two_partners_in_one_google_sheet_would_see_each_other(tmp_path: Path) -> None:
    partners = f'"가" = "{ID}"\n"나" = "https://docs.google.com/spreadsheets/d/{ID}/edit"\n'
    text = f'master = "m.xlsx"\nport = "google"\n[partners]\n{partners}'
    with pytest.raises(ConfigError) as error:
        load_config(written(tmp_path, text))
    assert error.value.message.id == "sync.config.shared"
    assert len(load_config(written(tmp_path, text.replace(f"/d/{ID}", f"/d/{OTHER}"))).partners) == 2


def test_a_file_that_is_missing_or_in_another_encoding_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_config(tmp_path / "없음.toml")
    assert error.value.message.id == "sync.config.missing"
    with pytest.raises(ConfigError):
        load_config(tmp_path)
    path = tmp_path / "sync.toml"
    path.write_bytes('master = "본사.xlsx"'.encode("cp949"))
    with pytest.raises(ConfigError) as error:
        load_config(path)
    assert error.value.message.id == "sync.config.encoding"


def test_before_the_first_sheet_is_shared_no_partner_needs_to_stand_there(tmp_path: Path) -> None:
    text = GOOD[: GOOD.index("[partners]")]
    assert load_config(written(tmp_path, text), partners_wanted=False).partners == ()
