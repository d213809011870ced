"""How the commands that make files end: data on stdout, words on stderr, an exit code."""

from __future__ import annotations

import json

import pytest
import typer

from addin.cli.files import finish


def test_paths_go_to_stdout_one_a_line_and_words_to_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    finish({}, False, ["a.pdf", "b.pdf"], ["R1: 품목이 없습니다"])
    told = capsys.readouterr()
    assert (told.out, told.err) == ("a.pdf\nb.pdf\n", "R1: 품목이 없습니다\n")


def test_with_json_stdout_is_the_data_alone(capsys: pytest.CaptureFixture[str]) -> None:
    finish({"made": ["견적.pdf"]}, True, ["견적.pdf"])
    told = capsys.readouterr()
    assert (json.loads(told.out), told.err) == ({"made": ["견적.pdf"]}, "")


def test_what_was_made_is_said_before_the_command_ends_with_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as ended:
        finish({}, False, ["a.pdf"], code=3)
    assert (ended.value.exit_code, capsys.readouterr().out) == (3, "a.pdf\n")
