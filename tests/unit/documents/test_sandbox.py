"""Templates staff edit: what they may do, and that nothing they write harms or hangs."""

from __future__ import annotations

import time

import pytest

from addin.documents import sandbox
from addin.documents.library import OWN, Library
from addin.documents.sandbox import TemplateFault, render

DATA = {"name": "이름", "total": "1,000", "lines": [{"no": 1}, {"no": 2}], "supplier": {"name": "다온"}}


def rendered(text: str, **options: bool) -> str:
    return render("t", DATA, {"t": text, "part.txt": "부분 {{ name }}"}.get, **options)


@pytest.mark.parametrize(
    ("text", "out"),
    [
        ("{{ supplier.name }}", "다온"),
        ("{% for l in lines %}{{ l.no }}{% if not loop.last %},{% endif %}{% endfor %}", "1,2"),
        ("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m('a') }}", "<a>"),
        ("{{ nothing|default('-') }}{{ name|replace('이', '그') }}{{ lines|length }}", "-그름2"),
        ("{{ name ~ '님' }}{{ 1 + 2 * 3 }}", "이름님7"),
        ("{% include 'part.txt' %}", "부분 이름"),
        ("{% for k, v in supplier.items() %}{{ k }}={{ v }}{% endfor %}", "name=다온"),
    ],
)
def test_a_template_may_choose_loop_and_name_fields(text: str, out: str) -> None:
    assert rendered(text) == out


@pytest.mark.parametrize(
    "text",
    [
        "{{ 'a' * 10**9 }}",
        "{{ 10**10**10 }}",
        "{% for i in range(10**9) %}{% endfor %}",
        "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}",
        "{% macro f() %}{{ f() }}{{ f() }}{% endmacro %}{{ f() }}",
        "{% include 't' %}{% include 't' %}",
        "{{ '%0999999999d' % 1 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ name.ljust(10**9) }}",
        "{{ name|center(10**9) }}",
        "{{ name.__class__.__mro__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__ }}",
        "{{ lines }}",
        "{% include '../secret' %}",
        "{% include '/etc/passwd' %}",
        "{% include 'C:\\\\secret' %}",
        "{% import 'os' as os %}",
        "{% for i in range(9999) %}" + "가" * 1000 + "{% endfor %}",
        "{{ name",
        "{{ name|nofilter }}",
        "{{ lines[0] + lines[1] }}",
    ],
)
def test_what_would_harm_is_stopped_by_a_limit_with_its_place(text: str) -> None:
    begun = time.monotonic()
    with pytest.raises(TemplateFault) as stopped:
        rendered("첫 줄\n" + text)
    assert time.monotonic() - begun < 20  # far below what the limit of steps takes on a busy machine
    assert stopped.value.where.startswith("t")
    assert str(stopped.value)


def test_doubling_text_in_a_loop_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    doubling = (
        "{% macro d(x, n) %}{% if n %}{{ d(x ~ x, n - 1) }}{% else %}{{ x }}{% endif %}{% endmacro %}{{ d('가', 60) }}"
    )
    with pytest.raises(TemplateFault, match="큰 값"):
        rendered(doubling)
    with pytest.raises(TemplateFault, match="큰 값"):
        rendered(doubling.replace("x ~ x", "x + x"))
    monkeypatch.setattr(sandbox, "SECONDS", -1.0)
    with pytest.raises(TemplateFault, match="끝나지"):
        rendered("{{ name }}")


def test_an_unknown_field_is_named_with_its_line_and_the_nearest() -> None:
    with pytest.raises(TemplateFault) as unknown:
        rendered("가\n나\n{{ totl }}")
    assert (unknown.value.where, unknown.value.value) == ("t:3", "totl")
    assert "total" in str(unknown.value)
    with pytest.raises(TemplateFault, match="name"):
        rendered("{{ supplier.nam }}")


def test_data_is_never_a_template_and_never_markup() -> None:
    hostile = "{{ 7*7 }}<script>#read('x')"
    shown = render("t", {"name": hostile}, {"t": "{{ name }}{{ name|e }}"}.get, html=True)
    assert "<script>" not in shown
    assert shown.count("{{ 7*7 }}") == 2
    assert render("t", {"name": hostile}, {"t": "{{ name }}"}.get) == hostile


def test_the_teams_own_copy_beside_the_book_comes_first(tmp_path) -> None:  # type: ignore[no-untyped-def]
    own = tmp_path / OWN / "quote"
    own.mkdir(parents=True)
    shipped = Library("quote", tmp_path)
    before = shipped.sha256("payment.txt.j2")
    (own / "payment.txt.j2").write_text("\ufeff현금 {{ total }}\n\n", "utf-8")
    assert shipped.lines("payment.txt.j2", {"total": "1,000"}) == ("현금 1,000",)
    assert shipped.sha256("payment.txt.j2") != before
