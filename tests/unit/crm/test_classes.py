"""Our dataclasses do what the standard library's do; only making them is cheaper."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError, asdict, dataclass, field, fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from addin.crm.classes import define, frozen


class _Cell:
    """Ours and the standard library's, from one body."""

    sheet: str
    row: int = 1
    notes: list[str] = field(default_factory=list)
    secret: str = field(default="", repr=False, compare=False)

    @property
    def name(self) -> str:
        return f"{self.sheet}!{self.row}"


@frozen
class Spot:
    """At module level, to be pickled."""

    sheet: str
    row: int = 1


@frozen
class Named(Spot):
    """With one more."""

    label: str = ""


@frozen
class One:
    """One field."""

    value: float


@frozen
class Nothing:
    """No field at all."""


def _twins(ours: Any, theirs: Any) -> tuple[Any, Any]:
    def body() -> type:
        return type("Cell", (), {k: v for k, v in vars(_Cell).items() if k not in ("__dict__", "__weakref__")})

    return ours(body()), theirs(body())


TWINS = [_twins(frozen, dataclass(frozen=True, slots=True)), _twins(define, dataclass(slots=True))]
_ARGUMENTS = st.tuples(st.sampled_from("가나"), st.integers(0, 2), st.lists(st.sampled_from("xy"), max_size=2))


@pytest.mark.parametrize(("ours", "theirs"), TWINS)
@given(_ARGUMENTS, _ARGUMENTS)
def test_objects_are_made_told_and_compared_as_those_of_a_dataclass(ours: Any, theirs: Any, one: Any, two: Any) -> None:
    a, b = ours(*one, secret="p"), theirs(*one, secret="p")
    assert repr(a) == repr(b).replace(type(b).__qualname__, type(a).__qualname__)
    assert (a == ours(*two)) == (b == theirs(*two)) == (one == two)
    assert asdict(a) == asdict(b)
    assert a.name == b.name
    assert a != b
    assert a != one


@pytest.mark.parametrize(("ours", "theirs"), TWINS)
def test_fields_names_and_slots_are_those_of_a_dataclass(ours: Any, theirs: Any) -> None:
    assert [one.name for one in fields(ours)] == [one.name for one in fields(theirs)]
    assert ours.__match_args__ == theirs.__match_args__
    assert ours.__slots__ == theirs.__slots__
    assert is_dataclass(ours("가"))
    assert not hasattr(ours("가"), "__dict__")
    assert replace(ours("가"), row=7) == ours("가", 7)
    assert ours("가").notes is not ours("가").notes


@pytest.mark.parametrize(("ours", "theirs"), TWINS)
@pytest.mark.parametrize(("args", "kwargs"), [((), {}), (("가",), {"colour": 1}), (("가",), {"sheet": "나"})])
def test_a_wrong_call_is_refused_in_the_same_words(
    ours: Any, theirs: Any, args: tuple[str, ...], kwargs: dict[str, Any]
) -> None:
    said = []
    for cls in (ours, theirs):
        with pytest.raises(TypeError) as error:
            cls(*args, **kwargs)
        said.append(str(error.value))
    assert said[0] == said[1]


def test_a_frozen_object_does_not_change() -> None:
    spot = Spot("접수")
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'row'"):
        spot.row = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'row'"):
        del spot.row
    assert spot == Spot("접수", 1)


def test_a_frozen_object_is_found_by_its_value_and_an_open_one_is_not() -> None:
    assert {Spot("접수"): 1}[Spot("접수", 1)] == 1
    assert hash(Spot("접수", 3)) == hash(("접수", 3))
    with pytest.raises(TypeError, match="unhashable"):
        hash(TWINS[1][0]("접수"))


@pytest.mark.parametrize("again", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])
@pytest.mark.parametrize("it", [Spot("접수", 3), Named("접수", 3, "가"), One(1.5), Nothing()])
def test_a_copy_is_the_same_value(it: Any, again: Any) -> None:
    assert again(it) == it
    assert type(again(it)) is type(it)


def test_a_class_may_add_fields_to_another() -> None:
    assert repr(Named("접수", 2, "가")) == "Named(sheet='접수', row=2, label='가')"
    assert Named("접수") != Spot("접수")
    match Named("접수", 2, "가"):
        case Spot(sheet, row):
            assert (sheet, row) == ("접수", 2)


def test_one_field_is_compared_as_a_row_of_one_would_be() -> None:
    nan = float("nan")
    assert One(nan) == One(nan)
    assert One(1.0) != One(2.0)
    assert Nothing() == Nothing()
    assert hash(One(1.0)) == hash((1.0,))


def test_what_a_class_says_itself_stands() -> None:
    @frozen
    class Said:
        """Its own words."""

        text: str
        length: int = field(init=False)

        def __post_init__(self) -> None:
            object.__setattr__(self, "length", len(self.text))

        def __repr__(self) -> str:
            return f"<{self.text}>"

        def __eq__(self, other: object) -> bool:
            return isinstance(other, Said) and other.length == self.length

        def __hash__(self) -> int:
            return self.length

    assert repr(Said("가")) == "<가>"
    assert Said("가") == Said("나")
    assert hash(Said("가나")) == 2
