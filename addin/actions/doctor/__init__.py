"""``danggol doctor``: what is missing on this computer, and how to mend each thing in one line.

Every check is a pure function of a `Machine`, so that the state of any Windows or Mac can be described and tested
anywhere. The list follows what users of xlwings complain of most: COM servers that don't start, versions that differ,
antivirus, OneDrive, zombies, policies, trust.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from addin.actions.doctor import calc, excel, python, trust
from addin.actions.doctor.finding import SYMBOLS, Finding, unknown
from addin.crm.message import Message, msg
from addin.i18n import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from addin.actions.machine.port import Machine

#: In the order a person mends them. A check that doesn't concern the machine (Excel on Linux) answers None.
CHECKS: tuple[Callable[[Machine], Finding | None], ...] = (
    python.check_python,
    python.check_folder,
    excel.check_excel,
    excel.check_bits,
    excel.check_addin,
    excel.check_versions,
    excel.check_settings,
    excel.check_dll,
    excel.check_applescript,
    excel.check_servers,
    trust.check_antivirus,
    trust.check_downloaded,
    trust.check_onedrive,
    trust.check_policy,
    trust.check_trusted,
    trust.check_disabled,
    calc.check_libreoffice,
    calc.check_calc_python,
    calc.check_extension,
    calc.check_calc_packages,
)


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What every check found. ``ok`` where nothing is wrong; what can't be told is not wrong."""

    findings: tuple[Finding, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong: the command's exit code 0."""
        return not self.wrong

    @property
    def wrong(self) -> tuple[Finding, ...]:
        """What has to be mended."""
        return tuple(f for f in self.findings if f.status == "bad")

    @property
    def summary(self) -> Message:
        """One sentence for a status bar: all well, or how many things and the first cure."""
        if self.ok:
            return msg("doctor.all_well", count=len(self.findings))
        first = self.wrong[0]
        return msg("doctor.wrong", count=len(self.wrong), first=first.message, cure=first.cure or "")

    def to_json(self) -> dict[str, Any]:
        """``{"ok": …, "checks": [{"id", "status", "message", "cure"}]}``; status ok, bad or unknown."""
        return {"ok": self.ok, "checks": [f.to_json() for f in self.findings]}


def diagnose(where: str = "", machine: Machine | None = None) -> Diagnosis:
    """Run every check. ``where`` is the path or address of the book a person has open, "" for none. Never raises."""
    if machine is None:
        from addin.actions.machine.real import RealMachine

        machine = RealMachine()
    found = [run_check(check, machine) for check in CHECKS]
    if where:
        found.append(trust.check_book(machine, where))
    return Diagnosis(tuple(f for f in found if f is not None))


def diagnose_open(book: Any) -> str:
    """The button: every check as text, with the place of the open book (an xlwings Book, or None)."""
    return show_diagnosis(diagnose("" if book is None else str(book.fullname)))


def run_check(check: Callable[[Machine], Finding | None], machine: Machine) -> Finding | None:
    """One check; what goes wrong inside it is said as a finding that could not be made."""
    try:
        return check(machine)
    except Exception as error:  # a diagnosis must not need one
        id = check.__name__.removeprefix("check_")
        return unknown(id, msg("doctor.failed", check=id, error=f"{type(error).__name__}: {error}"))


def show_diagnosis(diagnosis: Diagnosis) -> str:
    """One line a check, and one with the cure below each that needs it."""
    lines = []
    for finding in diagnosis.findings:
        lines.append(f"{SYMBOLS[finding.status]} {say(finding.message)}")
        if finding.cure is not None:
            lines.append(f"   → {say(finding.cure)}")
    return "\n".join([*lines, "", say(diagnosis.summary)]) + "\n"
