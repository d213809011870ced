"""``--map`` as people type it: ``FIELD=HEADER``, ``TABLE.FIELD=SHEET!HEADER``, ``FIELD=`` to unmap."""

from __future__ import annotations

import difflib

from addin.crm import tables
from addin.crm.corrections import MapArgument
from addin.errors import UsageError


def parse_map(text: str) -> MapArgument:
    """One ``--map`` value. A field may be called by its id, another name of it, or its Korean or English label.

    Raises `UsageError` for a field or table there is not, with the nearest name.

    >>> parse_map("partner=업체명")
    MapArgument(field='partner', header='업체명', table='', sheet='')
    >>> parse_map("requests.won=10월!처리 › 수주일")
    MapArgument(field='won_at', header='처리 › 수주일', table='requests', sheet='10월')
    >>> parse_map("note=").header
    ''
    """
    left, equals, right = (part.strip() for part in text.partition("="))
    if not equals or not left:
        raise UsageError("map.bad_form", value=text)
    table_text, dot, field_text = left.rpartition(".")
    table = _table(table_text) if dot else None
    field = _field(field_text, table)
    sheet, bang, header = right.rpartition("!")
    if bang and not sheet:
        raise UsageError("map.bad_form", value=text)
    return MapArgument(field, header.strip(), table.id if table else "", _unquoted(sheet.strip()))


def _unquoted(sheet: str) -> str:
    return sheet[1:-1].replace("''", "'") if len(sheet) > 1 and sheet[0] == sheet[-1] == "'" else sheet


def _table(text: str) -> tables.Table:
    found = tables.table(text)
    if found is None:
        raise UsageError("map.unknown_table", value=text, tables=", ".join(t.id for t in tables.TABLES))
    return found


def _field(text: str, table: tables.Table | None) -> str:
    within = (table,) if table else tables.TABLES
    found = tables.fields_named(text, within)
    if found:
        return found[0][1].id
    ids = list(dict.fromkeys(f.id for t in within for f in t.fields))
    names = ids + [name for t in within for f in t.fields for name in (f.ko, f.en)]
    near = difflib.get_close_matches(text.strip().casefold(), names, n=1, cutoff=0.6)
    if near:
        meant = tables.fields_named(near[0], within)[0][1].id
        raise UsageError("map.unknown_field", value=text, near=meant)
    raise UsageError("map.unknown_field_list", value=text, fields=", ".join(ids))
