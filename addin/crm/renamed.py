"""A header renamed on one of many monthly tabs: the others still have the field, this tab would be read without it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from addin.crm import tables
from addin.crm.fit import fit
from addin.crm.grid import cell_address
from addin.crm.mapping import Question, Region
from addin.crm.message import msg
from addin.crm.words import header_key

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from addin.crm.matching import Columns

_LEAST = 3  # values a column must hold to be asked about
_ALIKE = 0.5  # share of common headers that makes two lists the same form


class Form(NamedTuple):
    """Lists with the same headers: one of them, how their columns look, what is read, what nobody reads.

    ``fields``: field id → header. ``free``: headers that are no field, and of which nobody said anything.
    """

    region: Region
    columns: Columns
    fields: Mapping[str, str]
    free: Collection[str]
    rows: int


def ask_renamed(table: str, forms: Sequence[Form]) -> list[Question]:
    """A question for each unread column that stands where other lists of the table have the field this one lacks.

    The place is the same where both neighbours are, or one neighbour and the column; the values must fit the field.
    """
    own = tables.table(table)
    out: list[Question] = []
    for form in forms:
        have, once = set(form.fields), dict[str, str]()  # once: header → what it is called elsewhere
        found = True
        while found and own and form.rows:
            found = False
            for field in own.fields:
                place = None if field.id in have else _find(field, form, forms, once)
                if place is not None:
                    header, was, there = place
                    once[header], found = was, True
                    have.add(field.id)
                    out.append(_question(table, form, header, field.id, was, there))
    return out


def _find(
    field: tables.Field, form: Form, forms: Sequence[Form], once: Mapping[str, str]
) -> tuple[str, str, str] | None:
    """(header, what the field is called elsewhere, where) of the column that is this field under another name."""
    for other in sorted(forms, key=lambda f: -f.rows):
        was = other.fields.get(field.id)
        if was is None or not other.rows or not _alike(form, other):
            continue
        for header in form.free:
            look = form.columns.looks[header]
            fits = header not in once and look.filled >= _LEAST and fit(field, look)
            if fits and _same_place(form, header, other, was, once):
                return header, was, other.region.sheet
    return None


def _alike(form: Form, other: Form) -> bool:
    mine, theirs = _keys(form), _keys(other)
    return len(set(mine) & set(theirs)) >= _ALIKE * min(len(mine), len(theirs))


def _keys(form: Form, once: Mapping[str, str] | None = None) -> list[str]:
    texts = [(once or {}).get(h.text, h.text) for h in form.region.headers]
    return [header_key(text) or text for text in texts]


def _same_place(form: Form, header: str, other: Form, was: str, once: Mapping[str, str]) -> bool:
    """Whether a header stands where another list has ``was``; a header that list has too is no new name."""
    mine, theirs = _keys(form, once), _keys(other)
    at = next(i for i, h in enumerate(form.region.headers) if h.text == header)
    there = next((i for i, h in enumerate(other.region.headers) if h.text == was), None)
    if there is None or mine[at] in theirs or theirs[there] in mine:
        return False
    left = at > 0 and there > 0 and mine[at - 1] == theirs[there - 1]
    right = at + 1 < len(mine) and there + 1 < len(theirs) and mine[at + 1] == theirs[there + 1]
    first, last = at == there == 0, at + 1 == len(mine) and there + 1 == len(theirs)
    column = form.region.headers[at].column == other.region.headers[there].column
    return (left or right) and (column or ((left or first) and (right or last)))


def _question(table: str, form: Form, header: str, field: str, was: str, there: str) -> Question:
    column = next(h.column for h in form.region.headers if h.text == header)
    cell = cell_address(form.region.header_last, column)
    return Question(
        sheet=form.region.sheet,
        header=header,
        candidates=(field,),
        reason=msg("map.question.renamed", cell=cell, header=header, was=was, sheet=there),
        table=table,
        examples=form.columns.examples[header],
        header_row=form.region.header_last,
    )
