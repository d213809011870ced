"""Commands on a book: adopt, look, refresh, take back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from addin.cli.options import AsOf, Book, DryRun, Into, Json, Lang, Maps, app, note, print_json
from addin.errors import NeedsAnswer, UsageError
from addin.i18n import say

if TYPE_CHECKING:
    from addin.crm.message import Message


@app.command(help=say("cli.adopt"))
def adopt(
    book: Book, map: Maps = [], into: Into = None, dry_run: DryRun = False, json: Json = False, lang: Lang = None
) -> None:
    """Find the tables, map the columns, write the mapping and settings tabs."""
    from addin.actions.adopt import adopt_book
    from addin.actions.progress import bar
    from addin.actions.show import show_adopted, show_plan

    with bar() as step:
        result = adopt_book(book, maps=map, into=into, dry_run=dry_run, step=step)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_adopted(result))
    if dry_run:
        sys.stderr.write(show_plan(result.edits))
    if result.mapping.questions:
        note("adopt.questions_open", count=len(result.mapping.questions), tab=result.mapping_tab)
        raise typer.Exit(NeedsAnswer.exit_code)


@app.command(help=say("cli.rows"))
def rows(
    book: Book,
    table: Annotated[str, typer.Argument(metavar="TABLE", help=say("cli.table"))],
    where: Annotated[list[str], typer.Option("--where", metavar="COLUMN=VALUE|KPI", help=say("cli.where"))] = [],
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("cli.from"))] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help=say("cli.to"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE.csv|.parquet|.json", help=say("cli.out"))] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The clean, typed, mapped rows of one table."""
    from addin.actions.progress import bar
    from addin.actions.rows import rows_of, write_rows
    from addin.actions.show import show_rows

    with bar() as step:
        records = rows_of(book, table, where=where, start=start, end=end, as_of=as_of, maps=map, step=step)
    if out is not None:
        write_rows(records, out)
        note("rows.written", count=records.frame.height, path=str(out))
    elif json:
        from addin.crm.records import to_rows

        print_json(to_rows(records, every=True))
    else:
        sys.stdout.write(show_rows(records))


@app.command(help=say("cli.check"))
def check(book: Book, map: Maps = [], json: Json = False, lang: Lang = None) -> None:
    """Faults: sheet, cell, value, expected, fix."""
    from addin.actions.check import check_book, faults_json
    from addin.actions.progress import bar
    from addin.actions.show import show_faults

    with bar() as step:
        faults = check_book(book, maps=map, step=step)
    if json:
        print_json(faults_json(faults))
    else:
        sys.stdout.write(show_faults(faults))


@app.command(help=say("cli.funnel"))
def funnel(
    book: Book,
    steps: Annotated[list[str], typer.Option("--steps", metavar="LABEL=FIELD[=V1|V2]", help=say("cli.steps"))] = [],
    by: Annotated[str | None, typer.Option("--by", metavar="FIELD", help=say("cli.by_field"))] = None,
    as_of: AsOf = None,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """The funnel and the step that holds the whole back."""
    from addin.actions.funnel import funnel_of
    from addin.actions.progress import bar
    from addin.actions.show import show_funnel

    # A variadic option: `--steps 'a=b' 'c=d'` as well as one --steps each.
    with bar() as step:
        result = funnel_of(book, steps=steps, by=by, as_of=as_of, maps=map, step=step)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_funnel(result))


@app.command(help=say("cli.kpi"))
def kpi(
    book: Annotated[Path, typer.Argument(metavar="BOOK", help=say("cli.kpi_source"))],
    kpi: Annotated[list[str], typer.Option("--kpi", metavar="ID", help=say("cli.kpi_id"))] = [],
    by: Annotated[str | None, typer.Option("--by", metavar="partner|cluster|source|week|…", help=say("cli.by"))] = None,
    start: Annotated[str | None, typer.Option("--from", metavar="DATE", help=say("cli.from"))] = None,
    end: Annotated[str | None, typer.Option("--to", metavar="DATE", help=say("cli.to"))] = None,
    as_of: AsOf = None,
    engine: Annotated[
        str, typer.Option("--engine", metavar="polars|pandas|duckdb|spark", help=say("cli.engine"))
    ] = "polars",
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Measures and flags."""
    from addin.actions.kpi import kpis_of
    from addin.actions.progress import bar
    from addin.actions.show import show_kpis

    with bar() as step:
        result = kpis_of(book, kpis=kpi, by=by, start=start, end=end, as_of=as_of, engine=engine, maps=map, step=step)
    for one in result.unread:
        note("sources.unread", where=one.where, field=one.field, count=one.number, value=one.example)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_kpis(result))


@app.command(help=say("cli.tasks"))
def tasks(book: Book, as_of: AsOf = None, map: Maps = [], json: Json = False, lang: Lang = None) -> None:
    """What to do next."""
    from addin.actions.progress import bar
    from addin.actions.show import show_tasks
    from addin.actions.tasks import tasks_of

    with bar() as step:
        result = tasks_of(book, as_of=as_of, maps=map, step=step)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_tasks(result))


@app.command(help=say("cli.refresh"))
def refresh(
    book: Book,
    as_of: AsOf = None,
    into: Into = None,
    dry_run: DryRun = False,
    watch: Annotated[bool, typer.Option("--watch", help=say("cli.watch"))] = False,
    map: Maps = [],
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Everything computed and written in place; with --watch again each time the book was saved."""
    if watch:
        if dry_run or into is not None:
            raise UsageError("watch.alone", where="--watch", value="--dry-run" if dry_run else "--into")
        _watch(book, as_of, map, json)
        return
    from addin.actions.progress import bar
    from addin.actions.refresh import refresh_book
    from addin.actions.show import show_plan, show_refreshed

    with bar() as step:
        result = refresh_book(book, as_of=as_of, into=into, dry_run=dry_run, maps=map, step=step)
    if json:
        print_json(result.to_json())
    elif dry_run:
        sys.stdout.write(show_plan(result.edits))
    else:
        sys.stdout.write(show_refreshed(result))


def _watch(book: Path, as_of: str | None, maps: list[str], json: bool) -> None:
    """One line a refresh, until Ctrl+C, which is how it ends."""
    from addin.actions.watch import Turn, watch_book

    def told(what: Turn | Message) -> None:
        if isinstance(what, Turn):
            if json:
                print_json(what.to_json())
            else:
                sys.stdout.write(what.line() + "\n")
            sys.stdout.flush()
        else:
            sys.stderr.write(say(what) + "\n")
            sys.stderr.flush()

    note("watch.started", where=book.name)
    try:
        watch_book(book, told, as_of=as_of, maps=maps)
    except KeyboardInterrupt:
        note("watch.ended", where=book.name)


@app.command(help=say("cli.undo"))
def undo(
    book: Book,
    run: Annotated[str | None, typer.Argument(metavar="[RUN]", help=say("cli.run"))] = None,
    json: Json = False,
    lang: Lang = None,
) -> None:
    """Take a run back."""
    from addin.actions.history import undo_run
    from addin.actions.show import show_undone

    result = undo_run(book, run)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_undone(result))
    if result.edited:
        raise typer.Exit(4)


@app.command(help=say("cli.log"))
def log(book: Book, json: Json = False, lang: Lang = None) -> None:
    """What was written when."""
    from addin.actions.history import runs_of
    from addin.actions.show import show_runs

    found = runs_of(book)
    if json:
        print_json(found)
    else:
        sys.stdout.write(show_runs(found))
