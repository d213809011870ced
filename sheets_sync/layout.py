"""What a partner's sheet looks like: its tabs, its columns and who writes each. Both ports lay it out from here.

Three tabs. ``의뢰`` is the partner's: the key (hidden, protected), what head office gave when the row was appended, the
columns the partner fills in, and two that look up head office's flag and ask in ``_hq`` by the key. ``안내`` says how
to use it and holds the refresh checkbox, the time of the last sync and the KPIs. ``_hq`` is danggol's alone.

A column is found by its header's text wherever the partner moved it; a header that is gone stops that partner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from addin.crm.tables import table
from addin.i18n import say
from sheets_sync.model import KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Owner = Literal["key", "hq", "partner", "lookup"]

#: Named ranges of a partner's sheet (in a file: defined names). The Apps Script of `macros/apps_script` uses them too.
REFRESH: Final = "danggol_refresh"  # the checkbox: the partner's; never written after the sheet was laid out
REQUESTED_AT: Final = "danggol_requested_at"  # the script's stamp of a request: never written by the sync
LAST_SYNC: Final = "danggol_last_sync"  # danggol's
HQ_TAB: Final = "_hq"
#: Stands in ``_hq``!A1; anything else there means that the sheet isn't what it was.
SENTINEL: Final = "danggol/1"
#: What a request's columns are by default: what the partner is shown, and what it fills in.
GIVEN: Final = ("received_at", "customer", "phone", "service", "event_at")
FILLED: Final = ("visited_at", "completed_at", "stage", "note")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the partner's tab. ``choices``: a dropdown; what isn't in it may still be typed."""

    field: str
    header: str
    owner: Owner
    type: str = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Layout:
    """The partner's tab in order, the names of the tabs, and how many pre-keyed blank rows wait at its end."""

    columns: tuple[Column, ...]
    tab: str
    guide: str
    spare: int = 20
    lang: str = "ko"

    def of(self, *owners: Owner) -> tuple[Column, ...]:
        """The columns of these owners.

        >>> [c.header for c in layout_of().of("partner")]
        ['방문일시', '완료일', '진행상태', '비고']
        """
        return tuple(c for c in self.columns if c.owner in owners)

    def fields(self, header: Sequence[object]) -> tuple[str, ...]:
        """The field of each header cell as read, "" for a column that is none of ours.

        >>> layout_of(given=["service"], filled=["note"]).fields(["비고", "내 메모", " 번호 ", None])
        ('note', '', 'key', '')
        """
        known = {c.header.casefold(): c.field for c in self.columns}
        return tuple(known.get(str(text).strip().casefold(), "") if text else "" for text in header)


def layout_of(
    given: Sequence[str] = GIVEN,
    filled: Sequence[str] = FILLED,
    *,
    choices: Mapping[str, Sequence[str]] | None = None,
    spare: int = 20,
    lang: str = "ko",
) -> Layout:
    """The layout for these fields of a request; the names of their columns are those of `addin.crm.tables`.

    Raises `KeyError` for a field requests do not have, `ValueError` for one both sides would write.
    """
    requests = table("requests")
    assert requests is not None
    fields = {f.id: f for f in requests.fields}
    both = set(given) & set(filled)
    if both:
        raise ValueError(", ".join(sorted(both)))

    def word(id: str) -> str:
        return say(f"sync.layout.{id}", lang)

    def column(id: str, owner: Owner) -> Column:
        known = fields[id]
        return Column(id, known.ko if lang == "ko" else known.en, owner, known.type, tuple((choices or {}).get(id, ())))

    columns = (
        Column(KEY, word("key"), "key"),
        *(column(id, "hq") for id in given),
        *(column(id, "partner") for id in filled),
        Column("flag", word("flag"), "lookup"),
        Column("ask", word("ask"), "lookup"),
    )
    return Layout(columns, word("tab"), word("guide"), spare, lang)
