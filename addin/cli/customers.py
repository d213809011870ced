"""The command about customers: the cases worth showing, and whom to offer more."""

from __future__ import annotations

import sys

from addin.cli.options import AsOf, Book, Json, Lang, Maps, app, print_json
from addin.i18n import say


@app.command(help=say("cli.customers"))
def customers(book: Book, as_of: AsOf = None, map: Maps = [], json: Json = False, lang: Lang = None) -> None:
    """Cases worth showing by service and persona; up-selling and its candidates."""
    from addin.actions.cases import customers_of, show_customers
    from addin.actions.progress import bar

    with bar() as step:
        result = customers_of(book, as_of=as_of, maps=map, step=step)
    if json:
        print_json(result.to_json())
    else:
        sys.stdout.write(show_customers(result))
