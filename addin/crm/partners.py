"""Which partner each request belongs to: partner id, else a confirmed alias, else the name itself (and its cluster).

Only what a person confirmed merges: spellings that differ by more than width, white space or composition are
two partners until an alias says otherwise (`addin.crm.dedupe` proposes which).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.dedupe import Duplicates, Name, find_duplicates
from addin.crm.fault import Fault, PlacedFault
from addin.crm.message import msg
from addin.crm.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import polars as pl

#: Fault codes of this module.
CODES = ("ambiguous_partner",)


class UnknownPartner(NamedTuple):
    """A partner that requests name and the partners table does not: spelling, rows, the listed partner it may be."""

    name: str
    rows: int
    suggestion: str | None


class Resolution(NamedTuple):
    """Requests and partners with the text column ``partner_key``: one readable name for each partner.

    The key is the partner's name; where two partners bear it, with the cluster or id behind. Null where no partner is
    named. ``unknown`` is empty where there is no partners table to miss them in.
    """

    requests: pl.DataFrame
    partners: pl.DataFrame | None
    unknown: tuple[UnknownPartner, ...]
    faults: tuple[PlacedFault, ...]
    duplicates: tuple[Duplicates, ...]


def resolve_partners(
    requests: pl.DataFrame, partners: pl.DataFrame | None = None, aliases: Mapping[str, str] | None = None
) -> Resolution:
    """Give every request and partner row its ``partner_key``.

    ``requests`` has the text column ``partner`` (a name or a partner id) and, if a team keeps one, ``cluster``;
    ``partners`` the columns of the partners table it has. ``aliases``: spelling → master name or id, as a person
    confirmed; what they say holds for both tables. A name two partners of different clusters bear is a fault where the
    request names no cluster: its key is then the bare name, which is neither's.

    >>> import polars as pl
    >>> done = resolve_partners(
    ...     pl.DataFrame({"partner": ["P1", "주식회사 한빛", "㈜한빛 ", "새봄", None]}),
    ...     pl.DataFrame({"partner_id": ["P1"], "name": ["㈜한빛"]}),
    ... )
    >>> done.requests["partner_key"].to_list()
    ['㈜한빛', '주식회사 한빛', '㈜한빛', '새봄', None]
    >>> [(u.name, u.suggestion) for u in done.unknown], [d.master for d in done.duplicates]
    ([('주식회사 한빛', '㈜한빛'), ('새봄', None)], ['㈜한빛'])
    """
    found = _Keyed.of(requests, partners, aliases, counted=True)
    listed, spellings = found.partners, found.spellings
    if spellings is None:
        return Resolution(found.requests, listed, (), (), _proposals(listed, {}))
    rows: Counter[str] = Counter()
    for key, count in spellings.select("partner_key", "len").iter_rows():
        if key is not None:
            rows[key] += count
    duplicates = _proposals(listed, rows)
    return Resolution(
        requests=found.requests.drop("_doubtful"),
        partners=listed,
        unknown=() if listed is None else _unknown(listed, rows, spellings, duplicates),
        faults=_faults(found.requests.filter("_doubtful"), found.roster),
        duplicates=duplicates,
    )


def with_keys(
    requests: pl.DataFrame, partners: pl.DataFrame | None = None, aliases: Mapping[str, str] | None = None
) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Requests and partners with their ``partner_key`` (`resolve_partners`), nothing else looked for."""
    found = _Keyed.of(requests, partners, aliases)
    keyed = found.requests
    return keyed.drop("_doubtful") if "_doubtful" in keyed.columns else keyed, found.partners


