"""One catalogue, two languages, nothing left untranslated and no sentence asked for that it lacks."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from addin.crm.message import msg
from addin.i18n import LANGUAGES, known, say, use_language

ROOT = Path(__file__).resolve().parents[3]
#: Ids written out in the code: msg("x.y"), say("x.y"), …Error("x.y"), step("x.y").
_LITERAL = re.compile(
    r"""(?:\bmsg|\bsay|\bspoken|_note|\bstep|(?:Error|Locked|Refused|Answer|Brake))\(\s*(?:f?)"([a-z_]+(?:\.[A-Za-z0-9_]+)+)"[,)]"""
)


def literal_ids() -> set[str]:
    """Every message id the code names outright (not those it puts together)."""
    found: set[str] = set()
    for path in (ROOT / "addin").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.name == "__init__.py" and path.parent.name == "i18n":
            continue
        found.update(i for i in _LITERAL.findall(text) if "no.such" not in i and not i.startswith("fault.bad_date\\"))
    return found


def test_both_languages_have_the_same_ids_and_fields_and_are_compiled() -> None:
    done = subprocess.run([sys.executable, "scripts/messages.py", "--check"], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_there_are_many_ids_in_the_code() -> None:
    assert len(literal_ids()) > 150


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_id_the_code_names_has_a_sentence(lang: str) -> None:
    missing = sorted(i for i in literal_ids() if not known(i, lang))
    assert missing == []


def test_a_message_speaks_the_language_in_force() -> None:
    use_language("en")
    assert say("progress.reading") == "reading the file"
    use_language("ko")
    assert say("progress.reading") == "파일을 읽는 중"


def test_a_parameter_may_be_a_message_itself() -> None:
    text = say(msg("error.prefix", text=msg("progress.reading")), "en")
    assert text == "Error: reading the file"


def test_the_machine_s_locale_does_not_choose_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert say("progress.reading") == "파일을 읽는 중"
    monkeypatch.setenv("DANGGOL_LANG", "en")
    assert say("progress.reading") == "reading the file"


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("파트너[을/를]", "파트너를"),
        ("금액[을/를]", "금액을"),
        ("'상태'[은/는]", "'상태'는"),
        ("서울[으로/로]", "서울로"),
        ("부산[으로/로]", "부산으로"),
        ("30[이/가] 12[이/가]", "30이 12가"),
        ("CRM[을/를]", "CRM을"),
        ("[질문]", "[질문]"),
    ],
)
def test_particles_fit_the_word_before_them(text: str, read: str) -> None:
    from addin.i18n.josa import particles

    assert particles(text) == read
