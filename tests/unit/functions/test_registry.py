"""The registry: every host's wrapper, the wizard's help and the reference come from it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from addin.functions import FUNCTIONS, Function, call, usage
from addin.functions.registry import CATEGORIES, named
from addin.i18n import LANGUAGES, known, say

ROOT = Path(__file__).resolve().parents[3]
EVERY = pytest.mark.parametrize("function", FUNCTIONS.values(), ids=list(FUNCTIONS))

#: shared with the people who write formulas: names and argument order stay put.
CONTRACT = (
    "FUNNEL(steps; counts; [targets])",
    "BOTTLENECK(steps; counts; [targets]; [roles])",
    "BOTTLENECK_WHY(steps; counts; [targets]; [roles])",
    "BOTTLENECK_P(steps; counts; [targets]; [roles])",
    "LIFT(steps; counts; step; [target])",
    "SAMPLE_NEEDED(rate; target)",
    "THROUGHPUT(names; capacities; [yields])",
    "SLOWEST(names; capacities; [yields])",
    "STAGE_DAYS(entered; left; [as_of])",
    "KPI(id; rows; [partner]; [from]; [to])",
    "KPI_TABLE(rows; [ids]; [by]; [from]; [to])",
    "CAC(cost; customers)",
    "LTV(revenue; customers; [margin])",
    "SHARE(partner; partners; amounts)",
    "HHI(partners; amounts)",
    "VOLATILITY(weekly)",
    "FLAG(id; value; [n])",
    "LADDER(weekly_flags)",
    "BUSINESS_MINUTES(start; end)",
    "WITHIN_SLA(received; confirmed; [minutes])",
    "DDAY(date; [today])",
    "DUE(date; days; [business])",
    "VAT(amount; [included]; [rounding])",
    "LINE_TOTAL(quantity; price; [included]; [rounding])",
    "HANGUL(amount)",
    "VALID_UNTIL(date; [days])",
    "QUOTE_NUMBER(year; sequence; [revision])",
    "PARTNER_NAME(text)",
    "MATCH_NAME(text; names)",
    "PHONE(text)",
    "BRN_OK(text)",
    "STAGE(text; [funnel])",
    "AMOUNT(text)",
    "DATE_OF(text)",
)


def same(answer: Any, wanted: Any) -> bool:
    """Equal, numbers to four decimals."""
    if isinstance(answer, list) and isinstance(wanted, list):
        return len(answer) == len(wanted) and all(map(same, answer, wanted))
    if isinstance(answer, float) or isinstance(wanted, float):
        return answer is not None and wanted is not None and answer == pytest.approx(wanted, abs=5e-5)
    return bool(answer == wanted) and isinstance(answer, bool) == isinstance(wanted, bool)


@EVERY
def test_every_example_gives_what_it_says(function: Function) -> None:
    answer = call(function.id, *function.example.args, lang="ko")
    assert same(answer, function.example.result), answer


@EVERY
def test_a_function_that_spills_answers_with_rows_and_no_other_does(function: Function) -> None:
    answer = call(function.id, *function.example.args)
    assert isinstance(answer, list) == function.spills
    if function.spills:
        assert len({len(row) for row in answer}) == 1


@EVERY
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_function_and_argument_is_explained_in_both_languages(function: Function, lang: str) -> None:
    ids = [function.summary, f"fn.category.{function.category}", *(a.help for a in function.arguments)]
    ids += [named(a.name).id for a in function.arguments]
    assert [id for id in ids if not known(id, lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_the_functions_name_is_there(lang: str) -> None:
    text = "".join(path.read_text("utf-8") for path in (ROOT / "addin" / "functions").glob("*.py"))
    used = set(re.findall(r'"((?:fn|error|ladder|match)\.[a-z_]+(?:\.[a-z_]+)*)"', text))
    assert len(used) > 30
    assert sorted(id for id in used if not known(id, lang)) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_sentence_put_together_from_a_name_is_there(lang: str) -> None:
    from addin.crm import best_match, ladder
    from addin.functions import funnel, kpi, quote

    built = [*ladder.NAMES, *(f"match.reason.{name}" for name in best_match.REASONS)]
    built += [f"fn.funnel.{name}" for name in funnel.HEADS] + [f"fn.line.{name}" for name in funnel.LINE_HEADS]
    built += [f"fn.kpi.{name}" for name in kpi.HEADS] + [f"fn.quote.{name}" for name in quote.TOTALS]
    assert [id for id in built if not known(id, lang)] == []


@pytest.mark.parametrize("written", CONTRACT)
def test_a_formula_people_have_written_keeps_its_name_and_arguments(written: str) -> None:
    id = written.partition("(")[0]
    assert say(usage(FUNCTIONS[id]), "en") == written.replace(";", ",")


def test_functions_stand_in_the_order_of_their_categories() -> None:
    order = [CATEGORIES.index(function.category) for function in FUNCTIONS.values()]
    assert order == sorted(order)
    assert set(order) == set(range(len(CATEGORIES)))


@EVERY
def test_optional_arguments_come_last_and_names_are_plain_words(function: Function) -> None:
    optional = [argument.optional for argument in function.arguments]
    assert optional == sorted(optional)
    assert len({a.name for a in function.arguments}) == len(optional)
    assert all(re.fullmatch(r"[a-z][a-z_]*", a.name) for a in function.arguments)


def test_importing_the_functions_needs_no_data_frames_and_no_spreadsheet() -> None:
    heavy = ("pandas", "polars", "xlwings", "narwhals", "numpy", "rapidfuzz", "holidays", "lxml", "addin.actions")
    code = f"import sys, addin.functions; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
