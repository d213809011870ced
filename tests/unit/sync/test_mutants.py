"""Each way a planner can be wrong is caught: named mutants of the merge, the brakes and the cycle, all killed.

A mutant is one change of the source text, put in place of the module while the test that has to notice it runs.
"""

from __future__ import annotations

import importlib
import inspect
import types
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sheets_sync.ledger import SyncRunning
from sheets_sync.ports.base import Unavailable
from tests.unit.sync import conftest, test_brakes, test_crash, test_merge

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True)
class Mutant:
    """What stands in a module, what the mutant says instead, and the test that kills it (with its arguments).

    ``also``: what else the test may raise on it.
    """

    module: str
    right: str
    wrong: str
    killer: Callable[..., Any]
    given: tuple[Any, ...] = ()
    also: tuple[type[Exception], ...] = ()


KILLED = test_crash.test_a_sync_killed_at_any_boundary_loses_nothing
BRAKE = test_brakes.test_a_brake_stops_one_partner_with_exit_code_4_and_touches_nothing
WRITES = (
    "        if planned.leads:\n            port.append(partner.ref, layout, planned.leads)\n",
    "        if planned.hq is not None:\n            port.put_hq(partner.ref, layout, planned.hq, _at(self.now))\n",
)
MUTANTS = {
    # -- the merge -----------------------------------------------------------------------------------------------------
    "append again what was appended": Mutant(
        "merge",
        "elif known is not None or master.key in self.there:",
        "elif False:",
        test_merge.test_a_row_the_partner_deleted_is_neither_resurrected_nor_dropped_silently,
    ),
    "forget that a lost ledger knew the key": Mutant(
        "merge",
        "or master.key in self.there:",
        "or False:",
        test_merge.test_a_lost_ledger_is_rebuilt_by_reading_and_resurrects_nothing,
    ),
    "drop silently what the partner deleted": Mutant(
        "merge",
        'self.reviews.append(Review("deleted", master.key))',
        "pass",
        test_merge.test_a_row_the_partner_deleted_is_neither_resurrected_nor_dropped_silently,
    ),
    "take one of two differing copies": Mutant(
        "merge",
        "if differ or typed == stands:",
        "if typed == stands:",
        test_merge.test_a_copied_row_is_reported_and_taken_only_while_both_say_the_same,
    ),
    "say nothing of a copied row": Mutant(
        "merge",
        "differ = len(found) > 1 and self._copies(",
        "differ = False and self._copies(",
        test_merge.test_a_copied_row_is_reported_and_taken_only_while_both_say_the_same,
    ),
    "take one of two differing copies of a new entry": Mutant(
        "merge",
        "            if differ:\n                self.agreed[key]",
        "            if False:\n                self.agreed[key]",
        test_merge.test_a_copied_row_of_a_new_entry_is_reported_and_taken_only_while_both_say_the_same,
    ),
    "overwrite what someone typed in the master": Mutant(
        "merge",
        "if stands is not None and not self._ours(master.key, known, field, stands):",
        "if False:",
        test_merge.test_what_someone_typed_over_our_column_of_the_master_is_kept_and_reported,
    ),
    "write head office's value over the partner's": Mutant(
        "merge",
        "typed, stands = now[field], ours.get(field)",
        "typed, stands = plain(theirs.get(field)) or now[field], ours.get(field)",
        test_merge.test_both_sides_values_stand_in_the_review_list_and_nobodys_is_overwritten,
        also=(KeyError,),
    ),
    "forget what stood there before a crash": Mutant(
        "merge", "replaced[field] = stands", "pass", KILLED, ("changes on both sides",)
    ),
    "forget it when the row is copied": Mutant(
        "merge",
        "self.agreed[master.key] = known._replace(deleted=False)",
        "self.agreed[master.key] = Agreed(known.cells)",
        test_merge.test_a_write_to_the_master_that_was_put_off_is_ours_whatever_the_partner_does_meanwhile,
        ("copy",),
    ),
    "forget the former partner": Mutant(
        "merge",
        "(known, *self.former.get(key, ()))",
        "(known,)",
        test_merge.test_what_the_new_partner_of_a_request_fills_in_takes_the_place_of_the_former_ones,
    ),
    "say nothing of a row without a key": Mutant(
        "merge",
        "if not row.key and (content := self.content(row))]",
        "if row.key and (content := self.content(row)) and False]",
        test_merge.test_a_row_typed_without_a_number_goes_to_the_review_list_and_is_never_written_to,
    ),
    "find rows by their position": Mutant(
        "merge",
        "            rows.setdefault(row.key, []).append(row)",
        "            rows.setdefault(sorted(r.key for r in sheet.rows if r.key)[len(rows)], []).append(row)",
        test_merge.test_sorting_and_moving_columns_changes_nothing,
    ),
    "forget the keys of spare rows": Mutant(
        "merge",
        "(*self.base.issued, *entries, *told)",
        "(*entries,)",
        test_merge.test_a_spare_row_a_partner_fills_in_is_a_new_entry_with_a_number_of_its_own,
        also=(KeyError,),
    ),
    "the request is forgotten": Mutant(
        "merge",
        "sheet.refresh != base.refresh",
        "False",
        test_merge.test_the_checkbox_is_a_request_whenever_it_changes_and_is_never_written,
    ),
    # -- the brakes ----------------------------------------------------------------------------------------------------
    "no brake": Mutant("merge", "if brake.kind not in accept:", "if False:", BRAKE, ("_empty", "rows_gone")),
    "no brake for rows gone": Mutant(
        "brakes",
        "len(known) >= MIN_KNOWN and gone > MAX_GONE * len(known)",
        "False",
        BRAKE,
        ("_empty", "rows_gone"),
    ),
    "no brake for all changed": Mutant(
        "brakes", "filled >= MIN_CHANGED and changed == filled", "False", BRAKE, ("_all_changed", "all_changed")
    ),
    "no brake for mixed rows": Mutant(
        "brakes", "if mixed >= MIN_MIXED:", "if False:", BRAKE, ("_all_but_the_numbers_sorted", "mixed")
    ),
    "never look at the sentinel": Mutant(
        "brakes", "if sheet.sentinel != SENTINEL:", "if False:", BRAKE, ("_no_sentinel", "sentinel")
    ),
    "take the first of two columns of one name": Mutant(
        "brakes", "sheet.header.count(c.field) != 1", "sheet.header.count(c.field) < 1", BRAKE, ("_twice", "header")
    ),
    "filling in blanks is a brake": Mutant(
        "brakes",
        "for f, cell in agreed.cells.items() if cell is not None}",
        "for f, cell in agreed.cells.items()}",
        test_brakes.test_filling_in_every_blank_is_a_days_work_and_no_brake,
    ),
    "a row nobody filled in is a witness": Mutant(
        "brakes",
        "if agreed.deleted or not before or key not in rows:",
        "if agreed.deleted or key not in rows:",
        test_brakes.test_a_row_nobody_filled_in_is_no_witness_that_the_others_are_right,
    ),
    # -- the order of writes -------------------------------------------------------------------------------------------
    "hq before the leads are sure": Mutant(
        "cycle", "".join(WRITES), "".join(reversed(WRITES)), KILLED, ("changes on both sides",)
    ),
    "the ledger notes only after the writes": Mutant(
        "cycle",
        "        ledger.begin(partner.name, planned.base, planned.reviews)\n",
        "",
        KILLED,
        ("the first sync",),
    ),
    "call settled what was postponed": Mutant(
        "cycle",
        'one.settled._replace(version="") if late else one.settled',
        "one.settled",
        test_merge.test_a_master_that_is_open_elsewhere_postpones_and_loses_nothing,
    ),
    "one partner's failure stops all": Mutant(
        "cycle",
        "except DanggolError as error:\n            outcome.error",
        "except ZeroDivisionError as error:\n            outcome.error",
        test_crash.test_a_partner_whose_sheet_fails_stops_none_of_the_others,
        also=(Unavailable,),
    ),
    "a dry run writes": Mutant(
        "cycle",
        "        if self.dry_run:\n            base =",
        "        if False:\n            base =",
        test_merge.test_a_dry_run_writes_nothing_anywhere,
        also=(SyncRunning,),
    ),
}
#: Where a module's work is taken from: (module, name) → whoever else holds it.
HOLDERS = {
    "merge": [("sheets_sync.cycle", "plan")],
    "brakes": [("sheets_sync.merge", "find_brakes")],
    "cycle": [("tests.unit.sync.world", "Cycle")],
}


