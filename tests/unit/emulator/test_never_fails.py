"""Whatever is asked in Google's grammar is done, refused or not implemented: the emulator itself never breaks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sheets_sync.emulator import discovery, start
from sheets_sync.emulator.batch import REQUESTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sheets_sync.emulator.server import Server

SCHEMAS = discovery.document("sheets")["schemas"]
TEXTS = [
    "",
    "x",
    "가",
    "=A1+B2",
    "=ARRAYFORMULA(A1:A*2)",
    "2026-09-14",
    "1,000",
    "*",
    "note",
    "userEnteredValue",
    "title",
]
FIELDS = ["*", "", "note", "title", "userEnteredFormat", "userEnteredValue,note", "gridProperties.rowCount", "a("]


def example(schema: dict[str, Any], name: str, draw: Any, depth: int) -> Any:
    """Something the schema allows; sizes stay small."""
    if "$ref" in schema:
        schema = SCHEMAS[schema["$ref"]]
    kind = schema["type"]
    if kind == "object":
        properties = schema.get("properties", {})
        wanted = draw(st.sets(st.sampled_from(sorted(properties)), max_size=4)) if properties and depth < 6 else set()
        wanted |= {"range", "fields"} & set(properties)
        return {key: example(properties[key], key, draw, depth + 1) for key in sorted(wanted)}
    if kind == "array":
        return [example(schema["items"], name, draw, depth + 1) for _ in range(draw(st.integers(0, 2)))]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    if kind == "boolean":
        return draw(st.booleans())
    if kind == "integer":
        return 0 if name in {"sheetId", "sourceSheetId"} else draw(st.integers(-1, 6))
    if kind == "number":
        return draw(st.sampled_from([0, 1, 0.5, -3]))
    return draw(st.sampled_from(FIELDS if name == "fields" else TEXTS))


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with start() as running:
        yield running


def asked(server: Server, verb: str, path: str, body: Any) -> tuple[int, Any]:
    reply = server.handle(verb, path, {"authorization": "Bearer x"}, json.dumps(body).encode() if body else b"")
    assert reply is not None
    return reply.status, reply.content


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.data_too_large])
@given(st.data())
def test_batch_requests(server: Server, data: st.DataObject) -> None:
    ref = server.create("무엇이든")
    base = f"/v4/spreadsheets/{ref}"
    server.store.books[ref].sheets[0].resize(6, 5)
    rows = [["a", 1, "=A1"], ["b", "=B1+1", True], ["", "2026-09-14"]]
    asked(server, "PUT", base + "/values/A1?valueInputOption=USER_ENTERED", {"values": rows})
    for _ in range(data.draw(st.integers(1, 4))):
        kind = data.draw(st.sampled_from(sorted(REQUESTS)))
        request = {kind: example(SCHEMAS["Request"]["properties"][kind], kind, data.draw, 0)}
        before = asked(server, "GET", base + "?includeGridData=true", None)
        status, content = asked(server, "POST", base + ":batchUpdate", {"requests": [request]})
        assert status in {200, 400, 501}, (request, content)
        after = asked(server, "GET", base + "?includeGridData=true", None)
        assert after[0] == 200, (request, after[1])
        if status != 200:
            assert after == before, request
    assert asked(server, "GET", base + "/values/A1:C9?valueRenderOption=FORMULA", None)[0] in {200, 400}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["RAW", "USER_ENTERED"]))
def test_any_range_and_any_text(server: Server, range_: str, text: str, option: str) -> None:
    from urllib.parse import quote

    ref = server.create("글")
    path = f"/v4/spreadsheets/{ref}/values/"
    body = {"values": [[text, "=" + text]]}
    assert asked(server, "PUT", path + f"A1?valueInputOption={option}", body)[0] == 200
    assert asked(server, "GET", path + "A1:B1", None)[0] == 200
    assert asked(server, "GET", path + quote(range_, safe=""), None)[0] in {200, 400, 404}
    assert asked(server, "POST", path + f"A1:append?valueInputOption={option}", body)[0] == 200
