"""Write the pages that come from the code: commands, KPIs, spreadsheet functions. A test keeps them equal."""

from __future__ import annotations

import ast
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

os.environ["DANGGOL_LANG"] = "en"  # before the command line is imported: its help texts are made then

from typer.main import get_command

from addin import cli
from addin.crm.catalogue import KPIS
from addin.crm.grid import cell_address
from addin.functions import FUNCTIONS, Function
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from addin.crm.catalogue import Rule

DOCS = Path(__file__).resolve().parents[1] / "docs"
HEAD = "<!-- Made by `make docs` from the code. -->\n\n"


KPIS_HEAD = """# KPIs

Targets marked *assumed* are ours: change them in `CRM_설정`. Only KPIs of kind *flow* and *derived* add up across
books; *stock*, *cohort* and *rows* need the rows.

What a rule looks at, where it is not the value: a bound of the 95 % Wilson interval (*wilson_low*, *wilson_high*), a
multiple of its own 12 weeks before (*history*) or of what 85 % of its stage stay within (*peers*), the share that kept
the warning's limit of an item too (*tight*), or a sign: outside the XmR limits on the bad side (*xmr_limits*), the
eighth week in a row beyond the mean (*xmr_run*), fewer than the week before (*falling*) or four weeks running
(*falling_month*), a rank among those to replace (*bottom*) or twice (*bottom_twice*), within 2 % of another step
(*co_constraint*), nothing by the month's 25th (*month_late*).

A limit of an item makes the flag of a rate mean: breach, fewer than the target kept the breach's limit; warn, fewer
than the target kept the warning's limit too.
"""


def commands_page() -> str:
    """Every command with its arguments and options, in both languages' words."""
    codes = "0 ok · 1 error · 2 usage · 3 needs an answer · 4 safety brake"
    out = [HEAD, f"# Commands\n\nstdout is data, words go to stderr. Exit codes: {codes}.\n"]
    for words, command in _commands(get_command(cli.app)):
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        usage = " ".join(["danggol", *words, *((p.metavar or p.name.upper()) for p in arguments)])
        id = f"cli.{'_'.join(words)}"
        out.append(f"\n## `{usage}`\n\n{say(id, 'en')}  \n{say(id, 'ko')}\n\n")
        rows = [(p.metavar or p.name.upper(), p.help) for p in arguments]
        rows += [(f"{'/'.join(p.opts)}{' ' + p.metavar if p.metavar else ''}", p.help) for p in options]
        out.append("| | |\n|---|---|\n")
        out += [f"| `{left.replace('|', '∣')}` | {right} |\n" for left, right in rows]
    return "".join(out)


def _commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every command below a group, with the words that call it."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, (*words, name))
        else:
            yield (*words, name), command


def kpis_page() -> str:
    """Every KPI: name, formula, needs, target and its kind, rules, smallest sample, window, source."""
    out = [HEAD, KPIS_HEAD]
    for kpi in KPIS.values():
        target = "–" if kpi.target is None else str(kpi.target)
        rules = "; ".join(map(_rule, kpi.rules))
        needs = ", ".join(" or ".join(group) for group in kpi.needs) or "the steps of the funnel"
        limits = ", ".join(
            f"{name} {getattr(kpi, name)}{f' {kpi.item} an item' if kpi.item else ''}"
            f"{' (stated in the source)' if name in kpi.stated else ''}"
            for name in ("warn", "breach")
            if getattr(kpi, name) is not None
        )
        out.append(
            f"\n## {kpi.id} · {say(kpi.name, 'ko')} · {say(kpi.name, 'en')}\n\n"
            f"{say(kpi.formula, 'en')}  \n{say(kpi.formula, 'ko')}\n\n"
            f"| | |\n|---|---|\n"
            f"| kind, unit, direction | {kpi.kind}, {kpi.unit}, {kpi.direction} is better |\n"
            f"| needs | {needs} |\n"
            f"| target | {target} ({kpi.target_kind}) |\n"
            f"| flags | {rules or '–'} |\n"
            f"| limits shipped | {limits or '–'} |\n"
            f"| smallest sample | {kpi.min_n} |\n"
            f"| window | {say(kpi.window_text, 'en')} |\n"
            f"| shown by | {', '.join(kpi.grains)} |\n"
            f"| can be asked by | {', '.join(kpi.by) or 'anything'} |\n"
            f"| source | {say(kpi.source, 'en')} |\n"
        )
    return "".join(out)


def _rule(rule: Rule) -> str:
    reading = "" if rule.on == "value" else f" {rule.on}"
    limit = "" if rule.limit is None else f" {rule.op} {rule.limit}"
    given = f" while {rule.given.kpi} {rule.given.op} {rule.given.limit}" if rule.given else ""
    return f"{rule.flag}:{reading}{limit}{given}"