@pytest.mark.parametrize("name", MUTANTS)
def test_a_wrong_planner_is_caught(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mutant = MUTANTS[name]
    given = _arguments(mutant, tmp_path)
    _put(mutant.module, mutant.right, mutant.wrong, monkeypatch)
    with pytest.raises((AssertionError, *mutant.also)):
        mutant.killer(**given)


@pytest.mark.parametrize("module", HOLDERS)
def test_a_right_planner_in_a_mutants_place_is_not(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killers = {m.killer: m for m in MUTANTS.values() if m.module == module and m.killer is not KILLED}
    assert killers, f"no mutant of {module} is caught by a test of its own"
    for n, mutant in enumerate(killers.values()):  # each asserts for itself
        (tmp_path / str(n)).mkdir()
        given = _arguments(mutant, tmp_path / str(n))
        _put(module, mutant.right, mutant.right, monkeypatch)
        mutant.killer(**given)


def _put(name: str, right: str, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a mutant of a module in its place."""
    module = importlib.import_module(f"sheets_sync.{name}")
    source = inspect.getsource(module)
    assert source.count(right) == 1, "the mutant's place has moved"
    made = types.ModuleType(module.__name__)
    exec(compile(source.replace(right, wrong), f"mutant of {name}", "exec"), made.__dict__)
    for holder, what in HOLDERS[name]:
        monkeypatch.setattr(importlib.import_module(holder), what, getattr(made, what))


def _arguments(mutant: Mutant, folder: Path) -> dict[str, Any]:
    """The killer's arguments: fixtures by name, made before the mutant is in place; the others as given."""
    made: dict[str, Any] = {}
    rest = [getattr(test_brakes, str(one), one) if str(one).startswith("_") else one for one in mutant.given]
    for name in inspect.signature(mutant.killer).parameters:
        if name == "tmp_path":
            made[name] = folder
        elif name == "world":
            made[name] = conftest.world.__wrapped__(folder)  # type: ignore[attr-defined]
        elif name == "two":
            made[name] = test_brakes.two.__wrapped__(folder)  # type: ignore[attr-defined]
        else:
            made[name] = rest.pop(0)
    return made
