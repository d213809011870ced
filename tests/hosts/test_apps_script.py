"""The Google menu's script, run by node against a small double of Apps Script (`apps_script/double.mjs`)."""

from __future__ import annotations

import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from addin.resources import resource
from tests.programs import program

HERE = Path(__file__).parent / "apps_script"
TIMEOUT = 60


def _node() -> str:
    node = program("node", "nodejs")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, timeout=TIMEOUT).stdout
    if int(re.sub(r"v(\d+).*", r"\1", version.strip()) or 0) < 18:
        pytest.skip(f"node 18 or newer is needed, here is {version.strip()}")
    return node


def test_the_script_does_what_its_tests_on_node_say() -> None:
    env = os.environ | {"DANGGOL_CODE_GS": str(resource("macros", "apps_script", "Code.gs"))}
    done = subprocess.run(
        [_node(), "--test", str(HERE / "code.test.mjs")], env=env, capture_output=True, text=True, timeout=TIMEOUT
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_script_and_the_sync_call_the_cells_by_the_same_names() -> None:
    from sheets_sync import layout

    code = resource("macros", "apps_script", "Code.gs").read_text("utf-8")
    assert re.findall(r"var \w+ = '(danggol_\w+)';", code) == [layout.REFRESH, layout.REQUESTED_AT, layout.LAST_SYNC]


def test_it_asks_for_this_one_sheet_and_nothing_else() -> None:
    manifest = json.loads(resource("macros", "apps_script", "appsscript.json").read_text("utf-8"))
    assert {scope.rpartition("/")[2] for scope in manifest["oauthScopes"]} == {
        "spreadsheets.currentonly",
        "userinfo.email",
    }
    assert "@OnlyCurrentDoc" in resource("macros", "apps_script", "Code.gs").read_text("utf-8")
