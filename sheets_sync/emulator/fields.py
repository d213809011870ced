"""Field masks: ``sheets(properties(title),data/rowData)`` chooses from a reply, ``a,b.c`` names what an update sets."""

from __future__ import annotations

import copy
import re
from functools import lru_cache
from typing import Any, TypeAlias

Tree: TypeAlias = dict[str, "Tree"]

_TOKEN = re.compile(r"[\w*]+|[(),./]")


class BadMask(Exception):
    """The mask can't be read."""


def parse(text: str) -> Tree:
    """The mask as a tree; a leaf is an empty one.

    >>> parse("sheets(properties(sheetId,title),data.rowData),namedRanges")
    {'sheets': {'properties': {'sheetId': {}, 'title': {}}, 'data': {'rowData': {}}}, 'namedRanges': {}}
    """
    text = re.sub(r"\s", "", text)
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise BadMask(text)
    tree, at = _group(tokens, 0)
    if at != len(tokens):
        raise BadMask(text)
    return tree


def _group(tokens: list[str], at: int) -> tuple[Tree, int]:
    tree: Tree = {}
    while True:
        node = tree
        while True:
            if at >= len(tokens) or not re.fullmatch(r"[\w*]+", tokens[at]):
                raise BadMask("".join(tokens))
            name = tokens[at]
            whole = name in node and not node[name]
            node = node.setdefault(name, {})
            at += 1
            if at < len(tokens) and tokens[at] in "./":
                at += 1
                continue
            break
        if at < len(tokens) and tokens[at] == "(":
            inner, at = _group(tokens, at + 1)
            if at >= len(tokens) or tokens[at] != ")":
                raise BadMask("".join(tokens))
            at += 1
            if not whole:
                _merge(node, inner)
        else:
            node.clear()
        if at < len(tokens) and tokens[at] == ",":
            at += 1
            continue
        return tree, at


def _merge(into: Tree, other: Tree) -> None:
    for name, inner in other.items():
        if name in into and not into[name]:
            continue
        _merge(into.setdefault(name, {}), inner)
        if not inner:
            into[name].clear()


def chosen(value: Any, tree: Tree) -> Any:
    """What of a reply the mask keeps.

    >>> chosen({"a": [{"b": 1, "c": 2}], "d": 3}, parse("a/b"))
    {'a': [{'b': 1}]}
    """
    if not tree:
        return value
    if isinstance(value, list):
        return [chosen(item, tree) for item in value]
    if not isinstance(value, dict):
        return value
    every = tree.get("*")
    found: dict[str, Any] = {}
    for key, inner in value.items():
        mask = tree.get(key, every)
        if mask is not None:
            found[key] = chosen(inner, mask)
    return found


@lru_cache(maxsize=256)
def paths(text: str) -> tuple[tuple[str, ...], ...]:
    """Every leaf of an update's mask, in order. Read once: a batch asks for each of thousands of cells."""
    found: list[tuple[str, ...]] = []

    def walk(tree: Tree, before: tuple[str, ...]) -> None:
        for name, inner in tree.items():
            if inner:
                walk(inner, (*before, name))
            else:
                found.append((*before, name))

    walk(parse(text), ())
    return tuple(found)


def updated(old: dict[str, Any], new: dict[str, Any], mask: str) -> dict[str, Any]:
    """A copy of ``old`` with the mask's paths taken from ``new``; a path ``new`` lacks is cleared.

    >>> updated({"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"c": 9}}, "a,b.c")
    {'b': {'c': 9, 'd': 3}}
    """
    result = copy.deepcopy(old)
    for path in paths(mask):
        if path == ("*",):
            result = copy.deepcopy(new)
            continue
        source: Any = new
        for name in path:
            source = source.get(name) if isinstance(source, dict) else None
        target = result
        for name in path[:-1]:
            target = target.setdefault(name, {})
        if source is None:
            target.pop(path[-1], None)
        else:
            target[path[-1]] = copy.deepcopy(source)
        _prune(result, path[:-1])
    return result


def _prune(root: dict[str, Any], path: tuple[str, ...]) -> None:
    for depth in range(len(path), 0, -1):
        parent = root
        for name in path[: depth - 1]:
            parent = parent.get(name, {})
        if parent.get(path[depth - 1]) == {}:
            parent.pop(path[depth - 1])
