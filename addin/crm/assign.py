"""The best one-to-one pairing of fields and columns."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

A = TypeVar("A", bound=Hashable)
B = TypeVar("B", bound=Hashable)


def best_pairs(scores: Mapping[A, Mapping[B, float]]) -> dict[A, B]:
    """The pairing with the greatest total score; what pairs with nothing is left out.

    Only positive scores may pair. The Hungarian method, run on each connected group of rows and columns.

    >>> sorted(best_pairs({"a": {1: 0.9, 2: 0.8}, "b": {1: 0.85}}).items())
    [('a', 2), ('b', 1)]
    """
    out: dict[A, B] = {}
    for rows in _components(scores):
        columns = sorted({c for r in rows for c in scores[r] if scores[r][c] > 0}, key=repr)
        if len(rows) == 1 and len(columns) == 1:
            out[rows[0]] = columns[0]
        elif columns:
            out.update(_hungarian(rows, columns, scores))
    return out


def _components(scores: Mapping[A, Mapping[B, float]]) -> list[list[A]]:
    """Rows that share a column, directly or through others."""
    groups: list[tuple[list[A], set[B]]] = []
    for row, line in scores.items():
        columns = {c for c, s in line.items() if s > 0}
        if not columns:
            continue
        touching = [g for g in groups if g[1] & columns]
        merged = ([r for g in touching for r in g[0]] + [row], columns.union(*(g[1] for g in touching)))
        groups = [g for g in groups if not g[1] & columns] + [merged]
    return [g[0] for g in groups]


def _hungarian(rows: list[A], columns: list[B], scores: Mapping[A, Mapping[B, float]]) -> dict[A, B]:
    """Shortest augmenting paths with potentials; every row may also stay alone at score 0."""
    n, m = len(rows), len(columns) + len(rows)
    cost = [[-max(scores[r].get(c, 0.0), 0.0) for c in columns] + [0.0] * n for r in rows]
    u, v, owner, way = [0.0] * (n + 1), [0.0] * (m + 1), [0] * (m + 1), [0] * (m + 1)
    for i in range(1, n + 1):
        owner[0] = i
        j0 = 0
        least = [float("inf")] * (m + 1)
        used = [False] * (m + 1)
        while True:
            used[j0] = True
            i0, delta, j1 = owner[j0], float("inf"), 0
            for j in range(1, m + 1):
                if used[j]:
                    continue
                reduced = cost[i0 - 1][j - 1] - u[i0] - v[j]
                if reduced < least[j]:
                    least[j], way[j] = reduced, j0
                if least[j] < delta:
                    delta, j1 = least[j], j
            for j in range(m + 1):
                if used[j]:
                    u[owner[j]] += delta
                    v[j] -= delta
                else:
                    least[j] -= delta
            j0 = j1
            if owner[j0] == 0:
                break
        while j0:
            owner[j0] = owner[way[j0]]
            j0 = way[j0]
    pairs = ((owner[j] - 1, j - 1) for j in range(1, len(columns) + 1) if owner[j])
    return {rows[i]: columns[j] for i, j in pairs if scores[rows[i]].get(columns[j], 0.0) > 0}