class _Keyed(NamedTuple):
    """Requests with ``partner_key`` and ``_doubtful``; ``spellings``: a line each, None where requests name nobody.

    Where they are ``counted``, with ``len``, its rows; else ``_doubtful`` is there only where a name was looked up.
    """

    requests: pl.DataFrame
    partners: pl.DataFrame | None
    roster: _Roster
    spellings: pl.DataFrame | None

    @classmethod
    def of(
        cls,
        requests: pl.DataFrame,
        partners: pl.DataFrame | None,
        aliases: Mapping[str, str] | None,
        *,
        counted: bool = False,
    ) -> _Keyed:
        """Look every spelling up, once."""
        import polars as pl

        known = {tidy(spelling): tidy(master) for spelling, master in (aliases or {}).items()}
        listed = None if partners is None else _with_keys(partners, known)
        roster = _Roster(() if listed is None else listed.iter_rows(named=True), known)
        if "partner" not in requests.columns:
            empty = pl.lit(None, dtype=pl.String)
            return cls(requests.with_columns(partner_key=empty), listed, roster, None)
        named = ["partner", *(["cluster"] if "cluster" in requests.columns else [])]
        if counted:
            spellings = requests.group_by(named, maintain_order=True).len()
        elif len(named) > 1:
            spellings = requests.select(named).unique(maintain_order=True)
        else:
            spellings = requests["partner"].unique(maintain_order=True).to_frame()
        found = [roster.find(row["partner"], row.get("cluster")) for row in spellings.iter_rows(named=True)]
        each = found == [(spelling, False) for spelling in spellings["partner"]]  # each is its own key
        if each and not counted:
            return cls(requests.hstack([requests["partner"].alias("partner_key")]), listed, roster, spellings)
        keyed = spellings.with_columns(
            partner_key=pl.Series([key for key, _ in found], dtype=pl.String),
            _doubtful=pl.Series([doubtful for _, doubtful in found], dtype=pl.Boolean),
        )
        if each:
            same = requests.with_columns(partner_key="partner", _doubtful=False)
            return cls(same, listed, roster, keyed)
        joined = requests.join(
            keyed.drop("len", strict=False), on=named, how="left", nulls_equal=True, maintain_order="left"
        )
        return cls(joined, listed, roster, keyed)


