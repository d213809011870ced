"""install.ps1 read with a PowerShell grammar, as it runs on Windows only: no slip of the pen, no step unasked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from addin.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tree_sitter import Node

SCRIPT = resource("macros", "install", "install.ps1")
DATA = SCRIPT.read_bytes()
TEXT = DATA.decode("utf-8-sig")
#: What Windows PowerShell 5.1 brings along, of what the script uses.
CMDLETS = {
    "Get-ChildItem", "Get-Item", "Get-Process", "Invoke-WebRequest", "Join-Path", "Remove-Item", "Resolve-Path",
    "Select-Object", "Select-String", "Set-ItemProperty", "Set-StrictMode", "Sort-Object", "Split-Path", "Stop-Process",
    "Test-Path", "Where-Object", "Write-Host", "powershell.exe",
}  # fmt: skip
#: Variables PowerShell itself sets.
AUTOMATIC = {"$_", "$null", "$PID", "$PSScriptRoot", "$LASTEXITCODE", "$ExecutionContext", "$true", "$false"}
PREFERENCES = {"$ErrorActionPreference", "$ProgressPreference"}


def parsed(source: bytes) -> Node:
    import tree_sitter_powershell
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_powershell.language())).parse(source).root_node


def walk(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from walk(child)


def words(kind: str) -> list[str]:
    return [DATA[n.start_byte : n.end_byte].decode() for n in walk(parsed(DATA)) if n.type == kind]


def test_the_script_parses() -> None:
    broken = [n for n in walk(parsed(DATA)) if n.type == "ERROR" or n.is_missing]
    assert [(n.start_point, DATA[n.start_byte : n.end_byte][:60]) for n in broken] == []


@pytest.mark.parametrize("cut", [b"}", b")", b"'"])
def test_the_grammar_would_see_a_missing_bracket_or_quote(cut: bytes) -> None:
    at = DATA.rindex(cut)
    assert parsed(DATA[:at] + DATA[at + 1 :]).has_error


def test_windows_powershell_reads_its_korean() -> None:
    assert DATA.startswith(b"\xef\xbb\xbf"), "without a BOM Windows PowerShell 5.1 reads the ANSI code page"
    assert "관리자 권한이 필요 없습니다" in TEXT


def test_every_command_is_windows_own_or_a_function_of_the_script() -> None:
    functions = set(words("function_name"))
    assert set(words("command_name")) - CMDLETS - functions - {"$Danggol", "$Uv"} == set()
    assert functions <= set(words("command_name")), "a function nobody calls"


def test_every_variable_is_set_before_it_is_read() -> None:
    named = {w for w in words("variable") if not w.lower().startswith("$env:")}
    set_here = {f"${name}" for name in re.findall(r"^\s*\$(\w+) = ", TEXT, re.MULTILINE)}
    parameters = {f"${name}" for name in re.findall(r"\[(?:string|switch)\]\$(\w+)", TEXT)}
    assert named - set_here - parameters - AUTOMATIC - PREFERENCES == set()


def test_without_a_wheel_beside_it_it_says_so_before_it_downloads_anything_and_takes_no_stranger_s_package() -> None:
    assert "옆에 danggol-….whl 파일이 없습니다" in TEXT
    assert "return 'danggol'" not in TEXT
    assert TEXT.index("Find-Source $Source") < TEXT.index("Invoke-WebRequest")


def test_nothing_newer_than_powershell_five_is_used() -> None:
    assert re.findall(r"\?\?|\?\.|&& |\|\| |ForEach-Object -Parallel|\bclean\s*\{", TEXT) == []


def test_every_program_that_is_run_is_asked_how_it_ended() -> None:
    lines = TEXT.splitlines()
    runs = [i for i, line in enumerate(lines) if line.strip().startswith("& ")]
    assert len(runs) == 5
    assert all("$LASTEXITCODE -ne 0" in lines[i + 1] and "Stop-With" in lines[i + 2] for i in runs)


def test_every_failure_is_a_korean_sentence() -> None:
    sentences = re.findall(r"""Stop-With (?:'([^']+)'|"(.+)")$""", TEXT, re.MULTILINE)
    assert len(sentences) >= 9
    assert all(re.search(r"[가-힣].*[다요]", single or double) for single, double in sentences)


def test_uv_is_pinned_and_comes_from_its_makers() -> None:
    assert re.search(r"^\$UvVersion = '\d+\.\d+\.\d+'$", TEXT, re.MULTILINE)
    assert re.findall(r"https?://[^\s\"']+", TEXT) == ["https://astral.sh/uv/$UvVersion/install.ps1"]


def test_no_administrator_is_needed_and_everything_is_in_one_folder() -> None:
    assert not re.search(r"HKLM:|RunAs|ProgramFiles|Set-ExecutionPolicy", TEXT)
    for name in ("UV_TOOL_DIR", "UV_TOOL_BIN_DIR", "UV_PYTHON_INSTALL_DIR", "UV_UNMANAGED_INSTALL"):
        assert f"$env:{name} = " in TEXT
    assert r"Join-Path $env:LOCALAPPDATA 'danggol\app'" in TEXT
    removed = re.findall(r"Remove-Item -LiteralPath (\S+)", TEXT)
    assert sorted(removed) == ["$Root", "$Script"], "nothing but our folder and our temporary file is deleted"


def test_the_python_is_one_danggol_runs_on() -> None:
    assert "$PythonVersion = '3.11'" in TEXT
