"""Names that may be one partner written several ways: proposed in groups with the reason, never merged here.

㈜한빛 = 주식회사 한빛, but 강남점 ≠ 서초점, 1단지 ≠ 2단지, A동 ≠ B동: branches and numbers must agree, come what may.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from addin.crm.message import Message, msg
from addin.crm.text import tidy

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

#: Why two names are proposed as one; surest first. Ids ``dedupe.reason.<name>``.
REASONS = ("business_no", "spacing", "form", "phone", "descriptor", "typo")

_FORM = r"주식회사|유한책임회사|유한회사|합자회사|합명회사|사단법인|재단법인|의료법인|농업회사법인"
_KOREAN_FORM = re.compile(rf"\([주유합사재의]\)|^[주유]\)|\([주유]$|^\s*(?:{_FORM})|(?:{_FORM})\s*$")
_ENGLISH_FORM = frozenset(
    ("co", "ltd", "inc", "corp", "corporation", "incorporated", "company", "limited", "llc", "llp", "plc", "gmbh")
)
_DESCRIPTOR = re.compile(
    r"(?<=..)(?:관리사무소|관리사무실|관리소|관리실|생활지원센터|입주자대표회의|공인중개사사무소|공인중개사무소|공인중개사|중개사무소)$"
)
_WORD = re.compile(r"[^\W_]+")
_BRANCH = re.compile(r"(?:점|단지|동|호|관|층|차|센터|지사|캠퍼스|영업소|사업소|공장)$")
_ALONE = re.compile(r"(?<![a-z])(?:[a-z]|[ivx]+)(?![a-z])")
_NUMBER = re.compile(r"\d+|제[일이삼사오육칠팔구십]")
#: Letters people mix up by ear: one spelling of each.
_BY_EAR = str.maketrans(dict(zip("ᅢᅤᅰᅫᄁᄄᄈᄊᄍᆩᆻ", "ᅦᅨᅬᅬᄀᄃᄇᄉᄌᆨᆺ", strict=True)))
_SHORTEST_KO, _SHORTEST_EN = 6, 5  # jamo, letters: shorter names differ by one letter without being a slip
_FEW = 3  # so many rows may be slips of a rare name


class Name(NamedTuple):
    """One spelling of a partner's name, and what else is known of it. ``rows``: how often it is written.

    ``listed``: it stands in the partners table.
    """

    text: str
    rows: int = 1
    listed: bool = False
    cluster: str | None = None
    phone: str | None = None
    business_no: str | None = None


class Duplicates(NamedTuple):
    """Names proposed as one partner; ``master`` is the spelling suggested for all of them."""

    names: tuple[Name, ...]
    master: str
    reasons: tuple[Message, ...]


class _Key(NamedTuple):
    """A name taken apart: its core, the legal form, the core without a word for its kind, and what must agree."""

    core: str
    form: str
    plain: str
    marks: tuple[str, ...]


@lru_cache(maxsize=65536)
def _key(text: str) -> _Key:
    name = unicodedata.normalize("NFKC", tidy(text)).casefold()
    forms = _KOREAN_FORM.findall(name)
    words = _WORD.findall(_KOREAN_FORM.sub(" ", name) if forms else name)
    while len(words) > 1 and words[-1] in _ENGLISH_FORM:
        forms.append(words.pop())
    core = "".join(words) or name
    plain = _DESCRIPTOR.sub("", core)
    return _Key(core, "".join(forms).strip(), plain, _marks(plain))


def _marks(core: str) -> tuple[str, ...]:
    """Branches and numbers: digits, letters standing alone, and the two syllables before 점, 단지, 동 …"""
    found = _NUMBER.findall(core) + _ALONE.findall(core)
    branch = _BRANCH.search(core)
    if branch:
        found.append(core[max(branch.start() - 2, 0) :])
    return tuple(found)


def name_parts(text: str) -> tuple[str, str, tuple[str, ...]]:
    """A name's core, the core without a word for its kind, and what must agree: branches and numbers.

    The core is the name without legal form, spaces, marks, width and case.

    >>> len({name_parts(t)[0] for t in ("㈜한빛", "주식회사 한빛", "한빛(주)", " 한 빛 ", "Ｈanbit LLC")})
    2
    >>> name_parts("㈜한빛 1단지 관리사무소")
    ('한빛1단지관리사무소', '한빛1단지', ('1', '빛1단지'))
    """
    key = _key(text)
    return key.core, key.plain, key.marks


def bare_name(text: str) -> str:
    """A partner's name for reading, without its legal form; spaces and case as written.

    >>> bare_name(" ㈜한빛  인테리어"), bare_name("Hanbit Co., Ltd."), bare_name("주식회사 한빛"), bare_name("(주)")
    ('한빛 인테리어', 'Hanbit', '한빛', '(주)')
    """
    whole = tidy(text)
    name = _KOREAN_FORM.sub(" ", whole.replace("㈜", "(주)").replace("㈔", "(사)").replace("㈐", "(재)"))
    words = name.replace(",", " ").split() if name.isascii() else name.split()
    while len(words) > 1 and words[-1].strip(".").casefold() in _ENGLISH_FORM:
        words.pop()
    return " ".join(words) or whole


def find_duplicates(names: Sequence[Name]) -> list[Duplicates]:
    """Groups of names that may be one partner, the most written first. Each name stands in one group at most.

    Spelled alike but for the legal form, spaces or a word for its kind (관리사무소); one letter wrong; or the same
    phone or 사업자번호. Two names of different clusters are two partners.

    >>> [g] = find_duplicates([Name("㈜한빛", 5), Name("주식회사 한빛", 2), Name("한빛 강남점"), Name("한빛 서초점")])
    >>> [n.text for n in g.names], g.master, [r.id for r in g.reasons]
    (['㈜한빛', '주식회사 한빛'], '㈜한빛', ['dedupe.reason.form'])
    """
    keys = [_key(name.text) for name in names]
    everyone = range(len(names))
    groups = _Groups(len(names))
    for i, j in _alike(everyone, [key.core for key in keys]):
        groups.join(i, j, "spacing" if keys[i].form == keys[j].form else "form")
    for i, j in _alike(everyone, [key.plain for key in keys]):
        groups.join(i, j, "descriptor")
    for reason, values in (("phone", [n.phone for n in names]), ("business_no", [n.business_no for n in names])):
        told = [i for i in everyone if values[i]]
        for i, j in _alike(told, [(value, key.marks) for value, key in zip(values, keys, strict=True)]):
            groups.join(i, j, reason)
    _join_slips(names, keys, groups)
    found = [one for members in groups.groups() for one in _by_cluster(names, members, groups)]
    return sorted(found, key=lambda one: -sum(name.rows for name in one.names))


def _alike(members: Iterable[int], keys: Sequence[object]) -> Iterator[tuple[int, int]]:
    """The first member with a key and each later one with the same."""
    first: dict[object, int] = {}
    for i in members:
        there = first.setdefault(keys[i], i)
        if there != i:
            yield there, i


def _join_slips(names: Sequence[Name], keys: Sequence[_Key], groups: _Groups) -> None:
    """A spelling one letter off joins the one it is a slip of; slips of slips are not followed.

    A slip is rare beside what was meant: two spellings both written often are two partners.
    """
    rows = [0] * len(names)
    for i, name in enumerate(names):
        rows[groups.root(i)] += name.rows
    pairs = {(groups.root(i), groups.root(j)) for i, j in _slips(keys)}
    meant: set[int] = set()
    slipped: set[int] = set()
    for pair in sorted(pairs, key=lambda pair: (-max(rows[i] for i in pair), pair)):
        anchor, slip = sorted(pair, key=lambda i: (-names[i].listed, -rows[i], i))
        rare = rows[slip] <= max(_FEW, rows[anchor] // 5)
        if anchor != slip and rare and anchor not in slipped and slip not in slipped and slip not in meant:
            meant.add(anchor)
            slipped.add(slip)
            groups.join(anchor, slip, "typo")


def _slips(keys: Sequence[_Key]) -> Iterator[tuple[int, int]]:
    """Pairs one letter apart, by jamo: one wrong, missing, too many, or two swapped. Marks and the first letter agree.

    Two such names become the same by taking one letter out of each, so names meet at their shortened spellings
    and nobody is compared with everybody.
    """
    alike: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for i, key in enumerate(keys):
        letters = unicodedata.normalize("NFD", key.plain).translate(_BY_EAR)
        if len(letters) >= (_SHORTEST_EN if key.plain.isascii() else _SHORTEST_KO):
            first = alike[(letters[0], *key.marks)].setdefault(letters, i)
            if first != i:
                yield first, i
    for spellings in alike.values():
        if len(spellings) > 1:
            yield from _one_apart(spellings)


def _one_apart(spellings: dict[str, int]) -> Iterator[tuple[int, int]]:
    from rapidfuzz.distance import OSA

    met: dict[str, list[str]] = defaultdict(list)
    for letters in spellings:
        for shortened in {letters, *(letters[:i] + letters[i + 1 :] for i in range(1, len(letters)))}:
            met[shortened].append(letters)
    for there in met.values():
        for i, one in enumerate(there):
            for other in there[i + 1 :]:
                if OSA.distance(one, other, score_cutoff=1) <= 1:
                    yield spellings[one], spellings[other]


class _Groups:
    """Who belongs together (union–find); ``reasons`` by the first member of each group."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))
        self.reasons: dict[int, list[tuple[int, int, str]]] = defaultdict(list)

    def join(self, i: int, j: int, reason: str) -> None:
        """Two are one; a reason is kept only if it tells something new."""
        a, b = self.root(i), self.root(j)
        if a != b:
            first, last = min(a, b), max(a, b)
            self._parent[last] = first
            self.reasons[first] += [*self.reasons.pop(last, []), (i, j, reason)]

    def groups(self) -> list[list[int]]:
        """Those with company."""
        found: dict[int, list[int]] = defaultdict(list)
        for i in range(len(self._parent)):
            found[self.root(i)].append(i)
        return [members for members in found.values() if len(members) > 1]

    def root(self, i: int) -> int:
        """The first member of its group."""
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i


def _by_cluster(names: Sequence[Name], members: list[int], groups: _Groups) -> Iterator[Duplicates]:
    """A group, cut by cluster where it spans several; whose cluster nobody knows then belongs to none of them."""
    clusters = sorted({cluster for i in members if (cluster := names[i].cluster) is not None})
    if len(clusters) < 2:
        yield _proposal(names, members, groups.reasons[members[0]])
        return
    for cluster in clusters:
        yield from find_duplicates([names[i] for i in members if names[i].cluster == cluster])


def _proposal(names: Sequence[Name], members: list[int], links: Sequence[tuple[int, int, str]]) -> Duplicates:
    master = max(members, key=lambda i: (names[i].listed, names[i].rows, -i))
    reasons: dict[str, Message] = {}
    for i, j, reason in links:
        told = names[i].phone if reason == "phone" else names[i].business_no
        reasons.setdefault(
            reason, msg(f"dedupe.reason.{reason}", one=names[i].text, other=names[j].text, value=told or "")
        )
    return Duplicates(
        tuple(names[i] for i in members),
        names[master].text,
        tuple(reasons[reason] for reason in REASONS if reason in reasons),
    )
