"""Commands about the add-ins of Excel and LibreOffice: build, install, take away, and what is missing here."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from addin.cli.options import Json, Lang, app, note, print_json
from addin.i18n import say

group = typer.Typer(help=say("cli.addin"), no_args_is_help=True, rich_markup_mode=None)
app.add_typer(group, name="addin")

Host = Annotated[str | None, typer.Option("--host", metavar="excel|calc", help=say("cli.host"))]
Source = Annotated[Path | None, typer.Option("--from", metavar="FILE", help=say("cli.addin_from"))]


@group.command(help=say("cli.addin_build"))
def build(
    host: Host = None,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("cli.addin_out"))] = Path(),
    lang: Lang = None,
) -> None:
    """Make danggol.xlam, or danggol.oxt."""
    from addin.hosts.install import build_addin

    path = build_addin(host, out)
    note("addin.built", path=str(path))
    sys.stdout.write(f"{path}\n")


@group.command(help=say("cli.addin_install"))
def install(host: Host = None, source: Source = None, lang: Lang = None) -> None:
    """Install for this user."""
    from addin.hosts.install import install_addin, show_changed

    sys.stdout.write(show_changed(install_addin(host, source)))


@group.command(help=say("cli.addin_uninstall"))
def uninstall(host: Host = None, lang: Lang = None) -> None:
    """Take away what install wrote."""
    from addin.hosts.install import show_changed, uninstall_addin

    sys.stdout.write(show_changed(uninstall_addin(host)))


@app.command(help=say("cli.doctor"))
def doctor(json: Json = False, lang: Lang = None) -> None:
    """What is missing on this machine, and how to mend it."""
    from addin.actions.doctor import diagnose, show_diagnosis

    found = diagnose()
    if json:
        print_json(found.to_json())
    else:
        sys.stdout.write(show_diagnosis(found))
    if not found.ok:
        raise typer.Exit(1)
