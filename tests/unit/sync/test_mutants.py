"""Each way a planner can be wrong is caught: named mutants of the merge, the brakes and the cycle, all killed.

A mutant is one change of the source text. Killed = one of the tests of the promises fails on it.
"""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

#: name → (module, what stands there, what the mutant says instead)
MUTANTS = {
    "append again what was appended": (
        "merge",
        "elif known is not None or master.key in self.there:",
        "elif False:",
    ),
    "forget that a lost ledger knew the key": ("merge", "or master.key in self.there:", "or False:"),
    "take one of two differing copies": ("merge", "if differ or typed == stands:", "if typed == stands:"),
    "say nothing of a copied row": (
        "merge",
        "differ = len(found) > 1 and self._copies(",
        "differ = False and self._copies(",
    ),
    "overwrite what someone typed in the master": (
        "merge",
        "if stands is not None and not self._ours(known, field, stands):",
        "if False:",
    ),
    "forget what stood there before a crash": ("merge", "replaced[field] = stands", "pass"),
    "say nothing of a row without a key": ("merge", "if not row.key and self.content(row):", "if False:"),
    "take a row without a key for the first one": ("merge", "        if row.key:\n", "        if row.key or True:\n"),
    "forget the keys of spare rows": ("merge", "self.base.issued, *entries, *told", "*entries"),
    "no brake": ("merge", "brake is not None and brake.kind not in accept", "False"),
    "no brake for rows gone": ("brakes", "len(known) >= MIN_KNOWN and gone > MAX_GONE * len(known)", "False"),
    "no brake for all changed": ("brakes", "filled >= MIN_CHANGED and changed == filled", "False"),
    "filling in blanks is a brake": (
        "brakes",
        "if agreed.deleted or not before or key not in rows:",
        "if agreed.deleted or key not in rows:",
    ),
    "never look at the sentinel": ("brakes", "if sheet.sentinel != SENTINEL:", "if False:"),
    "hq before the leads are sure": (
        "cycle",
        "        if planned.leads:\n            self.port.append(partner.ref, self.layout, planned.leads)\n        if planned.hq is not None:\n            self.port.put_hq(partner.ref, self.layout, planned.hq, _at(now))\n",
        "        if planned.hq is not None:\n            self.port.put_hq(partner.ref, self.layout, planned.hq, _at(now))\n        if planned.leads:\n            self.port.append(partner.ref, self.layout, planned.leads)\n",
    ),
    "call settled what was postponed": (
        "cycle",
        'one.settled._replace(version="") if one.partner in postponed else one.settled',
        "one.settled",
    ),
    "the ledger notes only after the writes": (
        "cycle",
        "        self.ledger.begin(partner.name, planned.base, planned.reviews)\n",
        "",
    ),
    "one partner's failure stops all": (
        "cycle",
        "except DanggolError as error:\n                    outcome.error",
        "except ZeroDivisionError as error:\n                    outcome.error",
    ),
    "the request is forgotten": ("merge", "sheet.refresh != base.refresh", "False"),
}
TESTS = ("test_merge.py", "test_brakes.py", "test_crash.py", "test_promises.py")


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_planner_is_caught(name: str, tmp_path: Path) -> None:
    module, right, wrong = MUTANTS[name]
    source = inspect.getsource(importlib.import_module(f"sheets_sync.{module}"))
    assert source.count(right) == 1, "the mutant's place has moved"
    (tmp_path / "conftest.py").write_text(
        "import importlib.util, sys\n"
        f"name, path = 'sheets_sync.{module}', {str(tmp_path / 'mutant.py')!r}\n"
        "spec = importlib.util.spec_from_file_location(name, path)\n"
        "made = importlib.util.module_from_spec(spec)\n"
        "sys.modules[name] = made\n"
        "import sheets_sync\n"
        "spec.loader.exec_module(made)\n"
        f"sheets_sync.{module} = made\n",
        "utf-8",
    )
    (tmp_path / "mutant.py").write_text(source.replace(right, wrong), "utf-8")
    here = Path(__file__).parent
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-o", "addopts="]
    command += ["--import-mode=importlib", "-p", "mutant_conftest", "--rootdir", str(ROOT)]
    (tmp_path / "mutant_conftest.py").write_text((tmp_path / "conftest.py").read_text("utf-8"), "utf-8")
    (tmp_path / "conftest.py").unlink()
    done = subprocess.run(
        [*command, *(str(here / test) for test in TESTS if (here / test).exists())],
        cwd=ROOT,
        env={**__import__("os").environ, "PYTHONPATH": f"{tmp_path}:{ROOT}"},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1, f"survived: {done.stdout[-800:]}{done.stderr[-400:]}"
    assert "Error" not in done.stderr