class _Roster:
    """The listed partners' keys, found by id, alias or name; a name nobody lists is its own key."""

    def __init__(self, rows: Iterable[Mapping[str, str | None]], aliases: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._ids: dict[str, str] = {}
        self._names: dict[str, dict[str, str | None]] = defaultdict(dict)  # name → key → cluster
        for row in rows:
            key = row["partner_key"]
            if not key:
                continue
            if row.get("partner_id"):
                self._ids.setdefault(tidy(row["partner_id"] or ""), key)
            there = self._names[_master(row.get("name") or "", aliases)]
            there[key] = there.get(key) or row.get("cluster")

    def find(self, text: str | None, cluster: str | None) -> tuple[str | None, bool]:
        """(key, doubtful) of what a request's partner cell holds."""
        spelling = tidy(text or "")
        if not spelling:
            return None, False
        name = spelling if spelling in self._ids else _master(spelling, self._aliases)
        if name in self._ids:
            return self._ids[name], False
        bearers = self.bearers(name)
        here = [key for key in bearers if bearers[key] == cluster] if cluster is not None else list(bearers)
        if len(here) == 1:
            return here[0], False
        return name, len(bearers) > 1

    def bearers(self, text: str) -> dict[str, str | None]:
        """Every listed partner of this name: key → cluster."""
        return self._names.get(_master(text, self._aliases), {})


def _master(text: str, aliases: Mapping[str, str]) -> str:
    """The spelling an alias leads to, however many there are on the way; a circle stops where it closes."""
    name, seen = tidy(text), set[str]()
    while name in aliases and name not in seen:
        seen.add(name)
        name = aliases[name]
    return name


def circle(spelling: str, aliases: Mapping[str, str]) -> tuple[str, ...]:
    """The spellings an alias goes through until it is back at itself: such answers merge nothing; () where it isn't.

    >>> circle("한빛", {"한빛": "한빛전기", "한빛전기": "한빛", "새봄": "한빛"})
    ('한빛', '한빛전기')
    >>> circle("새봄", {"한빛": "한빛전기", "한빛전기": "한빛", "새봄": "한빛"})
    ()
    """
    known = {tidy(one): tidy(master) for one, master in aliases.items() if tidy(one) != tidy(master)}
    way = [tidy(spelling)]
    while (name := known.get(way[-1])) is not None and name not in way:
        way.append(name)
    return tuple(way) if name == way[0] else ()


def _with_keys(partners: pl.DataFrame, aliases: Mapping[str, str]) -> pl.DataFrame:
    """Partners with ``partner_key``: the name, told apart by cluster, else id, where different partners share it."""
    import polars as pl

    rows = list(partners.iter_rows(named=True))
    by_id = {tidy(row["partner_id"]): row for row in rows if row.get("partner_id")}
    told: list[tuple[str, str | None, str | None]] = []
    for row in rows:
        name = _master(row.get("name") or row.get("partner_id") or "", aliases)
        named = by_id.get(name) if name != tidy(row.get("name") or "") else None
        if named is not None and named.get("name"):
            further = _master(named["name"], aliases)
            row, name = named, tidy(named["name"]) if further in by_id else further
        told.append((name, row.get("cluster"), row.get("partner_id")))
    told = _filled_in(_filled_in(told, 1), 2)
    bearers: dict[str, set[tuple[str | None, str | None]]] = defaultdict(set)
    for name, cluster, number in told:
        bearers[name].add((cluster, number))
    keys = []
    for name, cluster, number in told:
        alone = [other for other, _ in bearers[name]].count(cluster) == 1
        apart = (cluster if alone else number) if len(bearers[name]) > 1 else None
        keys.append((f"{name} · {apart}" if apart else name) or None)
    return partners.with_columns(partner_key=pl.Series(keys, dtype=pl.String))


def _filled_in(told: list[tuple[str, str | None, str | None]], place: int) -> list[tuple[str, str | None, str | None]]:
    """A blank cluster (1) or id (2) is the only one its namesakes have: a partner listed twice is one partner."""
    known: dict[tuple[str | None, ...], set[str]] = defaultdict(set)
    for row in told:
        if row[place] is not None:
            known[row[:place]].add(row[place] or "")
    filled = []
    for row in told:
        only = known[row[:place]]
        value = next(iter(only)) if row[place] is None and len(only) == 1 else row[place]
        filled.append((row[0], value, row[2]) if place == 1 else (row[0], row[1], value))
    return filled


def _proposals(listed: pl.DataFrame | None, rows: Mapping[str, int]) -> tuple[Duplicates, ...]:
    """Duplicates among all partners, listed or not, by key."""
    names: dict[str, Name] = {}
    for row in [] if listed is None else listed.iter_rows(named=True):
        key = row["partner_key"]
        if key and key not in names:
            told = (row.get("cluster"), row.get("phone"), row.get("business_no"))
            names[key] = Name(key, rows.get(key, 0), True, *told)
    for key, count in rows.items():
        names.setdefault(key, Name(key, count))
    return tuple(find_duplicates(list(names.values())))


def _unknown(
    listed: pl.DataFrame, rows: Mapping[str, int], keyed: pl.DataFrame, duplicates: tuple[Duplicates, ...]
) -> tuple[UnknownPartner, ...]:
    there = set(listed["partner_key"].to_list())
    doubtful = set(keyed.filter("_doubtful")["partner_key"].to_list())
    master = {name.text: one.master for one in duplicates for name in one.names if one.master in there}
    return tuple(
        UnknownPartner(key, count, master.get(key))
        for key, count in sorted(rows.items(), key=lambda item: -item[1])
        if key not in there and key not in doubtful
    )


def _faults(doubtful: pl.DataFrame, roster: _Roster) -> tuple[PlacedFault, ...]:
    faults = []
    for row in doubtful.iter_rows(named=True):
        text = row["partner"]
        bearers = ", ".join(roster.bearers(text))
        fault = Fault(
            "ambiguous_partner", text, msg("expected.partner"), msg("fault.ambiguous_partner.fix", bearers=bearers)
        )
        faults.append(PlacedFault(row.get("_sheet") or "", row.get("_row") or 0, 0, "requests", "partner", fault))
    return tuple(faults)
