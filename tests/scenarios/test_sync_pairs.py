"""Every pair of changes on both sides: what stands there before, what each does, what both have after two syncs.

A scenario is a folder ``sync/<the partner's change>+<head office's change>``: ``initial.csv`` (what both agree on),
``edits.txt`` (who does what, in order) and ``golden.txt``. The table of ``docs/sync.md`` is made of the goldens.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from sheets_sync.model import BRAKES, KINDS
from tests.unit.sync.world import LAYOUT, World

if TYPE_CHECKING:
    from collections.abc import Callable

    from sheets_sync.cycle import CycleReport

HERE = Path(__file__).parent / "sync"
DOCS = Path(__file__).parents[2] / "docs" / "sync.md"
PARTNERS = ("한빛", "샛별")
FIELDS = {column.header: column.field for column in LAYOUT.columns}
HEADERS = {column.field: column.header for column in LAYOUT.columns}
THEIRS: Final = {
    "nothing": "nothing",
    "edit": "fills in or changes a cell",
    "fill-blank-row": "writes a new request into a blank row",
    "insert-row": "inserts a row of its own",
    "delete": "deletes a row",
    "undo": "deletes a row, and undoes it after a sync",
    "copy-row": "copies a row and changes one of both",
    "blank-number": "empties a number",
    "edit-number": "changes a number",
    "sort": "sorts (and fills in a cell)",
    "move-column": "moves a column (and fills in a cell)",
    "paste-5000": "pastes 5,000 rows",
    "sort-without-numbers": "sorts all but the column of numbers",
    "rename-header": "renames a header",
    "empty-sheet": "empties the sheet",
}
OURS: Final = {
    "nothing": "nothing",
    "edit": "changes the same row",
    "new-row": "adds a request",
    "delete": "deletes the request",
    "reassign": "gives it to another partner",
    "edit-number": "changes its number",
}
PAIRS = [f"{theirs}+{ours}" for theirs in THEIRS for ours in OURS]


class Story:
    """A world, and the words of ``edits.txt``."""

    def __init__(self, folder: Path, scenario: Path) -> None:
        self.world = World(folder, PARTNERS)
        self.undo: list[dict[str, Any]] = []
        rows = list(csv.DictReader((scenario / "initial.csv").read_text("utf-8").splitlines()))
        self.services = {row["번호"]: row["서비스"] for row in rows}
        for row in rows:
            self.world.lead(row["번호"], row["서비스"])
        self.world.sync()
        for row in rows:
            cells = {FIELDS[name]: row[name] for name in ("진행상태", "비고") if row[name]}
            self.world.row(row["번호"]).update(cells)
        self.world.sync()
        self.world.sync()
        self.lines = (scenario / "edits.txt").read_text("utf-8").splitlines()

    def play(self) -> CycleReport:
        """Every line, then two cycles. The report of the last one."""
        for line in self.lines:
            if line == "sync":
                self.world.sync()
            elif line.startswith("본사: "):
                self._say(line.removeprefix("본사: "), self.OFFICE)
            else:
                self._say(line.removeprefix("한빛: "), self.PARTNER)
                self.world.touch()
        self.world.sync()
        return self.world.sync()

    def _say(self, line: str, words: dict[str, Callable[..., None]]) -> None:
        for pattern, act in words.items():
            if found := re.fullmatch(pattern, line):
                return act(self, *found.groups())
        raise ValueError(line)

    @property
    def _rows(self) -> list[dict[str, Any]]:
        return self.world.port.sheets["한빛"].rows

    @property
    def _header(self) -> list[str]:
        return self.world.port.sheets["한빛"].header

    def _type(self, key: str, header: str, value: str) -> None:
        self.world.row(key)[FIELDS[header]] = value or None

    def _blank(self, header: str, value: str) -> None:
        next(row for row in self._rows if str(row["key"]).startswith("N"))[FIELDS[header]] = value

    def _insert(self, header: str, value: str) -> None:
        self._rows.insert(2, {"key": None, FIELDS[header]: value})

    def _delete(self, key: str) -> None:
        self.undo = [dict(row) for row in self._rows]
        self._rows.remove(self.world.row(key))

    def _undo(self) -> None:
        self._rows[:] = self.undo

    def _copy(self, key: str) -> None:
        self._rows.append(dict(self.world.row(key)))

    def _sort(self) -> None:
        self._rows.sort(key=lambda row: str(row["key"]), reverse=True)

    def _sort_without_numbers(self) -> None:
        keys = [row["key"] for row in self._rows]
        self._rows.sort(key=lambda row: str(row.get("service") or "힣"))
        for row, key in zip(self._rows, keys, strict=True):
            row["key"] = key

    def _move(self, header: str) -> None:
        self._header.insert(0, self._header.pop(self._header.index(FIELDS[header])))

    def _rename(self, header: str) -> None:
        self._header[self._header.index(FIELDS[header])] = ""

    def _paste(self, count: str) -> None:
        self._rows.extend({"key": None, "note": f"붙여넣은 줄 {i}"} for i in range(int(count)))

    def _empty(self) -> None:
        self._rows.clear()

    def _given(self, key: str, header: str, value: str) -> None:
        rows, field = self.world.master.rows_by["한빛"], FIELDS[header]
        if field == "key":
            rows[value] = rows.pop(key)
            self.world.master.filled[value] = self.world.master.filled.pop(key)  # of the same row of the master
        elif field == "service":
            rows[key] = {"service": value}
        else:
            self.world.master.own[key] = {field: value}

    def _new(self, key: str, value: str) -> None:
        self.world.lead(key, value)

    def _drop(self, key: str) -> None:
        del self.world.master.rows_by["한빛"][key]

    def _give(self, key: str, partner: str) -> None:
        self.world.master.rows_by.setdefault(partner, {})[key] = self.world.master.rows_by["한빛"].pop(key)

    PARTNER: Final = {
        r"blank row (\S+) = (.+)": _blank,
        r"new row (\S+) = (.+)": _insert,
        r"delete (\S+)": _delete,
        r"copy (\S+)": _copy,
        r"sort backwards": _sort,
        r"sort all but the numbers": _sort_without_numbers,
        r"move column (\S+) to the front": _move,
        r"rename column (\S+)": _rename,
        r"paste (\d+) rows": _paste,
        r"empty the sheet": _empty,
        r"undo": _undo,
        r"(\S+) (\S+) = ?(.*)": _type,
    }
    OFFICE: Final = {
        r"new (\S+) 서비스 = (.+)": _new,
        r"delete (\S+)": _drop,
        r"give (\S+) to (\S+)": _give,
        r"(\S+) (\S+) = (.+)": _given,
    }


def told(world: World, report: CycleReport) -> str:
    """Both sides after all, as a text."""
    out = []
    for who in PARTNERS:
        asks = {row.key: row.ask.replace("\n", " · ") for row in world.port.sheets[who].hq.rows}
        rows = [row for row in world.rows(who) if not str(row.get("key") or "").startswith("N") or len(row) > 1]
        out += ["", f"[{who}]", "번호 | 서비스 | 진행상태 | 비고 | 본사 요청"]
        pasted = [row for row in rows if not row.get("key")]
        for row in (*(row for row in rows if row.get("key")), *pasted[:3]):
            cells = [row.get(field) for field in ("key", "service", "stage", "note")]
            out.append(" | ".join(str(cell or "–") for cell in (*cells, asks.get(str(row.get("key"))))))
        out += [f"… {len(pasted) - 3} more without a number"] if pasted[3:] else []
    out += ["", "[본사] 파트너가 적은 값"]
    for key, cells in sorted(world.master.filled.items()):
        out += [f"{key} {HEADERS[field]} = {cell or '–'}" for field, cell in cells.items()]
    for key, cells in sorted(world.master.entries("한빛").items()):
        out += [f"새 의뢰 {key}: " + ", ".join(f"{HEADERS[field]} = {cell}" for field, cell in cells.items())]
    out += ["", "[본사] 확인할 것"]
    reviews = world.master.reviews.get("한빛", ())
    for one in reviews[:4]:
        field = f" {HEADERS[one.field]}" if one.field else ""
        out.append(f"{one.kind} {one.key or '–'}{field}: 파트너 {one.partner or '–'}, 본사 {one.master or '–'}")
    out += [f"… {len(reviews) - 4} more"] if reviews[4:] else []
    brakes = [f"{o.brake.kind} {o.brake.count}/{o.brake.of}" for o in report.outcomes if o.brake]
    out += ["", "[멈춤]", *brakes] if brakes else []
    return "\n".join(out).strip() + "\n"


@pytest.mark.parametrize("pair", PAIRS)
def test_a_pair_of_changes_ends_as_its_scenario_says(pair: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    story = Story(tmp_path, HERE / pair)
    report = story.play()
    world = story.world
    text, golden = told(world, report), HERE / pair / "golden.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(text, "utf-8", newline="\n")
    assert text == golden.read_text("utf-8"), f"{pair} changed: look, then run pytest --update-golden"
    before = {who: sheet.version for who, sheet in world.port.sheets.items()}
    written = world.master.writes
    world.sync()
    assert {who: sheet.version for who, sheet in world.port.sheets.items()} == before, "an idle cycle wrote"
    assert world.master.writes == written
    assert world.ledger is not None
    world.ledger.close()


def test_there_is_a_scenario_for_each_pair_and_no_other() -> None:
    assert sorted(path.name for path in HERE.iterdir()) == sorted(PAIRS)


# -- the table of the documentation ------------------------------------------------------------------------------------


def outcome(pair: str) -> str:
    """What a scenario's golden says, in a few words."""
    golden = (HERE / pair / "golden.txt").read_text("utf-8")
    still = (HERE / "nothing+nothing" / "golden.txt").read_text("utf-8").splitlines()
    lines = [line for line in golden.splitlines() if line not in still]
    stopped = [kind for kind in BRAKES if any(line.startswith(f"{kind} ") for line in lines)]
    if stopped:
        return f"**stopped: {stopped[0]}**"
    out = []
    if any(re.match(r"R1 \S+ = ", line) for line in lines):
        out.append("filled")
    if any(line.startswith("새 의뢰") for line in lines):
        out.append("entry")
    if any("본사 진행상태: " in line or "본사에서 바뀐" in line for line in lines):
        out.append("ask")
    theirs, ours = (_section(golden, who) for who in PARTNERS)
    if re.search(r"^R(7|9) ", theirs, re.MULTILINE) or re.search(r"^R1 ", ours, re.MULTILINE):
        out.append("lead")
    kinds = [kind for kind in KINDS if any(line.startswith(f"{kind} ") for line in lines)]
    return ", ".join([*out, *(f"*{kind}*" for kind in kinds)]) or "–"


def _section(golden: str, name: str) -> str:
    return golden.split(f"[{name}]")[1].split("\n\n")[0]


def table() -> str:
    """The partner's changes down, head office's across."""
    lines = ["| the partner … \\ head office … | " + " | ".join(OURS.values()) + " |", "|---" * (len(OURS) + 1) + "|"]
    for theirs, words in THEIRS.items():
        lines.append(f"| {words} | " + " | ".join(outcome(f"{theirs}+{ours}") for ours in OURS) + " |")
    return "\n".join(lines)


def test_the_table_of_the_documentation_is_made_of_the_scenarios(request: pytest.FixtureRequest) -> None:
    text = DOCS.read_text("utf-8")
    begin, end = "<!-- table of scenarios -->\n", "\n<!-- end of the table -->"
    head, rest = text.split(begin)
    now, tail = rest.split(end)
    if request.config.getoption("--update-golden"):
        DOCS.write_text(head + begin + table() + end + tail, "utf-8", newline="\n")
        return
    assert now == table(), "docs/sync.md: run pytest --update-golden"
