"""danggol.oxt: the same bytes each time, every function and button inside, in both languages."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
import zipfile
from typing import TYPE_CHECKING

import pytest

from addin.functions import FUNCTIONS
from addin.hosts.buttons import BUTTONS
from addin.hosts.calc import site
from addin.hosts.calc.oxt import build_oxt, entries, idl, macros
from addin.hosts.calc.wizard import Wizard
from addin.i18n import known, say

if TYPE_CHECKING:
    from pathlib import Path


def test_the_same_sources_give_the_same_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = build_oxt(tmp_path / "a"), build_oxt(tmp_path / "b" / "other.oxt")
    assert one.name == "danggol.oxt"
    assert one.read_bytes() == two.read_bytes()


def test_every_file_the_manifest_names_is_there_and_every_xml_is_well_formed() -> None:
    found = entries()
    for element in ET.fromstring(found["META-INF/manifest.xml"]):
        name = element.attrib["{http://openoffice.org/2001/manifest}full-path"]
        assert any(entry == name or entry.startswith(f"{name}/") for entry in found), name
    for name, data in found.items():
        if name.endswith((".xcu", ".xml")):
            ET.fromstring(data)
        elif name.endswith(".py"):
            compile(data, name, "exec")


def test_danggol_travels_inside_without_a_path_of_this_machine(tmp_path: Path) -> None:
    with zipfile.ZipFile(build_oxt(tmp_path)) as package:
        names = package.namelist()
        assert "pythonpath/addin/functions/__init__.py" in names
        assert "pythonpath/addin/i18n/locales/ko/LC_MESSAGES/danggol.mo" in names
        assert not [name for name in names if "__pycache__" in name or name.startswith("/")]
        assert str(tmp_path).encode() not in package.read("META-INF/manifest.xml")


def test_every_function_is_in_the_interface_and_every_button_in_the_menu_and_the_macros() -> None:
    text = idl()
    assert all(f" {id}(" in text for id in FUNCTIONS)
    menu = entries()["Addons.xcu"].decode()
    for button in BUTTONS.values():
        assert menu.count(f"danggol:{button.id}<") == 2
        assert say(button.label, "ko") in menu
        assert f"def {button.id}(" in macros()


@pytest.mark.parametrize("lang", ["ko", "en"])
def test_the_wizard_has_words_for_everything(lang: str) -> None:
    wizard = Wizard(lang)
    for id, function in FUNCTIONS.items():
        assert known(function.summary, lang), id
        assert wizard.id_of(wizard.display(id)) == id
        for argument in function.arguments:
            assert known(argument.help, lang), (id, argument.name)


def test_packages_are_found_again_for_the_same_python_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.path", [])
    assert site.use_site() is None
    path = site.remember_site(tmp_path)
    assert site.use_site() == str(tmp_path)
    path.write_text(json.dumps({"2.7": str(tmp_path)}), "utf-8")
    assert site.use_site() is None
    path.write_text("{damaged", "utf-8")
    assert site.use_site() is None
    site.remember_site(tmp_path)
    site.forget_site()
    assert site.use_site() is None
