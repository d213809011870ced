"""``danggol sync --install``: a service that keeps the sync running, as files a person can read before they use them.

Linux: a systemd user unit. Windows: a Task Scheduler task. macOS: a launch agent. Nothing is switched on; what to type
for that is said.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from addin.crm.message import Message, msg
from addin.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class ServiceFile:
    """A file to be put somewhere, and the lines that switch it on and off. ``encoding``: the one its program reads."""

    name: str
    text: str
    encoding: str
    on: str
    off: str
    hint: Message


def service_file(config: Path, system: str = sys.platform, python: str = sys.executable, user: str = "") -> ServiceFile:
    """The service for a configuration: ``system`` as `sys.platform` names it. `UsageError` for a system without one.

    ``user``: whose logon starts it on Windows, ``DOMAIN\\name``. Any user's ("") is for administrators to ask for.
    """
    config = config.resolve()
    words = [python, "-P", "-m", "addin.cli", "sync", str(config), "--watch"]  # -P: no stray addin.py beside it
    if system.startswith("linux"):
        return ServiceFile(
            "danggol-sync.service",
            _systemd(words, config),
            "utf-8",
            "systemctl --user enable --now danggol-sync.service",
            "systemctl --user disable --now danggol-sync.service",
            msg("sync.service.systemd", folder="~/.config/systemd/user"),
        )
    if system == "win32":
        return ServiceFile(
            "danggol-sync.xml",
            _task(words, config, user),
            "utf-16",
            'schtasks /Create /TN "danggol sync" /XML danggol-sync.xml',
            'schtasks /Delete /TN "danggol sync" /F',
            msg("sync.service.task"),
        )
    if system == "darwin":
        return ServiceFile(
            "kr.danggol.sync.plist",
            _agent(words, config),
            "utf-8",
            "launchctl load ~/Library/LaunchAgents/kr.danggol.sync.plist",
            "launchctl unload ~/Library/LaunchAgents/kr.danggol.sync.plist",
            msg("sync.service.agent", folder="~/Library/LaunchAgents"),
        )
    raise UsageError("sync.service.unknown", value=system)


def install_service(config: Path, system: str = sys.platform, python: str = sys.executable) -> ServiceFile:
    """Write the service's file beside the configuration; one that says something else already is not touched."""
    user = "\\".join(word for name in ("USERDOMAIN", "USERNAME") if (word := os.environ.get(name, "")))
    made = service_file(config, system, python, user)
    path = config.resolve().with_name(made.name)
    whole = made.text.encode(made.encoding)
    if path.exists() and path.read_bytes() != whole:
        raise UsageError("sync.service.exists", where=str(path))
    path.write_bytes(whole)
    return made


def _systemd(words: Sequence[str], config: Path) -> str:
    command = " ".join(_unit_word(word) for word in words)
    return (
        "[Unit]\nDescription=danggol: partners' sheets\nAfter=network-online.target\n\n"
        "[Service]\nType=simple\n"
        f"WorkingDirectory={str(config.parent).replace('%', '%%')}\n"
        f"ExecStart={command}\n"
        "Restart=on-failure\nRestartSec=60\nRestartPreventExitStatus=2\nKillSignal=SIGTERM\nTimeoutStopSec=120\n"
        "UMask=0077\nNoNewPrivileges=true\n\n"
        "[Install]\nWantedBy=default.target\n"
    )


def _unit_word(word: str) -> str:
    """A word of a unit's command line: systemd's own quoting, not a shell's.

    >>> print(_unit_word("/home/김 대리/100%.toml"))
    "/home/김 대리/100%%.toml"
    """
    plain = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{plain}"' if any(c in plain for c in " \t'\"\\;") else plain


def _task(words: Sequence[str], config: Path, user: str) -> str:
    program, *rest = words
    whose = f"<UserId>{escape(user)}</UserId>" if user else ""
    arguments = subprocess.list2cmdline(rest)
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        "  <RegistrationInfo><Description>danggol: partners' sheets</Description></RegistrationInfo>\n"
        f"  <Triggers><LogonTrigger><Enabled>true</Enabled>{whose}</LogonTrigger></Triggers>\n"
        f'  <Principals><Principal id="Author">{whose}<LogonType>InteractiveToken</LogonType>'
        "<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>\n"
        "  <Settings>\n"
        "    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>\n"
        "    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>\n"
        "    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>\n"
        "    <RunOnlyIfNetworkAvailable>true</RunOnlyIfNetworkAvailable>\n"
        "    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>\n"
        "    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>\n"
        "  </Settings>\n"
        '  <Actions Context="Author"><Exec>\n'
        f"    <Command>{escape(program)}</Command>\n"
        f"    <Arguments>{escape(arguments)}</Arguments>\n"
        f"    <WorkingDirectory>{escape(str(config.parent))}</WorkingDirectory>\n"
        "  </Exec></Actions>\n"
        "</Task>\n"
    )


def _agent(words: Sequence[str], config: Path) -> str:
    listed = "".join(f"    <string>{escape(word)}</string>\n" for word in words)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'
        '<plist version="1.0"><dict>\n'
        "  <key>Label</key><string>kr.danggol.sync</string>\n"
        f"  <key>ProgramArguments</key><array>\n{listed}  </array>\n"
        f"  <key>WorkingDirectory</key><string>{escape(str(config.parent))}</string>\n"
        "  <key>RunAtLoad</key><true/>\n"
        "  <key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>\n"
        "  <key>ThrottleInterval</key><integer>60</integer>\n"
        "</dict></plist>\n"
    )
