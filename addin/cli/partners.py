"""Commands about partners' sheets: sync, share. Only here does ``addin`` know ``sheets_sync``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.cli.options import DryRun, Json, Lang, app, print_json
from addin.i18n import say

if TYPE_CHECKING:
    from addin.errors import DanggolError
    from sheets_sync.outcome import CycleReport

Config = Annotated[Path, typer.Argument(metavar="CONFIG", help=say("cli.sync_config"))]
Accept = Annotated[list[str], typer.Option("--accept", metavar="PARTNER", help=say("cli.sync_accept"))]


@app.command(help=say("cli.sync"))
def sync(
    config: Config = Path("sync.toml"),
    dry_run: DryRun = False,
    watch: Annotated[bool, typer.Option("--watch", help=say("cli.sync_watch"))] = False,
    status: Annotated[bool, typer.Option("--status", help=say("cli.sync_status"))] = False,
    explain: Annotated[str | None, typer.Option("--explain", metavar="ROW", help=say("cli.sync_explain"))] = None,
    check: Annotated[bool, typer.Option("--check", help=say("cli.sync_check"))] = False,
    install: Annotated[bool, typer.Option("--install", help=say("cli.sync_install"))] = False,
    live_check: Annotated[
        str | None, typer.Option("--live-check", metavar="SHEET", help=say("cli.sync_live_check"))
    ] = None,
    accept: Accept = [],
    sweep: Annotated[bool, typer.Option("--sweep", help=say("cli.sync_sweep"))] = False,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Bring partners' sheets and the master together; or look at how that stands."""
    if status or explain is not None or check:
        _look(config, status=status, row=explain, json=json)
    elif install:
        from sheets_sync.service import install_service
        from sheets_sync.show import show_service

        sys.stdout.write(show_service(install_service(config)))
    elif live_check is not None:
        _try_google(config, live_check)
    elif watch:
        from sheets_sync.run import sync_watch
        from sheets_sync.show import show_tick

        def told(tick: CycleReport | DanggolError) -> None:
            sys.stderr.write(show_tick(tick))
            sys.stderr.flush()

        raise typer.Exit(sync_watch(config, told))
    else:
        _once(config, dry_run=dry_run, accept=accept, sweep=sweep, json=json)


def _try_google(config: Path, sheet: str) -> None:
    """Each step on the scratch sheet as it is done; a person at the keyboard is asked to be the partner."""
    from addin.errors import UsageError
    from sheets_sync.config import load_config, sheet_id
    from sheets_sync.live_check import live_check, show_finding, show_sum
    from sheets_sync.ports.google import GooglePort
    from sheets_sync.run import open_port

    setup = load_config(config)
    port = open_port(setup, consent=sys.stdin.isatty())
    if not isinstance(port, GooglePort):
        raise UsageError("sync.live.port", where=config.name)

    def ask(what: str) -> bool:
        sys.stderr.write(f"{what}\n")
        return typer.confirm(say("sync.live.done"), default=True, err=True)

    found = []
    for finding in live_check(
        port,
        sheet_id(sheet),
        partners=[partner.ref for partner in setup.partners],
        ask=ask if sys.stdin.isatty() else None,
    ):
        sys.stdout.write(show_finding(finding) + "\n")
        sys.stdout.flush()
        found.append(finding)
    sys.stdout.write(show_sum(found) + "\n")
    if any(finding.mark == "bad" for finding in found):
        raise typer.Exit(1)


def _once(config: Path, *, dry_run: bool, accept: list[str], sweep: bool, json: bool) -> None:
    from addin.actions.progress import bar
    from sheets_sync.as_json import report_json
    from sheets_sync.run import sync_once
    from sheets_sync.show import show_report

    with bar() as step:
        report = sync_once(config, dry_run=dry_run, accept=accept, sweep=sweep, step=step)
    if json:
        print_json(report_json(report))
    else:
        sys.stdout.write(show_report(report))
    if report.exit_code:
        raise typer.Exit(report.exit_code)


def _look(config: Path, *, status: bool, row: str | None, json: bool) -> None:
    from sheets_sync.as_json import checked_json, explained_json, status_json
    from sheets_sync.show import show_checked, show_explained, show_status
    from sheets_sync.status import check_setup, explain, partner_status

    if status:
        partners = partner_status(config)
        if json:
            print_json([status_json(one) for one in partners])
        else:
            sys.stdout.write(show_status(partners))
    elif row is not None:
        answers = explain(config, row)
        if json:
            print_json([explained_json(one) for one in answers])
        else:
            sys.stdout.write(show_explained(answers))
    else:
        found = check_setup(config)
        if json:
            print_json([checked_json(one) for one in found])
        else:
            sys.stdout.write(show_checked(found))
        if any(one.error for one in found):
            raise typer.Exit(1)


@app.command(help=say("cli.share"))
def share(
    config: Config = Path("sync.toml"),
    partner: Annotated[str, typer.Option("--partner", metavar="P", help=say("cli.share_partner"))] = "",
    lang: Lang = None,
) -> None:
    """Prepare a partner's sheet and bring its requests to it."""
    from addin.actions.progress import bar
    from addin.errors import UsageError
    from sheets_sync.run import share_partner
    from sheets_sync.show import show_shared

    if not partner:
        raise UsageError("sync.share.whom")
    with bar() as step:
        shared = share_partner(config, partner, step=step)
    sys.stdout.write(show_shared(shared))
    if shared.report.exit_code:
        raise typer.Exit(shared.report.exit_code)