def functions_page() -> str:
    """Every spreadsheet function by category: what it gives, its arguments, an example as a small sheet."""
    out = [
        HEAD,
        "# Spreadsheet functions\n\nIn Excel `=CRM_NAME(…, …)`, in LibreOffice Calc `=CRM.NAME(…; …)`. "
        "A function that asks for one cell answers a range cell by cell. What can't be read is said in the cell; "
        "empty cells give empty answers.\n",
    ]
    category = ""
    for function in FUNCTIONS.values():
        if function.category != category:
            category = function.category
            id = f"fn.category.{category}"
            out.append(f"\n## {say(id, 'ko')} · {say(id, 'en')}\n")
        names = ", ".join(f"[{a.name}]" if a.optional else a.name for a in function.arguments)
        out.append(f"\n### `{function.id}({names})`\n\n")
        out.append(f"{say(function.summary, 'en')}  \n{say(function.summary, 'ko')}\n\n| | | |\n|---|---|---|\n")
        out += [f"| `{a.name}` | {say(a.help, 'en')} | {say(a.help, 'ko')} |\n" for a in function.arguments]
        out.append(_example(function))
    return "".join(out)


def _example(function: Function) -> str:
    """The ranges of an example side by side as a sheet, the formula, and what it gives."""
    given, columns, words = function.example.args, [], []
    for value in given:
        if not isinstance(value, list):
            words.append(f'"{value}"' if isinstance(value, str) else _cell(value))
            continue
        first = len(columns) + 1
        columns += [[row[c] for row in value] for c in range(len(value[0]))]
        words.append(f"{cell_address(1, first)}:{cell_address(len(value), len(columns))}")
    sheet = ""
    if columns:
        letters = [cell_address(0, c + 1) for c in range(len(columns))]
        height = max(map(len, columns))
        rows = [[column[r] if r < len(column) else None for column in columns] for r in range(height)]
        sheet = _table(["", *letters], [[r + 1, *row] for r, row in enumerate(rows)]) + "\n"
    result = function.example.result
    gives = "\n\n" + _table([""] * len(result[0]), result) if isinstance(result, list) else f" `{_cell(result)}`\n"
    return f"\n{sheet}`=CRM_{function.id}({', '.join(words)})` →{gives}"


SOURCES_HEAD = """# What the sources say, and the test that shows it

Every number (**n**) and every rule without one (**r**) of the five source documents, with the test named after it.

| source | | says | shown by |
|---|---|---|---|
"""

#: What a source says and danggol does not do, or only in part.
NOT_BUILT = """
## Not built, or only in part

- 000: an empty house is known only where a list tells both days, when it empties (잔금일, 퇴거일) and when somebody
  moves in (입주일); the agents' own apps are not connected.
- 002: a best case is the row, a person's note on it, and where the team's own column says its photos or review are;
  the photos themselves stay there.
- 003: danggol makes no landing page and runs no ads; what they cost comes from the table 비용.
- 004: an experiment against a stage of a partnership is counted only from activities that tell the stage's evidence
  with its day (the first contact, for the way into 미팅; the contract's day, for the way into 운영).
"""


def sources_page() -> str:
    """Every test of `tests/sources`, by what the source says: a docstring ``[n] …`` or ``[r] …``."""
    told = []
    for path in sorted((DOCS.parent / "tests" / "sources").glob("test_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        source = (ast.get_docstring(tree) or "").removeprefix("Source ")[:3]
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                kind, _, says = (ast.get_docstring(node) or "").partition(" ")
                if kind not in ("[n]", "[r]"):
                    continue
                link = f"[`{node.name}`](../tests/sources/{path.name})"
                told.append((source, kind.strip("[]"), says.rstrip("."), link))
    told.sort(key=lambda line: line[0])
    return HEAD + SOURCES_HEAD + "".join(f"| {' | '.join(line)} |\n" for line in told) + NOT_BUILT


def _table(heads: list[str], rows: list[list[object]]) -> str:
    lines = [heads, ["---"] * len(heads), *([_cell(value) for value in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return "" if value is None else str(value).replace("|", "∣")


PAGES = {"commands.md": commands_page, "kpis.md": kpis_page, "functions.md": functions_page, "sources.md": sources_page}

if __name__ == "__main__":
    stale = []
    for name, page in PAGES.items():
        text = page()
        if "--check" in sys.argv:
            if (DOCS / name).read_text("utf-8") != text:
                stale.append(name)
        else:
            (DOCS / name).write_text(text, "utf-8")
    if stale:
        print(f"not up to date: {', '.join(stale)}: run `make docs`")
    sys.exit(bool(stale))
