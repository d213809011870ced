"""``frozen`` and ``define``: slotted dataclasses that are made ten times as fast.

A command begins by making some two hundred classes, and `dataclasses` compiles up to seven methods of each from source:
a quarter of a second before anything is done. Here only ``__init__`` is compiled, and only when the first object is
made; the other methods are the same few functions for every class. For `dataclasses.replace`, ``fields``, ``asdict``
and ``match`` such a class is a dataclass like any other. The two names are those `attrs` gave them.

>>> @frozen
... class Spot:
...     "A cell."
...     sheet: str
...     row: int = 1
>>> Spot("접수"), Spot("접수") == Spot("접수", row=1), Spot("접수", 2) in {Spot("접수")}
(Spot(sheet='접수', row=1), True, False)
"""

from __future__ import annotations

from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from dataclasses import Field

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """A class whose objects never change: ``@dataclass(frozen=True, slots=True)``. They can be looked up by value."""
    made, every = _made(cls, by="_set_{0}(self, {1})")
    names = [one.name for one in every]
    values = _values([one.name for one in every if one.compare])

    def hashed(self: Any) -> int:
        return hash(values(self))

    def no_setting(self: Any, name: str, value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def no_deleting(self: Any, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")

    def state(self: Any) -> list[object]:
        return [getattr(self, name) for name in names]

    def set_state(self: Any, state: list[object]) -> None:
        for name, value in zip(names, state, strict=True):
            object.__setattr__(self, name, value)

    _give(made, cls, __hash__=hashed, __setattr__=no_setting, __delattr__=no_deleting)
    _give(made, cls, __getstate__=state, __setstate__=set_state)
    return made


@dataclass_transform(field_specifiers=(field,))
def define(cls: type[T]) -> type[T]:
    """A class whose objects may change: ``@dataclass(slots=True)``. They are equal by value and have no hash."""
    made, _ = _made(cls, by="self.{0} = {1}")
    made.__hash__ = None  # type: ignore[assignment]
    return made


def _made(cls: type[T], by: str) -> tuple[type[T], tuple[Field[Any], ...]]:
    """The dataclass and its fields; ``by`` is the line that sets field {0} of an object to {1}."""
    made = dataclass(init=False, repr=False, eq=False, slots=True)(cls)
    every = fields(made)  # type: ignore[arg-type]
    values = _values([one.name for one in every if one.compare])
    shown = [one.name for one in every if one.repr]

    def first(self: Any, *args: Any, **kwargs: Any) -> None:
        init = _init(made, every, by)
        _give(made, cls, __init__=init)
        init(self, *args, **kwargs)

    def same(self: Any, other: object) -> bool:
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    @recursive_repr()
    def told(self: Any) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in shown)})"

    _give(made, cls, __init__=first, __eq__=same, __repr__=told)
    return made, every


def _give(made: type, cls: type, **methods: Callable[..., Any]) -> None:
    """The methods its author did not write."""
    for name, method in methods.items():
        if name not in cls.__dict__:
            setattr(made, name, method)


def _values(names: Sequence[str]) -> Callable[[object], tuple[object, ...]]:
    if len(names) > 1:
        return attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _init(cls: type, every: Sequence[Field[Any]], by: str) -> Callable[..., None]:
    known: dict[str, Any] = {"MISSING": MISSING}
    heads, lines = ["self"], list[str]()
    for one in every:
        name = value = one.name
        if not one.init:
            continue
        known[f"_set_{name}"] = getattr(cls, name).__set__
        if one.default is not MISSING:
            known[f"_or_{name}"] = one.default
            heads.append(f"{name}=_or_{name}")
        elif one.default_factory is not MISSING:
            known[f"_or_{name}"] = one.default_factory
            heads.append(f"{name}=MISSING")
            value = f"_or_{name}() if {name} is MISSING else {name}"
        else:
            heads.append(name)
        lines.append(by.format(name, value))
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(heads)}):\n " + "\n ".join([*lines, "pass"]), known)  # noqa: S102  # our own fields
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made
