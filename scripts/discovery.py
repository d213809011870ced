"""Reduce Google's discovery documents to what the emulator needs: `python scripts/discovery.py WHEEL`.

WHEEL is google-api-python-client's wheel (Apache License 2.0), which carries the documents. Kept: the methods the
emulator serves or refuses by name, their parameters, and every schema reachable from them. Dropped: descriptions.
"""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

OUT = Path(__file__).parent.parent / "sheets_sync" / "emulator" / "documents"
KEPT = {
    "sheets.v4": ("spreadsheets",),
    "drive.v3": ("about", "files", "permissions", "comments", "replies"),
}
WORDS = {"enumDescriptions", "enumDeprecated", "scopes", "annotations", "flatPath", "parameterOrder", "deprecated"}


def bare(node: Any, *, names: bool = False) -> Any:
    """Without words for people; ``names``: the keys here are names of fields, not of the document's grammar."""
    if isinstance(node, dict):
        return {
            key: bare(value, names=not names and key in {"properties", "parameters", "schemas", "methods", "resources"})
            for key, value in node.items()
            if names or (key not in WORDS and key != "description")
        }
    return [bare(item) for item in node] if isinstance(node, list) else node


def references(node: Any) -> set[str]:
    """Every schema named in here."""
    if isinstance(node, dict):
        own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*(references(value) for value in node.values()))
    return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()


def reduced(document: dict[str, Any], resources: tuple[str, ...]) -> dict[str, Any]:
    """The document with these resources and what they reach."""
    kept = {name: bare(document["resources"][name]) for name in resources}
    reached: set[str] = set()
    found = references(kept)
    while found - reached:
        reached |= found
        found = set().union(*(references(document["schemas"][name]) for name in reached))
    return {
        "id": document["id"],
        "revision": document["revision"],
        "license": "Apache-2.0; from google-api-python-client, (c) Google LLC; reduced: words for people left out",
        "parameters": bare(document["parameters"], names=True),
        "resources": kept,
        "schemas": {name: bare(document["schemas"][name]) for name in sorted(reached)},
    }


def main() -> None:
    """Read the wheel, write the reduced documents."""
    with zipfile.ZipFile(sys.argv[1]) as wheel:
        for name, resources in KEPT.items():
            document = json.loads(wheel.read(f"googleapiclient/discovery_cache/documents/{name}.json"))
            out = OUT / f"{name}.json"
            out.write_text(json.dumps(reduced(document, resources), separators=(",", ":"), sort_keys=True) + "\n")
            print(out.name, out.stat().st_size)


if __name__ == "__main__":
    main()
