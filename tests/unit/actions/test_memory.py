"""What a person confirmed once is remembered; a damaged memory is set aside, not believed and not lost."""

from __future__ import annotations

from addin.actions.memory import LIMIT, Remembered, home, recall, remember

LIST = Remembered("requests", {"업체": "partner", "비고2": ""})


def test_what_was_remembered_is_recalled() -> None:
    remember({"abc": LIST})
    assert recall() == {"abc": LIST}


def test_nothing_remembered_yet_is_nothing() -> None:
    assert recall() == {}


def test_a_damaged_memory_is_set_aside() -> None:
    remember({"abc": LIST})
    (home() / "mappings.json").write_text("{not json", "utf-8")
    assert recall() == {}
    assert (home() / "mappings.damaged.json").read_text("utf-8") == "{not json"


def test_the_oldest_is_forgotten_first() -> None:
    remember({f"{i:04d}": LIST for i in range(LIMIT)})
    remember({"new": LIST})
    kept = recall()
    assert len(kept) == LIMIT
    assert "0000" not in kept
    assert "new" in kept
